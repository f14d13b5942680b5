"""What a base model makes of a text: what it draws, which words it does not know, which it does not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import N_
from ..models.table import BaseModel, base_model
from ..pocket.vocabulary import CALM, names_something, unknown_words
from ..publishing.book import Page
from ..rendering.words import cut_words, words
from ..settings import Settings

SHOWN = 5  # words in a sentence; the rest is counted
LETTERS = 40  # of a word in a sentence; some scripts write whole sentences without a space
UNKNOWN = N_("{model} does not know: {words}. It drew the rest.")
CALMED = N_("{model} does not know: {words}. It drew a calm scene instead.")
NOTHING = N_("No words say what to draw. {model} drew a calm scene.")
TOO_LONG = N_("The text is too long for {model}. It did not read: {words}.")
LEFT_OUT = N_("Left out of the picture: {words}.")


@dataclass(frozen=True, slots=True)
class Heard:
    """A text as a model takes it. `prompt` is what is drawn: the text, or a calm scene when the model knows none of it."""

    prompt: str
    unknown_words: tuple[str, ...] = ()
    cut_words: tuple[str, ...] = ()
    calmed: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A free picture, and what of its prompt did not come into it."""

    path: Path
    unknown_words: tuple[str, ...] = ()  # that the model was never taught
    cut_words: tuple[str, ...] = ()  # past the limit of what the model reads
    calmed: bool = False  # the model knew none of the words and drew a calm scene instead


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a picture, with blanks, as the catalogues know it."""

    message: str
    values: Mapping[str, str]

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its blanks filled, in the language that `translate` gives."""
        return translate(self.message).format(**self.values)


def hear(text: str, model: BaseModel, settings: Settings, triggers: Sequence[str] = ()) -> Heard:
    """What the model makes of a text. Of pocket we know every word; of other models only how much they read."""
    cut = cut_words(text, model, settings)
    if model.family != "pocket":
        return Heard(text, cut_words=cut)
    said = [word.text for word in words(text)]
    calmed = not names_something(said[: len(said) - len(cut)], triggers)
    return Heard(CALM if calmed else text, unknown_words(text, triggers), cut, calmed)


def hear_page(page: Page, model: BaseModel, settings: Settings, triggers: Sequence[str] = ()) -> Heard:
    """The same of a page, with what its composer dropped: a thing that no model word tells, or a fourth figure."""
    prompt, dropped = page.prompt.positive, [word for word in page.prompt.dropped if word]
    if model.family != "pocket":  # the composer's own limit keeps its prompts within every model's
        return Heard(prompt, cut_words=tuple(dropped))
    heard = hear(prompt, model, settings, triggers)
    unknown = [word for word in dropped if word not in page.scene.who and unknown_words(word, triggers)]
    left_out = [word for word in dropped if word not in unknown]
    return Heard(heard.prompt, (*heard.unknown_words, *unknown), (*heard.cut_words, *left_out), heard.calmed)


def remarks(drawn: Drawn, model: str) -> tuple[Remark, ...]:
    """The sentences that tell a person what did not come into a free picture; none when all did."""
    message = (CALMED if drawn.unknown_words else NOTHING) if drawn.calmed else UNKNOWN
    told = [Remark(message, _blanks(model, drawn.unknown_words))] if drawn.unknown_words or drawn.calmed else []
    return (*told, *([Remark(TOO_LONG, _blanks(model, drawn.cut_words))] if drawn.cut_words else []))


def page_remarks(page: Page, model: str) -> tuple[Remark, ...]:
    """The same of a page's picture."""
    message = UNKNOWN if page.prompt.positive else CALMED
    told = [Remark(message, _blanks(model, page.unknown_words))] if page.unknown_words else []
    return (*told, *([Remark(LEFT_OUT, _blanks(model, page.cut_words))] if page.cut_words else []))


def _blanks(model: str, said: Sequence[str]) -> dict[str, str]:
    return {"model": base_model(model).title, "words": _listed(said)}


def _listed(said: Sequence[str]) -> str:
    """'kangaroo', 'xylophone'; of many the first few and how many more: 'a', 'b' … (+12)."""
    listed = ", ".join(f"'{word[:LETTERS]}{'…' if word[LETTERS:] else ''}'" for word in said[:SHOWN])
    return f"{listed} … (+{len(said) - SHOWN})" if len(said) > SHOWN else listed
