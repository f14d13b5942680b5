"""The things a figure holds, drawn about the grip at (0, 0); the ball lies on the ground at (0, 0) instead."""

from __future__ import annotations

import random
from collections.abc import Callable

from .shapes import INK, Point, circle, ellipse, group, mirrored, path, star, stroke


def draw_prop(name: str, rng: random.Random) -> str:
    """An SVG fragment of the thing, swaying a little by chance."""
    sway = rng.uniform(-4, 4) if name not in ("ball", "book") else 0
    return group(_PROPS[name](), (0, 0, sway))


def origin(name: str, hand: Point) -> Point:
    """Where to put the thing for a figure with this hand: in the hand, or on the ground beside it."""
    return (hand[0] + 13, 0) if name == "ball" else hand


def _balloon() -> str:
    """A red balloon on a string."""
    string = stroke("M0 4Q0 -8 10 -18Q17 -26 17 -33", 1.5)
    skin = path("M9 -33C-6 -40 -9 -70 10 -71C29 -70 25 -40 9 -33z", "#e2483d") + path(
        "M9 -34L5 -29L13 -29z", "#e2483d", 1.6
    )
    return string + group(skin + stroke("M2 -56Q3 -63 8 -65", 2.6, "#ffd2c8"), (8, 0, 0))


def _kite() -> str:
    """A diamond kite with a tail, up and right on its string."""
    string = stroke("M0 2Q4 -22 18 -46", 1.3)
    tail = stroke("M10 -36Q2 -32 6 -25Q10 -19 3 -14", 1.6) + "".join(
        path(f"M{x} {y}l-4 -3v6zl4 -3v6z", c, 1) for x, y, c in ((5, -29, "#4b83cf"), (6, -20, "#e2483d"))
    )
    halves = path("M30 -76L10 -36L8 -62z", "#f4c63d", 0) + path("M30 -76L10 -36L36 -52z", "#e2483d", 0)
    return (
        string
        + tail
        + halves
        + path("M30 -76L8 -62L10 -36L36 -52z", "none")
        + stroke("M30 -76L10 -36M8 -62L36 -52", 1.4)
    )


def _ball() -> str:
    """A beach ball."""
    stripes = path("M0 -27Q-15 -18 -9 -2Q3 -8 0 -27z", "#e2483d", 1.4) + path(
        "M0 -27Q12 -20 9 -3Q15 -8 13 -15Q11 -24 0 -27z", "#4b83cf", 1.4
    )
    return circle(0, -13.5, 13.5, "#fff6e2") + stripes + circle(0, -13.5, 13.5, "none")


def _flower() -> str:
    """A pink blossom on a leafy stem."""
    stem = stroke("M0 8Q2 -8 1 -22", 4.6) + stroke("M0 8Q2 -8 1 -22", 2.6, "#4f9a4a")
    leaf = path("M1 -6Q12 -14 15 -5Q8 0 1 -4z", "#5fae55", 1.6)
    petals = "".join(group(ellipse(0, -8, 5.5, 7, "#ef6f9e", 1.8), (1, -28, 60 * k)) for k in range(6))
    return group(stem + leaf + petals + circle(1, -28, 5.5, "#f7cf45", 1.8), (0, 0, 24))


def _lantern() -> str:
    """A Vietnamese star lantern on a stick: a red star in a ring, with tassels."""
    stick = stroke("M-3 6L12 -16", 4.4) + stroke("M-3 6L12 -16", 2.2, "#c08a4e")
    ring = circle(13, -33, 18, "#ffe58a") + circle(13, -33, 14.5, "#fff3c0", 1)
    tassels = mirrored(stroke("M-5 0L-7 8M-5 0L-4 9", 2, "#e0398a"))
    lamp = ring + star(13, -33, 19, "#e23b34") + circle(13, -33, 4, "#ffd84d", 1.4) + group(tassels, (13, -15, 0))
    return stick + group(lamp, (5, 2, 0))


def _book() -> str:
    """An open book."""
    cover = path("M-17 -15Q-8 -20 0 -14Q8 -20 17 -15L17 7Q8 3 0 9Q-8 3 -17 7z", "#3f7fc4")
    pages = path("M-14 -16Q-7 -20 0 -14L0 6Q-7 1 -14 4z", "#fffaf0", 1.4) + path(
        "M14 -16Q7 -20 0 -14L0 6Q7 1 14 4z", "#fffaf0", 1.4
    )
    lines = stroke("M-11 -11Q-7 -13 -3 -10M-11 -6Q-7 -8 -3 -5M11 -11Q7 -13 3 -10M11 -6Q7 -8 3 -5", 1.5, "#8a93a8")
    return cover + pages + lines


def _umbrella() -> str:
    """An open umbrella held up beside the head."""
    pole = stroke("M0 -58V6q0 6 5 5", 4.4) + stroke("M0 -58V6q0 6 5 5", 2, "#c08a4e")
    dome = path(
        "M-27 -44C-26 -80 26 -80 27 -44Q20 -50 13.5 -44Q7 -50 0 -44Q-7 -50 -13.5 -44Q-20 -50 -27 -44z", "#8a5fb8"
    )
    panel = path("M-13.5 -44Q-12 -66 0 -71Q12 -66 13.5 -44Q7 -50 0 -44Q-7 -50 -13.5 -44z", "#f3c94b", 1.6)
    return pole + group(dome + panel + stroke("M0 -71V-76", 3, INK), (0, -11, 0))


_PROPS: dict[str, Callable[[], str]] = {
    "balloon": _balloon,
    "kite": _kite,
    "ball": _ball,
    "flower": _flower,
    "lantern": _lantern,
    "book": _book,
    "umbrella": _umbrella,
}
