"""The sides around the story that bear names: half title, dedication, title page, colophon."""

from __future__ import annotations

from ..errors import N_, BadInput
from .book import Book
from .colophon import WORDS, colophon, title
from .faces import LABEL, NOTE, TITLE
from .geometry import Box, Frame, circle
from .lines import Measure, balance, clean, ends_of, fit, wrap
from .marks import CAP, INK, LEADING, SOFT_INK, TEAL, Block, Dash, Line, Mark, Picture, Rule, Side, Text, stack

Rows = list[tuple[str, tuple[str, ...]]]  # a label, and the lines of what it says

ROW_GAP = 0.3  # sizes
SMALLEST_NAME_PT = 9.0
DEDICATION = 0.22  # of the height of the page, at most
STEPS = 24  # type sizes tried for a title, from the largest to the smallest
LONG_TITLE = N_("The title '{words}…' is too long for the cover. Give a shorter one; the story is safe.")
LONG_DEDICATION = N_("The dedication '{words}…' is too long for the title page. Give a shorter one; the story is safe.")
LONG_BLURB = N_("The words for the back of the book, '{words}…', are too long for it. Give fewer; the story is safe.")
LONG_ABOUT = N_("The words about the hero, '{words}…', are too long for a page. Give fewer; the story is safe.")
LONG_AUTHOR = N_("The author '{words}…' is too long for the cover. Give a shorter one; the story is safe.")


def half_title_side(book: Book, page: Frame, measure: Measure) -> Side:
    """The title alone, small, as a book begins."""
    zone = Box(page.safe.left, page.safe.bottom + 0.2 * page.safe.height, page.safe.width, 0.7 * page.safe.height)
    words = clean(title(book)).replace("\n", " ")
    lines, size = fit_names(LONG_TITLE, words, TITLE, 0.05 * page.em, 5, zone.inset(0.05 * page.em), measure)
    name = WORDS[book.story.language]["half title"]
    blocks: list[Block | Dash] = [
        Block(lines, TITLE, size, TEAL, 0.02 * page.em, role="heading"),
        Dash(0.07 * page.em, 0.0),
    ]
    return Side(page, stack(blocks, zone, measure), name, "half title")


def dedication_side(book: Book, page: Frame, measure: Measure) -> Side:
    """The dedication in the middle of the page, in the lines that it was given in; without one, a glimpse of the book."""
    words, em = clean(book.story.dedication), page.em
    if not words:
        middle = page.safe.bottom + page.safe.height / 2
        number = (len(book.pages) + 1) // 2
        return Side(page, glimpse(number, page.safe.centre, middle, 0.12 * em, em), part="dedication")
    zone = page.safe.inset(0.1 * em)
    lines, size = fit_names(LONG_DEDICATION, words, book.design.face, 0.034 * em, 12, zone, measure)
    told = Block(lines, book.design.face, size, SOFT_INK, 0.03 * em, ends=ends_of(lines, words))
    blocks: list[Block | Dash] = [told, Dash(0.07 * em, 0.0)]
    return Side(page, stack(blocks, zone, measure), WORDS[book.story.language]["dedication"], "dedication")


def title_side(book: Book, page: Frame, measure: Measure, dedicated: bool) -> Side:
    """A round glimpse of the cover's picture over the title and the author; `dedicated`: the dedication at the foot."""
    em, words = page.em, WORDS[book.story.language]
    dedication, safe = _dedication(book, page, measure) if dedicated else ((), page.safe)
    radius, gap = min((0.18 if dedication else 0.21) * em, 0.3 * safe.height), 0.06 * em
    room = Box(safe.left + 0.04 * em, safe.bottom, safe.width - 0.08 * em, safe.height - 2 * radius - gap)
    names = names_of(book, room, em, 0.075, measure, words["by"])
    height = sum(block.height for block in names)
    top = safe.bottom + (safe.height + 2 * radius + gap + height) / 2  # of all, in the middle of the page
    window = glimpse(book.cover, safe.centre, top - radius, radius, em)
    zone = Box(room.left, top - 2 * radius - gap - height, room.width, height)
    return Side(page, (*window, *stack(names, zone, measure), *dedication), words["title page"], "title")


def _dedication(book: Book, page: Frame, measure: Measure) -> tuple[tuple[Mark, ...], Box]:
    """The dedication at the foot of the page, in the lines that it was given in, and the room left over it."""
    safe, em, words = page.safe, page.em, clean(book.story.dedication)
    if not words:
        return (), safe
    foot = Box(safe.left + 0.1 * em, safe.bottom, safe.width - 0.2 * em, DEDICATION * safe.height)
    lines, size = fit_names(LONG_DEDICATION, words, NOTE, 0.025 * em, 8, foot, measure)
    block = Block(lines, NOTE, size, SOFT_INK, ends=ends_of(lines, words))
    marks = stack([block], Box(foot.left, foot.bottom, foot.width, block.height), measure)
    taken = block.height + 0.05 * em
    return marks, Box(safe.left, safe.bottom + taken, safe.width, safe.height - taken)


