"""Warm paper for plates: tiles with labels in rows, heat over pictures, stripes of numbers. Words on it are those of the prompt and
names, never sentences, so that a plate serves every language."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ...settings import ASSETS

PAPER, CARD, INK, SOFT, LINE = "#FBF6EC", "#FFFDF8", "#2B2430", "#7A7078", "#D8CDB8"
TEAL, WARM, AMBER = "#1F7A74", "#C4532B", "#E2A93B"
WIDTH_PX = 1600
EDGE, GAP, LABEL = 28, 22, 40  # px: around the plate, between tiles, for the line under a tile
ROUND = 14
GLOW_AT = (0.0, 0.35, 0.6, 0.82, 1.0)
EMBERS = ((43, 36, 48), (122, 43, 58), (196, 83, 43), (240, 158, 46), (255, 222, 128))
COLD, ZERO, HOT = (31, 122, 116), (251, 246, 236), (196, 83, 43)
FACES = {"plain": "BeVietnamPro-Regular", "strong": "BeVietnamPro-SemiBold", "title": "Baloo2-Bold"}


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture uint8 [h, w, 3] with a label under it, and a fainter one beside that; None leaves the place free."""

    picture: np.ndarray | None
    label: str = ""
    more: str = ""


class Plate:
    """A sheet of paper, `WIDTH_PX` wide, that is drawn on."""

    def __init__(self, height: int) -> None:
        self.image = Image.new("RGB", (WIDTH_PX, height), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def png(self) -> bytes:
        raw = io.BytesIO()
        self.image.save(raw, "PNG", optimize=False)
        return raw.getvalue()

    def picture(self, pixels: np.ndarray, box: tuple[int, int, int, int], smooth: bool = True) -> None:
        """Pixels in a box with round corners: left, top, width, height."""
        left, top, width, height = box
        way = Image.Resampling.LANCZOS if smooth else Image.Resampling.NEAREST
        tile = Image.fromarray(pixels).resize((width, height), way)
        mask = Image.new("L", (width * 2, height * 2), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * 2 - 1, height * 2 - 1), ROUND * 2, 255)
        self.image.paste(tile, (left, top), mask.resize((width, height), Image.Resampling.LANCZOS))

    def words(
        self,
        text: str,
        at: tuple[float, float],
        size: int = 26,
        face: str = "plain",
        colour: str = INK,
        anchor: str = "lm",
    ) -> float:
        """Writes a line; gives how wide it is."""
        font = letters(face, size)
        self.draw.text(at, text, colour, font, anchor)
        return font.getlength(text)

    def row(self, tiles: Sequence[Tile], left: int, top: int, size: tuple[int, int], gap: int = GAP) -> None:
        """Tiles side by side, their labels beneath."""
        for place, tile in enumerate(tiles):
            if tile.picture is None:
                continue
            x = left + place * (size[0] + gap)
            self.picture(tile.picture, (x, top, *size))
            self._label(tile, x, top + size[1] + LABEL // 2 + 2, size[0])

    def _label(self, tile: Tile, left: int, middle: int, width: int) -> None:
        size = min(26, max(18, width // 8))
        room = width - (letters("plain", size - 2).getlength(tile.more) + 10 if tile.more else 0)
        self.words(shortened(tile.label, room, "strong", size), (left + 3, middle), size, "strong")
        self.words(tile.more, (left + width - 3, middle), size - 2, colour=SOFT, anchor="rm")


@cache
def letters(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A shipped font at a size in px."""
    return ImageFont.truetype(str(ASSETS / "fonts" / f"{FACES[face]}.ttf"), size)


def shortened(text: str, room: float, face: str, size: int) -> str:
    """The text, cut with an ellipsis where it is wider than there is room."""
    font = letters(face, size)
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text + "…"


def columns_for(count: int) -> int:
    """How many of so many steps stand side by side."""
    return 4 if count <= 4 else 5 if count <= 10 else 7 if count <= 28 else 10


def sheet(tiles: Sequence[Tile], columns: int) -> Plate:
    """Tiles of one shape in as many rows as they need, as large as the width of the plate lets them be."""
    shape = next(tile.picture.shape for tile in tiles if tile.picture is not None)
    width = (WIDTH_PX - 2 * EDGE - (columns - 1) * GAP) // columns
    height = round(width * shape[0] / shape[1])
    rows = -(-len(tiles) // columns)
    plate = Plate(2 * EDGE + rows * (height + LABEL) + (rows - 1) * GAP // 2)
    for row in range(rows):
        some = tiles[row * columns : (row + 1) * columns]
        plate.row(some, EDGE, EDGE + row * (height + LABEL + GAP // 2), (width, height))
    return plate


def stretched(values: np.ndarray, low: float | None = None, high: float | None = None) -> np.ndarray:
    """Numbers brought to 0 … 1, from their own least and most where no other are given."""
    low, high = float(values.min()) if low is None else low, float(values.max()) if high is None else high
    return np.clip((values - low) / max(high - low, 1e-9), 0, 1)


def enlarged(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """A map [h, w] of 0 … 1 made smooth at another size."""
    image = Image.fromarray(values.astype(np.float32), "F").resize((width, height), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(image), 0, 1)


def glow(values: np.ndarray) -> np.ndarray:
    """Numbers 0 … 1 [h, w] as embers: dark, red, amber, nearly white; uint8 [h, w, 3]."""
    channels = [np.interp(values, GLOW_AT, [colour[channel] for colour in EMBERS]) for channel in range(3)]
    return np.stack(channels, -1).round().astype(np.uint8)


def heat(picture: np.ndarray, values: np.ndarray) -> np.ndarray:
    """A map [h, w] of 0 … 1 as a warm glow over a picture uint8 [H, W, 3], which stays to be seen in grey."""
    wide = enlarged(values, *picture.shape[:2])[..., None]
    grey = picture.mean(-1, keepdims=True) * 0.66 + 34
    tint = np.concatenate([grey * 0.93, grey * 0.9, grey], -1)
    warm = glow(0.35 + 0.65 * wide[..., 0]).astype(np.float64)
    strength = 0.9 * wide**1.1
    return np.clip(tint * (1 - strength) + warm * strength, 0, 255).round().astype(np.uint8)


def channels(latents: np.ndarray) -> list[np.ndarray]:
    """Each channel [h, w] of latents as colours uint8 [h, w, 3], from its own middle: an edge that stands out hides no picture."""
    shown = []
    for channel in latents:
        off = channel - np.median(channel)
        colours = stripe(off.reshape(-1), float(np.quantile(abs(off[1:-1, 1:-1]), 0.97)))
        shown.append(colours.reshape(*channel.shape, 3))
    return shown


def stripe(numbers: np.ndarray, most: float) -> np.ndarray:
    """A row of numbers as colours, uint8 [1, n, 3]: teal below zero, paper at zero, warm above; `most` is the full colour."""
    share = np.clip(np.asarray(numbers, np.float64) / max(most, 1e-9), -1, 1)[None, :, None]
    ends = np.where(share < 0, np.array(COLD), np.array(HOT))
    return (np.array(ZERO) * (1 - abs(share)) + ends * abs(share)).round().astype(np.uint8)
