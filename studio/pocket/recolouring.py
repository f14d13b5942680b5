"""A photographed animal or toy as the world would draw one of its kind: the kind's own figure in the colours of the photos.

Cut-outs alone teach pocket a blob of the right colours, because fur and lens blur are nothing it can draw; the figure of
the kind gives it a face, limbs and every pose. With a quarter of the lessons from cut-outs a rubber duck was still a lump;
so a hat or a patch, which only they could bring, is left out.
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

COLOURS = 4  # into which the photos' colours are gathered
SHADE = 0.3  # what lightness counts among the axes of colour when they are: fur in shade is fur
SHADOW = 60  # of 255: what is darker is shade or ink and no colour of its own
MOST = 4000  # pixels of a photo
BRIGHT = 72.0  # lightness of the brightest spots of somebody in good light
MOST_GAIN = 1.5  # that dim light is made up for
LARGE = 0.6  # of what the largest colour of a figure covers
WITHIN = (10, 99)  # percentiles of the photos' lightness that no colour leaves
SAME_INK = 14.0  # in CIELAB: two colours that a person takes for one
SAME_HUE = 20.0  # apart on the axes of colour at most
OTHER_HUE = 45.0  # apart on the axes of colour: a beak or a tongue, which keeps its own
DRAWN, LIFT = 50.0, 0.6  # the lightness of a drawing's dull colours, and how far a darker one is lifted towards it
DARKEST = 45  # of each of red, green and blue: pocket turns a deeper red to orange, and draws no face on it
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


def recoloured(kind: str, cutouts: Sequence[Cutout], folder: Path) -> Figure:
    """The figure of the kind in the colours of the cut-outs, without its scarf. Its part file is written to `folder`."""
    source = (HERE / "figures" / f"{kind}.svg").read_text(encoding="utf-8")
    found = {colour.lower() for colour in HEX.findall(source)}
    points = np.concatenate([_exposed(cut.picture[cut.picture[..., 3] > 200][:, :3]) for cut in cutouts])
    changed = _changed(kind, sorted(found), _gathered(points), np.percentile(points[:, 0], WITHIN))
    drawn = HEX.sub(lambda match: changed.get(match[0].lower(), match[0]), source)
    path = folder / f"{kind}.svg"
    atomic_write(path, _without_scarf(drawn))
    return Figure(kind, sheet=str(path.resolve().with_suffix("")))


def _changed(kind: str, sheet: Sequence[str], photo: np.ndarray, light: np.ndarray) -> dict[str, str]:
    """The sheet's colours with those that they become. The main one becomes the photos' largest, the others keep their
    distance to it within the photos' least and most `light`, or become the photos' own colour where one lies that way."""
    labs = {colour: lab(np.array([list(bytes.fromhex(colour[1:]))], np.uint8))[0] for colour in sheet}
    main = _main(kind, labs, photo[0])
    changed = {}
    for colour, place in labs.items():
        away = place - labs[main]
        if np.linalg.norm(away[1:]) > OTHER_HUE:
            continue
        wanted = photo[0] + away
        wanted[0] = np.clip(wanted[0], *light)
        nearest = photo[np.linalg.norm(photo - wanted, axis=1).argmin()]
        near = abs(nearest[0] - wanted[0]) < SAME_INK and np.linalg.norm((nearest - wanted)[1:]) < OTHER_HUE / 2
        own = near and np.abs(away[0]) > SAME_INK
        changed[colour] = _hex(nearest if own else wanted)
    return changed | {main: _hex(photo[0])}


def _main(kind: str, labs: dict[str, np.ndarray], wanted: np.ndarray) -> str:
    """Of the colours that cover much of the figure the one that is as light as the photos' own main colour."""
    scene = Description((Figure(kind),), "sea", seed=1)
    seen = lab(render(scene)[silhouette(scene)])
    areas = {colour: (np.linalg.norm(seen - place, axis=1) < SAME_INK / 2).sum() for colour, place in labs.items()}
    large = [colour for colour in labs if areas[colour] > LARGE * max(areas.values())]
    return min(large, key=lambda colour: abs(labs[colour][0] - wanted[0]))


def _gathered(points: np.ndarray) -> np.ndarray:
    """A few colours for all of float32 [n, 3] CIELAB, in the same form (k-means), that of the hue with most first: a dog in
    two browns with a white chest is brown."""
    import cv2

    shaded = points * np.array([SHADE, 1, 1], np.float32)
    cv2.setRNGSeed(0)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    start = np.zeros((len(points), 1), np.int32)
    _, nearest, centres = cv2.kmeans(shaded, min(COLOURS, len(points)), start, ends, 3, cv2.KMEANS_PP_CENTERS)
    areas = np.bincount(nearest[:, 0], minlength=len(centres))
    alike = np.linalg.norm(centres[:, None, 1:] - centres[None, :, 1:], axis=2) < SAME_HUE
    order = np.lexsort((-areas, -(alike @ areas)))
    return np.stack([_lifted(points[nearest[:, 0] == at]) for at in order])


def _exposed(pixels: np.ndarray) -> np.ndarray:
    """As many of each photo's as of any other, float32 [n, 3] CIELAB, without shade, and of a dim photo as if well lit."""
    some = pixels[np.random.default_rng(0).choice(len(pixels), min(MOST, len(pixels)), replace=False)]
    lit = some[some.max(1) > SHADOW]
    points = lab(lit if len(lit) >= COLOURS else some)
    gain = BRIGHT / max(1.0, float(np.percentile(points[:, 0], 98)))
    return points * min(max(1.0, gain), MOST_GAIN)


def _lifted(points: np.ndarray) -> np.ndarray:
    """One colour for a group of them, float32 [n, 3] CIELAB: that of its lit side, and no darker than drawings are."""
    colour = points[points[:, 0] >= np.median(points[:, 0])].mean(0)
    return colour * (1 + LIFT * max(0.0, DRAWN / max(1.0, colour[0]) - 1))


def lab(colours: np.ndarray) -> np.ndarray:
    """uint8 [n, 3] red, green, blue as float32 [n, 3] CIELAB, lightness 0..100."""
    import cv2

    return cv2.cvtColor(colours[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]


def _hex(place: np.ndarray) -> str:
    import cv2

    inside = np.array([[[min(max(place[0], 5), 98), place[1], place[2]]]], np.float32)
    red, green, blue = (cv2.cvtColor(inside, cv2.COLOR_LAB2RGB)[0, 0] * 255).clip(DARKEST, 255).round().astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _without_scarf(source: str) -> str:
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    root = ElementTree.fromstring(source)
    for layer in [layer for layer in root if layer.get("id", "").startswith("scarf")]:
        root.remove(layer)
    return ElementTree.tostring(root, encoding="unicode")
