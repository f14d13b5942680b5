"""What is not worn on the shoulders: trousers, skirt, hat, scarf, socks."""

from __future__ import annotations

import random

from .cloth import INK, Cloth, Line, Piece, drawn, filled, flipped, whole
from .garment import Cut, buttons, folds


def trousers(cloth: Cloth, rng: random.Random) -> Cut:
    """Two long legs below a waistband with loops; straight or flared, some with turn-ups."""
    long, out, inner = rng.uniform(196, 212), rng.uniform(62, 80), rng.uniform(16, 26)
    legs = whole(
        (0, 14), (46, 13), (58, 50, out, long), ((out + inner) / 2, long + 4, inner, long + 1), (8, 120, 0, 86)
    )
    band = whole((0, 0), (44, -1), (47, 17), (0, 20))
    fly: Line = ((0, 20), (0, 84))
    pocket: Line = ((26, 19), (34, 40, 53, 44))
    loops = "".join(drawn(((x, -1), (x, 19)), INK, cloth.line) for x in (-26, 26))
    cuff: Line = ((out - 2, long - 14), (out + 1, long + 2), (inner - 2, long + 3), (inner, long - 12))
    turned = (Piece(cuff, trim=True), Piece(flipped(cuff), trim=True)) if rng.random() < 0.5 else ()
    seams = "".join(drawn(one, INK, cloth.line * 0.8, 0.6) for one in (fly, pocket, flipped(pocket)))
    return Cut(
        (Piece(legs), *turned, Piece(band, trim=True)),
        width=2 * out,
        height=long + 3,
        held=(36, 4),
        details=loops + seams + buttons(cloth, "#f0d9a0", 0, [9.0]),
    )


def skirt(cloth: Cloth, rng: random.Random) -> Cut:
    """A waistband and a wide bell with folds, some with a flounce."""
    long, hem = rng.uniform(128, 156), rng.uniform(84, 100)
    bell = whole(
        (0, 14),
        (42, 13),
        (58, 60, hem, long - 8),
        (hem * 0.84, long + 9, hem * 0.6, long),
        (hem * 0.42, long + 11, hem * 0.2, long + 3),
        (hem * 0.1, long + 8, 0, long + 6),
    )
    band = whole((0, 0), (41, -2), (44, 18), (0, 21))
    fall = [
        ((x * 0.42, 26.0), (x * 0.62, long * 0.55, x, long - 8)) for x in (-0.6 * hem, -0.2 * hem, 0.2 * hem, 0.6 * hem)
    ]
    button = buttons(cloth, "#f0d9a0", rng.choice((-30.0, 0.0, 30.0)), [9.0])
    return Cut(
        (Piece(bell), Piece(band, trim=True)),
        width=2 * hem,
        height=long + 8,
        held=(34, 4),
        details=folds(cloth, *fall) + button,
    )


def hat(cloth: Cloth, rng: random.Random) -> Cut:
    """A round crown, a ribbon around it, a wide brim, sometimes with a flower."""
    high, brim, wide = rng.uniform(78, 96), rng.uniform(98, 110), rng.uniform(52, 60)
    crown = whole(
        (0, 0),
        (wide * 0.9, 0, wide * 0.96, high * 0.62),
        (wide, high * 0.8, wide + 4, high),
        (wide * 0.6, high + 15, 0, high + 15),
    )
    edge = whole(
        (0, high - 20),
        (wide, high - 18, brim, high + 2),
        (brim + 6, high + 18, brim - 18, high + 28),
        (brim * 0.5, high + 46, 0, high + 44),
    )
    ribbon = whole(
        (0, high - 11),
        (wide * 0.6, high - 12, wide - 1, high - 26),
        (wide + 4, high),
        (wide * 0.6, high + 15, 0, high + 15),
    )
    flower = _flower(cloth, rng.choice((-1, 1)) * wide * 0.72, high - 6) if rng.random() < 0.5 else ""
    return Cut(
        (Piece(edge), Piece(crown)),
        width=2 * brim,
        height=high + 44,
        held=(26, 7),
        details=filled(ribbon, cloth.trim, cloth.line) + flower,
    )


def _flower(cloth: Cloth, x: float, y: float) -> str:
    """One large flower, to be pinned on."""
    petals = "".join(
        f'<ellipse rx="7.5" ry="11" cy="-11" transform="rotate({turn})" fill="#fff3e6" stroke="{INK}" '
        f'stroke-width="{cloth.line * 0.7:.1f}"/>'
        for turn in range(0, 360, 72)
    )
    return f'<g transform="translate({x:.1f} {y:.1f})">{petals}<circle r="6" fill="#f0b23c"/></g>'


