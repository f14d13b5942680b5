"""A tokenizer from the two files that are handed around with CLIP: vocab.json and merges.txt.

Single-file checkpoints hold no words. The files are read here as data, piece by piece, and never given to `from_pretrained`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ...errors import BadInput

if TYPE_CHECKING:
    from transformers import CLIPTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"
MOST_BYTES = 16 << 20
MAX_TOKENS = 77  # that the text encoder of Stable Diffusion 1.x reads, with both marks


def tokenizer_from(vocab: bytes, merges: bytes, max_tokens: int = MAX_TOKENS) -> CLIPTokenizer:
    """CLIP's tokenizer (byte-pair encoding, arXiv 1508.07909). `vocab` is JSON {piece: number}, `merges` one pair a line.

    Raises BadInput for files that are damaged or do not belong together.
    """
    from transformers import CLIPTokenizer

    pieces = _pieces(vocab)
    return CLIPTokenizer(vocab=pieces, merges=_pairs(merges, pieces), model_max_length=max_tokens)


def _pieces(raw: bytes) -> dict[str, int]:
    try:
        told = json.loads(raw) if len(raw) <= MOST_BYTES else None
    except (ValueError, RecursionError) as error:
        raise BadInput(
            "The file vocab.json is damaged: it cannot be read as JSON. Download it again; nothing was changed."
        ) from error
    if not isinstance(told, dict) or not all(type(number) is int for number in told.values()):
        raise BadInput(
            "The file vocab.json is no list of words with their numbers. Take the one that CLIP's makers publish beside "
            "merges.txt; nothing was changed."
        )
    if sorted(told.values()) != list(range(len(told))):
        raise BadInput(
            "In the file vocab.json a number is missing or stands twice: {count} words should have the numbers from 0 on, each "
            "once. Download it again; nothing was changed.",
            count=len(told),
        )
    for mark in (START, END):
        if mark not in told:
            raise BadInput(
                "The file vocab.json lacks the mark '{mark}', so it is not CLIP's. Take the one that belongs to the model; "
                "nothing was changed.",
                mark=mark,
            )
    return told


def _pairs(raw: bytes, pieces: dict[str, int]) -> list[tuple[str, str]]:
    try:
        lines = raw.decode("utf-8").splitlines() if len(raw) <= MOST_BYTES else None
    except UnicodeDecodeError:
        lines = None
    if lines is None:
        raise BadInput("The file merges.txt is damaged: it is no text. Download it again; nothing was changed.")
    pairs = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or (number == 1 and line.startswith("#version")):
            continue
        left, _, right = line.partition(" ")
        if not right or " " in right:
            raise BadInput(
                "Line {number} of merges.txt is damaged: two pieces should stand there with a space between. Download the file "
                "again; nothing was changed.",
                number=number,
            )
        if not {left, right, left + right} <= pieces.keys():
            raise BadInput(
                "Line {number} of merges.txt joins '{piece}', which vocab.json does not know: the two files do not belong "
                "together. Take both from the same place; nothing was changed.",
                number=number,
                piece=f"{left} {right}"[:60],
            )
        pairs.append((left, right))
    return pairs
