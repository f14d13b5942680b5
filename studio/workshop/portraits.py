"""The portrait sheet: a taught hero in eight scenes that their photos never showed."""

from __future__ import annotations

from ..adapters.card import AdapterCard
from ..training.subject import called

SCENES = (
    "a happy {being} standing in the garden by day",
    "a happy {being} running on the beach at sunset",
    "a {being} sleeping in the bedroom at night",
    "a {being} reading in the forest by day with a book",
    "a surprised {being} waving in the snow by day",
    "a {being} sitting by the river at sunset with a fishing rod",
    "a happy {being} dancing in the old street at night with a star lantern",
    "a happy {being} flying in space",
)
SEED = 11


def prompts(card: AdapterCard) -> tuple[str, ...]:
    """One prompt for each scene, with the hero's trigger in it."""
    return tuple(called(scene.format(being=card.class_word), card.class_word, card.trigger) for scene in SCENES)
