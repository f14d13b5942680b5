"""What two adapters cost: merged into the weights as the studio wears them, and live as peft keeps them.

    python -m benchmarks.wearing

Prints milliseconds for putting on and taking off, and for one guided step of the bare, the worn and the live UNet in
the precision in which this machine draws. Least of several runs, because other work only ever adds time.
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
RUNS = 15


def main() -> None:
    model = base_model("pocket")
    unet = load_pipeline(model, load_settings(), best_device().drawing_dtype).unet
    with tempfile.TemporaryDirectory() as folder:
        worn = [(_make_lora(unet, seed, Path(folder)), 0.8) for seed in (1, 2)]
        print(f"put on and take off two adapters of rank 8: {_least_ms(lambda: _put_on_and_off(unet, worn)):6.1f} ms")
        print(f"guided step, bare:                          {_least_ms(_step(unet)):6.1f} ms")
        with wearing(unet, worn, model.key):
            print(f"guided step, two adapters worn:             {_least_ms(_step(unet)):6.1f} ms")
    for seed in (1, 2):
        unet.add_adapter(_config(), f"live{seed}")
    unet.set_adapters(["live1", "live2"], [0.8, 0.8])
    print(f"guided step, two adapters live in peft:     {_least_ms(_step(unet.eval())):6.1f} ms")


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
