"""A drawing's key stands for everything that decides the picture, and for nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.rendering.drawing import Drawing

CAT = Drawing(
    prompt="a happy cat in the forest by day",
    negative="",
    seed=1,
    width=256,
    height=256,
    steps=24,
    guidance=5.0,
    sampler="ddim",
    model="pocket",
    revision="0123456789ab",
    worn=(("may", "aa", 1.0),),
)


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "a happy cat in the forest at night"},
        {"negative": "a dog"},
        {"seed": 2},
        {"width": 288},
        {"height": 288},
        {"steps": 25},
        {"guidance": 5.5},
        {"sampler": "euler"},
        {"model": "sd15"},
        {"revision": "ba9876543210"},
        {"worn": ()},
        {"worn": (("may", "aa", 0.9),)},
        {"worn": (("may", "bb", 1.0),)},
    ],
    ids=str,
)
def test_every_part_changes_the_key(change):
    assert replace(CAT, **change).key != CAT.key


def test_equal_numbers_give_the_same_key():
    assert replace(CAT, guidance=5, worn=(("may", "aa", 1),)).key == CAT.key


def test_the_key_is_the_same_in_every_version_of_the_studio():
    assert CAT.key == "308c9ab967dcea7b"


def test_file_name_has_the_page_number_and_the_key():
    assert CAT.file_name(7) == f"07-{CAT.key}.png"
    assert CAT.file_name() == f"{CAT.key}.png"
