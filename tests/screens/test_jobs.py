"""The screen Jobs and the panel tell what runs, waits and is over, in plain words, and stop it or let it go on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from studio.jobs.job import Job
from studio.ui.chronicle import before, chronicle
from studio.workshop import Workshop

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."
NOW = datetime.now(UTC).isoformat(timespec="milliseconds")


@pytest.fixture
def asked(workshop: Workshop) -> str:
    """A job that waits, of a book called The cat."""
    return workshop.submit_drawing(workshop.begin_book(workshop.read_story(STORY, "The cat"), pages=2).id)


def told(app) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption))


def waits(id: str, person: str, minute: int, state: str = "waiting") -> Job:
    return Job(id=id, kind="draw", target="book", state=state, person=person, created=f"2026-11-22T10:{minute:02}:00")


def test_work_is_paused_and_carried_on_from_the_screen(studio, workshop: Workshop, asked: str) -> None:
    app = studio("jobs")
    assert "The cat" in told(app) and "Next in line" in told(app)
    app.button(key=f"jobs_pause_{asked}").click().run()
    assert workshop.job(asked).state == "paused"
    app.button(key=f"jobs_resume_{asked}").click().run()
    (live,) = workshop.live_jobs()
    assert live.id != asked and live.kind == "draw" and not app.exception


def test_work_is_cancelled_and_the_book_screen_offers_to_carry_on(studio, workshop: Workshop, asked: str) -> None:
    workshop.pause(asked)
    app = studio("pages")
    app.button(key=f"running_resume_{asked}").click().run()
    (live,) = workshop.live_jobs()
    studio("jobs").button(key=f"jobs_cancel_{live.id}").click().run()
    assert workshop.job(live.id).state == "cancelled"


def test_a_job_of_a_book_that_was_thrown_away_says_so_and_offers_nothing(
    studio, workshop: Workshop, asked: str
) -> None:
    workshop.trash_book("the-cat")
    app = studio("jobs")
    assert "A book that was thrown away" in told(app)
    assert not [one for one in app.button if (one.key or "").startswith("jobs_resume")]


def test_a_job_that_ends_while_the_screen_is_drawn_is_shown_once(studio, workshop: Workshop, asked: str) -> None:
    app = studio("jobs")
    app.session_state["jobs_live"] = frozenset({asked})
    workshop.cancel(asked)
    assert not app.run().exception


def test_people_take_turns_in_what_is_told_of_the_queue() -> None:
    live = [waits("a1", "a", 1), waits("a2", "a", 2), waits("b1", "b", 3), waits("r", "c", 0, "running")]
    assert [before(job, live) for job in live] == [1, 3, 2, 0]


@pytest.mark.parametrize(
    ("state", "last"),
    [
        ("running", "Goes on now."),
        ("paused", "Paused, as you asked. What was finished is kept."),
        ("failed", "Did not work. What was finished is kept."),
        ("done", "Done."),
    ],
)
def test_the_log_tells_what_happened_in_plain_words(studio, state: str, last: str) -> None:
    job = Job(id="1", kind="draw", target="x", state=state, done=3, total=8, created=NOW, began=NOW, machine="attic")
    lines = list(chronicle(job))
    assert lines[0].endswith("Asked for.") and lines[1].endswith("Began on attic.") and lines[-1].endswith(last)
    assert ("Drawing the pages, 3 of 8." in lines) == (state != "done")


def test_what_is_over_comes_page_by_page(studio, workshop: Workshop, asked: str) -> None:
    workshop.cancel(asked)
    for _round in range(17):
        workshop.cancel(workshop.submit_drawing("the-cat"))
    app = studio("jobs")
    first = {one.key for one in app.expander if one.key}
    app.button(key="jobs_older").click().run()
    badges = [one for one in app.markdown if "Stopped" in one.value]
    assert len(badges) <= 3 and not [one for one in app.button if one.key == "jobs_older"]
    app.button(key="jobs_newer").click().run()
    assert {one.key for one in app.expander if one.key} == first
