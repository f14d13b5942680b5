"""A photographed animal or toy as the world would draw one of its kind: the kind's own figure in the colours of the photos.

Cut-outs alone teach pocket a blob of the right colours, because fur and lens blur are nothing it can draw; the figure of
the kind gives it a face, limbs and every pose. What sets this one apart, a hat or a patch, still comes from the cut-outs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from ..files import atomic_write
from ..photos.cutout import Cutout
from .world.description import Description, Figure
from .world.parts import HERE
from .world.picture import render, silhouette

COLOURS = 5  # into which the photos' colours are gathered
SHADOW = 60  # of 255: what is darker is shade or ink and no colour of its own
SAME_INK = 14.0  # in CIELAB: two colours that a person takes for one
OTHER_HUE = 45.0  # apart on the axes of colour: a beak or a tongue, which keeps its own
DRAWN, LIFT = 50.0, 0.6  # the lightness of a drawing's dull colours, and how far a darker one is lifted towards it
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


def coloured_sheet(kind: str, cutouts: Sequence[Cutout], folder: Path) -> str:
    """Writes the part file of the kind in the colours of the cut-outs, without its scarf; gives its name for `Figure.sheet`."""
    source = (HERE / "figures" / f"{kind}.svg").read_text(encoding="utf-8")
    found = {colour.lower() for colour in HEX.findall(source)}
    changed = _changed(kind, sorted(found), _gathered(cutouts))
    drawn = HEX.sub(lambda match: changed.get(match[0].lower(), match[0]), source)
    path = folder / f"{kind}.svg"
    atomic_write(path, _without_scarf(drawn))
    return str(path.resolve().with_suffix(""))


def _changed(kind: str, sheet: Sequence[str], photo: np.ndarray) -> dict[str, str]:
    """The sheet's colours with those that they become. The largest becomes the photos' largest, the others keep their
    distance to it, or become the photos' own colour where one lies that way."""
    labs = {colour: _lab(np.array([list(bytes.fromhex(colour[1:]))], np.uint8))[0] for colour in sheet}
    main = _largest(kind, labs)
    changed = {}
    for colour, lab in labs.items():
        away = lab - labs[main]
        if np.linalg.norm(away[1:]) > OTHER_HUE:
            continue
        wanted = photo[0] + away
        nearest = photo[np.linalg.norm(photo - wanted, axis=1).argmin()]
        near = abs(nearest[0] - wanted[0]) < SAME_INK and np.linalg.norm((nearest - wanted)[1:]) < OTHER_HUE / 2
        own = near and np.abs(away[0]) > SAME_INK
        changed[colour] = _hex(nearest if own else wanted)
    return changed | {main: _hex(photo[0])}


def _largest(kind: str, labs: dict[str, np.ndarray]) -> str:
    """The colour that covers most of the figure."""
    scene = Description((Figure(kind),), "sea", seed=1)
    seen = _lab(render(scene)[silhouette(scene)])
    areas = {colour: (np.linalg.norm(seen - lab, axis=1) < SAME_INK / 2).sum() for colour, lab in labs.items()}
    return max(areas, key=lambda colour: areas[colour])


def _gathered(cutouts: Sequence[Cutout]) -> np.ndarray:
    """The colours of the cut-outs, float32 [n, 3] CIELAB, the largest first (k-means)."""
    import cv2

    pixels = [cut.picture[cut.picture[..., 3] > 200][:, :3] for cut in cutouts]
    rng = np.random.default_rng(0)
    some = np.concatenate([part[rng.choice(len(part), min(4000, len(part)), replace=False)] for part in pixels])
    lit = some[some.max(1) > SHADOW]
    points = _lab(lit if len(lit) >= COLOURS else some)
    cv2.setRNGSeed(0)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    start = np.zeros((len(points), 1), np.int32)
    _, nearest, centres = cv2.kmeans(points, min(COLOURS, len(points)), start, ends, 3, cv2.KMEANS_PP_CENTERS)
    order = np.argsort(-np.bincount(nearest[:, 0], minlength=len(centres)))
    return np.stack([_lifted(points[nearest[:, 0] == at]) for at in order])


def _lifted(points: np.ndarray) -> np.ndarray:
    """One colour for a group of them, float32 [n, 3] CIELAB: that of its lit side, and no darker than drawings are."""
    lightness = float(np.percentile(points[:, 0], 75))
    return np.array([lightness + LIFT * max(0.0, DRAWN - lightness), *points[:, 1:].mean(0)], np.float32)


def _lab(colours: np.ndarray) -> np.ndarray:
    """uint8 [n, 3] red, green, blue as float32 [n, 3] CIELAB, lightness 0..100."""
    import cv2

    return cv2.cvtColor(colours[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]


def _hex(lab: np.ndarray) -> str:
    import cv2

    inside = np.array([[[min(max(lab[0], 5), 98), lab[1], lab[2]]]], np.float32)
    red, green, blue = (cv2.cvtColor(inside, cv2.COLOR_LAB2RGB)[0, 0].clip(0, 1) * 255).round().astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _without_scarf(source: str) -> str:
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    root = ElementTree.fromstring(source)
    for layer in [layer for layer in root if layer.get("id", "").startswith("scarf")]:
        root.remove(layer)
    return ElementTree.tostring(root, encoding="unicode")
