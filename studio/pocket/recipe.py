"""How long and how broadly each part of pocket is trained: `cpu` for two cores in an afternoon, `gpu` for one card in an hour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Times are seconds of training, interruptions not counted; batches are pictures a step, over all processes."""

    name: str
    scenes: int
    autoencoder_seconds: float
    autoencoder_batch: int
    decoder_seconds: float  # the decoder alone, after the whole
    clip_seconds: float
    clip_batch: int
    denoiser_seconds: float
    denoiser_batch: int
    judge_seconds: float
    spotter_seconds: float
    upscaler_seconds: float
    drafts_seconds: float  # the few-step LoRA
    drafts_batch: int


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="cpu",
            scenes=40_000,
            autoencoder_seconds=480,
            autoencoder_batch=16,
            decoder_seconds=480,
            clip_seconds=540,
            clip_batch=192,
            denoiser_seconds=4 * 3600,
            denoiser_batch=32,
            judge_seconds=900,
            spotter_seconds=360,
            upscaler_seconds=1200,
            drafts_seconds=1800,
            drafts_batch=16,
        ),
        Recipe(
            name="gpu",
            scenes=60_000,
            autoencoder_seconds=240,
            autoencoder_batch=128,
            decoder_seconds=120,
            clip_seconds=240,
            clip_batch=1024,
            denoiser_seconds=1500,
            denoiser_batch=512,
            judge_seconds=240,
            spotter_seconds=60,
            upscaler_seconds=240,
            drafts_seconds=300,
            drafts_batch=128,
        ),
    )
}
