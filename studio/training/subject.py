"""Teaching the model one character from a few photos: DreamBooth (arXiv 2208.12242) with a LoRA."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ..adapters.card import AdapterCard
from ..errors import BadPhoto
from ..models.table import BaseModel
from ..progress import Work
from ..settings import Settings
from .conditioning import Lesson
from .course import Course, take_course
from .recipe import subject_recipe

PEOPLE = frozenset(("girl", "boy", "grandmother", "grandfather", "woman", "man", "child", "person", "baby"))
PHRASES = {  # as the model's captions speak; {who} is "may girl", and "girl" where the class is held
    "pocket": ("a {who}", "a happy {who}", "a {who} standing", "a happy {who} standing by day"),
    "sd": ("a photo of a {who}", "a picture of a {who}", "a {who}"),
    "sdxl": ("a photo of a {who}", "a picture of a {who}", "a {who}"),
}


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
) -> Work[Path]:
    """Teaches `card.trigger` before `card.class_word` and gives the path of adapter.safetensors in `folder`.

    A photo may have a caption beside it in a .txt file of the same name ("a girl running on the beach"). `flip` lets
    cuts be mirrored; by default they are unless the class is a person, whose face has sides. `keep` are pictures of others
    and what is said of them, which shall be drawn as before. Raises BadPhoto and what `take_course` raises.
    """
    if not photos:
        raise BadPhoto("There are no photos of '{title}'. Add some, five to fifteen are best.", title=card.title)
    mirrored = card.class_word not in PEOPLE if flip is None else flip
    lessons = tuple(Lesson(photo, _phrases(photo, card, model)) for photo in photos)
    kept = dict.fromkeys(without(phrase, card.trigger) for lesson in lessons for phrase in lesson.phrases)
    course = Course(
        card=card,
        lessons=lessons,
        prior=(*kept, ""),  # "" too: guidance pushes away from it, so it must stay where it was
        recipe=subject_recipe(effort, len(photos), model, mirrored),
        seed=seed,
        kept=tuple(keep),
    )
    return (yield from take_course(course, model, settings, folder, resume))


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
