"""Someone you love in the book: drawings go in, the hero is taught, chosen for a story, and the pages change."""

from __future__ import annotations

import pytest

from studio.library.characters import Characters
from studio.settings import SAMPLES, load_settings

PAGES = 8
TAUGHT_S = 900
DRAWN_S = 900
# Takes the sample and splits it before the screen can answer: the words must not be lost.
IN_ONE_BREATH = """["sample", "split"].forEach(key => document.querySelector(`.st-key-story_${key} button`).click())"""

# Two minutes; the wizard's screen, its job and its training have quicker tests of their own.
pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def taught(studio, visit) -> None:
    from playwright.sync_api import expect

    page = visit.page
    page.goto(f"{studio.address}/characters")
    visit.press("characters_begin")
    page.locator(".st-key-characters_name input").fill("May")
    page.keyboard.press("Enter")
    page.locator(".st-key-characters_kind button").last.click()
    uploader = page.locator(".st-key-characters_photos input[type=file]:enabled")
    with visit.told():
        expect(page.locator(".st-key-characters_consent")).to_have_count(0)  # the screen has settled
        uploader.set_input_files(sorted((SAMPLES / "may").glob("*.png")))
        page.locator(".st-key-characters_effort button").first.click(timeout=60_000)
    visit.press("characters_teach")
    with visit.told():
        page.locator(".st-key-characters_now img").first.wait_for(timeout=1000 * TAUGHT_S)  # it can be seen growing
        page.locator(".st-key-characters_sheet img").first.wait_for(timeout=1000 * TAUGHT_S)


@pytest.fixture(scope="module")
def books(taught: None, studio, visit) -> tuple[set[bytes], set[bytes]]:
    """The pictures of the sample book as the story tells it, and those that were drawn anew with May as its hero."""
    from playwright.sync_api import expect

    page = visit.page
    page.goto(f"{studio.address}/story")
    page.locator(".st-key-story_split button").wait_for(timeout=60_000)
    page.evaluate(IN_ONE_BREATH)
    plain = _drawn(studio, visit)
    page.goto(f"{studio.address}/story")
    with visit.told():
        may = page.locator("[class*=st-key-story_role] button", has_text="May")
        may.click(timeout=60_000)
        expect(may).to_have_attribute("aria-checked", "true")
    return plain, _drawn(studio, visit) - plain


def _drawn(studio, visit) -> set[bytes]:
    for key in ("story_next", "styles_use", "pages_draw"):
        visit.press(key)
    with visit.told():
        visit.page.locator(".st-key-pages_next button").wait_for(timeout=1000 * DRAWN_S)
    return {path.read_bytes() for path in studio.home.glob("books/*/pictures/*.png")}


def test_a_hero_taught_on_the_screen_is_ready_to_play(taught: None, studio, visit) -> None:
    assert Characters(load_settings()).get("may").ready
    assert visit.page.locator(".st-key-characters_sheet img").count() == 8


def test_the_chosen_hero_changes_the_pages(books: tuple[set[bytes], set[bytes]]) -> None:
    plain, with_may = books
    assert len(plain) == PAGES
    assert len(with_may) >= PAGES // 2  # the hero is not on every page
