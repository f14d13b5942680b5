"""A call that holds its own loop becomes a generator that can be watched, stopped and asked for its result."""

from __future__ import annotations

import threading

import pytest

from studio.rendering.stepping import Report, stepwise


def counted(report: Report, done: list[int], steps: int = 3) -> str:
    for step in range(1, steps + 1):
        done.append(step)
        report(step)
    return "drawn"


def drawing_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("drawing")]


def test_steps_come_one_by_one_and_the_result_at_the_end():
    done: list[int] = []
    work = stepwise(lambda report: counted(report, done))
    assert [next(work), list(done), next(work), next(work)] == [1, [1], 2, 3]
    with pytest.raises(StopIteration) as end:
        next(work)
    assert end.value.value == "drawn" and not drawing_threads()


def test_closing_it_stops_the_work_where_it_waits():
    done: list[int] = []
    work = stepwise(lambda report: counted(report, done, steps=1000))
    next(work)
    work.close()
    assert done == [1] and not drawing_threads()


def test_what_the_work_raises_is_raised_to_who_asks():
    def fails(report: Report) -> None:
        report(1)
        raise MemoryError("no more")

    work = stepwise(fails)
    next(work)
    with pytest.raises(MemoryError, match="no more"):
        next(work)
    assert not drawing_threads()


def test_work_without_steps_gives_its_result_at_once():
    with pytest.raises(StopIteration) as end:
        next(stepwise(lambda report: 7))
    assert end.value.value == 7
