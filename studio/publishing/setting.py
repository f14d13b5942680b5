"""How the words of the story are set: on how many sides, how large, and how much of the page they leave the picture.

Type size and the picture's share are chosen once for the whole book: the largest for the readers' age at which every page
has room, in both languages where there are two. The translation stands under the words, a little smaller and softer. Where
it has no room it begins on a side of its own, so that nobody has to hunt for its end; words too many for a side go on over
more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..story.story import Age, Language
from .book import Book
from .design import Design
from .faces import STORY, TITLE
from .geometry import Box, Frame
from .lines import Measure, balance, clean, ends_of, wrap
from .marks import CAP, CAP_LINES, INK, LEADING, SOFT_INK, Block

RUNGS = 9  # settings tried, from the largest type to the smallest
SIZES: dict[Age, tuple[float, float]] = {  # largest and smallest type, of the page's em; 22 to 14 pt on a square page
    "0-3": (0.043, 0.028), "4-6": (0.036, 0.023), "7-9": (0.029, 0.02),
}  # fmt: skip
STATURE = {
    "PatrickHand-Regular": 1.16,
    "Baloo2-Regular": 1.05,
    "BeVietnamPro-Regular": 0.94,
}  # to look as large as Andika
TALL, WIDE = (0.78, 0.62, 0.55), (0.6, 0.5, 0.45)  # picture's share: most, least, least beside two languages
YIELDING = 3  # further settings for two languages: the picture gives room once the type can shrink no more
SECOND = 0.84  # size of the translation, of the words above it
BETWEEN = 0.7  # sizes between the two
NARROWER = (0.97, 0.94, 0.9, 0.86, 0.8)  # lines tried around a large first letter
SWELL = 0.02  # of the em: how far the picture's lower edge waves
LONGEST_LINE = 31  # sizes: about 62 letters, as much as a young eye follows


@dataclass(frozen=True, slots=True)
class Setting:
    """How the story is set throughout the book."""

    size: float
    share: float  # of the page's height, on wide pages of its width, that the picture takes
    face: str = STORY


@dataclass(frozen=True, slots=True)
class Words:
    """What one page says, and the same in the book's second language; empty when it has none."""

    first: str
    second: str = ""
    language: Language | None = None  # of the second


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one side of the words of a page. `whole`: no paragraph goes on elsewhere."""

    blocks: tuple[Block, ...]
    whole: bool = False


def words_of(book: Book) -> tuple[Words, ...]:
    """The words of each page as they are printed."""
    second = book.second_language
    return tuple(
        Words(
            clean(page.scene.text, book.story.language),
            clean(page.translation, second) if second else "",
            second,
        )
        for page in book.pages
    )


def choose_setting(told: Sequence[Words], page: Frame, measure: Measure, design: Design) -> Setting:
    """The largest setting at which every page that can stand on one side does, or else what its first language says."""
    rungs = _rungs(page, any(words.second for words in told), design)

    def fits(words: Words, rung: Setting) -> bool:
        return len(parts(words, rung, page, measure)) == 1

    tries = [[one for one in (words, Words(words.first)) if fits(one, rungs[-1])] for words in told]
    able = [found[0] for found in tries if found]
    return next(rung for rung in rungs if all(fits(words, rung) for words in able))


def _rungs(page: Frame, two: bool, design: Design) -> list[Setting]:
    largest, smallest = (size * page.em * STATURE.get(design.face, 1.0) for size in SIZES[design.age])
    square = min(page.trim.width, page.trim.height) / max(page.trim.width, page.trim.height)
    most, least, floor = WIDE if page.wide else TALL
    most = most if page.wide else min(square, most)
    steps = [rung / (RUNGS - 1) for rung in range(RUNGS)]
    rungs = [
        Setting(largest + (smallest - largest) * step, most + (least - most) * step, design.face) for step in steps
    ]
    shares = [least + (floor - least) * (step + 1) / YIELDING for step in range(YIELDING if two else 0)]
    return [*rungs, *(replace(rungs[-1], share=share) for share in shares)]


def parts(words: Words, setting: Setting, page: Frame, measure: Measure, capped: bool = False) -> list[Part]:
    """What stands on each side that the words need, one beside the picture and any number without.

    `capped`: the first letter is large, if the words are long enough to stand around it.
    """
    beside, full = text_zone(page, setting), full_zone(page)
    widest = min(full.width, LONGEST_LINE * setting.size)
    first = Type(setting.size, INK, min(beside.width, widest), measure, face=setting.face)
    sides = first.sides(words.first, beside.height, full.height)
    if capped and len(sides) == 1 and (block := first.capped(words.first)) and block.height <= beside.height:
        sides = [block]
    found = [Part((block,), len(sides) == 1) for block in sides]
    if not words.second:
        return found
    second = replace(first, size=SECOND * setting.size, colour=SOFT_INK, language=words.language)
    alone = replace(second, size=setting.size, limit=widest)  # a side without a picture has room
    gap = BETWEEN * setting.size if words.first else 0.0
    room = (full if len(sides) > 1 else beside).height - sides[-1].height - gap
    under = second.sides(words.second, room, full.height)
    if len(under) == 1:
        return [*found[:-1], Part((replace(sides[-1], after=gap), under[0]), len(sides) == 1)]
    return [*found, *(Part((block,)) for block in alone.sides(words.second, full.height, full.height))]


def together(words: Words, setting: Setting, limit: float, measure: Measure) -> tuple[Block, ...]:
    """All that the page says in balanced lines no wider than `limit`, the second language under the first."""
    first = Type(setting.size, INK, limit, measure, face=setting.face)
    second = replace(first, size=SECOND * setting.size, colour=SOFT_INK, language=words.language)
    gap = BETWEEN * setting.size if words.first and words.second else 0.0
    blocks = [replace(first.balanced(words.first), after=gap)] if words.first else []
    return (*blocks, second.balanced(words.second)) if words.second else tuple(blocks)


@dataclass(frozen=True, slots=True)
class Type:
    """How the words of one language are set. Lines are no wider than `limit`."""

    size: float
    colour: str
    limit: float
    measure: Measure
    language: Language | None = None
    face: str = STORY

    def sides(self, text: str, height: float, more: float) -> list[Block]:
        """All the lines, balanced when they have room in `height`; what has none goes on in blocks of height `more`.

        No side begins with the last line of a paragraph or ends with the first of one, where that can be helped.
        """
        leading = self.size * LEADING[self.face]
        room, further = max(0, int(height / leading)), int(more / leading)
        lines = wrap(text, self.limit, self._width)
        if len(lines) <= room:
            return [self.balanced(text)]
        ends = ends_of(lines, text)
        starts = [0, _kept(room, 0, ends)]
        while len(lines) - starts[-1] > further:
            starts.append(_kept(starts[-1] + further, starts[-1], ends))
        return [self._block(lines, ends, *span) for span in zip(starts, (*starts[1:], len(lines)), strict=True)]

    def balanced(self, text: str) -> Block:
        """All the lines, of nearly the same length."""
        lines = balance(text, self.limit, self._width)
        return self._block(lines, ends_of(lines, text), 0, len(lines))

    def capped(self, text: str) -> Block | None:
        """All the lines around a large first letter; None for words too few to stand around it, or that begin otherwise."""
        size = self.size * (1 + (CAP_LINES - 1) * LEADING[self.face] / CAP)
        wide = self.measure(text[:1], TITLE, size) + 0.12 * self.size
        found = self._around(text[1:], wide, self.limit)
        if not text[:1].isalpha() or text[1:2].isspace() or found is None:
            return None
        for share in NARROWER:  # the last line shall not be a single word
            tried = self._around(text[1:], wide, share * self.limit)
            if " " not in found[-1] and tried and len(tried) == len(found):
                found = tried
        block = self._block(found, ends_of(found, text[1:]), 0, len(found))
        return replace(block, cap=text[0], cap_size=size, cap_width=wide)

    def _around(self, rest: str, wide: float, limit: float) -> tuple[str, ...] | None:
        """The lines of what follows a letter that is `wide`; None when they are too few."""
        opening, _, further = rest.partition("\n")
        beside = wrap(opening, limit - wide, self._width)
        if len(beside) < CAP_LINES:
            return None
        under = " ".join(opening.split()[sum(len(line.split()) for line in beside[:CAP_LINES]) :])
        below = "\n".join(filter(None, (under, further)))
        return (*beside[:CAP_LINES], *wrap(below, limit, self._width))

    def _width(self, line: str) -> float:
        return self.measure(line, self.face, self.size)

    def _block(self, lines: Sequence[str], ends: frozenset[int], first: int, last: int) -> Block:
        within = frozenset(end - first for end in ends if first <= end < last)
        return Block(
            tuple(lines[first:last]), self.face, self.size, self.colour, language=self.language, ends=within,
            cut=last - 1 not in ends,
        )  # fmt: skip


def _kept(start: int, before: int, ends: frozenset[int]) -> int:
    """Where a side begins so that no line of a paragraph stands alone, at or a line before `start`."""
    alone = start in ends and start - 1 not in ends  # the last line of a paragraph would begin the side
    lonely = start - 2 in ends and start - 1 not in ends  # the first line of a paragraph would end the one before
    return start - 1 if (alone or lonely) and start - 1 > before + 1 else start


def text_zone(page: Frame, setting: Setting) -> Box:
    """Where the words stand beside or under the picture."""
    safe, trim, gap = page.safe, page.trim, 0.02 * page.em
    if page.wide:
        left = trim.left + trim.width * setting.share + SWELL * page.em + 1.5 * gap
        return Box(left, safe.bottom + 2 * gap, safe.right - left, safe.height - 2 * gap)
    side = 0.03 * page.em  # the folio stands in the outer corner, beside the words
    top = trim.top - trim.height * setting.share - SWELL * page.em - 1.3 * gap
    return Box(safe.left + side, safe.bottom, safe.width - 2 * side, top - safe.bottom)


def full_zone(page: Frame) -> Box:
    """Where the words stand on a side without a picture."""
    return page.safe.inset(0.06 * page.em)
