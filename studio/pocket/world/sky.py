"""Skies of the three times of day, outer space, rain, and the light that each hour casts on a scene."""

from __future__ import annotations

import functools
import math
import random
import re

from . import scenery as s

_HOURS = {
    "sunset": ((0.93, 0.76, 0.68), (24, 14, 20)),
    "night": ((0.47, 0.54, 0.62), (8, 16, 46)),
    "lamplight": ((0.68, 0.56, 0.52), (6, 8, 30)),
}  # a factor, an addition
_SKIES = {
    "day": (("#7cc4ee", "#86cbe9", "#93c9f5"), ("#bfe5f7",), ("#eaf7fa", "#f7f6e6")),
    "sunset": (("#8a5fa6", "#a8609c", "#d9658b"), ("#f5838a", "#f78c6e"), ("#ffcf73", "#ffc08a")),
    "night": (("#0b1238", "#10143f", "#0c1a44"), ("#1a2560",), ("#33428c", "#3a3f8a")),
}


def _gradient(name: str, colours: tuple[str, ...]) -> str:
    """A vertical gradient over three colours, and the picture-wide rectangle it fills."""
    stops = "".join(f'<stop offset="{at}" stop-color="{c}"/>' for at, c in zip((0, 0.38, 0.72), colours, strict=True))
    grid = 'x1="0" y1="0" x2="0" y2="1"'
    return f'<linearGradient id="pl-{name}" {grid}>{stops}</linearGradient><rect width="256" height="256" fill="url(#pl-{name})"/>'


def _stars(rng: random.Random, count: int, low: float) -> str:
    """Small round stars, and a few bright four-pointed ones."""
    dots = s.discs((rng.uniform(0, 256), rng.uniform(0, low), rng.choice((0.7, 1, 1.4))) for _ in range(count))
    bright = ""
    for _ in range(5):
        x, y, r = rng.uniform(8, 248), rng.uniform(6, low * 0.8), rng.uniform(3, 5)
        bright += f"M{x:.1f} {y - r:.1f}q.7 {r - 0.7:.1f} {r:.1f} {r:.1f}q{0.7 - r:.1f} .7 {-r:.1f} {r:.1f}q-.7 {0.7 - r:.1f} {-r:.1f} {-r:.1f}q{r - 0.7:.1f} -.7 {r:.1f} {-r:.1f}z"
    return s.path(dots, "#f4f1d8") + s.path(bright, "#fff6c9")


def cloud(rng: random.Random, x: float, y: float, size: float, fill: str, opacity: float = 1) -> str:
    """A flat-bottomed cloud."""
    a, b = rng.uniform(0.3, 0.42) * size, rng.uniform(0.24, 0.34) * size
    d = f"M{x - size:.1f} {y:.1f}a{b:.1f} {b:.1f} 0 0 1 {size * 0.5:.1f} {-b * 0.8:.1f}a{a:.1f} {a:.1f} 0 0 1 {size * 0.75:.1f} {-a * 0.1:.1f}a{b:.1f} {b:.1f} 0 0 1 {size * 0.6:.1f} {b * 0.8 + a * 0.1:.1f}z"
    return s.path(d, fill, opacity=opacity)


def _clouds(rng: random.Random, fill: str, opacity: float, count: int) -> str:
    """Clouds spread over the upper sky."""
    return "".join(
        cloud(rng, rng.uniform(10, 246), rng.uniform(22, 80), rng.uniform(16, 34), fill, opacity) for _ in range(count)
    )


def _day(rng: random.Random, middle: float) -> str:
    """A round sun with rays, and white clouds."""
    x, y, r = middle + rng.uniform(-24, 24), rng.uniform(28, 46), rng.uniform(13, 17)
    rays = "".join(
        f"M{x + math.cos(a) * (r + 5):.1f} {y + math.sin(a) * (r + 5):.1f}L{x + math.cos(a) * (r + 10):.1f} {y + math.sin(a) * (r + 10):.1f}"
        for a in (i * math.pi / 5 for i in range(10))
    )
    sun = (
        s.oval(x, y, r + 16, r + 16, "#fff4c2", opacity=0.4)
        + s.stroke(rays, "#ffd75e", 2.6)
        + s.oval(x, y, r, r, "#ffd34f")
    )
    return sun + _clouds(rng, "#ffffff", 0.92, rng.randint(2, 4))


