"""Who is there, sentence by sentence: people come when they are told of, stay while the scene lasts, and go.

A page is a stretch of sentences; whoever is there for a good part of it is on its picture, named on that page or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .cast import Appearance, appearances
from .lexicon import STAGE_FIELDS, Mention, Span, listed, mentions, sentence_spans, within
from .scene import Cast, Role
from .story import Language
from .whereabouts import Whereabouts

FADES = 11  # sentences after which somebody of whom nothing is told is no longer there
LINGERS = 3  # sentences for which those who were told of come along to the next place
LEAVES = 30  # characters between somebody and "went away"
SMALL_WORDS = frozenset([
    "a", "an", "the", "his", "her", "its", "their", "my", "our", "your", "old", "little", "big", "small", "tiny", "great", "young",
])  # fmt: skip
_POSSESSIVE = re.compile(r"['’]s?\b(?! (?:a|an|the|not|very|been|going)\b)")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Moment:
    """One sentence: where it stands in the text, who is there, where it happens."""

    start: int
    end: int
    who: tuple[Role, ...]
    place: str


def moments(text: str, cast: Cast, language: Language) -> tuple[Moment, ...]:
    """All sentences of a text in order."""
    spans, found = sentence_spans(text), mentions(text, language, cast.names, STAGE_FIELDS)
    stage = _Stage(text, cast, language, appearances(text, cast, language), found)
    places = Whereabouts(text, language, found).places(spans)
    told, before = [], ""
    for at, (span, place) in enumerate(zip(spans, places, strict=True)):
        stage.play(at, span, place != before)
        told.append(Moment(*span, stage.present(), place))
        stage.after(span)
        before = place
    return tuple(told)


@dataclass(slots=True)
class _Stage:
    text: str
    cast: Cast
    language: Language
    people: Sequence[Appearance]
    found: Sequence[Mention]
    _seen: dict[Role, int] = field(default_factory=dict)  # the sentence that told of somebody last

    def present(self) -> tuple[Role, ...]:
        """Those who are there, in the order of the cast."""
        return tuple(role for role in self.cast.roles if role in self._seen)

    def play(self, at: int, span: Span, elsewhere: bool) -> None:
        """One sentence: who comes, who stays behind, of whom it tells."""
        told = self._told(span)
        if self._says(span, "jump") or (elsewhere and self._says(span, "going", "home")):
            self._change(at, told, span, lingers=0)
        elif elsewhere:
            paragraph = "\n" in self.text[max(0, span[0] - 2) : span[0] + 1]
            self._change(at, told, span, lingers=0 if paragraph else LINGERS)
        if self._together(span):
            told |= set(self._seen)
        self._seen |= dict.fromkeys(told, at)
        self._seen = {role: last for role, last in self._seen.items() if at - last < FADES}

    def after(self, span: Span) -> None:
        """Who leaves in a sentence is gone after it."""
        for each in within(span, self.people):
            if not each.spoken and each.role in self._seen and each.role != self.cast.hero and self._leaves(each, span):
                del self._seen[each.role]

    def _change(self, at: int, told: set[Role], span: Span, lingers: int) -> None:
        """Another place or time: those come along who are told of, or were just now, and all when it says "they"."""
        if self._together(span):
            return
        stay = {role for role, last in self._seen.items() if at - last <= lingers or role in told}
        if self.cast.hero in self._seen and (not told or lingers):
            stay.add(self.cast.hero)
        self._seen = {role: last for role, last in self._seen.items() if role in stay}

    def _told(self, span: Span) -> set[Role]:
        """Those whom the sentence puts on the stage."""
        return {each.role for each in within(span, self.people) if not each.spoken and self._is_here(each, span)}

    def _is_here(self, each: Appearance, span: Span) -> bool:
        """Whether somebody who is named is there, and not only thought of, likened to, or the owner of something."""
        if each.role in self._seen or each.by == "pronoun":
            return True
        before = _WORD.findall(self.text[span[0] : each.start].lower())[-5:]
        while before and before[-1] in SMALL_WORDS:
            before.pop()
        said = f" {' '.join(before)} "
        if any(said.endswith(f" {phrase} ") for phrase in listed(self.language, "absent")):
            return False
        return not _POSSESSIVE.match(self.text, each.end)

    def _leaves(self, each: Appearance, span: Span) -> bool:
        """Whether "went away" follows soon after somebody, with nobody else between."""
        for mention in within(span, self.found):
            near = each.end <= mention.start <= each.end + LEAVES
            if mention.field == "leave" and near and not within((each.end, mention.start), self.people):
                return True
        return False

    def _together(self, span: Span) -> bool:
        """Whether the sentence tells of all who are there: "they", "both", "cả hai"."""
        return any(
            (each.field == "together" or (each.field == "pronoun" and each.word == "they")) and not each.spoken
            for each in within(span, self.found)
        )

    def _says(self, span: Span, *fields: str) -> bool:
        return any(each.field in fields and not each.spoken for each in within(span, self.found))
