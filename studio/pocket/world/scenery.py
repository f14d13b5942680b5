"""Reusable parts of the places: small SVG primitives, trees, bushes, hills and houses."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence

LINE = "#3a2f3a"
GLOW = "rgb(255,224,130)"  # written as rgb() so that the tint of the hour leaves it bright

Circle = tuple[float, float, float]
Point = tuple[float, float]


def _edge(line: float) -> str:
    """The outline attributes for a line of this width, none for 0."""
    return f' stroke="{LINE}" stroke-width="{line}" stroke-linejoin="round"' if line else ""


def path(d: str, fill: str, line: float = 0, opacity: float = 1) -> str:
    """A filled path."""
    seen = f' fill-opacity="{opacity}"' if opacity < 1 else ""
    return f'<path d="{d}" fill="{fill}"{_edge(line)}{seen}/>'


def stroke(d: str, colour: str, width: float, opacity: float = 1) -> str:
    """An open, round-ended line."""
    seen = f' stroke-opacity="{opacity}"' if opacity < 1 else ""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-linecap="round"{seen}/>'


def rect(x: float, y: float, w: float, h: float, fill: str, line: float = 0, r: float = 0) -> str:
    """A rectangle, with rounded corners if asked."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{r}" fill="{fill}"{_edge(line)}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, line: float = 0, opacity: float = 1) -> str:
    """An ellipse."""
    seen = f' fill-opacity="{opacity}"' if opacity < 1 else ""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"{_edge(line)}{seen}/>'


def polygon(points: Iterable[Point], fill: str, line: float = 0) -> str:
    """A closed straight-sided shape."""
    return path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z", fill, line)


def discs(circles: Iterable[Circle]) -> str:
    """Path data of many circles, so that they cost one element."""
    return "".join(
        f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0z"
        for x, y, r in circles
    )


def boxes(corners: Iterable[Point], w: float, h: float) -> str:
    """Path data of many equal rectangles, so that they cost one element."""
    return "".join(f"M{x:.1f} {y:.1f}h{w:.1f}v{h:.1f}h{-w:.1f}z" for x, y in corners)


def puff(circles: Sequence[Circle], fill: str, line: float = 0) -> str:
    """Circles merged into one fluffy shape with a single outline."""
    d = discs(circles)
    return (path(d, fill, line * 2) if line else "") + path(d, fill)


def curve(points: Sequence[Point]) -> str:
    """Path data of a smooth curve that follows the points."""
    d = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in zip(points[1:-1], points[2:], strict=True):
        d += f"Q{x1:.1f} {y1:.1f} {(x1 + x2) / 2:.1f} {(y1 + y2) / 2:.1f}"
    return d + f"L{points[-1][0]:.1f} {points[-1][1]:.1f}"


def ridge(rng: random.Random, y: float, swing: float, fill: str, line: float = 0, steps: int = 5) -> str:
    """Rolling land across the whole width, filled to the bottom."""
    width = 296 / steps
    points = [(-20 + i * width, y + rng.uniform(-swing, swing)) for i in range(steps + 1)]
    return path(curve(points) + "V270H-20z", fill, line)


def mountains(rng: random.Random, y: float, height: float, fill: str, cap: str = "") -> str:
    """Pointed peaks standing on y, with snow caps if a cap colour is given."""
    parts = []
    for x in range(rng.randint(-30, 10), 270, 62):
        h, w, top = height * rng.uniform(0.6, 1), rng.uniform(55, 80), x + rng.uniform(-8, 8)
        parts.append(path(f"M{top - w:.1f} {y}L{top - 5:.1f} {y - h:.1f}q5 -6 10 0L{top + w:.1f} {y}z", fill))
        if cap:
            side, drop = w * 0.3, y - h * 0.7
            parts.append(
                path(
                    f"M{top - side:.1f} {drop:.1f}L{top - 5:.1f} {y - h:.1f}q5 -6 10 0L{top + side:.1f} {drop:.1f}l{-side * 0.6:.1f} -5l{-side * 0.4:.1f} 6l{-side * 0.5:.1f} -5z",
                    cap,
                )
            )
    return "".join(parts)


