"""A scene as a model is told it that reads free English: each figure whole, then phrases between commas.

What the pocket world has a phrase for is said so, all other words as they were given. Names are never written.
"""

from __future__ import annotations

from ...pocket.world.description import TIMELESS
from ..scene import Scene
from ..wording import between, coloured, known, phrase, split_colour, takes_colour
from .figures import Figure
from .parts import FAIR, UNSAID, Part, Told, row, with_article
from .world import TELLS_THE_POSE

COMMA = ", "
SOMEBODY = "child"  # of no kind
JOINING = ("with", "in", "wearing", "has", "having", "and", "of")  # what begins so needs no comma


def told(scene: Scene, figures: tuple[Figure, ...]) -> Told:
    """The parts of the prompt by the names in the guide's order."""
    time = "" if scene.place in TIMELESS else scene.time
    return {
        "who": _who(scene.relation, figures),
        "things": [Part(_thing(_plain(thing)), 6, COMMA) for thing in scene.things],
        "place": [Part(_said("place", scene.place), 1, COMMA)],
        "time": [Part(_said("time", time), 3, COMMA)],
        "weather": [Part("" if scene.weather in FAIR else _said("weather", scene.weather), 4, COMMA)],
        "view": [Part(_said("view", scene.view), 7, COMMA)],
    }


def _who(relation: str, figures: tuple[Figure, ...]) -> list[Part]:
    """Each figure with looks, clothes and action, and what is between them: two are in their relation."""
    middle, after = _between(_plain(relation) if len(figures) == 2 else "beside")
    parts = []
    for at, (figure, glue) in enumerate(zip(figures, row(len(figures), middle), strict=False)):
        does = "" if at == 0 and len(figures) == 2 and relation in TELLS_THE_POSE else figure.action
        parts += [*_figure(figure, glue), Part(_action(does), 5 if at else 2)]
    return [*parts, Part(after.strip(), 0)]


def _between(relation: str) -> tuple[str, str]:
    """Before and after the second figure; a relation that the world does not know stands between both."""
    if relation and relation not in known("relation"):
        return f" {relation} ", ""
    return between(relation or "beside")


def _figure(figure: Figure, glue: str) -> list[Part]:
    """ "a happy small girl", "with curly hair", "in a red dress": adjectives before the noun, all else after it."""
    looks = [_plain(look) for look in figure.look.split(",")]
    adjectives = [look for look in looks if look and " " not in look]
    kind = figure.class_word or _said("kind", figure.kind) or SOMEBODY
    noun = " ".join(part for part in (_said("mood", figure.mood), *adjectives, figure.trigger, kind) if part)
    more = [Part(look, 5, _glue(look)) for look in looks if " " in look]
    return [Part(with_article(noun), 0, glue), *more, Part(_clothes(_plain(figure.clothes)), 5)]


def _glue(look: str) -> str:
    return " " if look.split()[0] in JOINING else COMMA


def _action(said: str) -> str:
    """What the figure does; of "holding" the thing itself tells."""
    return "" if said == "holding" else _said("pose", said)


def _clothes(said: str) -> str:
    colour, garment = split_colour(said)
    if colour and garment in known("clothes"):
        return coloured("clothes", said)
    return said if not said or said.split()[0] in JOINING else f"wearing {said}"


def _thing(said: str) -> str:
    """A thing by its phrase, unless the phrase would lose its colour."""
    colour, thing = split_colour(said)
    if said in UNSAID or thing not in known("prop") or (colour and not takes_colour(thing)):
        return "" if said in UNSAID else said
    return coloured("prop", said)


def _said(field: str, said: str) -> str:
    """The phrase of a word that the world has; any other as it was given."""
    plain = _plain(said)
    if plain in UNSAID:
        return ""
    return phrase(field, plain) if plain in known(field) else plain


def _plain(said: str) -> str:
    """On one line, without marks at its ends that would break the row of phrases."""
    return " ".join(said.split()).strip(" ,.;:")
