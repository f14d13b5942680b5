"""Flowers from words: a trained generator with its reader, sheets of flowers, and films from one flower to another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from ..errors import BadInput
from ..files import atomic_path
from ..settings import ASSETS
from .embedding import Reader, pocket_reader
from .gan import NOISE, Generator
from .hearing import Shape

OWN = ASSETS / "lab" / "gan.safetensors"
BATCH = 64


def keep_generator(path: Path, generator: Generator, shape: Shape) -> Path:
    """Writes a generator in float16, with what its shape is. Raises NoRoom."""
    from safetensors.torch import save_file

    halves = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).contiguous()
        for name, tensor in generator.state_dict().items()
    }
    with atomic_path(path) as part:
        save_file(halves, part, {"shape": json.dumps(asdict(shape))})
    return path


def load_generator(path: Path = OWN) -> Generator:
    """The generator in a file of this studio. Raises BadInput for any other file."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            shape = Shape(**json.loads((file.metadata() or {})["shape"]))
            generator = Generator(shape)
            generator.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118 (no mapping)
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise BadInput(
            "'{name}' is no painter of flowers that this studio made. Train one anew, or leave it out to take the one that comes with "
            "the studio; nothing was changed.",
            name=path.name,
        ) from error
    return generator.eval().requires_grad_(False)


class Florist:
    """Paints what it is told. With the same words and seed it paints the same."""

    def __init__(self, path: Path = OWN, reader: Reader | None = None) -> None:
        self.generator, self._reader = load_generator(path), reader or pocket_reader()

    def paint(self, text: str, count: int, seed: int) -> list[np.ndarray]:
        """So many flowers of one sentence, each uint8 [64, 64, 3]. Raises BadInput for no words."""
        return pictures(self.painted(self.read([text]).expand(count, -1), noise(count, seed)))

    def film(self, begin: str, end: str, frames: int, seed: int) -> list[np.ndarray]:
        """From one sentence to another with one noise: the words between are mixed on the arc between their embeddings."""
        first, last = self.read([begin, end])
        text = torch.stack([between(first, last, share) for share in np.linspace(0, 1, frames)])
        return pictures(self.painted(text, noise(1, seed).expand(frames, -1)))

    def wander(self, text: str, frames: int, seed: int) -> list[np.ndarray]:
        """One sentence, from one noise to another."""
        first, last = noise(2, seed)
        path = torch.stack([between(first, last, share) for share in np.linspace(0, 1, frames)])
        return pictures(self.painted(self.read([text]).expand(frames, -1), path))

    def read(self, texts: Sequence[str]) -> torch.Tensor:
        """Embeddings float32 [n, text]. Raises BadInput for no words."""
        if not all(text.strip() for text in texts):
            raise BadInput("There are no words to paint from. Say what flower it shall be, for example 'a red flower'.")
        read = self._reader(texts)
        if read.shape[1] != self.generator.hear.mean.shape[0]:
            raise BadInput(
                "This painter learnt with another reader of words: it hears {wanted} numbers a sentence, and this reader tells {given}. Give "
                "the reader it was taught with; nothing was changed.",
                wanted=self.generator.hear.mean.shape[0],
                given=read.shape[1],
            )
        return torch.from_numpy(read)

    @torch.inference_mode()
    def painted(self, text: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Pictures [n, 3, 64, 64] in -1..1 of embeddings [n, text] and noise [n, 64]."""
        parts = zip(text.split(BATCH), noise.split(BATCH), strict=True)
        return torch.cat([self.generator(some, words) for words, some in parts])


def noise(count: int, seed: int) -> torch.Tensor:
    """[count, 64], the same for the same seed."""
    return torch.randn(count, NOISE, generator=torch.Generator().manual_seed(seed))


def between(first: torch.Tensor, last: torch.Tensor, share: float) -> torch.Tensor:
    """The point on the arc between two vectors (Shoemake 1985): between two of noise a straight line passes too near the middle."""
    cosine = torch.nn.functional.cosine_similarity(first, last, dim=0).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if angle < 1e-3:
        return first + share * (last - first)
    parts = torch.sin((1 - share) * angle) * first + torch.sin(share * angle) * last
    return parts / torch.sin(angle)


def pictures(painted: torch.Tensor) -> list[np.ndarray]:
    """[n, 3, h, w] in -1..1 as uint8 [h, w, 3] each."""
    return [*((painted + 1) * 127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()]


def grid(
    rows: Sequence[Sequence[np.ndarray]], side_px: int = 128, gap_px: int = 8, ground: str = "#FBF6EC"
) -> np.ndarray:
    """Pictures in rows on warm paper, each enlarged to `side_px`."""
    from PIL import Image

    wide = max(map(len, rows))
    size = gap_px + wide * (side_px + gap_px), gap_px + len(rows) * (side_px + gap_px)
    sheet = Image.new("RGB", size, ground)
    for down, row in enumerate(rows):
        for right, picture in enumerate(row):
            large = Image.fromarray(picture).resize((side_px, side_px), Image.Resampling.BICUBIC)
            sheet.paste(large, (gap_px + right * (side_px + gap_px), gap_px + down * (side_px + gap_px)))
    return np.asarray(sheet)
