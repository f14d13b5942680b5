"""The web book in a real browser without a network: it turns, it reads, it asks nobody, and needs no JavaScript."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from studio.errors import BadInput
from studio.progress import finish
from studio.publishing.book import Book
from studio.publishing.ebook.webbook import write_webbook
from studio.publishing.fonts import load_fonts
from studio.publishing.layout import lay_out
from studio.publishing.profiles import find_profile, find_trim
from tests.publishing.conftest import ENGLISH, TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 380, "height": 780}


# A device with three voices; one of them would send the story away to be read.
VOICES = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const voice = (name, lang, localService) => ({ name, lang, localService, default: false });
const speech = {
  getVoices: () => [voice("Far", "vi-VN", false), voice("Ann", "en-GB", true), voice("Mai", "vi_VN", true)],
  cancel: () => clearTimeout(speech.clock),
  speak: (line) => {
    said.push([line.lang, line.text, line.voice.name]);
    line.onstart();
    speech.clock = setTimeout(() => line.onend(), 120);
  },
};
Object.defineProperty(window, "speechSynthesis", { value: speech });
"""


def written(book: Book, pictures: Path, out: Path) -> Path:
    sides = lay_out(book, find_profile("screen"), find_trim(book.design.trim), load_fonts().width)
    return finish(write_webbook(book, sides, lambda number: pictures / f"{number:02d}.png", out))


@pytest.fixture(scope="module")
def webbook(short: Book, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(short, pictures, tmp_path_factory.mktemp("web") / "book.html")


@contextmanager
def opened(chromium: Browser, file: Path, size: dict[str, int], script: str = "", **more: Any) -> Iterator[Page]:
    """The book as somebody opens it who has no network and wants no motion."""
    with chromium.new_context(viewport=size, offline=True, reduced_motion="reduce", **more) as visit:
        visit.add_init_script(script)
        page = visit.new_page()
        page.goto(file.as_uri())
        yield page


def shown(page: Page) -> list[str]:
    return page.locator(".leaf:visible").evaluate_all("leaves => leaves.map(leaf => leaf.getAttribute('aria-label'))")


def test_the_book_asks_nobody_for_anything_and_may_not(chromium: Browser, webbook: Path) -> None:
    asked, complaints = [], []
    with opened(chromium, webbook, WIDE) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.reload()
        page.keyboard.press("End")
        assert {address.split(":")[0] for address in asked} == {"file"} and not complaints
        assert page.evaluate("document.fonts.ready.then(fonts => fonts.status)") == "loaded"
        assert page.evaluate("fetch('https://example.org').catch(error => 'refused')") == "refused"
    assert any("Content Security Policy" in complaint for complaint in complaints)


def test_on_a_wide_screen_it_lies_open_like_a_book_and_turns_by_keys_buttons_and_clicks_at_its_edges(
    chromium: Browser, webbook: Path
) -> None:
    with opened(chromium, webbook, WIDE) as page:
        assert shown(page) == ["Bìa"]
        page.keyboard.press("ArrowRight")
        assert len(shown(page)) == 2 and page.inner_text(".place").startswith("Trang 2–3/")
        page.click("button.on")
        page.mouse.click(1200, 400)
        assert page.inner_text(".place").startswith("Trang 6–7/")
        page.mouse.click(80, 400)
        page.keyboard.press("Home")
        assert shown(page) == ["Bìa"] and page.get_attribute("button.back", "aria-disabled") == "true"
        page.keyboard.press("End")
        assert len(shown(page)) == 1 and page.get_attribute("button.on", "aria-disabled") == "true"


def test_on_a_phone_one_page_fills_the_width_and_a_finger_turns_it(chromium: Browser, webbook: Path) -> None:
    with opened(chromium, webbook, PHONE, has_touch=True, is_mobile=True) as page:
        assert page.locator(".leaf:visible").bounding_box()["width"] > 350
        assert page.evaluate("document.documentElement.scrollWidth") <= 380
        hand = page.context.new_cdp_session(page)

        def swipe(*steps: int) -> None:
            for kind, x in zip(["touchStart", *["touchMove"] * (len(steps) - 1)], steps, strict=True):
                hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 400}]})
            hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        swipe(300, 260, 160, 60)
        page.locator(".place", has_text="Trang 2/").wait_for()
        swipe(60, 120, 220, 330)
        page.locator(".place", has_text="Trang 1/").wait_for()


