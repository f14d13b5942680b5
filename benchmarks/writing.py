"""How long the plain writer takes, and how well it reads: beside cutting the story at sentence ends alone.

    python -m benchmarks.writing [--repeats 20] [--json]

Whole stories of the corpus are joined until 500, 1,000, 2,000 and 4,000 words are together and planned in as many pages as
they would have; told are seconds, the ratio to `sentencex`, which finds sentence ends and nothing else, and how much memory
grew over the repeats. Then who and where on each page, on three sets of stories: the corpus, twelve ordinary stories by which
the numbers of the writer were set, and eight that nobody looked at while it was made.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sentencex

from studio.evaluation.keys import STORIES, keyed_stories
from studio.evaluation.planning import Score, score
from studio.story.story import Language, Story
from studio.story.writer import find_cast, write_scenes

SETS = {"corpus": STORIES, "tuning": STORIES / "tuning", "unseen": STORIES / "unseen"}
SIZES = (500, 1000, 2000, 4000)
WORDS_A_PAGE = 80


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    sets = {name: scores(folder) for name, folder in SETS.items()}
    rows = [row(language, size, given.repeats) for language in ("en", "vi") for size in SIZES]
    if given.json:
        print(json.dumps({"rows": rows, "sets": sets, "torch_loaded": "torch" in sys.modules}, indent=1))
        return
    print(f"{'language':9}{'words':>7}{'pages':>7}{'seconds':>9}{'× sentencex':>13}{'grown MB':>10}")
    for one in rows:
        print(
            f"{one['language']:9}{one['words']:7}{one['pages']:7}{one['seconds']:9.3f}"
            f"{one['times_sentencex']:13.0f}{one['grown_mb']:10.1f}"
        )
    for name, told in sets.items():
        print(
            f"{name:9}"
            + "   ".join(f"{part}: cast {one['cast_f1']:.2f} place {one['place']:.2f}" for part, one in told.items())
        )
    print("torch was loaded" if "torch" in sys.modules else "torch was not loaded")


def scores(folder: Path) -> dict[str, dict[str, float | int]]:
    """The figures of the plain writer on the stories of a folder, by language and of all."""
    parts = {"en": Score(), "vi": Score()}
    for one in keyed_stories(folder):
        cast = find_cast(one.story)
        parts[one.story.language] += score(one, cast, write_scenes(one.story, cast, one.pages))
    return {name: part.told() for name, part in {**parts, "all": parts["en"] + parts["vi"]}.items()}


def row(language: Language, size: int, repeats: int) -> dict[str, Any]:
    story = Story(text(language, size), language)
    pages = min(60, max(1, size // WORDS_A_PAGE))
    plan = best(lambda: write_scenes(story, find_cast(story), pages), repeats)
    cut = best(lambda: list(sentencex.segment(language, story.text)), repeats)
    before = memory_mb()
    for _ in range(repeats):
        write_scenes(story, find_cast(story), pages)
    return {
        "language": language,
        "words": len(story.text.split()),
        "pages": pages,
        "seconds": plan,
        "times_sentencex": plan / cut,
        "grown_mb": memory_mb() - before,
    }


def text(language: Language, size: int) -> str:
    """So many words of the corpus, stories joined and begun again when they are at their end."""
    words = " ".join(one.story.text for one in keyed_stories() if one.story.language == language).split(" ")
    return " ".join((words * (size // len(words) + 1))[:size])


def best(work: Callable[[], Any], repeats: int) -> float:
    """The least of several times, which is what the work takes when nothing else is going on."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
