"""The anatomy as a lesson on A4: each part with its plates, what it means, its numbers, and the code that does it.

Made from anatomy.json and the plates alone, with the shipped fonts embedded.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import NotFound
from ...files import atomic_path
from ...settings import ASSETS
from .explanation import caption, explanation, known, number, phrase
from .record import Anatomy, Part, read_anatomy

if TYPE_CHECKING:
    from PIL import Image
    from reportlab.pdfgen.canvas import Canvas

PAGE = (595.28, 841.89)  # pt
SIDE, TOP, FOOT = 48.0, 50.0, 58.0  # pt: the margins
WIDE = PAGE[0] - 2 * SIDE
PLATE = WIDE * 1600 / 1544  # so that what is on a plate, and not its edge, stands at the margins
TALLEST = 400.0  # pt, of a plate
SMALLEST = 0.72  # to which a plate is shrunk so that it fits on the page that is begun
BETWEEN = 24.0  # pt, between two blocks
PORTRAIT = 262.0  # pt, a side of the finished picture
PAPER, INK, SOFT, TEAL, LINE = "#FBF6EC", "#2B2430", "#6B6169", "#1F7A74", "#D8CDB8"
TITLE, PLAIN, STRONG = "Baloo2-Bold", "BeVietnamPro-Regular", "BeVietnamPro-SemiBold"
QUALITY = 94  # of the plates in the file


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words, and how far below the one before it stands."""

    words: str
    face: str
    size: float
    lead: float
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Block:
    """What stays together: lines, a plate, and lines beneath it."""

    above: tuple[Line, ...]
    plate: Path
    shape: tuple[int, int]  # width and height in px
    below: tuple[Line, ...]

    def height(self, scale: float = 1.0) -> float:
        return sum(line.lead for line in (*self.above, *self.below)) + scale * self.plate_size[1] + 8

    @property
    def plate_size(self) -> tuple[float, float]:
        """In points: as wide as the text, or as high as a plate may be."""
        scale = min(PLATE / self.shape[0], TALLEST / self.shape[1])
        return self.shape[0] * scale, self.shape[1] * scale


@dataclass(frozen=True, slots=True)
class Placed:
    """A block, the top of it in points from the top of its page, and the scale of its plate."""

    block: Block
    top: float
    scale: float


def lesson(folder: Path, path: Path, language: str) -> Path:
    """Writes the lesson of the anatomy in `folder` to `path`. Raises NotFound, BadInput, NoRoom."""
    known(language)
    _fonts()
    anatomy = read_anatomy(folder)
    _check(anatomy, folder)
    parts = [_blocks(part, place, folder, language) for place, part in enumerate(anatomy.parts, 1)]
    pages = laid(parts, TOP + PORTRAIT + BETWEEN)
    with atomic_path(path) as partial:
        _write(partial, anatomy, folder, pages, language)
    return path


def laid(parts: Sequence[Sequence[Block]], begun: float) -> list[list[Placed]]:
    """The blocks of each part on pages; on the first one they begin at `begun`. Plates are made a little smaller where that saves
    a page or keeps together what a part has left when its page is full."""
    pages: list[list[Placed]] = [[]]
    top, bottom = begun, PAGE[1] - FOOT
    for blocks in parts:
        most = 1.0
        for place, block in enumerate(blocks):
            if (scale := min(most, _scale([block], bottom - top))) < SMALLEST:
                pages.append([])
                top, together = TOP, _scale(blocks[place:], bottom - TOP)
                most = min(1.0, together) if together >= SMALLEST else 1.0
                scale = min(most, _scale([block], bottom - TOP))
            pages[-1].append(Placed(block, top, scale))
            top += block.height(scale) + BETWEEN
    return pages


def _scale(blocks: Sequence[Block], room: float) -> float:
    """How much smaller the plates of these blocks have to be to fit into the room; above 1 where some is left."""
    words = sum(block.height(0) for block in blocks) + BETWEEN * (len(blocks) - 1)
    return (room - words) / sum(block.plate_size[1] for block in blocks)


def _blocks(part: Part, place: int, folder: Path, language: str) -> list[Block]:
    told = explanation(part.name, language)
    above = [Line(f"{place}  {told.title}", TITLE, 17, 22, TEAL), *_wrapped(told.text, PLAIN, 9.6, 14.4)]
    code = phrase("code", language).format(code=told.code.replace(":", " · "))
    below = [*_wrapped(caption(part, language), PLAIN, 8.2, 12, SOFT), *_wrapped(code, STRONG, 7.4, 12, TEAL)]
    blocks = []
    for at, name in enumerate(part.files):
        first, last = at == 0, at == len(part.files) - 1
        shape = _opened(folder / name).size
        blocks.append(Block(tuple(above if first else ()), folder / name, shape, tuple(below if last else ())))
    return blocks


