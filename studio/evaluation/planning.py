"""How well a plan of a book tells who is on each page and where, against keys made by hand.

A page must show whoever is present in at least a third of its words, and may show whoever is present in any of them; its
place is right if it is one of those that the key gives for at least a third of its words. Cast F1 counts people over all
pages of all stories; place counts pages.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..progress import Progress, Work
from ..story.nearest import nearest
from ..story.scene import Cast, Scene
from .keys import KeyedStory, Passage, Person, bare, keyed_stories

SHARE = 1 / 3  # of a page's letters from which on a passage speaks for the page
UNEVEN = 0.4  # how far a page's length may be from the mean

Plan = Callable[[KeyedStory], tuple[Cast, Sequence[Scene]]]


@dataclass(frozen=True, slots=True)
class Score:
    """What one story, or several together, got. Counts, from which the shares follow."""

    right: int = 0  # people shown who should be
    wrong: int = 0  # people shown who should not be
    missing: int = 0
    placed: int = 0  # pages with a right place
    pages: int = 0
    damaged: int = 0  # pages whose words are not the story's, lost, doubled or out of order
    uneven: int = 0  # pages much longer or shorter than the mean
    seconds: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in Score.__slots__))

    @property
    def cast_f1(self) -> float:
        """0..1."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missing)

    @property
    def place(self) -> float:
        """The share of pages with a right place, 0..1."""
        return self.placed / max(1, self.pages)

    def told(self) -> dict[str, float | int]:
        """The figures for a table or a file."""
        return {
            "cast_f1": round(self.cast_f1, 3),
            "place": round(self.place, 3),
            "pages": self.pages,
            "damaged_pages": self.damaged,
            "uneven_pages": self.uneven,
            "seconds": round(self.seconds, 3),
        }


def evaluate_plans(plan: Plan, stories: Sequence[KeyedStory] | None = None) -> Work[dict[str, Score]]:
    """The score of every story with a key, by id, when `plan` divides and reads it. Progress counts stories."""
    stories = keyed_stories() if stories is None else stories
    scores = {}
    for at, keyed in enumerate(stories):
        yield Progress(at, len(stories), keyed.story.title)
        started = time.perf_counter()
        cast, scenes = plan(keyed)
        scores[keyed.id] = score(keyed, cast, scenes, time.perf_counter() - started)
    yield Progress(len(stories), len(stories))
    return scores


def told(scores: Mapping[str, Score]) -> dict[str, Any]:
    """The figures of all stories together, by language, and of each story."""
    languages = {keyed.id: keyed.story.language for keyed in keyed_stories()}
    parts = {
        "all": scores.values(),
        "en": [score for id, score in scores.items() if languages[id] == "en"],
        "vi": [score for id, score in scores.items() if languages[id] == "vi"],
    }
    together = {name: sum(some, Score()).told() for name, some in parts.items()}
    return {**together, "stories": {id: score.told() for id, score in scores.items()}}


def score(keyed: KeyedStory, cast: Cast, scenes: Sequence[Scene], seconds: float = 0.0) -> Score:
    """What a plan of the story gets."""
    match = _matches(keyed, cast)
    total = Score(damaged=_damaged(keyed, scenes), uneven=_uneven(scenes), seconds=seconds)
    for scene, shares in zip(scenes, _shares(keyed, scenes), strict=True):
        total += _page(scene, shares, match)
    return total


def _page(scene: Scene, shares: Sequence[tuple[Passage, float]], match: dict[str, str]) -> Score:
    present: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for passage, share in shares:
        present.update({name: share for name in passage.who})
        places.update({place: share for place in passage.where})
    must = {name for name, share in present.items() if share >= SHARE - 1e-9}
    shown = {match.get(name, name) for name in scene.who}
    place = nearest("place", scene.place) or scene.place
    return Score(
        right=len(shown & must),
        wrong=len(shown - present.keys()),
        missing=len(must - shown),
        placed=int(places[place] >= SHARE - 1e-9),
        pages=1,
    )


def _shares(keyed: KeyedStory, scenes: Sequence[Scene]) -> Iterator[list[tuple[Passage, float]]]:
    """For each page the passages on it and their share of its letters, 0..1."""
    ends, at = [], 0
    for passage in keyed.passages:
        at += _letters(passage.text)
        ends.append(at)
    start = 0
    for scene in scenes:
        end = start + max(1, _letters(scene.text))
        on_it = (
            (passage, min(end, last) - max(start, first))
            for passage, first, last in zip(keyed.passages, [0, *ends], ends, strict=False)
        )
        yield [(passage, letters / (end - start)) for passage, letters in on_it if letters > 0]
        start = end


def _matches(keyed: KeyedStory, cast: Cast) -> dict[str, str]:
    """Which person of the key each role is: by a name that the story uses, else the only one of its kind."""
    found = {role.name: _called(role.name, keyed.people) for role in cast.roles}
    for role in cast.roles:
        alike = [person.name for person in keyed.people if person.kind == role.kind]
        if not found[role.name] and len(alike) == 1 and alike[0] not in found.values():
            found[role.name] = alike[0]
    return {name: person for name, person in found.items() if person}


def _called(name: str, people: Sequence[Person]) -> str:
    """The person of that name, or of one that ends with it: "bác Đèn" for "Đèn"."""
    exact = (person.name for person in people if bare(name) in person.called)
    ending = (person.name for person in people if any(one.endswith(f" {bare(name)}") for one in person.called))
    return next(exact, "") or next(ending, "")


def _damaged(keyed: KeyedStory, scenes: Sequence[Scene]) -> int:
    """Pages that are not where their words stand in the story."""
    whole, at, damaged = "".join(keyed.story.text.split()), 0, 0
    for scene in scenes:
        words = "".join(scene.text.split())
        damaged += not whole.startswith(words, at) or not words
        at += len(words)
    return damaged or int(at != len(whole))


def _uneven(scenes: Sequence[Scene]) -> int:
    lengths = [_letters(scene.text) for scene in scenes]
    mean = sum(lengths) / max(1, len(lengths))
    return sum(abs(length - mean) > UNEVEN * mean for length in lengths)


def _letters(text: str) -> int:
    return len("".join(text.split()))