def test_pages_turn_with_a_motion_where_motion_is_welcome(chromium: Browser, webbook: Path) -> None:
    with opened(chromium, webbook, WIDE) as page:
        page.emulate_media(reduced_motion="no-preference")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.getAnimations().length") >= 4  # a leaf has two sides, and each its shadow
        page.locator(".moving").first.wait_for(state="detached")
        assert page.inner_text(".place").startswith("Trang 2–3/")


def test_it_reads_with_the_voice_of_each_language_shows_the_sentence_and_turns_by_itself(
    chromium: Browser, webbook: Path
) -> None:
    with opened(chromium, webbook, PHONE, script=VOICES) as page:
        page.click("button.read")
        assert " ".join(page.locator(".told").inner_text().split()) == "Mây và chiếc đèn lồng đỏ"
        page.keyboard.press("End")  # who turns while it reads is followed
        page.keyboard.press("Home")
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        page.locator(".told[id$=s1]").wait_for(state="attached")
        page.locator(".place", has_text="Trang 7/").wait_for()
        page.keyboard.press("Escape")
        assert page.locator(".told").count() == 0 and page.get_attribute("button.read", "aria-pressed") == "false"
        said = [tuple(one) for one in page.evaluate("said")]
    first = said.index(("vi", TEXTS[0], "Mai"))
    assert said[first + 1] == ("en", ENGLISH[0], "Ann")


def test_a_device_without_a_voice_says_so(chromium: Browser, webbook: Path) -> None:
    with opened(chromium, webbook, PHONE) as page:  # a browser without a screen has none
        page.click("button.read")
        page.locator(".said", has_text="không trả lời").wait_for()
        assert page.locator(".told").count() == 0


def test_without_javascript_it_is_a_scroll_of_all_pages_with_its_pictures_described(
    chromium: Browser, webbook: Path
) -> None:
    with opened(chromium, webbook, WIDE, java_script_enabled=False) as page:
        pages = page.locator(".leaf")
        assert pages.count() == page.locator(".leaf:visible").count() >= 12
        assert page.locator(".bar").is_hidden()
        assert page.locator("h1").first.inner_text().split() == ["Mây", "và", "chiếc", "đèn", "lồng", "đỏ"]


def test_the_same_book_is_the_same_file_and_small(webbook: Path, short: Book, pictures: Path, tmp_path: Path) -> None:
    assert written(short, pictures, tmp_path / "again.html").read_bytes() == webbook.read_bytes()
    assert webbook.stat().st_size < 5_000_000


@pytest.mark.parametrize(
    "words", ["</title><script>alert(1)</script>", '" onload="alert(1)', "$hash ${words} </style>"]
)
def test_hostile_words_are_printed_and_nothing_else(
    words: str, chromium: Browser, rewritten: Any, pictures: Path, tmp_path: Path
) -> None:
    book = rewritten(words, title=words)
    book = replace(book, story=replace(book.story, author=words, dedication=words))
    alerts: list[str] = []
    with opened(chromium, written(book, pictures, tmp_path / "hostile.html"), WIDE) as page:
        page.on("dialog", lambda dialog: alerts.append(dialog.message))
        assert page.title() == words and page.locator("script").count() == 1 and not alerts
        assert (
            page.locator(".leaf").first.evaluate("leaf => leaf.textContent").split()[: len(words.split())]
            == words.split()
        )


def test_letters_that_no_font_has_are_named_and_nothing_is_written(
    rewritten: Any, pictures: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="Page 1 has 'م'"):
        written(rewritten("مرحبا"), pictures, tmp_path / "book.html")
    assert not (tmp_path / "book.html").exists()


@pytest.mark.soak
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_serious(size: dict[str, int], chromium: Browser, webbook: Path, tmp_path: Path) -> None:
    if not shutil.which("npm"):
        pytest.skip("This needs npm, which brings axe-core.")
    subprocess.run(["npm", "pack", "axe-core@4.14.1"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run(["tar", "xzf", *(str(file) for file in tmp_path.glob("*.tgz"))], cwd=tmp_path, check=True)
    axe = (tmp_path / "package" / "axe.min.js").read_text(encoding="utf-8")
    with opened(chromium, webbook, size, bypass_csp=True) as page:
        page.evaluate(axe)
        for _ in range(4):
            found = page.evaluate("axe.run()")["violations"]
            assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
            page.keyboard.press("ArrowRight")
