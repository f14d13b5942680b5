"""What a model is told for a wish: the person's words, with those that call the characters, the presets and the styles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..adapters.card import AdapterCard
from ..models.table import BaseModel
from ..rendering.presets import with_presets
from ..rendering.wish import Wish
from ..story.guide import guide_for
from ..story.reader import detect_language
from ..story.story import Language
from ..story.wording import phrase
from ..training.subject import called

FIGURE = {"en": r"(an?|the|two|three)\b", "vi": r"(một|hai|ba|con|chú|cô|cậu|bà|ông|bé|em|bác|bạn)\b"}
AND = {"en": " and ", "vi": " và "}


def spoken(wish: Wish, cards: Sequence[AdapterCard], model: BaseModel) -> str:
    """The prompt with the triggers of these cards, each once."""
    language = language_of(wish.prompt, model)
    prompt = " ".join(wish.prompt.split())
    for card in cards:
        if card.kind == "subject":
            prompt = _with_hero(prompt, card, language)
    prompt = with_presets(prompt, wish.presets, model, language)
    for card in cards:
        if card.kind == "style" and card.trigger.casefold() not in prompt.casefold():
            prompt = f"{prompt}, {card.trigger}"
    return prompt


def language_of(prompt: str, model: BaseModel) -> Language:
    """The language of a prompt among those that the model reads."""
    known = guide_for(model.family).languages
    language = detect_language(prompt)
    return language if language in known else known[0]


def _with_hero(prompt: str, card: AdapterCard, language: Language) -> str:
    """The character by name, or as one of its kind, or before all others: 'May and a cat' gives 'a may girl and a cat'."""
    kind = phrase("kind", card.class_word, language) or card.class_word
    said = f"{kind} {card.trigger}" if language == "vi" else f"{card.trigger} {kind}"
    if said.casefold() in prompt.casefold():
        return prompt
    name = rf"(?<!\w)({re.escape(card.title)}|{re.escape(card.trigger)})(?!\w)"
    if re.search(name, prompt, re.IGNORECASE):
        return re.sub(name, _one(said, language), prompt, count=1, flags=re.IGNORECASE)
    if re.search(rf"\b{re.escape(kind)}\b", prompt, re.IGNORECASE):
        if language == "en":
            return called(prompt, kind, card.trigger)
        return re.sub(rf"\b{re.escape(kind)}\b", said, prompt, count=1, flags=re.IGNORECASE)
    glue = AND[language] if re.match(FIGURE[language], prompt, re.IGNORECASE) else " "
    return f"{_one(said, language)}{glue}{prompt}"


def _one(said: str, language: Language) -> str:
    return f"a {said}" if language == "en" else said
