"""The people: girl, boy and grandmother in every look, and May, the sample character outside the training set."""

from __future__ import annotations

import random
from dataclasses import replace

from .description import Figure
from .shapes import (
    INK,
    PAINT,
    STANCES,
    Limb,
    Place,
    Point,
    Stance,
    cheeks,
    circle,
    dust,
    ellipse,
    face,
    grip,
    group,
    limb,
    mirrored,
    path,
    snooze,
    star,
    stroke,
)

SKIN = {"light": "#fbdcc0", "tan": "#ecbd8f", "brown": "#bd8157", "dark": "#875539"}
HAIR = {
    "black": "#2f2a35",
    "brown": "#7a4a2c",
    "blond": "#efc860",
    "ginger": "#cf6429",
    "grey": "#c9c9d2",
    "teal": "#1fa39b",
}
STRAW, NAVY, CREAM, LEATHER, RUBBER, SILK = "#efd9a0", "#44527c", "#f7ecd6", "#6b4236", "#cf3b36", "#fdfaf4"
_OUTFIT = {  # sleeve, leg, foot; "own" is the figure's colour
    "dress": ("skin", "skin", LEATHER),
    "shirt": ("own", NAVY, LEATHER),
    "overalls": (CREAM, "own", LEATHER),
    "ao dai": ("own", SILK, "#b98a6a"),
    "raincoat": ("own", "skin", RUBBER),
}


def draw_person(figure: Figure, rng: random.Random) -> str:
    """An SVG fragment of one person, the feet at (0, 0), about 100 units tall."""
    figure = _dressed(figure)
    stance = STANCES[figure.pose]
    x, y, turn = stance.head
    head: Place = (x, y, turn + rng.uniform(-3, 3))
    drawn = _laid_back_hair(figure, head) + group(_body(figure, stance), stance.body) + group(_head(figure, rng), head)
    if figure.pose == "sleeping":
        drawn += snooze(-6, -53)
    if figure.pose == "running":
        drawn += dust(-34)
    return group(drawn, scale=_size(figure))


def _laid_back_hair(figure: Figure, head: Place) -> str:
    """The hair behind the head; loose hair lies flat along the ground under a sleeper."""
    if figure.pose == "sleeping" and figure.hair_style in ("long", "bob"):
        return group(_back_hair(figure), (head[0], head[1] - 3, -84), (0.68, 1))
    return group(_back_hair(figure), head)


def hand(figure: Figure) -> Point:
    """Where the person holds a prop."""
    return grip(figure.pose, _size(figure))


def _size(figure: Figure) -> tuple[float, float]:
    return (1.1, 0.93) if figure.kind == "grandmother" else (1, 1)


def _dressed(figure: Figure) -> Figure:
    """The figure as it is drawn: May in her own things, grandmothers grey."""
    if "may" in figure.extras:
        wears = replace(figure, clothes="raincoat", colour="yellow", hat="none")
        return replace(wears, kind="girl", skin="light", hair_colour="teal", hair_style="buns")
    if figure.kind == "grandmother":
        return replace(figure, hair_colour="grey", hair_style="bun")
    return figure


def _paint(figure: Figure, name: str) -> str:
    return {"own": PAINT[figure.colour], "skin": SKIN[figure.skin]}.get(name, name)


def _body(figure: Figure, stance: Stance) -> str:
    """Legs, arms and clothes; arms lie over the clothes when the figure sits or sleeps."""
    sleeve, leg, foot = (_paint(figure, name) for name in _OUTFIT[figure.clothes])
    bare = figure.clothes == "shirt" and figure.kind == "girl"
    legs = _legs(stance, _paint(figure, "skin") if bare else leg, foot, figure.clothes == "raincoat")
    arms = "".join(
        _arm(part, side, sleeve, _paint(figure, "skin")) for part, side in zip(stance.arms, (-1, 1), strict=True)
    )
    clothes = _CLOTHES[figure.clothes](figure, stance)
    return legs + (clothes + arms if figure.pose in ("sitting", "sleeping") else arms + clothes)


