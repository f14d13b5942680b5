"""How pocket's upscaler is trained: towards scenes rendered at 1024 px, from what pocket makes of them at 256 px.

Absolute error on pixels and on the differences between neighbours, no adversary: the world is drawn with clean outlines
and flat colours, so the crisp picture is also the likely one. The network itself is `rendering/upscaler.py`.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..files import atomic_folder
from ..progress import Progress, Work
from ..rendering.upscaler import SCALE, enlarge, load_upscaler, new_upscaler, upscale
from .crispness import measure_upscaler
from .pairs import render_pairs
from .team import Team

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
SAVED_EVERY = 200  # steps


@dataclass(slots=True)
class _State:
    """Everything that a resumed training needs."""

    model: torch.nn.Sequential
    optimizer: torch.optim.Optimizer
    step: int = 0
    spent: float = 0.0


def train_upscaler(build: Path, seconds: float, seed: int = 0, measured: int = 24) -> Work[Path]:
    """Trains for `seconds` of wall time in all and writes `build/upscaler`: float16 weights and their card.

    Goes on from `build/upscaler.ckpt`. Renders `build/pairs` first if it is not there, which does not count as time;
    needs `build/vae`. The card holds what `measure_upscaler` says on so many held-out scenes.
    """
    import torch

    if Team().leads and not (build / "pairs").is_dir():
        yield from render_pairs(build, seed=seed)
    Team().wait()
    torch.manual_seed(seed)  # the same first weights in every process
    team, state = Team(), _start(build)
    rng = np.random.default_rng([seed, team.rank, state.step])  # a resumed run must not repeat the first
    large, small = (np.load(build / "pairs" / name, mmap_mode="r") for name in ("large.npy", "small.npy"))
    losses, before = [], state.spent
    while state.spent < seconds:
        _pace(state, seconds)
        losses.append(_learn(state.model, *_batch(large, small, rng, BATCH // team.size)))
        state.spent = before + team.agree(parameter.grad for parameter in state.model.parameters())
        _move(state)
        if state.step % 50 == 0:
            yield Progress(int(state.spent), int(seconds), f"step {state.step} loss {np.mean(losses[-200:]):.4f}")
        if team.leads and (state.step % SAVED_EVERY == 0 or state.spent >= seconds):
            _keep(state, build)
    if team.leads:
        yield from _finish(state, build, measured)
    team.wait()
    return build / "upscaler"


def _start(build: Path) -> _State:
    """The state that an interrupted training left, or a fresh one."""
    import torch

    model = new_upscaler().train()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True, betas=(0.9, 0.99))
    state, checkpoint = _State(model, optimizer), build / "upscaler.ckpt"
    if checkpoint.is_file():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        state.step, state.spent = saved["step"], saved["spent"]
    return state


def _pace(state: _State, seconds: float) -> None:
    """Warm-up over 20 steps, constant for the first 40 % of the time, then a straight line down to 1 %."""
    rate = RATE * min(1.0, (state.step + 1) / 20) * min(1.0, max(0.01, (1.0 - state.spent / seconds) / 0.6))
    for group in state.optimizer.param_groups:
        group["lr"] = rate


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

    with torch.autocast("cpu", torch.bfloat16):
        rim = slice(SCALE * RIM_PX, -SCALE * RIM_PX)
        error = (enlarge(model, pixels) - wanted)[..., rim, rim]
    loss = error.abs().mean()
    total = loss + EDGES * (error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean())
    total.backward()
    return 255 * loss.item()


def _move(state: _State) -> None:
    import torch

    torch.nn.utils.clip_grad_norm_(state.model.parameters(), 1.0)
    state.optimizer.step()
    state.optimizer.zero_grad()
    state.step += 1


def _keep(state: _State, build: Path) -> None:
    """The checkpoint for going on."""
    import torch

    saved = {
        "model": state.model.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "step": state.step,
        "spent": state.spent,
    }
    part = build / "upscaler.ckpt.tmp"
    torch.save(saved, part)
    os.replace(part, build / "upscaler.ckpt")


def _finish(state: _State, build: Path, measured: int) -> Work[None]:
    """Writes weights and card together, in place of what was there."""
    from diffusers import AutoencoderTiny
    from safetensors.torch import save_file

    vae = AutoencoderTiny.from_pretrained(build / "vae", local_files_only=True).eval()
    shipped = {name: tensor.half().contiguous() for name, tensor in state.model.state_dict().items()}
    shutil.rmtree(build / "upscaler", ignore_errors=True)  # the checkpoint has it all
    with atomic_folder(build / "upscaler") as folder:
        save_file(shipped, folder / "upscaler.safetensors")
        figures = yield from measure_upscaler(load_upscaler(folder / "upscaler.safetensors"), vae, measured)
        (folder / "card.json").write_text(json.dumps(_card(state, figures), indent=2) + "\n", encoding="utf-8")


def _card(state: _State, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "made": "Trained by this project on its own scenes, rendered at 1024 px.",
        "licence": "Apache-2.0",
        "scale": SCALE,
        "parameters": sum(parameter.numel() for parameter in state.model.parameters()),
        "steps": state.step,
        "seconds": round(state.spent),
        "measured": figures,
    }
