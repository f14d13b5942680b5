"""The portrait sheet: a taught hero in eight scenes that their photos never showed, and that they were not taught in."""

from __future__ import annotations

from ..adapters.card import AdapterCard
from ..pocket.world.captions import canonical
from ..pocket.world.description import Description, Figure
from ..training.subject import called

SEED = 11
PLACES = (  # place, hour, mood, pose and thing
    ("garden", "day", "happy", "standing", "none"),
    ("beach", "sunset", "happy", "running", "none"),
    ("bedroom", "night", "", "sleeping", "none"),
    ("forest", "day", "", "reading", "book"),
    ("snow", "day", "surprised", "waving", "none"),
    ("river", "sunset", "", "sitting", "rod"),
    ("old street", "night", "happy", "dancing", "lantern"),
    ("space", "day", "happy", "flying", "none"),
)
STAGES = frozenset((place, hour) for place, hour, *_ in PLACES)


def scenes(kind: str) -> tuple[Description, ...]:
    """The eight scenes with one of the kind."""
    return tuple(
        Description((Figure(kind, pose, mood, colour=""),), place, hour, prop=thing)
        for place, hour, mood, pose, thing in PLACES
    )


def plain(kind: str) -> tuple[str, ...]:
    """One prompt for each scene, about one of the kind."""
    return tuple(canonical(scene) for scene in scenes(kind))


def prompts(card: AdapterCard) -> tuple[str, ...]:
    """One prompt for each scene, with the hero's trigger in it."""
    return tuple(called(told, card.class_word, card.trigger) for told in plain(card.class_word))
