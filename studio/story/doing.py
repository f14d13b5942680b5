"""What the figures of a page do: the first one's action, how two of them are together, and the thing that goes with it.

Only what the pocket world draws: who holds a thing does nothing busy, and nobody fights or chases alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..pocket.world.grammar import props
from .cast import Appearance
from .lexicon import Mention, Span, inside, sentence_spans
from .scene import Role
from .story import Language
from .wording import split_colour, takes_colour

Who = tuple[Role, ...]

# The most telling first. Nobody fights without somebody to fight, and holding is told by the thing.
TELLING = ("sleeping", "flying", "dancing", "reading", "waving", "sitting", "running", "walking", "standing")
DIRECTED = ("chasing", "behind")  # one does it to the other
RELATIONS = ("fighting", "chasing", "holding hands", "behind")  # the most telling first
NEAR = 25  # characters between "chased" and whom
_AND = re.compile(r",?\s+(?:and|with|và|với|cùng)\s+(?:\w+\s+){0,3}")
_GAP = re.compile(r"[ \w]{1,8}")  # "red paper kite"
_POSSESSIVE = ("her", "his", "its", "their", "my")
_BY = re.compile(r"\s+by\s")


@dataclass(frozen=True, slots=True)
class Doing:
    """Who comes first may change: the fox that chases the hero is named before the hero."""

    who: Who
    action: str
    relation: str
    things: tuple[str, ...]


def doing(text: str, told: Sequence[Mention], people: Sequence[Appearance], who: Who, things: tuple[str, ...]) -> Doing:
    """What a page tells of its figures; `things` are those that are there."""
    relation, who = _relation(text, told, people, who)
    found = [each for each in told if each.field == "action" and leads(each, text, people, who)]
    said = [each.word for each in found if each.word != "flying" or _flies(each, text, told, people, who)]
    action = next((telling for telling in TELLING if telling in said), "standing")
    if relation in ("fighting", "chasing", "holding hands"):
        return Doing(who, _together(relation, action), relation, ())
    return Doing(who, *_with_thing(action, things, relation))


def leads(mention: Mention, text: str, people: Sequence[Appearance], who: Who) -> bool:
    """Whether an action or mood is the first figure's: named last before it in its sentence, or joined by "and"."""
    earlier = _earlier(mention, text, people)
    if not earlier or earlier[-1].role in who[:1]:
        return True
    together = (_AND.fullmatch(text, each.end, earlier[-1].start) for each in earlier if each.role in who[:1])
    return any(together)


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that the text names, and whether it is there: not lost, looked for or asked about."""

    word: str
    start: int
    there: bool


def things_of(text: str, told: Sequence[Mention]) -> tuple[Thing, ...]:
    """Every mention of a thing outside of speech, in order."""
    absent = [
        (start, end)
        for start, end in sentence_spans(text)
        if "?" in text[start:end] or any(each.field == "lost" and start <= each.start < end for each in told)
    ]
    named = (each for each in told if each.field == "thing" and not each.spoken)
    return tuple(Thing(each.word, each.start, not inside(each.start, absent)) for each in named)


def things_there(text: str, told: Sequence[Mention], colours: Mapping[str, str]) -> tuple[str, ...]:
    """The thing that the page names last and that is still there."""
    there = {thing.word: thing.there for thing in things_of(text, told)}
    return tuple(f"{colours.get(thing, '')} {thing}".strip() for thing, is_there in there.items() if is_there)[-1:]


def colours_of_things(text: str, found: Sequence[Mention], language: Language) -> dict[str, str]:
    """The colour in which the story first tells each thing that comes in many: "red kite", "con diều đỏ"."""
    colours: dict[str, str] = {}
    for one, other in zip(found, found[1:], strict=False):
        colour, thing = (one, other) if language == "en" else (other, one)
        close = _GAP.fullmatch(text, one.end, other.start)
        if (colour.field, thing.field) == ("colour", "thing") and close and takes_colour(thing.word):
            colours.setdefault(thing.word, colour.word)
    return colours


def _earlier(mention: Mention, text: str, people: Sequence[Appearance]) -> list[Appearance]:
    """Who is named in the mention's sentence before it, outside of speech."""
    start = _sentence(mention, text)[0]
    return [each for each in people if start <= each.start < mention.start and not each.spoken]


def _sentence(mention: Mention, text: str) -> Span:
    return inside(mention.start, sentence_spans(text)) or (0, len(text))


def _flies(mention: Mention, text: str, told: Sequence[Mention], people: Sequence[Appearance], who: Who) -> bool:
    """Whether the first figure flies, and not its kite, its hair or the leaves: nothing much stands between."""
    earlier = _earlier(mention, text, people)
    if not earlier or earlier[-1].role not in who[:1] or mention.start - earlier[-1].end > NEAR:
        return False
    last, between = earlier[-1], text[earlier[-1].end : mention.start]
    of_its_own = text[last.start : last.end].lower() in _POSSESSIVE and " and " not in between  # "her hair flew"
    return not of_its_own and not any(
        each.field == "thing" and last.start < each.start < mention.start for each in told
    )


def _relation(text: str, told: Sequence[Mention], people: Sequence[Appearance], who: Who) -> tuple[str, Who]:
    """How two are together, with the one first who chases or hides; side by side when the page tells nothing."""
    found = [each for each in told if each.field == "relation" and each.word in RELATIONS and len(who) == 2]
    for mention in sorted(found, key=lambda each: RELATIONS.index(each.word)):
        pair = _pair(mention, text, people) if mention.word in DIRECTED else _both(mention, text, told, people, who)
        if set(pair) == set(who):
            return mention.word, pair
    return "beside", who


def _pair(mention: Mention, text: str, people: Sequence[Appearance]) -> Who:
    """Who chases whom, or who is behind whom: the last named before and the first named soon after."""
    earlier, end = _earlier(mention, text, people), _sentence(mention, text)[1]
    who = tuple(each.role for each in earlier[-1:])
    later = [each.role for each in people if mention.end <= each.start < min(end, mention.end + NEAR)]
    pair = (*who, *[role for role in later if role not in who][:1])
    return pair[::-1] if _BY.match(text, mention.end) else pair


def _both(mention: Mention, text: str, told: Sequence[Mention], people: Sequence[Appearance], who: Who) -> Who:
    """Both figures, when the sentence names both or says "they"."""
    start, end = _sentence(mention, text)
    named = {each.role for each in people if start <= each.start < end and not each.spoken}
    they = any(each.word == "they" and each.field == "pronoun" and start <= each.start < end for each in told)
    return who if they or named >= set(who) else ()


def _together(relation: str, action: str) -> str:
    """The pose that a relation asks for."""
    if relation == "holding hands":
        return "walking" if action in ("walking", "running") else "standing"
    return {"fighting": "fighting", "chasing": "running"}[relation]


def _with_thing(action: str, things: tuple[str, ...], relation: str) -> tuple[str, str, tuple[str, ...]]:
    """Action, relation and things that go together: a reader has a book, both hands full can do nothing else."""
    thing = split_colour(things[0])[1] if things else ""
    if action == "reading":
        return action, relation, things if thing == "book" else ("book",)
    if not things or action in ("sleeping", "flying"):
        return action, relation, ()
    if thing in props("both"):
        return "holding", relation, things
    return "walking" if action == "running" else action, relation, things
