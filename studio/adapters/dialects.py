"""How the layers of a LoRA are called in files: by PEFT, by diffusers, and by kohya, whom A1111 and ComfyUI follow.

    PEFT        [base_model.model.|unet.]MODULE.lora_A.weight          alpha in the metadata
    diffusers   unet.MODULE.lora.down.weight, …processor.to_q_lora.…   alpha is the rank
    kohya       lora_unet_MODULE_WITH_UNDERSCORES.lora_down.weight     alpha beside it, as a tensor

kohya calls the modules of SDXL as Stability's own code does, input_blocks_4_1_… for down_blocks.1.attentions.0.….
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Side = Literal["down", "up", "alpha"]
Dialect = Literal["peft", "diffusers", "kohya"]

UNET = "unet."  # what diffusers puts before all that belongs to the UNet
PREFIXES = ("base_model.model.", UNET, "transformer.")  # the newer models have a transformer in its place
FLAT = "lora_unet_"
OF_TEXT = re.compile(r"^(text_encoder(_\d)?\.|lora_te\d?_)")
OTHER_MATHS = re.compile(
    r"\.(hada_w\w+|lokr_w\w+|lora_mid|dora_scale|lora_magnitude_vector\w*|oft_\w+|diff(_b)?)(\.|$)"
)
FORMS: tuple[tuple[Dialect, re.Pattern[str]], ...] = (
    ("kohya", re.compile(rf"^{FLAT}(?P<module>\w+)\.(?:lora_(?P<side>down|up)\.weight|(?P<alpha>alpha))$")),
    ("peft", re.compile(r"^(?P<module>.+)\.lora_(?P<side>[AB])(?:\.default)?\.weight$")),
    ("diffusers", re.compile(r"^(?P<module>.+?)[._]lora\.(?P<side>down|up)\.weight$")),
)
SIDES: Mapping[str, Side] = {"A": "down", "B": "up", "down": "down", "up": "up"}
RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
ALONE = {
    "conv_in": "input_blocks.0.0",
    "conv_out": "out.2",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
}
BLOCK = re.compile(r"^(down|up)_blocks\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)$")
MIDDLE = re.compile(r"^mid_block\.(resnets|attentions)\.(\d+)\.(.+)$")


@dataclass(frozen=True, slots=True)
class Key:
    """One tensor's name understood: `module` as the file calls it, dots and all, or with underscores in kohya's."""

    dialect: Dialect
    module: str
    side: Side


def understood(key: str) -> Key | None:
    """What a tensor's name says; None for one that belongs to no factor of a UNet's layer."""
    for dialect, form in FORMS:
        found = form.match(key)
        if found:
            words = found.groupdict()
            side: Side = "alpha" if words.get("alpha") else SIDES[words["side"]]
            module = found["module"] if dialect == "kohya" else bare(found["module"])
            return Key(dialect, _projection(module) if dialect == "diffusers" else module, side)
    return None


def of_text(key: str) -> bool:
    """Whether a tensor belongs to a text encoder."""
    return bool(OF_TEXT.match(key))


def other_maths(key: str) -> str:
    """What a tensor is of when it is of no plain product: "hada_w1_a" of a LoHa; empty when it may be of one."""
    found = OTHER_MATHS.search(key)
    return found[1] if found else ""


def flat_names(modules: Iterable[str]) -> dict[str, str]:
    """The modules of a UNet by all names with underscores that they are called by."""
    known = list(modules)
    each = resnet_count(known)
    return {original(module, each).replace(".", "_"): module for module in known} | {
        module.replace(".", "_"): module for module in known
    }


def original(module: str, resnets: int) -> str:
    """What Stability's code calls a module of diffusers' UNet with so many residual blocks on each floor."""
    block, middle = BLOCK.match(module), MIDDLE.match(module)
    if block:
        way, floor, part, number, rest = block.groups()
        return _floor(way, int(floor), part, int(number), rest, resnets)
    if middle:
        part, number, rest = middle.groups()
        at = 2 * int(number) if part == "resnets" else 1
        return f"middle_block.{at}.{_inside(part, rest)}"
    return ALONE.get(module, module)


def _floor(way: str, floor: int, part: str, number: int, rest: str, resnets: int) -> str:
    each = resnets + 1  # down: the residual blocks and a smaller picture; up: one more residual block
    if part == "downsamplers":
        return f"input_blocks.{1 + floor * each + resnets}.0.op"
    if part == "upsamplers":
        return f"output_blocks.{floor * each + resnets}.2.conv"
    at = floor * each + number + (1 if way == "down" else 0)
    blocks = "input_blocks" if way == "down" else "output_blocks"
    return f"{blocks}.{at}.{0 if part == 'resnets' else 1}.{_inside(part, rest)}"


def _inside(part: str, rest: str) -> str:
    return RESNET.get(rest, rest) if part == "resnets" else rest


def resnet_count(modules: Iterable[str]) -> int:
    """How many residual blocks each floor of a UNet with those modules has."""
    found = [int(match[1]) for module in modules if (match := re.match(r"down_blocks\.0\.resnets\.(\d+)\.", module))]
    return max(found, default=0) + 1


def _projection(module: str) -> str:
    """'…attn1.processor.to_out' of early diffusers as '…attn1.to_out.0'."""
    plain = module.replace(".processor.", ".")
    return f"{plain}.0" if plain.endswith(".to_out") else plain


def bare(name: str) -> str:
    """A tensor's name without what PEFT and diffusers put before it."""
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name
