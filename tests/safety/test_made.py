"""What the studio itself makes of a book passes its own scanner."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.adapters.card import Worn
from studio.errors import Leaking
from studio.progress import finish
from studio.publishing.book import Book, Look, Page
from studio.publishing.paper.pdf import bind
from studio.safety.scanner import gather, scan
from studio.settings import load_settings
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Role, Scene
from studio.story.story import Story
from studio.workshop import leaving

TEXT = "Lan read /home/sweet/home on the door. She wrote to fox@forest.org, and the fox came."


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, notes = tmp_path_factory.mktemp("pictures"), PngInfo()
    notes.add_text("parameters", "Steps: 24, Seed: 7")
    Image.radial_gradient("L").convert("RGB").save(folder / "01.png", pnginfo=notes, exif=Image.Exif())
    return folder


@pytest.fixture(scope="module")
def book() -> Book:
    prompt = Prompt("a happy may girl and a fox standing in the garden by day", "blurry, watermark, extra letters")
    scene = Scene(TEXT, ("Lan",), place="garden")
    return Book(
        id="lan", title="Lan and the fox", story=Story(TEXT, "en", "Lan and the fox", "Linh <linh@nha.vn>", "For Na"),
        cast=Cast((Role("Lan", "girl", "may"),)), look=Look(characters=(Worn("may"),)),
        pages=tuple(Page(scene, prompt, seed, "01.png") for seed in range(2)), created="2026-11-20T08:00:00Z",
    )  # fmt: skip


def test_a_bound_book_passes(home: Path, book: Book, pictures: Path, tmp_path: Path) -> None:
    out = tmp_path / "book.pdf"
    finish(bind(book, pictures, out))
    secrets = gather(load_settings(), book, triggers=["may"])
    assert scan(out.read_bytes(), ".pdf", secrets) == ()


def test_what_gives_nothing_away_is_written_and_what_does_is_not(home: Path, book: Book, tmp_path: Path) -> None:
    settings, out = load_settings(), tmp_path / "lan.html"
    assert leaving.let_out(settings, book, f"<p>{TEXT}</p>".encode(), out) == out
    with pytest.raises(Leaking, match="'lan.html' was not written: in it .HTML. stand the words from which"):
        leaving.let_out(settings, book, f"<p>{book.pages[0].prompt.positive}</p>".encode(), out)
    assert out.read_text() == f"<p>{TEXT}</p>"
