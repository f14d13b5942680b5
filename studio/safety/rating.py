"""What a LoRA's own words say of what it was taught: tags, folders and descriptions that trainers write into the file.

kohya's scripts write `ss_tag_frequency` (folder → tag → how often) and `ss_dataset_dirs`, Civitai and others the `modelspec.` words.
Words that are missing prove nothing: such a file is of unknown origin.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..adapters.card import Rating
from .gate import judged

LEWD = ("sexual", "nudity", "minors")
TAGS = frozenset(
    [
        "explicit",
        "questionable",
        "sensitive",
        "ahegao",
        "nipple",
        "nipples",
        "areola",
        "breasts_out",
        "bare_breasts",
        "cleavage_focus",
        "panties",
        "underwear",
        "lingerie",
        "completely_nude",
        "ass_focus",
        "cum",
        "spread_legs",
        "cameltoe",
        "pubic_hair",
        "uncensored",
        "censored",
        "18+",
        "r18",
        "r-18",
        "adult",
        "nsfw",
        "xxx",
        "hentai",
        "rating:explicit",
        "rating:questionable",
        "rating_explicit",
    ]
)
MOST_TAGS = 5000  # that are read; the commonest stand first in most files
TOLD = ("ss_output_name", "ss_training_comment", "modelspec.title", "modelspec.description", "modelspec.tags",
        "modelspec.trigger_phrase", "modelspec.usage_hint")  # fmt: skip


def rated(words: Mapping[str, str]) -> Rating:
    """Adult when any word of the metadata is; unknown otherwise."""
    tags = [*_tags(words), *(tag for name in TOLD for tag in words.get(name, "").split(","))]
    return "adult" if any(_lewd(tag) for tag in tags[:MOST_TAGS]) else "unknown"


def _lewd(tag: str) -> bool:
    clean = tag.strip().lower()
    if clean.replace(" ", "_") in TAGS:
        return True
    verdict = judged(clean.replace("_", " "), child=True, drawn=False)
    return verdict is not None and verdict.category in LEWD


def _tags(words: Mapping[str, str]) -> Iterator[str]:
    for name in ("ss_tag_frequency", "ss_dataset_dirs"):
        for folder, tags in _told(words.get(name, "")).items():
            yield folder.partition("_")[2] or folder  # "10_name": how often its pictures are repeated
            yield from tags if isinstance(tags, dict) and name == "ss_tag_frequency" else ()


def _told(raw: str) -> dict[str, Any]:
    try:
        told = json.loads(raw or "{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