def names_of(
    book: Book, zone: Box, em: float, largest: float, measure: Measure, by: str = "{author}"
) -> list[Block | Dash]:
    """Title and author, to stand one over the other in the zone."""
    words = clean(title(book)).replace("\n", " ")
    author = clean(book.story.author).replace("\n", " ")
    below: list[Block | Dash] = []
    if author:
        low = Box(zone.left, zone.bottom, zone.width, 0.4 * zone.height)
        lines, size = fit_names(LONG_AUTHOR, by.replace("{author}", author), NOTE, 0.028 * em, 2, low, measure)
        below = [Dash(0.07 * em, 0.018 * em), Block(lines, NOTE, size, SOFT_INK, role="note")]
    gap = 0.016 * em if below else 0.0
    room = Box(zone.left, zone.bottom, zone.width, zone.height - sum(block.height for block in below) - gap)
    lines, size = fit_names(LONG_TITLE, words, TITLE, largest * em, 4, room, measure)
    return [Block(lines, TITLE, size, INK, gap, role="title"), *below]


def fit_names(
    refusal: str, words: str, face: str, largest: float, most: int, zone: Box, measure: Measure
) -> tuple[tuple[str, ...], float]:
    """At most `most` lines and the largest size at which they have room. Raises BadInput, the `refusal`, else."""
    sizes = [largest - (largest - SMALLEST_NAME_PT) * step / STEPS for step in range(STEPS + 1)]

    def width(line: str, size: float) -> float:
        return measure(line, face, size)

    found = fit(words, zone.width, zone.height, sizes, LEADING[face], most, width)
    if found is None:
        raise BadInput(refusal, words=" ".join(words.split())[:60])
    return found


def colophon_side(book: Book, page: Frame, measure: Measure) -> Side:
    """How the book was made: a round glimpse of the last picture, a heading, a sentence, and two columns."""
    told, em = colophon(book), page.em
    size = max(8.0, 0.018 * em)
    zone = page.safe.inset(0.02 * em)
    rows = [(label, _note(said, 0.6 * zone.width, size, measure)) for label, said in told.rows]
    heading = balance(told.heading, zone.width, lambda line: measure(line, TITLE, 0.036 * em))
    head: list[Block | Dash] = [
        Block(heading, TITLE, 0.036 * em, INK, 0.008 * em, role="heading"),
        Block(_note(told.sentence, zone.width, size, measure), NOTE, size, SOFT_INK, 0.025 * em, role="note"),
        Dash(0.07 * em, 0.03 * em),
    ]
    over, table = sum(block.height for block in head), _table_height(rows, size)
    radius = max(0.0, min(0.09 * em, (zone.height - over - table) / 2 - 0.02 * em))
    top = zone.bottom + (zone.height + over + table - 2 * radius - 0.03 * em) / 2  # of the words, under the picture
    window = glimpse(len(book.pages), zone.centre, top + 0.03 * em + radius, radius, em)
    words = stack(head, Box(zone.left, top - over, zone.width, over), measure)
    marks = (*window, *words, *_table(rows, top - over, zone, size, measure))
    return Side(page, marks, WORDS[book.story.language]["colophon"], "colophon")


def glimpse(number: int, x: float, y: float, radius: float, em: float) -> tuple[Mark, ...]:
    """A picture in a round window with a ring around it."""
    window = Box(x - radius, y - radius, 2 * radius, 2 * radius)
    ring = circle(x, y, radius + 0.012 * em)
    return Picture(number, window, circle(x, y, radius)), Rule(ring, TEAL, 0.0035 * em)


def _table_height(rows: Rows, size: float) -> float:
    return sum(len(lines) * LEADING[NOTE] + ROW_GAP for _, lines in rows) * size


def _note(words: str, limit: float, size: float, measure: Measure) -> tuple[str, ...]:
    return wrap(clean(words), limit, lambda line: measure(line, NOTE, size))


def _table(rows: Rows, top: float, zone: Box, size: float, measure: Measure) -> tuple[Mark, ...]:
    """Labels that end, and what they say that begins, at one upright line."""
    marks: list[Mark] = []
    line_at, gap = zone.left + 0.36 * zone.width, 0.6 * size
    for label, lines in rows:
        y = top - size * (LEADING[NOTE] + CAP) / 2
        start = Line(label, line_at - gap - measure(label, LABEL, size), y)
        said = (Line(line, line_at + gap, y - n * size * LEADING[NOTE], False) for n, line in enumerate(lines))
        marks += Text((start,), LABEL, size, TEAL, role="note"), Text(tuple(said), NOTE, size, INK, role="note")
        top -= len(lines) * size * LEADING[NOTE] + ROW_GAP * size
    return tuple(marks)
