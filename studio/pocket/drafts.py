"""Drafts: a LoRA on pocket's denoiser that draws in four steps and without guidance, for previews.

The many-step model is the teacher. From a noisy latent it takes five guided steps; the student, which is the same model
wearing the LoRA, must arrive at the same place in one: progressive distillation (arXiv:2202.00512, section 3) with the
guidance distilled along (arXiv:2210.03142), from twenty steps to four at once. In the cosine schedule with α = cos φ and
σ = sin φ one DDIM step by δ is x_s = cos δ · x_t − sin δ · v, so the v that leads there is known.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ..adapters.tensors import save_adapter
from ..models.table import base_model
from ..progress import Work
from .denoiser import Lessons
from .recipe import Recipe
from .run import Run
from .schedule import new_schedule

if TYPE_CHECKING:
    import torch
    from diffusers import UNet2DConditionModel

STEPS = 4
STRIDE = 5  # steps of the teacher for one of the student's
GUIDANCE = base_model("pocket").guidance
RANK = 24
RATE = 5e-4
TARGETS = (
    "conv1", "conv2", "conv_shortcut", "conv", "time_emb_proj", "proj_in", "proj_out",
    "to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2",
)  # fmt: skip


def train_drafts(build: Path, recipe: Recipe, seed: int = 0) -> Work[Path]:
    """Trains for the recipe's time and saves `build/drafts/adapter.safetensors`. Needs the finished `build/unet`."""
    import torch
    from diffusers import UNet2DConditionModel
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    torch.manual_seed(seed)  # the same first factors in every process
    run = Run(build, "drafts", recipe.drafts_seconds)
    unet = (
        UNet2DConditionModel.from_pretrained(build / "unet", local_files_only=True).to(run.device).requires_grad_(False)
    )
    config = LoraConfig(r=RANK, lora_alpha=RANK, target_modules=list(TARGETS))
    unet.add_adapter(config)
    factors = torch.nn.ParameterList(p for p in unet.parameters() if p.requires_grad)
    optimizer = torch.optim.AdamW(factors, lr=RATE, betas=(0.9, 0.99), weight_decay=0.0, fused=True)
    run.resume(factors=factors, optimizer=optimizer)
    torch.manual_seed(1_000_003 * run.step + run.team.rank)
    lessons, solver = Lessons(build, recipe.drafts_batch // run.team.size, run, seed), _Solver(run.device)
    while run.going():
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (run.step + 1) / 50) * max(0.02, 1.0 - run.share)
        loss = solver.learn(unet, *next(lessons), lessons.silence)
        run.agree(factors)
        torch.nn.utils.clip_grad_norm_(factors, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        yield from run.tell(recipe.drafts_batch, loss=loss)
    if run.team.leads:
        halves = {name: factor.half() for name, factor in get_peft_model_state_dict(unet).items()}
        save_adapter(build / "drafts" / "adapter.safetensors", halves, config, "pocket")
    run.team.wait()
    return build / "drafts"


class _Solver:
    """The teacher's times and the student's, as steps of the schedule and as angles."""

    def __init__(self, device: torch.device) -> None:
        import torch

        schedule = new_schedule()
        schedule.set_timesteps(STEPS * STRIDE)
        self.times = schedule.timesteps.to(device)  # [20], from the noisiest
        alphas = schedule.alphas_cumprod.to(device)[self.times].sqrt().clamp(max=1.0)
        self.angles = torch.cat([alphas.arccos(), torch.zeros(1, device=device)])  # [21], 0 is the clean picture

    def learn(
        self,
        unet: UNet2DConditionModel,
        clean: torch.Tensor,
        context: torch.Tensor,
        counts: torch.Tensor,
        silence: torch.Tensor,
    ) -> float:
        """Leaves the gradients of one batch; gives the mean squared error of v."""
        import torch

        start = STRIDE * torch.randint(0, STEPS, (len(clean),), device=clean.device)
        angle = self.angles[start].view(-1, 1, 1, 1)
        noisy = angle.cos() * clean + angle.sin() * torch.randn_like(clean)
        wanted = self._teach(unet, noisy, context, silence, start)
        with torch.autocast(clean.device.type, torch.bfloat16):
            said = unet(noisy, self.times[start], context, return_dict=False)[0].float()
        errors = (said - wanted).square()
        (errors * counts).mean().backward()
        return errors.mean().item()

    def _teach(
        self,
        unet: UNet2DConditionModel,
        noisy: torch.Tensor,
        context: torch.Tensor,
        silence: torch.Tensor,
        start: torch.Tensor,
    ) -> torch.Tensor:
        """The v by which one step from `noisy` comes to where five guided steps of the bare model come."""
        import torch

        unet.disable_adapters()
        both, now = torch.cat([context, silence.expand_as(context)]), noisy
        with torch.no_grad(), torch.autocast(noisy.device.type, torch.bfloat16):
            for first, last in pairwise(range(STRIDE + 1)):
                told, plain = (
                    unet(torch.cat([now, now]), self.times[start + first].repeat(2), both, return_dict=False)[0]
                    .float()
                    .chunk(2)
                )
                guided = plain + GUIDANCE * (told - plain)
                step = (self.angles[start + first] - self.angles[start + last]).view(-1, 1, 1, 1)
                now = step.cos() * now - step.sin() * guided
        unet.enable_adapters()
        whole = (self.angles[start] - self.angles[start + STRIDE]).view(-1, 1, 1, 1)
        return (whole.cos() * noisy - now) / whole.sin()
