"""What one scene of the pocket world contains, as plain data: the single source of both its picture and its captions."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = (
    "girl", "boy", "woman", "man", "grandmother", "grandfather", "baby", "princess", "knight", "pirate", "astronaut", "witch",
)  # fmt: skip
ANIMALS = (
    "cat", "dog", "rabbit", "bear", "fox", "pig", "mouse", "elephant", "lion", "tiger", "monkey", "cow", "buffalo", "horse", "duck",
    "chicken", "frog", "turtle", "fish", "owl", "panda", "dragon", "monster",
)  # fmt: skip
SUBJECTS = PEOPLE + ANIMALS
PLACES = (
    "forest", "beach", "snow", "city", "space", "bedroom", "rice field", "river", "garden", "village", "stilt house", "market",
    "old street", "farm", "kitchen", "classroom", "playground", "castle", "sea", "ship",
)  # fmt: skip
INDOORS = ("bedroom", "kitchen", "classroom")
TIMELESS = ("space", "sea")  # where no sky tells the hour
TIMES = ("day", "sunset", "night")
WEATHERS = ("sun", "rain", "snow", "storm")
POSES = (
    "standing", "walking", "running", "sitting", "sleeping", "waving", "flying", "reading", "holding", "dancing", "fighting",
)  # fmt: skip
MOODS = ("happy", "sad", "surprised", "angry", "afraid")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
HAIR_COLOURS = ("black", "brown", "blond", "ginger", "grey")
SKINS = ("light", "tan", "brown", "dark")
VIEWS = ("near", "middle", "far")
RELATIONS = ("beside", "behind", "chasing", "holding hands", "fighting")


@dataclass(frozen=True, slots=True)
class Figure:
    """One person or animal. Animals wear only `colour`, as a scarf; people use every attribute."""

    kind: str
    pose: str = "standing"
    mood: str = "happy"
    colour: str = "red"
    clothes: str = "none"
    hair_colour: str = "black"
    hair_style: str = "none"
    skin: str = "light"
    hat: str = "none"
    glasses: str = "none"
    beard: str = "none"
    faces_left: bool = False
    sheet: str = ""  # a part file in place of its kind's own, for somebody whom the world does not know


@dataclass(frozen=True, slots=True)
class Description:
    """A whole scene: one to three figures from left to right, where, when, and a thing with the figure `hero`."""

    figures: tuple[Figure, ...]
    place: str
    time: str = "day"
    weather: str = "sun"
    view: str = "middle"
    relation: str = "beside"  # of the hero to the others; says nothing when alone
    hero: int = 0  # which figure is named first and has the thing
    prop: str = "none"
    prop_colour: str = ""  # told only of things that come in many colours
    seed: int = 0  # varies the background and small things

    @property
    def named(self) -> tuple[Figure, ...]:
        """The figures in the order in which words name them: the hero first."""
        return (self.figures[self.hero], *(f for i, f in enumerate(self.figures) if i != self.hero))
