"""The word of the pocket world that comes nearest to what somebody says freely, in English or Vietnamese.

A phrase is read as a whole first; of the words in it the head counts: the last before "with", "of" and the like in
English, the first in Vietnamese. What it may be called comes from the world's own phrases, from the lexicon of stories,
and from `nearest.json`, which holds kin that no story should take for the thing itself: a lighthouse is drawn as a beach.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ..pocket.world.description import WEATHERS
from ..pocket.world.parts import table
from .lexicon import LOOK_BACK, listed, phrases, tokens
from .story import Language
from .wording import known, split_colour, takes_colour

WORLD = {"action": "pose", "thing": "prop"}  # what the world calls the fields of a scene
ARTICLES = ("a", "an", "the", "some", "một")
LINKS = {  # what follows them is no longer the head of the phrase
    "and", "or", "with", "of", "in", "on", "at", "by", "to", "from", "near", "for", "under", "over", "behind", "while", "who",
    "và", "với", "cùng", "của", "ở", "trong", "trên", "dưới", "bên", "cho", "khi",
}  # fmt: skip
ENDINGS = ("ings", "ing", "ly", "ed", "es", "s", "e")
REMEMBERED = 4096  # a book asks for the same few words page after page
SHORTEST = 3  # letters that an ending leaves: "bed" and "king" have none

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A word of the world for the tokens from `start` to before `end`."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=REMEMBERED)
def nearest(field: str, said: str) -> str:
    """The world's word nearest to a word or short phrase; empty when nothing is near.

    `field` is of a scene ("thing", "action") or of the world ("prop", "pose"). A thing or garment keeps its colour: "red
    jacket" for a crimson coat.
    """
    field = _of_scene(field)
    if own := named(field, said):
        return own
    for language in _languages(said):
        keys = _keys(said)
        found = _all(field, keys, language)
        if found:
            head = max(found, key=_harm) if field == "weather" else _head(found, keys, language)
            return _with_colour(field, head, keys, language)
    return ""


@lru_cache(maxsize=REMEMBERED)
def named(field: str, said: str) -> str:
    """The world's word that a text is, by itself or as one of its phrases; empty for any other text."""
    colour, bare = split_colour(_without_article(said))
    word = next((own[key] for own in _own(_of_scene(field)) if (key := tuple(_keys(bare))) in own), "")
    return f"{colour} {word}".strip() if word else ""


def stems(said: str) -> frozenset[str]:
    """The words without their endings: the same for "red kites" and "Red kite"."""
    return frozenset(_stem(key) for key in _keys(said))


def _of_scene(field: str) -> str:
    return next((ours for ours, theirs in WORLD.items() if theirs == field), field)


def _languages(said: str) -> tuple[Language, Language]:
    """The likelier language first: hardly an English word has accents, hardly a Vietnamese phrase none."""
    return ("en", "vi") if said.isascii() else ("vi", "en")


def _keys(said: str) -> list[str]:
    return [token.key for token in tokens(said)]


def _without_article(said: str) -> str:
    first, _, rest = said.strip().partition(" ")
    return rest if first.lower() in ARTICLES and rest else said.strip()


# Finding


def _all(field: str, keys: Sequence[str], language: Language) -> list[_Found]:
    """All words of the field in order, each from the longest phrase that begins there."""
    found, at = [], 0
    while at < len(keys):
        one = _longest(field, keys, at, language)
        if one and one.word and not _denied(keys[max(0, at - LOOK_BACK) : at]):
            found.append(one)
        at = one.end if one else at + 1
    return found


def _longest(field: str, keys: Sequence[str], at: int, language: Language) -> _Found | None:
    whole, stemmed, longest = _book(field, language)
    for end in range(min(len(keys), at + longest), at, -1):
        key = tuple(keys[at:end])
        word = whole.get(key, stemmed.get(tuple(map(_stem, key))))
        if word is not None:
            return _Found(word, at, end)
    return None


def _denied(before: Sequence[str]) -> bool:
    told = f" {' '.join(before)} "
    return any(f" {denial} " in told for denial in (*listed("en", "denial"), *listed("vi", "denial")))


