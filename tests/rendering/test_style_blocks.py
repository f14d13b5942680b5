"""With SDXL a style may be worn in the blocks that hold the style, and leaves who is drawn to the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.adapters.tensors import Layer, write_layers
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.progress import finish
from studio.workshop import Workshop

CARD = AdapterCard(id="paint", title="Paint", kind="style", base_model="sdxl", rank=2, alpha=2.0, trigger="paint")


@pytest.fixture
def paint(brought_models: Path, workshop: Workshop, tmp_path: Path) -> str:
    import torch

    torch.manual_seed(0)
    unet = load_pipeline(base_model("sdxl"), workshop.settings).unet
    modules = {name: module for name, module in unet.named_modules() if name.endswith(("to_q", "to_v"))}
    layers = {
        name: Layer(torch.randn(2, module.in_features), torch.randn(module.out_features, 2), 1.0)
        for name, module in modules.items()
    }
    return Shelf(workshop.settings).put(CARD, write_layers(tmp_path / "paint.safetensors", layers, "sdxl")).id


def test_a_style_in_its_blocks_only_is_neither_all_of_it_nor_nothing(
    workshop: Workshop, paint: str, tmp_path: Path
) -> None:
    pictures = []
    for number, worn in enumerate([(), (Worn(paint),), (Worn(paint, style_blocks=True),), ()]):
        file = tmp_path / f"{number}.png"
        numbers = {"steps": 2, "width": 64, "height": 64}
        finish(workshop.draw_picture("a cat", file, adapters=worn, model="sdxl", **numbers))
        pictures.append(file.read_bytes())
    assert len({*pictures}) == 3 and pictures[0] == pictures[3]


def test_the_blocks_are_those_that_were_found_for_sdxl() -> None:
    assert base_model("sdxl").style_blocks == "up_blocks.0.attentions.1."
    assert not base_model("pocket").style_blocks
    assert replace(Worn("paint"), style_blocks=True) != Worn("paint")
