"""The animals: eight stand upright like people, while duck, turtle and buffalo keep their natural bodies."""

from __future__ import annotations

import random
from typing import NamedTuple

from .description import Figure
from .shapes import (
    INK,
    PAINT,
    STANCES,
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
    stroke,
    tube,
)


class Species(NamedTuple):
    """The colours and proportions of an upright animal."""

    fur: str
    light: str
    paw: str
    girth: float  # half the width of the body
    skull: Point  # radii of the head
    eyes: Place = (8.5, -2, 2.9)
    mouth: Place = (0, 10, 0.8)
    size: float = 1
    pale: bool = False


_UPRIGHT = {
    "cat": Species("#8b9cb6", "#e6ebf2", "#e6ebf2", 13, (23, 18.5), (10, -1, 3), (0, 9, 0.7), 0.9),
    "dog": Species("#c08a50", "#f4dfbd", "#f4dfbd", 14, (20, 19), (8, -4, 2.9), (0, 11, 0.75), 0.97),
    "rabbit": Species("#fcf9f5", "#f8dfe2", "#fcf9f5", 13, (19.5, 18), (8.5, -1, 2.9), (0, 9, 0.75), 0.86),
    "bear": Species("#714828", "#d2a676", "#5a3820", 21, (23, 20.5), (9, -4, 2.7), (0, 11.5, 0.75), 1.05, True),
    "fox": Species("#ea7427", "#fff5e8", "#4b342f", 13, (23, 18), (9, -2, 2.9), (0, 10.5, 0.65), 0.95),
    "pig": Species("#f5a3b5", "#f9c5d0", "#d97d92", 18, (22, 19.5), (10, -5, 2.9), (0, 14, 0.6), 0.95),
    "elephant": Species("#8ea8c6", "#b9cbdf", "#b9cbdf", 22, (20, 19.5), (9, -4, 2.9), (8, 10.5, 0.6), 1.08),
    "dragon": Species("#2fa58c", "#f4e4a0", "#24836f", 19, (21.5, 18.5), (9, -5, 2.9), (0, 11.5, 0.75), 1.05),
}
_TAILS = {  # behind the body, in its own coordinates
    "cat": tube("M8 -12C32 -6 38 -22 32 -36C30 -42 34 -47 38 -44", 8, "#8b9cb6"),
    "dog": tube("M10 -18Q26 -20 28 -36", 8, "#c08a50"),
    "rabbit": circle(14, -16, 7, "#ffffff"),
    "bear": circle(20, -14, 5, "#714828"),
    "fox": path("M6 -14C22 0 46 -8 40 -34C39 -44 34 -50 28 -54C30 -42 22 -30 8 -24z", "#ea7427")
    + path("M40.5 -32C39 -44 34 -50 28 -54C29 -46 28 -41 26 -37Q31 -40 33 -34Q37 -37 40.5 -32z", "#fff5e8"),
    "pig": stroke("M16 -20q9 2 9 -6q-3 -6 -7 -1q0 7 12 3", 4.6)
    + stroke("M16 -20q9 2 9 -6q-3 -6 -7 -1q0 7 12 3", 2.2, "#f5a3b5"),
    "elephant": tube("M18 -18Q28 -16 29 -6", 4, "#8ea8c6"),
    "dragon": tube("M10 -10Q34 2 40 -16", 9, "#2fa58c") + path("M33 -15L42 -29L48 -13Q40 -18 33 -15z", "#f08a3c"),
}
_EARS = {  # behind the skull, about the centre of the head
    "cat": mirrored(path("M-22 -4L-22 -33L-3 -16z", "#8b9cb6") + path("M-18.5 -12L-18.5 -25L-9.5 -16z", "#f2b3b8", 0)),
    "dog": "",
    "rabbit": mirrored(ellipse(-9, -31, 6.8, 20, "#fcf9f5", 2, -9) + ellipse(-9, -30, 3.2, 14, "#f3aab6", 0, -9)),
    "bear": mirrored(circle(-18, -15, 8.5, "#714828") + circle(-18, -15, 4.5, "#d2a676", 0)),
    "fox": mirrored(
        path("M-22 -2L-24 -33L-4 -15z", "#ea7427")
        + path("M-23 -21L-24 -33L-15 -25z", "#4b342f", 1.4)
        + path("M-19 -10L-19 -21L-10 -15z", "#ffd9b8", 0)
    ),
    "pig": mirrored(path("M-20 -8Q-26 -26 -19 -30Q-8 -26 -5 -16z", "#e88aa0")),
    "elephant": "",
    "dragon": mirrored(path("M-13 -12Q-20 -24 -15 -35Q-6 -28 -4 -15z", "#fbeec2"))
    + path("M-6 -16L0 -29L6 -16z", "#f08a3c"),
}
_MUZZLES = {  # on the skull, under the eyes
    "cat": ellipse(0, 8, 10, 7.5, "#e6ebf2", 0)
    + stroke("M-7 -17L-5 -10M0 -18L0 -10M7 -17L5 -10", 3, "#65758f")
    + path("M-3.2 3.5L3.2 3.5L0 7z", "#e8798c", 1.2)
    + mirrored(stroke("M15 5L31 1M15 9L31 11", 1.6)),
    "dog": ellipse(0, 9, 13, 9.5, "#f4dfbd", 0) + ellipse(0, 4.5, 4.5, 3.2, INK, 0),
    "rabbit": path("M-3 3.5L3 3.5L0 6.8z", "#ee7d95", 1.2) + mirrored(stroke("M14 6L25 4M14 9L25 11", 1.2)),
    "bear": ellipse(0, 9, 11.5, 9.5, "#d2a676", 0) + ellipse(0, 4.5, 4.6, 3.3, INK, 0),
    "fox": mirrored(path("M0 3Q-12 0 -22.5 3Q-18 18 0 18z", "#fff5e8", 0)) + ellipse(0, 5.5, 3.8, 2.9, INK, 0),
    "pig": ellipse(0, 4.5, 10, 7, "#e67f98") + mirrored(ellipse(-3.6, 4.5, 1.7, 2.6, "#8f3d55", 0)),
    "elephant": "",
    "dragon": ellipse(0, 9, 14, 9, "#7fd0b4", 0) + mirrored(ellipse(-4, 4, 1.3, 1.8, "#1d6354", 0)),
}
_LOOSE = {  # parts in pairs, the left one given: a sleeper lies on it and only the right one shows
    ("dragon", "back"): path(
        "M-10 -42Q-24 -74 -47 -70Q-52 -52 -46 -36Q-41 -44 -36 -35Q-31 -42 -26 -33Q-20 -39 -10 -34z", "#f08a3c"
    )
    + stroke("M-14 -42Q-28 -62 -46 -69M-36 -36Q-36 -50 -46 -69", 1.4),
    ("dragon", "ears"): path("M-18 -5L-33 -12L-30 0L-34 8L-18 8z", "#f08a3c"),
    ("elephant", "ears"): path("M-14 -14C-26 -30 -50 -24 -47 -2C-45 16 -30 22 -15 10z", "#8ea8c6")
    + path("M-18 -10C-27 -21 -42 -17 -41 -2C-39 10 -28 14 -18 6z", "#e9b4c0", 0),
    ("dog", "over"): path("M-12 -17C-26 -20 -33 2 -30 17C-25 23 -18 17 -18 4C-18 -4 -16 -11 -12 -17z", "#7a4a28"),
}
_TRUNK = tube("M0 2C1 16 -2 26 -10 29C-17 31 -20 27 -20 23", 11, "#8ea8c6") + stroke(
    "M-4 10L4 10M-4.5 16L3.5 17M-7 22L1 25", 1.3
)
_TAIL_SHIFT: dict[str, Place] = {"sitting": (0, -11, 0), "sleeping": (0, 8, 0)}
_DUCK, _BEAK, _TURTLE, _SHELL, _BUFFALO, _MUZZLE, _HOOF = (
    "#ffd23f",
    "#f2802f",
    "#7cbf5a",
    "#9a6a3c",
    "#59637a",
    "#a9a3ad",
    "#353a4a",
)