def tree(
    rng: random.Random, x: float, base: float, size: float, leaf: str, light: str, trunk: str, line: float = 0
) -> str:
    """A round-crowned tree of this height, with a lighter patch of leaves."""
    w, top, r = size * 0.09, base - size * 0.66, size * 0.25
    stem = path(
        f"M{x - w:.1f} {base:.1f}Q{x - w * 0.4:.1f} {base - size * 0.2:.1f} {x - w * 0.6:.1f} {top:.1f}H{x + w * 0.6:.1f}Q{x + w * 0.4:.1f} {base - size * 0.2:.1f} {x + w:.1f} {base:.1f}z",
        trunk,
        line,
    )
    crown = [
        (x + dx * r, top + dy * r, r * rng.uniform(0.75, 1))
        for dx, dy in ((-0.95, 0.3), (0.95, 0.25), (-0.6, -0.6), (0.65, -0.6), (0, -0.1))
    ]
    glints = [
        (x - r * 0.7, top - r * 0.6, r * 0.45),
        (x - r * 0.1, top - r * 0.85, r * 0.4),
        (x + r * 0.75, top - r * 0.1, r * 0.3),
    ]
    return stem + puff(crown, leaf, line) + path(discs(glints), light)


def fir(x: float, base: float, h: float, green: str, snow: str, line: float = 0) -> str:
    """A fir of three tiers, snowy if a snow colour is given."""
    parts = [rect(x - h * 0.05, base - h * 0.16, h * 0.1, h * 0.17, "#6b4a3a", line)]
    for low, top, half in ((0.12, 0.58, 0.32), (0.36, 0.8, 0.25), (0.6, 1, 0.18)):
        y, peak, w = base - h * low, base - h * top, h * half
        parts.append(
            path(
                f"M{x:.1f} {peak:.1f}L{x + w:.1f} {y:.1f}Q{x:.1f} {y + h * 0.09:.1f} {x - w:.1f} {y:.1f}z", green, line
            )
        )
        if snow:
            a, b, drop = x - w * 0.55, x + w * 0.55, peak + (y - peak) * 0.55
            parts.append(
                path(
                    f"M{x:.1f} {peak:.1f}L{b:.1f} {drop:.1f}q{-w * 0.2:.1f} {h * 0.07:.1f} {-w * 0.36:.1f} 0q{-w * 0.19:.1f} {h * 0.09:.1f} {-w * 0.38:.1f} 0q{-w * 0.2:.1f} {h * 0.06:.1f} {a - (b - w * 0.74):.1f} 0z",
                    snow,
                )
            )
    return "".join(parts)


def palm(rng: random.Random, x: float, base: float, h: float, leaf: str = "#4f9d69", line: float = 0) -> str:
    """A leaning palm tree with drooping fronds and nuts."""
    lean = rng.uniform(-0.25, 0.25) * h
    top, y, w = x + lean, base - h, h * 0.045
    trunk = path(
        f"M{x - w * 1.5:.1f} {base:.1f}Q{x - w:.1f} {base - h * 0.5:.1f} {top - w * 0.6:.1f} {y:.1f}h{w * 1.2:.1f}Q{x + w:.1f} {base - h * 0.5:.1f} {x + w * 1.5:.1f} {base:.1f}z",
        "#a97c50",
        line,
    )
    fronds = ""
    for angle in (-178, -140, -105, -70, -38, 0):
        a, reach = math.radians(angle + rng.uniform(-8, 8)), h * rng.uniform(0.36, 0.46)
        tx, ty = top + math.cos(a) * reach, y + math.sin(a) * reach * 0.6 + reach * 0.38
        mx, my = (top + tx) / 2, (y + ty) / 2
        fronds += f"M{top:.1f} {y:.1f}Q{mx:.1f} {my - reach * 0.5:.1f} {tx:.1f} {ty:.1f}Q{mx:.1f} {my - reach * 0.08:.1f} {top:.1f} {y + 3:.1f}z"
    return (
        trunk
        + path(fronds, leaf, line)
        + path(discs([(top - 3, y + 4, h * 0.035), (top + 3, y + 5, h * 0.035)]), "#8a5a3c")
    )


