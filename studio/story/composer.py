"""A scene becomes the words for the image model, in the one order and phrasing that the pocket model learnt.

`a happy may girl and a dog waving in the forest at night in the rain with a balloon, watercolour painting`

They are `pocket.world.captions.canonical` of the same scene, with the triggers of adapters. Only words of the world and
triggers are written; the story's own words never are. Pure: same in, same out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..adapters.card import AdapterCard
from ..pocket.world.description import MOODS, SUBJECTS, TIMELESS
from .prompt import Prompt
from .scene import Cast, Role, Scene
from .wording import between, coloured, known, phrase, split_colour

MOST_WORDS = 56  # of the 64 tokens that the pocket model reads; about one word each
NEGATIVE = "blurry, ugly"
FIGURES = 3
UNSAID = {"sun", "clear", "none", ""}  # fair weather goes without saying; older books call it "clear"
TELLS_THE_POSE = ("chasing", "fighting")


@dataclass(frozen=True, slots=True)
class _Part:
    """A few words of the prompt; when room is short, the part with the highest `ease` goes first."""

    words: str
    ease: int
    glue: str = " "


def compose(scene: Scene, cast: Cast, cards: Mapping[str, AdapterCard]) -> Prompt:
    """The prompt of a scene, with the triggers of all worn adapters. `dropped` lists what is unknown or had no room."""
    roles = _figures(scene, cast)
    dropped = list(scene.who[FIGURES:])
    parts = [
        *_who(roles, scene, cards, dropped),
        _Part(_pose(scene, roles, dropped), 2),
        _Part(_known("place", scene.place, dropped), 1),
        _Part("" if scene.place in TIMELESS else _known("time", scene.time, dropped), 3),
        _Part(_known("weather", scene.weather, dropped), 4),
        _Part(_thing(scene.things, dropped), 6),
        *(_Part(card.trigger, -at, ", ") for at, card in enumerate(_styles(cards), 1)),
    ]
    kept = _fitting([part for part in parts if part.words], dropped)
    return Prompt(_joined(kept), NEGATIVE, tuple(dropped))


def _figures(scene: Scene, cast: Cast) -> tuple[Role, ...]:
    """The roles that are drawn; the hero when the page names nobody."""
    named = {role.name: role for role in reversed(cast.roles)}
    found = tuple(named[name] for name in scene.who[:FIGURES] if name in named)
    return found or ((cast.hero,) if cast.hero else ())


def _who(roles: tuple[Role, ...], scene: Scene, cards: Mapping[str, AdapterCard], dropped: list[str]) -> list[_Part]:
    """Each figure and what it wears, and what is between them; only the first one's mood is known."""
    glue, after = _glue(scene.relation, len(roles), dropped)
    parts = []
    for at, role in enumerate(roles):
        parts.append(_Part(_figure(role, "" if at else scene.mood, cards), 0, glue[at]))
        wears = "" if _card(role, cards) else role.clothes  # a trained character brings its own clothes
        parts.append(_Part(_clothes(wears, dropped), 5))
    return [*parts, _Part(after, 0)]


def _glue(relation: str, figures: int, dropped: list[str]) -> tuple[list[str], str]:
    """What stands before each figure and after the last: two are in their relation, three in a row."""
    if relation not in known("relation"):
        dropped.append(relation)
        relation = "beside"
    middle, after = between(relation if figures == 2 else "beside")
    return ["", *[", "] * (figures - 2), middle][: max(figures, 1)], after.strip()


def _card(role: Role, cards: Mapping[str, AdapterCard]) -> AdapterCard | None:
    return cards.get(role.character) if role.character else None


def _figure(role: Role, mood: str, cards: Mapping[str, AdapterCard]) -> str:
    """ "a happy girl"; with a trained character "a happy may girl"."""
    card = _card(role, cards)
    kind = phrase("kind", role.kind if role.kind in SUBJECTS else "girl")
    name = f"{card.trigger} {card.class_word or kind}" if card else kind
    feeling = phrase("mood", mood) if mood in MOODS else ""
    return _with_article(f"{feeling} {name}".strip())


def _styles(cards: Mapping[str, AdapterCard]) -> list[AdapterCard]:
    return [card for card in cards.values() if card.kind == "style"]


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _pose(scene: Scene, roles: tuple[Role, ...], dropped: list[str]) -> str:
    """What the first figure does, where neither the relation nor a thing in both hands says it."""
    told = scene.action == "holding" or (len(roles) == 2 and scene.relation in TELLS_THE_POSE)
    return "" if told or not roles else _known("pose", scene.action, dropped)


def _clothes(said: str, dropped: list[str]) -> str:
    """ "in a red dress", "in blue overalls", "with a red scarf"."""
    colour, garment = split_colour(said)
    if colour and garment in known("clothes"):
        return coloured("clothes", said)
    dropped += [said] if said else []
    return ""


def _thing(things: tuple[str, ...], dropped: list[str]) -> str:
    """The first thing; pocket learnt pictures with one."""
    held = [thing for thing in things if thing not in UNSAID]
    sayable = [thing for thing in held if split_colour(thing)[1] in known("prop")][:1]
    dropped += [thing for thing in held if thing not in sayable]
    return coloured("prop", sayable[0]) if sayable else ""


def _known(field: str, word: str, dropped: list[str]) -> str:
    """The phrase of a word; an unknown word is dropped, since a person may have typed it."""
    if word in UNSAID:
        return ""
    if word not in known(field):
        dropped.append(word)
    return phrase(field, word)


def _fitting(parts: list[_Part], dropped: list[str]) -> list[_Part]:
    """The parts that fit the limit; the easiest to miss go first, then the last styles; who is shown stays."""
    while len(_joined(parts).split()) > MOST_WORDS and len(parts) > 1:
        spare = [part for part in parts if part.ease > 0] or parts[1:]
        going = max(spare, key=lambda part: abs(part.ease))
        parts = [part for part in parts if part is not going]
        dropped.append(going.words)
    return parts


def _joined(parts: list[_Part]) -> str:
    text = ""
    for part in parts:
        text += (part.glue if text else "") + part.words
    return text
