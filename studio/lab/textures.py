"""Painted patterns, as many as anyone likes: what the eye learns to tell apart, and styles to try where nobody brings a picture.

Each kind of `TEXTURES` is a function of a random generator alone, which chooses palette, size, angle and shake of the hand; the same
seed gives the same picture. They are drawn twice as large and shrunk, so that edges are smooth.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

SIDE_PX = 256
DRAWN_PX = 2 * SIDE_PX
SCHEMES = (
    (0.0, 0.04, -0.04),
    (0.0, 0.08, 0.16),
    (0.0, 0.5, 0.06),
    (0.0, 0.33, 0.67),
    (0.0, 0.42, 0.58),
    (0.0, 0.25, 0.5),
)
Texture = Callable[[np.random.Generator], np.ndarray]


def palette(count: int, seed: int, paintings: Sequence[np.ndarray] = ()) -> np.ndarray:
    """`count` style pictures uint8 [count, 3, 256, 256]: every other one cut from `paintings` (uint8 [h, w, 3], sides of at least
    256 px, such as scenes redrawn in the manners of pocket), the rest textures of all kinds in turn."""
    kinds, found = [*TEXTURES.values()], np.empty((count, 3, SIDE_PX, SIDE_PX), np.uint8)
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        if paintings and number % 2:
            picture = _cut(paintings[(number // 2) % len(paintings)], rng)
        else:
            picture = kinds[(number // 2 if paintings else number) % len(kinds)](rng)
        found[number] = picture.transpose(2, 0, 1)
    return found


def _cut(painting: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A square of it, mirrored as often as not."""
    down, right = (int(rng.integers(0, side - SIDE_PX + 1)) for side in painting.shape[:2])
    piece = painting[down : down + SIDE_PX, right : right + SIDE_PX]
    return piece[:, ::-1] if rng.random() < 0.5 else piece


# Colours and planes


def colours(rng: np.random.Generator, count: int = 5) -> np.ndarray:
    """A palette float32 [count, 3] in 0..1: hues that belong together, from dark to light, in an order by chance."""
    hue, scheme = rng.random(), SCHEMES[rng.integers(len(SCHEMES))]
    vivid, dark, light = rng.uniform(0.35, 0.95), rng.uniform(0.08, 0.35), rng.uniform(0.75, 0.97)
    found = []
    for number, lightness in enumerate(np.linspace(dark, light, count)):
        turn = scheme[number % len(scheme)] + rng.normal(0, 0.015)
        found.append(colorsys.hls_to_rgb((hue + turn) % 1.0, float(lightness), vivid * rng.uniform(0.7, 1.0)))
    return rng.permutation(np.array(found, np.float32))


