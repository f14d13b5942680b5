"""A LoRA goes to kohya's layout and comes back the same, whatever it was taught on and whatever its alpha."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.adapters.kohya import write_kohya
from studio.adapters.matching import match
from studio.adapters.tensors import Layer, read_layers, shapes, write_layers
from studio.adapters.wearing import wearing
from tests.adapters.test_plain_diffusers import ATTENTION, PIPELINES, ROUNDING, SETS, said, taught

FAMILY = {"sd15": "sd", "sdxl": "sdxl"}


@pytest.fixture(scope="module", params=PIPELINES)
def opened(request: pytest.FixtureRequest, tiny_models: Path) -> Any:
    key = request.param
    return key, PIPELINES[key].from_pretrained(tiny_models / key, local_files_only=True, use_safetensors=True)


def same(one: dict[str, Layer], other: dict[str, Layer]) -> bool:
    return one.keys() == other.keys() and all(
        torch.equal(layer.down, other[name].down)
        and torch.equal(layer.up, other[name].up)
        and layer.scale == other[name].scale
        for name, layer in one.items()
    )


@pytest.mark.parametrize(("rank", "alpha"), [(12, 24.0), (4, 2.0), (3, 1.0)], ids=["twice", "half", "a third"])
@pytest.mark.parametrize("targets", SETS.values(), ids=SETS)
def test_there_and_back_is_exact(
    opened: Any, tmp_path: Path, targets: tuple[str, ...], rank: int, alpha: float
) -> None:
    key, pipeline = opened
    unet, ours, theirs, back = pipeline.unet, *(tmp_path / f"{name}.safetensors" for name in ("ours", "theirs", "back"))
    taught(deepcopy(unet), ours, targets, rank, alpha)
    known = shapes(unet)
    layers = read_layers(ours, known)
    write_kohya(theirs, layers, known, FAMILY[key])
    assert match(theirs, "theirs", known).dialect == "kohya"
    write_layers(back, read_layers(theirs, known), key)
    assert same(read_layers(back, known), layers)
    with wearing(unet, [(ours, 0.7)]):
        before = said(unet)
    with wearing(unet, [(back, 0.7)]):
        assert torch.equal(said(unet), before)


def test_pocket_goes_there_and_back(tiny_unet, make_lora, tmp_path: Path) -> None:
    ours, known = make_lora("may", rank=12, alpha=24.0, alpha_pattern={"to_q": 3.0}), shapes(tiny_unet)
    layers = read_layers(ours, known)
    write_kohya(tmp_path / "theirs.safetensors", layers, known, "pocket")
    assert same(read_layers(tmp_path / "theirs.safetensors", known), layers)


def test_plain_diffusers_reads_what_is_written_for_kohya(opened: Any, tmp_path: Path) -> None:
    key, pipeline = opened
    unet, ours, theirs = pipeline.unet, tmp_path / "ours.safetensors", tmp_path / "theirs.safetensors"
    live = taught(deepcopy(unet), ours, ATTENTION, 12, 24.0)
    write_kohya(theirs, read_layers(ours, shapes(unet)), shapes(unet), FAMILY[key])
    pipeline.load_lora_weights(theirs)
    try:
        assert (said(unet) - live).abs().max() < ROUNDING
    finally:
        pipeline.unload_lora_weights()


def test_stabilitys_names_of_sdxl_are_those_that_kohya_writes(tmp_path: Path) -> None:
    from diffusers import UNet2DConditionModel

    with torch.device("meta"):  # the real one, without its numbers
        unet = UNet2DConditionModel(
            sample_size=128,
            block_out_channels=(320, 640, 1280),
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            transformer_layers_per_block=(1, 2, 10),
            attention_head_dim=(5, 10, 20),
            cross_attention_dim=2048,
            addition_embed_type="text_time",
            addition_time_embed_dim=256,
            projection_class_embeddings_input_dim=2816,
            use_linear_projection=True,
        )
    layers = {
        name: Layer(torch.ones(1, *shape[1:]), torch.ones(shape[0], 1, *[1] * (len(shape) - 2)), 1.0)
        for name, shape in shapes(unet).items()
        if name in REAL
    }
    write_kohya(tmp_path / "a.safetensors", layers, shapes(unet), "sdxl")
    written = {key.split(".")[0].removeprefix("lora_unet_") for key in load_file(tmp_path / "a.safetensors")}
    assert written == set(REAL.values())
    assert read_layers(tmp_path / "a.safetensors", shapes(unet)).keys() == REAL.keys()


REAL = {  # of diffusers' module, the name in Stability's code
    "conv_in": "input_blocks_0_0",
    "down_blocks.0.resnets.0.conv1": "input_blocks_1_0_in_layers_2",
    "down_blocks.0.downsamplers.0.conv": "input_blocks_3_0_op",
    "down_blocks.1.attentions.0.transformer_blocks.1.attn2.to_k": "input_blocks_4_1_transformer_blocks_1_attn2_to_k",
    "down_blocks.1.resnets.0.conv_shortcut": "input_blocks_4_0_skip_connection",
    "down_blocks.2.attentions.1.proj_in": "input_blocks_8_1_proj_in",
    "mid_block.resnets.1.time_emb_proj": "middle_block_2_emb_layers_1",
    "mid_block.attentions.0.transformer_blocks.9.ff.net.0.proj": "middle_block_1_transformer_blocks_9_ff_net_0_proj",
    "up_blocks.0.attentions.2.transformer_blocks.0.attn1.to_out.0": "output_blocks_2_1_transformer_blocks_0_attn1_to_out_0",
    "up_blocks.0.upsamplers.0.conv": "output_blocks_2_2_conv",
    "up_blocks.1.resnets.2.conv2": "output_blocks_5_0_out_layers_3",
    "up_blocks.2.resnets.2.conv1": "output_blocks_8_0_in_layers_2",
    "time_embedding.linear_1": "time_embed_0",
    "add_embedding.linear_2": "label_emb_0_2",
}


@pytest.mark.parametrize(
    ("down", "up"),
    [
        ("unet.{}.lora.down.weight", "unet.{}.lora.up.weight"),
        ("base_model.model.{}.lora_A.weight", "base_model.model.{}.lora_B.weight"),
        ("{}.lora_A.default.weight", "{}.lora_B.default.weight"),
    ],
)
def test_other_layouts_are_read(tiny_unet, tmp_path: Path, down: str, up: str) -> None:
    module = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
    tensors = {down.format(module): torch.ones(4, 64), up.format(module): torch.ones(64, 4)}
    words = {"lora_adapter_metadata": '{"lora_alpha": 4}'}
    save_file(tensors, tmp_path / "a.safetensors", metadata=words)
    (layer,) = read_layers(tmp_path / "a.safetensors", shapes(tiny_unet)).values()
    assert layer.scale == 1.0


def test_the_processors_of_early_diffusers_are_read(tiny_unet, tmp_path: Path) -> None:
    attention = "mid_block.attentions.0.transformer_blocks.0.attn1"
    tensors = {}
    for part in ("to_q_lora", "to_out_lora"):
        tensors[f"unet.{attention}.processor.{part}.down.weight"] = torch.ones(4, 64)
        tensors[f"unet.{attention}.processor.{part}.up.weight"] = torch.ones(64, 4)
    save_file(tensors, tmp_path / "a.safetensors")
    found = read_layers(tmp_path / "a.safetensors", shapes(tiny_unet))
    assert found.keys() == {f"{attention}.to_q", f"{attention}.to_out.0"}


def test_a_convolution_written_as_a_matrix_is_one_of_one_pixel(tiny_unet, tmp_path: Path) -> None:
    name = "lora_unet_mid_block_attentions_0_proj_in"
    tensors = {f"{name}.lora_down.weight": torch.ones(2, 64), f"{name}.lora_up.weight": torch.ones(64, 2)}
    save_file(tensors, tmp_path / "a.safetensors")
    (layer,) = read_layers(tmp_path / "a.safetensors", shapes(tiny_unet)).values()
    assert layer.down.shape == (2, 64, 1, 1) and layer.delta(torch.Size((64, 64, 1, 1))).mean() == 2.0
