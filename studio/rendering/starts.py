"""Pictures that drawing begins from: read from `from/` beside the drawn ones, and fitted to what is drawn."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadInput
from ..files import atomic_write, private_folder
from .drawing import Drawing

if TYPE_CHECKING:
    import torch
    from PIL import Image

FOLDER = "from"
LEAST_PX = 16
SOFT = 1 / 64  # of the longer side: how far the edge of a mask fades


@dataclass(frozen=True, slots=True)
class Beginning:
    """`pixels` float32 [height, width, 3] in 0 … 1, and `anew` [height, width] in 0 … 1: how much of each is drawn anew."""

    pixels: torch.Tensor
    anew: torch.Tensor

    def coarse(self, size: torch.Size) -> torch.Tensor:
        """[1, 1, *size] of latents, 1 wherever anything of a cell is drawn anew."""
        from torch.nn.functional import adaptive_max_pool2d

        return (adaptive_max_pool2d(self.anew[None, None], tuple(size)) > 0).float()

    def merged(self, drawn: torch.Tensor) -> torch.Tensor:
        """What is drawn anew in the picture that was there."""
        anew = self.anew[..., None]
        return drawn * anew + self.pixels * (1 - anew)


def keep(raw: bytes, folder: Path) -> str:
    """Keeps a picture's bytes where drawings in `folder` find it; gives its sha256. Raises NoRoom."""
    sha256 = hashlib.sha256(raw).hexdigest()
    path = private_folder(folder / FOLDER) / f"{sha256}.png"
    if not path.is_file():
        atomic_write(path, raw)
    return sha256


def read_beginning(drawing: Drawing, folder: Path) -> Beginning | None:
    """What the drawing begins from, cut to its shape; None for noise. Raises BadInput for pictures that are gone, tiny or
    damaged, and for a mask of another shape or without anything to draw."""
    start = drawing.start
    if start is None:
        return None
    import numpy as np
    import torch
    from PIL import ImageOps

    size = (drawing.width, drawing.height)
    picture = _opened(folder, start.picture, "RGB")
    pixels = torch.from_numpy(np.array(ImageOps.fit(picture, size))).float() / 255
    anew = torch.ones(drawing.height, drawing.width)
    if start.mask:
        mask = _opened(folder, start.mask, "L")
        if mask.size != picture.size:
            raise BadInput(
                "The mask has {mask} px and the picture {picture} px. Paint it on that very picture; nothing was changed.",
                mask="{} x {}".format(*mask.size),
                picture="{} x {}".format(*picture.size),
            )
        anew = torch.from_numpy(np.array(_soft(ImageOps.fit(mask, size)))).float() / 255
    if not anew.any():
        raise BadInput("Nothing of the picture is marked. Paint over what shall be drawn anew; nothing was changed.")
    return Beginning(pixels, anew)


def _soft(mask: Image.Image) -> Image.Image:
    """White and black with an edge that fades to the outside."""
    from PIL import ImageFilter

    reach = max(1, round(SOFT * max(mask.size)))
    hard = mask.point(lambda value: 255 if value > 127 else 0)
    return hard.filter(ImageFilter.MaxFilter(2 * reach + 1)).filter(ImageFilter.BoxBlur(reach))


def _opened(folder: Path, sha256: str, mode: str) -> Image.Image:
    from PIL import Image

    try:
        raw = (folder / FOLDER / f"{sha256}.png").read_bytes()
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise ValueError("its bytes changed")
        with Image.open(io.BytesIO(raw), formats=("PNG",)) as opened:
            picture = opened.convert(mode)
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's words for missing, cut and damaged files
        raise BadInput(
            "The picture to begin from is gone or damaged. Choose it again; pictures drawn before are safe."
        ) from error
    if min(picture.size) < LEAST_PX:
        raise BadInput(
            "A picture of {width} x {height} px is too small to begin from. Give one with sides of {least} px or more.",
            width=picture.width,
            height=picture.height,
            least=LEAST_PX,
        )
    return picture


def encoded(vae: Any, pixels: torch.Tensor) -> torch.Tensor:
    """The latents [1, channels, height, width] of pixels [height, width, 3] in 0 … 1, float32."""
    import torch

    with torch.inference_mode():
        seen = (pixels.permute(2, 0, 1)[None] * 2 - 1).to(device=vae.device, dtype=vae.dtype)
        made = vae.encode(seen)
        latents = made.latents if hasattr(made, "latents") else made.latent_dist.mode()
    return (latents.float() - (getattr(vae.config, "shift_factor", None) or 0.0)) * vae.config.scaling_factor
