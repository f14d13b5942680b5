"""The sides on which the story is told: picture and words of a page in one of the five layouts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from .alt import alt_text
from .book import Book, Page
from .calm import Calm
from .colophon import WORDS
from .contrast import Reading
from .design import LayoutName, Shares
from .ends import star
from .faces import LABEL
from .geometry import Box, Frame, Outline, around, wave
from .lines import Measure
from .marks import INK, TEAL, WARM, Block, Fill, Line, Mark, Picture, Rule, Side, Text, Veil, stack
from .matter import glimpse
from .opening import Opening, opening
from .place import SOMEBODY, Place, best_place, place_at
from .plate import cover_fit
from .setting import (
    LONGEST_LINE,
    SWELL,
    Part,
    Setting,
    Type,
    Words,
    full_zone,
    parts,
    text_zone,
    together,
)

COLUMNS = (0.94, 0.7, 0.5)  # of the room: widths tried for words on a picture
MOST_ON_PICTURE = 0.42  # of the page's height that words on a picture may take
LARGER = 1.2  # letters of words that have a page of their own
STAR, STAR_GAP = 0.012, 0.04  # of the em: the ornament over words that have a page of their own
VIGNETTE = 0.84  # of the page's width
FULL_OF_WORDS = 6  # lines under a vignette, at most


Placed = tuple[Place | None, tuple[Block, ...]]


@dataclass(frozen=True, slots=True)
class Scenery:
    """Lays the pages of one book out. `frame_of` gives the frame of side 1, 2, 3 … of the inside. `told` is what stands
    beside each picture, `apart` what has sides of its own that face it, if anything has."""

    book: Book
    told: Sequence[Words]
    frame_of: Callable[[int], Frame]
    setting: Setting
    calms: Sequence[Calm | None]
    measure: Measure
    apart: Sequence[Words] = ()
    placed: dict[tuple[int, Box, Box], Placed] = field(default_factory=dict)  # what was found before

    def fits(self, number: int, layout: LayoutName, side: int) -> bool:
        """Whether page `number` can begin there in that layout with nothing crowded, cut off or on somebody's face."""
        page, words = self.frame_of(side), self.told[number - 1]
        if layout in ("facing", "spread") and side % 2 or layout == "spread" and page.wide:
            return False
        if layout == "above":
            return len(parts(words, self.setting, page, self.measure)) == 1
        if layout == "vignette":
            return not page.wide and self._lines(words, page) <= FULL_OF_WORDS
        if layout == "facing":
            return len(self._alone(words, page)) == 1
        if layout == "spread":
            return self._opens(number, side)
        place = self.on_picture(number, side)
        return place is None or place.covered < SOMEBODY

    def _opens(self, number: int, side: int) -> bool:
        """Whether the picture can go across two pages: nobody is in the fold, and the words have a calm place."""
        across, calm = self._across(number, side), self._calm(number)
        place, blocks = self._words_across(number, across)
        if place and (place.covered >= SOMEBODY or sum(block.height for block in blocks) > place.zone.height):
            return False
        return calm is None or across.folded(calm) < SOMEBODY

    def cost(self, number: int, side: int) -> float:
        """What it costs the words of a page to stand on its picture, 0 is best."""
        place = self.on_picture(number, side)
        return place.cost if place else 0.0

    def sides(self, number: int, layout: LayoutName, side: int) -> tuple[Side, ...]:
        """The sides that page `number` takes from `side` on; one that cannot be laid out so stands above its words."""
        if layout == "facing" and side % 2 == 0 and len(self._alone(self.told[number - 1], self.frame_of(side))) == 1:
            return self._facing(number, side)
        if layout == "spread" and side % 2 == 0:
            return self._spread(number, side)
        if layout == "full" and self._room(number, side):
            return (self._full(number, side),)
        if layout == "vignette" and not self.frame_of(side).wide:
            return self._vignette(number, side)
        return self._above(number, side)

    def facing_sides(self, number: int, side: int) -> tuple[Side, ...]:
        """What faces page `number`: its second language, under a glimpse of the picture where that leaves room."""
        words = self.apart[number - 1] if self.apart else Words("")
        zone, size = full_zone(self.frame_of(side)), self.setting.size
        limit = min(zone.width, LONGEST_LINE * size)
        type_ = Type(size, INK, limit, self.measure, words.language, self.setting.face)
        blocks = type_.sides(words.second, zone.height, zone.height) if words.second else []
        if len(blocks) == 1:
            return (self._under_glimpse(blocks[0], number, side),)
        told = [(self.frame_of(side + order), block) for order, block in enumerate(blocks)]
        return tuple(
            Side(page, stack([block], full_zone(page), self.measure, centred=False), number=number)
            for page, block in told
        )

    def _under_glimpse(self, block: Block, number: int, side: int) -> Side:
        page = self.frame_of(side)
        zone, gap = full_zone(page), 0.05 * page.em
        radius = min(0.2 * page.em, (zone.height - block.height) / 2 - gap)
        over = 2 * radius + gap if radius > gap else 0.0
        top = zone.bottom + (zone.height + block.height + over) / 2
        window = glimpse(number, zone.centre, top - radius, radius, page.em) if over else ()
        under = Box(zone.left, top - over - block.height, zone.width, block.height)
        marks = (*window, *stack([block], under, self.measure), self._folio(number, side, page))
        return Side(page, marks, number=number)

    # One layout each

    def _above(self, number: int, side: int) -> tuple[Side, ...]:
        """The picture up to the paper's edge, ending in a soft wave, and the words under or beside it; more go on."""
        found: list[Side] = []
        capped = self.book.design.drop_cap and number == 1
        for part in parts(self.told[number - 1], self.setting, self.frame_of(side), self.measure, capped):
            page = self.frame_of(side + len(found))
            zone = full_zone(page) if found else text_zone(page, self.setting)
            picture = () if found else self._waved(number, side, page)
            words = self._set(part, zone, centred=part.whole and not page.wide and not found)
            folio = self._folio(number, side + len(found), page)
            name = "" if found else self._name(number)
            found.append(Side(page, (*picture, *words, folio), name, number=number))
        return tuple(found)

    def _full(self, number: int, side: int) -> Side:
        """The picture all over the page, the words where it is calm."""
        page = self.frame_of(side)
        place, blocks = self._placed(number, page, page.ink)
        veil = self._veil(place) if place else ()
        picture = self._picture(number, page.ink, around(page.ink), veil)
        return Side(page, (picture, *self._printed(place, blocks)), self._name(number), number=number)

    def _vignette(self, number: int, side: int) -> tuple[Side, ...]:
        """A picture that fades into the paper, and a few words under it."""
        page, words = self.frame_of(side), self.told[number - 1]
        found = parts(words, self.setting, page, self.measure)
        if len(found) > 1:
            return self._above(number, side)
        zone = text_zone(page, self.setting)
        high = min(VIGNETTE * page.trim.width, page.safe.top - zone.top)
        wide = min(high * 1.15, VIGNETTE * page.trim.width)
        room = Box(page.trim.centre - wide / 2, zone.top + (page.safe.top - zone.top - high) / 2, wide, high)
        feather = 0.16 * high
        fading = Veil(room.inset(0.5 * feather), 1.0, feather, around=True)
        picture = self._picture(number, room, around(room), (fading,))
        marks = (picture, *self._set(found[0], zone, centred=True), self._folio(number, side, page))
        return (Side(page, marks, self._name(number), number=number),)

    def _facing(self, number: int, side: int) -> tuple[Side, ...]:
        """The words on a page of their own, and the picture all over the page that faces it."""
        left, right = self.frame_of(side), self.frame_of(side + 1)
        (part,) = self._alone(self.told[number - 1], left, self.book.design.drop_cap and number == 1)
        zone = full_zone(left)
        words = self._set(part, zone, centred=part.whole and len(part.blocks[0].lines) <= FULL_OF_WORDS)
        above = zone.bottom + (zone.height + sum(block.height for block in part.blocks)) / 2 + STAR_GAP * left.em
        over = (Fill(star(zone.centre, above, STAR * left.em), WARM),) if above < left.safe.top else ()
        told = Side(left, (*over, *words, self._folio(number, side, left)), self._name(number), number=number)
        return told, Side(right, (self._picture(number, right.ink, around(right.ink)),), number=number)

    def _spread(self, number: int, side: int) -> tuple[Side, ...]:
        """One picture across two pages, the words on a calm part of it or on the paper into which it fades."""
        across = self._across(number, side)
        place, blocks = self._words_across(number, across)
        alt = alt_text(self.book.pages[number - 1].scene, self.book.story.language)
        left, right = across.pictures(number, alt, self._veil(place) if place else ())
        told = Side(across.left, (left, *self._printed(place, blocks)), self._name(number), number=number)
        return told, Side(across.right, (right,), number=number)

    # What they are made of

    def _across(self, number: int, side: int) -> Opening:
        return opening(self.frame_of(side), self.frame_of(side + 1), self._calm(number))

    def _words_across(self, number: int, across: Opening) -> tuple[Place | None, tuple[Block, ...]]:
        """The words on a calm part of a picture that fills both pages, or on the paper into which it fades."""
        words = self.told[number - 1]
        if not across.flow or not self._says(words):
            return self._placed(number, across.left, across.box)
        large = replace(self.setting, size=LARGER * self.setting.size)
        tried = [together(words, setting, across.paper.width, self.measure) for setting in (large, self.setting)]
        room = (blocks for blocks in tried if sum(block.height for block in blocks) <= across.paper.height)
        return Place(across.paper, Reading(INK), 0.0, 0.0), next(room, tried[-1])

    def _calm(self, number: int) -> Calm | None:
        return self.calms[number - 1] if number <= len(self.calms) else None

    def _placed(self, number: int, page: Frame, box: Box) -> Placed:
        """Where the words stand on a picture that fills `box`, and the words in lines that fit there; looked for once."""
        if (number, page.safe, box) not in self.placed:
            self.placed[number, page.safe, box] = self._place(number, page, box)
        return self.placed[number, page.safe, box]

    def _place(self, number: int, page: Frame, box: Box) -> Placed:
        words = self.told[number - 1]
        if not self._says(words):
            return None, ()
        chosen, calm = self.book.pages[number - 1].text_box, self._calm(number)
        laid = cover_fit(calm.width, calm.height, box) if calm else box
        pad = 0.5 * self.setting.size
        if chosen:
            zone, blocks = self._own_zone(words, page, chosen)
            return (place_at(calm, laid, zone, pad), blocks) if zone.height <= page.safe.height else (None, ())
        room = page.safe.inset(pad)
        tried = [together(words, self.setting, share * room.width, self.measure) for share in COLUMNS]
        sizes = [self._extent(blocks) for blocks in tried]
        low = [size for size in sizes if size[1] <= MOST_ON_PICTURE * page.trim.height]
        place = best_place(calm, laid, room, low or sizes[:1], pad)
        if place is None:
            return None, ()
        return place, tried[sizes.index((place.zone.width, place.zone.height))]

    def _own_zone(self, words: Words, page: Frame, chosen: Shares) -> tuple[Box, tuple[Block, ...]]:
        """Where a person put the words: as wide as they wish, as high as the words need, inside the margins."""
        trim, safe = page.trim, page.safe
        left, right = (max(safe.left, min(safe.right, trim.left + share * trim.width)) for share in chosen[::2])
        least = min(8 * self.setting.size, safe.width)
        left = min(left, safe.right - least)
        wide = max(least, right - left)
        blocks = together(words, self.setting, wide, self.measure)
        high = sum(block.height for block in blocks)
        middle = trim.top - trim.height * (chosen[1] + chosen[3]) / 2
        bottom = max(safe.bottom, min(safe.top - high, middle - high / 2))
        return Box(left, bottom, wide, high), blocks

    def on_picture(self, number: int, side: int) -> Place | None:
        """Where the words stand on a picture that fills the page; None where they have no room, or there are none."""
        page = self.frame_of(side)
        return self._placed(number, page, page.ink)[0]

    def _room(self, number: int, side: int) -> bool:
        """Whether the words can stand on the picture at all."""
        words = self.told[number - 1]
        return not self._says(words) or self.on_picture(number, side) is not None

    def _extent(self, blocks: Sequence[Block]) -> tuple[float, float]:
        wide = max(self.measure(line, block.face, block.size) for block in blocks for line in block.lines)
        return wide, sum(block.height for block in blocks)

    def _printed(self, place: Place | None, blocks: Sequence[Block]) -> tuple[Mark, ...]:
        if place is None:
            return ()
        told = tuple(replace(block, colour=place.reading.colour) for block in blocks)
        return stack(told, place.zone, self.measure)

    def _veil(self, place: Place) -> tuple[Veil, ...]:
        soft = 1.2 * self.setting.size
        return (
            (Veil(place.zone.inset(-soft), place.reading.veil, soft, colour=place.reading.veil_colour),)
            if place.reading.veil
            else ()
        )

    def _set(self, part: Part, zone: Box, centred: bool) -> tuple[Mark, ...]:
        if not centred or any(block.cap for block in part.blocks):  # lines begin at one edge, all of them in the middle
            widest = max(
                (self._extent([block])[0] + block.cap_width for block in part.blocks if block.lines), default=0
            )
            widest = min(widest, zone.width)
            zone = Box(zone.centre - widest / 2, zone.bottom, widest, zone.height)
            return stack(part.blocks, zone, self.measure, centred=False)
        return stack(part.blocks, zone, self.measure)

    def _alone(self, words: Words, page: Frame, capped: bool = False) -> list[Part]:
        """The words on a side of their own; nothing when they have no room on one, or there are none."""
        zone, size = full_zone(page), LARGER * self.setting.size
        limit = min(zone.width, LONGEST_LINE * size)
        blocks = together(words, replace(self.setting, size=size), limit, self.measure)
        cap = Type(size, INK, limit, self.measure, face=self.setting.face).capped(words.first) if capped else None
        if cap:
            blocks = (replace(cap, after=blocks[0].after), *blocks[1:])
        high = sum(block.height for block in blocks)
        return [Part(blocks, cap is None)] if blocks and high <= zone.height else []

    def _lines(self, words: Words, page: Frame) -> int:
        limit = text_zone(page, self.setting).width
        return sum(len(block.lines) for block in together(words, self.setting, limit, self.measure))

    def _says(self, words: Words) -> bool:
        return bool(words.first or words.second)

    def _picture(self, number: int, box: Box, outline: Outline, veils: tuple[Veil, ...] = ()) -> Picture:
        page: Page = self.book.pages[number - 1]
        return Picture(number, box, outline, alt_text(page.scene, self.book.story.language), veils)

    def _waved(self, number: int, side: int, page: Frame) -> tuple[Mark, ...]:
        """The picture up to the paper's edge, and a thin rule that goes along with its wave."""
        ink, trim = page.ink, page.trim
        swell = SWELL * page.em * (1 if side % 2 else -1)
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
        return self._picture(number, box, (start, curve, *corners)), Rule((start, curve), TEAL, 0.0035 * page.em)

    def _name(self, number: int) -> str:
        return WORDS[self.book.story.language]["page"].format(number=number)

    def _folio(self, number: int, side: int, page: Frame) -> Text:
        """The number of the page of the story, in the outer lower corner."""
        words, size, safe = str(number), 0.019 * page.em, page.safe
        right = side % 2 or page.wide  # on wide pages the picture is at the left
        x = safe.right - self.measure(words, LABEL, size) if right else safe.left
        return Text((Line(words, x, safe.bottom),), LABEL, size, WARM, role="folio")
