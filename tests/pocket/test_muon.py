"""Muon, which trains pocket: its steps turn in every direction alike, and sharing the work changes nothing."""

from __future__ import annotations

import os
import socket

import pytest
import torch

from studio.pocket.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(8, 64), (64, 8), (32, 32)])
def test_a_step_has_all_its_singular_values_near_one(shape: tuple[int, int]):
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape) @ torch.diag(torch.linspace(0.1, 3.0, shape[1]))))
    assert values.min() > 0.4
    assert values.max() < 1.4


def test_a_step_goes_downhill_and_is_as_large_as_adams():
    torch.manual_seed(0)
    weight = torch.nn.Parameter(torch.randn(16, 4, 3, 3))
    before = weight.detach().clone()
    optimizer = Muon([weight], lr=0.01)
    (weight**2).sum().backward()
    optimizer.step()
    moved = weight.detach() - before
    assert (moved * before).sum() < 0
    assert 0.0005 < moved.square().mean().sqrt() < 0.005


def test_two_processes_that_share_the_work_step_like_one():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    shared = torch.zeros(2, 3, 6, 6).share_memory_()
    torch.multiprocessing.spawn(_steps, (port, shared), nprocs=2)
    alone = torch.stack(_three_steps(rank=0, size=1))
    assert torch.allclose(shared[0], alone)
    assert torch.allclose(shared[1], alone)


def _steps(rank: int, port: int, out: torch.Tensor) -> None:
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", f"tcp://127.0.0.1:{port}", rank=rank, world_size=2)
    out[rank] = torch.stack(_three_steps(rank, size=2))
    # Gloo's thread (torch 2.13) may drop the last tensor only after Python has begun to end, and then aborts the
    # process: one run in ten. Neither a barrier nor destroy_process_group waits for that thread; so Python never ends.
    os._exit(0)


def _three_steps(rank: int, size: int) -> list[torch.Tensor]:
    """Three matrices after three steps along the same gradients."""
    torch.manual_seed(0)
    matrices = [torch.nn.Parameter(torch.randn(6, 6)) for _ in range(3)]
    optimizer = Muon(matrices, 0.01, rank, size)
    for _ in range(3):
        for matrix in matrices:
            matrix.grad = torch.randn(6, 6)
        optimizer.step()
    return [matrix.detach() for matrix in matrices]
