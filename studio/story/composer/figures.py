"""Who is in the picture, and what the page and the cast tell of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...adapters.card import AdapterCard
from ..scene import Cast, Role, Scene
from .parts import Fate

MOST = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with all that is told of it; empty words say nothing. A trained character brings its looks and clothes."""

    kind: str
    trigger: str = ""  # of a trained character
    class_word: str = ""
    action: str = ""
    mood: str = ""
    clothes: str = ""
    look: str = ""


def figures_of(scene: Scene, cast: Cast, cards: Mapping[str, AdapterCard], fate: Fate) -> tuple[Figure, ...]:
    """The figures that are drawn, three at most; the hero when the page names nobody of the cast."""
    known, here = {role.name for role in cast.roles}, _here(scene, cast)
    seen = [role for role in here if role.drawn]
    fate.dropped += [name for name in scene.who if name not in known] + [role.name for role in seen[MOST:]]
    return tuple(_figure(role, role is here[0], role is seen[0], scene, cards) for role in seen[:MOST])


def drawn_roles(scene: Scene, cast: Cast) -> tuple[Role, ...]:
    """The roles of those figures, in the order in which the prompt names them."""
    return tuple(role for role in _here(scene, cast) if role.drawn)[:MOST]


def _here(scene: Scene, cast: Cast) -> list[Role]:
    named = {role.name: role for role in reversed(cast.roles)}
    return [named[name] for name in dict.fromkeys(scene.who) if name in named] or [*cast.roles[:1]]


def _figure(role: Role, leads: bool, first: bool, scene: Scene, cards: Mapping[str, AdapterCard]) -> Figure:
    """A role with its card and bearing; who comes first in place of a leader that is not drawn does what the leader does."""
    card = cards.get(role.character) if role.character else None
    bearing = scene.bearing(role.name)
    return Figure(
        kind=role.kind,
        trigger=card.trigger if card else "",
        class_word=card.class_word if card else "",
        action=scene.action if leads else bearing.action or (scene.action if first else ""),
        mood=scene.mood if leads else bearing.mood,
        clothes=bearing.clothes or ("" if card else role.clothes),
        look="" if card else role.look,
    )
