"""A model is laid out so that it fits: whole where it can, in parts where it must, and less at each step down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.errors import NotReady
from studio.models.machine import Machine, this_machine
from studio.models.memory import check_room, needs_of, plan
from studio.models.table import BASE_MODELS, base_model

SDXL, POCKET = base_model("sdxl"), base_model("pocket")


def card(gb: float) -> Machine:
    return Machine("cuda", gb - 0.4, gb, 2)


@pytest.mark.parametrize(("gb", "mode"), [(24, "whole"), (16, "whole"), (8, "parts"), (3, "layers")])
def test_sdxl_fits_cards_of_all_sizes(settings, gb, mode):
    made = plan(SDXL, settings, count=8, machine=card(gb))
    assert (made.mode, made.fits) == (mode, True)


def test_a_picture_more_at_a_time_takes_more_and_never_more_than_there_is(settings):
    batches = [plan(SDXL, settings, count=8, machine=card(gb)).batch for gb in (7, 8, 10, 12)]
    assert batches == sorted(batches) and batches[0] < batches[-1]
    assert plan(SDXL, settings, count=1, machine=card(80)).batch == 1


@pytest.mark.parametrize("model", BASE_MODELS, ids=lambda model: model.key)
@pytest.mark.parametrize("gb", [2, 8, 24, 80])
def test_each_step_down_the_ladder_takes_less_memory_or_fewer_pictures_and_it_ends(settings, model, gb):
    ladder = [plan(model, settings, count=8, machine=card(gb))]
    while lower := ladder[-1].lower():
        ladder.append(lower)
    assert len(ladder) < 12 and ladder[-1].batch == 1
    for higher, lower in zip(ladder, ladder[1:], strict=False):
        assert lower.need_gb <= higher.need_gb
        assert (lower.batch, lower.need_gb) != (higher.batch, higher.need_gb)
    assert ladder[-1].mode == "layers" or ladder[-1].need_gb <= 1.5


def test_a_larger_picture_takes_more(settings):
    small, large = (plan(SDXL, settings, side, side, machine=card(80)).need_gb for side in (512, 2048))
    assert large > 2 * small


def test_a_processor_keeps_all_parts_where_they_are(settings):
    made = plan(SDXL, settings, count=4, machine=Machine("cpu", 6.0, 8.0, 4))
    assert made.mode == "whole" and not made.fits and made.batch == 1
    with pytest.raises(NotReady, match=r"takes about .* GB of memory, and there are 8 GB"):
        check_room(made)


def test_what_is_on_the_disk_counts_and_not_what_the_table_says(settings, tiny_sdxl):
    tiny = needs_of(SDXL, settings, 64 * 64, card(8))
    assert 0 < tiny.network < 0.01 and 0 < tiny.readers < 0.01 and 0 < tiny.decoder < 0.01


def test_the_plan_is_told_in_a_sentence(settings):
    made = plan(SDXL, settings, machine=card(8))
    told = "Stable Diffusion XL takes about 6.1 GB of the 7.6 GB of memory that are free"
    assert made.said() == f"{told}; it goes to the graphics card part by part."
    assert "Close other programs" in plan(SDXL, settings, machine=card(1)).said()


def test_this_machine_has_memory_and_draws_pocket(settings):
    machine = this_machine()
    assert 0 < machine.free_gb <= machine.total_gb and machine.number_bytes in (2, 4)
    assert plan(POCKET, settings, machine=machine).fits


def test_the_needs_of_every_model_are_known_before_it_is_here(settings):
    for model in BASE_MODELS:
        needs = needs_of(
            replace(model, key=f"no-{model.key}") if not model.embedded else model, settings, 1 << 20, card(8)
        )
        assert needs.gb("whole", 1, False) > needs.gb("parts", 1, True) > 0
