"""A figure becomes a drawing: the layers of its part file, moved by a stance, with limbs, face and clothes put in.

Slots are layers whose drawing is chosen by the figure: clothes, hair, hat, glasses, face, and the limbs, which bend.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from .description import Figure
from .parts import Layer, Part, Values, group, part, table

Point = tuple[float, float]
SLENDER = 13.0  # half the width of a body for which the stances are drawn
WARDROBE = {"hair": "hair_style", "clothes": "clothes", "hat": "hat", "glasses": "glasses", "beard": "beard"}


def draw_figure(figure: Figure, rng: random.Random, prop: str = "") -> str:
    """One figure, its contact with the ground at (0, 0), a child about 100 units tall; `prop` is drawn in its hand."""
    sheet, stance, values = _opened(figure)
    nod = rng.uniform(-3, 3)
    drawn = []
    for layer in sheet.layers:
        if layer.seen(figure.pose):
            content = _content(layer, figure, sheet, stance, values, prop)
            place = _joint(layer.joint, stance, nod)
            size = float(values.get("head", 1)) if layer.joint == "head" else 1.0
            drawn.append(group(content, place, (size, size)) if content else "")
    wide, tall = (float(number) for number in str(values.get("size", "1 1")).split())
    return group("".join(drawn), scale=(wide, tall))


def grip(figure: Figure) -> Point:
    """Where the figure holds a prop."""
    _, stance, values = _opened(figure)
    wide, tall = (float(number) for number in str(values.get("size", "1 1")).split())
    if "prop" in stance:
        return stance["prop"][0] * wide, stance["prop"][1] * tall
    x, y, turn = stance["body"]
    hand = _limb(stance["arms"][-1], values)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return (x + hand[4] * cos - hand[5] * sin) * wide, (y + hand[4] * sin + hand[5] * cos) * tall


def _opened(figure: Figure) -> tuple[Part, dict[str, Any], Values]:
    """The figure's part file, its stance, and everything that fills blanks: palette, sheet, kind, clothes."""
    palette = table("palette")
    kind = table("people/kinds").get(figure.kind, {})
    sheet = part(figure.sheet or f"figures/{kind.get('figure', figure.kind)}")
    values = {name: colour for name, colour in palette.items() if isinstance(colour, str)}
    values |= {"own": palette["own"][figure.colour], "skin": palette["skin"][figure.skin]}
    values |= {"hair": palette["hair"][figure.hair_colour], "line": values["ink"]}
    values |= dict(sheet.values) | kind.get("values", {}) | (dict(sheet.values) if figure.sheet else {})
    stance = table(f"stances/{values['rig']}")[figure.pose]
    values |= {"hem": stance.get("hem", 0), "flare": stance.get("flare", 0), "low": stance.get("hem", 0) + 5}
    for name in WARDROBE:
        for worn in _worn(figure, name):
            values |= dict(worn.values)
    filled = {name: _filled(value, values) for name, value in values.items()}
    return sheet, stance, filled


