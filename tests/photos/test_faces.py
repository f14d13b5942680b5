from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from studio.photos.faces import faces
from tests.photos.sitter import sitter


def test_faces_are_found_by_several_at_once() -> None:
    one = cv2.cvtColor(sitter((235, 200, 175), (35, 30, 32), (60, 110, 190)), cv2.COLOR_RGB2GRAY)
    pair = cv2.resize(
        np.hstack([one, one]), None, fx=0.7, fy=0.7
    )  # of another size, which a cascade has to prepare for
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda picture: len(faces(picture)), [one, pair] * 20))
    assert found == [1, 2] * 20
