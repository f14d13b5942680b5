"""How a picture was drawn can be read back from its file, and the words can be kept out of it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.adapters.card import Worn
from studio.errors import BadInput
from studio.rendering.drawing import Drawing, Start
from studio.rendering.notes import put_notes, read_notes
from studio.rendering.parameters import TITLES, notes_of, wish_of
from studio.rendering.samplers import SAMPLERS
from studio.rendering.wish import Wish

CAT = Drawing(
    prompt="chú mèo (đen), ban đêm: 3 ngôi sao", negative="a dog, rain", seed=2**62, width=288, height=256, steps=13, guidance=4.5,
    sampler="euler a", model="pocket", revision="0123456789ab", worn=(("watercolour", "ab" * 32, 0.7), ("wool", "cd" * 32, -0.25)),
    refined=True,
)  # fmt: skip
USUAL = Wish(prompt="", width=512, height=512, steps=28, guidance=7.5, sampler="ddim", model="sd15", count=4)
WANTED = Wish(
    prompt=CAT.prompt, negative=CAT.negative, width=288, height=256, steps=13, guidance=4.5, sampler="euler a", seed=2**62,
    worn=(Worn("watercolour", 0.7), Worn("wool", -0.25)), refined=True,
)  # fmt: skip
A1111 = (
    "a knight, <lora:wool:0.8> at dusk\nNegative prompt: blurry, (ugly:1.2)\n"
    "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 42, Size: 512x768, Model hash: 6ce0161689, "
    'Model: v1-5, Lora hashes: "wool: 1234, x: 5", Version: v1.10.1'
)


def png(**notes: str) -> bytes:
    raw, info = io.BytesIO(), PngInfo()
    for name, text in notes.items():
        info.add_text(name, text)
    Image.linear_gradient("L").save(raw, "PNG", pnginfo=info)
    return raw.getvalue()


@pytest.mark.parametrize("name", ["parameters", "studio"])
def test_each_note_alone_gives_the_same_parameters_back(name: str) -> None:
    assert wish_of({name: notes_of(CAT)[name]}, USUAL) == WANTED


@pytest.mark.parametrize("name", ["parameters", "studio"])
def test_nought_is_a_number_too(name: str) -> None:
    wish = wish_of({name: notes_of(replace(CAT, seed=0, guidance=0.0))[name]}, USUAL)
    assert (wish.seed, wish.guidance) == (0, 0.0)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_has_a_title_that_is_read_back(sampler: str) -> None:
    assert set(TITLES) == set(SAMPLERS)
    told = notes_of(replace(CAT, sampler=sampler))["parameters"]
    assert f"Sampler: {TITLES[sampler]}," in told and wish_of({"parameters": told}, USUAL).sampler == sampler


def test_a_file_of_another_studio_is_understood() -> None:
    wish = wish_of({"parameters": A1111}, USUAL)
    assert (wish.prompt, wish.negative) == ("a knight, at dusk", "blurry, (ugly:1.2)")
    assert (wish.sampler, wish.seed, wish.width, wish.height) == ("dpm++ 2m karras", 42, 512, 768)
    assert wish.worn == (Worn("wool", 0.8),) and (wish.model, wish.count) == ("sd15", 1)


@pytest.mark.parametrize(
    "notes",
    [
        {},
        {"parameters": "a cat: white"},
        {"studio": "{}", "parameters": ""},
        {"studio": "["},
        {
            "studio": '{"prompt": "x", "width": "wide", "height": 1, "steps": 1, "guidance": 1, "sampler": "x", "seed": 1, "model": "y"}'
        },
    ],
)
def test_a_file_that_says_nothing_is_told_by_its_name(notes: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="'cat.png' does not say how it was drawn"):
        wish_of(notes, USUAL, "cat.png")


def test_the_picture_that_was_begun_with_is_not_told_but_how_far_it_went() -> None:
    notes = notes_of(replace(CAT, start=Start("e" * 64, 0.35)))
    assert "Denoising strength: 0.35" in notes["parameters"] and "e" * 64 not in "".join(notes.values())


def test_notes_are_put_into_a_file_without_touching_its_pixels() -> None:
    before = png(parameters="old", key="stays")
    after = put_notes(before, {"parameters": "mới", "studio": "{}"})
    assert read_notes(after) == {"parameters": "mới", "studio": "{}", "key": "stays"}
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes() and other.info["parameters"] == "mới"


@pytest.mark.parametrize("raw", [b"", b"\x89PNG\r\n\x1a\n", png(parameters="x")[:60], b"GIF89a" + bytes(100)])
def test_a_cut_or_foreign_file_has_no_notes(raw: bytes) -> None:
    assert read_notes(raw) in ({}, {"parameters": "x"})


def test_a_note_that_would_unfold_is_left_alone() -> None:
    raw, info = io.BytesIO(), PngInfo()
    info.add_itxt("parameters", "x" * 1000, zip=True)
    Image.new("L", (8, 8)).save(raw, "PNG", pnginfo=info)
    assert read_notes(raw.getvalue()) == {"parameters": ""}
