"""What a picture of pocket costs: with all steps and as a draft, beside plain diffusers with the same weights.

    python -m benchmarks.drawing

Prints seconds for one 256 px picture on two threads, decoder included and models loaded, and how many times as long plain
diffusers takes. Least of several runs, because other work only ever adds time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import torch
from diffusers import StableDiffusionPipeline

from studio.adapters.wearing import wearing
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.pocket.drafts import STEPS as DRAFT_STEPS
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing
from studio.settings import ASSETS, load_settings

RUNS = 7
PROMPT, NEGATIVE = "a happy rabbit with a red scarf waving on the beach at sunset with a kite", "blurry, ugly"
STEPS, GUIDANCE = 20, base_model("pocket").guidance


def main() -> None:
    print(f"from a cold start to the first picture: {_cold():.1f} s")
    torch.set_num_threads(2)
    model = base_model("pocket")
    ours = load_pipeline(model, load_settings())
    plain = StableDiffusionPipeline.from_pretrained(ASSETS / "pocket", local_files_only=True)
    plain.set_progress_bar_config(disable=True)
    words = Conditioning(ours)
    drafts = ASSETS / "pocket" / "drafts" / "adapter.safetensors"

    def studio(steps: int, guidance: float) -> None:
        drawing = Drawing(
            prompt=PROMPT, negative=NEGATIVE, seed=1, width=256, height=256, steps=steps, guidance=guidance,
            sampler=model.sampler, model=model.key, revision="",
        )  # fmt: skip
        denoising = Denoising(ours, words, [drawing])
        for _ in denoising:
            pass
        list(denoising.pixels())

    def diffusers(steps: int, guidance: float) -> None:
        plain(PROMPT, negative_prompt=NEGATIVE, num_inference_steps=steps, guidance_scale=guidance)

    _compare(f"{STEPS} guided steps", lambda: studio(STEPS, GUIDANCE), lambda: diffusers(STEPS, GUIDANCE))
    if drafts.is_file():
        plain.load_lora_weights(drafts.parent, weight_name=drafts.name)
        with wearing(ours.unet, [(drafts, 1.0)], model.key):
            _compare(
                f"{DRAFT_STEPS} draft steps", lambda: studio(DRAFT_STEPS, 1.0), lambda: diffusers(DRAFT_STEPS, 1.0)
            )


def _cold() -> float:
    """Seconds from the start of a new process to its first picture on disk."""
    with tempfile.TemporaryDirectory() as home:
        begun = time.perf_counter()
        command = [sys.executable, "-m", "studio", "draw", PROMPT, "--out", f"{home}/picture.png"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "STUDIO_HOME": home})
        return time.perf_counter() - begun


def _compare(what: str, ours: Callable[[], None], plain: Callable[[], None]) -> None:
    """Both in turn, so that a busy moment of the machine meets both."""
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(RUNS + 1):
        for name, work in (("ours", ours), ("plain", plain)):
            begun = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - begun)
    mine, theirs = min(times["ours"][1:]), min(times["plain"][1:])
    print(f"{what}: {mine:.3f} s; plain diffusers {theirs:.3f} s, {theirs / mine:.2f} times as long")


if __name__ == "__main__":
    main()
