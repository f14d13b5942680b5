"""A description becomes a picture: the parts are placed on a 256 × 256 canvas and rendered by resvg."""

from __future__ import annotations

import io
import random

import numpy as np

from .animals import draw_animal
from .animals import hand as paw
from .description import PEOPLE, Description, Figure
from .people import draw_person
from .people import hand as person_hand
from .places import draw_place
from .props import draw_prop, origin
from .sky import light, rain

SIZE_PX = 256


def svg(scene: Description) -> str:
    """The scene as an SVG document of 256 × 256 units."""
    rng = random.Random(scene.seed)
    back, front = draw_place(scene.place, scene.time, rng)
    figures = "".join(_placed(scene, index, x, scale, rng) for index, (x, scale) in enumerate(_spots(scene, rng)))
    shade = light("night" if scene.place == "space" else scene.time, scene.place == "bedroom")
    drops = rain(rng) if scene.weather == "rain" else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE_PX} {SIZE_PX}" '
        f'width="{SIZE_PX}" height="{SIZE_PX}">{back}{figures}{front}{shade}{drops}</svg>'
    )


def render(scene: Description) -> np.ndarray:
    """The picture as uint8 [256, 256, 3]."""
    import resvg_py
    from PIL import Image

    png = resvg_py.svg_to_bytes(svg_string=svg(scene), skip_system_fonts=True)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def _spots(scene: Description, rng: random.Random) -> list[tuple[float, float]]:
    """Where each figure stands and how large it is."""
    scale = rng.uniform(1.7, 1.9) if scene.near else rng.uniform(1.25, 1.5)
    if len(scene.figures) == 1:
        return [(128 + rng.uniform(-24, 24), scale)]
    left, right = 78 + rng.uniform(-8, 8), 178 + rng.uniform(-8, 8)
    spots = [(left, scale * 0.88), (right, scale * 0.88)]
    return spots if rng.random() < 0.5 else spots[::-1]


def _placed(scene: Description, index: int, x: float, scale: float, rng: random.Random) -> str:
    figure = scene.figures[index]
    y = rng.uniform(226, 236) + (10 if scene.near else 0)
    prop = _held(figure, scene.prop, rng) if index == 0 else ""
    shadow = '<ellipse cx="0" cy="0" rx="32" ry="5" fill="#1b2038" opacity="0.22"/>' if scene.place != "space" else ""
    return f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.3f})">{shadow}{_drawn(figure, rng)}{prop}</g>'


def _drawn(figure: Figure, rng: random.Random) -> str:
    return draw_person(figure, rng) if figure.kind in PEOPLE else draw_animal(figure, rng)


def _held(figure: Figure, prop: str, rng: random.Random) -> str:
    if prop == "none":
        return ""
    x, y = origin(prop, person_hand(figure) if figure.kind in PEOPLE else paw(figure))
    return f'<g transform="translate({x:.1f} {y:.1f})">{draw_prop(prop, rng)}</g>'
