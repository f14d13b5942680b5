"""The sides at both ends of a book: endpapers, about the hero, a page for the reader, and blank ones."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .book import Book
from .colophon import WORDS
from .faces import TITLE
from .geometry import Box, Frame, Outline, around, circle
from .lines import Measure, balance, clean, ends_of
from .marks import INK, SOFT_INK, TEAL, Block, Fill, Mark, Rule, Side, stack
from .matter import LONG_ABOUT, fit_names, glimpse

GROUND, LEAF, STAR, DOT = "#CFE3DC", "#9CC4B8", "#FBF6EC", "#EBB798"  # of the endpapers
MOTIF = 0.125  # of the em: from one motif to the next
GLIMPSES = 3  # of the hero
FRAME_ROUND = 0.04  # of the em: corners of the reader's frame


def endpaper_side(page: Frame) -> Side:
    """A quiet pattern of stars, leaves and dots up to the paper's edge."""
    step = MOTIF * page.em
    rows, columns = int(page.media.height / step) + 2, int(page.media.width / step) + 2
    marks: list[Mark] = [Fill(around(page.ink), GROUND)]
    for row in range(rows):
        for column in range(columns):
            x = page.trim.left + (column + row % 2 / 2) * step
            y = page.trim.bottom + row * step
            motif, colour = _motif((row * 2 + column * 3) % 5, x, y, 0.14 * step)
            if page.ink.holds(Box(x - 0.2 * step, y - 0.2 * step, 0.4 * step, 0.4 * step)):
                marks.append(Fill(motif, colour))
    return Side(page, tuple(marks), part="endpaper")


def _motif(kind: int, x: float, y: float, radius: float) -> tuple[Outline, str]:
    if kind == 0:
        return star(x, y, 1.5 * radius), STAR
    if kind in (1, 3):
        return circle(x, y, 0.5 * radius), DOT
    tip, turn = 1.7 * radius, (1, -1)[kind == 4]
    dx, dy = tip * 0.7, tip * 0.7 * turn
    leaf = (
        (x - dx, y - dy),
        (x - dx * 0.9, y + dy * 0.6, x - dx * 0.2, y + dy, x + dx, y + dy),
        (x + dx * 0.9, y - dy * 0.6, x + dx * 0.2, y - dy, x - dx, y - dy),
    )
    return leaf, LEAF


def star(x: float, y: float, radius: float) -> Outline:
    """A star of five points around (x, y)."""
    far = [(radius, 0.45 * radius)[point % 2] for point in range(10)]
    turns = [math.pi / 2 + point * math.pi / 5 for point in range(10)]
    return tuple((x + r * math.cos(turn), y + r * math.sin(turn)) for r, turn in zip(far, turns, strict=True))


def hero_side(book: Book, page: Frame, measure: Measure) -> Side:
    """Who the book is about: three glimpses of the hero, the name, and some words of the person's or the studio's own."""
    words, em, hero = WORDS[book.story.language], page.em, book.cast.hero
    name = hero.name if hero else ""
    told = clean(book.design.about) or words["about"].format(name=name)
    zone = page.safe.inset(0.06 * em)
    radius = min(0.13 * em, zone.width / 7.2)  # three of them, and half a radius between
    heading = balance(
        words["about heading"].format(name=name), zone.width, lambda line: measure(line, TITLE, 0.05 * em)
    )
    head = Block(heading, TITLE, 0.05 * em, INK, 0.02 * em, role="heading")
    room = Box(zone.left, zone.bottom, zone.width, zone.height - 2.5 * radius - head.height)
    lines, size = fit_names(LONG_ABOUT, told, book.design.face, 0.034 * em, 20, room, measure)
    blocks = [head, Block(lines, book.design.face, size, SOFT_INK, ends=ends_of(lines, told))]
    high = sum(block.height for block in blocks)
    top = zone.bottom + (zone.height + high + 2.5 * radius) / 2
    marks = [mark for one in _glimpses(book, page, top - radius, radius) for mark in one]
    under = Box(zone.left, top - 2.5 * radius - high, zone.width, high)
    return Side(page, (*marks, *stack(blocks, under, measure)), words["about heading"].format(name=name), "hero")


def _glimpses(book: Book, page: Frame, y: float, radius: float) -> Iterator[tuple[Mark, ...]]:
    """Round windows in a row, from pages on which the hero is, spread over the story."""
    name = book.cast.hero.name if book.cast.hero else ""
    there = [number for number, one in enumerate(book.pages, 1) if name in one.scene.who] or [
        *range(1, len(book.pages) + 1)
    ]
    count = min(GLIMPSES, len(there))
    for order in range(count):
        number = there[round(order * (len(there) - 1) / max(1, count - 1))]
        x = page.safe.centre + (order - (count - 1) / 2) * 2.5 * radius
        yield glimpse(number, x, y, radius, page.em)


def own_side(book: Book, page: Frame, measure: Measure) -> Side:
    """A page on which the reader draws: a heading and an empty frame."""
    words, em, safe = WORDS[book.story.language], page.em, page.safe
    size = 0.036 * em
    lines = balance(words["own page"], safe.width, lambda line: measure(line, TITLE, size))
    head = Block(lines, TITLE, size, TEAL, role="heading")
    zone = Box(safe.left, safe.top - head.height, safe.width, head.height)
    box = Box(safe.left, safe.bottom, safe.width, safe.height - head.height - 0.03 * em)
    rule = Rule(_rounded(box, FRAME_ROUND * em), TEAL, 0.004 * em)
    return Side(page, (*stack([head], zone, measure), rule), words["own page"], "own")


def _rounded(box: Box, radius: float) -> Outline:
    """A rectangle with round corners, closed."""
    left, right, low, top, r = box.left, box.right, box.bottom, box.top, radius
    h = r * 0.45
    return (
        (left + r, low), (right - r, low), (right - h, low, right, low + h, right, low + r),
        (right, top - r), (right, top - h, right - h, top, right - r, top),
        (left + r, top), (left + h, top, left, top - h, left, top - r),
        (left, low + r), (left, low + h, left + h, low, left + r, low),
    )  # fmt: skip


def blank_side(page: Frame) -> Side:
    """Paper."""
    return Side(page, part="blank")
