"""Who is in a photo: a person has a head and a body, whatever their colours."""

from __future__ import annotations

import numpy as np
import pytest

from studio.photos.cutout import cut_out
from tests.photos.sitter import SKY, sitter


@pytest.mark.parametrize("clothes", [(230, 90, 40), (20, 25, 45)], ids=["a bright suit", "a dark one"])
def test_a_person_is_cut_out_with_head_and_body(clothes: tuple[int, int, int]) -> None:
    photo = sitter((235, 200, 175), (110, 70, 40), clothes)
    mask = cut_out(photo).mask
    person = np.abs(photo.astype(int) - SKY).sum(2) > 60
    assert mask[150:330, 200:310].mean() > 0.95  # the face
    assert mask[380:, 180:330].mean() > 0.95  # the body
    assert (mask & person).sum() / (mask | person).sum() > 0.9
