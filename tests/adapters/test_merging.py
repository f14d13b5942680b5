"""Several LoRAs baked into one are their weighted sum: exactly, or as nearly as the rank allows."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.adapters.merging import baked
from studio.adapters.tensors import Layer, read_adapter, write_layers
from studio.adapters.wearing import wearing


def whole(parts: list[tuple[dict[str, Layer], float]], module: str, shape: torch.Size) -> torch.Tensor:
    return sum(weight * layers[module].delta(shape).double() for layers, weight in parts)


@pytest.fixture
def parts(tiny_unet, make_lora) -> list[tuple[dict[str, Layer], float]]:
    may = read_adapter(make_lora("may", seed=1, rank=4, alpha=8.0), tiny_unet)
    paint = read_adapter(make_lora("paint", seed=2, rank=3, alpha=1.0, alpha_pattern={"conv1": 5.0}), tiny_unet)
    return [(may, 0.8), (paint, -0.6)]


def test_without_a_rank_the_sum_is_exact(tiny_unet, parts) -> None:
    layers, lost = baked(parts)
    assert lost == 0.0
    for module, layer in layers.items():
        shape = tiny_unet.get_submodule(module).weight.shape
        assert (layer.delta(shape) - whole(parts, module, shape)).abs().max() < 1e-6


def test_a_limited_rank_is_the_best_of_that_rank(tiny_unet, parts) -> None:
    layers, lost = baked(parts, rank=3)
    missed = size = 0.0
    for module, layer in layers.items():
        shape = tiny_unet.get_submodule(module).weight.shape
        full = whole(parts, module, shape).flatten(1)
        turned, sizes, back = torch.linalg.svd(full, full_matrices=False)
        best = turned[:, :3] * sizes[:3] @ back[:3]
        assert len(layer.down) == 3
        assert (layer.delta(shape).flatten(1) - best).abs().max() < 1e-5
        missed, size = missed + float((full - best).square().sum()), size + float(full.square().sum())
    assert lost == pytest.approx((missed / size) ** 0.5, rel=1e-4) and 0.1 < lost < 0.9


def test_a_rank_that_holds_all_loses_nothing(parts) -> None:
    assert baked(parts, rank=7)[1] == pytest.approx(0.0, abs=1e-6)


def test_a_baked_file_draws_as_the_two_worn_together(tiny_unet, make_lora, parts, tmp_path: Path) -> None:
    path = write_layers(tmp_path / "both.safetensors", baked(parts)[0], "pocket")
    with wearing(tiny_unet, [(tmp_path / "may.safetensors", 0.8), (tmp_path / "paint.safetensors", -0.6)]):
        together = {name: value.clone() for name, value in tiny_unet.state_dict().items()}
    with wearing(tiny_unet, [(path, 1.0)]):
        assert all((value - together[name]).abs().max() < 1e-6 for name, value in tiny_unet.state_dict().items())


def test_a_layer_that_only_one_has_is_kept(parts) -> None:
    (may, weight), (paint, _) = parts
    first = next(iter(may))
    layers, _ = baked([(may, weight), ({name: layer for name, layer in paint.items() if name != first}, 1.0)])
    assert layers.keys() == may.keys() and len(layers[first].down) == 4
