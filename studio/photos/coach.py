"""The photo coach's eyes: OpenCV measures a photo that came through the door.

Whether it is sharp is told by comparing it with its own blurred copy, which sharp photos lose much by and blurred ones
little (the idea of Crété and others, 2007, doi 10.1117/12.702790); the plain strength of its lines, which is often used,
tells a smooth dog from a shaggy one instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cutout import cut_out
from .faces import faces
from .photo import Look

if TYPE_CHECKING:
    import numpy as np

LONG_SIDE_PX = 512  # on which everything but the subject is measured
TILE_PX = 64
BLUR_PX = 3.0
PRINT = 16  # bits of a side
HUES = 16  # steps of a side


def look(png: bytes, drawn: bool = False) -> Look:
    """Everything measured in one photo, a PNG that came through the door."""
    return study(png, drawn)[0]


def study(png: bytes, drawn: bool = False) -> tuple[Look, np.ndarray]:
    """The same, with the subject's mask, bool [height, width] of the photo."""
    import cv2
    import numpy as np

    picture = opened(png)
    small = _shrunk(picture, LONG_SIDE_PX)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    subject = cut_out(small, drawn)
    around = small[~subject.mask] if not subject.mask.all() else small.reshape(-1, 3)
    darkest, brightest = np.percentile(grey, [5, 95]) / 255
    red, green, blue = (float(value) / 255 for value in around.mean(0))
    measured = Look(
        short_side_px=min(picture.shape[:2]),
        crispness=_crispness(grey),
        brightest=float(brightest),
        darkest=float(darkest),
        faces=len(faces(grey)),
        share=float(subject.mask.mean()),
        subject=subject.box,
        print=_bits(_steps(_inside(grey, subject.box))),
        outline=_bits(_outline(subject.mask, subject.box)),
        backdrop=(red, green, blue),
        hues=_hues(small, subject.mask),
    )
    return measured, _enlarged(subject.mask, picture)


def _enlarged(mask: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """A mask in the size of the picture, its steps smoothed."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    return cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR) > 0.5


def opened(png: bytes) -> np.ndarray:
    """The pixels of a PNG, uint8 [height, width, 3] red, green, blue. Raises ValueError when it is none."""
    import cv2
    import numpy as np

    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("this did not come through the door: it is no PNG")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def packed(mask: np.ndarray) -> bytes:
    """A mask, bool [height, width], as a PNG, white where the subject is."""
    import cv2
    import numpy as np

    return cv2.imencode(".png", mask.astype(np.uint8) * 255)[1].tobytes()


def unpacked(png: bytes) -> np.ndarray:
    """A mask that was packed, bool [height, width]."""
    return opened(png)[..., 0] > 127


def _shrunk(picture: np.ndarray, long_side_px: int) -> np.ndarray:
    import cv2

    scale = min(1.0, long_side_px / max(picture.shape[:2]))
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _crispness(grey: np.ndarray) -> float:
    """How much stronger lines are than in the blurred copy, where they are strongest: a blurred background is no fault."""
    import cv2

    blurred = cv2.GaussianBlur(grey, (0, 0), BLUR_PX)
    return _lines(grey) / max(_lines(blurred), 1e-3)


def _lines(grey: np.ndarray) -> float:
    """The strength of lines in the busiest tenth of the tiles."""
    import cv2
    import numpy as np

    found = cv2.Laplacian(grey, cv2.CV_32F)
    tiles = [
        found[top : top + TILE_PX, left : left + TILE_PX].std()
        for top in range(0, max(1, len(found) - TILE_PX + 1), TILE_PX)
        for left in range(0, max(1, found.shape[1] - TILE_PX + 1), TILE_PX)
    ]
    return float(np.percentile(tiles, 90))


def _steps(grey: np.ndarray) -> np.ndarray:
    """Whether each of 16 × 16 fields is brighter than the one left of it: a difference hash, here of the subject's box."""
    import cv2

    fields = cv2.resize(grey, (PRINT + 1, PRINT), interpolation=cv2.INTER_AREA).astype(int)
    return fields[:, 1:] > fields[:, :-1]


def _outline(mask: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """The subject's shape on 16 × 16 fields, stretched so that its box fills them."""
    import cv2

    inside = _inside(mask.astype("uint8") * 255, box)
    return cv2.resize(inside, (PRINT, PRINT), interpolation=cv2.INTER_AREA) > 127


def _hues(picture: np.ndarray, mask: np.ndarray) -> tuple[float, ...]:
    """How much of the subject has which hue, on the two axes of colour of CIELAB: of lightness a shadow makes too much."""
    import cv2

    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    found = cv2.calcHist([lab], [1, 2], mask.astype("uint8"), [HUES, HUES], [64, 192, 64, 192])
    soft = cv2.GaussianBlur(found, (0, 0), 1.0)
    return tuple(float(value) for value in (soft / max(1e-6, soft.sum())).ravel())


def _inside(picture: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """What lies in the box, whose sides are shares of the picture."""
    height, width = picture.shape[:2]
    left, top, right, bottom = (round(at * side) for at, side in zip(box, (width, height, width, height), strict=True))
    return picture[top:bottom, left:right]


def _bits(fields: np.ndarray) -> int:
    return int("".join("1" if field else "0" for field in fields.flat), 2)