def _wrapped(text: str, face: str, size: float, lead: float, colour: str = INK, room: float = WIDE) -> list[Line]:
    from reportlab.lib.utils import simpleSplit

    return [Line(words, face, size, lead, colour) for words in simpleSplit(text, face, size, room)]


def _write(path: Path, anatomy: Anatomy, folder: Path, pages: Sequence[Sequence[Placed]], language: str) -> None:
    from reportlab.pdfgen.canvas import Canvas

    title = " ".join(phrase("title", language).split())
    canvas = Canvas(str(path), PAGE, initialFontName=PLAIN, lang=language, invariant=1)
    canvas.setTitle(f"{title}: {anatomy.prompt}")
    canvas.setAuthor("Storybook Studio")
    for page, placed in enumerate(pages, 1):
        canvas.setFillColor(PAPER)
        canvas.rect(0, 0, *PAGE, stroke=0, fill=1)
        if page == 1:
            _opening(canvas, anatomy, folder, language)
        for one in placed:
            _draw(canvas, one)
        _foot(canvas, title, phrase("folio", language).format(page=page, pages=len(pages)))
        canvas.showPage()
    canvas.save()


def _opening(canvas: Canvas, anatomy: Anatomy, folder: Path, language: str) -> None:
    """The finished picture, and beside it what this is about."""
    _picture(canvas, folder / anatomy.picture, SIDE + WIDE - PORTRAIT, TOP, PORTRAIT, PORTRAIT)
    room = WIDE - PORTRAIT - 24
    facts = phrase("facts", language).format(
        steps=anatomy.steps, guidance=number(anatomy.guidance, language), seed=anatomy.seed
    )
    lines = [
        *_wrapped(phrase("title", language), TITLE, 32, 36, TEAL, room),
        Line("", PLAIN, 8, 14),
        *_wrapped(phrase("quote", language).format(prompt=anatomy.prompt), STRONG, 13, 18, INK, room)[:6],
        Line("", PLAIN, 8, 8),
        *_wrapped(phrase("lead", language), PLAIN, 10, 15, INK, room),
        Line("", PLAIN, 8, 8),
        *_wrapped(facts, PLAIN, 8.6, 13, SOFT, room),
    ]
    if anatomy.negative:
        lines += _wrapped(phrase("negative", language).format(negative=anatomy.negative), PLAIN, 8.6, 13, SOFT, room)[
            :2
        ]
    _lines(canvas, lines, TOP)


def _draw(canvas: Canvas, placed: Placed) -> None:
    block = placed.block
    top = _lines(canvas, block.above, placed.top) + 4
    width, height = (length * placed.scale for length in block.plate_size)
    _picture(canvas, block.plate, SIDE + (WIDE - width) / 2, top, width, height)
    _lines(canvas, block.below, top + height + 4)


def _lines(canvas: Canvas, lines: Sequence[Line], top: float) -> float:
    """Writes lines from the left margin, the first at `top`; gives where they end."""
    for line in lines:
        top += line.lead
        canvas.setFillColor(line.colour)
        canvas.setFont(line.face, line.size)
        canvas.drawString(SIDE, PAGE[1] - top + 0.28 * line.lead, line.words)
    return top


def _picture(canvas: Canvas, path: Path, left: float, top: float, width: float, height: float) -> None:
    from reportlab.lib.utils import ImageReader

    raw = io.BytesIO()
    image: Any = _opened(path)
    if image.width < 2 * width:  # a small picture stays soft, not blocky, on paper
        image = image.resize((round(4 * width), round(4 * height)))
    image.save(raw, "JPEG", quality=QUALITY, subsampling=0)
    raw.seek(0)
    canvas.drawImage(ImageReader(raw), left, PAGE[1] - top - height, width, height)


def _foot(canvas: Canvas, title: str, folio: str) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.6)
    canvas.line(SIDE, 40, PAGE[0] - SIDE, 40)
    canvas.setFillColor(SOFT)
    canvas.setFont(PLAIN, 7.6)
    canvas.drawString(SIDE, 27, f"Storybook Studio · {title}")
    canvas.drawRightString(PAGE[0] - SIDE, 27, folio)


def _opened(path: Path) -> Image.Image:
    from PIL import Image

    try:
        with Image.open(path, formats=("PNG",)) as image:
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise NotFound("The plate '{name}' is missing or damaged. Have the anatomy made again; nothing else is lost.", name=path.name) from error  # fmt: skip


def _check(anatomy: Anatomy, folder: Path) -> None:
    """Raises NotFound for a finished picture that is not there."""
    _opened(folder / anatomy.picture)


def _fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in {TITLE, PLAIN, STRONG} - set(pdfmetrics.getRegisteredFontNames()):
        pdfmetrics.registerFont(TTFont(name, str(ASSETS / "fonts" / f"{name}.ttf")))
