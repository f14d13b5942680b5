"""The lines of printed pages become paragraphs again: what was only wrapped is joined, what was broken stays broken.

A page says where a line stands, not why it ends. A gap, an indent or another size of letters begins a paragraph; a line
that ends although the next word would have fitted was broken by its author, as in verse; all others were only wrapped.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

MARGIN = 0.17  # share of a page, at its top and bottom, where running heads and page numbers stand
ALONE = 1.8  # sizes of its letters between a running head and the text
FEWEST_HEADS = 3  # pages that say the same in their margin
GAP = 1.3  # times the usual distance of lines begins a paragraph
WIDEST_SPACING = 2.4  # sizes of their letters between lines that are double-spaced; what is wider is a gap
INDENT = 0.5  # times the size of the letters
FITTED = 0.92  # of the widest line; widths are estimates
EVEN = 0.8  # of its widest line: a paragraph whose lines are all as wide was wrapped to a narrower column
_NUMBER = re.compile(
    r"\W*(?:(?:[Pp]age|[Tt]rang|p\.|tr\.)\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of|trên)\s*\d{1,4})?\W*"
)
_ENDED = re.compile(r"[.!?…:][”\"’»)\]]*$")
_ITEM = re.compile(r"(?:[–—•*-]|\d{1,2}[.)])\s+\W*[^\W_]")  # spoken lines and items of lists
_HALF = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_COMPOUND = re.compile(r"[a-z]+-[a-z]+")
_MARKED = re.compile("[ăđơư\u1ea0-\u1ef9]", re.IGNORECASE)  # letters of no other language than Vietnamese
_NARROW, _WIDE = frozenset("iljtfrI.,:;!'’‘|()- ìíỉĩị"), frozenset("mwMWQOGĐ@—…")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: where it begins and how large its letters are, in points; `level` is 0 at the page's foot, 1 on top."""

    text: str
    x: float
    y: float
    size: float
    level: float

    @property
    def width(self) -> float:
        """About how wide it is, in points."""
        return self.size * sum(map(_share, self.text))

    @property
    def goes_on(self) -> bool:
        """Whether it can only be the rest of something: it begins with a small letter."""
        return self.text.lstrip("“\"‘'(")[:1].islower()

    @property
    def has_ended(self) -> bool:
        return _ENDED.search(self.text) is not None

    def level_with(self, other: Line) -> bool:
        return abs(self.y - other.y) < 0.3 * self.size

    def like(self, other: Line) -> bool:
        """Whether its letters are as large as the other's."""
        return abs(self.size - other.size) <= 0.15 * max(self.size, other.size)


Page = Sequence[Line]


def joined(pages: Sequence[Page]) -> list[str]:
    """The paragraphs on the pages, without running heads and page numbers. Lines of verse end with \\n."""
    bodies = _without_margins(pages)
    full = _full_width(bodies)
    compounds = set(_COMPOUND.findall("\n".join(line.text.lower() for page in bodies for line in page)))
    return [_flowing(block, full, compounds) for block in _blocks(bodies, full)]


def _share(sign: str) -> float:
    """The width of a letter as a share of its size, in a usual text face."""
    return 0.3 if sign in _NARROW else 0.85 if sign in _WIDE else 0.65 if sign.isupper() else 0.52


def _without_margins(pages: Sequence[Page]) -> list[list[Line]]:
    """The pages without their numbers and without what at least three of them say at the same edge."""
    edges = [_edge(page, 1) + _edge(page, -1) for page in pages]
    said = Counter(head for edge in edges for head in set(map(_head, edge)))
    marginal = ({line for line in edge if _NUMBER.fullmatch(line.text) or _repeats(line, said)} for edge in edges)
    return [[line for line in page if line not in left_out] for page, left_out in zip(pages, marginal, strict=True)]


def _edge(page: Page, up: int) -> list[Line]:
    """The lines nearest to the top (1) or the foot (-1) of a page, when they stand alone in its margin."""
    outer = max(page, key=lambda line: up * line.y, default=None)
    if outer is None or (outer.level < 1 - MARGIN if up > 0 else outer.level > MARGIN):
        return []
    row = [line for line in page if abs(line.y - outer.y) <= outer.size / 2]
    nearest = min((away for line in page if (away := abs(line.y - outer.y)) > outer.size / 2), default=math.inf)
    return row if nearest >= ALONE * outer.size else []


def _head(line: Line) -> tuple[bool, str]:
    """What lines of several pages share when they are one running head."""
    return line.level > 0.5, re.sub(r"\d+", "#", line.text).casefold()


def _repeats(line: Line, said: Counter[tuple[bool, str]]) -> bool:
    """Whether it is a running head; a sentence that comes back on many pages is a refrain and stays."""
    return said[_head(line)] >= FEWEST_HEADS and not line.has_ended


