"""Who is in the story: the names it gives, what kind of being each is, and the animals and people without a name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..pocket.world.description import PEOPLE
from ..pocket.world.parts import table
from .lexicon import Mention, Token, inside, listed, mentions, phrases, spoken_spans, tokens
from .scene import Cast, Role
from .story import Language, Story

# What links a name to the kind that stands before or after it.
_NAMED = r"(?:(?:who is|who was|whose|her|his|is|was) )?(?:named|called|name (?:is|was)|tên(?: gọi)?(?: là)?|gọi là)"
_KIND_THEN_NAME = re.compile(rf"[\s,]*(?:{_NAMED}\s+)?")
_NAME_THEN_KIND = re.compile(r"(?:,? (?:the|a|an)|,? (?:is|was) (?:the|a|an)|,? là(?: một)?|, một)(?: \w+){0,3} ?")
_INTRODUCED = re.compile(rf"\b{_NAMED}\s+$")
# The hero's colour, if the story is silent; red for all others.
_HABIT = {
    "boy": "blue", "man": "blue", "woman": "green", "grandmother": "purple", "grandfather": "green", "baby": "yellow",
    "princess": "pink", "astronaut": "orange", "witch": "purple",
}  # fmt: skip
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
    names = _names(story.text, story.language)
    found = mentions(story.text, story.language, names)
    roles = [Role(name, _kind_of(name, names, story, found)) for name in names]
    roles += _nameless(story.text, found, {role.kind for role in roles})
    roles = roles or [Role(name, "girl") for name in _capitals_never_small(story.text, story.language, 1)[:1]]
    if not roles:
        return Cast()
    order = [name for name, _ in _presence(story, Cast(tuple(roles))).most_common()]
    roles.sort(key=lambda role: order.index(role.name) if role.name in order else len(order))
    hero = replace(roles[0], clothes=_clothes(story, Cast(tuple(roles)), found))
    return Cast((hero, *roles[1:]))


def appearances(text: str, cast: Cast, language: Language) -> tuple[Appearance, ...]:
    """Where the text speaks of whom, in order. A kind or pronoun means the first role that it fits."""
    speech = spoken_spans(text)
    found = [
        Appearance(role, at.start(), at.end(), "name", inside(at.start(), speech) is not None)
        for role in cast.roles
        if role.name in cast.names
        for at in _whole(role.name).finditer(text)
    ]
    by_name = sorted((each.start, each.end) for each in found)
    for mention in mentions(text, language, cast.names):
        role = _meant(mention, cast)
        if role and not inside(mention.start, by_name):
            found.append(Appearance(role, mention.start, mention.end, mention.field, mention.spoken))
    return tuple(sorted(found, key=lambda each: each.start))


def companions(text: str, language: Language) -> bool:
    """Whether the text speaks of the hero and somebody together: "they", "cả hai"."""
    return any(each.field == "pronoun" and each.word == "they" for each in mentions(text, language) if not each.spoken)


def _meant(mention: Mention, cast: Cast) -> Role | None:
    """The role that a kind word stands for, or the hero when a pronoun fits."""
    if mention.field == "kind":
        return next((role for role in cast.roles if role.kind == mention.word), None)
    fits = mention.field == "pronoun" and not mention.spoken and cast.hero and mention.word in _pronouns(cast.hero.kind)
    return cast.hero if fits else None


def _pronouns(kind: str) -> tuple[str, ...]:
    """What may mean a hero of this kind; "me" is the teller, who is the hero of the tale."""
    own = ("she",) if kind in _SHE else ("he",) if kind in _HE else ("it", "she", "he")
    return (*own, "they", "me")


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _presence(story: Story, cast: Cast) -> Counter[str]:
    """How often the story speaks of each role, in half points; a pronoun gives one to the first role that it fits."""
    presence: Counter[str] = Counter()
    for each in appearances(story.text, cast, story.language):
        if each.by != "pronoun":
            presence[each.role.name] += 2
    for mention in mentions(story.text, story.language):
        if mention.field == "pronoun" and not mention.spoken and mention.word in ("she", "he", "me"):
            fits = (role for role in cast.roles if role.kind in PEOPLE and mention.word in _pronouns(role.kind))
            presence[next(fits, cast.roles[0]).name] += 1
    return presence


# Names


def _names(text: str, language: Language) -> list[str]:
    """Proper names: introduced ("named May", "the dog Rex"), or capitalised within a sentence and repeated."""
    seen, nearby, introduced = Counter[str](), Counter[str](), set[str]()
    for name, before in _capitalised(text, language):
        seen[name] += 1
        nearby[name] += before.rstrip().rsplit(" ", 1)[-1].lower() in listed(language, "nearby")
        if _INTRODUCED.search(before) or _ends_with_kind(before, language):
            introduced.add(name)
    names = [
        name
        for name in seen
        if name in introduced or (len(_whole(name).findall(text)) > 1 and nearby[name] * 2 < seen[name])
    ]
    teller = _teller(text, language) if not introduced else []
    often = _capitals_never_small(text, language, 3) if names else _capitals_never_small(text, language, 2)[:1]
    return list(dict.fromkeys([*teller, *names, *(name for name in often if name not in seen)]))


def _ends_with_kind(before: str, language: Language) -> bool:
    kinds = [each for each in mentions(before, language) if each.field == "kind"]
    return bool(kinds) and kinds[-1].end == len(before.rstrip())


def _teller(text: str, language: Language) -> list[str]:
    """What the teller calls itself, in a story that says "I" outside of speech."""
    count = sum(each.word == "me" and not each.spoken for each in mentions(text, language))
    return [phrases(language, "pronoun")["me"][0]] if count > 2 else []


def _capitalised(text: str, language: Language) -> Iterator[tuple[str, str]]:
    """Runs of capitalised words that do not begin a sentence, each with the text before it."""
    words, at = tokens(text), 0
    while at < len(words):
        end = at + 1
        if _is_capital(text, words[at]) and not _begins(text, words, at):
            while end < len(words) and _is_capital(text, words[end]) and _touch(text, words[end - 1], words[end]):
                end += 1
            if name := _bare(text, words[at:end], language):
                start = text.index(name, words[at].start)
                yield name, text[max(0, start - 40) : start]
        at = end


def _bare(text: str, run: list[Token], language: Language) -> str:
    """The name without "Bé", "Mr" or "the" before it; empty when nothing is left or it is a kind ("Chú Thỏ")."""
    while run and run[0].key in listed(language, "starters"):
        run = run[1:]
    name = text[run[0].start : run[-1].end] if run else ""
    common = " ".join(token.key for token in run) in listed(language, "starters") or len(name) < 2
    return "" if common or any(found.field == "kind" for found in mentions(name, language)) else name


def _capitals_never_small(text: str, language: Language, least: int) -> list[str]:
    """Words that are always capitalised, at least so often: the heroes of "Tom ran. Tom sat.", who begin sentences."""
    words = tokens(text)
    small = {token.key for token in words if not _is_capital(text, token)} | set(listed(language, "starters"))
    capitals = Counter(_bare(text, [token], language) for token in words if token.key not in small)
    return [name for name, count in capitals.most_common() if name and count >= least]


def _is_capital(text: str, token: Token) -> bool:
    word = text[token.start : token.end]
    return word[:1].isupper() and not (len(word) > 1 and word.isupper())


def _begins(text: str, words: list[Token], at: int) -> bool:
    """Whether the word begins a sentence, a speech or a line."""
    if at == 0 or "\n" in text[words[at - 1].end : words[at].start]:
        return True
    return not words[at - 1].is_word and words[at - 1].key not in ",;()"


def _touch(text: str, one: Token, other: Token) -> bool:
    return text[one.end : other.start] in (" ", "-")


# Kinds


def _kind_of(name: str, names: list[str], story: Story, found: Iterable[Mention]) -> str:
    """The kind that the story gives the name, else by title ("cậu Tí"), else by pronouns after it, else girl."""
    text, parents = story.text, listed(story.language, "parents")  # "mẹ Lan" is the mother of Lan
    kinds = [each for each in found if each.field == "kind" and text[each.start : each.end].lower() not in parents]
    places = [at.span() for at in _whole(name).finditer(text)]
    for start, end in places:
        for kind in kinds:
            before = kind.end <= start and _KIND_THEN_NAME.fullmatch(text, kind.end, start)
            after = kind.start >= end and _NAME_THEN_KIND.fullmatch(text, end, kind.start)
            if before or after:
                return kind.word
    return _by_title(text, places, story.language) or _by_pronoun(name, names, text, found)


def _by_title(text: str, places: list[tuple[int, int]], language: Language) -> str:
    for start, _ in places:
        last = text[max(0, start - 12) : start].split()[-1:]
        for kind, titles in phrases(language, "title").items():
            if last and last[0].lower() in titles:
                return kind
    return ""


def _by_pronoun(name: str, names: list[str], text: str, found: Iterable[Mention]) -> str:
    """Boy when, of the pronouns that follow this name before any other, more mean a boy than a girl."""
    places = sorted((at.start(), each) for each in names for at in _whole(each).finditer(text))
    votes: Counter[str] = Counter()
    for mention in found:
        last = bisect_left(places, (mention.start, "")) - 1
        votes[mention.word] += last >= 0 and places[last][1] == name and mention.field == "pronoun"
    return "boy" if votes["he"] > votes["she"] else "girl"


def _nameless(text: str, found: Iterable[Mention], named: set[str]) -> list[Role]:
    """One role for each kind that no name has, called as the story first calls it."""
    roles: dict[str, Role] = {}
    for mention in found:
        if mention.field == "kind" and mention.word not in named:
            said = text[mention.start : mention.end]
            name = said[0].lower() + said[1:] if _first_word(text, mention) else said
            roles.setdefault(mention.word, Role(name, mention.word))
    return list(roles.values())


def _first_word(text: str, mention: Mention) -> bool:
    """Whether its capital comes from the sentence that it begins."""
    before = text[: mention.start].rstrip()
    return not before or before[-1] in '.!?…:“"”' or "\n" in text[len(before) : mention.start]


# Clothes


def _clothes(story: Story, cast: Cast, found: tuple[Mention, ...]) -> str:
    """What the hero wears on every page: what the story says first ("yellow dress"), else a habit of the kind."""
    kind = cast.roles[0].kind
    allowed = table("people/kinds").get(kind, {"clothes": ["scarf"]})["clothes"]
    people = [
        each for each in appearances(story.text, cast, story.language) if each.by != "pronoun" or each.role == cast.hero
    ]
    for one, other in zip(found, found[1:], strict=False):
        pair = {one.field: one, other.field: other}
        owner = next((each.role for each in reversed(people) if each.start < one.start), cast.hero)
        if set(pair) == {"colour", "clothes"} and len(story.text[one.end : other.start]) < 8 and owner == cast.hero:
            garment = pair["clothes"].word
            return f"{pair['colour'].word} {garment if garment in allowed else allowed[0]}"
    return f"{_HABIT.get(kind, 'red')} {allowed[0]}"
