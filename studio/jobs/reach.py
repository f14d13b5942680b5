"""Where a worker can write: the house of its people with their keys and its list of jobs, temporary folders, the caches of
libraries, devices, and nowhere else, for good and with all that it begins. It reads and asks servers as before."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ..errors import NoRoom
from ..files import private_folder
from ..rights import can_be_kept, confine
from ..settings import Settings
from ..vault import keys_of

MARK = "STUDIO_KEPT_TO"  # in the environment of a process that is kept to its folders: what begins anew is so already
SQLITE = "sqlite:///"
CACHES = (
    "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "TORCH_HOME", "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "CUDA_CACHE_PATH",
    "MPLCONFIGDIR", "NUMBA_CACHE_DIR", "SQLITE_TMPDIR",
)  # fmt: skip
CARD = Path("/proc/driver/nvidia")  # where there is a driver of such cards
CARD_CACHES = ("~/.nv", "~/.triton")
WAKE_S = 10.0  # at most, for the driver
ANEW = 75  # the status with which a worker ends that only its launcher can begin anew


def keep_to_folders(settings: Settings) -> bool:
    """Keeps this process to its folders from now on; False where the system has no means for it. To be called first: a process
    with threads begins anew as the same program, since the kernel binds only the thread that asks and those after it."""
    mark, former = _mark(settings), os.environ.get(MARK, "")
    if former.split(":")[0] == str(os.getpid()):
        if former != mark:
            os._exit(ANEW)  # a folder was replaced by another, which the kernel keeps closed to this process
        return True
    if not can_be_kept():
        return False
    with suppress(NoRoom):
        private_folder(keys_of(settings.house))
    with suppress(NoRoom):
        private_folder(settings.house)
    _wake_card()
    if not confine(places(settings), None, connect=True):
        return False
    os.environ[MARK] = _mark(settings)
    if len(os.listdir("/proc/self/task")) > 1:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    return True


def moved(settings: Settings) -> bool:
    """Whether another folder has taken the place of the house or its keys since this process was kept to them: it must begin anew."""
    return os.environ.get(MARK, "").split(":")[0] == str(os.getpid()) and os.environ[MARK] != _mark(settings)


def places(settings: Settings) -> Iterator[Path]:
    """Where a worker needs to write. What is a link in the house leads where a person wanted it."""
    house = settings.house
    yield from (house, keys_of(house), Path("/dev"), Path("/proc/self"), Path(tempfile.gettempdir()))
    with suppress(OSError):
        yield from [child.resolve() for child in house.iterdir() if child.is_symlink()]
    if settings.database_url.startswith(SQLITE):
        yield Path(settings.database_url.removeprefix(SQLITE)).absolute().parent
    if "TMPDIR" not in os.environ:
        yield Path("/var/tmp")  # where SQLite goes first
    caches = ["~/.cache", *(os.environ[name] for name in CACHES if os.environ.get(name))]
    for cache in (*caches, *(CARD_CACHES if CARD.exists() else ())):
        place = Path(cache).expanduser()
        with suppress(OSError):
            place.mkdir(mode=0o700, exist_ok=True)
        yield place


def _mark(settings: Settings) -> str:
    """This process, and which folders the house and its keys are."""
    found = [str(os.getpid())]
    for place in (settings.house, keys_of(settings.house)):
        with suppress(OSError):
            state = place.stat()
            found.append(f"{state.st_dev}-{state.st_ino}")
    return ":".join(found)


def _wake_card() -> None:
    """The driver's helper makes a card's devices at its first use, with an administrator's rights that a kept process cannot get."""
    if CARD.exists() and not Path("/dev/nvidia-uvm").exists():
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(["nvidia-modprobe", "-c", "0", "-u"], capture_output=True, timeout=WAKE_S, check=False)
