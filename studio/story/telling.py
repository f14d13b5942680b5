"""A scene told in words, in the words of the pocket world: what is said is what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import N_
from ..pocket.world.description import RELATIONS, TIMELESS, WEATHERS
from .composer import TELLS_THE_POSE
from .scene import Scene
from .story import Language
from .wording import between, coloured, known, phrase, split_colour

FIELDS = {"action": "pose", "thing": "prop"}  # what the world calls them
TOGETHER = {
    "beside": N_("side by side"), "behind": N_("the first behind the second"), "chasing": N_("the first chasing the second"),
    "holding hands": N_("holding hands"), "fighting": N_("fighting each other"),
}  # fmt: skip
NOTHING, AND_LAST = N_("nothing"), N_("{names} and {last}")


@dataclass(frozen=True, slots=True)
class Telling:
    """How scenes are told in one language; `translate` gives the few words that the world itself does not know."""

    language: Language
    translate: Callable[[str], str]

    def word(self, field: str, said: str) -> str:
        """One word of a field; a word that nobody knows stands as it is."""
        if said == "none":
            return self.translate(NOTHING)
        if field == "relation":
            return self.translate(TOGETHER[said]) if said in TOGETHER else said
        if field == "clothes" and split_colour(said)[0] and split_colour(said)[1] in known("clothes"):
            return coloured("clothes", said, self.language)
        if field == "thing" and split_colour(said)[1] in known("prop"):
            return coloured("prop", said, self.language)
        return phrase(FIELDS.get(field, field), said, self.language) or said

    def told(self, scene: Scene) -> str:
        """The scene in one line: 'May and Rex running in the forest, at night, in the rain, with a balloon'."""
        who = " ".join(
            part for part in (self._figures(scene), self._pose(scene), self.word("place", scene.place)) if part
        )
        time = [] if scene.place in TIMELESS else [self.word("time", scene.time)]
        fair = scene.weather not in WEATHERS[1:]  # goes unsaid
        weather = [] if fair else [self.word("weather", scene.weather)]
        return ", ".join([who, *time, *weather, *(self.word("thing", one) for one in scene.things if one != "none")])

    def _figures(self, scene: Scene) -> str:
        """'May chasing Rex', or all names in a row."""
        if len(scene.who) != 2 or scene.relation not in RELATIONS:
            return self._named(scene.who)
        middle, after = between(scene.relation, self.language)
        return f"{scene.who[0]}{middle}{scene.who[1]}{after}"

    def _pose(self, scene: Scene) -> str:
        """What they do, unless the thing in both hands or how they are together says it."""
        held = scene.action == "holding" and scene.things
        together = len(scene.who) == 2 and scene.relation in TELLS_THE_POSE
        return "" if held or together else self.word("action", scene.action)

    def _named(self, names: Sequence[str]) -> str:
        """'May', 'May and Rex', 'May, Rex and Grandma'."""
        if len(names) < 2:
            return "".join(names)
        return self.translate(AND_LAST).format(names=", ".join(names[:-1]), last=names[-1])
