"""LoRAs are put on as their exact sum, and the base model comes back bit for bit."""

from __future__ import annotations

import pytest

from studio.adapters.tensors import read_adapter
from studio.adapters.wearing import wearing
from studio.errors import BadAdapter


def weights(unet):
    return {name: tensor.clone() for name, tensor in unet.state_dict().items()}


def same_bits(one, other):
    return all(tensor.equal(other[name]) for name, tensor in one.items())


def test_two_loras_at_once_are_their_weighted_sum(tiny_unet, make_lora):
    may, paint = make_lora("may", seed=1), make_lora("paint", seed=2, rank=2, alpha=1.0)
    before = weights(tiny_unet)
    layers = [(0.8, read_adapter(may, tiny_unet)), (-0.5, read_adapter(paint, tiny_unet))]
    with wearing(tiny_unet, [(may, 0.8), (paint, -0.5)]):
        for module in layers[0][1]:
            weight = tiny_unet.get_submodule(module).weight
            added = sum(strength * lora[module].delta(weight.shape).double() for strength, lora in layers)
            assert (weight.double() - before[f"{module}.weight"].double() - added).abs().max() < 1e-6


def test_the_base_is_bit_identical_afterwards(tiny_unet, make_lora):
    path, before = make_lora("may"), weights(tiny_unet)
    with wearing(tiny_unet, [(path, 0.7)]):
        assert not same_bits(before, tiny_unet.state_dict())
    assert same_bits(before, tiny_unet.state_dict())


def test_the_base_is_bit_identical_after_an_exception(tiny_unet, make_lora):
    path, before = make_lora("may"), weights(tiny_unet.bfloat16())
    with pytest.raises(ZeroDivisionError), wearing(tiny_unet, [(path, 0.7)]):
        1 / 0  # noqa: B018
    assert same_bits(before, tiny_unet.state_dict())


def test_the_base_is_bit_identical_after_a_closed_generator(tiny_unet, make_lora):
    path, before = make_lora("may"), weights(tiny_unet)

    def work():
        with wearing(tiny_unet, [(path, 0.7)]):
            yield 1
            yield 2

    running = work()
    next(running)
    running.close()
    assert same_bits(before, tiny_unet.state_dict())


def test_a_second_file_that_does_not_fit_leaves_the_base_untouched(tiny_unet, make_lora, tmp_path):
    path, before = make_lora("may"), weights(tiny_unet)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not a tensor file")
    with pytest.raises(BadAdapter, match="'broken' is damaged"), wearing(tiny_unet, [(path, 1.0), (broken, 1.0)]):
        pass
    assert same_bits(before, tiny_unet.state_dict())


def test_weights_stay_where_they_lie_in_memory(tiny_unet, make_lora):
    path = make_lora("may")
    before = [parameter.data_ptr() for parameter in tiny_unet.parameters()]
    with wearing(tiny_unet, [(path, 1.0)]):
        assert [parameter.data_ptr() for parameter in tiny_unet.parameters()] == before


def test_weight_zero_is_the_bare_base(tiny_unet, make_lora):
    path, before = make_lora("may"), weights(tiny_unet)
    with wearing(tiny_unet, [(path, 0.0)]):
        assert same_bits(before, tiny_unet.state_dict())


def test_gradients_are_still_recorded_inside_and_after(tiny_unet, make_lora):
    import torch

    with wearing(tiny_unet, [(make_lora("may"), 1.0)]):
        assert torch.is_grad_enabled()
    assert torch.is_grad_enabled()


@pytest.mark.soak  # once is tried above, in five ways
def test_a_thousand_changes_of_clothes_leave_no_trace(tiny_unet, make_lora):
    worn = [make_lora(name, seed=seed) for seed, name in enumerate(("may", "paint", "ink"), 1)]
    before = weights(tiny_unet.bfloat16())
    for turn in range(1000):
        with wearing(tiny_unet, [(worn[turn % 3], 0.3 + turn % 7 / 10)]):
            pass
    assert same_bits(before, tiny_unet.state_dict())


def test_weights_may_change_while_they_are_worn_and_the_base_comes_back(tiny_unet, make_lora):
    may, paint = make_lora("may", seed=1), make_lora("paint", seed=2)
    before = weights(tiny_unet)
    with wearing(tiny_unet, [(may, 0.5), (paint, 0.9)]):
        late = weights(tiny_unet)
    with wearing(tiny_unet, [(may, 1.0), (paint, 0.0)], late=[0.5, 0.9]) as clothes:
        assert not same_bits(late, tiny_unet.state_dict())
        for _ in range(100):
            clothes.weigh([1.0, 0.0])
            clothes.weigh([0.5, 0.9])
        assert same_bits(late, tiny_unet.state_dict())
    assert same_bits(before, tiny_unet.state_dict())


def test_a_style_limited_to_some_blocks_leaves_the_others_alone(tiny_unet, make_lora):
    path, before = make_lora("paint"), weights(tiny_unet)
    with wearing(tiny_unet, [(path, 1.0)], only={path: "up_blocks.0.attentions.0."}):
        changed = {name for name, tensor in tiny_unet.state_dict().items() if not tensor.equal(before[name])}
    assert changed and all(name.startswith("up_blocks.0.attentions.0.") for name in changed)
    with (
        pytest.raises(BadAdapter, match="nothing in the blocks"),
        wearing(tiny_unet, [(path, 1.0)], only={path: "up_blocks.7."}),
    ):
        pass
    assert same_bits(before, tiny_unet.state_dict())
