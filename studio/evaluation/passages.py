"""Passages labelled with where they happen, and what is learnt from them: how much each word that tells of a place counts.

The passages lie in `assets/stories/passages`, one a line: place, tab, words. They were written for this and are in no story
with a key. `learnt` gives what `story/whereabouts.json` holds; `python -m benchmarks.whereabouts --write` writes it anew.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..settings import ASSETS
from ..story.lexicon import STAGE_FIELDS, mentions
from ..story.story import Language
from ..story.whereabouts import PLACES, TELLING

PASSAGES = ASSETS / "stories" / "passages"
TRUST = 2.0  # as many passages as a word's kind counts for beside those in which the word itself stands
SURE = 0.97  # no word is trusted more


def passages(language: Language, folder: Path = PASSAGES) -> tuple[tuple[str, str], ...]:
    """Place and words of every passage in a language."""
    lines = (folder / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple((place, words) for place, _, words in (line.partition("\t") for line in lines))


def learnt(language: Language, rows: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Place → word → weight: the logarithm of how much likelier the place is where the word stands, from how often it was right.

    Few passages hold a given word, so its count is mixed with that of all words of its kind (a part of a place, a hint).
    Names of places keep one weight for all: in passages that were written to tell them apart, a name is rarer than in stories.
    """
    right: Counter[tuple[str, str, str]] = Counter()
    seen: Counter[tuple[str, str, str]] = Counter()
    for place, words in rows:
        for field, told, said in _telling(language, words):
            seen[field, told, said] += 1
            right[field, told, said] += told == place
    usual = {field: _share(right, seen, field) for field in TELLING}
    weights: dict[str, dict[str, float]] = {}
    for (field, told, said), count in sorted(seen.items()):
        share = (right[field, told, said] + TRUST * usual[field]) / (count + TRUST)
        weights.setdefault(told, {})[said] = round(evidence(share), 1)
    return weights


def evidence(share: float) -> float:
    """What a word is worth that was right in this share of its passages: the logarithm of likelihood over that of all places."""
    sure = min(max(share, 1 - SURE), SURE)
    return math.log(sure / (1 - sure) * (PLACES - 1))


def _telling(language: Language, words: str) -> set[tuple[str, str, str]]:
    """Kind, place and word of everything in a passage, outside of speech, that tells of a place in part or by a hint."""
    found = mentions(words, language, (), STAGE_FIELDS)
    return {
        (each.field, each.word, words[each.start : each.end].lower())
        for each in found
        if each.field in TELLING and not each.spoken
    }


def _share(right: Mapping[tuple[str, str, str], int], seen: Mapping[tuple[str, str, str], int], field: str) -> float:
    counts = [(right.get(key, 0), count) for key, count in seen.items() if key[0] == field]
    return sum(good for good, _ in counts) / max(1, sum(count for _, count in counts))