def _head(found: Sequence[_Found], keys: Sequence[str], language: Language) -> _Found:
    """What the phrase is about: "girl" in "a farmer's girl with a dog"."""
    head = found[0]
    for other in found[1:] if language == "en" else ():
        if any(key in LINKS or not key[0].isalnum() for key in keys[head.end : other.start + 1] if key != "'"):
            break
        head = other
    return head


def _harm(found: _Found) -> int:
    """The worst weather of several is what a picture shows: rain, when it rains and blows."""
    return WEATHERS.index(found.word)


def _with_colour(field: str, found: _Found, keys: Sequence[str], language: Language) -> str:
    """The word with the colour told just before it, or in Vietnamese just after it, where it takes one."""
    if field not in ("thing", "clothes") or (field == "thing" and not takes_colour(found.word)):
        return found.word
    before, after = keys[max(0, found.start - LOOK_BACK) : found.start], keys[found.end : found.end + LOOK_BACK]
    colours = _all("colour", before if language == "en" else after, language)
    return f"{colours[-1 if language == 'en' else 0].word} {found.word}" if colours else found.word


# What things are called


@cache
def _book(field: str, language: Language) -> tuple[dict[Key, str], dict[Key, str], int]:
    """What may be said for each word of the field, the same without endings, and the most words of one phrase.

    Phrases that only look like something ("hot dog") stand for the empty word.
    """
    own = _own(field) if field != "colour" else ()  # the world has colours of hair that nothing else takes
    said = [*_in_lexicon(field, language), *_kin(field, language), *(pair for words in own for pair in words.items())]
    whole = {tuple(_keys(phrase)): "" for phrase in listed(language, "nothing")} | dict(said)
    stemmed = {tuple(map(_stem, key)): word for key, word in said}
    return whole, stemmed, max(map(len, whole))


@cache
def _own(field: str) -> tuple[dict[Key, str], ...]:
    """The world's words, and its phrases in both languages that take no colour."""
    name = WORLD.get(field, field)
    words = {tuple(_keys(word)): word for word in known(name)}
    return words, *(_keyed(table("phrases")[language].get(name, {})) for language in ("en", "vi"))


def _keyed(called: dict[str, str | list[str]]) -> dict[Key, str]:
    pairs = [(word, one) for word, said in called.items() for one in ([said] if isinstance(said, str) else said)]
    return {tuple(_keys(one)): word for word, one in reversed(pairs) if one and "{" not in one}


def _in_lexicon(field: str, language: Language) -> Iterable[tuple[Key, str]]:
    for word, said in phrases(language, field).items():
        yield from ((tuple(_keys(one)), word) for one in said)
    for name in ("animal", "rare animal") if field == "kind" else ():
        for word, animals in phrases(language, name).items():
            for polite in ("", *listed(language, "classifier")):  # "bác gấu" is a bear, though "bác" alone is a man
                yield from ((tuple(_keys(f"{polite} {animal}")), word) for animal in animals)


def _kin(field: str, language: Language) -> Iterable[tuple[Key, str]]:
    for word, said in kin()[language].get(field, {}).items():
        yield from ((tuple(_keys(one)), word) for one in said)


@cache
def kin() -> dict[str, dict[str, dict[str, list[str]]]]:
    """By language and field, what is drawn as each word of the world although it is something else."""
    return json.loads(Path(__file__).with_name("nearest.json").read_text(encoding="utf-8"))


def _stem(word: str) -> str:
    """The word without plural or verb ending and without a doubled letter: "swim" of "swimming"."""
    if not word.isascii() or word.endswith(("ies", "ied", "ily")):
        return f"{word[:-3]}y" if word.isascii() and len(word) > SHORTEST + 1 else word
    ending = next((one for one in ENDINGS if word.endswith(one) and len(word) >= SHORTEST + len(one)), "")
    bare = word if word.endswith("ss") else word.removesuffix(ending)
    return bare[:-1] if len(bare) > SHORTEST and bare[-1] == bare[-2] else bare
