"""A scene told in the person's language."""

from __future__ import annotations

from ..pocket.world.description import MOODS, PLACES, POSES, RELATIONS, SUBJECTS, TIMES, WEATHERS
from ..story.scene import Scene
from ..story.telling import Telling
from ..story.wording import known
from .language import _, language

CHOICES = {
    "kind": SUBJECTS, "action": POSES, "place": PLACES, "time": TIMES, "weather": WEATHERS, "mood": MOODS, "relation": RELATIONS,
    "thing": ("none", *known("prop")),
}  # fmt: skip


def word(field: str, said: str) -> str:
    """One word of a field in the person's language; a word that nobody knows stands as it is."""
    return Telling(language(), _).word(field, said)


def told(scene: Scene) -> str:
    """The scene in one line: 'May and Rex running in the forest, at night, in the rain, with a balloon'."""
    return Telling(language(), _).told(scene)