def draw_animal(figure: Figure, rng: random.Random) -> str:
    """An SVG fragment of one animal with its scarf, its ground contact at (0, 0)."""
    drawn = {"duck": _duck, "turtle": _turtle, "buffalo": _buffalo}.get(figure.kind, _upright)(figure, rng)
    return drawn + dust(-38 if figure.kind in _UPRIGHT else -58) if figure.pose == "running" else drawn


def hand(figure: Figure) -> Point:
    """Where the animal holds a prop."""
    if figure.kind not in _UPRIGHT:
        return {"duck": (16.0, -24.0), "turtle": (34.0, -14.0), "buffalo": (40.0, -30.0)}[figure.kind]
    x, y = grip(figure.pose, (_UPRIGHT[figure.kind].size,) * 2)
    return x + _UPRIGHT[figure.kind].girth - 13, y


def _upright(figure: Figure, rng: random.Random) -> str:
    """An animal on two legs, in the stance of a person."""
    stance, kind = STANCES[figure.pose], _UPRIGHT[figure.kind]
    x, y, turn = stance.head
    head: Place = (x, y, turn + rng.uniform(-3, 3))
    face_on, raised = group(_head(figure, kind, rng), head), ""
    left, right = _arm(stance, kind, 0), _arm(stance, kind, 1)
    body = (
        _loose(figure, "back")
        + group(_TAILS[figure.kind], _TAIL_SHIFT.get(figure.pose, (0, 0, 0)))
        + _feet(stance, kind)
    )
    if figure.pose == "waving":
        body, raised = body + right + _torso(figure.kind, kind), group(left, stance.body)
    elif figure.pose in ("sitting", "sleeping"):
        body += _torso(figure.kind, kind) + left + right
    else:
        body += left + right + _torso(figure.kind, kind)
    drawn = (
        group(body, stance.body)
        + face_on
        + raised
        + group(_scarf(PAINT[figure.colour], (0, -51), kind.girth), stance.body)
    )
    drawn += group(_TRUNK, head, (-1 if figure.pose == "sleeping" else 1, 1)) if figure.kind == "elephant" else ""
    drawn += snooze(-2, -58) if figure.pose == "sleeping" else ""
    return group(drawn, scale=(kind.size, kind.size))