def _arm(part: Limb, side: int, sleeve: str, skin: str) -> str:
    return (
        circle(*part[1], 4.6, skin) + limb((10 * side, -46), part, 8.5, sleeve)
        if sleeve == skin
        else _sleeved(part, side, sleeve, skin)
    )


def _sleeved(part: Limb, side: int, sleeve: str, skin: str) -> str:
    (bx, by), (ex, ey), _ = part
    length = max(1.0, ((ex - bx) ** 2 + (ey - by) ** 2) ** 0.5)
    dx, dy = (ex - bx) / length, (ey - by) / length
    return circle(ex + 2.5 * dx, ey + 2.5 * dy, 4.2, skin) + limb(
        (10 * side, -46), ((bx, by), (ex - 2 * dx, ey - 2 * dy), 0), 9.5, sleeve
    )


def _legs(stance: Stance, colour: str, foot: str, boots: bool) -> str:
    """Both legs with shoes, or with rubber boots that reach up the shin."""
    parts, width = [], 14 if colour == SILK else 10
    for part, side in zip(stance.legs, (-1, 1), strict=True):
        (bx, by), (ex, ey), turn = part
        parts.append(limb((6 * side, -25), ((bx, by), (ex, ey - (width - 10)), 0), width, colour))
        if boots:
            parts.append(limb((bx * 0.4 + ex * 0.6, by * 0.4 + ey * 0.6 - 1), ((ex, ey), (ex, ey), 0), 12, foot))
        parts.append(ellipse(ex + 1.5 * side * (abs(turn) < 20), ey, 7.6 if boots else 7, 4.2, foot, 2, turn))
    return "".join(parts)


def _skirt(stance: Stance, top: float, waist: float, colour: str) -> str:
    """A skirt from the waist at height `top` to the hem of the stance."""
    hem, flare = stance.hem, stance.flare
    d = f"M{-waist} {top}Q{-waist - 2} {top + 6} {-flare} {hem}Q0 {hem + 5} {flare} {hem}Q{waist + 2} {top + 6} {waist} {top}z"
    return path(d, colour)


def _top(colour: str) -> str:
    return path("M-9 -51Q0 -54 9 -51Q14 -49 14 -43L13 -25Q0 -21 -13 -25L-14 -43Q-14 -49 -9 -51z", colour)


def _dress(figure: Figure, stance: Stance) -> str:
    """A dress with puffed sleeves, a white collar and a belt."""
    colour = PAINT[figure.colour]
    puffs = mirrored(ellipse(-12.5, -45, 5.5, 5, colour, 2, 20))
    bodice = path("M-9 -51Q0 -54 9 -51L12 -43L10 -33L-10 -33L-12 -43z", colour)
    collar = mirrored(path("M0 -50Q-5 -44 -10 -48L-8 -52L0 -52z", "#fffaf0", 1.4))
    return puffs + _skirt(stance, -35, 10, colour) + bodice + stroke("M-9.5 -34Q0 -32 9.5 -34", 2.4, "#fff3dc") + collar


def _shirt(figure: Figure, stance: Stance) -> str:
    """A plain shirt with a light band; a girl wears a navy skirt with it."""
    skirt = (
        _skirt(stance, -28, 12, NAVY) if figure.kind == "girl" else path("M-13 -29L13 -29L12 -20L0 -18L-12 -20z", NAVY)
    )
    band = "#ef9d8a" if figure.colour == "white" else "#fff3dc"
    return (
        skirt
        + _top(PAINT[figure.colour])
        + stroke("M-12 -36Q0 -33 12 -36", 3, band)
        + stroke("M-5 -51Q0 -46 5 -51", 1.8)
    )


def _overalls(figure: Figure, stance: Stance) -> str:
    """Overalls with a bib and straps over a cream shirt."""
    colour = PAINT[figure.colour]
    straps = mirrored(stroke("M-7 -42L-9 -51", 6) + stroke("M-7 -42L-9 -51", 3, colour))
    bib = path("M-8.5 -43L8.5 -43L10 -33L14 -32L13 -19L0 -17L-13 -19L-14 -32L-10 -33z", colour)
    buttons = mirrored(circle(-6, -40.5, 1.4, "#ffe9a8", 0.8))
    return _top(CREAM) + straps + bib + stroke("M-4.5 -35h9v5q-4.5 2.5 -9 0z", 1.4) + buttons


