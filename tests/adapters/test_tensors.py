"""A LoRA's file comes back as it was written, and a file that does not fit is refused with a reason."""

from __future__ import annotations

import json

import pytest

from studio.adapters.tensors import METADATA, read_adapter, save_adapter
from studio.errors import BadAdapter

PLAIN = {METADATA: json.dumps({"lora_alpha": 4, "base_model_name_or_path": "sdxl"})}
QUERY = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q"


def write(path, tensors, metadata=PLAIN):
    from safetensors.torch import save_file

    save_file(tensors, path, metadata=metadata)
    return path


def pair(module, rank=2, inputs=64, outputs=64):
    import torch

    return {f"{module}.lora_A.weight": torch.ones(rank, inputs), f"{module}.lora_B.weight": torch.ones(outputs, rank)}


def test_alpha_and_rank_come_back(tiny_unet, make_lora):
    layers = read_adapter(make_lora("may", rank=12, alpha=24.0), tiny_unet)
    assert {(layer.scale, layer.down.shape[0]) for layer in layers.values()} == {(2.0, 12)}


def test_convolutions_and_attention_all_come_back(tiny_unet, make_lora):
    layers = read_adapter(make_lora("may"), tiny_unet)
    assert {name.rsplit(".", 1)[-1] for name in layers} == {
        "to_q",
        "to_k",
        "to_v",
        "0",
        "proj",
        "2",
        "conv1",
        "proj_in",
    }


def test_alpha_of_single_modules_counts(tiny_unet, make_lora):
    layers = read_adapter(make_lora("may", rank=4, alpha=4.0, alpha_pattern={"to_q": 16}), tiny_unet)
    assert {name.endswith("to_q"): layer.scale for name, layer in layers.items()} == {True: 4.0, False: 1.0}


def test_the_same_adapter_gives_the_same_bytes(make_lora):
    assert make_lora("one").read_bytes() == make_lora("two").read_bytes()


def test_no_path_of_the_machine_is_written(tiny_unet, tmp_path):
    from peft import LoraConfig

    config = LoraConfig(base_model_name_or_path=str(tmp_path / "pocket"), target_modules=["to_q"])
    path = save_adapter(tmp_path / "a.safetensors", pair(QUERY), config)
    assert str(tmp_path).encode() not in path.read_bytes()
    assert b"pocket" in path.read_bytes()


def test_another_familys_file_is_refused_with_share_and_both_names(tiny_unet, tmp_path):
    tensors = pair(QUERY) | pair("down_blocks.9.attentions.0.to_q") | pair(QUERY.replace("to_q", "to_k"), inputs=99)
    path = write(tmp_path / "alien.safetensors", tensors)
    with pytest.raises(
        BadAdapter, match=r"'alien' was made for sdxl and does not fit pocket: 33 % of its layers match"
    ):
        read_adapter(path, tiny_unet, "pocket")


def test_numbers_that_are_not_finite_are_refused(tiny_unet, tmp_path):
    tensors = pair(QUERY)
    tensors[f"{QUERY}.lora_B.weight"][0, 0] = float("nan")
    with pytest.raises(BadAdapter, match="not finite"):
        read_adapter(write(tmp_path / "nan.safetensors", tensors), tiny_unet)


def test_an_empty_file_is_refused(tiny_unet, tmp_path):
    with pytest.raises(BadAdapter, match="'empty' is empty"):
        read_adapter(write(tmp_path / "empty.safetensors", {}), tiny_unet)


@pytest.mark.parametrize("metadata", [None, {METADATA: "[]"}, {METADATA: "{"}, {METADATA: "{}"}], ids=str)
def test_a_file_without_alpha_is_refused(tiny_unet, tmp_path, metadata):
    with pytest.raises(BadAdapter, match="does not say its alpha"):
        read_adapter(write(tmp_path / "mute.safetensors", pair(QUERY), metadata), tiny_unet)


@pytest.mark.parametrize("raw", [b"", b"\x01\x02", b"\xff" * 64], ids=str)
def test_a_file_that_is_no_safetensors_is_refused(tiny_unet, tmp_path, raw):
    path = tmp_path / "junk.safetensors"
    path.write_bytes(raw)
    with pytest.raises(BadAdapter, match="'junk' is damaged"):
        read_adapter(path, tiny_unet)


def test_other_maths_than_a_product_is_refused(tiny_unet, tmp_path):
    metadata = {METADATA: json.dumps({"lora_alpha": 4, "use_dora": True})}
    with pytest.raises(BadAdapter, match="'use_dora'"):
        read_adapter(write(tmp_path / "dora.safetensors", pair(QUERY), metadata), tiny_unet)


def test_training_that_gave_nan_overwrites_nothing(tmp_path):
    import torch
    from peft import LoraConfig

    path = tmp_path / "a.safetensors"
    path.write_bytes(b"the last good one")
    with pytest.raises(BadAdapter, match="no usable numbers"):
        save_adapter(path, {"x.lora_A.weight": torch.tensor([[float("inf")]])}, LoraConfig())
    assert path.read_bytes() == b"the last good one"
