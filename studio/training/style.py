"""Teaching the model a way of drawing from captioned pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..adapters.card import AdapterCard
from ..errors import BadPhoto
from ..models.table import BaseModel
from ..progress import Work
from ..settings import Settings
from .conditioning import Lesson
from .course import Course, take_course
from .recipe import style_recipe


def train_style(
    pairs: Sequence[tuple[Path, str]],
    card: AdapterCard,
    model: BaseModel,
    settings: Settings,
    folder: Path,
    effort: str = "good",
    seed: int = 0,
    resume: bool = False,
) -> Work[Path]:
    """Teaches `card.trigger` after the caption of each picture; gives the path of adapter.safetensors in `folder`.

    `pairs` are pictures and what they show, without a word on the style. Raises BadPhoto and what `take_course` raises.
    """
    if not pairs:
        raise BadPhoto(
            "There are no pictures in the style of '{title}'. Add some, twenty or more are best.", title=card.title
        )
    course = Course(
        card=card,
        lessons=tuple(Lesson(picture, (f"{caption}, {card.trigger}",)) for picture, caption in pairs),
        prior=(),
        recipe=style_recipe(effort, len(pairs), model),
        seed=seed,
    )
    return (yield from take_course(course, model, settings, folder, resume))