def _ao_dai(figure: Figure, stance: Stance) -> str:
    """The long tunic, slit at the sides over white trousers, with a standing collar and small blossoms."""
    low = stance.hem + 2
    d = f"M-8 -51Q0 -53 8 -51Q13 -49 13 -44L10 -34L12 -25L10 {low}Q0 {low + 3} -10 {low}L-12 -25L-10 -34L-13 -44Q-13 -49 -8 -51z"
    petal = "#e8a0b4" if figure.colour in ("white", "yellow") else "#fff0cf"
    spots = ((4, -19), (-5, -14), (5, -10), (-4, -24), (-5, -40))
    blossoms = "".join(circle(x, y, 1.7, petal, 0) for x, y in spots if y < low - 1)
    seam = stroke("M1 -49Q6 -45 11 -44", 1.4)
    return (
        path(d, PAINT[figure.colour])
        + seam
        + blossoms
        + path("M-6 -54Q0 -51 6 -54L6 -49Q0 -46 -6 -49z", PAINT[figure.colour], 1.6)
    )


def _raincoat(figure: Figure, stance: Stance) -> str:
    """May's yellow raincoat with the red star."""
    low = min(stance.hem - 3, -16)
    d = f"M-9 -51Q0 -54 9 -51Q14 -49 14 -43Q17 -32 {stance.flare:g} {low:g}Q0 {low + 4:g} {-stance.flare:g} {low:g}Q-17 -32 -14 -43Q-14 -49 -9 -51z"
    collar = mirrored(path("M0 -48L-9 -44L-11 -50L-5 -53L0 -52z", "#f9d968", 1.6))
    return path(d, PAINT[figure.colour]) + collar + star(0, -33.5, 10.5, RUBBER, 1.6)


_CLOTHES = {"dress": _dress, "shirt": _shirt, "overalls": _overalls, "ao dai": _ao_dai, "raincoat": _raincoat}


def _head(figure: Figure, rng: random.Random) -> str:
    """The head about (0, 0): skull, face, fringe, glasses and hat."""
    skin = SKIN[figure.skin]
    ears = mirrored(circle(-21, 3, 4, skin)) if figure.hair_style not in ("long", "bob") else ""
    may = figure.hair_style == "buns"
    look = face(figure.mood, figure.pose == "sleeping", rng, (9.2, 0.5 if may else 2, 2.8), (0, 12 if may else 10, 1))
    blush = cheeks(14, 10 if may else 8.5, 4.6, rng)
    details = _freckles() if may else ""
    hair = _fringe(figure)
    return ears + ellipse(0, 0, 21.5, 20, skin) + blush + details + hair + look + _glasses(figure) + _hat(figure)


def _freckles() -> str:
    return mirrored("".join(circle(x, y, 1, "#b8562c", 0) for x, y in ((8.5, 11), (11, 13.2), (12.5, 10.6), (15, 12))))


def _glasses(figure: Figure) -> str:
    """May's big orange glasses or a grandmother's thin ones."""
    if figure.hair_style == "buns":
        d = "M-1.5 0.5a7.8 7.8 0 1 0 -15.6 0a7.8 7.8 0 1 0 15.6 0M1.5 0.5a7.8 7.8 0 1 1 15.6 0a7.8 7.8 0 1 1 -15.6 0M-17 0L-21 -1M17 0L21 -1"
        return stroke(d, 4) + stroke(d, 2.6, "#f58220")
    if figure.kind == "grandmother":
        d = "M-2.5 2.5a6 6 0 1 0 -12 0a6 6 0 1 0 12 0M2.5 2.5a6 6 0 1 1 12 0a6 6 0 1 1 -12 0M-2.5 2q2.5 -2 5 0M-14.5 2L-20 0M14.5 2L20 0"
        return stroke(d, 1.7, "#7a5a3c")
    return ""


