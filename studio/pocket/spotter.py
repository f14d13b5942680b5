"""Teaches the spotter where somebody is in a picture, from rendered scenes, whose silhouettes are known.

In half of them the colours of the figures are turned about, because the heroes that it shall find wear what the world
does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..photos.spotter import SIDE_PX
from ..progress import Work
from .judge import small
from .recipe import Recipe
from .run import Run
from .world.grammar import training_scenes
from .world.picture import silhouette

if TYPE_CHECKING:
    import torch

WIDTHS = (16, 32, 64, 96)
SCENES = 6000
BATCH = 32
RATE = 2e-3
TURNED = 0.5  # share of the scenes whose figures get other colours


def new_spotter() -> Any:
    """An untrained one: pictures [n, 3, 128, 128] in 0..1 to logits [n, 1, 128, 128] (0.4 M parameters)."""
    from torch import nn

    def block(wide: int, out: int) -> nn.Module:
        return nn.Sequential(
            *(nn.Conv2d(wide, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)),
            *(nn.Conv2d(out, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)),
        )

    down = [block(wide, out) for wide, out in zip((3, *WIDTHS), WIDTHS, strict=False)]
    up = [block(WIDTHS[at] + WIDTHS[at + 1], WIDTHS[at]) for at in reversed(range(len(WIDTHS) - 1))]
    return nn.ModuleDict({"down": nn.ModuleList(down), "up": nn.ModuleList(up), "out": nn.Conv2d(WIDTHS[0], 1, 1)})


def train_spotter(build: Path, recipe: Recipe, seed: int = 0) -> Work[Path]:
    """Trains on the first scenes of `build/world.npy` and saves `build/spotter/spotter.safetensors`, float16."""
    import torch
    from safetensors.torch import save_file
    from torch.nn.functional import binary_cross_entropy_with_logits

    torch.manual_seed(seed)  # the same first weights in every process
    run, saved = Run(build, "spotter", recipe.spotter_seconds), build / "spotter" / "spotter.safetensors"
    model = new_spotter().to(run.device).train()
    adam = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-2, fused=True)
    run.resume(model=model, adam=adam)
    for pixels, masks in _batches(build, run, seed):
        if not run.going():
            break
        adam.param_groups[0]["lr"] = RATE * min(1.0, (run.step + 1) / 50) * max(0.01, 1.0 - run.share)
        with torch.autocast(run.device.type, torch.bfloat16):
            said = spotted(model, pixels)
        loss = binary_cross_entropy_with_logits(said.float(), masks)
        loss.backward()
        run.agree(model.parameters())
        adam.step()
        adam.zero_grad()
        yield from run.tell(BATCH, loss=loss.item())
    if run.team.leads:
        saved.parent.mkdir(exist_ok=True)
        save_file({name: tensor.half().contiguous() for name, tensor in folded(model.eval()).items()}, saved)
    run.team.wait()
    return build / "spotter"


def spotted(model: Any, pixels: torch.Tensor) -> torch.Tensor:
    """Pictures [n, 3, height, width] in 0..1 to logits [n, 1, height, width]."""
    import torch
    from torch.nn.functional import interpolate, max_pool2d

    kept = []
    for number, block in enumerate(model["down"]):
        pixels = block(max_pool2d(pixels, 2) if number else pixels)
        kept.append(pixels)
    for block, beside in zip(model["up"], reversed(kept[:-1]), strict=True):
        pixels = block(torch.cat([interpolate(pixels, scale_factor=2), beside], 1))
    return model["out"](pixels)


def folded(model: Any) -> dict[str, torch.Tensor]:
    """The weights as `studio.photos.spotter` reads them: kernels [3, 3, inputs, outputs], batch norms drawn into them."""
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    parts = {"out": model["out"]}
    for side in ("down", "up"):
        for number, block in enumerate(model[side]):
            for layer, at in enumerate((0, 3)):
                parts[f"{side}.{number}.{layer}"] = fuse_conv_bn_eval(block[at], block[at + 1])
    kernels = {f"{name}.kernel": part.weight.detach().permute(2, 3, 1, 0) for name, part in parts.items()}
    return kernels | {f"{name}.bias": part.bias.detach() for name, part in parts.items()}


def _batches(build: Path, run: Run, seed: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Without end: disturbed pictures [batch, 3, 128, 128] in 0..1 and masks [batch, 1, 128, 128]."""
    import torch

    pictures, rng = np.load(build / "world.npy", mmap_mode="r"), np.random.default_rng([run.team.rank, run.step])
    count, size = min(SCENES, len(pictures)), BATCH // run.team.size
    masks = np.stack([silhouette(scene, SIDE_PX) for scene in training_scenes(seed, count)])
    seen = torch.cat([small(pictures[at : at + 200]) for at in range(0, count, 200)])
    while True:
        rows = rng.choice(count, size, replace=count < size)
        mask = torch.from_numpy(masks[rows]).float()[:, None].to(run.device)
        yield _disturbed(seen[rows].to(run.device).float() / 255, mask), mask


def _disturbed(pixels: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Other colours on some figures, other brightness, a blur as of the decoder, and noise."""
    import torch
    from torch.nn.functional import avg_pool2d

    count = len(pixels)
    turn = torch.eye(3) + 0.6 * torch.randn(count, 3, 3)
    other = (torch.einsum("nij,njhw->nihw", turn.to(pixels), pixels - 0.5) + 0.5).clamp(0, 1)
    chosen = (torch.rand(count, 1, 1, 1) < TURNED).to(pixels) * mask
    pixels = pixels * (1 - chosen) + other * chosen
    if torch.rand(()) < 0.5:
        pixels = avg_pool2d(pixels, 3, 1, 1, count_include_pad=False)
    bright = 0.85 + 0.3 * torch.rand(count, 1, 1, 1).to(pixels)
    return (pixels * bright + 0.03 * torch.randn_like(pixels)).clamp(0, 1)
