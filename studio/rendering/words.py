"""The words of a text as a person counts them, and those past what a model's text encoder reads."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotReady
from ..models.families import FAMILIES
from ..models.loading import model_folder
from ..models.table import BaseModel
from ..settings import Settings
from ..story.guide import guide_for
from ..story.wording import estimated_tokens

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MARKS = 2  # of start and end, which a text encoder reads too
INSIDE = "-'’"  # between two letters they belong to the word: ice-cream, May's
JOINERS = "\u200c\u200d"  # of Persian letters, and of the parts of an emoji


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands, and where it ends in the text (in Unicode NFC)."""

    text: str
    end: int


def words(text: str) -> tuple[Word, ...]:
    """The words in order, without quotes and punctuation. Emoji are words too, and scripts without spaces long ones."""
    text = unicodedata.normalize("NFC", text)
    found, end = [], 0
    for kind, run in groupby(_kinds(text)):
        start, end = end, end + len(list(run))
        if kind:
            found.append(Word(text[start:end], end))
    return tuple(found)


def cut_words(text: str, model: BaseModel, settings: Settings) -> tuple[str, ...]:
    """The words at the end that the model does not read, or not whole. Raises NotReady."""
    reader = _reader(*_place(model, settings))
    if reader is None:
        return ()
    tokenizer, limit = reader
    pieces = tokenizer.encode(unicodedata.normalize("NFC", text), add_special_tokens=False).offsets
    if len(pieces) <= limit - MARKS:
        return ()
    cut = pieces[limit - MARKS][0]
    return tuple(word.text for word in words(text) if word.end > cut)


def count_tokens(text: str, model: BaseModel, settings: Settings) -> int:
    """How many tokens the model's text encoder gets of a text, without its marks of start and end.

    They are guessed, rather too many, while the model's tokenizer is not on this computer.
    """
    try:
        reader = _reader(*_place(model, settings))
    except NotReady:
        reader = None
    if reader is None:
        return estimated_tokens(text, guide_for(model.family).tokens_per_letter)
    return len(reader[0].encode(unicodedata.normalize("NFC", text), add_special_tokens=False).ids)


def _kinds(text: str) -> Iterator[str]:
    """For each character "word" or "sign", or nothing for what stands between words."""
    kind = ""
    for at, letter in enumerate(text):
        if not (kind and _belongs(letter, text[at - 1], text[at + 1 : at + 2])):
            kind = _kind(letter)
        yield kind


def _belongs(letter: str, before: str, after: str) -> bool:
    """Whether the character goes with the one before it: an accent, a joiner, a hyphen or a decimal point."""
    if letter in INSIDE:
        return before.isalnum() and after.isalnum()
    if letter in ".,":
        return before.isdigit() and after.isdigit()
    return letter in JOINERS or unicodedata.category(letter)[0] == "M"


def _kind(letter: str) -> str:
    category = unicodedata.category(letter)
    if category[0] in "LNM":
        return "word"
    skin_tone = category == "Sk" and letter > "\uffff"  # a modifier of emoji; the others are accents such as ^
    return "sign" if category == "So" or skin_tone else ""


def _place(model: BaseModel, settings: Settings) -> tuple[Path, int]:
    """Where the tokenizer lies that reads the most of a prompt, and how many tokens it reads at most, with the marks."""
    folder = model_folder(model, settings) / FAMILIES[model.family].reads_with
    return folder, guide_for(model.family).most_tokens + MARKS


@lru_cache(maxsize=4)
def _reader(folder: Path, most: int) -> tuple[Tokenizer, int] | None:
    """The tokenizer and how many tokens the model reads; none when its files cannot be read, which drawing then tells.

    `tokenizers` alone reads ours in a hundredth of a second; only a folder in the older layout needs transformers.
    """
    from tokenizers import Tokenizer

    try:
        whole = (folder / "tokenizer.json").is_file()
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json")) if whole else _older(folder)
        told = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        limit = min(int(told.get("model_max_length", most)), most)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer, limit


def _older(folder: Path) -> Tokenizer:
    from transformers import CLIPTokenizer

    return CLIPTokenizer.from_pretrained(folder, local_files_only=True).backend_tokenizer
