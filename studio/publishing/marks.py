"""What can stand on a side of a leaf: areas, rules, pictures, lines of text. Plain data in points, for any printer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..story.story import Language
from .faces import LABEL, NOTE, STORY, TITLE
from .geometry import Box, Frame, Outline
from .lines import Measure

PAPER, INK, SOFT_INK, TEAL, WARM = "#FBF6EC", "#2B2430", "#625A63", "#1F7A74", "#C4532B"
LEADING = {STORY: 1.42, TITLE: 1.2, NOTE: 1.5, LABEL: 1.5}  # Vietnamese letters wear two marks: lines need air
CAP = 0.72  # height of a capital letter, in sizes
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
class Picture:
    """The picture of page `number`, filling `box` (cut where it is longer), seen through `outline`."""

    number: int
    box: Box
    outline: Outline


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words; (x, y) is where its baseline begins. `language`: when it is not that of the story."""

    words: str
    x: float
    y: float
    face: str
    size: float
    colour: str
    language: Language | None = None


Mark = Fill | Rule | Picture | Text


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a leaf, which is one page of the PDF. `name` is its bookmark; a side that goes on has none."""

    frame: Frame
    marks: tuple[Mark, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind, and the room after them."""

    lines: tuple[str, ...]
    face: str
    size: float
    colour: str
    after: float = 0.0
    language: Language | None = None  # when it is not that of the story

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
        else:
            marks += _lines(block, top, zone, measure, centred)
        top -= block.height
    return tuple(marks)


def _lines(block: Block, top: float, zone: Box, measure: Measure, centred: bool) -> Iterator[Text]:
    leading = block.size * LEADING[block.face]
    down = (leading + block.size * CAP) / 2  # a capital stands in the middle of its line's height
    for number, line in enumerate(block.lines):
        x = zone.centre - measure(line, block.face, block.size) / 2 if centred else zone.left
        yield Text(line, x, top - number * leading - down, block.face, block.size, block.colour, block.language)
