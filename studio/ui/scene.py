"""A scene told in the person's language, in the words of the pocket world: what is said is what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import N_
from ..pocket.world.description import MOODS, PLACES, POSES, RELATIONS, SUBJECTS, TIMELESS, TIMES, WEATHERS
from ..story.composer import TELLS_THE_POSE
from ..story.scene import Scene
from ..story.wording import between, coloured, known, phrase, split_colour
from .language import _, language

CHOICES = {
    "kind": SUBJECTS, "action": POSES, "place": PLACES, "time": TIMES, "weather": WEATHERS, "mood": MOODS, "relation": RELATIONS,
    "thing": ("none", *known("prop")),
}  # fmt: skip
FIELDS = {"action": "pose", "thing": "prop"}  # what the world calls them
TOGETHER = {
    "beside": N_("side by side"), "behind": N_("the first behind the second"), "chasing": N_("the first chasing the second"),
    "holding hands": N_("holding hands"), "fighting": N_("fighting each other"),
}  # fmt: skip


def word(field: str, said: str) -> str:
    """One word of a field in the person's language; a word that nobody knows stands as it is."""
    if said == "none":
        return _("nothing")
    if field == "relation":
        return _(TOGETHER[said]) if said in TOGETHER else said
    if field == "clothes" and split_colour(said)[0] and split_colour(said)[1] in known("clothes"):
        return coloured("clothes", said, language())
    if field == "thing" and split_colour(said)[1] in known("prop"):
        return coloured("prop", said, language())
    return phrase(FIELDS.get(field, field), said, language()) or said


def told(scene: Scene) -> str:
    """The scene in one line: 'May and Rex running in the forest, at night, in the rain, with a balloon'."""
    who = " ".join(part for part in (_figures(scene), _pose(scene), word("place", scene.place)) if part)
    time = [] if scene.place in TIMELESS else [word("time", scene.time)]
    weather = [word("weather", scene.weather)] if scene.weather in WEATHERS[1:] else []  # fair weather goes unsaid
    return ", ".join([who, *time, *weather, *(word("thing", thing) for thing in scene.things if thing != "none")])


def _figures(scene: Scene) -> str:
    """'May chasing Rex', or all names in a row."""
    if len(scene.who) != 2 or scene.relation not in RELATIONS:
        return _named(scene.who)
    middle, after = between(scene.relation, language())
    return f"{scene.who[0]}{middle}{scene.who[1]}{after}"


def _pose(scene: Scene) -> str:
    """What they do, unless the thing in both hands or how they are together says it."""
    held = scene.action == "holding" and scene.things
    return "" if held or (len(scene.who) == 2 and scene.relation in TELLS_THE_POSE) else word("action", scene.action)


def _named(names: Sequence[str]) -> str:
    """'May', 'May and Rex', 'May, Rex and Grandma'."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])