def _loose(figure: Figure, layer: str) -> str:
    """The loose pair of a layer, if the animal has one."""
    part = _LOOSE.get((figure.kind, layer), "")
    if not part:
        return ""
    return group(part, scale=(-1, 1)) if figure.pose == "sleeping" else mirrored(part)


def _arm(stance: Stance, kind: Species, index: int) -> str:
    """One arm with its paw; broad animals have their arms further out."""
    (bx, by), (ex, ey), _ = stance.arms[index]
    shift, root = (kind.girth - 13) * (2 * index - 1), 10 * (2 * index - 1)
    arm = limb((root + shift * 0.7, -45), ((bx + shift, by), (ex + shift, ey - 1), 0), 10, kind.fur)
    return (
        circle(ex + shift, ey, 5, kind.paw)
        + arm
        + (circle(ex + shift, ey, 4.2, kind.paw, 0) if kind.paw != kind.fur else "")
    )


def _feet(stance: Stance, kind: Species) -> str:
    thick, wide, parts = 10 + (kind.girth - 13) * 0.5, (kind.girth - 13) * 0.5, []
    for ((bx, by), (ex, ey), turn), side in zip(stance.legs, (-1, 1), strict=True):
        shift = wide * side
        parts.append(limb((6 * side + shift, -23), ((bx + shift, by), (ex + shift, ey), 0), thick, kind.fur))
        parts.append(ellipse(ex + shift + side, ey, thick * 0.7, 4.4, kind.paw, 2, turn))
    return "".join(parts)


def _torso(name: str, kind: Species) -> str:
    """The egg of the body with a lighter belly; a dragon's belly has plates."""
    g = kind.girth
    egg = path(
        f"M0 -54C{g * 0.8:.1f} -54 {g * 1.1:.1f} -34 {g} -26C{g} -14 {-g} -14 {-g} -26C{-g * 1.1:.1f} -34 {-g * 0.8:.1f} -54 0 -54z",
        kind.fur,
    )
    belly = ellipse(0, -30, g * 0.62, 12.5, kind.light, 0)
    plates = (
        stroke("M-10 -35Q0 -32 10 -35M-11.5 -29Q0 -26 11.5 -29M-10 -23Q0 -20 10 -23", 1.6, "#c9ab55")
        if name == "dragon"
        else ""
    )
    return egg + belly + plates


def _head(figure: Figure, kind: Species, rng: random.Random) -> str:
    """Ears, skull, muzzle and face about (0, 0)."""
    look = face(figure.mood, figure.pose == "sleeping", rng, kind.eyes, kind.mouth, kind.pale)
    blush = cheeks(kind.skull[0] * 0.68, 6, 4.4, rng)
    skull = ellipse(0, 0, *kind.skull, kind.fur) + _MUZZLES[figure.kind] + ellipse(0, 0, *kind.skull, "none")
    return _loose(figure, "ears") + _EARS[figure.kind] + skull + blush + _loose(figure, "over") + look


