"""The plates of an anatomy, one function each, from pixels and numbers to a `Plate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from .canvas import (
    AMBER,
    CARD,
    EDGE,
    GAP,
    INK,
    LABEL,
    LINE,
    PAPER,
    ROUND,
    SOFT,
    TEAL,
    WARM,
    WIDTH_PX,
    Plate,
    Tile,
    channels,
    enlarged,
    glow,
    heat,
    letters,
    sheet,
    shortened,
    stretched,
    stripe,
)

MOST_ROWS = 22  # of tokens; a longer prompt is told to be longer
MOST_WORDS = 12  # with a map of their own
MOST_COLUMNS = 10  # of words, step by step
STRIPE = 128  # numbers of a row that are drawn, the first of them
SMOOTH = 3  # times finer curves are drawn than shown
CURVE = 12  # px around them, for the dots
DOT = 8 * SMOOTH


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token: its text, its number, and its rows of numbers alone and in the sentence; a mark of the model's own is `mark`."""

    text: str
    id: int
    alone: np.ndarray
    heard: np.ndarray
    mark: bool = False


def tokens_plate(rows: Sequence[TokenRow], cut: Sequence[str]) -> Plate:
    """A line for each token: what stands there, its number, the stripe of the piece alone and that in the sentence."""
    shown, high = rows[:MOST_ROWS], 52
    plate = Plate(2 * EDGE + high * (len(shown) + bool(cut) + (len(rows) > len(shown))))
    alone, heard = (np.stack([getattr(row, side)[:STRIPE] for row in rows]) for side in ("alone", "heard"))
    full = [float(np.quantile(abs(side), 0.97)) for side in (alone, heard)]
    wide = (WIDTH_PX - 2 * EDGE - 400 - GAP) // 2
    for place, row in enumerate(shown):
        top = EDGE + place * high
        _chip(plate, row, top, high)
        plate.words(str(row.id), (EDGE + 375, top + high // 2), 24, colour=SOFT, anchor="rm")
        for side, (numbers, most) in enumerate(zip((row.alone, row.heard), full, strict=True)):
            left = EDGE + 400 + side * (wide + GAP)
            plate.picture(stripe(numbers[:STRIPE], most), (left, top + 6, wide, high - 12), smooth=False)
    _after(plate, len(rows) - len(shown), cut, EDGE + len(shown) * high, high)
    return plate


def _chip(plate: Plate, row: TokenRow, top: int, high: int) -> None:
    text = shortened(row.text, 235, "strong", 26)
    wide = letters("strong", 26).getlength(text) + 32
    box = (EDGE, top + 5, EDGE + wide, top + high - 5)
    if row.mark:
        plate.draw.rounded_rectangle(box, 12, outline=LINE, width=2)
    else:
        plate.draw.rounded_rectangle(box, 12, TEAL)
    plate.words(text, (EDGE + 16, top + high // 2), 26, "strong", SOFT if row.mark else "#FFFFFF")


def _after(plate: Plate, more: int, cut: Sequence[str], top: int, high: int) -> None:
    """How many tokens are not shown, and the words that the model does not read, struck out."""
    if more:
        plate.words(f"… + {more}", (EDGE + 16, top + high // 2), 26, "strong", SOFT)
        top += high
    if cut:
        text = shortened(" ".join(cut), WIDTH_PX - 2 * EDGE - 32, "strong", 26)
        wide = plate.words(text, (EDGE + 16, top + high // 2), 26, "strong", WARM)
        plate.draw.line((EDGE + 10, top + high // 2, EDGE + 22 + wide, top + high // 2), WARM, 3)


def schedule_plate(signal: np.ndarray, noise: np.ndarray, times: Sequence[int], tiles: Sequence[Tile]) -> Plate:
    """Both curves [stages] over the stages of noise with the steps as dots, above pictures under growing noise."""
    wide, high, inset = WIDTH_PX - 2 * EDGE, 430, 90
    side = (wide - (len(tiles) - 1) * GAP) // len(tiles)
    plate = Plate(2 * EDGE + high + GAP + side + LABEL)
    board = (EDGE, EDGE, EDGE + wide, EDGE + high)
    plate.draw.rounded_rectangle(board, ROUND, CARD)
    plate.image.paste(_curves(signal, noise, times, wide - inset - 40, high - 60), (EDGE + inset, EDGE + 30))
    for share, name in ((1.0, "100 %"), (0.5, "50 %"), (0.0, "0 %")):
        plate.words(
            name,
            (EDGE + inset - 12, EDGE + 30 + CURVE + (high - 60 - 2 * CURVE) * (1 - share)),
            20,
            colour=SOFT,
            anchor="rm",
        )
    plate.row(tiles, EDGE, EDGE + high + GAP, (side, side))
    return plate


def _curves(signal: np.ndarray, noise: np.ndarray, times: Sequence[int], wide: int, high: int) -> Image.Image:
    fine = Image.new("RGB", (wide * SMOOTH, high * SMOOTH), CARD)
    draw, inset = ImageDraw.Draw(fine), CURVE * SMOOTH

    def at(stage: float, share: float) -> tuple[float, float]:
        x = inset + (fine.width - 2 * inset) * stage / max(len(signal) - 1, 1)
        return x, inset + (fine.height - 2 * inset) * (1 - share)

    for share in (0.0, 0.5, 1.0):
        draw.line((*at(0, share), *at(len(signal) - 1, share)), LINE, SMOOTH)
    for values, colour in ((noise, WARM), (signal, TEAL)):
        draw.line([at(stage, float(value)) for stage, value in enumerate(values)], colour, 5 * SMOOTH, joint="curve")
    for time in times:
        x, y = at(time, float(signal[time]))
        draw.ellipse((x - DOT, y - DOT, x + DOT, y + DOT), CARD, TEAL, 3 * SMOOTH)
    return fine.resize((wide, high), Image.Resampling.LANCZOS)


def channels_plate(rows: Sequence[tuple[str, np.ndarray]]) -> Plate:
    """The latents themselves, float [channels, h, w] at some steps, each channel as a tile; cold below its middle, warm above."""
    tiles = [
        Tile(np.kron(colours, np.ones((8, 8, 1), np.uint8)), "" if number else name)
        for name, latents in rows
        for number, colours in enumerate(channels(latents))
    ]
    return sheet(tiles, len(rows[0][1]))


def attention_plate(picture: np.ndarray, words: Sequence[str], maps: np.ndarray) -> Plate:
    """For each word its map [h, w] as heat over the picture, with its mean share; `maps` [words, h, w]."""
    shown = list(zip(words, maps, strict=True))[:MOST_WORDS]
    tiles = [Tile(picture), *(Tile(heat(picture, stretched(one)), word, percent(one.mean())) for word, one in shown)]
    return sheet(tiles, 4 if len(tiles) > 3 else len(tiles))


def moments_plate(
    pictures: Sequence[np.ndarray], words: Sequence[str], maps: np.ndarray, names: Sequence[str]
) -> Plate:
    """A column for each word, a row for each of some steps: its map over what was expected then; `maps` [words, steps, h, w]."""
    words, maps = list(words)[:MOST_COLUMNS], maps[:MOST_COLUMNS]
    left, columns = 56, len(words)
    side = min(240, (WIDTH_PX - 2 * EDGE - left - (columns - 1) * 12) // columns)
    plate = Plate(2 * EDGE + LABEL + (side + 12) * len(pictures))
    for column, (word, each) in enumerate(zip(words, maps, strict=True)):
        x = EDGE + left + column * (side + 12)
        plate.words(
            shortened(word, side, "strong", 24), (x + side / 2, EDGE + LABEL // 2 - 6), 24, "strong", anchor="mm"
        )
        for row, (one, picture) in enumerate(zip(each, pictures, strict=True)):
            plate.picture(heat(picture, stretched(one)), (x, EDGE + LABEL + row * (side + 12), side, side))
    for row, name in enumerate(names):
        plate.words(name, (EDGE, EDGE + LABEL + row * (side + 12) + side / 2), 26, "title", TEAL)
    return plate


def guidance_plate(plain: Tile, strong: Tile, pulls: Sequence[tuple[Tile, float]]) -> Plate:
    """Without and with guidance above; beneath, where the words pulled at some steps, each map by its own brightest, and how far."""
    side, columns = 400, len(pulls)
    small = (WIDTH_PX - 2 * EDGE - (columns - 1) * GAP) // columns
    bars = 150
    plate = Plate(2 * EDGE + side + LABEL + GAP + small + LABEL + bars)
    plate.row([plain, strong], (WIDTH_PX - 2 * side - 2 * GAP) // 2, EDGE, (side, side), 2 * GAP)
    top, most = EDGE + side + LABEL + GAP, max(value for _, value in pulls) or 1.0
    plate.row([tile for tile, _ in pulls], EDGE, top, (small, small))
    foot = top + small + LABEL + bars
    plate.draw.line((EDGE, foot, WIDTH_PX - EDGE, foot), LINE, 2)
    for place, (_, value) in enumerate(pulls):
        x, long = EDGE + place * (small + GAP), max(6, round((bars - 44) * value / most))
        box = (x + small * 0.3, foot - long, x + small * 0.7, foot)
        plate.draw.rounded_rectangle(box, 6, AMBER, corners=(True, True, False, False))
        plate.words(f"{value:.3f}", (x + small / 2, box[1] - 16), 20, colour=SOFT, anchor="mm")
    return plate


def pull_tile(values: np.ndarray, size: tuple[int, int], label: str) -> Tile:
    """Where the words pulled, [h, w], as embers at a size (height, width) in px."""
    return Tile(glow(enlarged(stretched(values, 0.0, float(np.quantile(values, 0.995))), *size)), label)


def mirror_plate(photo: np.ndarray, back: np.ndarray, latents: np.ndarray, told: str) -> Plate:
    """A photo, its latents, what came back, and where the loss is, with what is told of it; latents float [channels, h, w]."""
    loss = np.abs(photo.astype(float) - back).mean(-1)
    lost = glow(stretched(loss, 0.0, max(float(np.quantile(loss, 0.995)), 1.0)))
    high, wide = photo.shape[:2]
    size = "{} × {} × {}".format(*latents.shape[::-1])
    return sheet([
        Tile(photo, f"{wide} × {high} × 3"), Tile(_mosaic(latents, high, wide), size), Tile(back), Tile(lost, told),
    ], 4)  # fmt: skip


def _mosaic(latents: np.ndarray, high: int, wide: int) -> np.ndarray:
    """All channels side by side and below one another, on a board in the shape of the photo."""
    count = len(latents)
    columns = 2 if count <= 4 else 3 if count <= 9 else 4
    rows, gap = -(-count // columns), 8
    board = Image.new("RGB", (2 * wide, 2 * high), PAPER)
    across, down = (2 * wide - (columns - 1) * gap) // columns, (2 * high - (rows - 1) * gap) // rows
    for number, colours in enumerate(channels(latents)):
        tile = Image.fromarray(colours).resize((across, down), Image.Resampling.NEAREST)
        board.paste(tile, ((number % columns) * (across + gap), (number // columns) * (down + gap)))
    return np.asarray(board)


def solvers_plate(rows: Sequence[tuple[str, Sequence[Tile]]], columns: Sequence[str]) -> Plate:
    """A row for each solver, a column for each number of steps."""
    left = 150
    side = (WIDTH_PX - 2 * EDGE - left - (len(columns) - 1) * GAP) // len(columns)
    high = side + LABEL + 4
    plate = Plate(2 * EDGE + LABEL + high * len(rows))
    for column, name in enumerate(columns):
        x = EDGE + left + column * (side + GAP) + side / 2
        plate.words(name, (x, EDGE + LABEL // 2 - 6), 32, "title", TEAL, "mm")
    for row, (name, tiles) in enumerate(rows):
        top = EDGE + LABEL + row * high
        plate.words(name, (EDGE, top + side / 2), 34, "title", INK)
        plate.row(tiles, EDGE + left, top, (side, side))
    return plate


def percent(share: float) -> str:
    """0.0231 → 2.3 %"""
    return f"{100 * share:.1f} %"
