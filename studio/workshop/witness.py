"""Who looks at drawn pages: pocket's judges, the eyes that compare heroes with their photos, and what a person brought.

Each is loaded once in a process, when it is first needed; the worker keeps them warm as it keeps the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..adapters.shelf import Shelf
from ..evaluation.asking import Asked, read
from ..evaluation.measures import STRANGER, HeroSeen, Sight, packed
from ..library.characters import Characters
from ..rendering.drawing import Box
from ..rendering.enlarger import Enlarger
from ..settings import ASSETS, Settings
from . import heroes
from .album import view
from .house import sample_beside

if TYPE_CHECKING:
    import numpy as np

    from ..evaluation.likeness import Eyes, Impression
    from ..evaluation.standard import Clip, Dino

FIELDS = {"subject": "first", "pose": "action", "prop": "thing"}  # what a scene calls the judge's questions
PLAIN = ASSETS / "pocket" / "sample.jpg"  # the scene of the styles' samples, drawn plainly


@dataclass(frozen=True, slots=True)
class Brief:
    """What a page's picture is held to: what it asks for, in which boxes several heroes stand, the style, whether pocket drew
    it, the prompt in plain English, and the key of all that."""

    asked: Asked
    boxes: Mapping[str, Box]
    style: str
    pocket: bool
    prompt: str
    key: str


@dataclass(frozen=True, slots=True)
class Portrayed:
    """A character's photos: as the eyes see them, as they are, how like they are to one another, and how like anybody is."""

    seen: Impression
    photos: tuple[np.ndarray, ...]
    own: float
    stranger: float


class Witness:
    """Looks at pictures and tells what is there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._characters = Characters(settings)
        self._enlarger = Enlarger(settings)
        self._portrayed: dict[tuple[str, ...], Portrayed] = {}

    def look(self, picture: Path, brief: Brief) -> Sight | None:
        """What is seen in the picture; nothing in one whose file is damaged. Raises BadInput for a model that the person brought
        and that cannot be read."""
        from ..photos.spotter import spot

        size = self._enlarger.size(picture)
        if not all(size):
            return None
        pixels = opened(picture)
        seen = spot(pixels)
        sight = Sight(picture=picture.name, brief=brief.key, print_px=size)
        known = {hero: one for hero in brief.asked.heroes if hero and (one := self._portray(hero))}
        if brief.pocket:
            sight = self._judged(sight, pixels, seen, brief)
        heroes = _heroes(pixels, seen, brief, known)
        return replace(sight, heroes=heroes, standard=self._standard(pixels, brief, known))

    def yardsticks(self) -> tuple[str, ...]:
        """The folders of standard models that are here."""
        return tuple(name for name in ("clip", "dino") if (self._settings.models / name / "config.json").is_file())

    def _judged(self, sight: Sight, pixels: np.ndarray, spotted: np.ndarray, brief: Brief) -> Sight:
        """With what pocket's judges see."""
        from ..evaluation.figures import anybody
        from ..pocket.counter import counted
        from ..pocket.judge import QUESTIONS, weighed

        model = _judge()
        small = _native(pixels)
        told, seen = weighed(model, [small])
        chances = {
            FIELDS.get(name, name): dict(zip(QUESTIONS[name], part[0].tolist(), strict=True))
            for name, part in told.items()
        }
        crowd = counted(_counter(), told, seen)[0].tolist()
        numbers = [0.0, *crowd] if anybody(spotted) else [1.0, *([0.0] * len(crowd))]
        asked = len(brief.asked.kinds)
        return replace(
            sight,
            readings=tuple(_rounded(one) for one in read(brief.asked, chances)),
            numbers=tuple(round(number, 4) for number in numbers) if asked else (),
            asked=asked,
            style=self._style(small, brief.style),
        )

    def _style(self, pixels: np.ndarray, style: str) -> float | None:
        """How far the picture went to the style; None without one, and for one that has no sample."""
        from ..pocket.hand import on_the_way, strokes

        sample = sample_beside(Shelf(self._settings).tensors_path(style)) if style else None
        if sample is None:
            return None
        drawn, plain, styled = strokes(_judge(), [pixels, _native(opened(PLAIN)), _native(opened(sample))])
        return round(float(on_the_way(_hand(), drawn[None], plain, styled)[0]), 4)

    def _standard(
        self, pixels: np.ndarray, brief: Brief, known: Mapping[str, Portrayed]
    ) -> tuple[tuple[str, str, float], ...]:
        """CLIP-T, and of each hero CLIP-I and DINO, as far as their models are here."""
        from ..evaluation.standard import cosine, mean_cosine

        found, folder, here = [], self._settings.models, self.yardsticks()
        if "clip" in here:
            clip = _clip(folder / "clip")
            drawn = clip.pictures([pixels])
            found += [("CLIP-T", "", cosine(drawn, clip.texts([brief.prompt])))] if brief.prompt else []
            found += [("CLIP-I", id, mean_cosine(drawn, clip.pictures(one.photos))) for id, one in known.items()]
        if "dino" in here and known:
            dino = _dino(folder / "dino")
            drawn = dino.pictures([pixels])
            found += [(dino.name, id, mean_cosine(drawn, dino.pictures(one.photos))) for id, one in known.items()]
        return tuple((name, id, round(float(value[0]), 4)) for name, id, value in found)

    def _portray(self, id: str) -> Portrayed | None:
        """The character's photos, looked at once as long as they are the same ones; nothing of one who came without."""
        from ..evaluation.likeness import own_likeness

        character = next((one for one in self._characters.all() if one.id == id), None)
        photos = self._characters.kept_photos(id) if character else ()
        if not character or not photos:
            return None
        key = (character.id, *(f"{photo.name} {photo.stat().st_mtime_ns}" for photo in photos))
        if key not in self._portrayed:
            views = [view(self._characters, character, photo) for photo in photos]
            seen = _eyes().look([one.picture for one in views], [one.subject.mask for one in views])
            before = (heroes.report(self._characters, character.id) or {}).get("likeness_before", STRANGER)
            pictures = tuple(one.picture for one in views)
            self._portrayed[key] = Portrayed(seen, pictures, own_likeness(seen), float(before))
        return self._portrayed[key]