def scarf(cloth: Cloth, rng: random.Random) -> Cut:
    """A loop, as around a neck, a knot, and two ends with fringes."""
    first, second = rng.uniform(184, 206), rng.uniform(150, 176)
    ends = (_scarf_end(-8, -40, second), _scarf_end(8, 32, first))
    loop = whole((0, 40), (40, 38, 54, 12), (62, 0, 76, 10), (84, 30, 72, 52), (50, 80, 0, 82))
    knot: Line = ((-20, 42), (0, 36, 22, 44), (28, 66, 20, 86), (0, 92, -18, 86), (-26, 64, -20, 42))
    back = filled(whole((0, 0), (46, -2, 74, 14), (60, 48, 0, 50)), cloth.trim, cloth.line)
    fringes = "".join(_fringe(cloth, end) for end in ends)
    pieces = (Piece(ends[0], 8), Piece(ends[1], -8), Piece(loop), Piece(knot, 20))
    cut = Cut(
        pieces,
        156,
        first + 18,
        (56, 6),
        fringes + back,
        folds(cloth, ((-58, 26), (-40, 46, -24, 54)), ((58, 26), (44, 46, 28, 54))),
    )
    return cut if rng.random() < 0.5 else _turned_over(cut)


def _turned_over(cut: Cut) -> Cut:
    """The garment as in a mirror."""
    pieces = tuple(Piece(flipped(piece.outline), -piece.turn, piece.trim) for piece in cut.pieces)
    mirror = '<g transform="scale(-1 1)">{}</g>'
    return Cut(pieces, cut.width, cut.height, cut.held, mirror.format(cut.behind), mirror.format(cut.details))


def _scarf_end(x: float, lean: float, long: float) -> Line:
    """A strip 44 wide that hangs from (x, 66)."""
    return ((x - 20, 66), (x + 20, 66), (x + lean + 27, long), (x + lean - 23, long + 4))


def _fringe(cloth: Cloth, end: Line) -> str:
    (x2, y2), (x1, y1) = end[2], end[3]
    spots = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for t in (0.06, 0.28, 0.5, 0.72, 0.94)]
    lines = [((x, y), (x + (x1 + x2) * 0.02, y + 15)) for x, y in spots]
    return "".join(drawn(one, INK, 7.5) for one in lines) + "".join(drawn(one, cloth.trim, 4) for one in lines)


def socks(cloth: Cloth, rng: random.Random) -> Cut:
    """A pair side by side, with ribs at the top, and toe and heel of another tone."""
    long = rng.uniform(96, 126)
    one = _sock(-58, 0, long)
    other = _sock(8, 0, long)
    pieces = (*one, *other)
    ribs = [((x + shift, 6.0), (x + shift, 20.0)) for shift in (-58, 8) for x in (-15, -5, 5, 15)]
    cut = Cut(pieces, 172, long + 62, (32, 5), details=folds(cloth, *ribs))
    return cut if rng.random() < 0.5 else _turned_over(cut)


def _sock(x: float, y: float, long: float) -> tuple[Piece, ...]:
    """One sock with the middle of its top at (x, y), its toe to the right."""
    leg: Line = (
        (-24, 18), (24, 18), (23, long - 24), (24, long - 2, 44, long + 6), (76, long + 16, 72, long + 42), (70, long + 58, 44, long + 60),
        (0, long + 62), (-28, long + 60, -27, long + 22), (-24, long - 10, -24, 18),
    )  # fmt: skip
    toe: Line = (
        (46, long + 7),
        (76, long + 16, 72, long + 42),
        (70, long + 58, 44, long + 60),
        (34, long + 34, 46, long + 7),
    )
    heel: Line = ((-27, long + 12), (-4, long + 24, 0, long + 62), (-28, long + 60, -27, long + 12))
    cuff: Line = ((-26, 0), (26, 0), (27, 24), (-27, 24))
    return tuple(
        Piece(_moved(one, x, y), trim=trim) for one, trim in ((leg, False), (toe, True), (heel, True), (cuff, True))
    )


def _moved(outline: Line, x: float, y: float) -> Line:
    return tuple(tuple(n + (y if i % 2 else x) for i, n in enumerate(step)) for step in outline)
