"""Teaching the decoder: it learns, bit for bit the same each time, and goes on where it was stopped."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.errors import BadInput, NotReady
from studio.lab.teaching import FILE, Timetable, teach_decoder
from studio.progress import finish

TINY = Timetable(batch=2, side_px=32)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    rough = np.random.default_rng(1).integers(0, 255, (4, 3, 5, 5), np.uint8)
    return rough.repeat(8, 2).repeat(8, 3)


def test_the_loss_falls_and_the_decoder_is_written(eye, pictures, tmp_path: Path) -> None:
    notes, quick = [], replace(TINY, rate=6e-3)
    finish(teach_decoder(eye, pictures, pictures[::-1], 60, tmp_path, quick), lambda told: notes.append(told.note))
    losses = [float(note.split()[1]) for note in notes]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
    assert (tmp_path / FILE).is_file()


def test_a_training_that_was_stopped_ends_as_if_it_had_not_been(eye, pictures, tmp_path: Path) -> None:
    often = replace(TINY, save_steps=2)
    whole = finish(teach_decoder(eye, pictures, pictures, 6, tmp_path / "whole", often))
    stopped = teach_decoder(eye, pictures, pictures, 6, tmp_path / "stopped", often)
    assert [told.done for told in islice(stopped, 5)] == [1, 2, 3, 4, 5]
    stopped.close()
    going_on = teach_decoder(eye, pictures, pictures, 6, tmp_path / "stopped", often)
    assert next(going_on).done == 5, "from what was saved at step 4"
    again = finish(going_on)
    assert all(torch.equal(one, other) for one, other in zip(whole.parameters(), again.parameters(), strict=True))


def test_a_folder_of_another_training_is_refused(eye, pictures, tmp_path: Path) -> None:
    finish(teach_decoder(eye, pictures, pictures, 1, tmp_path, TINY))
    with pytest.raises(BadInput):
        finish(teach_decoder(eye, pictures[:2], pictures, 1, tmp_path, TINY))


def test_numbers_beyond_all_bounds_stop_it_with_a_sentence(eye, pictures, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="beyond all bounds"):
        finish(teach_decoder(eye, pictures, pictures, 20, tmp_path, replace(TINY, style=float("inf"))))