def _filled(value: Any, values: Values) -> Any:
    """A value that names another one, such as sleeve="$own"."""
    return values[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def _content(layer: Layer, figure: Figure, sheet: Part, stance: dict[str, Any], values: Values, prop: str) -> str:
    if layer.slot in ("legs", "arms", "arms-over", "arms-top"):
        return _limbs(layer.slot, stance, values)
    if layer.slot == "face":
        return _face(figure, values)
    if layer.slot == "prop":
        x, y = grip(figure)
        return group(prop, (x, y, 0)) if prop else ""
    if layer.slot:
        name, _, depth = layer.slot.partition("-")
        seen = [one for one in _worn(figure, name) if one.id.partition("/")[2] == depth and one.seen(figure.pose)]
        return "".join(one.svg.substitute(values) for one in seen)
    return layer.svg.substitute(values)


def _worn(figure: Figure, name: str) -> Sequence[Layer]:
    """The layers of what the figure wears in a slot: ids are 'dress', or 'long/back' for another depth."""
    wanted = getattr(figure, WARDROBE[name])
    if not wanted or wanted == "none" or figure.kind not in table("people/kinds"):
        return ()
    return [layer for layer in part(f"people/{name}").layers if layer.id.partition("/")[0] == wanted]


def _joint(name: str, stance: dict[str, Any], nod: float) -> tuple[float, float, float]:
    x, y, turn = stance.get(name, (0, 0, 0))
    return x, y, turn + (nod if name == "head" else 0)


def _limb(limb: list[Any], values: Values) -> list[float]:
    """A limb moved outwards for a body that is broader than the stance was drawn for."""
    wider = (float(values.get("girth", SLENDER)) - SLENDER) * (1 if limb[0] > 0 else -1)
    sx, sy, bx, by, ex, ey = limb[:6]
    return [sx + 0.7 * wider, sy, bx + wider, by, ex + wider, ey]


def _limbs(slot: str, stance: dict[str, Any], values: Values) -> str:
    """Legs with feet, or those arms that lie at this depth."""
    if slot == "legs":
        return "".join(_leg(limb, values) for limb in stance["legs"])
    depth = {"arms": "under", "arms-over": "over", "arms-top": "top"}[slot]
    return "".join(_arm(limb, values) for limb in stance["arms"] if limb[6] == depth)


def _leg(limb: list[Any], values: Values) -> str:
    sx, sy, bx, by, ex, ey = _limb(limb, values)
    thick = float(values.get("leg_width", 10))
    rx, ry = (float(number) for number in str(values.get("foot_size", "7 4.2")).split())
    outwards = (1.5 if sx > 0 else -1.5) if abs(limb[6]) < 20 else 0
    foot = (
        f'<ellipse cx="{ex + outwards:.1f}" cy="{ey:.1f}" rx="{rx}" ry="{ry}" fill="{values["foot"]}" '
        f'transform="rotate({limb[6]} {ex:.1f} {ey:.1f})"/>'
    )
    return tube(f"M{sx:.1f} {sy}Q{bx:.1f} {by} {ex:.1f} {ey - max(0, thick - 10):.1f}", thick, values["leg"]) + foot


def _arm(limb: list[Any], values: Values) -> str:
    sx, sy, bx, by, ex, ey = _limb(limb, values)
    length = math.hypot(ex - bx, ey - by) or 1.0
    dx, dy = (ex - bx) / length, (ey - by) / length
    radius = float(values.get("hand_size", 4.4))
    hand = f'<circle cx="{ex + 4 * dx:.1f}" cy="{ey + 4 * dy:.1f}" r="{radius}" fill="{values["paw"]}"/>'
    return hand + tube(
        f"M{sx:.1f} {sy}Q{bx:.1f} {by} {ex - 1.5 * dx:.1f} {ey - 1.5 * dy:.1f}",
        float(values.get("arm_width", 9)),
        values["sleeve"],
    )


def tube(d: str, width: float, colour: str) -> str:
    """A thick outlined line: an arm, a leg, a tail."""
    ink = table("palette")["ink"]
    return (
        f'<path d="{d}" fill="none" stroke="{ink}" stroke-width="{width + 2:g}"/>'
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width - 2:g}"/>'
    )


def _face(figure: Figure, values: Values) -> str:
    """Eyes and mouth of the mood, at the places that the sheet gives: eyes="x y size", mouth="x y size"."""
    mood = "asleep" if figure.pose == "sleeping" else figure.mood
    faces = part("figures/face")
    ex, ey, size = (float(number) for number in str(values["eyes"]).split())
    mx, my, mouth = (float(number) for number in str(values["mouth"]).split())
    eye = faces.layer(f"eye-{mood}").svg.substitute(values)
    eyes = group(eye, (ex, ey, 0), (size, size)) + group(eye, (-ex, ey, 0), (-size, size))
    return eyes + group(faces.layer(f"mouth-{mood}").svg.substitute(values), (mx, my, 0), (mouth, mouth))
