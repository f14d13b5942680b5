"""The subject of a photo cut out of its background, by GrabCut (Rother, Kolmogorov and Blake, 2004) as OpenCV has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .faces import Face, faces
from .spotter import spot

if TYPE_CHECKING:
    import numpy as np

SIDE_PX = 256  # finer is slower and no better at telling a dog from a wall
ROUNDS = 4
MARGIN = 0.06  # of each side, where background is taken for granted; people stand in the middle of their photos
SPECK_PX = 5
Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
SEEN = (0.02, 0.8)  # the share of a drawn picture that the spotter may take for somebody
SURE, REACH_PX = 0.97, 6
PERSON = (  # around a face, across and down from its upper left corner, in sides of it
    ("GC_PR_FGD", (-0.25, 1.25), (-0.6, 1.0)),  # hair
    ("GC_PR_FGD", (-0.8, 1.8), (1.2, 6.0)),  # body
    ("GC_FGD", (0.15, 0.85), (0.1, 1.05)),
    ("GC_FGD", (0.1, 0.9), (1.6, 2.4)),
)
FAR = 2.2  # where the person is no more, to either side


@dataclass(frozen=True, slots=True)
class Subject:
    """`mask` is bool [height, width] of the photo, its `box` left, top, right and bottom as shares of the photo."""

    mask: np.ndarray
    box: Box


@dataclass(frozen=True, slots=True)
class Cutout:
    """Somebody lifted from a photo: `picture` uint8 [height, width, 4], the last of it how solid; `cut_off` when the
    photo's lower edge goes through them."""

    picture: np.ndarray
    cut_off: bool


def cut_out(picture: np.ndarray, drawn: bool = False, within: Box = WHOLE) -> Subject:
    """The largest thing in the middle of the photo, uint8 [height, width, 3]; all of the photo where nothing stands out.

    In a `drawn` one the spotter says first about where to look, in others a face if there is one. `within` is a part of the photo that a person chose, left,
    top, right and bottom as shares: what lies outside does not count.
    """
    import numpy as np

    height, width = picture.shape[:2]
    if within == WHOLE:
        return _cut_out(picture, drawn)
    inside = _inside(within, width, height)
    mask = np.zeros((height, width), bool)
    mask[inside] = _cut_out(picture[inside], drawn).mask
    return Subject(mask, box_of(mask))


def within(picture: np.ndarray, box: Box) -> Subject:
    """All of a part of the photo, for those that cannot be told from what is around them."""
    import numpy as np

    height, width = picture.shape[:2]
    mask = np.zeros((height, width), bool)
    mask[_inside(box, width, height)] = True
    return Subject(mask, box)


def box_of(mask: np.ndarray) -> Box:
    """Left, top, right and bottom of what a mask, bool [height, width], holds, as shares; all of it when that is nothing."""
    import numpy as np

    if not mask.any():
        return WHOLE
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    near = float(columns[0] / width), float(rows[0] / height)
    return *near, float((columns[-1] + 1) / width), float((rows[-1] + 1) / height)


def _inside(box: Box, width: int, height: int) -> tuple[slice, slice]:
    """The rows and columns of a box, at least one of each."""
    left, top, right, bottom = (round(at * side) for at, side in zip(box, (width, height, width, height), strict=True))
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))


def _cut_out(picture: np.ndarray, drawn: bool) -> Subject:
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    scale = min(1.0, SIDE_PX / max(height, width))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = _largest(_drawn(small) if drawn else _photographed(small))
    if not found.any():
        return Subject(np.ones((height, width), bool), WHOLE)
    mask = cv2.resize(found.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    return Subject(mask, box_of(found))


def _drawn(small: np.ndarray) -> np.ndarray:
    seen = spot(small)
    known = SEEN[0] < (seen > 0.5).mean() < SEEN[1]
    return _refined(small, seen) if known else _foreground(small)


def _photographed(small: np.ndarray) -> np.ndarray:
    import cv2

    found = faces(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    return _person(small, found[0]) if found else _foreground(small)


def _person(small: np.ndarray, face: Face) -> np.ndarray:
    """Bool [height, width]: who has that face, with hair above and a body below. From the rim alone GrabCut took a face
    without its body, and a bright suit without its face."""
    import cv2
    import numpy as np

    mask = np.full(small.shape[:2], cv2.GC_PR_BGD, np.uint8)
    for part, across, down in PERSON:
        left, right = (max(0, round(face.left + share * face.side)) for share in across)
        top, bottom = (max(0, round(face.top + share * face.side)) for share in down)
        mask[top:bottom, left:right] = getattr(cv2, part)
    beyond = max(0, round(face.left - FAR * face.side)), round(face.left + (1 + FAR) * face.side)
    mask[:, : beyond[0]] = mask[:, beyond[1] :] = mask[: max(0, round(face.top - 0.8 * face.side))] = cv2.GC_BGD
    return _cut(small, mask)


def _cut(small: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Bool [height, width]: GrabCut from what is known. OpenCV's chance is seeded, so a photo is cut the same twice."""
    import cv2
    import numpy as np

    cv2.setRNGSeed(0)
    cv2.grabCut(small, mask, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), ROUNDS, cv2.GC_INIT_WITH_MASK)
    return (mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)


def _foreground(small: np.ndarray) -> np.ndarray:
    """Bool [height, width]: what is unlike the rim of the photo."""
    import cv2
    import numpy as np

    height, width = small.shape[:2]
    across, down = round(MARGIN * width), round(MARGIN * height)
    mask = np.full((height, width), cv2.GC_BGD, np.uint8)
    mask[down : height - down, across : width - across] = cv2.GC_PR_FGD
    return _cut(small, mask)


def _refined(small: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Bool [height, width]: what the spotter saw, float in 0..1, drawn out to the edges of colours by GrabCut."""
    import cv2
    import numpy as np

    reach = cv2.dilate((seen > 0.5).astype(np.uint8), np.ones((2 * REACH_PX + 1,) * 2, np.uint8))
    mask = np.where(seen > 0.5, cv2.GC_PR_FGD, np.where(reach, cv2.GC_PR_BGD, cv2.GC_BGD)).astype(np.uint8)
    mask[seen > SURE] = cv2.GC_FGD
    return _cut(small, mask)


def _largest(found: np.ndarray) -> np.ndarray:
    """The largest connected part, its specks and threads taken away."""
    import cv2
    import numpy as np

    brush = np.ones((SPECK_PX, SPECK_PX), np.uint8)
    calm = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, brush)
    count, labels, parts, _ = cv2.connectedComponentsWithStats(calm)
    if count < 2:
        return np.zeros_like(found)
    return labels == 1 + int(parts[1:, cv2.CC_STAT_AREA].argmax())


def lifted(picture: np.ndarray, subject: Subject) -> Cutout:
    """The subject of the photo, uint8 [height, width, 3], without anything around it; its rim is soft."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    inside = _inside(subject.box, width, height)
    # the outermost pixels are half background
    inner = cv2.erode(subject.mask.astype(np.uint8) * 255, np.ones((3, 3), np.uint8))
    soft = cv2.GaussianBlur(inner, (0, 0), 1.0)
    whole = np.dstack([picture, soft])
    return Cutout(np.ascontiguousarray(whole[inside]), inside[0].stop > (1 - MARGIN / 4) * height)