def _full_width(pages: Sequence[Page]) -> float:
    """The width of the widest line in letters of the usual size; 0 when there is none."""
    lines = [line for page in pages for line in page]
    sizes = Counter(round(line.size) for line in lines for _ in line.text)
    usual = max(sizes, key=lambda size: sizes[size], default=0)
    return max((line.width for line in lines if round(line.size) == usual), default=0.0)


def _blocks(pages: Sequence[Page], full: float) -> Iterator[list[Line]]:
    """The lines of each paragraph or stanza, across pages."""
    distance = _usual_distance(pages)
    block: list[Line] = []
    for page in pages:
        left = _left(page)
        for number, line in enumerate(page):
            turned = number == 0 or line.y > page[number - 1].y + line.size  # a new page or column
            if block and (_begins_page(block[-1], line, full) if turned else _begins(block[-1], line, left, distance)):
                yield block
                block = []
            block.append(line)
    if block:
        yield block


def _usual_distance(pages: Sequence[Page]) -> float:
    """How far lines of a paragraph stand apart, in sizes of their letters."""
    steps = sorted((above.y - below.y) / (below.size or 1) for page in pages for above, below in pairwise(page))
    steps = [step for step in steps if step > 0.8]
    return min(steps[len(steps) // 4], WIDEST_SPACING) if steps else WIDEST_SPACING


def _left(page: Page) -> float | None:
    """Where most lines of a page begin; None where they are centred."""
    begins = Counter(round(line.x) for line in page)
    usual = max(begins, key=lambda x: (begins[x], -x), default=0)
    return None if len(page) >= 3 and begins[usual] < max(2, 0.3 * len(page)) else usual


def _is_drop_cap(line: Line, following: Line) -> bool:
    return len(line.text) == 1 and line.text.isalpha() and line.size > 1.6 * following.size


def _begins(above: Line, line: Line, left: float | None, distance: float) -> bool:
    """Whether a paragraph begins with `line`, which follows on the same page."""
    if _is_drop_cap(above, line) or line.level_with(above):
        return False
    if not line.like(above) or above.y - line.y > GAP * distance * line.size:
        return True
    indent = INDENT * line.size
    moved = left is not None and abs(line.x - above.x) > indent and abs(line.x - left) > indent
    return moved and not line.goes_on


def _begins_page(above: Line, line: Line, full: float) -> bool:
    """Whether a paragraph begins with the first line of a page or column, or goes on from the last one's end."""
    if not line.like(above):
        return not _is_drop_cap(above, line)
    return not line.goes_on and (above.has_ended or _had_room(above, line, full))


def _had_room(line: Line, following: Line, full: float) -> bool:
    """Whether the next word would have fitted on the line."""
    word = following.text.split(maxsplit=1)[0]
    return line.width + line.size * (0.3 + sum(map(_share, word))) < FITTED * full


def _flowing(block: Sequence[Line], full: float, compounds: set[str]) -> str:
    """The text of one block: a stanza, a paragraph, or several that only their short last lines tell apart."""
    rooms = _rooms(block, full)
    verse = len(block) > 2 and any(rooms) and not any(line.goes_on for line in block)
    prose = not verse and 3 * sum(rooms) <= len(rooms)
    centred = all(abs(line.x - following.x) > 1 for line, following in pairwise(block))
    text = block[0].text
    for (line, following), room in zip(pairwise(block), rooms, strict=True):
        short = room and not (centred and following.goes_on)
        over = short and prose and line.has_ended and not following.goes_on
        broken = verse or short or _is_item(line, following)
        text = _glued(text, line, following, compounds, "\n\n" if over else "\n" if broken else " ")
    return text


def _rooms(block: Sequence[Line], full: float) -> list[bool]:
    """For each line but the last, whether the next word would have fitted on it."""
    widest = max(line.width for line in block)
    rooms = [_had_room(line, following, full) for line, following in pairwise(block)]
    narrow = len(block) > 3 and all(line.width > EVEN * widest for line in block[:-1])
    is_verse = not any(line.goes_on for line in block)
    return rooms if is_verse or not narrow else [False] * len(rooms)


def _is_item(line: Line, following: Line) -> bool:
    """Whether somebody else speaks, or a new item of a list begins."""
    item = _ITEM.match(following.text)
    return item is not None and not item[0][-1].islower() and (line.has_ended or _ITEM.match(line.text) is not None)


def _glued(text: str, line: Line, following: Line, compounds: set[str], end: str) -> str:
    """`text`, which ends with `line`, and the line after it; a word that was cut at the end of the line is whole again."""
    if _is_drop_cap(line, following):
        return text + following.text
    if line.level_with(following):
        return f"{text} {following.text}"
    if not _HALF.search(text):
        return text + end + following.text
    first, second = re.split(r"[^\w]+", text[:-1])[-1], re.split(r"\W", following.text)[0]
    foreign = not following.goes_on or _MARKED.search(line.text + following.text)
    kept = text[-1] == "-" and (foreign or f"{first}-{second}".lower() in compounds)
    return (text if kept else text[:-1]) + following.text
