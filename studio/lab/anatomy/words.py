"""A prompt as the model reads it: pieces with numbers, and the rows of numbers that the text encoder makes of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from diffusers import StableDiffusionPipeline

WORD_END = "</w>"
MARKS = 2  # start and end, which take a place each


@dataclass(frozen=True, slots=True)
class Token:
    """A piece as it stands in the text, its number in the vocabulary, and the place of the word that it belongs to."""

    text: str
    id: int
    word: int


@dataclass(frozen=True, slots=True)
class Words:
    """The prompt's words and tokens without marks, in order; `cut` are the words at the end that the model never sees."""

    words: tuple[str, ...]
    tokens: tuple[Token, ...]
    cut: tuple[str, ...]

    def places(self, word: int) -> tuple[int, ...]:
        """At which rows of what the encoder tells the word stands; row 0 is the mark of the start."""
        return tuple(place for place, token in enumerate(self.tokens, 1) if token.word == word)


@dataclass(frozen=True, slots=True)
class Reading:
    """Row by row with the start mark first: `alone` [rows, width] each piece by itself, `heard` [rows, width] in its sentence,
    both without the filling at the end, which repeats the mark of the end."""

    alone: torch.Tensor
    heard: torch.Tensor


def read_words(tokenizer: Any, text: str) -> Words:
    """Cuts a text into tokens, joins byte pairs to words, and leaves out what is past the tokenizer's length; a word of which
    only the beginning is read counts as read and as cut."""
    text = unicodedata.normalize("NFC", text)
    told = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)
    numbers = _numbered(tokenizer.convert_ids_to_tokens(told.input_ids))
    words: dict[int, str] = {}
    for number, pieces in groupby(zip(numbers, told.offset_mapping, strict=True), key=itemgetter(0)):
        spans = [span for _, span in pieces]
        words[number] = text[spans[0][0] : spans[-1][1]].strip()
    tokens = tuple(
        Token(text[start:end].strip(), id, number)
        for (start, end), id, number in zip(told.offset_mapping, told.input_ids, numbers, strict=True)
    )
    room = tokenizer.model_max_length - MARKS
    kept, lost = tokens[:room], {token.word for token in tokens[room:]}
    heard = {token.word for token in kept}
    return Words(tuple(words[one] for one in sorted(heard)), kept, tuple(words[one] for one in sorted(lost)))


def _numbered(pieces: Sequence[str]) -> list[int]:
    """For each piece the place of its word: a word ends with the piece that says so."""
    ended = accumulate((piece.endswith(WORD_END) for piece in pieces), initial=0)
    return list(ended)[: len(pieces)]


def read_states(pipeline: StableDiffusionPipeline, text: str) -> torch.Tensor:
    """What the denoiser is told of a text: [1, places, width] float32, filled up to the encoder's length."""
    with torch.inference_mode():
        made = pipeline.encode_prompt(
            text, device=device_of(pipeline), num_images_per_prompt=1, do_classifier_free_guidance=False
        )
    return made[0].float()


def reading(pipeline: StableDiffusionPipeline, words: Words, states: torch.Tensor) -> Reading:
    """The rows of the words between their marks."""
    tokenizer, encoder = pipeline.tokenizer, pipeline.text_encoder
    ids = [tokenizer.bos_token_id, *(token.id for token in words.tokens), tokenizer.eos_token_id]
    table = encoder.get_input_embeddings()
    with torch.inference_mode():
        alone = table(torch.tensor(ids, device=table.weight.device))
    return Reading(alone.float().cpu(), states[0, : len(ids)].float().cpu())


def device_of(pipeline: StableDiffusionPipeline) -> torch.device:
    """Where the network computes, which is not where its weights rest when they are moved there and back."""
    return pipeline._execution_device  # noqa: SLF001 what diffusers itself asks
