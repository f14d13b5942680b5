"""Words that are added to a prompt with one click: light and weather in pocket's world, ways of drawing elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import N_
from ..models.table import BaseModel
from ..story.guide import guide_for
from ..story.story import Language


@dataclass(frozen=True, slots=True)
class Preset:
    """One of them; `world` for models that know only the pocket world's words, in English and Vietnamese."""

    id: str
    title: str
    words: str
    vietnamese: str = ""
    world: bool = True

    def said(self, language: Language) -> str:
        """Its words, in the language of the prompt where the model reads it."""
        return self.vietnamese if language == "vi" and self.vietnamese else self.words


PRESETS = (
    Preset("night", N_("At night"), "at night", "ban đêm"),
    Preset("sunset", N_("At sunset"), "at sunset", "lúc hoàng hôn"),
    Preset("rain", N_("In the rain"), "in the rain", "dưới mưa"),
    Preset("snowfall", N_("Falling snow"), "in falling snow", "khi tuyết rơi"),
    Preset("book", N_("Picture book"), "children's book illustration, soft colours", world=False),
    Preset("ink", N_("Ink and wash"), "ink and wash drawing, loose lines", world=False),
    Preset("oil", N_("Oil painting"), "oil painting, visible brush strokes", world=False),
    Preset("clay", N_("Modelling clay"), "made of modelling clay, stop motion", world=False),
    Preset("photo", N_("Photograph"), "photograph, natural light, 50 mm lens", world=False),
    Preset("golden", N_("Evening light"), "golden hour, warm light", world=False),
)


def presets_for(model: BaseModel) -> tuple[Preset, ...]:
    """Those that the model understands."""
    world = guide_for(model.family).vocabulary == "world"
    return tuple(one for one in PRESETS if one.world == world)


def with_presets(prompt: str, ids: Sequence[str], model: BaseModel, language: Language) -> str:
    """The prompt with the words of these presets after it; what it says already is not said again."""
    glue = " " if guide_for(model.family).vocabulary == "world" else ", "
    said = (one.said(language) for one in presets_for(model) if one.id in ids)
    return glue.join([prompt, *(words for words in said if words.casefold() not in prompt.casefold())])
