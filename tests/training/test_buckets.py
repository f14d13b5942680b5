"""Pictures of any shape are learnt without being stretched."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.models.table import BASE_MODELS
from studio.training.buckets import LONGEST, Bucket, bucket_of, buckets, fitted


@pytest.mark.parametrize("model", BASE_MODELS, ids=lambda model: model.key)
def test_every_size_is_on_the_grid_and_costs_no_more_than_the_square(model) -> None:
    side, unit = model.native_size_px, model.size_unit_px
    known = buckets(model)
    assert Bucket(side, side) in known
    for one in known:
        assert one.width % unit == 0 == one.height % unit
        assert 0.75 * side * side <= one.width * one.height <= side * side
        assert max(one.width / one.height, one.height / one.width) <= LONGEST
    assert {Bucket(one.height, one.width) for one in known} == {*known}


def test_a_picture_goes_to_the_size_of_its_own_shape() -> None:
    known = buckets(BASE_MODELS[0])
    assert bucket_of(900, 900, known) == Bucket(256, 256)
    assert bucket_of(400, 600, known).height > bucket_of(400, 600, known).width
    assert bucket_of(5000, 100, known) == known[-1] and bucket_of(100, 5000, known) == known[0]


@pytest.mark.parametrize("size", [(300, 200), (200, 300), (100, 100), (310, 160)])
@pytest.mark.parametrize("variant", [0, 1, 2, 3])
def test_a_circle_stays_a_circle(size: tuple[int, int], variant: int) -> None:
    picture = Image.new("RGB", size, "white")
    middle, radius = (size[0] / 2, size[1] / 2), min(size) / 5
    ImageDraw.Draw(picture).ellipse(
        [middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius], fill="black"
    )
    bucket = bucket_of(*size, buckets(BASE_MODELS[0]))
    cut = fitted(picture, bucket, variant, flip=True, seed=3)
    assert cut.size == (bucket.width, bucket.height)
    black = np.asarray(cut.convert("L")) < 128
    wide, tall = black.any(0).sum(), black.any(1).sum()
    assert abs(int(wide) - int(tall)) <= 2 and tall > 20


def test_the_same_cut_comes_out_twice_and_others_differ() -> None:
    picture = Image.effect_noise((320, 200), 90).convert("RGB")
    bucket = bucket_of(320, 200, buckets(BASE_MODELS[0]))
    cuts = [fitted(picture, bucket, variant, flip=True, seed=1).tobytes() for variant in (0, 1, 2, 0, 1)]
    assert cuts[0] == cuts[3] and cuts[1] == cuts[4] and len({*cuts}) == 3
