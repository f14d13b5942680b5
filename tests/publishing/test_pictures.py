"""A book's pictures in one ZIP: named, bare, and pixel for pixel as they were drawn."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from studio.errors import BadInput, NotReady
from studio.progress import finish
from studio.publishing.book import Book
from studio.publishing.pictures import picture_names, picture_zip
from studio.rendering.notes import read_notes
from studio.rendering.source import NOTE
from studio.safety.scanner import gather, scan
from studio.settings import load_settings
from studio.story.scene import Scene


@pytest.fixture
def files(book: Book, pictures: Path) -> list[Path]:
    return [pictures / page.picture for page in book.pages]


def test_each_page_is_a_png_named_after_its_first_words(book: Book, files: list[Path]) -> None:
    with zipfile.ZipFile(io.BytesIO(finish(picture_zip(book, files)))) as package:
        names = package.namelist()
    assert len(names) == 8 and names[2] == "03-tren-duong-ra-dong-may-gap-chu-tho.png"
    assert all(name.isascii() for name in names)


def test_pixels_stay_and_notes_go(book: Book, files: list[Path]) -> None:
    with zipfile.ZipFile(io.BytesIO(finish(picture_zip(book, files)))) as package:
        entries = [package.read(name) for name in package.namelist()]
    assert read_notes(files[0].read_bytes()) and {tuple(read_notes(one)) for one in entries} == {(NOTE,)}
    assert [Image.open(io.BytesIO(one)).tobytes() for one in entries] == [Image.open(one).tobytes() for one in files]


def test_the_same_pictures_give_the_same_bytes_which_nothing_leaks_from(
    home: Path, book: Book, files: list[Path], tmp_path: Path
) -> None:
    raw = finish(picture_zip(book, files))
    copies = [tmp_path / file.name for file in files]
    for file, copy in zip(files, copies, strict=True):
        copy.write_bytes(file.read_bytes())
    assert finish(picture_zip(book, copies)) == raw
    assert scan(raw, ".zip", gather(load_settings(), book)) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [("兔子跑了", "01.png"), ("", "01.png"), ("../../etc/x", "01-etc-x.png"), ("W" * 300, f"01-{'w' * 40}.png")],
)
def test_any_text_gives_a_safe_name(rewritten: Callable[..., Book], text: str, name: str) -> None:
    assert list(picture_names(rewritten(text))) == [name]


def test_a_hundred_pages_sort_as_they_are_read(book: Book) -> None:
    many = replace(book, pages=(replace(book.pages[0], scene=Scene("May")),) * 100)
    assert [next(iter(picture_names(many))), list(picture_names(many))[-1]] == ["001-may.png", "100-may.png"]


def test_a_missing_and_a_damaged_picture_are_told_by_their_page(book: Book, files: list[Path], tmp_path: Path) -> None:
    cut = tmp_path / "cut.png"
    cut.write_bytes(files[1].read_bytes()[:-40])
    with pytest.raises(BadInput, match="The picture of page 2 is damaged"):
        finish(picture_zip(book, [files[0], cut, *files[2:]]))
    with pytest.raises(NotReady, match="Page 3 has no picture"):
        finish(picture_zip(book, [*files[:2], tmp_path / "none.png", *files[3:]]))
