"""An outfit becomes a picture of any shape: the setting, what holds the garment, the garment, the light."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace

import numpy as np

from . import others, outside, setting, tops
from .cloth import INK, Cloth, sewn, shape, weave
from .garment import Cut
from .holding import HOLDS
from .outfit import Outfit

UNITS = 256  # along the shorter side
LINE = 3.2  # of ink around a garment, in units of the picture
LIGHTS = ("#ffd9a0", "#a9c4ff", "#ffffff", "#ffb9a0")
TILT = 6.0  # degrees to either side; what hangs is turned half as far
DOWN = {"lying": (0.3, 0.7), "hanger": (0, 0.1), "line": (0.05, 0.4), "threads": (0.2, 0.7)}  # share of the free height
CUTS = {
    "dress": tops.dress,
    "shirt": tops.shirt,
    "coat": tops.coat,
    "jumper": tops.jumper,
    "ao dai": tops.ao_dai,
    "trousers": others.trousers,
    "skirt": others.skirt,
    "hat": others.hat,
    "scarf": others.scarf,
    "socks": others.socks,
}
STAGES = {
    "on a hanger": setting.hanger,
    "on a washing line": setting.washing_line,
    "on a bed": setting.bed,
    "in a shop window": outside.shop_window,
    "on the grass": outside.grass,
    "on the beach": outside.beach,
}


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the garment's (0, 0) comes to lie, in units of the picture, how large, and turned by how many degrees."""

    x: float
    y: float
    scale: float
    tilt: float

    @property
    def transform(self) -> str:
        return f"translate({self.x:.2f} {self.y:.2f}) rotate({self.tilt:.2f}) scale({self.scale:.3f})"


def draw(outfit: Outfit, width_px: int = 256, height_px: int = 256) -> np.ndarray:
    """The picture as uint8 [height, width, 3]."""
    flat = _rasterized(svg(outfit, width_px, height_px), width_px, height_px)
    return _lit(flat, _chance(outfit, "light"))


def coverage(outfit: Outfit, width_px: int = 256, height_px: int = 256) -> np.ndarray:
    """Where the garment's cloth is, bool [height, width]; what holds it and lies in front does not count."""
    canvas = _canvas(width_px, height_px)
    _, cut, fit = _composed(outfit, canvas)
    mask = f'<g transform="{fit.transform}">{shape(cut.pieces, "#ffffff")}</g>'
    return _rasterized(_document(mask, canvas, width_px, height_px), width_px, height_px)[..., 0] > UNITS // 2


def svg(outfit: Outfit, width_px: int, height_px: int) -> str:
    """The picture as an SVG document, but for the light."""
    canvas = _canvas(width_px, height_px)
    stage, cut, fit = _composed(outfit, canvas)
    cloth = _cloth(outfit, LINE / fit.scale)
    below, above = HOLDS[stage.hold](cut, (fit.y - stage.rail) / fit.scale, cloth.line * 0.8)
    garment = cut.behind + below + sewn(cut.pieces, cloth) + cut.details + above
    placed = _shadow(cut, fit, stage.shadow) + f'<g transform="{fit.transform}">{garment}</g>'
    return _document(stage.back + placed + stage.front, canvas, width_px, height_px)


def _composed(outfit: Outfit, canvas: tuple[float, float]) -> tuple[setting.Stage, Cut, Fit]:
    """The setting, the garment as it is cut, and where in the setting it lies."""
    cloth = _cloth(outfit, LINE)
    stage = STAGES[outfit.setting](canvas, _chance(outfit, "setting"), cloth.own)
    rough = CUTS[outfit.garment](cloth, _chance(outfit, "cut"))
    fit = _fit(rough, stage, _chance(outfit, "fit"))
    return stage, CUTS[outfit.garment](replace(cloth, line=LINE / fit.scale), _chance(outfit, "cut")), fit


def _chance(outfit: Outfit, what: str) -> random.Random:
    """Chance of its own for each part of a picture, so that a change of one attribute leaves the others' variations."""
    return random.Random(f"{what} {outfit.seed}")


def _cloth(outfit: Outfit, line: float) -> Cloth:
    return weave(outfit.colour, outfit.pattern, _chance(outfit, "cloth"), line)


def _fit(cut: Cut, stage: setting.Stage, rng: random.Random) -> Fit:
    """The garment as large as its box allows, a little smaller by chance; what hangs does so from the top of the box."""
    left, top, wide, high = stage.box
    scale = min(wide / cut.width, high / cut.height) * rng.uniform(0.93, 1.03)
    x = left + wide / 2 + rng.uniform(-0.4, 0.4) * (wide - cut.width * scale)
    slack = high - cut.height * scale
    down = rng.uniform(*DOWN[stage.hold]) * max(0.0, slack)
    tilt = rng.uniform(-TILT, TILT) * (1 if stage.hold == "lying" else 0.5)
    return Fit(x, top + down, scale, tilt)


def _shadow(cut: Cut, fit: Fit, away: tuple[float, float]) -> str:
    if away == (0, 0):
        return ""
    moved = replace(fit, x=fit.x + away[0], y=fit.y + away[1])
    return f'<g transform="{moved.transform}" opacity=".22">{shape(cut.pieces, INK)}</g>'


def _lit(picture: np.ndarray, rng: random.Random) -> np.ndarray:
    """The picture, uint8 [height, width, 3], in a breath of warm or cool light that falls from one of the upper corners."""
    height, width = picture.shape[:2]
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :, None]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    far = (across if rng.random() < 0.5 else 1 - across) * 0.5 + down * 0.5
    tint, ink = (np.array([*bytes.fromhex(one[1:])], np.float32) for one in (rng.choice(LIGHTS), INK))
    bright = rng.uniform(0.04, 0.16) * (1 - far)
    dim = rng.uniform(0.02, 0.1) * far
    return (picture * (1 - bright - dim) + tint * bright + ink * dim + 0.5).astype(np.uint8)


def _canvas(width_px: int, height_px: int) -> tuple[float, float]:
    unit = UNITS / min(width_px, height_px)
    return width_px * unit, height_px * unit


def _document(content: str, canvas: tuple[float, float], width_px: int, height_px: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {canvas[0]:.2f} {canvas[1]:.2f}" '
        f'width="{width_px}" height="{height_px}">{content}</svg>'
    )


def _rasterized(document: str, width_px: int, height_px: int) -> np.ndarray:
    """An SVG document as uint8 [height, width, 3]."""
    import resvg_py
    from PIL import Image

    png = resvg_py.svg_to_bytes(svg_string=document, width=width_px, height=height_px, skip_system_fonts=True)
    return np.array(Image.open(io.BytesIO(png)).convert("RGB"))
