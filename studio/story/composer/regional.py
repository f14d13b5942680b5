"""What is told of the part of a picture in which one of several heroes stands.

A hero was taught named first, alone or beside somebody plain: on the left "a may girl and a dog", on the right "a may girl on
the right and a dog on the left". Told second, or among three, a hero comes out half. So each is told the scene from their own
side, with one other who is any of their kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...adapters.card import AdapterCard
from ..scene import Cast, Role, Scene
from .figures import drawn_roles

MOVES = {"chasing": "running", "fighting": "fighting"}  # what figures do in relations that no side can be told with


def seen_by(
    name: str, scene: Scene, cast: Cast, cards: Mapping[str, AdapterCard], order: Sequence[str] = ()
) -> tuple[Scene, Cast]:
    """The scene and the cast as the hero called `name`, one of those drawn, is told them: with who stands next to them on the
    left, or for the first one on the right, and nobody else.

    `order` are the figures' names from the left to the right; without it they stand as the prompt names them.
    """
    roles = drawn_roles(scene, cast)
    seen = Cast(tuple(role if role.name == name else _plain(role, cards) for role in roles))
    names = tuple(role.name for role in roles)
    order = tuple(order) or names
    at = order.index(name)
    scene = replace(
        scene,
        who=(name, order[at - 1] if at else order[1]),
        relation="right" if at else "beside",
        action=MOVES.get(scene.relation, scene.action) if len(names) == 2 else scene.action,
    )
    return _led_by(name, names[0], scene), seen


def _led_by(leader: str, before: str, scene: Scene) -> Scene:
    """The scene with another figure named first: what the page tells of the former leader alone stays theirs."""
    if leader == before:
        return scene
    new, old = scene.bearing(leader), scene.bearing(before)
    return replace(
        scene,
        action=new.action or scene.action,
        mood=new.mood,
        bearings=(
            replace(old, action=scene.action, mood=scene.mood),
            *(one for one in scene.bearings if one.who != before),
        ),
    )


def _plain(role: Role, cards: Mapping[str, AdapterCard]) -> Role:
    """Somebody of the same kind; whom a trained character plays is of that character's kind, and dressed as anybody."""
    card = cards.get(role.character)
    return replace(role, character="", kind=card.class_word, clothes="", look="") if card else role
