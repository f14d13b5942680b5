"""Pocket's denoiser: a `UNet2DConditionModel` on 32 × 32 latents, trained on v-prediction with captions.

Attention only at 8 × 8: on finer grids it halves the training speed on a CPU for little gain. The schedule is the
cosine one (arXiv:2102.09672), because on so small a grid the usual one destroys everything too early; the target
is v = α·ε − σ·x (arXiv:2202.00512, appendix D), which stays well-posed where the signal is gone.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Progress, Work
from .autoencoder import LATENT_CHANNELS, encode
from .team import Team
from .text import MAX_TOKENS, WIDTH
from .world.captions import caption
from .world.description import Description
from .world.grammar import training_scenes

if TYPE_CHECKING:
    import torch
    from diffusers import DDIMScheduler, UNet2DConditionModel

BATCH = 32
EMPTY_SHARE = 0.1  # captions left out, so that guidance has something to guide away from
LEARNING_RATE = 7e-4
TOWARDS_NOISE = 0.65
FIGURES = 1.0  # extra weight of the middle
DECAY = 0.9995  # of the moving average that is shipped
BLOCKS = (96, 192, 256)
SIDE = 32  # of the latents


def new_denoiser() -> UNet2DConditionModel:
    """An untrained denoiser (18.6 M parameters)."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=SIDE,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        layers_per_block=1,
        block_out_channels=BLOCKS,
        down_block_types=("DownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=8,
    )


