"""Where a story is, sentence by sentence: what it says, what it hints at, and where it was before.

Each word that tells of a place counts as much as it was right in passages that were written and labelled for it: the
logarithm of how much likelier that place becomes. The course through the places that explains all sentences best, with as
few moves as may be, is found over the whole story (Viterbi), so that a place which is named late counts from where the
scene began.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .lexicon import Mention, Span, listed, within
from .story import Language

PLACE = "garden"  # of a story that speaks of none
SAID = 5.5  # "into the forest"
WEIGHTS = {"place": 3.4, "site": 3.2, "home": 1.5, "part": 2.7, "hint": 1.8}  # of words without one of their own
TELLING = ("part", "hint")  # kinds of words whose weights were learnt one by one
PLACES = 20
AFAR, SPOKEN, BESIDE_THE_POINT = 0.3, 0.0, 0.4  # of the weight, where it is only thought of, talked of, likened to
MOVE, NEW_PARAGRAPH, GOING = 6.0, 3.2, 2.0  # what a move costs: anywhere, where a paragraph begins, where somebody goes
INDOORS = ("kitchen", "bedroom", "classroom", "castle", "stilt house")
_CLAUSE = re.compile(r"[,;:.!?…—–]|\b(?:when|while|where|and|but|until|before|after|because)\b")
_NEXT = re.compile(r"\s(\w+)")
_LIKENED = re.compile(r"\b(?:like|as \w+ as|as if|as though|than)\b")
_HAD = re.compile(r"\b(?:had|used to|would|could have)\b|['’]d\b")


@dataclass(slots=True)
class Whereabouts:
    """The places of one text."""

    text: str
    language: Language
    found: Sequence[Mention]
    learnt: Mapping[str, Mapping[str, float]] | None = None  # place → word → weight; those that ship if none are given

    def places(self, spans: Sequence[Span]) -> tuple[str, ...]:
        """The place of each sentence: those that fit best what all sentences tell, with as few moves as may be."""
        weights = [self.weights(span) for span in spans]
        home = self._home(weights)
        told = [_at_home(weight, home) for weight in weights]
        known = sorted({place for weight in told for place in weight}) or [PLACE]
        return self._best([self._moving(span) for span in spans], told, known)

    def _best(
        self, moving: Sequence[float], told: Sequence[Mapping[str, float]], known: Sequence[str]
    ) -> tuple[str, ...]:
        """The likeliest course through the places, where a move costs `moving` before each sentence."""
        score = dict.fromkeys(known, 0.0)
        came: list[dict[str, str]] = []
        for price, weight in zip(moving, told, strict=True):
            best = max(score, key=lambda place: score[place])
            came.append({place: place if score[place] >= score[best] - price else best for place in known})
            score = {place: max(score[place], score[best] - price) + weight.get(place, 0.0) for place in known}
        course = [max(score, key=lambda place: score[place])]
        for step in reversed(came[1:]):
            course.append(step[course[-1]])
        return tuple(reversed(course))

    def _moving(self, span: Span) -> float:
        """What it costs to be elsewhere from this sentence on."""
        here = [each for each in within(span, self.found) if not each.spoken]
        said = any(each.field in ("place", "site", "home") for each in here)
        if any(each.field == "jump" or (said and each.field in ("going", "home")) for each in here):
            return GOING
        return NEW_PARAGRAPH if "\n" in self.text[max(0, span[0] - 2) : span[0] + 1] else MOVE

    def weights(self, span: Span) -> dict[str, float]:
        """How strongly one sentence speaks for which places; a word that tells of one in two ways counts once."""
        told: dict[tuple[int, str], float] = {}
        for each in within(span, self.found):
            if each.field in WEIGHTS:
                key = (each.start, each.word)
                told[key] = max(told.get(key, 0.0), self._weight(each, span))
        weights: dict[str, float] = {}
        for (_, place), weight in told.items():
            weights[place] = weights.get(place, 0.0) + weight
        return weights

    def _weight(self, each: Mention, span: Span) -> float:
        said = self.text[each.start : each.end].lower()
        learnt = _learnt()[self.language] if self.learnt is None else self.learnt
        weight = learnt.get(each.word, {}).get(said, WEIGHTS[each.field])
        if each.field in ("place", "site") and each.follows(listed(self.language, "into")):
            weight = max(weight, SAID)
        if each.spoken:
            return SPOKEN * weight
        if each.follows(listed(self.language, "leaving")) or each.follows(listed(self.language, "afar")):
            return AFAR * weight
        return BESIDE_THE_POINT * weight if self.language == "en" and self._beside_the_point(each, span) else weight

    def _beside_the_point(self, each: Mention, span: Span) -> bool:
        """Whether English grammar says that nobody is there now: a likeness, the past before the past, "school shirt"."""
        before = self.text[span[0] : each.start]
        breaks = [found.end() for found in _CLAUSE.finditer(before)]
        clause = before[breaks[-1] if breaks else 0 :].lower()
        if _LIKENED.search(clause) or _HAD.search(clause):
            return True
        following = _NEXT.match(self.text, each.end)
        compound = following and following[1].lower() in listed(self.language, "compound")
        return bool(compound and each.field in ("place", "site"))

    def _home(self, weights: Sequence[Mapping[str, float]]) -> str:
        """The indoor place of which the story tells most."""
        indoors: Counter[str] = Counter()
        for weight in weights:
            indoors.update([place for place in weight if place in INDOORS])
        return indoors.most_common(1)[0][0] if indoors else "bedroom"


@cache
def _learnt() -> dict[Language, dict[str, dict[str, float]]]:
    """Language → place → word → weight, as it was learnt from labelled passages."""
    return json.loads(Path(__file__).with_name("whereabouts.json").read_text(encoding="utf-8"))


def _at_home(weight: Mapping[str, float], home: str) -> dict[str, float]:
    told = {place: much for place, much in weight.items() if place != "home"}
    return told | {home: told.get(home, 0.0) + weight["home"]} if "home" in weight else told
