"""What is worn on the shoulders: dress, shirt, coat, jumper, ao dai."""

from __future__ import annotations

import random

from .cloth import INK, LIGHT, Cloth, Line, Piece, drawn, filled, flipped, whole
from .garment import Cut, buttons, folds

SILK = "#fdfaf4"


def _both(piece: Line, turn: float, trim: bool = False) -> tuple[Piece, Piece]:
    """A piece on the right and its mirror image on the left."""
    return Piece(piece, turn, trim), Piece(flipped(piece), -turn, trim)


def _cuff(top: tuple[float, float], low: tuple[float, float], long: tuple[float, float]) -> Line:
    """A band at the end of a sleeve, between two points and as far as `long` beyond them."""
    (x1, y1), (x2, y2), (dx, dy) = top, low, long
    return ((x1, y1), (x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2, y2))


def dress(cloth: Cloth, rng: random.Random) -> Cut:
    """A tight bodice, a sash, a wide skirt with a waved hem; with or without puffed sleeves."""
    hem, long, waist = rng.uniform(80, 96), rng.uniform(196, 214), rng.uniform(27, 32)
    skirt = whole(
        (0, 84),
        (waist, 84),
        (waist + 22, 130, hem, long - 10),
        (hem * 0.86, long + 8, hem * 0.64, long - 1),
        (hem * 0.48, long + 10, hem * 0.28, long + 2),
        (hem * 0.13, long + 10, 0, long + 4),
    )
    bodice = whole((0, 30), (17, 28, 21, 2), (41, 6), (31, 30, 39, 54), (waist, 86), (0, 86))
    puff: Line = ((36, 5), (64, -2, 74, 30), (75, 46, 62, 52), (50, 56, 37, 50), (31, 28, 36, 5))
    sleeves = _both(puff, 20) if rng.random() < 0.6 else ()
    sash = filled(whole((0, 80), (waist + 2, 80), (waist + 3, 95), (0, 97)), cloth.trim, cloth.line)
    fall = [((x * 0.35, 100.0), (x * 0.6, 140.0, x, long - 16)) for x in (-0.62 * hem, -0.05 * hem, 0.5 * hem)]
    return Cut(
        (*sleeves, Piece(bodice), Piece(skirt)),
        width=2 * hem,
        height=long + 10,
        held=(30, 5),
        behind=filled(whole((0, 6), (20, 3), (20, 30), (0, 34)), cloth.trim, cloth.line),
        details=sash + folds(cloth, *fall) + _bow(cloth, rng.choice((-14.0, 0.0, 14.0)), 88),
        shoulders=(36, 4),
    )


def _bow(cloth: Cloth, x: float, y: float) -> str:
    """A bow with two ends."""
    loop: Line = ((0, 0), (10, -14, 20, -8), (22, 8, 0, 0))
    end: Line = ((0, 2), (12, 24), (4, 26), (-1, 2))
    drawn_bow = "".join(filled(one, cloth.trim, cloth.line * 0.8) for one in (end, flipped(end), loop, flipped(loop)))
    return f'<g transform="translate({x:.1f} {y:.1f})">{drawn_bow}</g>'


def shirt(cloth: Cloth, rng: random.Random) -> Cut:
    """A collar, a row of buttons, a pocket, a curved hem; short sleeves or long ones with cuffs."""
    long, half = rng.uniform(164, 182), rng.uniform(52, 58)
    body = whole(
        (0, 14), (12, 13, 22, 3), (56, 14), (50, 46, half, 72), (half, long - 16), (half - 18, long, 0, long - 2)
    )
    if short := rng.random() < 0.55:
        sleeves = _both(((53, 12), (70, 18, 100, 62), (74, 84), (52, 60)), -48)
        cuffs = _both(_cuff((102, 60), (73, 86), (-5, -8)), 0, trim=True)
    else:
        sleeves = _both(((53, 12), (74, 20, 100, 132), (76, 142), (52, 62)), -72)
        cuffs = _both(_cuff((100, 130), (74, 141), (5, 16)), 0, trim=True)
    collar: Line = ((0, 16), (14, 12, 20, -2), (30, 5), (27, 24, 14, 36), (0, 17))
    seam = drawn(((-7, 26), (-7, long - 3)), INK, cloth.line * 0.7, 0.55)
    row = buttons(cloth, LIGHT, 1, [38 + index * (long - 58) / 4 for index in range(5)])
    pocket: Line = ((18, 64), (42, 64), (42, 88), (30, 96), (18, 88))
    patch = filled(pocket, cloth.trim, cloth.line * 0.8) if rng.random() < 0.75 else ""
    return Cut(
        (*sleeves, *cuffs, Piece(body)),
        width=204 if short else 210,
        height=long,
        held=(38, 10),
        behind=filled(whole((0, 0), (22, 0), (18, 24), (0, 28)), cloth.trim, cloth.line),
        details=seam + row + patch + "".join(filled(one, cloth.pale, cloth.line) for one in (collar, flipped(collar))),
        shoulders=(48, 9),
    )