def _sunset(rng: random.Random, sun: tuple[float, float]) -> str:
    """A big low sun in rings of light, and pink clouds."""
    x, y, r = sun[0] + rng.uniform(-14, 14), sun[1] + rng.uniform(-6, 6), rng.uniform(25, 31)
    rings = s.oval(x, y, r * 2.1, r * 2.1, "#ffe08a", opacity=0.25) + s.oval(
        x, y, r * 1.5, r * 1.5, "#ffe08a", opacity=0.35
    )
    bars = "".join(
        s.rect(rng.uniform(-20, 200), rng.uniform(30, 110), rng.uniform(40, 85), 4.5, "#ffb3a1", r=2.2)
        for _ in range(4)
    )
    return rings + s.oval(x, y, r, r, "#fff0a8") + bars + _clouds(rng, "#ffc2b0", 0.85, 2)


def _night(rng: random.Random, middle: float) -> str:
    """Stars, and a full or crescent moon."""
    x, y, r = middle + rng.uniform(-24, 24), rng.uniform(30, 48), rng.uniform(15, 19)
    halo = s.oval(x, y, r * 1.8, r * 1.8, "#a9b4f0", opacity=0.22)
    if rng.random() < 0.5:
        moon = s.oval(x, y, r, r, "#fbf3c4") + s.path(
            s.discs([(x - 5, y - 4, 3.4), (x + 6, y + 2, 2.6), (x - 2, y + 7, 2.2)]), "#e6dca2"
        )
    else:
        moon = s.path(
            f"M{x + r * 0.3:.1f} {y - r:.1f}a{r:.1f} {r:.1f} 0 1 0 {r * 0.7:.1f} {r * 1.3:.1f}a{r * 0.82:.1f} {r * 0.82:.1f} 0 0 1 {-r * 0.7:.1f} {-r * 1.3:.1f}z",
            "#fbf3c4",
        )
    return _clouds(rng, "#46529a", 0.5, 2) + halo + moon + _stars(rng, 42, 130)


def sky(time: str, rng: random.Random, sun: tuple[float, float] = (75, 105)) -> str:
    """The whole sky at a time of day; `sun` is about where the sun goes down, or stands above."""
    paint = _gradient("sky", tuple(rng.choice(options) for options in _SKIES[time]))
    if time == "sunset":
        return paint + _sunset(rng, sun)
    return paint + (_night(rng, sun[0]) if time == "night" else _day(rng, sun[0]))


def _planet(x: float, y: float, r: float, fill: str, band: str, ringed: bool) -> str:
    """A banded planet, perhaps with a ring."""
    body = s.oval(x, y, r, r, fill, 1.6) + s.path(
        f"M{x - r * 0.94:.1f} {y - r * 0.3:.1f}Q{x:.1f} {y:.1f} {x + r * 0.94:.1f} {y - r * 0.3:.1f}L{x + r:.1f} {y:.1f}Q{x:.1f} {y + r * 0.4:.1f} {x - r:.1f} {y:.1f}z",
        band,
    )
    ring = f"M{x - r * 0.9:.1f} {y - r * 0.1:.1f}C{x - r * 2.6:.1f} {y + r * 0.9:.1f} {x + r * 2.4:.1f} {y + r * 0.5:.1f} {x + r * 0.95:.1f} {y - r * 0.35:.1f}"
    return body + (s.stroke(ring, s.LINE, 6) + s.stroke(ring, "#f3d9a4", 3.6) if ringed else "")


