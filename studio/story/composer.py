"""A scene becomes the words for the image model, in the one order and phrasing that the pocket model learnt.

`a happy may girl and a dog waving in the forest at night in the rain with a balloon, watercolour painting`

Only lexicon words and the triggers of adapters are written; the story's own words never are. Pure: same in, same out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..adapters.card import AdapterCard
from ..pocket.world.description import MOODS, POSES, SUBJECTS
from .prompt import Prompt
from .scene import Cast, Role, Scene

MOST_WORDS = 56  # of the 64 tokens that the pocket model reads; about one word each
NEGATIVE = "blurry, ugly"
FIGURES = 2
PLACES = {
    "forest": "in the forest", "beach": "on the beach", "snow": "in the snow", "city": "in the city",
    "space": "in space", "bedroom": "in the bedroom", "rice field": "in the rice field", "river": "by the river",
    "garden": "in the garden", "village": "in the village",
}  # fmt: skip
TIMES = {"day": "by day", "sunset": "at sunset", "night": "at night"}
WEATHERS = {"rain": "in the rain"}
THINGS = {
    "balloon": "with a balloon", "kite": "with a kite", "ball": "with a ball", "flower": "with a flower",
    "lantern": "with a lantern", "book": "with a book", "umbrella": "with an umbrella",
}  # fmt: skip
UNSAID = {"clear", "none", ""}


@dataclass(frozen=True, slots=True)
class _Part:
    """A few words of the prompt; when room is short, the part with the highest `ease` goes first."""

    words: str
    ease: int
    glue: str = " "


def compose(scene: Scene, cast: Cast, cards: Mapping[str, AdapterCard]) -> Prompt:
    """The prompt of a scene, with the triggers of all worn adapters. `dropped` lists what is unknown or had no room."""
    roles = _figures(scene, cast)
    lead = roles[0] if roles else None
    wears = lead.clothes if lead and not _card(lead, cards) else ""  # a trained character brings its own clothes
    dropped = list(scene.who[FIGURES:])
    parts = [
        _Part(" and ".join(_figure(role, scene.mood if role is lead else "", cards) for role in roles), 0),
        _Part(_known(scene.action, POSES, dropped) if roles else "", 2),
        _Part(_clothes(wears), 5),
        _Part(_phrase(scene.place, PLACES, dropped), 1),
        _Part("" if scene.place == "space" else _phrase(scene.time, TIMES, dropped), 3),  # space knows no day
        _Part(_phrase(scene.weather, WEATHERS, dropped), 4),
        *(_Part(_phrase(thing, THINGS, dropped, "and" if at else ""), 6 + at) for at, thing in enumerate(scene.things)),
        *(_Part(card.trigger, -at, ", ") for at, card in enumerate(_styles(cards), 1)),
    ]
    kept = _fitting([part for part in parts if part.words], dropped)
    return Prompt(_joined(kept), NEGATIVE, tuple(dropped))


def _figures(scene: Scene, cast: Cast) -> tuple[Role, ...]:
    """The roles that are drawn; the hero when the page names nobody."""
    named = {role.name: role for role in reversed(cast.roles)}
    found = tuple(named[name] for name in scene.who[:FIGURES] if name in named)
    return found or ((cast.hero,) if cast.hero else ())


def _card(role: Role, cards: Mapping[str, AdapterCard]) -> AdapterCard | None:
    return cards.get(role.character) if role.character else None


def _figure(role: Role, mood: str, cards: Mapping[str, AdapterCard]) -> str:
    """ "a happy girl"; with a trained character "a happy may girl"."""
    card = _card(role, cards)
    kind = role.kind if role.kind in SUBJECTS else "girl"
    name = f"{card.trigger} {card.class_word or kind}" if card else kind
    return _with_article(f"{mood} {name}" if mood in MOODS else name)


def _styles(cards: Mapping[str, AdapterCard]) -> list[AdapterCard]:
    return [card for card in cards.values() if card.kind == "style"]


def _clothes(said: str) -> str:
    """ "in a red dress", "in blue overalls", "with a red scarf"."""
    if not said:
        return ""
    dressed = said if said.endswith("overalls") else _with_article(said)
    return f"{'with' if said.endswith('scarf') else 'in'} {dressed}"


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _known(word: str, words: tuple[str, ...], dropped: list[str]) -> str:
    return _phrase(word, {known: known for known in words}, dropped)


def _phrase(word: str, phrases: Mapping[str, str], dropped: list[str], before: str = "") -> str:
    """The phrase of a lexicon word; an unknown word is dropped, since a person may have typed it."""
    if word in phrases:
        return f"{before} {phrases[word]}".strip()
    if word not in UNSAID:
        dropped.append(word)
    return ""


def _fitting(parts: list[_Part], dropped: list[str]) -> list[_Part]:
    """The parts that fit the limit; the easiest to miss go first, then the last styles; who is shown stays."""
    while sum(len(part.words.split()) for part in parts) > MOST_WORDS and len(parts) > 1:
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
