"""However a pipeline is laid out, it draws the same picture; a float32 decoder takes what half precision made."""

from __future__ import annotations

import pytest

from studio.models.loading import load_pipeline
from studio.models.machine import Machine
from studio.models.memory import MemoryPlan, plan
from studio.models.placing import place, take_any_precision, works_on
from studio.models.table import base_model

SDXL = base_model("sdxl")


def laid(settings, **how) -> MemoryPlan:
    from dataclasses import replace

    return replace(plan(SDXL, settings, machine=Machine("cuda", 80.0, 80.0, 2)), **how)


def drawn(pipeline):
    import torch

    sizes = {"num_inference_steps": 2, "width": 64, "height": 64, "output_type": "pt"}
    return pipeline("a cat", generator=torch.Generator().manual_seed(4), **sizes).images


def test_layer_by_layer_draws_what_the_whole_draws(settings, tiny_sdxl):
    plain = load_pipeline(SDXL, settings)
    other = place(load_pipeline(SDXL, settings), laid(settings, mode="layers"), "cpu")
    assert drawn(other).equal(drawn(plain)) and works_on(other).type == "cpu"


def test_an_adapter_is_worn_by_a_network_that_comes_layer_by_layer(settings, tiny_sdxl, tmp_path):
    import torch
    from peft import LoraConfig

    from studio.adapters.tensors import save_adapter
    from studio.adapters.wearing import wearing

    pipeline = place(load_pipeline(SDXL, settings), laid(settings, mode="layers"), "cpu")
    module = "mid_block.attentions.0.transformer_blocks.0.attn1.to_v"
    state = {f"{module}.lora_A.weight": torch.randn(4, 64), f"{module}.lora_B.weight": torch.randn(64, 4)}
    path = save_adapter(tmp_path / "x.safetensors", state, LoraConfig(r=4, lora_alpha=4), "sdxl")
    bare = drawn(pipeline)
    with wearing(pipeline.unet, [(path, 1.0)]):
        assert not drawn(pipeline).equal(bare)
    assert drawn(pipeline).equal(bare)


def test_decoding_in_squares_is_set_to_squares_of_512_px(settings, tiny_sdxl):
    vae = place(load_pipeline(SDXL, settings), laid(settings, tiled=True), "cpu").vae
    assert vae.use_slicing and vae.use_tiling and (vae.tile_sample_min_size, vae.tile_latent_min_size) == (512, 64)


def test_a_decoder_takes_any_precision():
    import torch
    from diffusers import AutoencoderKL

    vae = AutoencoderKL(block_out_channels=(32,), latent_channels=4)
    with pytest.raises(RuntimeError):
        vae.decode(torch.zeros(1, 4, 8, 8, dtype=torch.bfloat16))
    take_any_precision(vae)
    assert vae.decode(torch.zeros(1, 4, 8, 8, dtype=torch.bfloat16)).sample.dtype == torch.float32
