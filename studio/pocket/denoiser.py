"""Pocket's denoiser: a `UNet2DConditionModel` on 32 × 32 latents, trained on v-prediction with captions.

Attention only at 8 × 8: on finer grids it halves the training speed on a CPU for little gain. The schedule is the
cosine one (arXiv:2102.09672), because on so small a grid the usual one destroys everything too early; the target
is v = α·ε − σ·x (arXiv:2202.00512, appendix D), which stays well-posed where the signal is gone.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..progress import Work
from .autoencoder import LATENT_CHANNELS
from .clip import tokens
from .muon import Muon
from .recipe import Recipe
from .run import Run
from .schedule import new_schedule
from .sheet import draw_sheet
from .text import WIDTH
from .world.captions import caption, nothing
from .world.description import Description
from .world.grammar import training_scenes
from .world.picture import importance

if TYPE_CHECKING:
    import torch
    from diffusers import UNet2DConditionModel

EMPTY_SHARE = 0.1  # captions that tell nothing, so that guidance has something to guide away from
RATE_MUON = 1e-3
RATE_ADAM = 7e-4
TOWARDS_NOISE = 0.65
FIGURE, FACE = 4.0, 7.0  # how much cells with figures count: a fifth of the picture and all that a reader looks at
DECAY = 0.998  # of the moving average that is shipped
BLOCKS = (96, 192, 256)
SIDE = 32  # of the latents
SHEET_SECONDS = 1200  # between sample sheets


def new_denoiser() -> UNet2DConditionModel:
    """An untrained denoiser (18.9 M parameters)."""
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
        addition_embed_type="text",  # the pooled text reaches every block; attention to words happens at 8 × 8 only
        addition_embed_type_num_heads=8,
    )


def train_denoiser(build: Path, recipe: Recipe, seed: int = 0) -> Work[Path]:
    """Trains for the recipe's time and saves the moving average as `build/unet`. Goes on after an interruption.

    Without a checkpoint it begins from the weights in `build/unet`, if there are any. The scenes are made again from the
    seed that rendered them; each time one is shown it gets a new caption.
    """
    import torch
    from diffusers.models.attention_processor import AttnProcessor

    torch.manual_seed(seed)  # the same first weights in every process
    run = Run(build, "denoiser", recipe.denoiser_seconds)
    unet = _first_weights(build).to(run.device).train()  # channels_last was 10 to 15 % slower here
    # plain products: for 64 tokens the fused kernel's backward cost a tenth more
    unet.set_attn_processor(AttnProcessor())
    average = torch.optim.swa_utils.AveragedModel(unet, multi_avg_fn=_follow)
    matrices, rest = _sorted_out(unet)
    muon = Muon(matrices, RATE_MUON, run.team.rank, run.team.size)
    adam = torch.optim.AdamW(rest, lr=RATE_ADAM, fused=True, betas=(0.9, 0.99), weight_decay=0.01)
    run.resume(unet=unet, average=average, muon=muon, adam=adam)
    torch.manual_seed(1_000_003 * run.step + run.team.rank)  # a resumed run must not repeat the noise of the first
    lessons = Lessons(build, recipe.denoiser_batch // run.team.size, run, seed)
    while run.going():
        _pace(muon, run, RATE_MUON)
        _pace(adam, run, RATE_ADAM)
        loss = _learn(unet, *next(lessons))
        run.agree(unet.parameters())
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
        unet.zero_grad()
        average.update_parameters(unet)
        yield from run.tell(recipe.denoiser_batch, loss=loss)
        if run.due(SHEET_SECONDS) and run.team.leads:
            save_denoiser(average.module, build)
            draw_sheet(build, run.step)
    if run.team.leads:
        save_denoiser(average.module, build)
    run.team.wait()
    return build


def _first_weights(build: Path) -> UNet2DConditionModel:
    from diffusers import UNet2DConditionModel

    if not (build / "unet").is_dir():
        return new_denoiser()
    return UNet2DConditionModel.from_pretrained(build / "unet", local_files_only=True)


def _follow(averages: Sequence[torch.Tensor], now: Sequence[torch.Tensor], seen: torch.Tensor | int) -> None:
    """The moving average that ships; quick at first, so that it is never far behind."""
    import torch

    if torch.is_floating_point(averages[0]):
        torch._foreach_lerp_([*averages], [*now], 1.0 - min(DECAY, (int(seen) + 1) / (int(seen) + 20)))


def _sorted_out(unet: UNet2DConditionModel) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Hidden matrices and convolutions for Muon; first and last layers, time, norms and biases for AdamW."""
    matrices: list[torch.Tensor] = []
    rest: list[torch.Tensor] = []
    for name, parameter in unet.named_parameters():
        hidden = parameter.ndim >= 2 and not name.startswith(("conv_in", "conv_out", "time_", "add_"))
        (matrices if hidden else rest).append(parameter)
    return matrices, rest


