"""Several processes that teach one adapter, each on a card of its own: each learns from its part of every batch, and the
gradients are averaged. Started by `accelerate launch --num_processes 2 -m studio train …`; a crew of one without it.

The first process leads: it takes the photos in, looks at the hero, saves and tells. The others prepare the same lessons
from the same photos, learn their part, and leave.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    import torch

    from .batches import Batch

Value = TypeVar("Value")


class Crew:
    """The processes of this training: how many, which of them this one is, and what they say to one another."""

    def __init__(self) -> None:
        self.rank, self.size = 0, 1
        if int(os.environ.get("WORLD_SIZE", 1)) > 1:
            import torch
            from accelerate import PartialState

            state = PartialState(cpu=not torch.cuda.is_available())  # chooses the card, too
            self.rank, self.size = state.process_index, state.num_processes

    @property
    def leads(self) -> bool:
        """Whether this process looks, saves and tells."""
        return self.rank == 0

    def told(self, value: Value) -> Value:
        """The leader's value, in every process; any that can be pickled."""
        if self.size == 1:
            return value
        from accelerate.utils import broadcast_object_list

        return broadcast_object_list([value])[0]

    def part(self, batch: Batch) -> Batch:
        """What this process learns of a batch whose size is a multiple of the crew's."""
        return batch.part(slice(self.rank, None, self.size)) if self.size > 1 else batch

    def agree(self, loss: torch.Tensor, trained: Iterable[torch.nn.Parameter]) -> float:
        """Averages the gradients over the crew, in place; gives the mean of its losses."""
        if self.size == 1:
            return loss.item()
        import torch
        from accelerate.utils import reduce

        gradients = [factor.grad for factor in trained if factor.grad is not None]
        mean: torch.Tensor = reduce(torch.cat([loss.detach().view(1), *(g.flatten() for g in gradients)]), "mean")
        torch.nn.utils.vector_to_parameters(mean[1:], gradients)
        return mean[0].item()

    def leave(self) -> NoReturn:
        """Ends a process that does not lead, without ending Python: Gloo's thread (torch 2.13) may drop the last tensor
        only then, which aborts one process in ten and with it the whole crew."""
        os._exit(0)


@cache
def crew() -> Crew:
    """The crew that this process belongs to."""
    return Crew()