def _scarf(colour: str, at: Point, width: float, hangs: bool = True) -> str:
    """A knitted scarf about a neck at `at`; one end hangs down."""
    x, y, w = at[0], at[1], width * 0.96
    end = path(f"M{x + 2:g} {y + 8:g}l10 -2l4 19l-11 2z", colour) + stroke(f"M{x + 6:g} {y + 21:g}l9 -1.8", 1.4)
    top = f"M{x - w:g} {y:g}Q{x:g} {y + 7:g} {x + w:g} {y:g}Q{x + w + 3:g} {y + 4:g} {x + w + 0.5:g} {y + 8:g}"
    low = f"Q{x:g} {y + 17:g} {x - w - 0.5:g} {y + 8:g}Q{x - w - 3:g} {y + 4:g} {x - w:g} {y:g}z"
    band = path(top + low, colour)
    return end + band if hangs else band


def _merged(shapes: str) -> str:
    """Shapes without outlines of their own, as one silhouette with a single ink edge."""
    return f'<g stroke="{INK}" stroke-width="4" stroke-linejoin="round">{shapes}</g>{shapes}'


def _duck(figure: Figure, rng: random.Random) -> str:
    """A yellow duck, its body to the left and its face to the viewer."""
    pose, asleep = figure.pose, figure.pose == "sleeping"
    low = {"sitting": 10, "sleeping": 11}.get(pose, 0)
    head: Place = (14, -36 if asleep else -57 + low, (8 if asleep else 0) + rng.uniform(-4, 4))
    neck = path("M-2 -40L2 -60L28 -56L22 -30z", _DUCK, 0) if not asleep else ""
    tail = path("M-22 -22L-42 -44Q-24 -44 -10 -38z", _DUCK, 0)
    body = _merged(neck + tail + ellipse(-3, -27, 27, 19, _DUCK, 0))
    wing = {"waving": (-7, -38, 74), "running": (-4, -36, 40)}.get(pose, (-2, -35, 0))
    flap = group(path("M6 -4C10 8 2 17 -10 16Q-20 15 -26 6Q-14 4 -10 -4Q-2 -10 6 -4z", "#f4b92e"), wing)
    skull = circle(0, 0, 18.5, _DUCK) + path("M-4 -17Q-8 -26 0 -27Q-1 -23 4 -25Q3 -20 5 -17z", _DUCK)
    beak = path("M-8 4Q4 -3 16 4Q18 9 14 12Q4 17 -6 12Q-11 9 -8 4z", _BEAK)
    look = (
        group(cheeks(11, 4, 3.6, rng), (2, 0, 0))
        + beak
        + group(face(figure.mood, asleep, rng, (8, -4, 2.9), (0, 8, 0.65)), (4, 0, 0))
    )
    scarf = _scarf(PAINT[figure.colour], (12, -29 if asleep else -45), 13, not asleep)
    tilt = 8 if pose == "running" else 0
    upper = group(
        body + group(skull + look, (head[0], head[1] - low, head[2])) + scarf + flap,
        (0, low if not asleep else 8, tilt),
    )
    return _webs(pose) + upper + (snooze(26, -66) if asleep else "")


def _webs(pose: str) -> str:
    """The orange legs and webbed feet of the duck."""
    feet = {"running": ((-20, -7, 40), (18, -3, -12)), "sitting": ((2, -2, 0), (18, -2, 0)), "sleeping": ()}.get(
        pose, ((-9, 0, 0), (8, 0, 0))
    )
    web = path("M-5 -3Q2 -8 7 -4L12 -1Q4 2 -5 0z", _BEAK)
    return "".join(
        tube(f"M{x * 0.6:g} -14L{x:g} {y - 3:g}", 5, _BEAK) + group(web, (x, y, turn)) for x, y, turn in feet
    )


def _stumps(xs: tuple[float, ...], pose: str, top: float, thick: float, colour: str) -> str:
    """Four legs seen from the side, by pose."""
    if pose in ("sitting", "sleeping"):
        return "".join(ellipse(x + 4, -4, thick * 0.9, 4.5, colour) for x in xs[1:])
    swing = (-12, 8, -6, 14) if pose == "running" else (0, 0, 0, 0)
    raised = {3} if pose == "waving" else set()
    feet = [
        (x, x + s, -thick / 2 - abs(s) * 0.3) for k, (x, s) in enumerate(zip(xs, swing, strict=True)) if k not in raised
    ]
    shoe = _HOOF if colour == _BUFFALO else colour
    return "".join(
        tube(f"M{x:g} {top:g}L{fx:g} {y:.1f}", thick, colour) + circle(fx, y, thick / 2 - 1.4, shoe, 0)
        for x, fx, y in feet
    )


