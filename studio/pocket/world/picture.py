"""A description becomes a picture: figures and things are placed on a stage of 256 × 256 units and rendered by resvg."""

from __future__ import annotations

import io
import random
from typing import NamedTuple

import numpy as np

from .description import Description, Figure
from .parts import group, inked, part, table
from .puppet import draw_figure
from .sky import light, weather
from .stage import draw_place

SIZE_PX = 256
SCALES = {"near": (1.7, 1.9), "middle": (1.2, 1.4), "far": (0.88, 1.0)}
GROUND = {"near": (236, 246), "middle": (224, 236), "far": (206, 216)}
CROWDED = {1: 1.0, 2: 0.9, 3: 0.8}
GAPS = {"holding hands": 62, "chasing": 104, "fighting": 104}
SOLID = 127  # of 255; a shadow has 56
AFLOAT = ("flying",)  # poses whose shadow is small and far below


class Spot(NamedTuple):
    """Where a figure stands and how large it is drawn."""

    x: float
    y: float
    scale: float


def svg(scene: Description) -> str:
    """The scene as an SVG document of 256 × 256 units."""
    back, figures, front = _depths(scene)
    return document(back + figures + front)


def document(content: str) -> str:
    """An SVG document of 256 × 256 units."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE_PX} {SIZE_PX}" '
        f'width="{SIZE_PX}" height="{SIZE_PX}">{content}</svg>'
    )


def _depths(scene: Description, without: int = -1) -> tuple[str, str, str]:
    """What lies behind the figures, the figures with what they hold but that one, and what lies before them."""
    rng = random.Random(scene.seed)
    spots = _spots(scene, rng)
    back, front = draw_place(scene.place, scene.time, rng)
    behind, before = weather(scene.weather, scene.time, rng)
    order = sorted(range(len(spots)), key=lambda index: spots[index].y)
    figures = "".join(_placed(scene, index, spots[index], rng, empty=index == without) for index in order)
    shade = light(scene.time, bool(table(f"places/{scene.place.replace(' ', '-')}").get("indoors")))
    return back + behind, inked(figures), front + shade + before


def render(scene: Description, size_px: int = SIZE_PX) -> np.ndarray:
    """The picture as uint8 [size, size, 3]."""
    return rendered(svg(scene), size_px)


def rendered(document: str, size_px: int = SIZE_PX) -> np.ndarray:
    """An SVG document as uint8 [size, size, 3]."""
    return np.ascontiguousarray(_layered(document, size_px)[:, :, :3])


def empty_stage(scene: Description) -> tuple[np.ndarray, np.ndarray, Spot]:
    """The scene without its hero, of whom the shadow is left: what lies behind, uint8 [256, 256, 3], what lies before,
    uint8 [256, 256, 4] with how solid it is, and the free spot, in pixels."""
    back, figures, front = _depths(scene, without=scene.hero)
    spot = _spots(scene, random.Random(scene.seed))[scene.hero]
    return rendered(document(back + figures)), _layered(document(front), SIZE_PX), spot


def height_units(kind: str) -> float:
    """How high one of the kind stands, in units of which a child has about 100."""
    rows = np.flatnonzero(silhouette(Description((Figure(kind),), "sea", seed=1)).any(1))
    scale = _spots(Description((Figure(kind),), "sea", seed=1), random.Random(1))[0].scale
    return float(rows[-1] + 1 - rows[0]) / scale


def silhouette(scene: Description, size_px: int = SIZE_PX) -> np.ndarray:
    """Where the figures and what they hold are, bool [size, size]; their shadows do not count."""
    return _layered(document(_depths(scene)[1]), size_px)[:, :, 3] > SOLID


def _layered(document: str, size_px: int) -> np.ndarray:
    """uint8 [size, size, 4], the last of it how solid the drawing is."""
    import resvg_py
    from PIL import Image

    png = resvg_py.svg_to_bytes(svg_string=document, width=size_px, height=size_px, skip_system_fonts=True)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def importance(scene: Description, side: int, figure: float, face: float) -> np.ndarray:
    """How much each cell of a grid counts, float32 [side, side]: `face` on faces, `figure` on figures and their things,
    1 elsewhere."""
    cells = np.ones((side, side), np.float32)
    for index, (one, spot) in enumerate(zip(scene.figures, _spots(scene, random.Random(scene.seed)), strict=True)):
        reach, foot = (84, 26) if index == scene.hero and scene.prop != "none" else (46, 6)
        across = (-reach, 46) if one.faces_left else (-46, reach)
        cells[_box(spot, across, (-112, foot), side)] = figure
        if one.pose != "sleeping":
            cells[_box(spot, (-27, 27), (-100, -46), side)] = face
    return cells


def _box(spot: Spot, across: tuple[int, int], down: tuple[int, int], side: int) -> tuple[slice, slice]:
    """The cells of a box that is given in the figure's own units."""
    columns = (max(0, round((spot.x + at * spot.scale) * side / SIZE_PX)) for at in across)
    rows = (max(0, round((spot.y + at * spot.scale) * side / SIZE_PX)) for at in down)
    return slice(*rows), slice(*columns)


