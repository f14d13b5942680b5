"""What a real browser makes of the gate: pictures are seen and files come home as before, and their addresses open nowhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import launch
from studio.progress import finish
from studio.settings import Settings
from studio.workshop import Workshop
from tests.browser.conftest import Visit
from tests.browser.demonstrations import free_port
from tests.painter import plain_painter

STORY = "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home."
SCREENS = ("", "story", "characters", "styles", "pages", "print", "picture", "dataset", "lab", "jobs", "settings")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A studio with a drawn book that was bound for the screen."""
    home, port = tmp_path_factory.mktemp("gate") / "home", free_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(home))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        workshop = Workshop(Settings(home, f"sqlite:///{home}/jobs.sqlite"), illustrator=plain_painter())
        book = workshop.begin_book(workshop.read_story(STORY, "The cat", "en"), 2)
        finish(workshop.draw_book(book.id))
        finish(workshop.export_book(book.id, accept_red=True))
        with launch.web_studio(port) as web:
            launch.wait_until_it_answers(web, port)
            yield f"http://127.0.0.1:{port}"


@contextmanager
def complaints(visit: Visit) -> Iterator[list[str]]:
    """What the browser complains of meanwhile: what the content policy forbade, and files that it did not get."""
    said: list[str] = []
    visit.page.on("console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None)
    visit.page.on("response", lambda one: said.append(one.url) if "/media/" in one.url and one.status >= 400 else None)
    yield said


@pytest.mark.slow
def test_pictures_are_seen_and_no_screen_breaks_the_content_policy(visit: Visit, address: str) -> None:
    with complaints(visit) as said:
        for screen in SCREENS:
            visit.page.goto(f"{address}/{screen}")
            with visit.told():
                visit.page.locator("h1").first.wait_for()
                visit.page.wait_for_timeout(400)  # for pictures, which nothing announces
            broken = visit.page.evaluate(
                "[...document.images].filter(one => one.complete && !one.naturalWidth).map(one => one.src)"
            )
            assert not broken, screen
    assert not said
    assert [url for url in visit.asked if "/media/" in url]


def test_a_bound_book_comes_home_under_its_name_and_its_address_opens_nowhere_else(
    visit: Visit, address: str, tmp_path: Path
) -> None:
    visit.page.goto(f"{address}/print")
    with visit.page.expect_download(timeout=60_000) as coming:
        visit.press("print_download_0")
    coming.value.save_as(tmp_path / "book.pdf")
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")
    assert coming.value.suggested_filename.endswith(".pdf") and "the-cat" in coming.value.suggested_filename
    where = coming.value.url
    assert "/media/" in where
    other = visit.page.context.browser.new_context()
    assert other.request.get(where).status == 404  # another person's browser, without anything
    page = other.new_page()
    page.goto(f"{address}/print")
    page.locator(".st-key-print_download_0 button").wait_for()
    assert page.request.get(where).status == 404  # with the same book open, but other addresses
    with page.expect_download() as theirs:
        page.locator(".st-key-print_download_0 button").click()
    assert theirs.value.url != where
    visit.page.goto("about:blank")
    end = time.monotonic() + 10
    while visit.page.request.get(where).status != 404:  # nor here, once the screen is closed
        assert time.monotonic() < end
        time.sleep(0.1)
    other.close()
