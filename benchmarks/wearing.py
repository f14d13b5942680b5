"""What adapters cost: merged into the weights as the studio wears them, and live as peft keeps them.

    python -m benchmarks.wearing

Prints milliseconds for putting on and taking off, and for one guided step of the bare UNet, with eight worn, and with two
and eight live, in the precision in which this machine draws. Bare and worn are measured in turns, because other work on
the machine comes and goes; least of several runs, because it only ever adds time.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from peft import LoraConfig, get_peft_model_state_dict

from studio.adapters.tensors import save_adapter
from studio.adapters.wearing import wearing
from studio.models.device import best_device
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.settings import load_settings

TARGETS = ["to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2"]
RUNS, TURNS = 15, 4
EIGHT = 8


def main() -> None:
    model = base_model("pocket")
    unet = load_pipeline(model, load_settings(), best_device().drawing_dtype).unet
    with tempfile.TemporaryDirectory() as folder:
        worn = [(_make_lora(unet, seed, Path(folder)), 0.1) for seed in range(EIGHT)]
        ms = _least_ms(lambda: _put_on_and_off(unet, worn))
        print(f"put on and take off eight of rank 8: {ms:7.1f} ms, {ms / EIGHT:.1f} ms each")
        bare, merged = _in_turns(unet, worn, model.key)
        print(f"guided step, bare:                   {bare:7.1f} ms")
        print(f"guided step, eight worn:             {merged:7.1f} ms, {merged / bare:.3f} times as long")
    for count in (2, EIGHT):
        live = _live_ms(unet, count)
        print(f"guided step, {count} live in peft:        {live:7.1f} ms, {live / bare:.2f} times as long")


def _in_turns(unet: UNet2DConditionModel, worn: list[tuple[Path, float]], key: str) -> tuple[float, float]:
    step, bare, merged = _step(unet), [], []
    for _ in range(TURNS):
        bare.append(_least_ms(step))
        with wearing(unet, worn, key):
            merged.append(_least_ms(step))
    return min(bare), min(merged)


def _live_ms(unet: UNet2DConditionModel, count: int) -> float:
    names = [f"live{number}" for number in range(count)]
    for name in names:
        unet.add_adapter(_config(), name)
    unet.set_adapters(names, [0.1] * count)
    try:
        return _least_ms(_step(unet.eval()))
    finally:
        unet.unload_lora()


def _config() -> LoraConfig:
    return LoraConfig(r=8, lora_alpha=8, target_modules=TARGETS, init_lora_weights=False)


def _make_lora(unet: UNet2DConditionModel, seed: int, folder: Path) -> Path:
    torch.manual_seed(seed)
    unet.add_adapter(_config(), "made")
    state = get_peft_model_state_dict(unet, adapter_name="made")
    path = save_adapter(folder / f"{seed}.safetensors", state, _config(), "pocket")
    unet.unload_lora()
    return path


def _put_on_and_off(unet: UNet2DConditionModel, worn: list[tuple[Path, float]]) -> None:
    with wearing(unet, worn):
        pass


def _step(unet: UNet2DConditionModel) -> Callable[[], None]:
    """One pass over two rows, as guidance needs, at the model's native size."""
    side, channels = unet.config.sample_size, unet.config.in_channels
    latents = torch.randn(2, channels, side, side, device=unet.device, dtype=unet.dtype)
    words = torch.randn(2, 64, unet.config.cross_attention_dim, device=unet.device, dtype=unet.dtype)

    def step() -> None:
        with torch.inference_mode():
            unet(latents, 500, words)[0].sum().item()  # waits for a graphics card to finish

    return step


def _least_ms(work: Callable[[], None]) -> float:
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times) * 1000


if __name__ == "__main__":
    main()
