"""What can stand on a side of a leaf: areas, rules, pictures, lines of text. Plain data in points, for any printer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..story.story import Language
from .faces import LABEL, NOTE, STORY, TITLE
from .geometry import Box, Frame, Outline, bounds
from .lines import Measure, hung

PAPER, INK, SOFT_INK, TEAL, WARM = "#FBF6EC", "#2B2430", "#625A63", "#1F7A74", "#C4532B"
LEADING = {  # Vietnamese letters wear two marks: lines need air
    STORY: 1.42, TITLE: 1.2, NOTE: 1.5, LABEL: 1.5,
    "Baloo2-Regular": 1.42, "PatrickHand-Regular": 1.32, "Quicksand-Medium": 1.42,
}  # fmt: skip
CAP = 0.72  # height of a capital letter, in sizes
CAP_LINES = 2  # that a large first letter is high
DASH_PT = 1.6


@dataclass(frozen=True, slots=True)
class Fill:
    """An area of one colour."""

    outline: Outline
    colour: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of one colour along `path`."""

    path: Outline
    colour: str
    width: float


@dataclass(frozen=True, slots=True)
class Veil:
    """A colour laid softly over a part of a picture: inside `box`, or `around` it. It is painted into the pixels, because
    print services want no transparency."""

    box: Box
    strength: float = 1.0  # 0 … 1: how much of the picture it hides
    feather: float = 0.0  # points over which it fades, half of them on either side of the edge
    around: bool = False
    colour: str = ""  # the paper's when empty


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of page `number`, filling `box` (cut where it is longer), seen through `outline`.

    `alt` tells what is to be seen, in the language of the story; a picture without is an ornament.
    """

    number: int
    box: Box
    outline: Outline
    alt: str = ""
    veils: tuple[Veil, ...] = ()

    @property
    def seen(self) -> Box:
        """The smallest box around what is seen of it."""
        return bounds(self.outline).within(self.box)


Role = Literal["title", "heading", "words", "note", "folio"]


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline, which begins at (x, y)."""

    words: str
    x: float
    y: float
    ends: bool = True  # a paragraph; the words of the next line follow after a space otherwise


@dataclass(frozen=True, slots=True)
class Text:
    """Words that belong together, in lines from top to bottom. `language`: when it is not that of the story.

    A folio is no part of what is read aloud. `cap` is a large first letter, which the first line leaves out.
    """

    lines: tuple[Line, ...]
    face: str
    size: float
    colour: str
    language: Language | None = None
    role: Role = "words"
    cap: Line | None = None  # set in faces.TITLE
    cap_size: float = 0.0
    turned: bool = False  # a quarter to the right, around the start of its line: on a spine

    @property
    def words(self) -> str:
        """As it is read: paragraphs parted by line breaks."""
        said = "".join(line.words + ("\n" if line.ends else " ") for line in self.lines).strip()
        return (self.cap.words if self.cap else "") + said


Mark = Fill | Rule | Picture | Text


Part = Literal[
    "cover", "endpaper", "half title", "dedication", "title", "story", "hero", "own", "colophon", "blank", "back"
]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a leaf, which is one page of the PDF. `name` is its bookmark; a side that goes on has none."""

    frame: Frame
    marks: tuple[Mark, ...] = ()
    name: str = ""
    part: Part = "story"
    number: int = 0  # of the page of the story that it shows; 0 for none


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind, and the room after them."""

    lines: tuple[str, ...]
    face: str
    size: float
    colour: str
    after: float = 0.0
    language: Language | None = None  # when it is not that of the story
    role: Role = "words"
    ends: frozenset[int] = frozenset()  # numbers, from 0, of the lines that end a paragraph; the last one does too
    cut: bool = False  # the last one goes on elsewhere
    cap: str = ""  # a large letter before the first lines, its size and the room that it takes
    cap_size: float = 0.0
    cap_width: float = 0.0

    @property
    def height(self) -> float:
        """With the room after them."""
        return len(self.lines) * self.size * LEADING[self.face] + self.after


@dataclass(frozen=True, slots=True)
class Dash:
    """A short rule that parts what stands above from what stands below, and the room after it."""

    width: float
    after: float

    @property
    def height(self) -> float:
        """The rule itself takes no room."""
        return self.after


def stack(blocks: Sequence[Block | Dash], zone: Box, measure: Measure, centred: bool = True) -> tuple[Mark, ...]:
    """The blocks one under the other, in the middle of the zone's height; each line centred or begun at the left."""
    marks: list[Mark] = []
    top = zone.bottom + (zone.height + sum(block.height for block in blocks)) / 2
    for block in blocks:
        if isinstance(block, Dash):
            left = zone.centre - block.width / 2
            marks.append(Rule(((left, top), (left + block.width, top)), WARM, DASH_PT))
        elif block.lines:
            marks.append(_text(block, top, zone, measure, centred))
        top -= block.height
    return tuple(marks)


def _text(block: Block, top: float, zone: Box, measure: Measure, centred: bool) -> Text:
    lines = tuple(_lines(block, top, zone, measure, centred))
    cap = None
    if block.cap:
        beside = lines[CAP_LINES - 1]
        cap = Line(block.cap, beside.x - block.cap_width, beside.y, False)
    return Text(lines, block.face, block.size, block.colour, block.language, block.role, cap, block.cap_size)


def _lines(block: Block, top: float, zone: Box, measure: Measure, centred: bool) -> Iterator[Line]:
    """Each line; light signs at its ends hang out, so that the edge, or the middle, looks straight."""
    leading = block.size * LEADING[block.face]
    down = (leading + block.size * CAP) / 2  # a capital stands in the middle of its line's height
    last = len(block.lines) - 1
    for number, line in enumerate(block.lines):
        left, core, _right = hung(line)
        before = measure(left, block.face, block.size) if left else 0.0
        x = zone.centre - measure(core, block.face, block.size) / 2 if centred else zone.left
        if block.cap and number < CAP_LINES:
            x += block.cap_width
        ends = number in block.ends or (number == last and not block.cut)
        yield Line(line, x - before, top - number * leading - down, ends)
