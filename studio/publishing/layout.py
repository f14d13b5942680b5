"""From a book to boxes in points: what stands where on each side of a leaf. Pure: no files, no fonts, no PDF.

    cover · title page · the story, on each side a picture and its words · colophon

Type size and the picture's share of the page are chosen once for the whole book: the largest at which every page has
room. A page whose words are too many even at the smallest goes on over further sides.
"""

from __future__ import annotations

from dataclasses import dataclass

from .book import Book
from .colophon import WORDS
from .faces import LABEL, STORY
from .geometry import Box, Frame, Outline, frame, wave
from .lines import Measure, balance, clean, wrap
from .marks import INK, LEADING, TEAL, WARM, Block, Mark, Picture, Rule, Side, Text, stack
from .matter import colophon_side, cover_side, title_side
from .profiles import Profile, Trim

RUNGS = 9  # settings tried, from the largest type to the smallest
LARGEST, SMALLEST = 0.036, 0.023  # type size, of the page's em
SWELL = 0.02  # of the em: how far the picture's lower edge waves
LONGEST_LINE = 31  # sizes: about 62 letters, as much as a young eye follows


@dataclass(frozen=True, slots=True)
class Setting:
    """How the story is set throughout the book."""

    size: float
    share: float  # of the page's height, on wide pages of its width, that the picture takes


def lay_out(book: Book, profile: Profile, trim: Trim, measure: Measure) -> tuple[Side, ...]:
    """All sides of the book in order. Raises BadInput when the title or the author is too long for a page."""

    def page(side: int) -> Frame:
        return frame(trim, profile, side)

    sides = [cover_side(book, page(1), measure), title_side(book, page(2), measure)]
    setting = choose_setting(book, page(1), measure)
    for number in range(1, len(book.pages) + 1):
        parts = _parts(_text(book, number), setting, page(1), measure)
        for part, words in enumerate(parts):
            story = StorySide(page(len(sides) + 1), len(sides) + 1, number, setting, measure)
            sides.append(story.with_picture(words, len(parts) == 1, book) if part == 0 else story.going_on(words))
    sides.append(colophon_side(book, page(len(sides) + 1), measure))
    if profile.even and len(sides) % 2:
        sides.append(Side(page(len(sides) + 1)))
    return tuple(sides)


def _text(book: Book, number: int) -> str:
    return clean(book.pages[number - 1].scene.text)


def choose_setting(book: Book, page: Frame, measure: Measure) -> Setting:
    """The largest setting at which every page that can stand on one side does."""
    rungs = _rungs(page)
    texts = [_text(book, number) for number in range(1, len(book.pages) + 1)]
    able = [text for text in texts if len(_parts(text, rungs[-1], page, measure)) == 1]
    return next(rung for rung in rungs if all(len(_parts(text, rung, page, measure)) == 1 for text in able))


def _rungs(page: Frame) -> list[Setting]:
    square = min(page.trim.width, page.trim.height) / max(page.trim.width, page.trim.height)
    most, least = (0.6, 0.5) if page.wide else (min(square, 0.78), 0.62)
    steps = [rung / (RUNGS - 1) for rung in range(RUNGS)]
    return [Setting(page.em * (LARGEST + (SMALLEST - LARGEST) * step), most + (least - most) * step) for step in steps]


def _parts(text: str, setting: Setting, page: Frame, measure: Measure) -> list[tuple[str, ...]]:
    """The lines of each side that the text needs, one beside the picture and any number without."""

    def width(line: str) -> float:
        return measure(line, STORY, setting.size)

    zone, leading = text_zone(page, setting), setting.size * LEADING[STORY]
    limit = min(zone.width, full_zone(page).width, LONGEST_LINE * setting.size)
    room, more = int(zone.height / leading), int(full_zone(page).height / leading)
    lines = wrap(text, limit, width)
    if len(lines) <= room:
        return [balance(text, limit, width)]
    return [lines[:room], *(lines[start : start + more] for start in range(room, len(lines), more))]


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


@dataclass(frozen=True, slots=True)
class StorySide:
    """One side of the story in the making: `side` counts the sides of the book, `number` the pages of the story."""

    page: Frame
    side: int
    number: int
    setting: Setting
    measure: Measure

    def with_picture(self, lines: tuple[str, ...], whole: bool, book: Book) -> Side:
        """The picture and the words, centred under it when they are few and all there."""
        zone = text_zone(self.page, self.setting)
        words = self._words(lines, zone, centred=whole and not self.page.wide)
        name = WORDS[book.story.language]["page"].format(number=self.number)
        return Side(self.page, (*self._picture(), *words, self._folio()), name)

    def going_on(self, lines: tuple[str, ...]) -> Side:
        """Words that had no room beside the picture."""
        return Side(self.page, (*self._words(lines, full_zone(self.page), centred=False), self._folio()))

    def _words(self, lines: tuple[str, ...], zone: Box, centred: bool) -> tuple[Mark, ...]:
        if not centred:  # lines begin at one edge, and the whole of them stands in the middle
            widest = max((self.measure(line, STORY, self.setting.size) for line in lines), default=0)
            zone = Box(zone.centre - widest / 2, zone.bottom, widest, zone.height)
        return stack([Block(lines, STORY, self.setting.size, INK)], zone, self.measure, centred)

    def _picture(self) -> tuple[Mark, ...]:
        """The picture up to the paper's edge, ending in a soft wave, and a thin rule that goes along with it."""
        page, ink, trim = self.page, self.page.ink, self.page.trim
        swell = SWELL * page.em * (1 if self.side % 2 else -1)
        if page.wide:
            edge = trim.left + trim.width * self.setting.share
            start, end = (edge, ink.bottom), (edge, ink.top)
            box = Box(ink.left, ink.bottom, edge + abs(swell) - ink.left, ink.height)
            corners: Outline = ((ink.left, ink.top), (ink.left, ink.bottom))
        else:
            edge = trim.top - trim.height * self.setting.share
            start, end = (ink.left, edge), (ink.right, edge)
            box = Box(ink.left, edge - abs(swell), ink.width, ink.top - edge + abs(swell))
            corners = ((ink.right, ink.top), (ink.left, ink.top))
        curve = wave(start, end, 3 * swell)
        return (
            Picture(self.number, box, (start, curve, *corners)),
            Rule((start, curve), TEAL, 0.0035 * page.em),
        )

    def _folio(self) -> Text:
        """The number of the page of the story, in the outer lower corner."""
        words, size, safe = str(self.number), 0.019 * self.page.em, self.page.safe
        right = self.side % 2 or self.page.wide  # on wide pages the picture is at the left
        x = safe.right - self.measure(words, LABEL, size) if right else safe.left
        return Text(words, x, safe.bottom, LABEL, size, WARM)
