"""Settings out of doors that clothes lie or hang in: a shop window, the grass, the beach."""

from __future__ import annotations

import random

from ..world.parts import mixed
from .cloth import INK, LIGHT
from .setting import LINE, Canvas, Stage, around, circle, far_from, path, placed, rect, stroke


def shop_window(canvas: Canvas, rng: random.Random, colour: str) -> Stage:
    """A wooden front with an awning, a lit room behind the glass, a plinth with a price tag, light on the glass."""
    wide, high = canvas
    front = far_from(colour, ("#2f6f73", "#7b3f4c", "#44527c", "#5d7a45"), rng)
    room = far_from(colour, ("#fbe9bd", "#f6dcd0", "#dcebe6"), rng)
    top, edge, sill = 36.0, rng.uniform(12, 17), high - 18
    inside = rect(edge, 20, wide - 2 * edge, sill - 20, room, LINE * 1.4)
    beams = "".join(
        f'<path d="M{x:.0f} 30L{x - 44:.0f} {sill:.0f}H{x + 44:.0f}z" fill="#fffbe6" fill-opacity=".5"/>'
        for x in (wide * 0.3, wide * 0.7)
    )
    floor = rect(edge, sill - 24, wide - 2 * edge, 24, mixed(room, "#a86a3c", 0.55), LINE)
    board = rect(-4, sill, wide + 8, 40, mixed(front, LIGHT, 0.12), LINE * 1.2)
    tag_x = edge + 14 if rng.random() < 0.5 else wide - edge - 42
    tag = rect(tag_x, sill - 22, 28, 18, LIGHT, LINE, 3) + stroke(f"M{tag_x + 7:.1f} {sill - 13:.1f}h14", INK, 3)
    glare = "".join(
        f'<path d="M{x:.0f} {top:.0f}h{w}L{x + w - 70:.0f} {sill:.0f}h{-w}z" fill="#ffffff" fill-opacity=".2"/>'
        for x, w in ((wide * rng.uniform(0.3, 0.5), 26), (wide * rng.uniform(0.7, 0.9), 14))
    )
    back = rect(0, 0, wide, high, front) + inside + beams + floor
    box = (edge + 5, top + 4, wide - 2 * edge - 10, sill - top - 8)
    return Stage(back, glare + board + tag + _awning(wide, top, front), box, "threads", top, (0, 0))


def _awning(wide: float, high: float, colour: str) -> str:
    """Broad bands of two colours that end in half rounds."""
    count = round(wide / 32)
    step = wide / count
    return "".join(
        path(
            f"M{x * step:.1f} -4V{high - 12:.1f}a{step / 2:.1f} 12 0 0 0 {step:.1f} 0V-4z",
            mixed(colour, "#e2604f", 0.75) if x % 2 else LIGHT,
            LINE,
        )
        for x in range(count)
    )


def grass(canvas: Canvas, rng: random.Random, colour: str) -> Stage:
    """A meadow from above: patches, blades, daisies, and a ladybird or a butterfly."""
    wide, high = canvas
    ground = far_from(colour, ("#8cc665", "#7dbb62", "#9ccf6e"), rng)
    patches = "".join(
        f'<ellipse cx="{rng.uniform(0, wide):.0f}" cy="{rng.uniform(0, high):.0f}" rx="{rng.uniform(26, 60):.0f}" '
        f'ry="{rng.uniform(16, 36):.0f}" fill="{mixed(ground, rng.choice(("#4f9145", "#c9e58c")), 0.3)}"/>'
        for _ in range(10)
    )
    tuft = stroke("M-8 -9L-3 2L0 -13L4 2L9 -8", mixed(ground, "#2f6b35", 0.62), 2.8)
    blades = "".join(
        placed(rng.uniform(0, wide), rng.uniform(0, high), rng.uniform(0.8, 1.2), rng.uniform(-14, 14), tuft)
        for _ in range(round(wide * high / 1500))
    )
    daisies = "".join(
        placed(x, y, rng.uniform(0.8, 1.15), rng.uniform(0, 60), _daisy(rng.choice(("#ffffff", "#ffffff", "#f7d7e4"))))
        for x, y in around(canvas, rng, round((wide + high) / 50))
    )
    x, y = around(canvas, rng, 1, 0.8)[0]
    guest = placed(x, y, 1, rng.uniform(0, 360), rng.choice((LADYBIRD, BUTTERFLY)))
    back = rect(0, 0, wide, high, ground) + patches + blades + daisies + guest
    return Stage(back, "", (14, 12, wide - 28, high - 24), "lying")