_LOCKS = {
    "bangs": "M-23 7C-27 -31 27 -31 23 7C21 2 19 -3 17 -6Q8 -8 0 -7Q-8 -8 -17 -6C-19 -3 -21 2 -23 7z",
    "short bangs": "M-23 4C-27 -31 27 -31 23 4Q20 -4 16 -8Q8 -11 0 -10Q-8 -11 -16 -8Q-20 -4 -23 4z",
    "swept": "M-23 5C-27 -31 27 -31 23 5C21 -2 18 -8 13 -12C5 -6 -9 -4 -18 -5C-20 -2 -22 1 -23 5z",
    "short": "M-22 0C-26 -30 25 -31 22 0Q21 -5 18 -8Q13 -6 9 -10Q3 -5 -4 -9Q-10 -5 -17 -8Q-20 -4 -22 0z",
    "spiky": "M-22 1L-28 -10L-21 -13L-25 -24L-14 -20L-12 -31L-3 -22L3 -33L9 -22L18 -28L18 -18L27 -18L22 -9L27 -4L22 1"
    "Q20 -6 15 -8L11 -5L7 -10L1 -5L-4 -10L-9 -5L-14 -9Q-20 -6 -22 1z",
    "parted": "M-22.5 5C-27 -29 27 -29 22.5 5C20 -4 12 -9 0 -14C-12 -9 -20 -4 -22.5 5z",
}
_FRINGE = {
    "long": "bangs",
    "bob": "bangs",
    "ponytail": "swept",
    "pigtails": "parted",
    "buns": "short bangs",
    "short": "short",
    "spiky": "spiky",
    "bun": "parted",
}


def _fringe(figure: Figure) -> str:
    lock = _FRINGE[figure.hair_style]
    if figure.hat != "none" and lock == "spiky":
        lock = "short"
    return path(_LOCKS[lock], HAIR[figure.hair_colour])


def _back_hair(figure: Figure) -> str:
    """The hair behind the head."""
    colour = HAIR[figure.hair_colour]
    ribbon = PAINT[figure.colour]
    tail = path("M17 -13C30 -26 42 -8 36 8Q34 20 26 23Q30 10 25 3Q22 -4 16 -7z", colour)
    bunch = path("M20 -4C32 -8 39 8 35 26Q33 31 27 26C23 16 22 8 18 4z", colour) + circle(23, -1, 4, ribbon)
    return {
        "long": path("M-22 -8C-29 8 -31 28 -26 38Q0 44 26 38C31 28 29 8 22 -8z", colour),
        "bob": path("M-22 -8C-28 2 -31 12 -28 19Q0 27 28 19C31 12 28 2 22 -8z", colour),
        "ponytail": tail + circle(20, -12, 4, ribbon),
        "pigtails": bunch if figure.pose == "sleeping" else mirrored(bunch),
        "buns": mirrored(circle(-17, -19, 10, colour) + stroke("M-21 -21q3 -5 8 -2", 1.6)),
        "bun": circle(0, -24, 9, colour) + stroke("M-4 -26q4 -4 8 0", 1.4),
    }.get(figure.hair_style, "")


def _hat(figure: Figure) -> str:
    """A nón lá with its rings, or a blue cap."""
    if figure.hat == "conical hat":
        rings = stroke("M-11 -29Q0 -24 11 -29M-22 -19Q0 -11 22 -19", 1.4, "#c9a865")
        return path("M0 -39L35 -9Q0 -2 -35 -9z", STRAW) + rings
    if figure.hat == "cap":
        dome = path("M-22.5 -6C-25 -33 25 -33 22.5 -6Q0 -13 -22.5 -6z", "#3f74b8")
        visor = path("M-20 -8Q0 -15 20 -8Q26 -3 22 -2Q0 -9 -22 -2Q-26 -3 -20 -8z", "#2f568c")
        return dome + stroke("M0 -26Q1 -18 0 -12", 1.4) + visor + circle(0, -26.5, 1.8, INK, 0)
    return ""
