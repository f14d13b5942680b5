"""Pocket's words: a CLIP tokenizer trained on our captions and a small CLIP text model that understands them.

The text model first learns alone, in minutes, to say everything about a scene from its caption (`ATTRIBUTES`), whatever
the language and the phrasing. What a caption leaves out it can only guess, and that is right. It is frozen afterwards:
the denoiser then starts with words that already mean something.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..progress import Progress, Work
from .world import description as words
from .world.captions import caption
from .world.description import Description
from .world.grammar import training_scenes

if TYPE_CHECKING:
    import torch
    from transformers import CLIPTextModel, CLIPTokenizer

VOCABULARY = 1600
MAX_TOKENS = 64
WIDTH = 256
BATCH = 96
NONE = ("none",)
EVERY_CLOTHES = tuple(dict.fromkeys(c for options in words.CLOTHES.values() for c in options)) + ("scarf",)
EVERY_HAIR = tuple(dict.fromkeys(h for options in words.HAIR_STYLES.values() for h in options)) + NONE
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "place": words.PLACES,
    "time": words.TIMES,
    "weather": words.WEATHERS,
    "prop": words.PROPS,
    "first": words.SUBJECTS,
    "second": words.SUBJECTS + NONE,
    "pose": words.POSES,
    "mood": words.MOODS,
    "colour": words.COLOURS,
    "clothes": EVERY_CLOTHES,
    "hair": EVERY_HAIR,
    "hair_colour": words.HAIR_COLOURS,
    "skin": words.SKINS,
    "hat": words.HATS,
    "second_colour": words.COLOURS + NONE,
    "second_mood": words.MOODS + NONE,
}


def attributes(scene: Description) -> list[int]:
    """The scene as one index per entry of ATTRIBUTES."""
    first = scene.figures[0]
    second = scene.figures[1] if len(scene.figures) > 1 else None
    said = {
        "place": scene.place,
        "time": scene.time,
        "weather": scene.weather,
        "prop": scene.prop,
        "first": first.kind,
        "second": second.kind if second else "none",
        "pose": first.pose,
        "mood": first.mood,
        "colour": first.colour,
        "clothes": first.clothes,
        "hair": first.hair_style,
        "hair_colour": first.hair_colour,
        "skin": first.skin,
        "hat": first.hat,
        "second_colour": second.colour if second else "none",
        "second_mood": second.mood if second else "none",
    }
    return [options.index(said[name]) for name, options in ATTRIBUTES.items()]


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
    """An untrained CLIP text model: 3 layers, width 256, 4 heads (2.8 M parameters)."""
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


def train_text_model(folder: Path, seconds: float, seed: int = 0) -> Work[Path]:
    """Teaches the text model to say every attribute of a scene from its caption. Saves tokenizer and text_encoder."""
    import torch

    torch.manual_seed(seed)
    tokenizer = train_tokenizer(folder / "tokenizer", extra=EXTRA_WORDS)
    model = new_text_model(tokenizer).train()
    heads = torch.nn.ModuleDict({name: torch.nn.Linear(WIDTH, len(options)) for name, options in ATTRIBUTES.items()})
    optimizer = torch.optim.AdamW([*model.parameters(), *heads.parameters()], lr=1e-3, fused=True, weight_decay=0.01)
    rng, start, step, right = random.Random(f"text-{seed}"), time.monotonic(), 0, 0.0
    while (spent := time.monotonic() - start) < seconds:
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * min(1.0, (step + 1) / 200) * max(0.02, 1.0 - spent / seconds)
        right = 0.98 * right + 0.02 * _step(model, heads, tokenizer, optimizer, rng)
        step += 1
        if step % 50 == 0:
            yield Progress(int(spent), int(seconds), f"reads place and first subject {right:.3f}")
    model.save_pretrained(folder / "text_encoder")
    return folder


EXTRA_WORDS = ("watercolour painting", "may", "mây", "flat picture book drawing", "blurry, ugly")


def _step(
    model: CLIPTextModel,
    heads: torch.nn.ModuleDict,
    tokenizer: CLIPTokenizer,
    optimizer: torch.optim.Optimizer,
    rng: random.Random,
) -> float:
    """One step; gives the share of captions whose place and first subject are both read rightly."""
    import torch
    from torch.nn.functional import cross_entropy

    scenes = list(training_scenes(rng.getrandbits(40), BATCH))
    texts = [caption(scene, rng) for scene in scenes]
    tokens = tokenizer(texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt").input_ids
    targets = torch.tensor([attributes(scene) for scene in scenes]).T
    with torch.autocast("cpu", torch.bfloat16):
        out = model(tokens)
        # the last position is where padding ends; both must hold the meaning, since the denoiser sees all positions
        logits = [
            {n: h(state).float() for n, h in heads.items()}
            for state in (out.pooler_output, out.last_hidden_state[:, -1])
        ]
    losses = [
        cross_entropy(said[name], wanted) for said in logits for name, wanted in zip(ATTRIBUTES, targets, strict=True)
    ]
    optimizer.zero_grad()
    torch.stack(losses).sum().backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    place, first = logits[0]["place"].argmax(1) == targets[0], logits[0]["first"].argmax(1) == targets[4]
    return float((place & first).float().mean())