def _daisy(colour: str) -> str:
    petals = "".join(
        f'<ellipse rx="4" ry="6.5" cy="-7.5" transform="rotate({turn})" fill="{colour}"/>' for turn in range(0, 360, 60)
    )
    return circle(0, 0, 10, "#4c8a48") + petals + circle(0, 0, 4.6, "#f5bd3d")


LADYBIRD = (
    circle(0, -7, 5, INK)
    + circle(0, 0, 8.5, "#e0503f", 2)
    + stroke("M0 -8V8", INK, 2)
    + circle(-4, 0, 1.9, INK)
    + circle(4, 0, 1.9, INK)
)
BUTTERFLY = (
    path("M0 0Q-18 -22 -19 -3Q-18 6 0 0Q18 -22 19 -3Q18 6 0 0z", "#fbe08a", 2)
    + path("M0 0Q-16 4 -11 13Q-5 16 0 0Q16 4 11 13Q5 16 0 0z", "#f6b98c", 2)
    + stroke("M0 -6V10", INK, 3)
)


def beach(canvas: Canvas, rng: random.Random, colour: str) -> Stage:
    """Sand from above with the sea's edge along the top or the bottom, starfish, shells and pebbles."""
    wide, high = canvas
    sand = far_from(colour, ("#f3d9a2", "#f0d0a0", "#f7e3b8"), rng)
    grains = "".join(
        circle(rng.uniform(0, wide), rng.uniform(0, high), rng.uniform(1.4, 2.4), mixed(sand, "#b58a4e", 0.45))
        for _ in range(round(wide * high / 900))
    )
    ripples = "".join(
        stroke(
            f"M{rng.uniform(-20, wide):.0f} {rng.uniform(60, high):.0f}q12 -8 24 0t24 0",
            mixed(sand, "#b58a4e", 0.3),
            2.4,
        )
        for _ in range(6)
    )
    things = "".join(
        placed(x, y, rng.uniform(0.9, 1.25), rng.uniform(-40, 40), rng.choice((STARFISH, SHELL, SHELL, PEBBLE)))
        for x, y in around((wide, high), rng, round((wide + high) / 75))
        if y > 62
    )
    back = rect(0, 0, wide, high, sand) + grains + ripples + things + _sea(wide, rng.uniform(40, 52))
    return Stage(back, "", (14, 20, wide - 28, high - 32), "lying")


def _sea(wide: float, low: float) -> str:
    """Water from the top edge down to `low`, with a band of foam."""

    def wave(y: float, swing: float) -> str:
        step = wide / 4
        return (
            f"M-4 -4V{y:.1f}"
            + "".join(f"q{step / 2:.1f} {swing if i % 2 else -swing:.1f} {step:.1f} 0" for i in range(4))
            + f"H{wide + 4:.0f}V-4z"
        )

    glints = "".join(f"M{x:.0f} {low - 26 - (x // 40 % 2) * 9:.0f}h14" for x in range(10, int(wide), 40))
    return (
        path(wave(low + 8, 13), "#e5c88d")
        + path(wave(low, 13), "#ffffff")
        + path(wave(low - 10, 12), "#5fbcd8")
        + stroke(glints, "#c9eef5", 3)
    )


STARFISH = path("M0 -15Q3 -5 14 -5Q6 2 9 13Q0 6 -9 13Q-6 2 -14 -5Q-3 -5 0 -15z", "#f0845c", 2.2) + "".join(
    circle(x, y, 1.5, "#ffd9b8") for x, y in ((0, -6), (0, 1), (5, -2), (-5, -2), (-3, 6), (3, 6))
)
SHELL = path("M0 11Q-16 4 -12 -6Q-6 -14 0 -12Q6 -14 12 -6Q16 4 0 11z", "#fbe3e0", 2.2) + stroke(
    "M0 9L-7 -7M0 9V-9M0 9L7 -7", "#cf8f95", 2
)
PEBBLE = path("M-9 3Q-8 -7 2 -7Q11 -5 9 3Q4 8 -9 3z", "#b7aca0", 2)
