"""A Vietnamese book of eight pages with colourful pictures, as the studio would have made it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from studio.adapters.card import Worn
from studio.progress import finish
from studio.publishing.book import Book, Look, Page
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Role, Scene
from studio.story.story import Story
from tests.machine import quiet_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TEXTS = (
    "Ngày xửa ngày xưa, ở một ngôi làng nhỏ bên bờ sông, có một cô bé tên là Mây.",
    "Sáng hôm ấy, bà nội đưa cho em một chiếc đèn lồng đỏ và dặn: “Con nhớ về trước khi trăng lên nhé!”",
    "Trên đường ra đồng, Mây gặp chú Thỏ đang khóc thút thít vì bị lạc mất mẹ.",
    "Hai bạn đi qua khu rừng rậm. Gió thổi ào ào, lá rơi lả tả, nhưng Mây không hề sợ.",
    "Bác Rùa già chỉ về phía ngọn núi xa: “Ta thấy một cô thỏ trắng đang đi tìm con ở đằng kia kìa!”",
    "Trời tối dần. Mây thắp chiếc đèn lồng lên, ánh sáng ấm áp lan ra khắp cánh đồng.",
    "Bỗng từ xa có tiếng gọi: “Con ơi!” Thỏ mẹ chạy đến ôm chầm lấy con.",
    "Mây về đến nhà vừa lúc trăng lên, rồi ngủ thiếp đi, mỉm cười trong giấc mơ.",
)
ENGLISH = (
    "Once upon a time, in a small village by the river, there lived a little girl named Mây.",
    "That morning her grandmother gave her a red lantern and said: “Be home before the moon is up!”",
    "On the way to the fields Mây met Rabbit, who was sobbing because he had lost his mother.",
    "The two friends walked through the thick forest. The wind howled, but Mây was not afraid at all.",
    "Old Uncle Turtle pointed to the far mountain: “I saw a white rabbit looking for her child over there!”",
    "It grew dark. Mây lit the lantern, and its warm light spread over the whole field.",
    "Suddenly somebody called: “My child!” Mother Rabbit came running and hugged her little one tight.",
    "Mây reached home just as the moon came up, and fell asleep, smiling in her dream.",
)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight different pictures of 256 px, with notes in their files as the illustrator leaves them."""
    from PIL import Image, ImageDraw
    from PIL.PngImagePlugin import PngInfo

    folder, notes = tmp_path_factory.mktemp("pictures"), PngInfo()
    notes.add_text("Software", "Storybook Studio")
    for number in range(1, 9):
        picture = Image.new("RGB", (256, 256), f"hsl({number * 40}, 60%, 75%)")
        ImageDraw.Draw(picture).ellipse((60, 80, 196, 230), f"hsl({number * 40 + 180}, 70%, 50%)", "black", 4)
        picture.save(folder / f"{number:02d}.png", pnginfo=notes)
    return folder


@pytest.fixture(scope="session")
def book() -> Book:
    """All eight pages drawn, with a trained character and a style."""
    return Book(
        id="den-long-do",
        title="Mây và chiếc đèn lồng đỏ",
        story=Story(" ".join(TEXTS), "vi", "Mây và chiếc đèn lồng đỏ", "Nguyễn Thuỳ Linh"),
        cast=Cast((Role("Mây", "girl", "may"),)),
        look=Look(characters=(Worn("may"),), styles=(Worn("watercolour", 0.8),), seed=7),
        pages=tuple(Page(Scene(text), Prompt(""), n, f"{n:02d}.png") for n, text in enumerate(TEXTS, 1)),
        created="2026-11-20T08:00:00Z",
    )


@pytest.fixture(scope="session")
def bilingual(book: Book) -> Book:
    """The book with English beside the Vietnamese, for somebody."""
    pages = (replace(page, translation=words) for page, words in zip(book.pages, ENGLISH, strict=True))
    story = replace(book.story, dedication="Tặng bé Na,\nngười luôn hỏi: “Rồi sao nữa?”")
    return replace(book, story=story, pages=tuple(pages), second_language="en")


@pytest.fixture(scope="session")
def short(bilingual: Book) -> Book:
    """The first two pages of it."""
    return replace(bilingual, pages=bilingual.pages[:2])


@pytest.fixture(scope="session")
def rewritten(book: Book) -> Callable[..., Book]:
    """The book with a page for each of other texts; `words` change its fields."""

    def write(*texts: str, **words: object) -> Book:
        pages = (replace(page, scene=Scene(text)) for page, text in zip(book.pages, texts, strict=False))
        return replace(book, pages=tuple(pages), **words)

    return write


@pytest.fixture(scope="session")
def bound(book: Book, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book as a PDF for the screen."""
    from studio.publishing.paper.pdf import bind

    return finish(bind(book, pictures, tmp_path_factory.mktemp("bound") / "book.pdf")).file


@pytest.fixture(scope="session")
def tool() -> Callable[..., str]:
    """Runs a program of poppler-utils or qpdf and gives what it printed; fails when it is missing or complains."""

    def run(*words: object) -> str:
        return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True).stdout

    return run


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser that talks to nobody of its own accord."""
    with quiet_chromium() as browser:
        yield browser
