"""The tiny models in one file, under the names of the code that Stable Diffusion was first trained with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from studio.adapters.dialects import original, resnet_count

TOP = {"conv_norm_out": "out.0"}
IN_BLOCK = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
OPEN_CLIP = {"layer_norm1": "ln_1", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj"}


def one_file(pipeline: Any, file: Path) -> Path:
    """The pipeline's numbers in a file as they are handed around."""
    from safetensors.torch import save_file

    large = hasattr(pipeline, "text_encoder_2")
    numbers = {f"model.diffusion_model.{name}": tensor for name, tensor in _unet(pipeline.unet).items()}
    numbers |= {f"first_stage_model.{name}": tensor for name, tensor in _vae(pipeline.vae).items()}
    front = "conditioner.embedders.0" if large else "cond_stage_model"
    numbers |= {f"{front}.transformer.text_model.{n}": t for n, t in _bare(pipeline.text_encoder).items()}
    if large:
        numbers |= {f"conditioner.embedders.1.model.{n}": t for n, t in _open_clip(pipeline.text_encoder_2).items()}
    save_file({name: tensor.contiguous().clone() for name, tensor in numbers.items()}, file)
    return file


def _unet(unet: Any) -> dict[str, Any]:
    state = unet.state_dict()
    each = resnet_count(name.rpartition(".")[0] for name in state)
    named = {}
    for name, tensor in state.items():
        module, _, kind = name.rpartition(".")
        named[f"{TOP.get(module, original(module, each))}.{kind}"] = tensor
    return named


def _vae(vae: Any) -> dict[str, Any]:
    floors = len(vae.config.block_out_channels)
    return {_in_vae(name, floors): tensor for name, tensor in vae.state_dict().items()}


def _in_vae(name: str, floors: int) -> str:
    name = re.sub(r"down_blocks\.(\d)\.resnets\.(\d)", r"down.\1.block.\2", name)
    name = re.sub(
        r"up_blocks\.(\d)\.resnets\.(\d)", lambda found: f"up.{floors - 1 - int(found[1])}.block.{found[2]}", name
    )
    name = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", name)
    name = re.sub(r"up_blocks\.(\d)\.upsamplers\.0", lambda found: f"up.{floors - 1 - int(found[1])}.upsample", name)
    name = re.sub(r"mid_block\.resnets\.(\d)", lambda found: f"mid.block_{int(found[1]) + 1}", name)
    for ours, theirs in IN_BLOCK.items():
        name = name.replace(f"mid_block.attentions.0.{ours}.", f"mid.attn_1.{theirs}.")
    return name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")


def _bare(reader: Any) -> dict[str, Any]:
    return {name.removeprefix("text_model."): tensor for name, tensor in reader.state_dict().items()}


def _open_clip(reader: Any) -> dict[str, Any]:
    import torch

    state = _bare(reader)
    named = {
        "token_embedding.weight": state["embeddings.token_embedding.weight"],
        "positional_embedding": state["embeddings.position_embedding.weight"],
        "text_projection": state["text_projection.weight"].T,
    }
    for kind in ("weight", "bias"):
        named[f"ln_final.{kind}"] = state[f"final_layer_norm.{kind}"]
        for layer in range(reader.config.num_hidden_layers):
            ours, theirs = f"encoder.layers.{layer}", f"transformer.resblocks.{layer}"
            joined = [state[f"{ours}.self_attn.{part}_proj.{kind}"] for part in "qkv"]
            named[f"{theirs}.attn.in_proj_{kind}"] = torch.cat(joined)
            named[f"{theirs}.attn.out_proj.{kind}"] = state[f"{ours}.self_attn.out_proj.{kind}"]
            for part, other in OPEN_CLIP.items():
                named[f"{theirs}.{other}.{kind}"] = state[f"{ours}.{part}.{kind}"]
    return named
