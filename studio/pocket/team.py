"""Several processes train one model: each on its own core or card with its own pictures, gradients averaged once a step.

Started by torchrun (`torchrun --nproc-per-node 2 -m studio pocket train …`); alone without it. On two busy cores two
processes of one thread were far faster than one process of two threads, whose threads wait for each other at every layer.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


class Team:
    """The processes of this training; a team of one when torchrun has not started us."""

    def __init__(self) -> None:
        import torch

        self.rank, self.size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        cards = torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cards else torch.device("cpu")
        if self.size > 1:
            torch.set_num_threads(torch.get_num_threads() if cards else 1)
            if not torch.distributed.is_initialized():
                torch.distributed.init_process_group("nccl" if cards else "gloo")
        torch.set_flush_denormal(True)
        self.start()

    @property
    def leads(self) -> bool:
        """Whether this process saves and tells."""
        return self.rank == 0

    def start(self) -> None:
        """Sets the clock to zero."""
        self._start = time.monotonic()

    def agree(self, gradients: Iterable[torch.Tensor]) -> float:
        """Averages the gradients over the team, in place; gives the team's mean seconds since it started."""
        import torch

        clock = torch.tensor([time.monotonic() - self._start], device=self.device)
        if self.size == 1:
            return float(clock)
        parts = [*gradients, clock]
        flat = torch._utils._flatten_dense_tensors(parts)
        torch.distributed.all_reduce(flat)
        flat /= self.size
        for part, mean in zip(parts, torch._utils._unflatten_dense_tensors(flat, parts), strict=True):
            part.copy_(mean)
        return float(clock)

    def rename(self, part: Path, path: Path) -> None:
        """Gives a file that all have written together its final name, once the last of them is done."""
        self.wait()
        if self.leads:
            part.replace(path)
        self.wait()

    def wait(self) -> None:
        """Until every process is here."""
        import torch

        if self.size > 1:
            torch.distributed.barrier()
