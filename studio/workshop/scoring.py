"""What a taught character is worth, in numbers: how like they are, what they still obey, and whom they leave alone; and a style:
how much it changes, and what is still obeyed with it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..adapters.card import STYLE_WEIGHT, AdapterCard, Worn
from ..library.characters import Characters
from ..models.table import base_model
from ..progress import Work
from ..training.moment import LEAST_GAIN, Moment
from . import portraits
from .album import view
from .easel import Easel

if TYPE_CHECKING:
    import numpy as np


OTHERS = (
    "a girl in a red dress standing on the beach by day",
    "a happy boy running in the forest by day",
    "a grandmother sitting in the kitchen by day",
    "a knight standing at the castle by day",
    "a buffalo standing in the rice field by day",
    "a cat with a blue scarf sitting by the river at sunset",
    "a rabbit dancing in the village at night",
    "a lion standing in the garden by day",
)
OTHERS_SEED = 50
USUAL_KIND = "girl"  # whom a style is tried on


def evaluate(easel: Easel, characters: Characters, card: AdapterCard) -> Work[dict[str, Any]]:
    """What a character or a style is worth."""
    work = _subject(easel, characters, card) if card.kind == "subject" else _style(easel, card)
    found = yield from work
    return {"adapter": card.id, **found}


def _style(easel: Easel, card: AdapterCard) -> Work[dict[str, Any]]:
    """Draws the portraits' scenes plainly and in the style, as books wear it and whole.

    `manner` is how far apart they are in colours and strokes, 0..1; `obeyed`, for pocket, how many scene words the judge still
    reads, as a share of those in the plain ones.
    """
    from ..evaluation.manner import apart

    plain = portraits.plain(USUAL_KIND)
    asked = [", ".join(filter(None, [words, card.trigger])) for words in plain]
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        bare = yield from _drawn(easel, card, plain, portraits.SEED, 0.0, Path(folder))
        for name, weight in (("usual", STYLE_WEIGHT), ("whole", 1.0)):
            worn = yield from _drawn(easel, card, asked, portraits.SEED, weight, Path(folder))
            manner = [apart(one, other) for one, other in zip(bare, worn, strict=True)]
            found[f"manner_{name}"] = round(sum(manner) / len(manner), 4)
            if card.base_model == "pocket":
                share = obeyed(worn, USUAL_KIND) / max(1e-6, obeyed(bare, USUAL_KIND))
                found[f"obeyed_{name}"] = round(share, 4)
    return found


def _subject(easel: Easel, characters: Characters, card: AdapterCard) -> Work[dict[str, Any]]:
    """Draws the portraits with and without the adapter, and others, and compares them with the photos.

    Likenesses are 0..1; `share` is that of the portraits as a share of that of the photos to one another; `leak` by how
    much others become like the hero, and `class_leak` one of the same kind, both as shares of the hero's own rise;
    `obeyed`, for pocket, how many scene words the judge reads in the portraits, as a share of those without the adapter.
    """
    from ..evaluation.likeness import Eyes, copying, likeness, own_likeness

    character = characters.get(card.id)
    others = [one for one in OTHERS if f" {card.class_word} " not in one]
    plain = portraits.plain(card.class_word)
    with tempfile.TemporaryDirectory() as folder:
        hero = yield from _drawn(easel, card, portraits.prompts(card), portraits.SEED, 1.0, Path(folder))
        bare = yield from _drawn(easel, card, plain, portraits.SEED, 0.0, Path(folder))
        kind = yield from _drawn(easel, card, plain, portraits.SEED, 1.0, Path(folder))
        beside = yield from _drawn(easel, card, others, OTHERS_SEED, 1.0, Path(folder))
        alone = yield from _drawn(easel, card, others, OTHERS_SEED, 0.0, Path(folder))
    views = [view(characters, character, photo) for photo in characters.kept_photos(character.id)]
    eyes = Eyes()
    photos = eyes.look([one.picture for one in views], [one.subject.mask for one in views])

    def like(pictures: list[np.ndarray]) -> float:
        return float(likeness(eyes.look(pictures), photos).mean())

    own, before, after = own_likeness(photos), like(bare), like(hero)
    rise = max(LEAST_GAIN, after - before)
    leak, copied = (like(kind) - before) / rise, float(copying(eyes.look(hero), photos).max())
    moment = Moment(step=0, likeness=after / own, match=1.0, copy=copied, leak=leak)
    found = {
        "likeness_of_photos": own,
        "likeness_before": before,
        "likeness_after": after,
        "share": after / own,
        "leak": (like(beside) - like(alone)) / rise,
        "class_leak": leak,
        "copy": moment.copy,
    }
    if card.base_model == "pocket":
        found["obeyed"] = obeyed(hero, card.class_word) / max(1e-6, obeyed(bare, card.class_word))
    return {**{name: round(value, 4) for name, value in found.items()}, "light": moment.light}


def _drawn(
    easel: Easel, card: AdapterCard, asked: Sequence[str], seed: int, weight: float, folder: Path
) -> Work[list[np.ndarray]]:
    """Pictures uint8 [height, width, 3], each with the next seed."""
    import numpy as np
    from PIL import Image

    adapters = (Worn(card.id, weight),) if weight else ()
    model = base_model(card.base_model)
    drawings = [easel.drawing(prompt, "", seed + at, model, adapters) for at, prompt in enumerate(asked)]
    names = [drawing.file_name(number) for number, drawing in enumerate(drawings, 1)]
    paths = yield from easel.draw(model.key, drawings, folder, names)
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def obeyed(pictures: Sequence[np.ndarray], kind: str) -> float:
    """In which share of the places, hours and poses of the first portraits pocket's judge reads what was asked, 0..1."""
    import numpy as np

    from ..pocket.evaluation import JUDGE
    from ..pocket.judge import QUESTIONS, UNASKED, answers, judge, load_judge

    asked = [list(QUESTIONS).index(name) for name in ("place", "time", "pose")]
    figures = (replace(scene.figures[0], colour="red", mood="happy") for scene in portraits.scenes(kind))  # not asked
    asked_scenes = portraits.scenes(kind)[: len(pictures)]
    scenes = (replace(scene, figures=(one,)) for scene, one in zip(asked_scenes, figures, strict=False))
    right = np.array([answers(scene) for scene in scenes])[:, asked]
    seen = judge(load_judge(JUDGE), pictures)[0][:, asked]
    return float((seen == right)[right != UNASKED].mean())
