"""What one page shows: the words on it, and who does what, where and when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody in the story: the name in the text, what kind of being, and which trained character plays it, if any."""

    name: str  # "May", "chú Thỏ"; as it stands in the text
    kind: str  # a word of the lexicon, in English: "girl", "rabbit"
    character: str = ""  # id of a trained character; empty: drawn by the base model
    clothes: str = ""  # "red dress": what it wears when the base model draws it and the page says nothing else
    look: str = ""  # "small, with curly hair": how the story first describes it, in English; carried into every picture
    drawn: bool = True  # False: in the words of the book, in none of its pictures


@dataclass(frozen=True, slots=True)
class Cast:
    """All who appear. The first role is the hero, who is on a page when the page names nobody else."""

    roles: tuple[Role, ...] = ()

    @property
    def hero(self) -> Role | None:
        return self.roles[0] if self.roles else None

    @property
    def names(self) -> tuple[str, ...]:
        """The proper names; a role without one is called by a word such as "duck"."""
        return tuple(role.name for role in self.roles if role.name[:1].isupper())


@dataclass(frozen=True, slots=True)
class Bearing:
    """How one figure of a scene is, where the page tells it: all words are English, empty ones say nothing."""

    who: str  # the name of its role
    action: str = ""  # of any but the first figure, whose action and mood are the scene's own
    mood: str = ""
    clothes: str = ""  # worn on this page in place of the role's: "yellow raincoat"


@dataclass(frozen=True, slots=True)
class Scene:
    """One page: `text` is printed, the rest is drawn. All words but `text` and names are English.

    The plain writer uses lexicon words; a person or a language model may use others, for which the composer finds the
    nearest that the image model knows.
    """

    text: str
    who: tuple[str, ...] = ()  # names of roles, hero first unless somebody chases the hero
    action: str = "standing"  # of the first figure
    place: str = "garden"
    time: str = "day"
    weather: str = "sun"
    mood: str = "happy"  # of the first figure
    things: tuple[str, ...] = ()  # with a colour where the story gives one: "red kite"
    relation: str = "beside"  # of the first of two figures to the second
    view: str = ""  # "near", "middle" or "far"; empty: as the image model likes
    without: tuple[str, ...] = ()  # what must not be in the picture
    bearings: tuple[Bearing, ...] = ()

    def bearing(self, who: str) -> Bearing:
        """What the page tells of this figure."""
        return next((one for one in self.bearings if one.who == who), Bearing(who))
