"""How often the plain writer tells where a passage happens, and the weights of its words learnt anew.

    python -m benchmarks.whereabouts [--write] [--json]

Four fifths of the labelled passages teach the weights and the last fifth is read with them: told are the share of passages
whose place the words tell best, what guessing would give, and the share of passages of the stories with keys (never taught
from) that are read right without knowing what came before. `--write` teaches from all of them and writes story/whereabouts.json.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.evaluation.keys import keyed_stories
from studio.evaluation.passages import learnt, passages
from studio.files import atomic_write
from studio.story import whereabouts
from studio.story.lexicon import STAGE_FIELDS, mentions
from studio.story.story import Language

LEARNT = Path(whereabouts.__file__).with_name("whereabouts.json")
LANGUAGES: tuple[Language, ...] = ("en", "vi")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.write:
        weights = {language: learnt(language, passages(language)) for language in LANGUAGES}
        atomic_write(LEARNT, json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True) + "\n")
    rows = {language: row(language) for language in LANGUAGES}
    print(json.dumps(rows, indent=1) if given.json else "\n".join(f"{key}: {value}" for key, value in rows.items()))


def row(language: Language) -> dict[str, Any]:
    known = list(passages(language))
    random.Random(0).shuffle(known)
    held = len(known) // 5
    weights = learnt(language, known[held:])
    stories = [
        (passage.where, passage.text)
        for one in keyed_stories()
        if one.story.language == language
        for passage in one.passages
    ]
    return {
        "passages": len(known),
        "right_on_unseen": right(language, [((place,), words) for place, words in known[:held]], weights),
        "right_in_stories": right(language, stories, weights),
        "guessing": 1 / whereabouts.PLACES,
    }


def right(
    language: Language, rows: Sequence[tuple[Sequence[str], str]], weights: Mapping[str, Mapping[str, float]]
) -> float:
    """The share of passages whose place the words tell best."""
    good = sum(told(language, words, weights) in places for places, words in rows)
    return round(good / len(rows), 3)


def told(language: Language, words: str, weights: Mapping[str, Mapping[str, float]]) -> str:
    found = mentions(words, language, (), STAGE_FIELDS)
    reader = whereabouts.Whereabouts(words, language, found, weights)
    total: Counter[str] = Counter()
    for place, much in reader.weights((0, len(words))).items():
        total[place] += round(1000 * much)
    return max(total, key=lambda place: total[place], default="")


if __name__ == "__main__":
    main()
