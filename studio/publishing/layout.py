"""From a book to boxes in points: what stands where on each side of a leaf. Pure: no files, no fonts, no PDF.

cover · title page · the story, on each side a picture and its words · colophon
"""

from __future__ import annotations

from dataclasses import dataclass

from .book import Book
from .colophon import WORDS
from .faces import LABEL
from .geometry import Box, Frame, Outline, frame, wave
from .lines import Measure
from .marks import TEAL, WARM, Block, Mark, Picture, Rule, Side, Text, stack
from .matter import colophon_side, cover_side, title_side
from .profiles import Profile, Trim
from .setting import SWELL, Part, Setting, choose_setting, full_zone, parts, text_zone, words_of


def lay_out(book: Book, profile: Profile, trim: Trim, measure: Measure) -> tuple[Side, ...]:
    """All sides of the book in order. Raises BadInput when the title or the author is too long for a page."""

    def page(side: int) -> Frame:
        return frame(trim, profile, side)

    sides = [cover_side(book, page(1), measure), title_side(book, page(2), measure)]
    told = words_of(book)
    setting = choose_setting(told, page(1), measure)
    for number, words in enumerate(told, 1):
        for order, part in enumerate(parts(words, setting, page(1), measure)):
            story = StorySide(page(len(sides) + 1), len(sides) + 1, number, setting, measure)
            sides.append(story.going_on(part) if order else story.with_picture(part, book))
    sides.append(colophon_side(book, page(len(sides) + 1), measure))
    if profile.even and len(sides) % 2:
        sides.append(Side(page(len(sides) + 1)))
    return tuple(sides)


@dataclass(frozen=True, slots=True)
class StorySide:
    """One side of the story in the making: `side` counts the sides of the book, `number` the pages of the story."""

    page: Frame
    side: int
    number: int
    setting: Setting
    measure: Measure

    def with_picture(self, part: Part, book: Book) -> Side:
        """The picture and the words, centred under it when they are few and all there."""
        zone = text_zone(self.page, self.setting)
        words = self._words(part.blocks, zone, centred=part.whole and not self.page.wide)
        name = WORDS[book.story.language]["page"].format(number=self.number)
        return Side(self.page, (*self._picture(), *words, self._folio()), name)

    def going_on(self, part: Part) -> Side:
        """Words that had no room beside the picture."""
        return Side(self.page, (*self._words(part.blocks, full_zone(self.page), centred=False), self._folio()))

    def _words(self, blocks: tuple[Block, ...], zone: Box, centred: bool) -> tuple[Mark, ...]:
        if not centred:  # lines begin at one edge, and the whole of them stands in the middle
            widths = [self.measure(line, block.face, block.size) for block in blocks for line in block.lines]
            widest = max(widths, default=0)
            zone = Box(zone.centre - widest / 2, zone.bottom, widest, zone.height)
        return stack(blocks, zone, self.measure, centred)

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
