"""Drawn flowers with captions: what the GAN learns from where nobody brings photographs.

Every flower is told by six words (petals: how many, what shape, what colour; centre; leaves; background), drawn as an
SVG that resvg renders, and told in ten sentences, so that a generator has to listen to words and not to their order. The same
numbers that draw a flower say what is right, so that a judge can be trained and its errors counted.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import resvg_py

SIDE_PX = 64
SHAPES = ("round", "pointed", "long", "heart-shaped")
COUNTS = (4, 5, 6, 8, 12)
COLOURS = {
    "red": "#d5392f", "orange": "#ee8427", "yellow": "#f3c92f", "pink": "#ef8cb4", "purple": "#8557b5", "blue": "#4a80cd",
    "white": "#fbf8f0",
}  # fmt: skip
CENTRES = {"yellow": "#f6d13c", "brown": "#6d4326", "white": "#fdf9ef", "orange": "#ea7c1f", "green": "#7fae45"}
GROUNDS = {"green": "#8fbf7a", "blue": "#a9d3ea", "cream": "#f2e6cb", "dark": "#3a3f58", "pink": "#f3d3d6"}
LEAVES = ("no", "two", "many")
HELD_OUT = 13  # one combination of words in so many is never shown in training
COUNT_WORDS = {4: "four", 5: "five", 6: "six", 8: "eight", 12: "twelve"}


@dataclass(frozen=True, slots=True)
class Flower:
    """What a drawn flower is, in words; `seed` bends and turns it a little, which no word tells."""

    petals: int
    shape: str
    colour: str
    centre: str
    leaves: str
    ground: str
    seed: int = 0


def flowers(seed: int, count: int, held_out: bool = False) -> Iterator[Flower]:
    """Different flowers, the same for the same seed; of combinations that training sees, or of those it never does."""
    rng = random.Random(f"flowers-{seed}-{held_out}")
    while count:
        colour, centre = rng.choice([*COLOURS]), rng.choice([*CENTRES])
        flower = Flower(
            rng.choice(COUNTS),
            rng.choice(SHAPES),
            colour,
            centre,
            rng.choice(LEAVES),
            rng.choice([*GROUNDS]),
            rng.getrandbits(31),
        )
        if colour != centre and _kept_back(flower) == held_out:
            count -= 1
            yield flower


def _kept_back(flower: Flower) -> bool:
    """Whether training never sees this colour with this centre on this ground."""
    places = [*COLOURS].index(flower.colour), [*CENTRES].index(flower.centre), [*GROUNDS].index(flower.ground)
    return sum(place * factor for place, factor in zip(places, (1, 2, 3), strict=True)) % HELD_OUT == 0


# The words

COLOURS_VI = {
    "red": "đỏ", "orange": "cam", "yellow": "vàng", "pink": "hồng", "purple": "tím", "blue": "xanh dương", "white": "trắng",
    "brown": "nâu", "green": "xanh lá",
}  # fmt: skip
GROUNDS_EN = {"green": "a green", "blue": "a blue", "cream": "a cream", "dark": "a dark", "pink": "a pink"}
GROUNDS_VI = {"green": "xanh lá", "blue": "xanh dương", "cream": "màu kem", "dark": "tối", "pink": "hồng"}
SHAPES_VI = {"round": "tròn", "pointed": "nhọn", "long": "dài", "heart-shaped": "hình trái tim"}
LEAVES_EN = {"no": "no leaves", "two": "two leaves", "many": "many leaves"}
LEAVES_VI = {"no": "không có lá", "two": "hai chiếc lá", "many": "nhiều lá"}
ENGLISH = (
    "a {colour} flower with a {centre} centre",
    "a {colour} flower with a {centre} centre on {ground} background",
    "a {colour} flower with {count} {shape} petals, a {centre} centre and {leaves} on {ground} background",
    "{count} {shape} {colour} petals around a {centre} centre, {ground} background",
    "this flower has {shape} {colour} petals and a {centre} centre",
    "on {ground} background a {colour} flower with {leaves}, its centre is {centre}",
    "a flower with {count} {colour} petals and {leaves}",
    "the petals are {colour} and {shape}, the centre is {centre}, the background is {tone}",
)
VIETNAMESE = (
    "bông hoa màu {colour} với nhụy {centre} trên nền {ground}",
    "hoa {colour} có {count} cánh {shape}, nhụy {centre}, {leaves}, nền {ground}",
)


def captions(flower: Flower) -> tuple[str, ...]:
    """Ten sentences of the flower: eight English, two Vietnamese."""
    count = COUNT_WORDS[flower.petals]
    english = dict(
        colour=flower.colour, centre=flower.centre, ground=GROUNDS_EN[flower.ground], tone=flower.ground, count=count,
        shape=flower.shape, leaves=LEAVES_EN[flower.leaves],
    )  # fmt: skip
    vietnamese = dict(
        colour=COLOURS_VI[flower.colour], centre=COLOURS_VI[flower.centre], ground=GROUNDS_VI[flower.ground],
        count=str(flower.petals), shape=SHAPES_VI[flower.shape], leaves=LEAVES_VI[flower.leaves],
    )  # fmt: skip
    return (*(one.format(**english) for one in ENGLISH), *(one.format(**vietnamese) for one in VIETNAMESE))


# The picture


def drawn(flower: Flower, side_px: int = SIDE_PX) -> np.ndarray:
    """The picture as uint8 [side, side, 3]."""
    import io

    from PIL import Image

    raw = bytes(resvg_py.svg_to_bytes(svg_string=svg(flower), width=side_px, height=side_px))
    return np.asarray(Image.open(io.BytesIO(raw)).convert("RGB"))


def svg(flower: Flower) -> str:
    """The flower as an SVG document of 64 × 64 units."""
    rng = random.Random(flower.seed)
    x, y, size = 32 + rng.uniform(-4, 4), 28 + rng.uniform(-3, 3), rng.uniform(0.85, 1.1)
    ground = GROUNDS[flower.ground]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="{ground}"/>'
        f"{_glow(flower, rng)}{_stem(flower, x, y, rng)}{_petals(flower, x, y, size, rng)}{_centre(flower, x, y, size, rng)}</svg>"
    )


def _glow(flower: Flower, rng: random.Random) -> str:
    """A soft patch behind, so that no ground is quite flat."""
    light = "#ffffff" if flower.ground != "dark" else "#5b6288"
    return f'<circle cx="{rng.uniform(10, 54):.1f}" cy="{rng.uniform(6, 30):.1f}" r="{rng.uniform(14, 26):.1f}" fill="{light}" opacity="0.22"/>'


def _stem(flower: Flower, x: float, y: float, rng: random.Random) -> str:
    foot = 32 + rng.uniform(-9, 9)
    green = (
        rng.choice(("#4f8a3f", "#3f7a46", "#5d9440"))
        if flower.ground != "green"
        else rng.choice(("#2f6a35", "#37703a"))
    )
    path = f'<path d="M{x:.1f} {y:.1f} Q {x:.1f} {y + 20:.1f} {foot:.1f} 66" stroke="{green}" stroke-width="2.6" fill="none"/>'
    for number in range({"no": 0, "two": 2, "many": 5}[flower.leaves]):
        side, at = (-1 if number % 2 else 1), 46 + 4.2 * (number // 2) + rng.uniform(-1, 1)
        along = x + (foot - x) * (at - y) / (66 - y)
        path += (
            f'<ellipse cx="{along + side * 6.5:.1f}" cy="{at:.1f}" rx="7" ry="3" fill="{green}" '
            f'transform="rotate({side * -(22 + rng.uniform(-10, 10)):.0f} {along:.1f} {at:.1f})"/>'
        )
    return path


OUTLINES = {  # of a petal that points up from the middle, of length 1 and of the width that its neighbours leave it
    "round": "M0 0 C {w} -.15 {w} -1 0 -1 C -{w} -1 -{w} -.15 0 0 Z",
    "pointed": "M0 0 C {w} -.25 {h} -.8 0 -1.08 C -{h} -.8 -{w} -.25 0 0 Z",
    "long": "M0 0 C {h} -.2 {h} -1.2 0 -1.2 C -{h} -1.2 -{h} -.2 0 0 Z",
    "heart-shaped": "M0 0 C {w} -.2 {w} -1.15 .12 -1.05 L 0 -.88 L -.12 -1.05 C -{w} -1.15 -{w} -.2 0 0 Z",
}
WIDTHS = {4: 0.95, 5: 0.85, 6: 0.72, 8: 0.56, 12: 0.4}


def _petals(flower: Flower, x: float, y: float, size: float, rng: random.Random) -> str:
    wide, turn, length = WIDTHS[flower.petals], rng.uniform(0, 360), 17 * size
    outline = OUTLINES[flower.shape].format(w=f"{wide:.2f}", h=f"{wide * 0.55:.2f}")
    fill, edge = COLOURS[flower.colour], _darker(COLOURS[flower.colour])
    drawn = ""
    for number in range(flower.petals):
        angle = turn + 360 * number / flower.petals + rng.uniform(-4, 4)
        scale = length * rng.uniform(0.94, 1.06)
        drawn += (
            f'<path d="{outline}" fill="{fill}" stroke="{edge}" stroke-width="{0.8 / scale:.3f}" '
            f'transform="translate({x:.1f} {y:.1f}) rotate({angle:.1f}) scale({scale:.2f})"/>'
        )
    return drawn


def _centre(flower: Flower, x: float, y: float, size: float, rng: random.Random) -> str:
    colour, radius = CENTRES[flower.centre], 5.4 * size
    dots = "".join(
        f'<circle cx="{x + radius * 0.6 * math.cos(turn):.1f}" cy="{y + radius * 0.6 * math.sin(turn):.1f}" r="0.7" fill="{_darker(colour)}"/>'
        for turn in (rng.uniform(0, 2 * math.pi) for _ in range(5))
    )
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}" stroke="{_darker(colour)}" stroke-width="0.8"/>{dots}'


def _darker(colour: str) -> str:
    return "#" + "".join(f"{int(int(colour[at : at + 2], 16) * 0.78):02x}" for at in (1, 3, 5))
