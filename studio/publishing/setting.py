"""How the words of the story are set: on how many sides, how large, and how much of the page they leave the picture.

Type size and the picture's share are chosen once for the whole book: the largest at which every page has room, in both
languages where there are two. The translation stands under the words, a little smaller and softer. Where it has no room
it begins on a side of its own, so that nobody has to hunt for its end; words too many for a side go on over more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..story.story import Language
from .book import Book
from .faces import STORY
from .geometry import Box, Frame
from .lines import Measure, balance, clean, wrap
from .marks import INK, LEADING, SOFT_INK, Block

RUNGS = 9  # settings tried, from the largest type to the smallest
LARGEST, SMALLEST = 0.036, 0.023  # type size, of the page's em
TALL, WIDE = (0.78, 0.62, 0.55), (0.6, 0.5, 0.45)  # picture's share: most, least, least beside two languages
YIELDING = 3  # further settings for two languages: the picture gives room once the type can shrink no more
SECOND = 0.84  # size of the translation, of the words above it
BETWEEN = 0.7  # sizes between the two
SWELL = 0.02  # of the em: how far the picture's lower edge waves
LONGEST_LINE = 31  # sizes: about 62 letters, as much as a young eye follows


@dataclass(frozen=True, slots=True)
class Setting:
    """How the story is set throughout the book."""

    size: float
    share: float  # of the page's height, on wide pages of its width, that the picture takes


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
        Words(clean(page.scene.text), clean(page.translation) if second else "", second) for page in book.pages
    )


def choose_setting(told: Sequence[Words], page: Frame, measure: Measure) -> Setting:
    """The largest setting at which every page that can stand on one side does, or else what its first language says."""
    rungs = _rungs(page, any(words.second for words in told))

    def fits(words: Words, rung: Setting) -> bool:
        return len(parts(words, rung, page, measure)) == 1

    tries = [[one for one in (words, Words(words.first)) if fits(one, rungs[-1])] for words in told]
    able = [found[0] for found in tries if found]
    return next(rung for rung in rungs if all(fits(words, rung) for words in able))


def _rungs(page: Frame, two: bool) -> list[Setting]:
    square = min(page.trim.width, page.trim.height) / max(page.trim.width, page.trim.height)
    most, least, floor = WIDE if page.wide else TALL
    most = most if page.wide else min(square, most)
    steps = [rung / (RUNGS - 1) for rung in range(RUNGS)]
    rungs = [Setting(page.em * (LARGEST + (SMALLEST - LARGEST) * step), most + (least - most) * step) for step in steps]
    shares = [least + (floor - least) * (step + 1) / YIELDING for step in range(YIELDING if two else 0)]
    return [*rungs, *(Setting(rungs[-1].size, share) for share in shares)]


def parts(words: Words, setting: Setting, page: Frame, measure: Measure) -> list[Part]:
    """What stands on each side that the words need, one beside the picture and any number without."""
    beside, full = text_zone(page, setting), full_zone(page)
    widest = min(full.width, LONGEST_LINE * setting.size)
    limit = min(beside.width, widest)
    first = _Type(setting.size, INK, limit, measure)
    sides = first.sides(words.first, beside.height, full.height)
    found = [Part((block,), len(sides) == 1) for block in sides]
    if not words.second:
        return found
    second = _Type(SECOND * setting.size, SOFT_INK, limit, measure, words.language)
    alone = replace(second, size=setting.size, limit=widest)  # a side without a picture has room
    gap = BETWEEN * setting.size if words.first else 0.0
    room = (full if len(sides) > 1 else beside).height - sides[-1].height - gap
    under = second.sides(words.second, room, full.height)
    if len(under) == 1:
        return [*found[:-1], Part((replace(sides[-1], after=gap), under[0]), len(sides) == 1)]
    return [*found, *(Part((block,)) for block in alone.sides(words.second, full.height, full.height))]


@dataclass(frozen=True, slots=True)
class _Type:
    """How the words of one language are set. Lines are no wider than `limit`."""

    size: float
    colour: str
    limit: float
    measure: Measure
    language: Language | None = None

    def sides(self, text: str, height: float, more: float) -> list[Block]:
        """All the lines, balanced when they have room in `height`; what has none goes on in blocks of height `more`."""
        leading = self.size * LEADING[STORY]
        room, further = max(0, int(height / leading)), int(more / leading)
        lines = wrap(text, self.limit, self._width)
        if len(lines) <= room:
            return [self._block(balance(text, self.limit, self._width))]
        starts = range(room, len(lines), further)
        return [self._block(lines[:room]), *(self._block(lines[start : start + further]) for start in starts)]

    def _width(self, line: str) -> float:
        return self.measure(line, STORY, self.size)

    def _block(self, lines: tuple[str, ...]) -> Block:
        return Block(lines, STORY, self.size, self.colour, language=self.language)


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
