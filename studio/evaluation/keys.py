"""Stories with a key made by hand: who is there and where, passage by passage. They lie in `assets/stories`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..settings import ASSETS
from ..story.story import Language, Story

STORIES = ASSETS / "stories"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the key, the names by which the story calls them in lower case, and what kind of being they are."""

    name: str
    kind: str
    called: frozenset[str]


@dataclass(frozen=True, slots=True)
class Passage:
    """A few sentences with the same people in the same place; `where` lists all places that are right, the best first."""

    text: str
    who: tuple[str, ...]
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyedStory:
    """A story, into how many pages a person would divide it, and its key."""

    id: str
    story: Story
    pages: int
    shape: str  # prose, dialogue, rhyme or list
    people: tuple[Person, ...]
    passages: tuple[Passage, ...]


def keyed_stories(folder: Path = STORIES) -> tuple[KeyedStory, ...]:
    """All stories with a key, English ones first."""
    return tuple(_read(path) for path in sorted(folder.glob("*/*.toml")))


def _read(path: Path) -> KeyedStory:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    language: Language = told["language"]
    passages = [Passage(one["text"], tuple(one["who"]), tuple(one["where"])) for one in told["passage"]]
    people = tuple(_person(one) for one in told["cast"])
    story = Story(_joined(told["passage"]), language, told["title"])
    return KeyedStory(path.stem, story, told["pages"], told["shape"], people, tuple(passages))


def _person(told: dict[str, Any]) -> Person:
    return Person(told["name"], told["kind"], frozenset(map(bare, (told["name"], *told.get("also", ())))))


def bare(name: str) -> str:
    """A name in lower case, without the article before it."""
    small = " ".join(name.casefold().split())
    return small.removeprefix("the ").removeprefix("a ").removeprefix("an ")


def _joined(passages: list[dict[str, Any]]) -> str:
    text = ""
    for one in passages:
        text += (" " if one.get("joined") else "\n\n" if text else "") + one["text"]
    return text
