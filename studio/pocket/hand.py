"""The hand: in which manner a picture is drawn, whoever is in it.

Means and spreads of what the judge's first two layers see say how a picture is stroked and coloured, but also whether it is
night in the forest. How those vary from scene to scene in pictures of the plain manner is learnt once; what a style's sample
has otherwise than the same scene drawn plainly, weighed against that, is the style's direction (Fisher's discriminant, one
example a side). So a style that somebody taught or brought can be looked for as well as those that ship.

A picture by pocket in a style at the usual strength is further on the way than a plain one in 100 % of pairs (watercolour,
pencil, lacquer, pixel art), 94 % (crayon, cut-out, Đông Hồ) and 56 % (gouache, which hardly differs from a plain night; see
benchmarks/measuring.py). Histograms of strokes and colours (`evaluation.manner`) compared with the sample alone named the
style of 10 pictures in 30.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..progress import Progress, Work
from ..settings import ASSETS
from .judge import load_judge, small
from .world.grammar import training_scenes
from .world.picture import render

if TYPE_CHECKING:
    import torch

HAND = ASSETS / "pocket" / "measures" / "hand.safetensors"
DEPTHS = (2, 5)  # of the judge, after its first and second ReLU
SCENES = 400
AT_ONCE = 40
SOFT = 0.3  # of the mean variance, added to each: what no scene showed must not count without end


def train_hand(build: Path, count: int = SCENES, seed: int = 5) -> Work[Path]:
    """Learns from scenes as pocket's autoencoder in `build/vae` leaves them, and saves `build/measures/hand.safetensors`."""
    import torch
    from diffusers import AutoencoderTiny
    from safetensors.torch import save_file

    judge = load_judge(build / "judge" / "judge.safetensors")
    vae = AutoencoderTiny.from_pretrained(build / "vae", local_files_only=True).eval()
    scenes, seen = list(training_scenes(seed, count)), []
    for at in range(0, count, AT_ONCE):
        seen.append(strokes(judge, _decoded(vae, [render(scene) for scene in scenes[at : at + AT_ONCE]])))
        yield Progress(min(at + AT_ONCE, count), count, "looking at strokes")
    told = np.concatenate(seen)
    apart = np.cov(told, rowvar=False)
    steady = np.linalg.inv(apart + SOFT * apart.trace() / len(apart) * np.eye(len(apart)))
    saved = build / "measures" / "hand.safetensors"
    saved.parent.mkdir(exist_ok=True)
    parts = {"mean": told.mean(0), "precision": steady}
    save_file({name: torch.from_numpy(part).float().contiguous() for name, part in parts.items()}, saved)
    return saved.parent


def _decoded(vae: Any, pictures: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The pictures as the autoencoder gives them back, as soft as drawn ones."""
    import torch

    pixels = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.no_grad():
        back = vae.decode(vae.encode(pixels).latents, return_dict=False)[0]
    return list(back.add(1).mul(127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy())


def strokes(judge: Any, pictures: Sequence[np.ndarray]) -> np.ndarray:
    """How pictures uint8 [256, 256, 3] are drawn, float32 [n, 192]."""
    import torch

    told: list[torch.Tensor] = []
    with torch.no_grad():
        seen = small(pictures).float() / 255.0
        for depth, layer in enumerate(judge[0][: DEPTHS[-1] + 1]):
            seen = layer(seen)
            told += [seen.mean((2, 3)), seen.std((2, 3))] if depth in DEPTHS else []
    return torch.cat(told, 1).numpy()


def load_hand(path: Path = HAND) -> dict[str, np.ndarray]:
    """What was learnt."""
    from safetensors.numpy import load_file

    return load_file(path)


def on_the_way(hand: Mapping[str, np.ndarray], drawn: np.ndarray, plain: np.ndarray, styled: np.ndarray) -> np.ndarray:
    """How far pictures went from plain to a style, about 0..1, float [n]; 1 is as far as the style's own sample.

    All are of `strokes`: of the pictures [n, 192], and of one scene [192] drawn plainly and in the style.
    """
    apart = styled - plain
    direction = hand["precision"] @ apart
    return (drawn - hand["mean"]) @ direction / max(1e-9, float(apart @ direction))
