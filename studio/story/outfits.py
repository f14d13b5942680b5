"""What everybody wears: what the story says of them first, and what they put on later until they take it off again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..pocket.world.description import PEOPLE
from ..pocket.world.parts import table
from .lexicon import Mention, listed
from .scene import Role
from .story import Language

NEAR = 8  # characters between a colour and the garment that it is of
AFTER = 60  # characters after "put on" in which the garment follows
HABIT = {  # the colour of a kind of whom the story says none; red for all others
    "boy": "blue", "man": "blue", "woman": "green", "grandmother": "purple", "grandfather": "green", "baby": "yellow",
    "princess": "pink", "astronaut": "orange", "witch": "purple",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """From a place in the text on somebody wears something else; empty clothes are those of the beginning."""

    start: int
    who: str
    clothes: str


def habit(kind: str) -> str:
    """What somebody of a kind wears of whose clothes the story says nothing: "blue shirt"."""
    return f"{HABIT.get(kind, 'red')} {_allowed(kind)[0]}"


def dressed(role: Role, garment: Mention, colour: Mention) -> str:
    """A garment of the story as the world dresses this kind: "yellow dress"."""
    allowed = _allowed(role.kind)
    return f"{colour.word} {garment.word if garment.word in allowed else allowed[0]}"


def garments(text: str, found: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Every garment with the colour that stands beside it."""
    pairs = []
    for one, other in zip(found, found[1:], strict=False):
        pair = {one.field: one, other.field: other}
        if set(pair) == {"colour", "clothes"} and len(text[one.end : other.start]) < NEAR:
            pairs.append((pair["clothes"], pair["colour"]))
    return pairs


def changes(
    text: str, language: Language, found: Sequence[Mention], owner: Sequence[tuple[int, Role]]
) -> tuple[Change, ...]:
    """Who puts on what and takes it off again, in order; `owner` tells of whom the text speaks from each place on."""
    told = []
    for garment, colour in garments(text, found):
        role = _last(owner, min(garment.start, colour.start))
        if role and role.kind in PEOPLE and not garment.spoken and _after(text, garment, language, "puts on"):
            told.append(Change(garment.start, role.name, dressed(role, garment, colour)))
    for garment in (each for each in found if each.field == "clothes" and not each.spoken):
        role = _last(owner, garment.start)
        if role and _after(text, garment, language, "takes off"):
            told.append(Change(garment.start, role.name, ""))
    return tuple(sorted(told, key=lambda change: change.start))


def _after(text: str, garment: Mention, language: Language, field: str) -> bool:
    """Whether a verb of dressing stands shortly before the garment, with no end of a sentence between."""
    before = text[max(0, garment.start - AFTER) : garment.start].lower()
    last = max(before.rfind(mark) for mark in ".!?\n")
    return any(f" {verb} " in f" {before[last + 1 :]}" for verb in listed(language, field))


def _last(owner: Sequence[tuple[int, Role]], at: int) -> Role | None:
    return next((role for start, role in reversed(owner) if start < at), None)


def _allowed(kind: str) -> Sequence[str]:
    return table("people/kinds").get(kind, {"clothes": ["scarf"]})["clothes"]
