"""A scene told in the person's language, from the lexicon words in which it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import N_
from ..pocket.world.description import MOODS, PLACES, POSES, PROPS, SUBJECTS, TIMES, WEATHERS
from ..story.scene import Scene
from .language import _

WORDS: dict[str, str] = {
    # who
    "girl": N_("girl"), "boy": N_("boy"), "grandmother": N_("grandmother"), "cat": N_("cat"), "dog": N_("dog"),
    "rabbit": N_("rabbit"), "bear": N_("bear"), "fox": N_("fox"), "pig": N_("pig"), "elephant": N_("elephant"),
    "duck": N_("duck"), "buffalo": N_("buffalo"), "turtle": N_("turtle"), "dragon": N_("dragon"),
    # what they do
    "standing": N_("standing"), "waving": N_("waving"), "running": N_("running"), "sitting": N_("sitting"),
    "sleeping": N_("sleeping"),
    # where
    "forest": N_("in the forest"), "beach": N_("on the beach"), "snow": N_("in the snow"), "city": N_("in the city"),
    "space": N_("in space"), "bedroom": N_("in the bedroom"), "rice field": N_("in the rice field"),
    "river": N_("by the river"), "garden": N_("in the garden"), "village": N_("in the village"),
    # when, the weather, the mood
    "day": N_("by day"), "sunset": N_("at sunset"), "night": N_("at night"),
    "clear": N_("clear sky"), "rain": N_("in the rain"),
    "happy": N_("happy"), "sad": N_("sad"), "surprised": N_("surprised"),
    # what they hold
    "none": N_("nothing"), "balloon": N_("with a balloon"), "kite": N_("with a kite"), "ball": N_("with a ball"),
    "flower": N_("with a flower"), "lantern": N_("with a lantern"), "book": N_("with a book"),
    "umbrella": N_("with an umbrella"),
}  # fmt: skip
CHOICES = {"action": POSES, "place": PLACES, "time": TIMES, "weather": WEATHERS, "mood": MOODS, "thing": PROPS}
PEOPLE_AND_ANIMALS = SUBJECTS


def word(lexicon: str) -> str:
    """One lexicon word in the person's language; a word that nobody knows stands as it is."""
    return _(WORDS[lexicon]) if lexicon in WORDS else lexicon


def told(scene: Scene) -> str:
    """The scene in one line: 'May and Rex running in the forest, at night, in the rain, with a balloon'."""
    parts = [f"{_named(scene.who)} {word(scene.action)} {word(scene.place)}".strip(), word(scene.time)]
    if scene.weather != "clear":
        parts.append(word(scene.weather))
    return ", ".join([*parts, *map(word, _held(scene.things))])


def _named(names: Sequence[str]) -> str:
    """'May', 'May and Rex', 'May, Rex and Grandma'."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def _held(things: Iterable[str]) -> tuple[str, ...]:
    return tuple(thing for thing in things if thing != "none")
