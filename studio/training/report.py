"""What a training did, for the person and for comparison: `report.json` beside the adapter. It names no photo."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..files import atomic_write

REPORT = "report.json"


def write_report(folder: Path, identity: Mapping[str, Any], losses: Sequence[float], seconds: float) -> Path:
    """Recipe, loss of every step, seconds of training and peak memory of the process. Raises NoRoom."""
    report = {
        "version": 1,
        "model": identity["model"],
        "revision": identity["revision"],
        "card": identity["card"],
        "recipe": identity["recipe"],
        "seed": identity["seed"],
        "steps": len(losses),
        "seconds": round(seconds, 1),
        "seconds_per_step": round(seconds / max(1, len(losses)), 3),
        "peak_memory_mb": peak_memory_mb(),
        "losses": list(losses),
    }
    return atomic_write(folder / REPORT, json.dumps(report, indent=2) + "\n")


def peak_memory_mb() -> int:
    """The most memory that this process ever held."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return psutil.Process().memory_info().peak_wset >> 20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most >> (20 if sys.platform == "darwin" else 10)
