"""Who is in the story: the names it gives, what kind of being each is, and the animals and people without a name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..pocket.world.description import PEOPLE
from .lexicon import Mention, inside, listed, mentions, phrases, spoken_spans
from .names import NAMED, capitals_never_small, proper_names, titled, whole
from .outfits import dressed, garments, habit
from .scene import Cast, Role
from .story import Language, Story

# What links a name to the kind that stands before or after it.
_KIND_THEN_NAME = re.compile(rf"[\s,]*(?:(?:\w+\s+){{0,4}}{NAMED}\s+)?")
_NAME_THEN_KIND = re.compile(r"(?:,? (?:the|a|an)|,? (?:is|was) (?:the|a|an)|,? là(?: một)?|, một)(?: \w+){0,3} ?")
ANYBODY = "anybody"
_SHE = ("girl", "woman", "grandmother", "princess", "witch")
_HE = ("boy", "man", "grandfather", "knight", "pirate")


@dataclass(frozen=True, slots=True)
class Appearance:
    """A place in a text that speaks of a role, by name, kind or pronoun."""

    role: Role
    start: int
    end: int
    by: str  # "name", "kind" or "pronoun"
    spoken: bool = False


def find_cast(story: Story) -> Cast:
    """All who appear in the story, the one most spoken of first. A name without any hint of its kind is a girl's."""
    names = [titled(story.text, name, story.language) for name in proper_names(story.text, story.language)]
    names = [
        one
        for one in dict.fromkeys(names)
        if not any(one != other and one in re.split(r"[\s-]", other) for other in names)
    ]
    found = mentions(story.text, story.language, names)
    roles = [Role(name, _kind_of(name, names, story, found)) for name in names]
    roles += _nameless(story, found, roles)
    roles = roles or [Role(name, "girl") for name in capitals_never_small(story.text, story.language, 1)[:1]]
    if not roles:
        return Cast()
    order = [name for name, _ in _presence(story, Cast(tuple(roles))).most_common()]
    roles.sort(key=lambda role: order.index(role.name) if role.name in order else len(order))
    cast = Cast(tuple(roles))
    people = appearances(story.text, cast, story.language)
    return Cast(tuple(_dressed(role, role == cast.hero, story.text, people, found) for role in roles))


def appearances(text: str, cast: Cast, language: Language) -> tuple[Appearance, ...]:
    """Where the text speaks of whom, in order. A kind or pronoun means the first role that it fits."""
    speech = spoken_spans(text)
    found = [
        Appearance(role, at.start(), at.end(), "name", inside(at.start(), speech) is not None)
        for role in cast.roles
        if role.name in cast.names
        for at in whole(*_ways(role.name, language)).finditer(text)
    ]
    by_name = sorted((each.start, each.end) for each in found)
    for mention in mentions(text, language, cast.names):
        role = _meant(mention, text[mention.start : mention.end], cast, language)
        if role and not inside(mention.start, by_name):
            found.append(Appearance(role, mention.start, mention.end, mention.field, mention.spoken))
    return tuple(sorted(found, key=lambda each: each.start))


def _may_mean(pronoun: str, role: Role, language: Language) -> bool:
    if pronoun == "me":
        return role.name in phrases(language, "pronoun")["me"]
    return pronoun in _pronouns(role.kind)


def _ways(name: str, language: Language) -> tuple[str, ...]:
    """How a name may stand in the text: "Captain Vera" also as "Vera", "Thạch Sanh" as "Sanh", "Tom Brown" as "Tom"."""
    first, _, rest = name.partition(" ")
    if not rest[:1].isupper():
        return (name,)
    titled = any(first.strip(".").lower() in said for said in phrases(language, "title").values())
    return (name, rest.rsplit(" ", 1)[-1] if titled or language == "vi" else first)


def _meant(mention: Mention, said: str, cast: Cast, language: Language) -> Role | None:
    """The role that a kind word stands for, or the hero when a pronoun fits; "I" is the teller."""
    if mention.field == "kind":
        alike = [role for role in cast.roles if role.kind == mention.word]
        person = _person(said, language)
        return next((role for role in alike if person in (ANYBODY, _person(role.name, language))), None)
    if mention.field != "pronoun" or mention.spoken or not cast.hero:
        return None
    if mention.word == "me":
        return next((role for role in cast.roles if role.name in phrases(language, "pronoun")["me"]), cast.hero)
    return cast.hero if mention.word in _pronouns(cast.hero.kind) else None


def _person(said: str, language: Language) -> str:
    """Who is meant among the men and women of a story: "father" for "daddy", anybody for "the man" and for all animals."""
    small, title = said.lower().removeprefix("the "), said.split()[0].strip(".").lower()
    kinds, titled = phrases(language, "kind"), said[len(title) :].strip(". ")[:1].isupper()  # "Uncle Teo"
    for person, names in phrases(language, "person").items():
        if small in names or (titled and title in names):
            return person
    return small if small in (*kinds["man"], *kinds["woman"]) else ANYBODY


