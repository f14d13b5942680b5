"""A finished PDF as a printer's own check sees it: its boxes, its fonts, what shines through, its kinds of colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .export import Corners, PageBoxes

PAINTS = {"rg": "RGB", "RG": "RGB", "k": "CMYK", "K": "CMYK", "g": "grey", "G": "grey"}  # operators of colour
SPACES = {"/DeviceRGB": "RGB", "/DeviceCMYK": "CMYK", "/DeviceGray": "grey"}


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen. `seen_through`: pages, from 1, on which something is not opaque."""

    boxes: tuple[PageBoxes, ...]
    fonts: tuple[str, ...]
    missing_fonts: tuple[str, ...]  # named, but not in the file
    seen_through: tuple[int, ...]
    colours: frozenset[str]  # of RGB, CMYK, grey, other


def inspect(file: Path) -> Inspection:
    """Looks through the whole file."""
    import pikepdf

    with pikepdf.open(file) as pdf:
        pages = [page.obj for page in pdf.pages]
        fonts = {str(font.BaseFont).lstrip("/"): _embedded(font) for page in pages for font in _fonts(page)}
        return Inspection(
            tuple(_boxes(page) for page in pages),
            tuple(sorted(name for name, here in fonts.items() if here)),
            tuple(sorted(name for name, here in fonts.items() if not here)),
            tuple(number for number, page in enumerate(pages, 1) if _seen_through(page)),
            frozenset(colour for page in pages for colour in _colours(page)),
        )


def _boxes(page: Any) -> PageBoxes:
    media = page.MediaBox
    crop = page.get("/CropBox", media)
    bleed, trim = page.get("/BleedBox", crop), page.get("/TrimBox", crop)
    return PageBoxes(_corners(media), _corners(crop), _corners(bleed), _corners(trim))


def _corners(box: Any) -> Corners:
    left, bottom, right, top = (round(float(corner), 3) for corner in box)
    return left, bottom, right, top


def _resources(page: Any, kind: str) -> Iterator[Any]:
    return (thing for _, thing in page.get("/Resources", {}).get(kind, {}).items())


def _fonts(page: Any) -> Iterator[Any]:
    for font in _resources(page, "/Font"):
        yield from font.get("/DescendantFonts", [font])


def _embedded(font: Any) -> bool:
    described = font.get("/FontDescriptor", {})
    return any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _seen_through(page: Any) -> bool:
    states = any(
        float(state.get("/ca", 1)) < 1
        or float(state.get("/CA", 1)) < 1
        or str(state.get("/BM", "/Normal")) not in ("/Normal", "/Compatible")
        or str(state.get("/SMask", "/None")) != "/None"
        for state in _resources(page, "/ExtGState")
    )
    masks = any("/SMask" in thing or "/Mask" in thing or "/Group" in thing for thing in _resources(page, "/XObject"))
    return states or masks or "/Group" in page


def _colours(page: Any) -> Iterator[str]:
    import pikepdf

    for image in _resources(page, "/XObject"):
        yield SPACES.get(str(image.get("/ColorSpace", "/DeviceGray")), "other")
    for step in pikepdf.parse_content_stream(page, " ".join((*PAINTS, "cs", "CS", "sh"))):
        yield PAINTS.get(str(step.operator), "other")