def bush(rng: random.Random, x: float, y: float, w: float, fill: str, line: float = 0) -> str:
    """A round bush sitting on y."""
    r = w * 0.3
    return puff(
        [
            (x - r, y - r * 0.5, r * rng.uniform(0.7, 0.9)),
            (x, y - r, r),
            (x + r, y - r * 0.55, r * rng.uniform(0.7, 0.9)),
        ],
        fill,
        line,
    )


def tufts(rng: random.Random, places: Iterable[Point], h: float, colour: str, width: float = 1.8) -> str:
    """Small fans of grass blades, all in one element."""
    d = ""
    for x, y in places:
        k = h * rng.uniform(0.75, 1.25)
        d += f"M{x - 1.5:.1f} {y:.1f}q{-k * 0.1:.1f} {-k * 0.5:.1f} {-k * 0.45:.1f} {-k * 0.75:.1f}M{x:.1f} {y:.1f}v{-k:.1f}M{x + 1.5:.1f} {y:.1f}q{k * 0.1:.1f} {-k * 0.5:.1f} {k * 0.45:.1f} {-k * 0.75:.1f}"
    return stroke(d, colour, width)


def flower(x: float, y: float, r: float, petal: str, stem: float = 0, line: float = 0) -> str:
    """A five-petalled flower, on a stem of this length."""
    stalk = (
        stroke(
            f"M{x:.1f} {y:.1f}v{stem:.1f}m0 {-stem * 0.4:.1f}q{r:.1f} {-r * 0.2:.1f} {r * 1.3:.1f} {-r:.1f}",
            "#4c8a4f",
            2,
        )
        if stem
        else ""
    )
    ring = [
        (x + math.cos(a) * r * 0.62, y + math.sin(a) * r * 0.62, r * 0.48) for a in (0.3 + i * 1.2566 for i in range(5))
    ]
    return stalk + puff(ring, petal, line) + oval(x, y, r * 0.38, r * 0.38, "#f6c84c")


def bamboo(rng: random.Random, x: float, base: float, h: float, count: int = 4) -> str:
    """A clump of bamboo: jointed stems and pointed leaves."""
    stems = joints = leaves = ""
    for i in range(count):
        foot, tip, top = (
            x + (i - count / 2) * 6,
            x + (i - count / 2) * 11 + rng.uniform(-5, 5),
            base - h * rng.uniform(0.75, 1),
        )
        stems += f"M{foot:.1f} {base:.1f}L{tip:.1f} {top:.1f}"
        for k in range(1, 6):
            px, py = foot + (tip - foot) * k / 6, base + (top - base) * k / 6
            joints += f"M{px - 2:.1f} {py:.1f}h4"
            side = rng.choice((-1, 1)) * rng.uniform(11, 17)
            leaves += (
                f"M{px:.1f} {py - 8:.1f}q{side * 0.5:.1f} -9 {side:.1f} -2q{-side * 0.5:.1f} 5 {-side:.1f} 2z"
                if k > 2
                else ""
            )
        leaves += "".join(f"M{tip:.1f} {top:.1f}q{s * 0.4:.1f} -9 {s} 3q{-s * 0.5:.1f} 0 {-s} -3z" for s in (-15, 15))
    return (
        stroke(stems, "#4d6630", 5.2)
        + stroke(stems, "#9dbb55", 3.6)
        + stroke(joints, "#6d8a3a", 1.3)
        + path(leaves, "#5f9a4e", 0.8)
    )


