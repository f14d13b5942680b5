"""A place becomes a backdrop: the layers of its table, drawn with chance, and what stands in front of the figures.

A table lists layers from the back to the front; numbers may be [low, high], colours lists to choose from. See README.md.
"""

from __future__ import annotations

import random
from typing import Any

from . import sky
from .parts import mixed, part, recoloured, table

PAPER = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256">{}</svg>'
DEPTHS = {"far": (0.0, 0.5), "middle": (1.0, 0.22), "near": (1.7, 0.0)}  # ink line in px, share of haze
GLASS = {"day": "#bfe0ee", "sunset": "#ffdf9a", "night": sky.GLOW}
Layers = tuple[str, str]


def draw_place(place: str, time: str, rng: random.Random) -> Layers:
    """What lies behind the figures, sky and all, and what lies in front of them; SVG fragments of 256 × 256 units."""
    plan = table(f"places/{place.replace(' ', '-')}")
    above = sky.cosmos(rng) if plan.get("space") else sky.sky(time, rng, tuple(plan.get("sun", (128, 84))))
    if plan.get("window"):
        above = f'<g transform="{plan["window"]}">{above}</g>'
    hour = "day" if plan.get("space") else "lamplight" if plan.get("indoors") and time == "night" else time
    shift = (rng.randint(-13, 13), rng.randint(-9, 9), rng.randint(-13, 13))
    back, front = (
        sky.tone("".join(_drawn(layer, plan, time, rng) for layer in plan.get(side, ())), hour, shift)
        for side in ("back", "front")
    )
    view = _view(rng)
    return view.format(above + back), view.format(front)


def _drawn(layer: dict[str, Any], plan: dict[str, Any], time: str, rng: random.Random) -> str:
    if rng.random() > layer.get("chance", 1.0):
        return ""
    return _KINDS[layer["draw"]](layer, plan, time, rng)


def _ridge(layer: dict[str, Any], plan: dict[str, Any], time: str, rng: random.Random) -> str:
    """Rolling land across the whole width, filled to the bottom."""
    steps, y, swing = layer.get("steps", 5), _number(layer["y"], rng), layer.get("swing", 4)
    points = [(-20 + i * 296 / steps, y + rng.uniform(-swing, swing)) for i in range(steps + 1)]
    d = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in zip(points[1:-1], points[2:], strict=True):
        d += f"Q{x1:.1f} {y1:.1f} {(x1 + x2) / 2:.1f} {(y1 + y2) / 2:.1f}"
    d += f"L{points[-1][0]:.1f} {points[-1][1]:.1f}V270H-20z"
    line = f' stroke="{table("palette")["ink"]}" stroke-width="{layer["line"]}"' if "line" in layer else ""
    return f'<path d="{d}" fill="{_colour(layer["fill"], time, rng)}"{line}/>'


def _row(layer: dict[str, Any], plan: dict[str, Any], time: str, rng: random.Random) -> str:
    """Parts side by side from one edge to the other, leaving a gap in the middle."""
    (low, high), step, drawn = layer.get("x", (-6, 262)), _number(layer["step"], rng), ""
    x = low + rng.uniform(0, step) * 0.5
    while x < high:
        if abs(x - 128) >= layer.get("gap", 0):
            drawn += _placed(layer, plan, time, rng, x + rng.uniform(-0.2, 0.2) * step)
        x += step
    return drawn


def _scatter(layer: dict[str, Any], plan: dict[str, Any], time: str, rng: random.Random) -> str:
    """Parts strewn about, nearer ones later; `clear` keeps a stretch of x free of them."""
    low, high = layer.get("clear", (0, 0))
    spots: list[tuple[float, float]] = []
    while len(spots) < round(_number(layer["count"], rng)):
        x, y = _number(layer.get("x", (0, 256)), rng), _number(layer["y"], rng)
        spots += [(y, x)] if not low < x < high else []
    return "".join(_placed({**layer, "y": y}, plan, time, rng, x) for y, x in sorted(spots))


def _one(layer: dict[str, Any], plan: dict[str, Any], time: str, rng: random.Random) -> str:
    return _placed(layer, plan, time, rng, _number(layer["x"], rng))


def _literal(layer: dict[str, Any], plan: dict[str, Any], time: str, rng: random.Random) -> str:
    """SVG as it stands, with its blanks filled."""
    from string import Template

    return Template(layer["svg"]).substitute(_values(layer, time, rng))


_KINDS = {"ridge": _ridge, "row": _row, "scatter": _scatter, "one": _one, "svg": _literal}


def _placed(layer: dict[str, Any], plan: dict[str, Any], time: str, rng: random.Random, x: float) -> str:
    """One of the layer's parts with its foot at (x, y), as high as `size` in px, in the haze of its depth."""
    name = rng.choice(layer["parts"])
    drawing = part(f"scenery/{name}")
    size = _number(layer["size"], rng) / 100
    line, haze = DEPTHS[layer.get("depth", "near")]
    values = _values(layer, time, rng) | dict(drawing.values)
    content = "".join(one.svg.substitute(values) for one in drawing.layers if one.seen(time))
    if haze:
        content = recoloured(content, plan.get("haze", "#cfe3ea"), layer.get("haze", haze))
    ink = f'stroke="{values["ink"]}" stroke-width="{line / size:.1f}"' if line else 'stroke="none"'
    side = -1 if rng.random() < 0.5 and values.get("flip") != "no" else 1
    return (
        f'<g transform="matrix({side * size:.3f} 0 0 {size:.3f} {x:.1f} {_number(layer["y"], rng):.1f})" {ink} '
        f'stroke-linejoin="round" stroke-linecap="round">{content}</g>'
    )


def _values(layer: dict[str, Any], time: str, rng: random.Random) -> dict[str, Any]:
    """What fills the blanks: the palette, $pane and $glow by the hour, and for each colour also a light and a dark one."""
    palette = {name: colour for name, colour in table("palette").items() if isinstance(colour, str)}
    values = palette | {"pane": GLASS[time], "glow": sky.GLOW if time == "night" else "#fbf3d6"}
    for name, choices in layer.get("colours", {}).items():
        colour = _colour(choices, time, rng)
        values |= {
            name: colour,
            f"{name}_light": mixed(colour, "#fff6e0", 0.3),
            f"{name}_dark": mixed(colour, "#3a3550", 0.25),
        }
    return values


def _colour(given: Any, time: str, rng: random.Random) -> str:
    """One of several colours, or the one of the hour when a table by hours is given."""
    if isinstance(given, dict):
        given = given.get(time, given["day"])
    return given if isinstance(given, str) else rng.choice(given)


def _number(given: Any, rng: random.Random) -> float:
    return rng.uniform(*given) if isinstance(given, list | tuple) else given


def _view(rng: random.Random) -> str:
    """A group that looks at the place from a little nearer, half of the time as in a mirror."""
    zoom, side = rng.uniform(1, 1.09), rng.choice((-1, 1))
    return f'<g transform="matrix({side * zoom:.3f} 0 0 {zoom:.3f} {128 - side * 128 * zoom:.2f} {136 - 136 * zoom:.2f})">{{}}</g>'
