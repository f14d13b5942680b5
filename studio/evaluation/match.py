"""How well pictures fit the words they were drawn from: CLIP score (arXiv 2104.08718), and what it is worth.

Pocket's words are judged by pocket's own pair of encoders, which learnt them together. It sees places and hours well and
kinds of figures badly (asked for one of 35 kinds it gives the right one a chance of 0.03 to 0.1, tried on 32 pictures), so
a score for the whole is told, and none word by word.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np

from .likeness import Eyes

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

GOOD = 0.6  # of a share
FULL = (
    0.45  # cosine that is good; right pairs of pocket's had 0.36 to 0.81, pairs of other places and hours at most 0.46
)
ENOUGH = 4  # words that name something; of "a fox" alone no picture fits closely: 0.17, others -0.06
STANDARD = (0.16, 0.28)  # cosine of the published CLIPs for nothing in common, and for what is good


def fits(folder: Path, texts: Sequence[str], pictures: Sequence[np.ndarray]) -> list[float | None]:
    """The cosine, -1 … 1, between each text and its picture uint8 [height, width, 3]; None where the text encoder in the
    `folder` of a model is not the one that learnt with our image encoder."""
    from transformers import CLIPTextModel, CLIPTokenizer

    eyes = Eyes()
    half = SimpleNamespace(
        text_encoder=CLIPTextModel.from_pretrained(folder / "text_encoder", local_files_only=True).float().eval(),
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True),
    )
    told = eyes.read(cast("StableDiffusionPipeline", half), texts)
    seen = eyes.look(list(pictures), [np.ones(one.shape[:2], bool) for one in pictures]).whole
    return [float(words @ sight) if words.any() else None for words, sight in zip(told, seen, strict=True)]


def share(cosine: float, words: int) -> float:
    """0 … 1 for a bar, from GOOD on good: how much of what so many words can ask is there."""
    wanted = FULL * min(1.0, max(1, words) / ENOUGH)
    return float(np.clip(GOOD * cosine / wanted, 0.0, 1.0))


def standard_share(cosine: float) -> float:
    """The same of a published CLIP's cosine."""
    least, good = STANDARD
    return float(np.clip(GOOD * (cosine - least) / (good - least), 0.0, 1.0))
