"""The LoRA of a UNet in training: put on by peft, read out and put back as plain tensors.

The factors are float32 whatever the base computes in: in bf16, AdamW at 1e-4 moved only a tenth of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..adapters.card import AdapterCard
from .recipe import Recipe

if TYPE_CHECKING:
    import torch
    from diffusers import UNet2DConditionModel
    from peft import LoraConfig


def put_on(unet: UNet2DConditionModel, card: AdapterCard, recipe: Recipe, seed: int) -> LoraConfig:
    """Puts fresh factors on the UNet: A from the seed, B zero, so that it still draws what it drew. The base is frozen."""
    import torch
    from peft import LoraConfig

    config = LoraConfig(
        r=card.rank, lora_alpha=card.alpha, target_modules=list(recipe.targets), lora_dropout=recipe.dropout
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        unet.add_adapter(config)
    unet.eval()  # peft leaves the dropout of what it adds on, and pictures drawn meanwhile would be full of noise
    for factor in factors(unet).values():
        factor.data = factor.data.float()
    return config


def quicken(unet: UNet2DConditionModel) -> None:
    """Lets a UNet on the processor compute attention as plain matrix products, which is quicker forth and back: pocket's
    steps take 145 ms in place of 157. Its answers change in the sixth digit."""
    from diffusers.models.attention_processor import AttnProcessor

    if unet.device.type == "cpu":
        unet.set_attn_processor(AttnProcessor())


@contextmanager
def dropping(unet: UNet2DConditionModel, share: float, step: int) -> Iterator[None]:
    """The UNet with that share of its LoRA's inputs left out while the block runs, the same ones whenever the step is done."""
    import torch

    layers = [layer for name, layer in unet.named_modules() if share and "lora_dropout" in name]
    with torch.random.fork_rng(enabled=bool(layers)):
        if layers:
            torch.manual_seed(step)
        for layer in layers:
            layer.train()
        try:
            yield
        finally:
            for layer in layers:
                layer.eval()


def factors(unet: UNet2DConditionModel) -> dict[str, torch.nn.Parameter]:
    """What is trained, by raw PEFT key, always in the same order."""
    trained = ((name, value) for name, value in unet.named_parameters() if value.requires_grad)
    return {name.replace(".default.", "."): value for name, value in trained}


def put_back(unet: UNet2DConditionModel, saved: Mapping[str, torch.Tensor]) -> None:
    """Sets the factors to saved ones of the same keys and shapes."""
    import torch

    with torch.no_grad():
        for name, factor in factors(unet).items():
            factor.copy_(saved[name])
