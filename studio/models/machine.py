"""What the machine has to draw with, told without waking the drawing library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LOOK_S = 5.0  # at most, for a card that does not answer
FAST_BF16 = {"amx_bf16", "avx512_bf16", "bf16"}  # as Linux names the instructions


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it draws, the memory there, and how many bytes a number of the network takes."""

    device: str  # "cpu", "cuda", "mps"
    free_gb: float
    total_gb: float
    number_bytes: int


def this_machine() -> Machine:
    """The graphics card if there is one, else the processor and its memory, as they are now."""
    card = card_memory()
    if card and os.environ.get("STUDIO_DEVICE", "cuda") == "cuda":
        return Machine("cuda", card[0], card[1], 2)
    import psutil

    memory = psutil.virtual_memory()
    device = "mps" if _apple() else "cpu"
    return Machine(device, memory.available / 1e9, memory.total / 1e9, 2 if device == "mps" or _fast_bf16() else 4)


def card_memory() -> tuple[float, float] | None:
    """Free and total GB of the first graphics card by NVIDIA; None where there is none."""
    torch = sys.modules.get("torch")
    if torch is not None:  # it knows best, and it is awake
        if not torch.cuda.is_available():
            return None
        free, total = torch.cuda.mem_get_info()
        return free / 1e9, total / 1e9
    if not _asks_nvidia():
        return None
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        question = ["nvidia-smi", "--query-gpu=memory.free,memory.total", "--format=csv,noheader,nounits"]
        answer = subprocess.run(question, capture_output=True, text=True, timeout=LOOK_S, check=True).stdout
        free, total = (float(word) for word in answer.splitlines()[0].split(","))
        return free * 1.048576 / 1000, total * 1.048576 / 1000  # it counts in mebibytes
    return None


@cache
def _asks_nvidia() -> bool:
    return shutil.which("nvidia-smi") is not None


@cache
def _apple() -> bool:
    return sys.platform == "darwin" and os.uname().machine == "arm64"


@cache
def _fast_bf16() -> bool:
    """Whether the processor multiplies bfloat16 itself."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(("flags", "Features")):
                return bool(FAST_BF16 & set(line.split()))
    return False
