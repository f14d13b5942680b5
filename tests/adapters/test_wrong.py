"""LoRAs that another studio would wear without a word, and without any effect: every one is refused, and says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from studio.adapters.tensors import read_adapter
from studio.adapters.wearing import wearing
from studio.errors import BadAdapter

ALPHA = {"lora_adapter_metadata": json.dumps({"lora_alpha": 4, "r": 4})}
MID = "mid_block.attentions.0.transformer_blocks.0"
FLAT = "lora_unet_" + MID.replace(".", "_")


def peft(
    module: str = f"{MID}.attn1.to_q", inputs: int = 64, outputs: int = 64, rank: int = 4, fill: float = 0.1
) -> dict:
    return {
        f"unet.{module}.lora_A.weight": torch.full((rank, inputs), fill),
        f"unet.{module}.lora_B.weight": torch.full((outputs, rank), fill),
    }


def kohya(module: str, inputs: int = 64, outputs: int = 64) -> dict:
    return {
        f"{module}.lora_down.weight": torch.full((4, inputs), 0.1),
        f"{module}.lora_up.weight": torch.full((outputs, 4), 0.1),
        f"{module}.alpha": torch.tensor(4.0),
    }


def nan(pair: dict) -> dict:
    return {key: torch.full_like(value, float("nan")) for key, value in pair.items()}


SD15 = {f"down_blocks.0.attentions.{n}.transformer_blocks.0.attn2.to_k": (768, 320) for n in (0, 1)}
SDXL = {f"down_blocks.2.attentions.{n}.transformer_blocks.0.attn2.to_k": (2048, 1280) for n in (0, 1)}
WRONG: dict[str, tuple[dict, dict, str]] = {
    "empty": ({}, ALPHA, "is empty"),
    "all zero": (peft(fill=0.0), ALPHA, "changes nothing"),
    "up all zero": (peft() | {f"unet.{MID}.attn1.to_q.lora_B.weight": torch.zeros(64, 4)}, ALPHA, "changes nothing"),
    "alpha zero": (peft(), {"lora_adapter_metadata": json.dumps({"lora_alpha": 0})}, "changes nothing"),
    "all NaN": (nan(peft()), ALPHA, "not finite"),
    "one infinite": (peft(fill=float("inf")), ALPHA, "not finite"),
    "no alpha": (peft(), {}, "does not say its alpha"),
    "alpha NaN": (peft(), {"lora_adapter_metadata": '{"lora_alpha": NaN}'}, "alpha that is no number"),
    "DoRA": (peft(), {"lora_adapter_metadata": '{"lora_alpha": 4, "use_dora": true}'}, "'use_dora'"),
    "SD 1.5": ({k: v for m, (i, o) in SD15.items() for k, v in peft(m, i, o).items()}, ALPHA, "Stable Diffusion 1.5 and"),
    "SDXL": ({k: v for m, (i, o) in SDXL.items() for k, v in peft(m, i, o).items()}, ALPHA, "Stable Diffusion XL and"),
    "SDXL of kohya": (
        kohya("lora_unet_input_blocks_7_1_transformer_blocks_0_attn2_to_k", 2048, 1280),
        {},
        "Stable Diffusion XL and",
    ),
    "FLUX": (kohya("lora_unet_double_blocks_0_img_attn_proj", 3072, 3072), {}, "FLUX and does not fit pocket: 0 %"),
    "FLUX of diffusers": (peft("single_transformer_blocks.0.attn.to_q", 3072, 3072), ALPHA, "FLUX and"),
    "half matching": (peft() | peft("nowhere.to_q"), ALPHA, "50 % of its layers match"),
    "other widths": (peft(inputs=96), ALPHA, "0 % of its layers match"),
    "rank without end": (peft() | {f"unet.{MID}.attn1.to_q.lora_B.weight": torch.ones(64, 8)}, ALPHA, "0 % of"),
    "only down": (dict(list(peft().items())[:1]), ALPHA, "0 % of its layers match"),
    "only up": (dict(list(peft().items())[1:]), ALPHA, "0 % of its layers match"),
    "LoHa": ({f"{FLAT}_attn1_to_q.hada_w1_a": torch.ones(64, 4)}, {}, "'hada_w1_a'"),
    "LoKr": ({f"{FLAT}_attn1_to_q.lokr_w1": torch.ones(8, 8)}, {}, "'lokr_w1'"),
    "LoCon with a middle": (kohya(f"{FLAT}_attn1_to_q") | {f"{FLAT}_attn1_to_q.lora_mid.weight": torch.ones(4, 4)}, {}, "'lora_mid'"),
    "only for the text": (peft("x") and {"lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight": torch.ones(4, 8)}, {}, "is empty"),
    "a whole model": ({"model.diffusion_model.input_blocks.0.0.weight": torch.ones(8, 4, 3, 3)}, ALPHA, "0 % of its layers match"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_lora_is_never_worn_in_silence(name: str, tiny_unet, tmp_path: Path) -> None:
    tensors, words, why = WRONG[name]
    path = tmp_path / "wrong.safetensors"
    save_file(tensors, path, metadata=words)
    before = {key: value.clone() for key, value in tiny_unet.state_dict().items()}
    with pytest.raises(BadAdapter) as caught, wearing(tiny_unet, [(path, 1.0)], "pocket"):
        pass
    assert why in str(caught.value)
    assert all(torch.equal(value, before[key]) for key, value in tiny_unet.state_dict().items())


def test_a_right_one_is_worn(tiny_unet, tmp_path: Path) -> None:
    save_file(peft(), tmp_path / "right.safetensors", metadata=ALPHA)
    assert list(read_adapter(tmp_path / "right.safetensors", tiny_unet)) == [f"{MID}.attn1.to_q"]
