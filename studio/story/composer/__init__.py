"""A scene becomes the words for the image model: what the model knows, as it likes to read it, as much as it reads.

`a happy may girl and a dog waving in the forest at night in the rain with a balloon, watercolour painting`

What a model likes is its guide's; triggers of adapters are in every prompt. Pure: same in, same out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from ...adapters.card import AdapterCard
from ..guide import POCKET, Guide
from ..lexicon import mentions
from ..nearest import stems
from ..prompt import Prompt
from ..scene import Cast, Scene
from ..story import Language
from ..wording import estimated_tokens, split_colour
from . import english
from .figures import figures_of
from .parts import Fate, Part, fitting
from .world import TELLS_THE_POSE, World

__all__ = ["TELLS_THE_POSE", "compose", "wanted"]

COMMA = ", "


def compose(
    scene: Scene,
    cast: Cast,
    cards: Mapping[str, AdapterCard],
    guide: Guide = POCKET,
    count: Callable[[str], int] | None = None,
    language: Language = "en",
) -> Prompt:
    """The prompt of a scene for the model of the guide, with the triggers of all worn adapters.

    `count` gives the tokens of a text without the marks of start and end; without it they are guessed, rather too many.
    """
    count = count or partial(estimated_tokens, per_letter=guide.tokens_per_letter)
    fate, scene = Fate(), replace(scene, things=wanted(scene))
    figures = figures_of(scene, cast, cards, fate)
    world = guide.vocabulary == "world"
    speaker = World(language if language in guide.languages else guide.languages[0], fate)
    told = speaker.told(scene, figures) if world else english.told(scene, figures)
    told["style"] = _styles(cards, guide)
    parts = [part for name in guide.order for part in told[name] if part.words]
    positive, tokens = fitting(parts, guide.most_tokens, count, fate)
    fates = tuple(fate.dropped), tuple(fate.replaced)
    return Prompt(positive, _negative(scene, guide), *fates, tokens, guide.most_tokens)


def _styles(cards: Mapping[str, AdapterCard], guide: Guide) -> list[Part]:
    """The triggers of all styles, or what stands for one; of several the last is missed first."""
    triggers = [card.trigger for card in cards.values() if card.kind == "style"]
    return [Part(trigger, -at, COMMA) for at, trigger in enumerate(triggers or [guide.style], 1)]


def _negative(scene: Scene, guide: Guide) -> str:
    """What the guide wishes away and what the page goes without, each once."""
    once: dict[str, str] = {}
    for word in COMMA.join((guide.negative, *scene.without)).split(","):
        once.setdefault(word.strip().casefold(), word.strip())
    return COMMA.join(word for word in once.values() if word)


def wanted(scene: Scene) -> tuple[str, ...]:
    """The things of the scene but those that it goes without."""
    return tuple(thing for thing in scene.things if not any(_names(unwanted, thing) for unwanted in scene.without))


def _names(said: str, thing: str) -> bool:
    """Whether "no kites", or "diều" in Vietnamese, means the red kite: all its words are in it, or a story would say so."""
    words = stems(said)
    if words and words <= stems(thing):
        return True
    languages: tuple[Language, Language] = ("en", "vi")
    found = (each for language in languages for each in mentions(said, language) if each.field == "thing")
    return any(each.word == split_colour(thing)[1] for each in found)
