"""Several people at once: screens answer, progress is fresh, every page is drawn once, and nobody waits much longer than others.

The long form, with twenty sessions and fifteen minutes, is `python -m benchmarks.load`; times are judged there, on a quiet machine.
"""

from __future__ import annotations

import pytest

from benchmarks.load import evenness, load, stalest


@pytest.mark.slow
@pytest.mark.soak  # who draws what, once, and in whose turn, is tried in tests/jobs and tests/guard without a watch
def test_five_people_look_on_while_the_books_of_four_are_drawn() -> None:
    found = load(minutes=0.5, sessions=5, people=4, pages=16)
    assert found["errors"] == 0, found
    assert (found["pages drawn"], found["pages drawn twice"], found["pages not drawn"]) == (16, 0, 0), found
    assert found["waits between people"] <= 2 and found["progress stale s"] <= 3, found
    assert found["web MB grown"] <= 50, found
    # A machine that runs other tests beside this one is slow; a screen that waits for the queue would be far beyond these.
    assert found["rerun ms"]["p95"] <= 6000 and found["first paint ms"]["p95"] <= 10_000, found


def test_the_measure_itself_finds_stale_progress_and_who_waited() -> None:
    drawn = [(10.0, "fox/01.png"), (20.0, "fox/02.png"), (30.0, "cat/01.png")]
    assert stalest([(12.0, "fox", 1), (21.5, "fox", 1), (22.0, "fox", 2)], drawn) == 1.5
    assert evenness({"fox": ("May", 0.0), "cat": ("An", 10.0)}, drawn) == 1.0
