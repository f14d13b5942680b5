"""How pocket's upscaler is trained: towards scenes rendered at 1024 px, from what pocket makes of them at 256 px.

Absolute error on pixels and on the differences between neighbours, no adversary: the world is drawn with clean outlines
and flat colours, so the crisp picture is also the likely one. The network itself is `rendering/upscaler.py`.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..files import atomic_folder
from ..progress import Work
from ..rendering.upscaler import SCALE, enlarge, load_upscaler, new_upscaler, upscale
from .crispness import measure_upscaler
from .pairs import render_pairs
from .run import Run

if TYPE_CHECKING:
    import torch

__all__ = ["load_upscaler", "measure_upscaler", "new_upscaler", "train_upscaler", "upscale"]

BATCH = 8  # many small steps: sixteen crops of 64 px took four times as long a step
PATCH_PX = 48  # of a crop, at a random place
RIM_PX = 4  # of the small picture, without a say: there the layers see the end of the patch
RATE = 2e-3
CLEAN_SHARE = 0.25  # the others were redrawn by the autoencoder
NOISE = 2 / 255  # most of it, added to the small picture
EDGES = 1.0  # weight of the differences between neighbours


def train_upscaler(build: Path, seconds: float, seed: int = 0, measured: int = 24) -> Work[Path]:
    """Trains for `seconds` in all and writes `build/upscaler`: float16 weights and their card. Goes on after a break.

    Renders `build/pairs` first if it is not there, which does not count as time; needs `build/vae`. The card holds what
    `measure_upscaler` says on so many held-out scenes.
    """
    import torch

    torch.manual_seed(seed)  # the same first weights in every process
    run = Run(build, "upscaler", seconds)
    if run.team.leads and not (build / "pairs").is_dir():
        yield from render_pairs(build, seed=seed)
    run.team.wait()
    model = new_upscaler().to(run.device).train()
    adam = torch.optim.Adam(model.parameters(), lr=RATE, fused=True, betas=(0.9, 0.99))
    run.resume(model=model, adam=adam)
    large, small = (np.load(build / "pairs" / name, mmap_mode="r") for name in ("large.npy", "small.npy"))
    rng = np.random.default_rng([seed, run.team.rank, run.step])  # a resumed run must not repeat the first
    while run.going():
        for group in adam.param_groups:
            group["lr"] = _rate(run)
        pixels, wanted = _batch(large, small, rng, BATCH // run.team.size)
        error = _learn(model, pixels.to(run.device), wanted.to(run.device))
        run.agree(model.parameters())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        adam.zero_grad()
        yield from run.tell(BATCH, error=error)
    if run.team.leads:
        yield from _finish(run, model, measured)
    run.team.wait()
    return build / "upscaler"


def _rate(run: Run) -> float:
    """Warm-up over 20 steps, constant for the first 40 % of the time, then a straight line down to 1 %."""
    return RATE * min(1.0, (run.step + 1) / 20) * min(1.0, max(0.01, (1.0 - run.share) / 0.6))


def _batch(
    large: np.ndarray, small: np.ndarray, rng: np.random.Generator, count: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Small patches [n, 3, 48, 48] and what they should become, [n, 3, 192, 192]; both in 0..1, channels last.

    Each is turned and mirrored at random, and the small one gets a little noise.
    """
    import torch

    given, truth = [], []
    for row in rng.integers(len(large), size=count):
        turned = int(rng.integers(4)), int(rng.integers(2))
        top, left = (int(one) for one in rng.integers(0, small.shape[2] - PATCH_PX + 1, 2))
        redrawn = int(rng.random() >= CLEAN_SHARE)
        given.append(_turned(_patch(small[row, redrawn], top, left, PATCH_PX), *turned))
        truth.append(_turned(_patch(large[row], SCALE * top, SCALE * left, SCALE * PATCH_PX), *turned))
    pixels, wanted = (torch.from_numpy(np.stack(one)).permute(0, 3, 1, 2).float() / 255.0 for one in (given, truth))
    amounts = torch.from_numpy(rng.uniform(0, NOISE, (count, 1, 1, 1)).astype(np.float32))
    return (pixels + amounts * torch.randn_like(pixels)).clamp_(0, 1), wanted


def _patch(crop: np.ndarray, top: int, left: int, side: int) -> np.ndarray:
    return crop[top : top + side, left : left + side]


def _turned(crop: np.ndarray, quarters: int, mirrored: int) -> np.ndarray:
    turned = np.rot90(crop, quarters)
    return turned[:, ::-1] if mirrored else turned


def _learn(model: torch.nn.Sequential, pixels: torch.Tensor, wanted: torch.Tensor) -> float:
    """Leaves the gradients of one batch; gives its mean absolute error, in levels of 255."""
    import torch

    with torch.autocast(pixels.device.type, torch.bfloat16):
        rim = slice(SCALE * RIM_PX, -SCALE * RIM_PX)
        error = (enlarge(model, pixels) - wanted)[..., rim, rim]
    loss = error.abs().mean()
    total = loss + EDGES * (error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean())
    total.backward()
    return 255 * loss.item()


def _finish(run: Run, model: torch.nn.Sequential, measured: int) -> Work[None]:
    """Writes weights and card together, in place of what was there."""
    from diffusers import AutoencoderTiny
    from safetensors.torch import save_file

    vae = AutoencoderTiny.from_pretrained(run.build / "vae", local_files_only=True).eval()
    halves = {name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}
    shutil.rmtree(run.build / "upscaler", ignore_errors=True)  # the checkpoint has it all
    with atomic_folder(run.build / "upscaler") as folder:
        save_file(halves, folder / "upscaler.safetensors")
        figures = yield from measure_upscaler(load_upscaler(folder / "upscaler.safetensors"), vae, measured)
        (folder / "card.json").write_text(json.dumps(_card(run, model, figures), indent=2) + "\n", encoding="utf-8")


def _card(run: Run, model: torch.nn.Sequential, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "made": "Trained by this project on its own scenes, rendered at 1024 px.",
        "licence": "Apache-2.0",
        "scale": SCALE,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "steps": run.step,
        "seconds": round(run.spent),
        "measured": figures,
    }