def new_schedule() -> DDIMScheduler:
    """The noise schedule that denoiser and drawing share."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,
    )


def encode_world(world: Path, vae: Path, out: Path) -> Work[Path]:
    """Latents of every picture of `world`, float16 [count, 8, 32, 32], saved as one array."""
    import torch
    from diffusers import AutoencoderTiny

    model = AutoencoderTiny.from_pretrained(vae, local_files_only=True).eval().to(memory_format=torch.channels_last)
    pictures = np.load(world, mmap_mode="r")
    latents = np.lib.format.open_memmap(out, "w+", np.float16, (len(pictures), LATENT_CHANNELS, SIDE, SIDE))
    for start in range(0, len(pictures), 64):
        latents[start : start + 64] = encode(model, pictures[start : start + 64]).numpy()
        yield Progress(min(start + 64, len(pictures)), len(pictures), "encoding scenes")
    latents.flush()
    return out


@dataclass(slots=True)
class _State:
    """Everything that a resumed training needs."""

    unet: UNet2DConditionModel
    average: list[torch.Tensor]
    optimizer: torch.optim.Optimizer
    step: int = 0
    spent: float = 0.0


def train_denoiser(folder: Path, latents: Path, count: int, seconds: float, seed: int = 0) -> Work[Path]:
    """Trains for `seconds` of wall time in all and saves the moving average as `folder/unet`. Resumes by itself.

    The scenes are made again from the seed that rendered them; each time one is shown it gets a new caption.
    """
    import torch

    torch.manual_seed(seed)  # the same first weights in every process
    team, state = Team(), _start(folder)
    torch.manual_seed(time.time_ns() + team.rank)  # a resumed run must not repeat the noise of the first
    scenes, source = list(training_scenes(seed, count)), torch.from_numpy(np.load(latents))
    texts, alphas = _Texts(folder), new_schedule().alphas_cumprod
    rng, losses, before = random.Random(time.time_ns() + team.rank), [], state.spent
    for rows in _batches(len(scenes), rng, BATCH // team.size):
        _pace(state, seconds)
        losses.append(_learn(state.unet, source[rows], texts.embed([scenes[i] for i in rows], rng), alphas))
        state.spent = before + team.agree(parameter.grad for parameter in state.unet.parameters())
        _move(state)
        if state.step % 50 == 0:
            yield Progress(int(state.spent), int(seconds), f"step {state.step} loss {np.mean(losses[-200:]):.4f}")
        if team.leads and (state.step % 250 == 0 or state.spent >= seconds):
            _save(state, folder)
        if state.spent >= seconds:
            break
    team.wait()
    return folder


def _batches(count: int, rng: random.Random, batch: int) -> Iterator[list[int]]:
    """Rows of one batch after another, each scene once per round."""
    while True:
        order = list(range(count))
        rng.shuffle(order)
        for start in range(0, count - batch + 1, batch):
            yield order[start : start + batch]


def _pace(state: _State, seconds: float) -> None:
    """Warm-up over 300 steps, constant for the first 40 % of the time, then a straight line down to 2 %."""
    left = 1.0 - state.spent / seconds
    rate = LEARNING_RATE * min(1.0, (state.step + 1) / 300) * min(1.0, max(0.02, left / 0.6))
    for group in state.optimizer.param_groups:
        group["lr"] = rate


def _learn(unet: UNet2DConditionModel, clean: torch.Tensor, context: torch.Tensor, alphas: torch.Tensor) -> float:
    """Leaves the gradients of one batch; gives the mean squared error of v."""
    import torch

    clean = clean.float()
    # more often at high noise, where the subject takes shape; uniform steps drew textures long before figures
    steps = (torch.rand(len(clean)) ** TOWARDS_NOISE * len(alphas)).long()
    alpha = alphas[steps].sqrt().view(-1, 1, 1, 1)
    sigma = (1 - alphas[steps]).sqrt().view(-1, 1, 1, 1)
    noise = torch.randn_like(clean)
    with torch.autocast("cpu", torch.bfloat16):
        said = unet(alpha * clean + sigma * noise, steps, context, return_dict=False)[0]
    errors = (said.float() - (alpha * noise - sigma * clean)).square()
    # where figures stand counts more: they are a fifth of the picture and all that a reader looks at
    loss = errors.mean() + FIGURES * errors[..., 10:30, 6:26].mean()
    loss.backward()
    return errors.mean().item()


def _move(state: _State) -> None:
    """One step along the gradients, and the moving average after it."""
    import torch

    torch.nn.utils.clip_grad_norm_(state.unet.parameters(), 1.0)
    state.optimizer.step()
    state.optimizer.zero_grad()
    state.step += 1
    decay = min(DECAY, state.step / (state.step + 20))
    torch._foreach_lerp_(state.average, [p.detach() for p in state.unet.parameters()], 1.0 - decay)


class _Texts:
    """The frozen text model: captions of scenes as context [batch, 64, 256]."""

    def __init__(self, folder: Path) -> None:
        from transformers import CLIPTextModel, CLIPTokenizer

        self.tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
        self.model = CLIPTextModel.from_pretrained(folder / "text_encoder", local_files_only=True).eval()

    def embed(self, scenes: list[Description], rng: random.Random) -> torch.Tensor:
        import torch

        texts = ["" if rng.random() < EMPTY_SHARE else caption(scene, rng) for scene in scenes]
        tokens = self.tokenizer(
            texts, padding="max_length", truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        ).input_ids
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            return self.model(tokens).last_hidden_state


def _start(folder: Path) -> _State:
    """The state that an interrupted training left; else one around the weights in `folder/unet`, else a fresh one."""
    import torch
    from diffusers import UNet2DConditionModel

    known = (folder / "unet").is_dir()
    unet = UNet2DConditionModel.from_pretrained(folder / "unet", local_files_only=True) if known else new_denoiser()
    unet.float().train()  # channels_last was 15 % slower here
    optimizer = torch.optim.AdamW(unet.parameters(), lr=LEARNING_RATE, fused=True, betas=(0.9, 0.99), weight_decay=0.01)
    state = _State(unet, [p.detach().clone() for p in unet.parameters()], optimizer)
    checkpoint = folder / "denoiser.ckpt"
    if checkpoint.is_file():
        saved = torch.load(checkpoint, weights_only=True)
        unet.load_state_dict(saved["unet"])
        optimizer.load_state_dict(saved["optimizer"])
        state.average, state.step, state.spent = saved["average"], saved["step"], saved["spent"]
    return state


def _save(state: _State, folder: Path) -> None:
    """The checkpoint for going on, and the moving average as a model that diffusers loads."""
    import torch

    saved = {
        "unet": state.unet.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "average": state.average,
        "step": state.step,
        "spent": state.spent,
    }
    part = folder / "denoiser.ckpt.tmp"
    torch.save(saved, part)
    os.replace(part, folder / "denoiser.ckpt")
    shipped = new_denoiser()
    with torch.no_grad():
        for parameter, average in zip(shipped.parameters(), state.average, strict=True):
            parameter.copy_(average)
    shipped.save_pretrained(folder / "unet")
    (folder / "denoiser.json").write_text(json.dumps({"step": state.step, "seconds": round(state.spent)}))
