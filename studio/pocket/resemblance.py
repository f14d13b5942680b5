"""Who of the world's people is most like a photographed person: the colours of skin, hair and clothes, and how long the hair is.

A face cut out of a photo is finer than anything pocket can draw, and became a blob; one of the world's own people in the
same colours it draws in any pose and mood.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..photos.cutout import Subject
from ..photos.faces import Face, faces
from .recolouring import lab
from .world.description import COLOURS, Figure
from .world.parts import table

SKINS = ((28.0, "light"), (10.0, "tan"), (-30.0, "brown"))  # from so many degrees on, the usual borders; less is dark
BLACK, GREY, LIGHT = 25.0, 9.0, 60.0  # hair below, with less colour than, and above: lightness and chroma of CIELAB
SHORT = ("short", "bob", "curl", "bald")  # styles that end above the shoulder
ALIKE = 18.0  # of two colours of the same hair
LONG = 0.3  # share of the places beside the neck that have them


@dataclass(frozen=True, slots=True)
class Traits:
    """What a photo says: colours float32 [3] CIELAB, the world's colour of the clothes, and how much of the places beside
    the neck is hair, 0..1."""

    skin: np.ndarray
    hair: np.ndarray
    clothes: str
    beside: float


def resemblance(kind: str, photos: Sequence[tuple[np.ndarray, Subject]]) -> Figure | None:
    """The person of the world who is most like the one in the photos, uint8 [height, width, 3]; None when none shows a face."""
    seen = [traits for picture, subject in photos if (traits := _traits(picture, subject.mask))]
    if not seen:
        return None
    usual = table("people/kinds")[kind]
    skin, hair = np.median([one.skin for one in seen], 0), np.median([one.hair for one in seen], 0)
    worn = Counter(one.clothes for one in seen)
    long = float(np.median([one.beside for one in seen])) > LONG
    styles = [style for style in usual["hair_style"] if (style not in SHORT) == long] or usual["hair_style"]
    return Figure(
        kind=kind,
        colour=worn.most_common(1)[0][0],
        clothes=usual["clothes"][0],
        hair_colour=usual.get("hair_colour", [_hair_colour(hair)])[0],
        hair_style=styles[0],
        skin=_skin_colour(skin),
        hat=usual["hat"][0],
        glasses=usual["glasses"][0],
        beard=usual.get("beard", ["none"])[0],
    )


def _traits(picture: np.ndarray, mask: np.ndarray) -> Traits | None:
    """Read from the places where they are, seen from the largest face; None without one."""
    import cv2

    found = faces(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    if not found:
        return None
    face, colours = found[0], lab(picture.reshape(-1, 3)).reshape(picture.shape)
    everywhere = np.ones_like(mask)
    skin = _colour(colours, everywhere, face, (0.25, 0.75), (0.45, 0.75))
    hair = _colour(colours, mask, face, (0.15, 0.85), (-0.25, 0.02))
    clothes = _clothes_colour(_part(colours, mask, face, (-0.8, 1.8), (1.5, 5.0)))
    sides = [_part(colours, everywhere, face, across, (0.8, 1.2)) for across in ((-0.1, 0.2), (0.8, 1.1))]
    beside = np.concatenate(sides)
    near = np.linalg.norm(beside - hair, axis=1) < ALIKE
    return Traits(skin, hair, clothes, float(near.mean()) if len(near) else 0.0)


def _colour(
    colours: np.ndarray, mask: np.ndarray, face: Face, across: tuple[float, float], down: tuple[float, float]
) -> np.ndarray:
    """The middle colour of a part; that of the face where the photo ends before it."""
    found = _part(colours, mask, face, across, down)
    return np.median(found if len(found) else _part(colours, np.ones_like(mask), face, (0, 1), (0, 1)), 0)


def _part(
    colours: np.ndarray, mask: np.ndarray, face: Face, across: tuple[float, float], down: tuple[float, float]
) -> np.ndarray:
    """What the mask leaves of a part given in sides of the face from its upper left corner, float32 [n, 3]."""
    left, right = (max(0, round(face.left + share * face.side)) for share in across)
    top, bottom = (max(0, round(face.top + share * face.side)) for share in down)
    return colours[top:bottom, left:right][mask[top:bottom, left:right]]


def _skin_colour(colour: np.ndarray) -> str:
    """By the individual typology angle (Chardon, Cretois and Hourseau, 1991), degrees in the plane of L* and b*."""
    angle = math.degrees(math.atan2(colour[0] - 50, max(1.0, colour[2])))
    return next((name for least, name in SKINS if angle > least), "dark")


def _hair_colour(colour: np.ndarray) -> str:
    light, chroma = float(colour[0]), float(np.hypot(*colour[1:]))
    if light < BLACK:
        return "black"
    if chroma < GREY:
        return "grey" if light > LIGHT else "black"
    if colour[1] > 16 and chroma > 30:
        return "ginger"
    return "blond" if light > LIGHT else "brown"


def _clothes_colour(colours: np.ndarray) -> str:
    """The one of the world's colours that most of float32 [n, 3] is nearest to; of none, the first."""
    own = table("palette")["own"]
    known = lab(np.array([list(bytes.fromhex(own[name][1:])) for name in COLOURS], np.uint8))
    nearest = np.linalg.norm(known[:, None] - colours[None], axis=2).argmin(0)
    return COLOURS[int(np.bincount(nearest, minlength=len(COLOURS)).argmax())]
