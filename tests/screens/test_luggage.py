"""A book from another computer on the screen of the shelf."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.progress import finish
from studio.settings import Settings
from studio.workshop import Workshop
from tests.travelling import a_book, lay


@pytest.fixture
def kite(tmp_path: Path) -> bytes:
    there = Workshop(Settings(tmp_path / "there", "sqlite:///:memory:"))
    lay(there._library.pictures(there._library.add(a_book()).id))
    return finish(there.export_archive("con-dieu-do", tmp_path / "kite.storybook")).read_bytes()


def test_it_waits_for_the_worker_and_is_told_when_it_stands_there(studio, workshop: Workshop, kite: bytes) -> None:
    app = studio()
    app.file_uploader(key="bookshelf_bring_file").set_value(("kite.storybook", kite, "")).run()
    app.button(key="bookshelf_bring_now").click().run()
    (job,) = workshop.live_jobs()
    assert job.kind == "unpack" and not app.exception and not app.success and workshop.books() == ()
    finish(workshop.perform(job.kind, job.target, job.arguments))
    app.run()
    assert [one.value for one in app.success] == ["“Con diều đỏ” is on the shelf."] and not app.exception
    assert app.session_state["book"] == "con-dieu-do" and "Mây" in app.error[0].value
    assert not app.run().success


def test_work_that_is_cancelled_says_so(studio, workshop: Workshop, kite: bytes) -> None:
    app = studio()
    app.file_uploader(key="bookshelf_bring_file").set_value(("kite.storybook", kite, "")).run()
    app.button(key="bookshelf_bring_now").click().run()
    app.button(key="running_cancel_unpack").click().run()
    assert any("Stopped, as you asked" in one.value for one in app.info) and workshop.books() == ()
