"""Drawn clothes: what is drawn is what is told, no two alike, and what is held out stays unseen."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from studio.pocket.clothes.caption import canonical, caption
from studio.pocket.clothes.dataset import size_px, write_clothes
from studio.pocket.clothes.outfit import ATTRIBUTES, Outfit, held_out, outfits
from studio.pocket.clothes.picture import coverage, draw
from studio.pocket.world.parts import table
from studio.progress import finish
from studio.training.captions import read_captions
from studio.training.dataset import Demands, prepare

RED_DRESS = Outfit("dress", "red", "striped", "on a hanger", seed=4)
EDGE = np.ones((7, 7), np.uint8)  # what is this near to the outline is ink, not cloth


def test_the_same_seed_gives_the_same_outfits_and_the_same_picture():
    assert outfits(3, 20) == outfits(3, 20) != outfits(4, 20)
    assert np.array_equal(draw(RED_DRESS), draw(RED_DRESS))


def test_two_seeds_of_one_outfit_are_two_pictures():
    pictures = {draw(replace(RED_DRESS, seed=seed)).tobytes() for seed in range(6)}
    assert len(pictures) == 6


@pytest.mark.parametrize("size", [(256, 256), (256, 384), (384, 256), (320, 320)])
def test_pictures_come_in_the_shape_that_is_asked_for(size: tuple[int, int]):
    picture = draw(RED_DRESS, *size)
    assert picture.shape == (size[1], size[0], 3) and picture.dtype == np.uint8


def test_a_larger_picture_shows_the_same_thing():
    small, large = draw(RED_DRESS, 256, 256), draw(RED_DRESS, 512, 512)
    assert np.abs(cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA).astype(float) - small).mean() < 2


def test_every_caption_names_its_four_attributes():
    rng = random.Random(1)
    for outfit in outfits(1, 200):
        for told in (canonical(outfit), caption(outfit, rng)):
            assert all(word in told for word in outfit.look), told


def test_captions_have_several_shapes_and_the_right_article():
    rng = random.Random(2)
    assert len({caption(RED_DRESS, rng) for _ in range(60)}) >= 6
    assert canonical(RED_DRESS) == "a red striped dress on a hanger"
    assert canonical(replace(RED_DRESS, colour="orange")) == "an orange striped dress on a hanger"
    assert canonical(replace(RED_DRESS, garment="socks")) == "red striped socks on a hanger"


def test_held_out_combinations_are_never_drawn():
    never = {one.look for one in held_out()}
    assert len(never) == 40
    assert not never & {one.look for one in outfits(0, 2400)}


def test_every_value_is_seen_as_often_as_the_others_in_training_and_held_out():
    for chosen, slack in ((outfits(0, 600), 6), (held_out(), 1)):
        for index, values in enumerate(ATTRIBUTES.values()):
            seen = Counter(one.look[index] for one in chosen)
            assert seen.keys() == set(values) and max(seen.values()) - min(seen.values()) <= slack


def test_no_two_of_six_hundred_training_pictures_show_the_same_combination():
    assert len({one.look for one in outfits(0, 600)}) == 600


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_outfits_that_differ_in_one_attribute_differ_visibly(name: str):
    pictures = [draw(replace(RED_DRESS, **{name: value})).astype(float) for value in ATTRIBUTES[name]]
    for one, other in pairwise(pictures):
        changed = (np.abs(one - other).max(2) > 40).mean()
        assert changed > 0.04, f"only {changed:.3f} of the picture changed"


def test_the_background_stays_when_only_the_pattern_changes():
    cloth = cv2.dilate(coverage(RED_DRESS).astype(np.uint8), EDGE) > 0
    one, other = draw(RED_DRESS), draw(replace(RED_DRESS, pattern="dotted"))
    assert np.abs(one.astype(int) - other)[~cloth].max() < 12


@pytest.mark.parametrize("garment", ATTRIBUTES["garment"])
def test_the_mean_colour_of_plain_clothes_is_nearest_to_the_named_one(garment: str):
    for index, colour in enumerate(ATTRIBUTES["colour"]):
        cloth = _cloth(Outfit(garment, colour, "plain", ATTRIBUTES["setting"][index % 6], seed=index))
        assert _nearest(cloth.mean(0, keepdims=True))[0] == colour


@pytest.mark.parametrize("pattern", ATTRIBUTES["pattern"])
def test_most_of_patterned_clothes_is_nearest_to_the_named_colour(pattern: str):
    for outfit in (one for one in outfits(9, 50) if one.pattern == pattern):
        most, _ = Counter(_nearest(_cloth(outfit))).most_common(1)[0]
        assert most == outfit.colour, canonical(outfit)


@pytest.mark.parametrize("setting", ATTRIBUTES["setting"])
def test_garments_fill_the_picture(setting: str):
    for seed, garment in enumerate(ATTRIBUTES["garment"]):
        rows, columns = np.nonzero(coverage(Outfit(garment, "blue", "plain", setting, seed=seed)))
        assert max(np.ptp(rows), np.ptp(columns)) > 0.6 * 256, garment


def test_half_of_the_pictures_are_square_a_quarter_upright_and_a_quarter_wide():
    shapes = Counter((wide > high) - (wide < high) for wide, high in map(size_px, range(80)))
    assert shapes == {0: 40, -1: 20, 1: 20}


def test_a_written_set_is_read_and_prepared_like_any_other(tmp_path: Path):
    captions = finish(write_clothes(tmp_path / "clothes", 16, seed=5))
    known = read_captions(captions.parent, captions)
    assert len(known) == 16 and all(len(texts) == 1 for texts in known.values())
    assert all((captions.parent / name).is_file() for name in known)
    rows = [json.loads(line) for line in captions.read_text(encoding="utf-8").splitlines()]
    assert all(row[name] in values for row in rows for name, values in ATTRIBUTES.items())
    demands = Demands(least_words=20)
    assert finish(prepare(captions.parent, tmp_path / "ready", demands, captions)) == {"taken": 16}


def _cloth(outfit: Outfit) -> np.ndarray:
    """Every seventh of the pixels of an outfit's cloth, uint8 [count, 3]."""
    return draw(outfit)[cv2.erode(coverage(outfit).astype(np.uint8), EDGE) > 0][::7]


def _nearest(pixels: np.ndarray) -> list[str]:
    """For each of the pixels [count, 3] the name of the nearest colour, in CIELAB."""
    own = table("palette")["own"]
    known = _lab(np.array([[*bytes.fromhex(code[1:])] for code in own.values()]))
    return [[*own][index] for index in np.linalg.norm(_lab(pixels)[:, None] - known, axis=2).argmin(1)]


def _lab(pixels: np.ndarray) -> np.ndarray:
    return cv2.cvtColor((pixels[None] / 255).astype(np.float32), cv2.COLOR_RGB2LAB)[0]
