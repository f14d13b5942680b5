"""Whatever kills the studio, and whenever: what was acknowledged is there once, and nothing is half done.

A few moments here; `make soak` and `python -m tests.crash` try thousands.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio.settings import ROOT

PAGE = ROOT / "docs" / "reliability.md"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the faults stand before Linux' own library")


def named_points() -> set[str]:
    """The names given to `sys.audit` in the studio's sources."""
    found = set()
    for path in (ROOT / "studio").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "sys.audit":
                found.add(ast.literal_eval(node.args[0]))
    return {name for name in found if name.startswith("studio.")}


def crashed(*words: str) -> dict[str, Any]:
    """What `python -m tests.crash` tells."""
    memory = Path("/dev/shm")
    words = (*words, "--json", *(("--room", str(memory)) if os.access(memory, os.W_OK) else ()))
    ended = subprocess.run([sys.executable, "-m", "tests.crash", *words], cwd=ROOT, capture_output=True, text=True)
    assert ended.stdout, ended.stderr[-3000:]
    return json.loads(ended.stdout.splitlines()[-1])


def test_sixty_steps_have_names_and_each_is_in_the_table() -> None:
    named, told = named_points(), set(re.findall(r"`(studio\.[a-z_.]+)`", PAGE.read_text(encoding="utf-8")))
    assert len(named) >= 60
    assert named == told, f"not told: {sorted(named - told)}; not there: {sorted(told - named)}"


@pytest.mark.slow
@linux
def test_kills_full_disks_and_lost_power_leave_all_or_nothing_and_the_queue_goes_on() -> None:
    told = crashed("--once", "--kills", "2", "--power", "2", "--queue", "1", "--stopped", "1")
    assert told["violations"] == [] and told["queue"]["violations"] == []
    assert told["killed"] > 60 and len(told["points"]) >= 50
    assert told["recovery_s"] <= 10 and told["queue"]["recovery_s"] <= 10
    assert told["queue"]["repeated"] <= 1  # for the one kill of the worker


@pytest.mark.soak
@linux
@pytest.mark.parametrize(
    "words",
    [
        ("--points", "--slow"),
        ("--every", "8", "--slow"),
        ("--kills", "1000", "--seed", "1"),
        ("--power", "300"),
        ("--queue", "40", "--stopped", "60"),
    ],
    ids=" ".join,
)
def test_thousands_of_moments(words: tuple[str, ...]) -> None:
    told = crashed(*words)
    assert told["violations"] == [] and told.get("queue", {}).get("violations", []) == []
    assert told["recovery_s"] <= 10
