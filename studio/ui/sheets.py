"""Sides of the book on the screen, as they print: what a browser needs to show them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ..publishing.ebook.html import side_css
from ..workshop.leafing import Leaf

SCRIPT = Path(__file__).with_name("sheet.js")
FACES = {  # in studio/static; each has the whole of Vietnamese and is as wide as the font that the PDF embeds
    "Andika": "andika-regular",
    "Baloo2-Bold": "baloo-2-bold",
    "Baloo2-Regular": "baloo-2-regular",
    "BeVietnamPro-Regular": "be-vietnam-pro-regular",
    "BeVietnamPro-SemiBold": "be-vietnam-pro-semibold",
    "PatrickHand-Regular": "patrick-hand-regular",
    "Quicksand-Medium": "quicksand-medium",
}


def sheet(leaf: Leaf) -> dict[str, Any]:
    """A side as `sheet.js` takes it."""
    return {"html": leaf.html, "width": leaf.width, "height": leaf.height, "paper": leaf.paper}


@cache
def sheet_look() -> str:
    """The style of the sides, with the addresses of their fonts."""
    return side_css(lambda face: f"app/static/{FACES[face]}.woff2" if face in FACES else "")


@cache
def sheet_script() -> str:
    """What the scripts of the parts that show sides begin with."""
    return SCRIPT.read_text(encoding="utf-8")