def cottage(x: float, base: float, w: float, h: float, wall: str, roof: str, pane: str, line: float = 1.6) -> str:
    """A low house with a wide sloping roof, a door and two windows."""
    eave, top = base - h * 0.55, base - h
    body = rect(x - w * 0.42, eave - 3, w * 0.84, h * 0.55 + 3, wall, line)
    cover = path(
        f"M{x - w * 0.54:.1f} {eave + 2:.1f}Q{x - w * 0.4:.1f} {eave - 2:.1f} {x - w * 0.33:.1f} {top:.1f}H{x + w * 0.33:.1f}Q{x + w * 0.4:.1f} {eave - 2:.1f} {x + w * 0.54:.1f} {eave + 2:.1f}z",
        roof,
        line,
    )
    rows = stroke(
        "".join(f"M{x - w * k:.1f} {eave - h * (0.47 - k) * 2.1:.1f}h{2 * w * k:.1f}" for k in (0.36, 0.42)),
        LINE,
        1,
        0.3,
    )
    door = rect(x - w * 0.09, base - h * 0.4, w * 0.18, h * 0.4, "#7a4f3a", line * 0.8)
    panes = path(
        boxes([(x - w * 0.34, base - h * 0.38), (x + w * 0.18, base - h * 0.38)], w * 0.16, h * 0.2), pane, line * 0.8
    )
    return body + cover + rows + door + panes


def mushroom(x: float, y: float) -> str:
    """A red mushroom with white dots."""
    cap = path(f"M{x - 8:.1f} {y - 7:.1f}a8 8 0 0 1 16 0z", "#d8504d", 1.5)
    return (
        rect(x - 2.5, y - 8, 5, 9, "#f6ead2", 1.4, 1.5)
        + cap
        + path(discs([(x - 3, y - 10, 1.4), (x + 3, y - 9.5, 1.2)]), "#ffffff")
    )


def boat(x: float, y: float, sail: str) -> str:
    """A small sailing boat far away."""
    return (
        polygon([(x, y - 4), (x, y - 26), (x + 15, y - 4)], sail)
        + polygon([(x - 2, y - 4), (x - 2, y - 20), (x - 11, y - 4)], "#ffffff")
        + path(f"M{x - 14:.1f} {y - 2:.1f}h32l-6 7h-20z", "#8a5a44")
    )


def parasol(x: float, base: float, colour: str) -> str:
    """A striped parasol stuck in the sand."""
    top, w = base - 74, 38
    stripes = path(
        f"M{x - w * 0.5:.1f} {top + 26:.1f}Q{x - w * 0.4:.1f} {top + 6:.1f} {x:.1f} {top:.1f}Q{x + w * 0.4:.1f} {top + 6:.1f} {x + w * 0.5:.1f} {top + 26:.1f}q-10 -5 -19 0q-9 -5 -19 0z",
        "#fff6e6",
    )
    return (
        rect(x - 1.8, top, 3.6, 76, "#c79a63", 1.2)
        + path(
            f"M{x - w:.1f} {top + 26:.1f}Q{x - w * 0.9:.1f} {top:.1f} {x:.1f} {top:.1f}Q{x + w * 0.9:.1f} {top:.1f} {x + w:.1f} {top + 26:.1f}q-9.5 -5 -19 0q-9.5 -5 -19 0q-9.5 -5 -19 0q-9.5 -5 -19 0z",
            colour,
            1.7,
        )
        + stripes
    )


def shell(x: float, y: float, colour: str) -> str:
    """A fan shell."""
    return path(f"M{x:.1f} {y:.1f}l-7 -6a7.4 7 0 0 1 14 0z", colour, 1.4) + stroke(
        f"M{x:.1f} {y - 1:.1f}v-9M{x:.1f} {y - 1:.1f}l-4 -7M{x:.1f} {y - 1:.1f}l4 -7", LINE, 0.8, 0.5
    )


def starfish(x: float, y: float) -> str:
    """An orange starfish."""
    return path(
        f"M{x:.1f} {y - 8:.1f}l2.4 5l5.6 .6l-4 3.8l1 5.6l-5 -2.8l-5 2.8l1 -5.6l-4 -3.8l5.6 -.6z", "#f08a5d", 1.4
    )


