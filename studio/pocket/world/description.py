"""What one scene of the pocket world contains, as plain data: the single source of both its picture and its captions."""

from __future__ import annotations

from dataclasses import dataclass, field

PEOPLE = ("girl", "boy", "grandmother")
ANIMALS = ("cat", "dog", "rabbit", "bear", "fox", "pig", "elephant", "duck", "buffalo", "turtle", "dragon")
SUBJECTS = PEOPLE + ANIMALS
PLACES = ("forest", "beach", "snow", "city", "space", "bedroom", "rice field", "river", "garden", "village")
TIMES = ("day", "sunset", "night")
POSES = ("standing", "waving", "running", "sitting", "sleeping")
MOODS = ("happy", "sad", "surprised")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
HAIR_COLOURS = ("black", "brown", "blond", "ginger")
HAIR_STYLES = {"girl": ("long", "ponytail", "pigtails", "bob"), "boy": ("short", "spiky"), "grandmother": ("bun",)}
SKINS = ("light", "tan", "brown", "dark")
CLOTHES = {
    "girl": ("dress", "shirt", "ao dai"),
    "boy": ("shirt", "overalls"),
    "grandmother": ("dress", "ao dai"),
}
HATS = ("none", "conical hat", "cap")
PROPS = ("none", "balloon", "kite", "ball", "flower", "lantern", "book", "umbrella")
WEATHERS = ("clear", "rain")


@dataclass(frozen=True, slots=True)
class Figure:
    """One person or animal. Animals wear only `colour` (a scarf); people use every attribute."""

    kind: str
    pose: str = "standing"
    mood: str = "happy"
    colour: str = "red"
    clothes: str = "shirt"
    hair_colour: str = "black"
    hair_style: str = "short"
    skin: str = "light"
    hat: str = "none"
    extras: tuple[str, ...] = field(default=())  # features outside the training set, for sample characters


@dataclass(frozen=True, slots=True)
class Description:
    """A whole scene: one or two figures, where, when, what is in the hand of the first figure."""

    figures: tuple[Figure, ...]
    place: str
    time: str = "day"
    weather: str = "clear"
    prop: str = "none"
    near: bool = False  # a close view: figures larger
    seed: int = 0  # varies the background and small things