def plane(rng: np.random.Generator, low: float, high: float, bent: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Two coordinates float32 [512, 512] at right angles, turned by chance, `low` to `high` units along a side, bent like a
    hand's lines by up to about so many units."""
    units, turn = rng.uniform(low, high), rng.uniform(0, np.pi)
    at = np.linspace(-0.5, 0.5, DRAWN_PX, dtype=np.float32) * np.float32(units)
    across, down = at[None, :], at[:, None]
    cosine, sine = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    right, up = across * cosine + down * sine, down * cosine - across * sine
    if bent:
        right = right + np.float32(2 * bent) * (noise(rng, 5) - 0.5)
        up = up + np.float32(2 * bent) * (noise(rng, 5) - 0.5)
    return right, up


def noise(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Smooth noise about 0..1 with so many bumps along a side, float32 [512, 512]."""
    import cv2

    return cv2.resize(rng.random((cells, cells), np.float32), (DRAWN_PX, DRAWN_PX), interpolation=cv2.INTER_CUBIC)


def _finished(picture: np.ndarray, rng: np.random.Generator, tooth: float = 0.03) -> np.ndarray:
    """float32 [512, 512, 3] in 0..1 as uint8 [256, 256, 3], with the tooth of paper."""
    import cv2

    small = cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    small = small + np.float32(tooth) * (rng.random((SIDE_PX, SIDE_PX, 1), np.float32) - 0.5)
    return (small.clip(0, 1) * 255 + 0.5).astype(np.uint8)


def _chosen(rng: np.random.Generator, numbers: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """A colour by chance for each number of a shape, float32 [512, 512, 3]; a little lighter or darker from shape to shape."""
    table = palette[rng.integers(len(palette), size=1024)] * rng.uniform(0.88, 1.1, (1024, 1)).astype(np.float32)
    return table[numbers.astype(np.intp) % 1024]


def _laid(below: np.ndarray, above: np.ndarray, share: np.ndarray) -> np.ndarray:
    """One picture or colour over the other where `share` [512, 512] is 1."""
    return below + share[..., None].astype(np.float32) * (above - below)


# Kinds made of formulas


def stripes(rng: np.random.Generator) -> np.ndarray:
    """Bands of uneven width, nearly straight."""
    across, _ = plane(rng, 8, 26, bent=rng.uniform(0, 0.5))
    edges = np.cumsum(rng.uniform(0.35, 1.8, 64)).astype(np.float32)
    return _finished(_banded(np.searchsorted(edges, across - across.min()), colours(rng)), rng)


def _banded(numbers: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """The colours of the palette one after the other."""
    return palette[numbers.astype(np.intp) % len(palette)]


def waves(rng: np.random.Generator) -> np.ndarray:
    """Rolling lines, one under the other."""
    across, down = plane(rng, 9, 20)
    high, long = rng.uniform(0.4, 1.1), rng.uniform(0.7, 1.6)
    heights = down + high * np.sin(long * across + 0.6 * np.sin(0.5 * down)) + 0.6 * noise(rng, 6)
    return _finished(_banded(np.floor((heights - heights.min()) * 1.3), colours(rng)), rng)


def swirls(rng: np.random.Generator) -> np.ndarray:
    """Streams of strokes that turn around a few eyes, as in a windy night sky."""
    across, down = plane(rng, 2.0, 2.6)
    for _ in range(rng.integers(2, 5)):
        x, y, turn = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.choice((-1, 1)) * rng.uniform(4, 8)
        angle = turn * np.exp(-((across - x) ** 2 + (down - y) ** 2) * rng.uniform(2.5, 6))
        cosine, sine = np.cos(angle), np.sin(angle)
        across, down = (
            x + (across - x) * cosine - (down - y) * sine,
            y + (across - x) * sine + (down - y) * cosine,
        )
    lanes = down * rng.uniform(9, 15) + 0.8 * noise(rng, 24)
    along = across * rng.uniform(2, 4) + 0.37 * np.floor(lanes) ** 2
    return _finished(_chosen(rng, np.floor(lanes) * 37 + np.floor(along), colours(rng)), rng)


def hatching(rng: np.random.Generator) -> np.ndarray:
    """Pen lines crossing on paper, closer where it is darker."""
    tones = colours(rng)
    tones = tones[tones.sum(1).argsort()]
    picture, tone = np.broadcast_to(tones[-1], (DRAWN_PX, DRAWN_PX, 3)), noise(rng, 5)
    lines, turn = rng.uniform(26, 48), rng.uniform(0, np.pi)
    at = np.linspace(0, 1, DRAWN_PX, dtype=np.float32)
    shaken = 0.7 * noise(rng, 10)
    for number in range(3):
        angle = turn + number * (np.pi / 3 + rng.normal(0, 0.08))
        lanes = lines * (at[None, :] * np.cos(angle) + at[:, None] * np.sin(angle)) + shaken
        width = (0.55 * (0.85 - tone - 0.12 * number)).clip(0, 0.24)
        ink = (np.abs(lanes - np.floor(lanes) - 0.5) < width).astype(np.float32)
        picture = _laid(picture, tones[number % 2], 0.85 * ink)
    return _finished(picture.astype(np.float32), rng)


def checks(rng: np.random.Generator) -> np.ndarray:
    """Gingham: bands that cross, darker where they meet."""
    across, down = plane(rng, 6, 18, bent=0.15)
    base, first, second = colours(rng, 3)
    picture = np.broadcast_to(base, (DRAWN_PX, DRAWN_PX, 3))
    for lanes, colour, share in ((across, first, 0.6), (down, second, 0.6), (across + 0.25, first, 0.3)):
        width = 0.5 if share > 0.5 else 0.12
        picture = _laid(picture, colour, np.where(lanes - np.floor(lanes) < width, share, 0.0))
    return _finished(picture.astype(np.float32), rng, 0.06)


def weave(rng: np.random.Generator) -> np.ndarray:
    """A basket: strands over and under one another, each round."""
    across, down = plane(rng, 7, 16, bent=0.2)
    over = (np.floor(across) + np.floor(down)) % 2 < 1
    strand, along = np.where(over, np.floor(down) * 31, 500 + np.floor(across) * 17), np.where(over, down, across)
    crossing = np.where(over, across, down)
    round_ = 1 - (2 * (along - np.floor(along)) - 1) ** 2
    dip = 1 - 0.5 * (2 * np.abs(crossing - np.floor(crossing) - 0.5)) ** 4
    light = (0.35 + 0.7 * round_) * dip
    return _finished(_chosen(rng, strand, colours(rng, 4)) * light[..., None].astype(np.float32), rng)


def marble(rng: np.random.Generator) -> np.ndarray:
    """Paint drawn through water: thin veins in long folds."""
    across, down = plane(rng, 1, 2)
    folds = 3.5 * noise(rng, 4) + 1.6 * noise(rng, 9) + 0.5 * noise(rng, 22)
    height = (across + down) * rng.uniform(0.5, 2) + folds * rng.uniform(1.2, 2.4)
    place = (height - height.min()) * 1.4
    veins, tones = place - np.floor(place), colours(rng)
    picture = _banded(np.floor(place), tones) * (0.75 + 0.35 * veins[..., None])
    return _finished(_laid(picture, tones[-1] * 0.5, (veins < 0.07) * 0.8).astype(np.float32), rng)


def mosaic(rng: np.random.Generator) -> np.ndarray:
    """Little tiles, each of one colour, with grout between."""
    import cv2

    cells, tones = int(rng.integers(11, 26)), colours(rng)
    step = DRAWN_PX / cells
    seeds = np.ones((DRAWN_PX, DRAWN_PX), np.uint8)
    places = (np.indices((cells, cells)) + 0.5 + rng.uniform(-0.36, 0.36, (2, cells, cells))) * step
    seeds[tuple(places.astype(np.intp).reshape(2, -1))] = 0
    _, tiles = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    drift = np.floor(noise(rng, 4) * 3) if rng.random() < 0.6 else np.zeros((1, 1))
    edges = cv2.morphologyEx(tiles.astype(np.float32), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    grout = cv2.dilate(edges.astype(np.uint8), np.ones((2, 2), np.uint8))
    lightest = tones[tones.sum(1).argmax()]
    return _finished(_laid(_chosen(rng, tiles * 7 + drift, tones), lightest * 0.95, grout), rng)


# Kinds drawn with brush and pen


def dots(rng: np.random.Generator) -> np.ndarray:
    """Spots in rows, large and small."""
    tones, step, turn = colours(rng), rng.uniform(26, 64), rng.uniform(0, np.pi)
    canvas, pen = _canvas(tones[0])
    mean = rng.uniform(0.22, 0.42) * step
    for row, column in np.ndindex(int(760 // step), int(760 // step)):
        x, y = (column + row % 2 / 2) * step - 380, row * step - 380
        x, y = x + rng.normal(0, 0.05 * step), y + rng.normal(0, 0.05 * step)
        at = 256 + x * np.cos(turn) - y * np.sin(turn), 256 + x * np.sin(turn) + y * np.cos(turn)
        _spot(pen, at, mean * rng.uniform(0.6, 1.2), tones[1 + rng.integers(len(tones) - 1)])
    return _finished(_pixels(canvas), rng)


def strokes(rng: np.random.Generator) -> np.ndarray:
    """Thick short strokes of a brush that follow a stream, dark ones first."""
    tones, (across, down) = colours(rng, 6), (noise(rng, 4), noise(rng, 4))
    canvas, pen = _canvas(tones[tones.sum(1).argmin()])
    long, wide, turn = rng.uniform(36, 74), rng.uniform(9, 17), rng.uniform(0, np.pi)
    tone = noise(rng, 5)
    for _ in range(850):
        x, y = rng.integers(0, DRAWN_PX, 2)
        angle = turn + 2.6 * across[y, x] + 1.3 * down[y, x]
        number = int(np.clip(tone[y, x] * len(tones) + rng.normal(0, 0.7), 0, len(tones) - 1))
        _stroke(pen, (x, y), angle, long * rng.uniform(0.6, 1.2), wide, tones[number] * rng.uniform(0.85, 1.12))
    return _finished(_pixels(canvas), rng)


def scribbles(rng: np.random.Generator) -> np.ndarray:
    """Wax crayon: to and fro in patches, the paper shining through."""
    tones = colours(rng, 6)
    lightest = tones[tones.sum(1).argmax()]
    canvas, pen = _canvas(0.4 * lightest + 0.6)
    for _ in range(95):
        x, y, angle, tone = *rng.uniform(-20, DRAWN_PX + 20, 2), rng.uniform(0, np.pi), tones[rng.integers(len(tones))]
        size, gap = rng.uniform(70, 150), rng.uniform(8, 12)
        side = np.array([np.cos(angle), np.sin(angle)])
        along = np.array([-side[1], side[0]])
        steps = np.arange(-size / 2, size / 2, gap)
        ends = np.where(np.arange(len(steps)) % 2, 1, -1) * rng.uniform(0.35, 0.6, len(steps)) * size
        points = np.array([x, y]) + steps[:, None] * along + ends[:, None] * side
        pen.line([tuple(point) for point in points], _ink(tone), int(gap * 0.85), joint="curve")
    grain = (rng.random((SIDE_PX, SIDE_PX), np.float32) > 0.3).repeat(2, 0).repeat(2, 1)
    return _finished(_laid(0.4 * lightest + 0.6, _pixels(canvas), 0.25 + 0.75 * grain), rng)


def scales(rng: np.random.Generator) -> np.ndarray:
    """Round scales like those of a fish or the waves of old prints, each of several rings."""
    tones, size = colours(rng), rng.uniform(44, 100)
    canvas, pen = _canvas(tones[0])
    rings = [(1.0, tones[1]), (0.8, tones[2]), (0.55, tones[3]), (0.3, tones[4])][: rng.integers(2, 5)]
    for row in range(int(2 * DRAWN_PX // size) + 4):
        for column in range(-1, int(DRAWN_PX // size) + 2):
            x, y = (column + row % 2 / 2) * size, row * size / 2 - size
            light = rng.uniform(0.9, 1.08)
            for share, tone in rings:
                _spot(pen, (x, y), share * size * 0.62, tone * light)
    picture = _pixels(canvas)
    return _finished(np.ascontiguousarray(np.rot90(picture, int(rng.integers(4)))), rng)


def leaves(rng: np.random.Generator) -> np.ndarray:
    """Pointed leaves strewn over one another, each with its rib."""
    tones, long = colours(rng, 6), rng.uniform(45, 95)
    canvas, pen = _canvas(tones[0])
    for _ in range(int(380 * (60 / long) ** 1.6)):
        x, y, angle, tone = *rng.uniform(-20, DRAWN_PX + 20, 2), rng.uniform(0, 2 * np.pi), tones[rng.integers(1, 6)]
        along = np.array([np.cos(angle), np.sin(angle)]) * long * rng.uniform(0.7, 1.1)
        side, foot = np.array([-along[1], along[0]]) * 0.26, np.array([x, y])
        outline = [foot, foot + 0.3 * along + 0.85 * side, foot + 0.6 * along + 0.75 * side, foot + along]
        outline += [foot + 0.6 * along - 0.75 * side, foot + 0.3 * along - 0.85 * side]
        pen.polygon([tuple(point) for point in outline], _ink(tone), _ink(tone * 0.7))
        pen.line([tuple(foot), tuple(foot + 0.9 * along)], _ink(tone * 0.6), 3)
    return _finished(_pixels(canvas), rng)


def splashes(rng: np.random.Generator) -> np.ndarray:
    """Paint thrown from a brush: long threads, drops of all sizes."""
    tones = colours(rng, 6)
    canvas, pen = _canvas(tones[0])
    for _ in range(70):
        path, heading = rng.uniform(0, DRAWN_PX, 2), rng.uniform(0, 2 * np.pi)
        tone, wide = tones[1 + rng.integers(5)], int(rng.integers(2, 9))
        turns = heading + np.cumsum(rng.normal(0, 0.45, 14))
        points = path + np.cumsum(np.stack([np.cos(turns), np.sin(turns)], 1) * rng.uniform(10, 26), 0)
        pen.line([tuple(point) for point in points], _ink(tone), wide, joint="curve")
        for point in points[::3]:
            _spot(pen, tuple(point + rng.normal(0, 26, 2)), float(rng.exponential(4.0)) + 1.5, tone)
    return _finished(_pixels(canvas), rng)


def facets(rng: np.random.Generator) -> np.ndarray:
    """Folded paper: triangles side by side, each in its own light."""
    tones, cells = colours(rng, 4), int(rng.integers(6, 14))
    canvas, pen = _canvas(tones[0])
    step = DRAWN_PX / cells
    corners = (np.indices((cells + 3, cells + 3)).transpose(1, 2, 0) - 1) * step
    corners = corners + rng.uniform(-0.32, 0.32, corners.shape) * step
    hue = noise(rng, 4)[:: DRAWN_PX // (cells + 2), :: DRAWN_PX // (cells + 2)]
    for row, column in np.ndindex(cells + 2, cells + 2):
        square = [
            corners[row, column],
            corners[row, column + 1],
            corners[row + 1, column + 1],
            corners[row + 1, column],
        ]
        place = float(hue[min(row, len(hue) - 1), min(column, len(hue) - 1)])
        for half in ((0, 1, 2), (0, 2, 3)):
            tone = tones[int(np.clip(place * 4 + rng.normal(0, 0.5), 0, 3))] * rng.uniform(0.72, 1.15)
            pen.polygon([(square[at][1], square[at][0]) for at in half], _ink(tone))
    return _finished(_pixels(canvas), rng)


def blots(rng: np.random.Generator) -> np.ndarray:
    """Watercolour run into wet paper: soft patches with darker rims, one shining through the other."""
    tones = colours(rng, 6)
    picture = np.broadcast_to(0.3 * tones.max(0) + 0.7, (DRAWN_PX, DRAWN_PX, 3)).astype(np.float32)
    for tone in tones[rng.permutation(6)[:5]]:
        field = 0.7 * noise(rng, 5) + 0.3 * noise(rng, 17) - rng.uniform(0.45, 0.55)
        wet, rim = (field * 24).clip(0, 1), np.exp(-((field * 28 - 0.8) ** 2))
        strength = wet * (0.5 + 0.35 * (noise(rng, 6) - 0.5)) + 0.35 * rim
        picture = picture * (1 - strength[..., None].clip(0, 1) * (1 - tone))
    return _finished(picture, rng, 0.07)


def _canvas(tone: np.ndarray) -> tuple[Any, Any]:
    """A picture of that colour and a pen for it."""
    from PIL import Image, ImageDraw

    canvas = Image.new("RGB", (DRAWN_PX, DRAWN_PX), _ink(tone))
    return canvas, ImageDraw.Draw(canvas)


def _ink(tone: np.ndarray) -> tuple[int, ...]:
    return tuple(int(255 * value) for value in np.clip(tone, 0, 1))


def _pixels(canvas: Any) -> np.ndarray:
    return np.asarray(canvas, np.float32) / 255


def _spot(pen: Any, at: Sequence[float], radius: float, tone: np.ndarray) -> None:
    pen.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), _ink(tone))


def _stroke(pen: Any, at: Sequence[float], angle: float, long: float, wide: float, tone: np.ndarray) -> None:
    """A stroke with three hairs of the brush beside it, a little lighter and darker."""
    right, down = np.cos(angle) * long / 2, np.sin(angle) * long / 2
    for aside, light in ((0.0, 1.0), (-0.3, 1.14), (0.32, 0.84)):
        x, y = at[0] - np.sin(angle) * aside * wide, at[1] + np.cos(angle) * aside * wide
        pen.line((x - right, y - down, x + right, y + down), _ink(tone * light), int(wide if not aside else 2))


TEXTURES: dict[str, Texture] = {
    one.__name__: one
    for one in (
        stripes, waves, swirls, hatching, checks, weave, marble, mosaic, dots, strokes, scribbles, scales, leaves, splashes,
        facets, blots,
    )
}  # fmt: skip
