"""What one page shows: the words on it, and who does what, where and when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody in the story: the name in the text, what kind of being, and which trained character plays it, if any."""

    name: str  # "May", "chú Thỏ"; as it stands in the text
    kind: str  # a word of the lexicon, in English: "girl", "rabbit"
    character: str = ""  # id of a trained character; empty: drawn by the base model
    clothes: str = ""  # "red dress": what it wears on every page when the base model draws it


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
class Scene:
    """One page: `text` is printed, the rest is drawn. All words but `text` and `who` are English lexicon words."""

    text: str
    who: tuple[str, ...] = ()  # names of roles, hero first unless somebody chases the hero
    action: str = "standing"
    place: str = "garden"
    time: str = "day"
    weather: str = "sun"
    mood: str = "happy"
    things: tuple[str, ...] = ()  # with a colour where the story gives one: "red kite"
    relation: str = "beside"  # of the first of two figures to the second
