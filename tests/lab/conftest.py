"""An eye that has not learnt anything: what must hold of a style transfer holds with any eye."""

from __future__ import annotations

import pytest
import torch

from studio.lab.features import PLANS, Eye


@pytest.fixture(scope="session")
def eye() -> Eye:
    torch.manual_seed(0)
    eye = Eye(PLANS["own"]).eval().requires_grad_(False)
    for layer in eye.convolutions.values():
        torch.nn.init.kaiming_normal_(layer.weight)
    return eye
