"""The other way to keep two LoRAs apart, to compare with: one pass, in which what each adds to a layer is masked where it is added,
and each region attends only to its own words (as masked LoRAs and regional prompts do in other studios).

y = W x + sum of mask · scale · B A x in every convolution and every layer of attention over the picture; keys and values of the words
are those of each region's prompt with its own LoRA. What the text says to every block at once cannot be masked: it is of the whole prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn import functional

from studio.adapters.tensors import Layer
from studio.rendering.conditioning import Conditioning
from studio.rendering.drawing import Drawing
from studio.rendering.guidance import Guidance
from studio.rendering.regions import masks


class Features:
    """Predicts for one drawing with regions, whose LoRAs' layers are given in the regions' order; the UNet itself is bare."""

    def __init__(
        self, pipeline: Any, words: Conditioning, drawings: Sequence[Drawing], loras: Sequence[Mapping[str, Layer]]
    ) -> None:
        from dataclasses import replace

        (drawing,) = drawings
        self._unet, self._loras = pipeline.unet, loras
        self._whole = Guidance(pipeline, words, drawings)
        told = [region.prompt or drawing.prompt for region in drawing.regions]
        self._texts = [words.inputs([replace(drawing, prompt=one)])["encoder_hidden_states"] for one in told]
        self._boxes = [region.box for region in drawing.regions]

    def __call__(self, latents: torch.Tensor, time: torch.Tensor, step: int) -> torch.Tensor:
        with self._confined():
            return self._whole(latents, time, step)

    @contextmanager
    def _confined(self) -> Iterator[None]:
        usual, hooks = self._unet.attn_processors, []
        self._unet.set_attn_processor(
            {name: Apart(self, name) if ".attn2." in name else each for name, each in usual.items()}
        )
        for name in dict.fromkeys(name for lora in self._loras for name in lora):
            if not name.endswith(("attn2.to_k", "attn2.to_v")):
                hooks.append(self._unet.get_submodule(name).register_forward_hook(self._adding(name)))
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()
            self._unet.set_attn_processor(usual)

    def _adding(self, name: str) -> Any:
        def add(module: Any, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor:
            for mask, lora in zip(self._masks(output), self._loras, strict=True):
                if name in lora:
                    output = output + mask * added(module, lora[name], inputs[0])
            return output

        return add

    def _masks(self, output: torch.Tensor) -> list[torch.Tensor]:
        """One for each region, shaped to be multiplied with features [n, c, h, w] or [n, tokens, c] of a square picture."""
        side = round(output.shape[1] ** 0.5)
        height, width = output.shape[2:] if output.ndim == 4 else (side, side)
        found = masks(self._boxes, height, width, soft=1.0)[:-1].to(output.dtype)
        return [one[None, None] if output.ndim == 4 else one.flatten()[None, :, None] for one in found]

    def keys(self, attention: Any, name: str, part: str, region: int) -> torch.Tensor:
        """What a region's own words say as keys ("to_k") or values ("to_v"), with its own LoRA."""
        module, layer = getattr(attention, part), self._loras[region].get(f"{name}.{part}")
        said = functional.linear(self._texts[region], module.weight, module.bias)
        return said if layer is None else said + added(module, layer, self._texts[region])

    @property
    def regions(self) -> range:
        return range(len(self._texts))


class Apart:
    """Attention to words in which each region sees its own. The regions fill the picture."""

    def __init__(self, features: Features, name: str) -> None:
        self._features, self._name = features, name.removesuffix(".processor")

    def __call__(self, attn: Any, hidden_states: torch.Tensor, *others: Any, **more: Any) -> torch.Tensor:
        query, total = self._heads(attn, attn.to_q(hidden_states)), torch.zeros_like(hidden_states)
        for region, mask in zip(self._features.regions, self._features._masks(hidden_states), strict=True):
            key, value = (
                self._heads(attn, self._features.keys(attn, self._name, part, region)) for part in ("to_k", "to_v")
            )
            seen = functional.scaled_dot_product_attention(query, key, value)
            total = total + mask * seen.transpose(1, 2).flatten(2)
        return attn.to_out[1](attn.to_out[0](total))

    def _heads(self, attn: Any, rows: torch.Tensor) -> torch.Tensor:
        return rows.unflatten(2, (attn.heads, -1)).transpose(1, 2)


def added(module: Any, layer: Layer, inputs: torch.Tensor) -> torch.Tensor:
    """What a LoRA adds to a linear layer or a convolution, unmasked."""
    down, up = layer.down.to(inputs.dtype), layer.up.to(inputs.dtype)
    if inputs.ndim == 4:
        inner = functional.conv2d(inputs, down, stride=module.stride, padding=module.padding)
        return layer.scale * functional.conv2d(inner, up)
    return layer.scale * functional.linear(functional.linear(inputs, down), up)