def cosmos(rng: random.Random) -> str:
    """Dark purple space: nebula, stars, planets and a small rocket or comet."""
    paint = _gradient(
        "space", (rng.choice(("#1a1038", "#1e0f3c", "#170f33")), "#2e1a5c", rng.choice(("#54308a", "#63318a")))
    )
    nebula = "".join(
        s.oval(rng.uniform(20, 236), rng.uniform(30, 130), rng.uniform(45, 80), rng.uniform(14, 26), c, opacity=0.16)
        for c in ("#d065c8", "#6f7bf0", "#e07fb0")
    )
    hues = rng.sample(
        [("#f2a65a", "#e08541"), ("#7fd1c7", "#5fb3ad"), ("#ef8fa8", "#d96f8f"), ("#8fb4f5", "#6f95e0")], 3
    )
    planets = _planet(rng.uniform(45, 75), rng.uniform(42, 75), rng.uniform(20, 28), *hues[0], True)
    planets += _planet(rng.uniform(185, 225), rng.uniform(30, 70), rng.uniform(11, 20), *hues[1], rng.random() < 0.3)
    planets += _planet(rng.uniform(205, 240), rng.uniform(105, 130), rng.uniform(6, 9), *hues[2], False)
    x, y = rng.uniform(110, 150), rng.uniform(20, 50)
    comet = s.path(f"M{x:.1f} {y:.1f}l34 -15l-30 19z", "#fff2c4", opacity=0.7) + s.oval(
        x + 1, y + 2, 3.4, 3.4, "#fff6d8"
    )
    return paint + nebula + _stars(rng, 75, 190) + planets + comet


def water(time: str) -> tuple[str, str]:
    """The deep and the shallow colour of water; at sunset it mirrors the lilac sky, untouched by `tone`."""
    return ("rgb(118,116,184)", "rgb(168,140,190)") if time == "sunset" else ("#4a9fd4", "#6cb8e2")


def light(time: str, indoors: bool) -> str:
    """The colour cast of the hour over the whole picture."""
    if time == "sunset":
        return f'<rect width="256" height="256" fill="#ff7a4d" fill-opacity="{0.1 if indoors else 0.15}"/>'
    if time == "night":
        low = 0.16 if indoors else 0.26
        stops = f'<stop offset=".1" stop-color="#1a2470" stop-opacity=".05"/><stop offset=".5" stop-color="#1a2470" stop-opacity="{low}"/>'
        return f'<linearGradient id="pl-dusk" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient><rect width="256" height="256" fill="url(#pl-dusk)"/>'
    return ""


def rain(rng: random.Random) -> str:
    """Grey clouds along the top, a grey veil and slanting drops."""
    veil = '<rect width="256" height="256" fill="#6f7f95" fill-opacity="0.28"/>'
    heap = s.discs((x + rng.uniform(-6, 6), rng.uniform(-4, 3), rng.uniform(14, 22)) for x in range(0, 262, 20))
    slant = rng.uniform(-5, -2)
    drops = "".join(
        f"M{rng.uniform(-5, 265):.1f} {rng.uniform(20, 250):.1f}l{slant:.1f} {rng.uniform(9, 14):.1f}"
        for _ in range(85)
    )
    return veil + s.path(heap, "#8a94a6") + s.stroke(drops, "#dcecf8", 1.6, 0.75)


@functools.lru_cache(maxsize=4096)
def _toned(colour: str, time: str, shift: tuple[int, int, int]) -> str:
    """One colour moved by the shift and brought into the light of the hour."""
    factors, additions = _HOURS.get(time, ((1, 1, 1), (0, 0, 0)))
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    mixed = (
        min(255, max(0, round((c + d) * f + a))) for c, d, f, a in zip(parts, shift, factors, additions, strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def tone(svg: str, time: str, shift: tuple[int, int, int]) -> str:
    """The drawing with each #rrggbb colour shifted a little and brought into the light of the hour."""
    return re.sub(r"#[0-9a-f]{6}", lambda found: _toned(found[0], time, shift), svg)
