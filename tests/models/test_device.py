"""Where the studio draws can be said, and what cannot be had is told."""

from __future__ import annotations

import pytest

from studio.errors import BadInput, NotReady
from studio.models.device import best_device, card_gone


def test_the_processor_can_be_asked_for(monkeypatch):
    monkeypatch.setenv("STUDIO_DEVICE", "cpu")
    assert best_device().name == "cpu"


def test_a_card_that_is_not_there_is_told(monkeypatch):
    import torch

    if torch.cuda.is_available() or torch.backends.mps.is_available():
        pytest.skip("What is told without a graphics card is not told here: there is one.")
    monkeypatch.setenv("STUDIO_DEVICE", "cuda")
    with pytest.raises(NotReady, match="asks for 'cuda', and there is no such graphics card"):
        best_device()


def test_a_device_that_nobody_knows_is_told_the_known_ones(monkeypatch):
    monkeypatch.setenv("STUDIO_DEVICE", "quantum")
    with pytest.raises(BadInput, match="STUDIO_DEVICE is 'quantum'. Set it to one of: cpu, cuda, mps"):
        best_device()


def test_a_card_that_stopped_answering_is_told_apart_from_other_errors():
    import torch

    gone = card_gone(RuntimeError("CUDA error: unspecified launch failure"))
    assert gone and "stopped answering" in str(gone)
    assert card_gone(torch.AcceleratorError("unknown error"))
    assert not card_gone(torch.OutOfMemoryError("CUDA out of memory"))
    assert not card_gone(RuntimeError("shapes do not match")) and not card_gone(ValueError("CUDA error"))
