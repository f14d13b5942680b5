"""Where a network listens to which word: its cross-attention, looked at while it draws.

Each cell of the picture asks each token of the prompt how much it matters there (Rombach et al. 2022, arXiv 2112.10752, equation
3); averaged over heads and layers these answers are the maps of Prompt-to-Prompt (Hertz et al. 2022, arXiv 2208.01626).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import interpolate

from .words import Words

if TYPE_CHECKING:
    from diffusers import UNet2DConditionModel

CROSS = "attn2.processor"  # what diffusers calls the attention to words
MOST_CELLS = 32 * 32  # finer layers tell little of words, and what they tell is rough


class Watcher:
    """Stands before a layer's own processor: looks at how the last row listens, and lets the layer do its work as ever."""

    def __init__(self, usual: Any, seen: list[torch.Tensor]) -> None:
        self._usual, self._seen = usual, seen

    def __call__(
        self,
        attn: Any,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        temb: torch.Tensor | None = None,
        **more: Any,
    ) -> torch.Tensor:
        if encoder_hidden_states is not None and hidden_states.shape[1] <= MOST_CELLS:
            self._seen.append(listening(attn, hidden_states[-1:], encoder_hidden_states[-1:]))
        return self._usual(attn, hidden_states, encoder_hidden_states, attention_mask, temb, **more)


@contextmanager
def watching(unet: UNet2DConditionModel) -> Iterator[list[torch.Tensor]]:
    """The list into which each layer of cross-attention puts how the last row of the batch listened, [cells, tokens].

    When the block ends the network has its own processors again, and no number of it is another.
    """
    usual, seen = unet.attn_processors, list[torch.Tensor]()
    watched = {name: Watcher(one, seen) if name.endswith(CROSS) else one for name, one in usual.items()}
    try:
        unet.set_attn_processor(watched)
        yield seen
    finally:
        unet.set_attn_processor(dict(usual))


def listening(attn: Any, cells: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """How much each cell listens to each token, [cells, tokens], mean over heads, adding up to 1 in each cell."""
    asked, offered = (attn.head_to_batch_dim(one).float() for one in (attn.to_q(cells), attn.to_k(tokens)))
    return torch.softmax(asked @ offered.transpose(1, 2) * attn.scale, -1).mean(0).cpu()


def gathered(heard: Sequence[torch.Tensor], size: Sequence[int]) -> torch.Tensor:
    """The mean of all layers [cells, tokens] as maps [tokens, h, w] on the finest of their grids; latents are of `size`.

    They add up to 1 over the tokens in each cell.
    """
    maps = [one.T.reshape(1, one.shape[1], *_grid(one.shape[0], size)) for one in heard]
    finest = max((one.shape[2:] for one in maps), key=lambda grid: grid[0] * grid[1])
    return torch.cat([interpolate(one, finest, mode="bilinear", align_corners=False) for one in maps]).mean(0)


def _grid(cells: int, size: Sequence[int]) -> tuple[int, int]:
    """The sides of a layer with so many cells: those of the latents, halved so often that it fits."""
    height, width = size
    while height * width > cells:
        height, width = -(-height // 2), -(-width // 2)
    return height, width


def by_word(maps: torch.Tensor, words: Words) -> torch.Tensor:
    """Maps of tokens [tokens, h, w] as maps of words [1 + words + 1, h, w]: what the start mark gets, each word with all its
    pieces, and what the end mark and the filling get. They still add up to 1 in each cell."""
    each = [maps[list(words.places(word))].sum(0) for word in range(len(words.words))]
    rest = maps[1 + len(words.tokens) :].sum(0)
    return torch.stack([maps[0], *each, rest])