def snowman(x: float, y: float) -> str:
    """A snowman with a scarf."""
    body = puff([(x, y - 13, 15), (x, y - 36, 11)], "#ffffff", 1.5)
    face = path(discs([(x - 4, y - 39, 1.3), (x + 4, y - 39, 1.3), (x, y - 16, 1.4), (x, y - 9, 1.4)]), LINE)
    return (
        body
        + face
        + polygon([(x, y - 37), (x + 9, y - 34.5), (x, y - 34)], "#f08a3c")
        + stroke(f"M{x - 9:.1f} {y - 27:.1f}q9 5 18 0m-3 1l3 10", "#d8504d", 4)
    )


def rocket(x: float, base: float) -> str:
    """A landed red and white rocket."""
    fins = path(f"M{x - 9:.1f} {base - 22:.1f}l-11 22l12 -5zM{x + 9:.1f} {base - 22:.1f}l11 22l-12 -5z", "#d8504d", 1.6)
    hull = path(
        f"M{x - 9:.1f} {base - 5:.1f}Q{x - 18:.1f} {base - 44:.1f} {x:.1f} {base - 74:.1f}Q{x + 18:.1f} {base - 44:.1f} {x + 9:.1f} {base - 5:.1f}z",
        "#f4f0ea",
        1.6,
    )
    nose = path(
        f"M{x - 8:.1f} {base - 56:.1f}Q{x - 5:.1f} {base - 66:.1f} {x:.1f} {base - 74:.1f}Q{x + 5:.1f} {base - 66:.1f} {x + 8:.1f} {base - 56:.1f}z",
        "#d8504d",
        1.6,
    )
    return fins + hull + nose + oval(x, base - 42, 5, 5, "#7fc4e0", 1.6)


def fence(x: float) -> str:
    """A white picket fence across the picture."""
    pickets = "".join(f"M{x + i * 15:.1f} 178V140l5 -7l5 7V178z" for i in range(19))
    return rect(-4, 147, 264, 5, "#ffffff", 1.2) + rect(-4, 164, 264, 5, "#ffffff", 1.2) + path(pickets, "#ffffff", 1.3)


def gate(x: float, base: float) -> str:
    """A brick gate with a small tiled roof."""
    arch = path(f"M{x - 26:.1f} {base}v-52h52v52h-13v-20a13 13 0 0 0 -26 0v20z", "#c47a58", 1.6)
    bricks = stroke(
        "".join(
            f"M{x + dx:.1f} {base - dy}h6"
            for dx, dy in ((-23, 8), (-21, 18), (-23, 28), (-20, 40), (15, 10), (17, 22), (15, 32), (12, 42), (-4, 44))
        ),
        "#9a5640",
        1.4,
    )
    roof = path(f"M{x - 36:.1f} {base - 52}q9 -2 12 -16h48q3 14 12 16z", "#a8453a", 1.6)
    return arch + bricks + roof


def banyan(rng: random.Random, x: float, base: float) -> str:
    """A broad banyan with a thick trunk and hanging roots."""
    trunk = path(
        f"M{x - 26:.1f} {base}Q{x - 10:.1f} {base - 40} {x - 14:.1f} {base - 104}h30Q{x + 10:.1f} {base - 40} {x + 30:.1f} {base}q-12 -6 -20 0q-12 -7 -18 0q-8 -5 -18 0z",
        "#8a6f57",
        1.7,
    )
    crown = [
        (x + dx, base - 112 + dy + rng.uniform(-4, 4), r)
        for dx, dy, r in ((-24, -6, 30), (4, -24, 32), (34, -12, 28), (58, 4, 20), (10, 4, 28))
    ]
    roots = stroke(
        "".join(f"M{x + d:.1f} {base - 96}v{rng.uniform(22, 54):.1f}" for d in (26, 36, 45, 54, 62)), "#7a624e", 1.6
    )
    glints = discs([(x - 14, base - 130, 12), (x + 14, base - 144, 11), (x + 40, base - 126, 9)])
    return trunk + roots + puff(crown, "#568a4c", 1.7) + path(glints, "#6fa25c")