def _pace(optimizer: torch.optim.Optimizer, run: Run, rate: float) -> None:
    """Warm-up over 200 steps, constant for the first 40 % of the time, then a straight line down to 2 %."""
    for group in optimizer.param_groups:
        group["lr"] = rate * min(1.0, (run.step + 1) / 200) * min(1.0, max(0.02, (1.0 - run.share) / 0.6))


class Lessons:
    """Without end: latents [count, 8, 32, 32], context [count, 64, 256], how much each cell counts [count, 1, 32, 32].

    `silence` is the context of the empty caption, [1, 64, 256].
    """

    def __init__(self, build: Path, count: int, run: Run, seed: int) -> None:
        self._latents, self._device = np.load(build / "latents.npy", mmap_mode="r"), run.device
        self._scenes = list(training_scenes(seed, len(self._latents)))
        self._rng = random.Random(f"{run.team.rank}-{run.step}")
        self._rows, self._texts = _rows(len(self._scenes), self._rng, count), _Texts(build, run.device)
        self.silence = self._texts.read([""])

    def __next__(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        import torch

        rows = next(self._rows)
        scenes = [self._scenes[row] for row in rows]
        counts = np.stack([importance(scene, SIDE, FIGURE, FACE) for scene in scenes])[:, None]
        clean = torch.from_numpy(self._latents[rows]).to(self._device).float()
        return clean, self._texts.embed(scenes, self._rng), torch.from_numpy(counts).to(self._device)


def _rows(count: int, rng: random.Random, batch: int) -> Iterator[list[int]]:
    """Rows of one batch after another, each scene once per round."""
    while True:
        order = list(range(count))
        rng.shuffle(order)
        for start in range(0, count - batch + 1, batch):
            yield sorted(order[start : start + batch])


def _learn(unet: UNet2DConditionModel, clean: torch.Tensor, context: torch.Tensor, counts: torch.Tensor) -> float:
    """Leaves the gradients of one batch; gives the mean squared error of v, every cell counting alike."""
    import torch

    alphas = new_schedule().alphas_cumprod.to(clean.device)
    # more often at high noise, where the subject takes shape; uniform steps drew textures long before figures
    steps = (torch.rand(len(clean), device=clean.device) ** TOWARDS_NOISE * len(alphas)).long()
    alpha = alphas[steps].sqrt().view(-1, 1, 1, 1)
    sigma = (1 - alphas[steps]).sqrt().view(-1, 1, 1, 1)
    noise = torch.randn_like(clean)
    with torch.autocast(clean.device.type, torch.bfloat16):
        said = unet(alpha * clean + sigma * noise, steps, context, return_dict=False)[0]
    errors = (said.float() - (alpha * noise - sigma * clean)).square()
    (errors * counts).mean().backward()
    return errors.mean().item()


def save_denoiser(unet: UNet2DConditionModel, build: Path) -> None:
    """The model as diffusers loads it, written beside and then put in place of the former one."""
    tmp, place = build / "unet.tmp", build / "unet"
    unet.save_pretrained(tmp)
    place.mkdir(exist_ok=True)
    for file in tmp.iterdir():
        os.replace(file, place / file.name)


class _Texts:
    """The frozen text model: captions of scenes as context [batch, 64, 256]."""

    def __init__(self, folder: Path, device: torch.device) -> None:
        from transformers import CLIPTextModel, CLIPTokenizer

        self.tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
        self.model = CLIPTextModel.from_pretrained(folder / "text_encoder", local_files_only=True)
        self.model.eval().requires_grad_(False).to(device)

    def embed(self, scenes: list[Description], rng: random.Random) -> torch.Tensor:
        """A new caption of each scene, some left empty."""
        return self.read([nothing(rng) if rng.random() < EMPTY_SHARE else caption(scene, rng) for scene in scenes])

    def read(self, texts: list[str]) -> torch.Tensor:
        import torch

        with torch.no_grad(), torch.autocast(self.model.device.type, torch.bfloat16):
            return self.model(tokens(self.tokenizer, texts).to(self.model.device)).last_hidden_state
