"""Voices that are kept: a recording belongs to the words it reads, tells nothing else, and is heard in the EPUB."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from studio.errors import BadInput, NotFound, NotReady
from studio.library.library import Library
from studio.progress import finish
from studio.publishing.book import Book
from studio.workshop import Workshop


@pytest.fixture(scope="module")
def voice() -> bytes:
    """Two seconds of a tone, as a telephone might record them, with a note of where."""
    raw = io.BytesIO()
    with soundfile.SoundFile(raw, "w", 44100, 1, format="WAV") as file:
        file.title, file.comment = "Grandmother", "21.0278 N, 105.8342 E"
        file.write(0.3 * np.sin(np.arange(88200) / 30))
    return raw.getvalue()


@pytest.fixture
def kept(workshop: Workshop, book: Book, pictures: Path) -> Book:
    """The book on the shelf, with its pictures."""
    library = Library(workshop.settings)
    kept = library.add(book)
    for picture in pictures.iterdir():
        shutil.copy(picture, library.pictures(kept.id))
    return kept


def test_a_recording_is_kept_as_sound_and_nothing_else(workshop: Workshop, kept: Book, voice: bytes) -> None:
    assert workshop.recording(kept, 2) is None and workshop.recordings(kept) == {}
    file = workshop.keep_recording(kept.id, 2, voice)
    assert workshop.recordings(kept) == {2: file} and file.suffix == ".mp3"
    assert b"Grandmother" in voice and b"21.0278" in voice
    assert not any(note in file.read_bytes() for note in (b"Grandmother", b"21.0278", b"ID3"))
    assert soundfile.info(file).duration == pytest.approx(2, abs=0.1)
    workshop.drop_recording(kept.id, 2)
    workshop.drop_recording(kept.id, 2)
    assert workshop.recordings(kept) == {}


def test_a_recording_goes_along_with_its_words(workshop: Workshop, kept: Book, voice: bytes) -> None:
    file = workshop.keep_recording(kept.id, 2, voice)
    moved = replace(kept, pages=kept.pages[1:])
    assert workshop.recordings(moved) == {1: file}
    scene = replace(kept.pages[1].scene, text="Something else.")
    rewritten = replace(kept, pages=(kept.pages[0], replace(kept.pages[1], scene=scene)))
    assert workshop.recordings(rewritten) == {}


def test_what_is_no_recording_is_refused_and_the_one_before_stays(workshop: Workshop, kept: Book, voice: bytes) -> None:
    file = workshop.keep_recording(kept.id, 2, voice)
    before = file.read_bytes()
    with pytest.raises(BadInput, match="cannot be opened"):
        workshop.keep_recording(kept.id, 2, b"<html>")
    with pytest.raises(NotFound):
        workshop.keep_recording(kept.id, 9, voice)
    assert file.read_bytes() == before


def test_a_page_without_words_has_nothing_to_be_read(
    workshop: Workshop, rewritten: Callable[..., Book], voice: bytes
) -> None:
    silent = Library(workshop.settings).add(rewritten(" "))
    with pytest.raises(NotReady, match="Page 1 has no words"):
        workshop.keep_recording(silent.id, 1, voice)


def test_the_workshop_makes_an_epub_with_the_recording_and_a_web_book(
    workshop: Workshop, kept: Book, voice: bytes, tmp_path: Path
) -> None:
    workshop.keep_recording(kept.id, 2, voice)
    made = finish(workshop.export_book(kept.id, tmp_path / "book.epub"))
    with zipfile.ZipFile(made.file) as file:
        assert "EPUB/audio/page-2.mp3" in file.namelist()
    assert b"speechSynthesis" in finish(workshop.export_book(kept.id, tmp_path / "book.html")).file.read_bytes()