def _turtle(figure: Figure, rng: random.Random) -> str:
    """A green turtle under a brown shell, walking to the right."""
    pose, asleep = figure.pose, figure.pose == "sleeping"
    low = 10 if pose in ("sitting", "sleeping") else 0
    legs = _stumps((-28, -14, 6, 18), pose, -16, 12, _TURTLE)
    arm = tube("M14 -17Q40 -12 53 -32", 11, _TURTLE) if pose == "waving" else ""
    tail = path("M-34 -18L-48 -10L-32 -12z", _TURTLE)
    neck = tube("M12 -20Q26 -22 30 -40", 14, _TURTLE) if not asleep else tube("M12 -20L28 -22", 14, _TURTLE)
    dome = path("M-40 -15C-42 -74 20 -74 22 -15Q-9 -9 -40 -15z", _SHELL)
    plates = path("M-18 -52L-2 -52L5 -38L-3 -25L-17 -25L-24 -38z", "#c3915a", 1.6) + stroke(
        "M-18 -52L-22 -58M-2 -52L3 -58M5 -38L19 -36M-24 -38L-38 -36M-3 -25L0 -13M-17 -25L-20 -13", 1.6
    )
    rim = path("M-42 -18Q-9 -10 24 -18Q27 -12 23 -10Q-9 -3 -41 -10Q-45 -13 -42 -18z", "#e2c27d")
    at: Place = (31, -28 if asleep else -49, 10 if asleep else rng.uniform(-4, 4))
    look = cheeks(11, 5, 4, rng) + face(figure.mood, asleep, rng, (7.5, -3, 2.9), (0, 7, 0.8))
    scarf = _scarf(PAINT[figure.colour], (28, at[1] + (9 if asleep else 12)), 11, not asleep)
    upper = group(
        tail + neck + dome + plates + rim + group(ellipse(0, 0, 17.5, 16.5, _TURTLE) + look, at) + scarf + arm,
        (-2, low, -4 if pose == "running" else 0),
    )
    return legs + upper + (snooze(30, -52) if asleep else "")


def _buffalo(figure: Figure, rng: random.Random) -> str:
    """A dark water buffalo from the side, its horned head turned to the viewer."""
    pose, asleep = figure.pose, figure.pose == "sleeping"
    low = 16 if pose in ("sitting", "sleeping") else 0
    legs = _stumps((-38, -22, 2, 16), pose, -26, 13, _BUFFALO)
    arm = tube("M12 -29Q42 -20 54 -42", 12, _BUFFALO) + circle(53.8, -42, 4.6, _HOOF, 0) if pose == "waving" else ""
    tail = tube("M-44 -54Q-56 -44 -52 -28", 4, _BUFFALO) + ellipse(-52, -25, 3.5, 5.5, INK, 0)
    barrel = path(
        "M-46 -52C-44 -66 -20 -66 0 -68C20 -70 28 -56 26 -36C24 -20 12 -19 -10 -18C-34 -17 -50 -20 -48 -38z", _BUFFALO
    )
    at: Place = (22, -44 if asleep else -64, (6 if asleep else 0) + rng.uniform(-3, 3))
    colour = PAINT[figure.colour]
    scarf = tube("M0 -58Q8 -42 2 -21", 11, colour) if asleep else _scarf(colour, (20, at[1] + 17), 16)
    upper = group(
        tail + barrel + scarf + group(_horned(figure, rng), at) + arm, (-6, low, -4 if pose == "running" else 0)
    )
    return legs + upper + (snooze(34, -66) if asleep else "")


def _horned(figure: Figure, rng: random.Random) -> str:
    """The head of the buffalo with its wide curved horns."""
    horns = mirrored(
        path("M-8 -13C-22 -12 -32 -18 -33 -36C-46 -20 -36 -1 -12 -4z", "#d9cdb8")
        + path("M-14 -2Q-28 -3 -29 5Q-22 9 -14 5z", _BUFFALO)
    )
    skull = path("M-15 -12Q0 -20 15 -12Q18 0 13 12Q10 22 0 22Q-10 22 -13 12Q-18 0 -15 -12z", _BUFFALO)
    nose = (
        ellipse(0, 14, 12, 8.5, _MUZZLE)
        + mirrored(ellipse(-4.5, 10.5, 1.6, 1.3, INK, 0))
        + path("M-5 -16Q0 -6 5 -16Q0 -21 -5 -16z", INK, 0)
    )
    return horns + skull + nose + face(figure.mood, figure.pose == "sleeping", rng, (7.5, -3, 2.7), (0, 15, 0.6), True)
