"""Teaching the model one character from a few photos: DreamBooth (arXiv 2208.12242) with a LoRA."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..adapters.card import AdapterCard
from ..errors import BadPhoto
from ..models.table import BaseModel
from ..progress import Work
from ..settings import Settings
from .conditioning import Lesson
from .course import Course, take_course
from .probe import Sitting
from .recipe import USUAL_PICTURES, Changes, subject_recipe

if TYPE_CHECKING:
    from ..evaluation.likeness import Eyes, Impression

UNCHANGED = Changes()
AROUND = 0.1  # what the background of a photo counts, of what the subject counts (OneTrainer's unmasked weight)
PEOPLE = frozenset(("girl", "boy", "grandmother", "grandfather", "woman", "man", "child", "person", "baby"))
PHRASES = {  # as the model's captions speak; {who} is "may girl", and "girl" where the class is held
    "pocket": ("a {who}", "a happy {who}", "a {who} standing", "a happy {who} standing by day"),
    "sd": ("a photo of a {who}", "a picture of a {who}", "a {who}"),
    "sdxl": ("a photo of a {who}", "a picture of a {who}", "a {who}"),
}

SCENES = {  # in which a subject is looked at while they are taught; photos hardly show them so
    "pocket": (
        "a happy {who} standing in the village by day",
        "a {who} walking in the rice field by day",
        "a {who} sitting at the castle at sunset",
        "a happy {who} waving in the market by day",
    ),
    "sd": ("a {who} in the jungle", "a {who} on the beach", "a {who} in the snow", "a painting of a {who}"),
    "sdxl": ("a {who} in the jungle", "a {who} on the beach", "a {who} in the snow", "a painting of a {who}"),
}
ELSEWHERE = (  # for which their pictures might be taken
    "a happy {who} standing in the garden by day",
    "a happy {who} standing in the village at night",
    "a {who} walking in the forest by day",
    "a {who} running in the rice field by day",
    "a {who} sitting on the beach at sunset",
    "a {who} standing at the castle by day",
    "a happy {who} waving in the old street by day",
    "a happy {who} sitting in the market at night",
    "a {who} walking in the city at sunset",
    "a {who} sleeping in the bedroom at night",
    "a {who} sitting by the river at sunset",
    "a happy {who} waving in the snow by day",
)


@dataclass(frozen=True, slots=True)
class Portrait:
    """The impression that the photos gave, and the eyes that had it."""

    photos: Impression
    eyes: Eyes


def train_subject(
    photos: Sequence[Path],
    card: AdapterCard,
    model: BaseModel,
    settings: Settings,
    folder: Path,
    effort: str = "good",
    seed: int = 0,
    resume: bool = False,
    flip: bool | None = None,
    keep: Sequence[Lesson] = (),
    staged: Sequence[Lesson] = (),
    portrait: Portrait | None = None,
    shapes: Sequence[Path | None] = (),
    changes: Changes = UNCHANGED,
) -> Work[Path]:
    """Teaches `card.trigger` before `card.class_word` and gives the path of adapter.safetensors in `folder`.

    A photo may have a caption beside it in a .txt file of the same name ("a girl running on the beach"). `flip` lets
    cuts be mirrored; by default they are unless the class is a person, whose face has sides. `staged` are pictures that were
    made of the photos, with the trigger in what is said of them; `keep` are pictures of others, which shall be drawn as
    before. `shapes` are masks of the subject
    in each photo, outside of which the loss counts little. With a `portrait` of the subject they are looked at all the while, and the best moment is taken. Raises BadPhoto and what `take_course` raises.
    """
    if not photos and not staged:
        raise BadPhoto("There are no photos of '{title}'. Add some, five to fifteen are best.", title=card.title)
    mirrored = card.class_word not in PEOPLE if flip is None else flip
    masks = [*shapes, *[None] * (len(photos) - len(shapes))]
    seen = (
        Lesson(photo, _phrases(photo, card, model), mask=mask, around=AROUND)
        for photo, mask in zip(photos, masks, strict=True)
    )
    lessons = tuple(
        replace(lesson, plain=tuple(without(phrase, card.trigger) for phrase in lesson.phrases))
        for lesson in (*seen, *staged)
    )
    course = Course(
        card=card,
        lessons=lessons,
        prior=("",),  # guidance pushes away from it, so it must stay where it was
        recipe=changes.applied(subject_recipe(effort, len(photos) or USUAL_PICTURES, model, mirrored)),
        seed=seed,
        kept=tuple(keep),
        sitting=_sitting(portrait, card, model) if portrait else None,
    )
    return (yield from take_course(course, model, settings, folder, resume))


def _sitting(portrait: Portrait, card: AdapterCard, model: BaseModel) -> Sitting:
    plain = tuple(_article(scene.format(who=card.class_word)) for scene in SCENES[model.family])
    told = tuple(called(scene, card.class_word, card.trigger) for scene in plain)
    elsewhere = tuple(_article(scene.format(who=card.class_word)) for scene in ELSEWHERE)
    return Sitting(told, plain, elsewhere, portrait.photos, portrait.eyes)


def _phrases(photo: Path, card: AdapterCard, model: BaseModel) -> tuple[str, ...]:
    """The photo's caption with the trigger put in, or the phrases that fit any photo."""
    beside = photo.with_suffix(".txt")
    if beside.is_file():
        return (called(beside.read_text(encoding="utf-8").strip(), card.class_word, card.trigger),)
    who = f"{card.trigger} {card.class_word}".strip()
    return tuple(_article(phrase.format(who=who)) for phrase in PHRASES[model.family])


def called(caption: str, class_word: str, trigger: str) -> str:
    """The caption with the trigger before the first class word: 'a happy girl' gives 'a happy may girl'."""
    if trigger in caption.split():
        return caption
    named, found = re.subn(rf"\b{re.escape(class_word)}\b", f"{trigger} {class_word}", caption, count=1)
    return _article(named if found else f"a {trigger} {class_word}, {caption}")


def without(phrase: str, trigger: str) -> str:
    """The phrase about the class alone: 'a may elephant' gives 'an elephant'."""
    return _article(re.sub(rf"\b{re.escape(trigger)} ", "", phrase, count=1))


def _article(phrase: str) -> str:
    """'a elephant' made 'an elephant', and 'an may elephant' 'a may elephant'."""
    return re.sub(r"\ban? (?=(\w))", lambda found: "an " if found[1] in "aeiou" else "a ", phrase)
