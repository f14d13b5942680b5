"""The sentences of a side: the words of each, and where on the side they stand. What is read aloud goes by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...story.splitter import sentences as sentence_ends
from ...story.story import Language
from ..faces import TITLE
from ..lines import Measure
from ..marks import Line, Part, Side, Text

READ_ALOUD: frozenset[Part] = frozenset(
    {"cover", "dedication", "story", "hero"}
)  # the title is read once, on the cover


@dataclass(frozen=True, slots=True)
class Fragment:
    """What of a sentence stands on one line: from (x, y), `size` points large. A space ends it where words go on."""

    words: str
    x: float
    y: float
    face: str
    size: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or what a paragraph has of one. `language`: when it is not that of the story."""

    fragments: tuple[Fragment, ...]
    language: Language | None = None

    @property
    def words(self) -> str:
        return "".join(fragment.words for fragment in self.fragments).strip()


def paragraphs(text: Text, measure: Measure, language: Language) -> Iterator[tuple[Sentence, ...]]:
    """The sentences of each paragraph, in order. `language` is that of the story."""
    begun: list[Line] = []
    cap = text.cap
    for line in text.lines:
        begun.append(line)
        if line.ends:
            yield _sentences(text, begun, cap, measure, language)
            begun, cap = [], None
    if begun:
        yield _sentences(text, begun, cap, measure, language)


def spoken(side: Side, measure: Measure, language: Language) -> tuple[Sentence, ...]:
    """All that is read, in order; a folio is not."""
    texts = (mark for mark in side.marks if isinstance(mark, Text) and mark.role != "folio")
    return tuple(sentence for text in texts for part in paragraphs(text, measure, language) for sentence in part)


def sentence_id(ids: str, number: int) -> str:
    """What sentence 0, 1, 2 … of a side is called in its HTML."""
    return f"{ids}-s{number}" if ids else f"s{number}"


def _sentences(
    text: Text, lines: Sequence[Line], cap: Line | None, measure: Measure, language: Language
) -> tuple[Sentence, ...]:
    pieces = [Fragment(cap.words, cap.x, cap.y, TITLE, text.cap_size)] if cap else []
    pieces += [Fragment(line.words + " ", line.x, line.y, text.face, text.size) for line in lines]
    whole = "".join(piece.words for piece in pieces)
    ends = sentence_ends(whole, text.language or language)
    found = []
    for start, end in zip((0, *ends), ends, strict=False):
        fragments = tuple(_cut(pieces, start, end, measure))
        if fragments:
            found.append(Sentence(fragments, text.language))
    return tuple(found)


def _cut(pieces: Sequence[Fragment], start: int, end: int, measure: Measure) -> Iterator[Fragment]:
    """What of the pieces, one after another, lies between two positions."""
    at = 0
    for piece in pieces:
        first, last = max(start - at, 0), min(end - at, len(piece.words))
        if piece.words[first : max(first, last)].strip():
            before = measure(piece.words[:first], piece.face, piece.size) if first else 0.0
            yield replace(piece, words=piece.words[first:last], x=piece.x + before)
        at += len(piece.words)