def coat(cloth: Cloth, rng: random.Random) -> Cut:
    """Long and wide below, with lapels, two rows of big buttons, pockets with flaps, and often a belt."""
    long, hem = rng.uniform(206, 222), rng.uniform(64, 76)
    body = whole(
        (0, 60),
        (24, 2),
        (60, 14),
        (54, 46, 55, 76),
        (52, 112),
        (56, 150, hem, long - 4),
        (hem * 0.5, long + 2, 0, long),
    )
    sleeves = _both(((56, 12), (80, 20, 98, 140), (72, 148), (54, 70)), -76)
    cuffs = _both(_cuff((97, 124), (71, 134), (3, 18)), 0, trim=True)
    lapel: Line = ((0, 66), (18, 6), (26, -3), (42, 14), (34, 34), (42, 40), (0, 96))
    flap: Line = ((20, 142), (50, 138), (51, 151), (21, 155))
    rows = [104.0, 132.0, 160.0] if rng.random() < 0.5 else [102.0, 128.0, 154.0, 180.0]
    button = rng.choice((LIGHT, "#6b4236", "#e8c15a"))
    belt = whole((0, 112), (54, 110), (55, 124), (0, 126))
    trims = "".join(filled(one, cloth.trim, cloth.line) for one in (lapel, flipped(lapel), flap, flipped(flap)))
    worn = filled(belt, cloth.trim, cloth.line) if rng.random() < 0.5 else ""
    return Cut(
        (*sleeves, *cuffs, Piece(body)),
        width=200,
        height=long + 2,
        held=(40, 10),
        behind=filled(whole((0, 0), (26, 0), (24, 50), (0, 74)), cloth.trim, cloth.line),
        details=drawn(((0, 92), (0, long)), INK, cloth.line * 0.9)
        + worn
        + trims
        + buttons(cloth, button, -12, rows, 5.2)
        + buttons(cloth, button, 12, rows, 5.2),
        shoulders=(50, 9),
    )


def jumper(cloth: Cloth, rng: random.Random) -> Cut:
    """Wide and soft, with ribs at the neck, the cuffs and the hem, and no buttons."""
    long, half = rng.uniform(138, 152), rng.uniform(58, 64)
    body = whole((0, 24), (18, 22, 25, 4), (44, 4, 62, 16), (56, 50, half, 72), (half + 3, long), (0, long + 2))
    down = rng.uniform(126, 148)
    sleeves = _both(((58, 14), (84, 18, 106, down), (78, down + 10), (55, 68)), -74)
    cuffs = _both(_cuff((105, down - 2), (79, down + 8), (4, 18)), 0, trim=True)
    hem = whole((0, long), (half + 1, long - 2), (half - 3, long + 20), (0, long + 22))
    collar = whole((0, 20), (18, 18, 21, 0), (32, 3), (28, 36, 0, 37))
    ribs = [((x, long + 3.0), (x * 0.97, long + 18)) for x in range(-48, 49, 12)]
    return Cut(
        (*sleeves, *cuffs, Piece(body), Piece(hem, trim=True)),
        width=218,
        height=max(long + 22, down + 26),
        held=(42, 8),
        behind=filled(whole((0, -2), (22, 0), (20, 20), (0, 26)), cloth.trim, cloth.line),
        details=filled(collar, cloth.trim, cloth.line)
        + folds(cloth, *ribs)
        + folds(cloth, ((52, 66), (46, 84)), ((-52, 66), (-46, 84))),
        shoulders=(48, 8),
    )


def ao_dai(cloth: Cloth, rng: random.Random) -> Cut:
    """A standing collar, a slanting row of buttons, long sleeves, a long panel, and silk trousers at both sides of it."""
    long, half = rng.uniform(206, 216), rng.uniform(40, 47)
    body = whole(
        (0, 12),
        (17, 11),
        (47, 22),
        (40, 46, 39, 62),
        (29, 84, 31, 98),
        (40, 130, half, long - 4),
        (half / 2, long + 3, 0, long + 2),
    )
    sleeves = _both(((40, 18), (64, 24, 78, 112), (84, 132), (60, 138), (38, 62)), -76)
    collar = whole((0, -2), (14, -4), (18, 14), (0, 17))
    leg: Line = ((2, 100), (31, 96), (50, 130, 66, 232), (40, 238, 8, 234), (2, 120))
    closing: Line = ((6, 16), (20, 34, 39, 46))
    row = "".join(buttons(cloth, "#f0b23c", x, [y], 3.4) for x, y in ((10, 21), (20, 32), (31, 41)))
    fall = ((-6.0, 110.0), (-4.0, 150.0, -10.0, long - 12))
    return Cut(
        (*sleeves, Piece(body)),
        width=172,
        height=236,
        held=(32, 18),
        behind="".join(filled(one, SILK, cloth.line) for one in (leg, flipped(leg))),
        details=filled(collar, cloth.trim, cloth.line)
        + drawn(closing, INK, cloth.line * 0.8)
        + row
        + folds(cloth, fall),
        shoulders=(40, 17),
    )
