"""A UNet as small as one can be, and LoRAs made for it by peft itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TARGETS = ["to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2", "conv1", "proj_in"]


@pytest.fixture
def tiny_unet():
    import torch
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=8,
    ).eval()


@pytest.fixture
def make_lora(tiny_unet, tmp_path: Path) -> Callable[..., Path]:
    """Writes a LoRA of random numbers for the tiny UNet and gives its path."""

    def make(name: str, seed: int = 1, rank: int = 4, alpha: float = 8.0, **options) -> Path:
        import torch
        from peft import LoraConfig, get_peft_model_state_dict

        from studio.adapters.tensors import save_adapter

        torch.manual_seed(seed)
        config = LoraConfig(r=rank, lora_alpha=alpha, target_modules=TARGETS, init_lora_weights=False, **options)
        tiny_unet.add_adapter(config, "made")
        state = {
            key: tensor.clone() for key, tensor in get_peft_model_state_dict(tiny_unet, adapter_name="made").items()
        }
        tiny_unet.delete_adapters("made")
        tiny_unet.unload_lora()
        return save_adapter(tmp_path / f"{name}.safetensors", state, config, "pocket")

    return make