def _heroes(pixels: np.ndarray, seen: np.ndarray, brief: Brief, known: Mapping[str, Portrayed]) -> tuple[HeroSeen, ...]:
    """Each taught character of the page, told from the figure that is likest, or from what stands in their box."""
    import numpy as np

    from ..evaluation.figures import figures, within
    from ..evaluation.likeness import likeness

    # where nobody is seen all of the picture counts, as `evaluate adapter` has it
    masks = figures(seen, len(brief.asked.kinds)) or [np.ones(seen.shape, bool)] if known else []
    found = []
    for id, portrayed in known.items():
        own = within(masks, brief.boxes[id]) if id in brief.boxes else None
        mine = masks if own is None else [own]
        looks = _eyes().look([pixels] * len(mine), mine)
        like = likeness(looks, portrayed.seen)
        found.append(_seen(id, portrayed, looks, int(like.argmax()), float(like.max())))
    return tuple(found)


def _seen(id: str, portrayed: Portrayed, looks: Impression, at: int, like: float) -> HeroSeen:
    import numpy as np

    return HeroSeen(
        character=id,
        likeness=round(like / portrayed.own, 4),
        stranger=round(portrayed.stranger, 4),
        own=round(portrayed.own, 4),
        look=packed(np.concatenate([looks.seen[at], looks.colours[at]])),
    )


def _rounded(reading: Any) -> Any:
    return replace(reading, chance=round(reading.chance, 4))


def opened(picture: Path) -> np.ndarray:
    """The pixels of a picture, uint8 [height, width, 3]."""
    import numpy as np
    from PIL import Image

    with Image.open(picture) as one:
        return np.asarray(one.convert("RGB"))


def _native(pixels: np.ndarray) -> np.ndarray:
    """The picture on the 256 px that pocket's judges learnt with."""
    import cv2

    side = 256
    if pixels.shape[:2] == (side, side):
        return pixels
    return cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)


@cache
def _eyes() -> Eyes:
    from transformers.utils import logging

    from ..evaluation.likeness import Eyes

    logging.disable_progress_bar()
    return Eyes()


@cache
def _judge() -> Any:
    from ..pocket.evaluation import JUDGE
    from ..pocket.judge import load_judge

    return load_judge(JUDGE)


@cache
def _counter() -> Any:
    from ..pocket.counter import load_counter

    return load_counter()


@cache
def _hand() -> Any:
    from ..pocket.hand import load_hand

    return load_hand()


@cache
def _clip(folder: Path) -> Clip:
    from ..evaluation.standard import Clip

    return Clip(folder)


@cache
def _dino(folder: Path) -> Dino:
    from ..evaluation.standard import Dino

    return Dino(folder)
