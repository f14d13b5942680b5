"""Primitives of the drawn figures: SVG elements, palettes by colour name, stances of the limbs, and faces."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

INK = "#3a2f3a"
PAINT = {
    "red": "#d9493f",
    "orange": "#ef8a3a",
    "yellow": "#f4c63d",
    "green": "#5aa55a",
    "blue": "#4b83cf",
    "purple": "#8a5fb8",
    "pink": "#ef8fb2",
    "white": "#fbf7ef",
}
CHEEK = "#f0766c"

Point = tuple[float, float]
Place = tuple[float, float, float]  # x, y and the angle in degrees
Limb = tuple[Point, Point, float]  # the bend, the end, and how a foot there is turned


class Stance(NamedTuple):
    """Where the parts go in one pose; limbs are given inside the body, whose own ground is y = 0."""

    body: Place
    head: Place
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]
    hem: float = -13  # how low a skirt reaches
    flare: float = 18  # half the width of a skirt there


_DOWN: Limb = ((-20, -42), (-21, -30), 0)
_READY: Limb = ((21, -41), (24, -31), 0)
_STRAIGHT: tuple[Limb, Limb] = (((-6, -12), (-7, -4), 0), ((6, -12), (7, -4), 0))

STANCES = {
    "standing": Stance((0, 0, 0), (0, -70, 0), (_DOWN, _READY), _STRAIGHT),
    "waving": Stance((0, 0, 0), (0, -70, 5), (((-27, -41), (-33, -64), 0), _READY), _STRAIGHT),
    "running": Stance(
        (-3, 0, 9),
        (8, -70, 5),
        (((-25, -47), (-29, -31), 0), ((23, -31), (31, -46), 0)),
        (((-9, -8), (-26, -13), 65), ((19, -23), (20, -7), -14)),
        flare=21,
    ),
    "sitting": Stance(
        (0, 17, 0),
        (0, -53, 0),
        (((-19, -41), (-17, -28), 0), ((20, -42), (20, -31), 0)),
        (((-20, -35), (-26, -23), 82), ((20, -35), (26, -23), -82)),
        hem=-21,
        flare=18,
    ),
    "sleeping": Stance(
        (36, -14, -82),
        (-23, -23, -62),
        (((-17, -40), (-12, -52), 0), ((19, -38), (4, -44), 0)),
        (((2, -10), (-7, -3), 30), ((17, -15), (5, -4), 30)),
        hem=-12,
        flare=15,
    ),
}


def outline(width: float = 2) -> str:
    """The attributes of an ink outline, none for width 0."""
    return f' stroke="{INK}" stroke-width="{width:g}" stroke-linejoin="round"' if width else ""


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, line: float = 2, turn: float = 0) -> str:
    """An ellipse, turned about its centre."""
    turned = f' transform="rotate({turn:g} {x:.1f} {y:.1f})"' if turn else ""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"{outline(line)}{turned}/>'


def circle(x: float, y: float, r: float, fill: str, line: float = 2) -> str:
    """A circle."""
    return ellipse(x, y, r, r, fill, line)


def path(d: str, fill: str, line: float = 2) -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"{outline(line)}/>'


def stroke(d: str, width: float = 2, colour: str = INK) -> str:
    """An open line with round ends."""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round"/>'


def tube(d: str, width: float, colour: str) -> str:
    """A thick outlined line: an arm, a leg, a tail."""
    return stroke(d, width + 2) + stroke(d, width - 2, colour)


def limb(start: Point, part: Limb, width: float, colour: str) -> str:
    """A limb that bends softly from `start` to its end."""
    (bx, by), (ex, ey), _ = part
    return tube(f"M{start[0]:g} {start[1]:g}Q{bx:g} {by:g} {ex:g} {ey:g}", width, colour)


def group(content: str, place: Place = (0, 0, 0), scale: tuple[float, float] = (1, 1)) -> str:
    """The content moved, turned and scaled."""
    x, y, turn = place
    size = f" scale({scale[0]:g} {scale[1]:g})" if scale != (1, 1) else ""
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f}){size}">{content}</g>'


def mirrored(content: str) -> str:
    """The content and its mirror image about x = 0."""
    return content + f'<g transform="scale(-1 1)">{content}</g>'


def star(x: float, y: float, r: float, fill: str, line: float = 2) -> str:
    """A five-pointed star, one point up."""
    points = []
    for k in range(10):
        reach, angle = (r if k % 2 == 0 else r * 0.45), math.pi * k / 5
        points.append(f"{x + reach * math.sin(angle):.1f} {y - reach * math.cos(angle):.1f}")
    return path("M" + "L".join(points) + "z", fill, line)


def grip(pose: str, scale: tuple[float, float] = (1, 1)) -> Point:
    """Where the right hand of a stance is."""
    x, y, turn = STANCES[pose].body
    hx, hy = STANCES[pose].arms[1][1]
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return (x + hx * cos - hy * sin) * scale[0], (y + hx * sin + hy * cos) * scale[1]


def snooze(x: float, y: float) -> str:
    """Two rising z over a sleeper, white so that they show by night as well."""
    d = f"M{x:g} {y:g}h7l-7 8h7M{x + 11:g} {y - 13:g}h9l-9 10h9"
    return stroke(d, 5.4) + stroke(d, 2.6, "#ffffff")


def dust(x: float) -> str:
    """Puffs kicked up behind a runner."""
    return (
        circle(x, -4, 4, "#f3ece0", 1.2) + circle(x - 8, -6, 2.8, "#f3ece0", 1.2) + circle(x - 4, -10, 2, "#f3ece0", 1)
    )


def face(mood: str, asleep: bool, rng: random.Random, eyes: Place, mouth: Place, pale: bool = False) -> str:
    """Eyes at (±x, y) of size `eyes[2]`, a mouth at (x, y) of size `mouth[2]`; `pale` puts white around the eyes."""
    return _eyes(mood, asleep, rng, eyes, pale) + _mouth(mood, asleep, mouth)


def cheeks(x: float, y: float, r: float, rng: random.Random) -> str:
    """Two rosy cheeks."""
    size = r * rng.uniform(0.9, 1.15)
    return (
        f'<g opacity="0.5">{ellipse(-x, y, size, size * 0.8, CHEEK, 0)}{ellipse(x, y, size, size * 0.8, CHEEK, 0)}</g>'
    )


def _eyes(mood: str, asleep: bool, rng: random.Random, place: Place, pale: bool) -> str:
    x, y, r = place
    rim = mirrored(circle(x, y, r * 1.5, "#ffffff", 0)) if pale and not asleep else ""
    if asleep:
        dark = "#f6efe6" if pale else INK
        return mirrored(stroke(f"M{x - 4:g} {y:g}q4 4.5 8 0", 2.2, dark))
    if mood == "happy" and rng.random() < 0.08:
        return rim + mirrored(stroke(f"M{x - 3.6:g} {y + 1.5:g}q3.6 -5 7.2 0", 2.2))
    return rim + _open_eyes(mood, place) + _brows(mood, place, pale)


def _open_eyes(mood: str, place: Place) -> str:
    x, y, r = place
    wide = mood == "surprised"
    white = mirrored(circle(x, y, r * 1.9, "#ffffff", 1.6)) if wide else ""
    dots = mirrored(ellipse(x, y, r * 0.9, r * (0.9 if wide else 1.12), INK, 0))
    glints = circle(-x + 0.9, y - 1, r * 0.32, "#ffffff", 0) + circle(x + 0.9, y - 1, r * 0.32, "#ffffff", 0)
    return white + dots + glints


def _brows(mood: str, place: Place, pale: bool) -> str:
    x, y, r = place
    colour = "#f6efe6" if pale else INK
    if mood == "sad":
        tear = path(f"M{x + 4:g} {y + r:g}q-4.5 7 0 8.5q4.5 -1.5 0 -8.5z", "#7cc4f0", 1.2)
        return mirrored(stroke(f"M{x - 4.5:g} {y - r - 5.5:g}L{x + 4:g} {y - r - 2:g}", 2.2, colour)) + tear
    if mood == "surprised":
        return mirrored(stroke(f"M{x - 4:g} {y - r - 5.5:g}q4 -4 8 0", 2, colour))
    return ""


def _mouth(mood: str, asleep: bool, place: Place) -> str:
    x, y, s = place
    if asleep:
        bend = {"happy": 3.5, "sad": -3.5, "surprised": 1}[mood]
        return stroke(f"M{x - 3 * s:.1f} {y:g}q{3 * s:.1f} {bend * s:.1f} {6 * s:.1f} 0", 2)
    if mood == "sad":
        return stroke(f"M{x - 5 * s:.1f} {y + 3 * s:.1f}q{5 * s:.1f} {-6.5 * s:.1f} {10 * s:.1f} 0", 2.4)
    if mood == "surprised":
        return ellipse(x, y + 2 * s, 3.4 * s, 4.4 * s, "#8c2f3a", 1.6)
    return path(
        f"M{x - 5.6 * s:.1f} {y - s:.1f}q{5.6 * s:.1f} 2 {11.2 * s:.1f} 0q{-5.6 * s:.1f} {11 * s:.1f} {-11.2 * s:.1f} 0z",
        "#a83a44",
        1.6,
    )
