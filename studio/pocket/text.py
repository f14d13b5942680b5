"""Pocket's words: a CLIP tokenizer trained on our captions and a small CLIP text model that reads them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .world.captions import caption
from .world.grammar import training_scenes

if TYPE_CHECKING:
    from transformers import CLIPTextModel, CLIPTokenizer

VOCABULARY = 2000
MAX_TOKENS = 64
WIDTH = 256
EXTRA_WORDS = ("watercolour painting", "may", "mây", "flat picture book drawing", "blurry, ugly")


def train_tokenizer(folder: Path, extra: tuple[str, ...] = (), captions: int = 40_000) -> CLIPTokenizer:
    """A byte-pair tokenizer of `VOCABULARY` entries learnt from captions and `extra` words, saved to `folder`."""
    from tokenizers.trainers import BpeTrainer
    from transformers import CLIPTokenizer

    start, end = "<|startoftext|>", "<|endoftext|>"
    trainer = BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[start, end],
        initial_alphabet=_byte_alphabet(),
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    backend = CLIPTokenizer(vocab={start: 0, end: 1}, merges=[]).backend_tokenizer
    backend.train_from_iterator(_corpus(captions, extra), trainer)
    model = json.loads(backend.to_str())["model"]
    vocabulary, merges = model["vocab"], [tuple(pair) for pair in model["merges"]]
    for letter in sorted(_byte_alphabet()):  # every byte as the end of a word too: no letter is ever unknown
        vocabulary.setdefault(letter + "</w>", len(vocabulary))
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=MAX_TOKENS)
    tokenizer.save_pretrained(folder)
    return tokenizer


def _byte_alphabet() -> list[str]:
    from tokenizers.pre_tokenizers import ByteLevel

    return ByteLevel.alphabet()


def _corpus(count: int, extra: tuple[str, ...]) -> Iterator[str]:
    rng = random.Random("tokenizer")
    for scene in training_scenes(7, count):
        yield caption(scene, rng)
    for text in extra:
        yield from [text] * 400


def new_text_model(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """An untrained CLIP text model: 3 layers, width 256, 4 heads (2.9 M parameters)."""
    from transformers import CLIPTextConfig, CLIPTextModel

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            num_hidden_layers=3,
            num_attention_heads=4,
            max_position_embeddings=MAX_TOKENS,
            projection_dim=WIDTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
