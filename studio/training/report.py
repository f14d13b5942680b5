"""What a training did, for the person and for comparison: `report.json` beside the adapter. It names no photo."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..files import atomic_write
from .moment import Moment, best

REPORT = "report.json"


def write_report(
    folder: Path,
    identity: Mapping[str, Any],
    losses: Sequence[float],
    seconds: float,
    moments: Sequence[Moment] = (),
    before: float = 0.0,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Path:
    """Recipe, loss of every step, the moments with the one that was chosen, seconds of training and peak memory of the
    process; `before` is the likeness of what the bare model draws, `more` what else there is to tell. Raises NoRoom.
    """
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
        **more,
    }
    if moments:
        chosen = best(moments)
        report["likeness_before"] = round(before, 4)
        report["chosen"] = asdict(chosen) | {"light": chosen.light, "by": "studio"}
        report["moments"] = [asdict(moment) | {"light": moment.light} for moment in moments]
    return atomic_write(folder / REPORT, json.dumps(report, indent=2) + "\n")


def read_report(folder: Path) -> dict[str, Any] | None:
    """The report of the training in `folder`, if there is one that can be read."""
    try:
        return dict(json.loads((folder / REPORT).read_text()))
    except (OSError, ValueError):
        return None


def choose(folder: Path, moment: Moment) -> None:
    """Notes in the report that the person took another moment than the studio."""
    report = read_report(folder)
    if report:
        report["chosen"] = asdict(moment) | {"light": moment.light, "by": "person"}
        atomic_write(folder / REPORT, json.dumps(report, indent=2) + "\n")


def peak_memory_mb() -> int:
    """The most memory that this process ever held."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return psutil.Process().memory_info().peak_wset >> 20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most >> (20 if sys.platform == "darwin" else 10)
