"""What the workshop does for a book that is read aloud: the person's own recordings of its pages.

A recording is kept under the words that it reads: it goes along when pages are moved, no longer fits when they are
rewritten, and fits again when that is taken back.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from ..errors import NotReady
from ..files import atomic_write
from ..library.seals import seal, unsealed
from ..publishing.book import Book
from ..publishing.lines import clean
from .leafing import Leafing
from .making import page_of


class Narrating(Leafing):
    """The part of the workshop that keeps voices."""

    def keep_recording(self, id: str, number: int, sound: bytes) -> Path:
        """Keeps a WAV, MP3, OGG or FLAC in which somebody reads a page, as MP3 without anything but sound.

        Raises BadInput when it cannot be opened, is silent or longer than ten minutes; NotReady for a page without
        words.
        """
        from ..publishing.ebook.sound import as_mp3, open_sound

        book = self._library.book(id)
        if not clean(page_of(book, number).scene.text):
            raise NotReady("Page {number} has no words to read. Write them first; the book is safe.", number=number)
        raw, file = as_mp3(open_sound(sound)), self._voice(book, number)
        unsealed(file)  # first, so that a crash never leaves a new recording under the sum of the old
        sys.audit("studio.voice.keep")
        seal(atomic_write(file, raw))
        sys.audit("studio.voice.kept")
        return file

    def recording(self, book: Book, number: int) -> Path | None:
        """The recording of the page as its words are now, if there is one."""
        file = self._voice(book, number)
        return file if file.is_file() else None

    def recordings(self, book: Book) -> dict[int, Path]:
        """The recordings that there are, by the page's number."""
        found = {number: self.recording(book, number) for number in range(1, len(book.pages) + 1)}
        return {number: file for number, file in found.items() if file}

    def drop_recording(self, id: str, number: int) -> None:
        """Deletes the recording of the page for good; a page without one stays as it is."""
        file = self._voice(self._library.book(id), number)
        unsealed(file)
        file.unlink(missing_ok=True)

    def has_voice(self) -> bool:
        """Whether this computer can read aloud by itself what nobody has recorded."""
        from ..publishing.ebook.speaker import find_speaker

        return find_speaker() is not None

    def _voice(self, book: Book, number: int) -> Path:
        words = clean(page_of(book, number).scene.text)
        key = hashlib.sha256(words.encode()).hexdigest()[:16]
        return self._library.narration(book.id) / f"{key}.mp3"
