"""The shipped fonts, opened once: how wide words are, which face draws which letter, and which letters none has."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from ..settings import ASSETS
from .faces import FACES, NOTE

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

FOLDER = ASSETS / "fonts"


class Fonts:
    """All faces of assets/fonts, known to reportlab under their names."""

    def __init__(self, fonts: dict[str, TTFont]) -> None:
        self._fonts = fonts
        self._letters = {name: frozenset(map(chr, font.face.charToGlyph)) for name, font in fonts.items()}
        self._word = lru_cache(50_000)(
            self._measured
        )  # the same words are measured again and again to find their lines
        self._chains = {face.name: (face.name, face.stand_in, *fonts) for face in FACES}

    def runs(self, words: str, face: str) -> list[tuple[str, str]]:
        """The words cut into (face, words) so that each face has all its letters. Nothing is left out."""
        if self._letters[face].issuperset(words):
            return [(face, words)]
        faces: list[str] = []
        for letter in words:
            before = faces[-1:]  # a mark that the face lacks stays with the letters before it
            chain = (face, *before, *self._chains[face])
            faces.append(next((name for name in chain if letter in self._letters[name]), face))
        return [
            (name, "".join(letter for _, letter in pairs))
            for name, pairs in groupby(zip(faces, words, strict=True), key=lambda pair: pair[0])
        ]

    def width(self, words: str, face: str, size: float) -> float:
        """How wide the words are, in points."""
        spaces = words.count(" ")
        return size * (sum(self._word(word, face) for word in words.split(" ")) + spaces * self._word(" ", face))

    def _measured(self, word: str, face: str) -> float:
        """Its width, in sizes."""
        return sum(self._fonts[name].stringWidth(part, 1) for name, part in self.runs(word, face))

    def missing(self, words: str) -> str:
        """The letters that no shipped face has, each once, in order; line breaks do not count."""
        known = frozenset().union(*self._letters.values()) | {"\n"}
        return "".join(dict.fromkeys(letter for letter in words if letter not in known))


@cache
def load_fonts() -> Fonts:
    """Opens the fonts, and makes one the default: reportlab would name Helvetica, not embedded, in each file."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    fonts = {face.name: TTFont(face.name, str(FOLDER / face.file)) for face in FACES}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    rl_config.canvas_basefontname = NOTE
    return Fonts(fonts)
