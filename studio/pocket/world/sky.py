"""Skies of the three times of day, outer space, the weather, and the light that each hour casts on a scene."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterable

GLOW = "rgb(255,224,130)"  # written as rgb() so that the light of the hour leaves it bright

Layers = tuple[str, str]
Stop = tuple[float, str, float]  # where between top and bottom, colour, opacity

_HOURS = {
    "sunset": ((0.93, 0.76, 0.68), (24, 14, 20)),
    "night": ((0.47, 0.54, 0.62), (8, 16, 46)),
    "lamplight": ((0.82, 0.7, 0.64), (16, 10, 26)),
}  # a factor, an addition
_SKIES = {
    "day": (("#6fbdec", "#7cc8ea", "#8ac4f4"), ("#bfe5f7", "#c4ebf3"), ("#f1faf6", "#fbf6e2")),
    "sunset": (("#7d5aa8", "#9a5fa2", "#c9648f"), ("#f3808d", "#f78c72"), ("#ffd27a", "#ffc38f")),
    "night": (("#0b1238", "#121040", "#0a1a46"), ("#1d2868", "#232463"), ("#3a4c9a", "#47479a")),
}
_COSMOS = (("#1a1038", "#1e0f3c", "#170f33"), ("#2e1a5c",), ("#5a3494", "#6d369c"))
_PLANETS = tuple(
    hues.split()
    for hues in ("#f2a65a #e08541", "#7fd1c7 #5fb3ad", "#ef8fa8 #d96f8f", "#6fa8ec #7fcf9a", "#f3cf6b #dfae4a")
)  # body, belts

# Drawings of size 1, to be put somewhere larger.
_CLOUDS = (
    "M-1 0A.26 .26 0 0 1 -.92 -.5A.36 .36 0 0 1 -.38 -.8A.46 .46 0 0 1 .42 -.82A.34 .34 0 0 1 .95 -.5A.26 .26 0 0 1 1 0z",
    "M-1 0A.22 .22 0 0 1 -.94 -.43A.3 .3 0 0 1 -.5 -.62A.44 .44 0 0 1 .28 -.86A.3 .3 0 0 1 .72 -.56A.33 .33 0 0 1 1 0z",
)
_GLINT = '<path d="M0 -1Q.16 -.16 1 0Q.16 .16 0 1Q-.16 .16 -1 0Q-.16 -.16 0 -1z" fill="#fff6c9"/>'
_RAY = '<path d="M0 -1.34V-1.72" stroke="#ffd75e" stroke-width=".2" stroke-linecap="round" transform="rotate({})"/>'
_SUN = '<circle r="1" fill="#ffd34f"/>' + "".join(_RAY.format(turn) for turn in range(0, 360, 30))
_FULL_MOON = (
    '<circle r="1" fill="#fbf3c4"/><g fill="#e6dca2"><circle cx="-.3" cy="-.25" r=".2"/>'
    '<circle cx=".36" cy=".12" r=".16"/><circle cx="-.12" cy=".42" r=".13"/></g>'
)
_CRESCENT = '<path d="M.3 -1a1 1 0 1 0 .7 1.3a.82 .82 0 0 1 -.7 -1.3z" fill="#fbf3c4"/>'
_PLANET = (
    '<circle r="1" fill="{0}"/>'
    '<path d="M-.86 -.36q.86 .3 1.72 0M-.9 .2q.9 .3 1.8 0" fill="none" stroke="{1}" stroke-width=".24"/>'
    '<path d="M.5 -.86A1 1 0 1 1 -.86 .5A1.15 1.15 0 0 0 .5 -.86z" fill="#3a2f3a" fill-opacity=".18"/>'
    '<circle r="1" fill="none" stroke="#3a2f3a" stroke-width=".08"/>'
)
_RING = '<path d="M-.95 -.1C-2.6 .9 2.4 .5 1 -.35" fill="none" stroke="{}" stroke-width="{}" stroke-linecap="round"/>'
_BOLT = "M0 0l-15 44h12l-13 46l33 -58h-14l15 -32z"


def _put(x: float, y: float, size: float, drawing: str) -> str:
    """A drawing of size 1 at a place."""
    return f'<g transform="translate({x:.1f} {y:.1f}) scale({size:.2f})">{drawing}</g>'


def _path(d: str, fill: str, opacity: float = 1) -> str:
    return f'<path d="{d}" fill="{fill}" fill-opacity="{opacity}"/>'


def _line(d: str, colour: str, width: float, opacity: float = 1) -> str:
    """Open, round-ended lines."""
    look = f'stroke="{colour}" stroke-width="{width}" stroke-opacity="{opacity}" stroke-linecap="round"'
    return f'<path d="{d}" fill="none" {look} stroke-linejoin="round"/>'


def _discs(circles: Iterable[tuple[float, float, float]]) -> str:
    """Path data of many circles, so that they cost one element."""
    half = "a{0:.1f} {0:.1f} 0 1 1 {1:.1f} 0"
    return "".join(f"M{x - r:.1f} {y:.1f}{half.format(r, 2 * r)}{half.format(r, -2 * r)}z" for x, y, r in circles)


def _rings(x: float, y: float, r: float, fill: str, steps: dict[float, float]) -> str:
    """Rings of light: for each the share of `r` that it reaches, and its opacity."""
    return "".join(_path(_discs([(x, y, r * reach)]), fill, opacity) for reach, opacity in steps.items())


def _fade(name: str, stops: Iterable[Stop]) -> str:
    """A gradient from top to bottom, and the picture-wide rectangle it fills."""
    marks = "".join(f'<stop offset="{at}" stop-color="{colour}" stop-opacity="{seen}"/>' for at, colour, seen in stops)
    grid = f'id="pl-{name}" x1="0" y1="0" x2="0" y2="1"'
    return f'<linearGradient {grid}>{marks}</linearGradient><rect width="256" height="256" fill="url(#pl-{name})"/>'


def _paint(rng: random.Random, choices: tuple[tuple[str, ...], ...]) -> str:
    """The ground colour of a sky, one choice for each of top, middle and horizon."""
    return _fade("sky", [(at, rng.choice(colours), 1) for at, colours in zip((0, 0.38, 0.72), choices, strict=True)])


def _stars(rng: random.Random, count: int, low: float) -> str:
    """Small round stars, and a few bright four-pointed ones."""
    dots = _discs((rng.uniform(0, 256), rng.uniform(0, low), rng.choice((0.7, 1, 1.5))) for _ in range(count))
    spots = [(rng.uniform(8, 248), rng.uniform(6, low * 0.8), rng.uniform(3.5, 6)) for _ in range(6)]
    return _path(dots, "#f4f1d8") + "".join(_put(*spot, _GLINT) for spot in spots)


def _clouds(rng: random.Random, fill: str, opacity: float, count: int) -> str:
    """Clouds spread over the upper sky, each in its own stretch of it."""
    spots = [(256 * (i + rng.uniform(0.1, 0.9)) / count, rng.uniform(26, 84)) for i in range(count)]
    return "".join(_put(*spot, rng.uniform(17, 32), _path(rng.choice(_CLOUDS), fill, opacity)) for spot in spots)


def _day(rng: random.Random, sun: tuple[float, float]) -> str:
    """A round sun with rays, and white clouds."""
    x, y, r = sun[0] + rng.uniform(-24, 24), rng.uniform(30, 48), rng.uniform(13, 17)
    halo = _rings(x, y, r, "#fff4c8", {2.9: 0.28, 2.1: 0.45})
    return halo + _put(x, y, r, _SUN) + _clouds(rng, "#ffffff", 0.95, rng.randint(2, 4))


def _sunset(rng: random.Random, sun: tuple[float, float]) -> str:
    """A big low sun in rings of light, streaks and pink clouds."""
    x, y, r = sun[0] + rng.uniform(-14, 14), sun[1] + rng.uniform(-6, 6), rng.uniform(25, 31)
    glow = _rings(x, y, r, "#ffe08a", {2.9: 0.16, 2.1: 0.25, 1.5: 0.35}) + _rings(x, y, r, "#fff0a8", {1: 1})
    spots = [(rng.uniform(-20, 190), rng.uniform(30, 108), rng.uniform(40, 85)) for _ in range(5)]
    streaks = "".join(f"M{x:.0f} {y:.0f}h{wide:.0f}" for x, y, wide in spots)
    return glow + _line(streaks, "#ffb9a6", 4.4, 0.9) + _clouds(rng, "#ffc6b4", 0.9, 2)


def _night(rng: random.Random, sun: tuple[float, float]) -> str:
    """Stars, and a full or crescent moon."""
    x, y, r = sun[0] + rng.uniform(-24, 24), rng.uniform(32, 50), rng.uniform(15, 19)
    moon = _rings(x, y, r, "#a9b4f0", {2.6: 0.12, 1.8: 0.2}) + _put(x, y, r, rng.choice((_FULL_MOON, _CRESCENT)))
    return _stars(rng, 42, 130) + _clouds(rng, "#46529a", 0.5, 2) + moon


def sky(time: str, rng: random.Random, sun: tuple[float, float] = (75, 105)) -> str:
    """The whole sky at a time of day; `sun` is about where the sun goes down, or stands above."""
    return _paint(rng, _SKIES[time]) + {"day": _day, "sunset": _sunset, "night": _night}[time](rng, sun)


def cosmos(rng: random.Random) -> str:
    """Dark purple space: nebula, stars, a comet and planets."""
    paint = _paint(rng, _COSMOS)
    for hue in ("#d065c8", "#6f7bf0", "#e07fb0"):
        mist = _rings(rng.uniform(20, 236), rng.uniform(70, 290), rng.uniform(45, 75), hue, {1: 0.1, 0.7: 0.1})
        paint += f'<g transform="scale(1 .45)">{mist}</g>'
    comet = _path("M0 0l9 -4l-8 6z", "#fff2c4", 0.6) + _path(_discs([(0.2, 0.9, 1)]), "#fff6d8")
    ring = _RING.format("#3a2f3a", 0.36) + _RING.format("#f6dfae", 0.25)
    drawings = [_PLANET.format(*hues) for hues in rng.sample(_PLANETS, 3)]
    return (
        paint
        + _stars(rng, 75, 190)
        + _put(rng.uniform(110, 150), rng.uniform(20, 50), 3.8, comet)
        + _put(rng.uniform(45, 72), rng.uniform(42, 72), rng.uniform(21, 29), drawings[0] + ring)
        + _put(rng.uniform(185, 225), rng.uniform(30, 64), rng.uniform(12, 20), drawings[1])
        + _put(rng.uniform(18, 40), rng.uniform(112, 132), rng.uniform(6, 9), drawings[2])
    )


def light(time: str, indoors: bool) -> str:
    """The colour cast of the hour over the whole picture."""
    if time == "sunset":
        return f'<rect width="256" height="256" fill="#ff7a4d" fill-opacity="{0.06 if indoors else 0.1}"/>'
    low = 0.06 if indoors else 0.14
    return _fade("dusk", ((0.1, "#1a2470", 0.05), (0.5, "#1a2470", low))) if time == "night" else ""


def weather(name: str, time: str, rng: random.Random) -> Layers:
    """What the weather lays over the place, and what falls before the figures; nothing while the sun shines."""
    if name not in _WEATHERS:
        return "", ""
    behind, before = _WEATHERS[name](rng)
    veil = _fade(name, ((at, hue, seen * (0.5 if time == "night" else 1)) for at, hue, seen in _VEILS[name]))
    return veil + behind, before


def _bank(rng: random.Random, y: float, fill: str) -> str:
    """A bank of heavy clouds along the top."""
    heap = ((x + rng.uniform(-6, 6), y + rng.uniform(-10, 3), rng.uniform(15, 24)) for x in range(-4, 270, 21))
    return _path(f"M-9 -9H265V{y:.0f}H-9z" + _discs(heap), fill)


def _drops(rng: random.Random, count: int, slant: float, fall: float) -> str:
    """Path data of falling drops, which the wind bends."""
    drop = f"q{slant * 0.2:.1f} {fall * 0.6:.1f} {slant:.1f} {fall:.1f}"
    return "".join(f"M{rng.uniform(-5, 285):.1f} {rng.uniform(10, 250):.1f}{drop}" for _ in range(count))


def _rain(rng: random.Random) -> Layers:
    """Rain clouds, drops, and rings where they fall."""
    rings = (f"M{rng.uniform(0, 250):.1f} {rng.uniform(214, 252):.1f}q3.5 -4 7 0q-3.5 4 -7 0" for _ in range(12))
    clouds = _bank(rng, 20, "#707d96") + _bank(rng, 3, "#8b97ad")
    far = _line("".join(rings), "#e6f3fb", 1.2, 0.7) + _line(_drops(rng, 60, -4, 13), "#dcecf8", 1.7, 0.75)
    return clouds + far, _line(_drops(rng, 22, -4, 13), "#dcecf8", 1.9, 0.85)


def _snow(rng: random.Random) -> Layers:
    """Small flakes far off and big ones near."""
    far = _discs((rng.uniform(0, 256), rng.uniform(0, 230), rng.uniform(1.2, 2.2)) for _ in range(60))
    near = _discs((rng.uniform(0, 256), rng.uniform(0, 252), rng.uniform(2, 3.6)) for _ in range(26))
    return _path(far, "#ffffff", 0.9), _line(near, "#8fa6c4", 1.4, 0.4) + _path(near, "#ffffff")


def _storm(rng: random.Random) -> Layers:
    """Dark clouds, a bolt of lightning, gusts of wind, and heavy rain bent by them."""
    x = rng.choice((rng.uniform(36, 74), rng.uniform(186, 224)))
    flash = _line(_BOLT, "#fff3b0", 22, 0.16) + _line(_BOLT, "#fff3b0", 10, 0.3) + _path(_BOLT, "#ffe98a")
    spots = [(rng.uniform(-10, 150), 60 + 36 * i + rng.uniform(-10, 10), rng.uniform(46, 80)) for i in range(4)]
    gusts = "".join(f"M{x:.0f} {y:.0f}h{wide:.0f}a8 8 0 1 0 -8 -8" for x, y, wide in spots)
    clouds = _bank(rng, 30, "#4a5169") + _put(x, 30, 1, flash) + _bank(rng, 17, "#3d435b") + _bank(rng, 0, "#565d77")
    far = _line(gusts, "#dbe4f0", 2.4, 0.75) + _line(_drops(rng, 64, -15, 21), "#c9dcee", 1.8, 0.7)
    return clouds + far, _line(_drops(rng, 24, -15, 21), "#c9dcee", 2, 0.8)


_VEILS: dict[str, tuple[Stop, ...]] = {
    "rain": ((0, "#56637c", 0.62), (0.45, "#6b7890", 0.32), (1, "#6b7890", 0.16)),
    "snow": ((0, "#b4c4da", 0.45), (0.6, "#dce6f2", 0.25), (1, "#f4f8fc", 0.2)),
    "storm": ((0, "#232a45", 0.78), (0.5, "#333c58", 0.45), (1, "#333c58", 0.24)),
}
_WEATHERS = {"rain": _rain, "snow": _snow, "storm": _storm}


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