def _spots(scene: Description, rng: random.Random) -> list[Spot]:
    """A spot for each figure, from left to right; one who is behind stands higher and smaller."""
    count = len(scene.figures)
    scale = rng.uniform(*SCALES[scene.view]) * CROWDED[count]
    low, high = GROUND[scene.view]
    gap = GAPS.get(scene.relation, 96 if count == 2 else 76) * scale / (1.3 * CROWDED[count])
    gap = min(gap, 108 if count == 2 else 82)
    middle = 128 + rng.uniform(-24, 24) * (1.0 if count == 1 else 0.4)
    spots = []
    for index in range(count):
        x = middle + (index - (count - 1) / 2) * gap + rng.uniform(-5, 5)
        level = (low + high) / 2 + (0 if scene.relation == "holding hands" else rng.uniform(-4, 4))
        behind = scene.relation == "behind" and index == scene.hero and count > 1
        spots.append(Spot(x, level - 18, scale * 0.86) if behind else Spot(x, level, scale))
    return spots


def _placed(scene: Description, index: int, spot: Spot, rng: random.Random, empty: bool = False) -> str:
    """A figure at its spot, with its shadow and its thing; of an empty one only the shadow."""
    figure = scene.figures[index]
    if empty:
        return group(_shadow(figure, scene), (spot.x, spot.y, 0), (spot.scale,) * 2)
    thing = draw_prop(scene.prop, scene.prop_colour) if index == scene.hero and scene.prop != "none" else ""
    held = dict(part(f"props/{scene.prop}").values)["held"] if thing else ""
    drawn = draw_figure(figure, rng, thing if held in ("hand", "both") else "")
    beside = group(thing, (-46 if figure.faces_left else 46, 2, 0)) if held == "ground" else ""
    side = -1.0 if figure.faces_left else 1.0
    return group(
        _shadow(figure, scene) + beside + group(drawn, scale=(side, 1)), (spot.x, spot.y, 0), (spot.scale,) * 2
    )


def _shadow(figure: Figure, scene: Description) -> str:
    if scene.place in ("space", "sea") or figure.kind == "fish":
        return ""
    wide = 20 if figure.pose in AFLOAT else 32
    return f'<ellipse rx="{wide}" ry="{wide / 6.4:.1f}" fill="#1b2038" fill-opacity=".22" stroke="none"/>'


def draw_prop(name: str, colour: str) -> str:
    """An SVG fragment of the thing about the point where it is held."""
    drawing, palette = part(f"props/{name}"), table("palette")
    values = {key: value for key, value in palette.items() if isinstance(value, str)}
    values |= {"own": palette["own"][colour or "red"]} | dict(drawing.values)
    return "".join(layer.svg.substitute(values) for layer in drawing.layers)
