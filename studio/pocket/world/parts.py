"""SVG parts on disk: a file is a list of layers in drawing order, with blanks such as $own or $hem to be filled.

A part is drawn about its own point (0, 0) in units of about 1/100 of a figure's height. What a layer does not say it
inherits: ink outline of width 2 with round joins. Attributes of the root are the part's values and blanks as well.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any
from xml.etree import ElementTree

HERE = Path(__file__).parent
OWN_WORDS = {"id", "joint", "mirror", "poses", "slot"}
INKED = '<g stroke="{ink}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">{content}</g>'

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """One group of a part. `joint` names what it moves with; `poses` where it is seen, all of them when empty."""

    id: str
    joint: str
    slot: str
    poses: frozenset[str]
    hidden: frozenset[str]
    values: tuple[tuple[str, str], ...]
    svg: Template

    def seen(self, pose: str) -> bool:
        return pose not in self.hidden and (not self.poses or pose in self.poses)


@dataclass(frozen=True, slots=True)
class Part:
    """A file of layers with the values that its root gives."""

    values: tuple[tuple[str, str], ...]
    layers: tuple[Layer, ...]

    def layer(self, id: str) -> Layer:
        return next(layer for layer in self.layers if layer.id == id)


@cache
def part(name: str) -> Part:
    """The part of a file such as 'figures/fox'."""
    root = ElementTree.parse(HERE / f"{name}.svg").getroot()
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return Part(tuple(root.attrib.items()), tuple(_layer(element) for element in root))


def _layer(element: ElementTree.Element) -> Layer:
    words = element.attrib.get("poses", "").split()
    content = "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in element)
    if element.attrib.get("mirror"):
        content += f'<g transform="scale(-1 1)">{content}</g>'
    passed = {name: value for name, value in element.attrib.items() if name not in OWN_WORDS}
    drawn = {
        name: passed.pop(name)
        for name in list(passed)
        if name in ("transform", "opacity", "fill", "stroke", "stroke-width")
    }
    if drawn:
        marks = " ".join(f'{name}="{value}"' for name, value in drawn.items())
        content = f"<g {marks}>{content}</g>"
    return Layer(
        id=element.attrib.get("id", ""),
        joint=element.attrib.get("joint", "ground"),
        slot=element.attrib.get("slot", ""),
        poses=frozenset(word for word in words if word[0] != "-"),
        hidden=frozenset(word[1:] for word in words if word[0] == "-"),
        values=tuple(passed.items()),
        svg=Template(content),
    )


@cache
def table(name: str) -> Any:
    """A JSON table of this folder."""
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def inked(content: str) -> str:
    """The content with the ink outline that parts inherit."""
    return INKED.format(ink=table("palette")["ink"], content=content)


def group(content: str, place: tuple[float, ...] = (0, 0, 0), scale: tuple[float, float] = (1, 1)) -> str:
    """The content moved, turned and scaled."""
    x, y, turn = place
    size = f" scale({scale[0]:g} {scale[1]:g})" if scale != (1, 1) else ""
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f}){size}">{content}</g>'


def recoloured(svg: str, colour: str, share: float) -> str:
    """Each #rrggbb of the drawing moved towards `colour` by `share` of the way: haze over what is far."""
    return re.sub(r"#[0-9a-f]{6}", lambda found: mixed(found[0], colour, share), svg)


@cache
def mixed(one: str, other: str, share: float) -> str:
    """A colour on the way from one to the other."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