def _pronouns(kind: str) -> tuple[str, ...]:
    """What may mean a hero of this kind."""
    own = ("she",) if kind in _SHE else ("he",) if kind in _HE else ("it", "she", "he")
    return (*own, "they")


def _presence(story: Story, cast: Cast) -> Counter[str]:
    """How often the story speaks of each role, in half points; a pronoun gives one to the first role that it fits."""
    presence: Counter[str] = Counter()
    for each in appearances(story.text, cast, story.language):
        if each.by != "pronoun":
            presence[each.role.name] += 2
    for mention in mentions(story.text, story.language):
        if mention.field == "pronoun" and not mention.spoken and mention.word in ("she", "he", "me"):
            fits = (
                role for role in cast.roles if role.kind in PEOPLE and _may_mean(mention.word, role, story.language)
            )
            presence[next(fits, cast.roles[0]).name] += 1
    return presence


# Kinds


def _kind_of(name: str, names: list[str], story: Story, found: Iterable[Mention]) -> str:
    """The kind that the story gives the name, else by title ("cậu Tí"), else by pronouns after it, else girl."""
    text, parents = story.text, listed(story.language, "parents")  # "mẹ Lan" is the mother of Lan
    kinds = [each for each in found if each.field == "kind" and text[each.start : each.end].lower() not in parents]
    places = [at.span() for at in whole(name).finditer(text)]
    for start, end in places:
        for kind in [each for each in kinds if each.end <= start][-1:]:
            if _KIND_THEN_NAME.fullmatch(text, kind.end, start):
                return kind.word
        for kind in [each for each in kinds if each.start >= end][:1]:
            if _NAME_THEN_KIND.fullmatch(text, end, kind.start):
                return kind.word
    return (
        _own_title(name, story.language)
        or _by_title(text, places, story.language)
        or _by_pronoun(name, names, text, found)
    )


def _own_title(name: str, language: Language) -> str:
    """The kind of a name's first word: a man for "Mr. Loc"."""
    first = name.split()[0].strip(".").lower()
    return next((kind for kind, said in phrases(language, "title").items() if first in said and " " in name), "")


def _by_title(text: str, places: list[tuple[int, int]], language: Language) -> str:
    for start, _ in places:
        last = text[max(0, start - 12) : start].split()[-1:]
        for kind, titles in phrases(language, "title").items():
            if last and last[0].lower() in titles:
                return kind
    return ""


def _by_pronoun(name: str, names: list[str], text: str, found: Iterable[Mention]) -> str:
    """Boy when, of the pronouns that follow this name before any other, more mean a boy than a girl."""
    places = sorted((at.start(), each) for each in names for at in whole(each).finditer(text))
    votes: Counter[str] = Counter()
    for mention in found:
        last = bisect_left(places, (mention.start, "")) - 1
        votes[mention.word] += last >= 0 and places[last][1] == name and mention.field == "pronoun"
    return "boy" if votes["he"] > votes["she"] else "girl"


def _nameless(story: Story, found: Iterable[Mention], named: list[Role]) -> list[Role]:
    """One role for each being that no name has, called as the story mostly calls it."""
    taken = {(role.kind, person) for role in named for person in (ANYBODY, _person(role.name, story.language))}
    called: dict[tuple[str, str], Counter[str]] = {}
    for mention in found:
        said = story.text[mention.start : mention.end]
        who = (mention.word, _person(said, story.language))
        if mention.field == "kind" and who not in taken:
            name = said[0].lower() + said[1:] if _first_word(story.text, mention) else said
            called.setdefault(who, Counter())[name] += 1
    known = {kind for kind, person in called if person != ANYBODY}
    return [
        Role(names.most_common(1)[0][0], kind)
        for (kind, person), names in called.items()
        if person != ANYBODY or kind not in known  # "the man" is the fisherman whom the story has told of
    ]


def _first_word(text: str, mention: Mention) -> bool:
    """Whether its capital comes from the sentence that it begins."""
    before = text[: mention.start].rstrip()
    return not before or before[-1] in '.!?…:“"”' or "\n" in text[len(before) : mention.start]


# Clothes


def _dressed(role: Role, hero: bool, text: str, people: Sequence[Appearance], found: tuple[Mention, ...]) -> Role:
    """The role with what it wears on every page that says nothing else: what the story says first, else a habit.

    A garment is of whom the text named last, or of the hero whom a pronoun means. An animal wears a scarf only as the hero, whom
    a reader must find at once.
    """
    for garment, colour in garments(text, found):
        start = min(garment.start, colour.start)
        before = (each for each in reversed(people) if each.start < start and (hero or each.by != "pronoun"))
        owner = next((each.role.name for each in before), role.name if hero else "")
        if owner == role.name:
            return replace(role, clothes=dressed(role, garment, colour))
    return replace(role, clothes=habit(role.kind)) if hero or role.kind in PEOPLE else role
