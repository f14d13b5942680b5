"""The cover: its front, its back, and both with the spine between them as a print service wants them."""

from __future__ import annotations

from ..errors import BadInput
from .book import Book
from .colophon import WORDS, title
from .faces import LABEL, TITLE
from .geometry import Box, Frame, Outline, around, wave
from .lines import Measure, clean, ends_of
from .marks import CAP, INK, LEADING, PAPER, TEAL, Block, Fill, Line, Mark, Picture, Rule, Side, Text, stack
from .matter import LONG_BLURB, fit_names, glimpse, names_of
from .profiles import INCH_PT, TEXT_MARGIN_PT, Profile, Trim

BARCODE = (2.0 * INCH_PT, 1.2 * INCH_PT)  # KDP: lower right of the back, a quarter of an inch from its edges
BARCODE_EDGE = 0.25 * INCH_PT
SPINE_CLEAR = 0.0625 * INCH_PT  # on both sides of words on a spine
SPINE_SIZES = (8.0, 28.0)  # least and most points
MIST = "#DCEAE5"  # of the back and the spine: the teal of the studio, far away


def cover_side(book: Book, page: Frame, measure: Measure) -> Side:
    """The picture of the cover as large as it goes, and a calm band of paper with the title and the author."""
    return Side(page, front_marks(book, page, measure), WORDS[book.story.language]["cover"], "cover")


def back_side(book: Book, page: Frame, measure: Measure) -> Side:
    """The back of the cover: a glimpse of the book and what a person says about it."""
    marks = (Fill(around(page.ink), MIST), *back_marks(book, page, page.safe, measure))
    return Side(page, marks, WORDS[book.story.language]["back"], "back")


def wrap_side(book: Book, profile: Profile, trim: Trim, pages: int, measure: Measure) -> Side:
    """Back, spine and front of a book of so many pages on one side, as its binder wants it; the barcode's place is free.

    Raises BadInput for a profile without a spine: such a service gives a template.
    """
    if profile.spine is None:
        raise BadInput("{name} gives a template for the cover; there is none to be made here.", name=profile.title)
    spine, bleed = profile.spine.width_pt(pages), profile.bleed_pt
    media = Box(0, 0, 2 * trim.width_pt + spine + 2 * bleed, trim.height_pt + 2 * bleed)
    back = Box(bleed, bleed, trim.width_pt, trim.height_pt)
    front = back.moved(trim.width_pt + spine)
    whole = Frame(media, media.inset(bleed), media, media.inset(bleed + TEXT_MARGIN_PT))
    ink = Box(front.left, 0, media.right - front.left, media.height)
    marks = [Fill(around(media), MIST), Fill(around(ink), PAPER)]
    at_back = Frame(media, back, Box(0, 0, back.right, media.height), back.inset(TEXT_MARGIN_PT))
    free = BARCODE[1] + BARCODE_EDGE - TEXT_MARGIN_PT + 0.03 * at_back.em
    room = Box(at_back.safe.left, at_back.safe.bottom + free, at_back.safe.width, at_back.safe.height - free)
    return Side(
        whole,
        (
            *marks,
            *back_marks(book, at_back, room, measure),
            *_spine(book, Box(back.right, back.bottom, spine, back.height), profile, pages, measure),
            *front_marks(book, Frame(media, front, ink, front.inset(TEXT_MARGIN_PT)), measure),
        ),
        WORDS[book.story.language]["cover"],
        "cover",
    )


def barcode_box(trim: Trim, profile: Profile) -> Box:
    """Where the binder prints the barcode on `wrap_side`."""
    right, bottom = profile.bleed_pt + trim.width_pt - BARCODE_EDGE, profile.bleed_pt + BARCODE_EDGE
    return Box(right - BARCODE[0], bottom, *BARCODE)


def front_marks(book: Book, page: Frame, measure: Measure) -> tuple[Mark, ...]:
    """What is on the front, within the frame's ink."""
    ink, trim, em = page.ink, page.trim, page.em
    if page.wide:
        edge = trim.left + 0.6 * trim.width
        start, end = (edge, ink.bottom), (edge, ink.top)
        box = Box(ink.left, ink.bottom, edge + 0.03 * em - ink.left, ink.height)
        corners: Outline = ((ink.left, ink.top), (ink.left, ink.bottom))
        zone = Box(edge + 0.07 * em, page.safe.bottom, page.safe.right - edge - 0.07 * em, page.safe.height)
    else:
        edge = trim.bottom + trim.height * min(max(trim.width / trim.height, 0.68), 0.74)
        start, end = (ink.left, edge), (ink.right, edge)
        box = Box(ink.left, ink.bottom, ink.width, edge + 0.03 * em - ink.bottom)
        corners = ((ink.right, ink.bottom), (ink.left, ink.bottom))
        zone = Box(page.safe.left, edge + 0.035 * em, page.safe.width, page.safe.top - edge - 0.035 * em)
    curve = wave(start, end, 0.09 * em)
    names = stack(names_of(book, zone, em, 0.1, measure), zone, measure)
    alt = WORDS[book.story.language]["cover alt"].format(title=clean(title(book)))
    return Picture(book.cover, box, (start, curve, *corners), alt), Rule((start, curve), TEAL, 0.005 * em), *names


def back_marks(book: Book, page: Frame, room: Box, measure: Measure) -> tuple[Mark, ...]:
    """A round glimpse of the last picture and the blurb under it, in the middle of `room`."""
    em, words = page.em, clean(book.design.blurb)
    radius = min(0.17 * em, room.width / 2, 0.24 * room.height)
    if not words:
        return glimpse(len(book.pages), room.centre, room.bottom + room.height / 2, radius, em)
    zone = Box(room.left + 0.06 * em, room.bottom, room.width - 0.12 * em, room.height - 2 * radius - 0.07 * em)
    lines, size = fit_names(LONG_BLURB, words, book.design.face, 0.032 * em, 14, zone, measure)
    block = Block(lines, book.design.face, size, INK, ends=ends_of(lines, words))
    top = room.bottom + (room.height + 2 * radius + 0.07 * em + block.height) / 2
    under = Box(zone.left, top - 2 * radius - 0.07 * em - block.height, zone.width, block.height)
    return *glimpse(len(book.pages), room.centre, top - radius, radius, em), *stack([block], under, measure)


def _spine(book: Book, spine: Box, profile: Profile, pages: int, measure: Measure) -> tuple[Mark, ...]:
    """The title along the spine, read from the top; nothing where the service prints no words on it."""
    size = min(SPINE_SIZES[1], (spine.width - 2 * SPINE_CLEAR) / LEADING[LABEL] * 1.2)
    words = clean(title(book)).replace("\n", " ")
    if profile.spine is None or pages < profile.spine.text_from or size < SPINE_SIZES[0]:
        return ()
    long = measure(words, TITLE, size)
    if long > spine.height - 2 * TEXT_MARGIN_PT:
        return ()
    start = Line(words, spine.centre - size * CAP / 2, spine.bottom + (spine.height + long) / 2)
    return (Text((start,), TITLE, size, INK, role="note", turned=True),)
