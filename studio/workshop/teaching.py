"""Characters from photos to ready, and gone again."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..adapters.card import AdapterCard
from ..adapters.shelf import Shelf
from ..errors import BadInput, BadPhoto, NotReady
from ..files import private_folder
from ..library.characters import BY_CHANCE, Character, Characters, Kind
from ..library.consent import CONSENT, Consent, Consents, Ledger
from ..library.consent import check as check_consent
from ..models.table import base_model, teachable_model
from ..pocket.vocabulary import in_phrases
from ..pocket.world.description import ANIMALS, PEOPLE, SUBJECTS, Figure
from ..progress import Work
from ..settings import Settings
from ..training import recipe
from ..training.checkpoint import Checkpoints
from ..training.crew import crew
from ..training.recipe import Changes
from . import portraits
from .album import View, view

if TYPE_CHECKING:
    from ..training.conditioning import Lesson

KINDS: tuple[Kind, ...] = ("person", "pet", "toy", "drawn")
MOST_PHOTOS = 40
UNCHANGED = Changes()
AT_ONCE = 2  # photos that are opened and looked at
LOOKING = threading.Lock()  # one person's photos at a time: those of ten people at once took a gigabyte
STAGES = {"draft": 18, "good": 48, "best": 72}  # on which the hero is taught in pocket's world, all photos together
KEPT = {"draft": 24, "good": 96, "best": 128}  # scenes of others who shall stay themselves
RANK = 16  # with 8 a hero's hair and glasses came out half


@dataclass(frozen=True, slots=True)
class Begun:
    """A new character, and why some of its photos could not be taken in."""

    character: Character
    refused: tuple[BadPhoto, ...]


def begin(
    characters: Characters,
    name: str,
    kind: str,
    photos: Sequence[tuple[str, bytes]],
    class_word: str,
    consent: str | Consent,
) -> Begun:
    """A new character with the photos that came through the door, and what the coach thinks of them.

    Raises BadInput, and BadPhoto when not one photo could be taken in.
    """
    import cv2.data  # noqa: F401  # as it loads it leaves the list of modules for a moment, in which two threads must not ask for it

    from ..photos.advice import advise, wish
    from ..photos.coach import packed, study

    known = _checked(kind, class_word)
    if not photos:
        raise BadPhoto(
            "No photo of '{name}' was given. Give three to ten, each showing only this character.", name=name
        )
    characters.refuse_taken(name)
    words, beside = _agreed(name, known, consent)
    sys.audit("studio.upload.received")
    with LOOKING:
        clean, refused = _taken_in(photos)
        sys.audit("studio.upload.stripped")
        if not clean:
            raise refused[0]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            studied = list(pool.map(lambda png: study(png, known == "drawn"), clean))
    looks, shapes = [look for look, _ in studied], [packed(mask) for _, mask in studied]
    album = advise(looks, known == "person")
    wanted = wish([look for look, photo in zip(looks, album, strict=True) if photo.kept])
    begun = characters.add(name, known, clean, class_word, words, album, wanted, shapes, beside)
    return Begun(begun, tuple(refused))


def _agreed(name: str, kind: Kind, consent: str | Consent) -> tuple[str, dict[str, Ledger]]:
    """What is kept of who agreed: a sentence of the person's own, or the record of it. Raises BadInput for a person of whom
    nobody said anything."""
    if isinstance(consent, Consent):
        check_consent(consent)
        given = replace(consent, given=datetime.now(UTC).isoformat(timespec="seconds"))
        return "", {CONSENT: Ledger(entries=(given,))}
    if kind == "person" and not consent.strip():
        raise BadInput(
            "'{name}' is a person. Say who agreed and what the photos are for, such as: "
            '--consent "Lan\'s mother, for a book for the family". It is kept with the character.',
            name=name,
        )
    return consent, {}


def _checked(kind: str, class_word: str) -> Kind:
    """The kind of a new character, or BadInput for a kind or a word that the studio does not know."""
    known = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise BadInput("'{kind}' is no kind of character. Choose one of: {known}.", kind=kind, known=", ".join(KINDS))
    if class_word and class_word not in SUBJECTS:
        raise BadInput(
            "The studio cannot draw a '{word}' yet. Choose one of: {known}.",
            word=class_word,
            known=", ".join(SUBJECTS),
        )
    return known


def _taken_in(photos: Sequence[tuple[str, bytes]]) -> tuple[list[bytes], list[BadPhoto]]:
    """The photos that came through the door, and why the others did not."""
    from ..photos.door import take_in

    def taken(photo: tuple[str, bytes]) -> bytes | BadPhoto:
        try:
            return take_in(*photo)
        except BadPhoto as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:  # each waits for a process of its own
        answers = list(pool.map(taken, photos[:MOST_PHOTOS]))
    clean = [answer for answer in answers if isinstance(answer, bytes)]
    refused = [answer for answer in answers if isinstance(answer, BadPhoto)]
    if len(photos) > MOST_PHOTOS:
        refused.append(
            BadPhoto(
                "{count} photos are more than the studio looks at. The first {most} were taken; more do not help.",
                count=len(photos),
                most=MOST_PHOTOS,
            )
        )
    return clean, refused


def teach(
    settings: Settings, id: str, effort: str, resume: bool, model: str, changes: Changes = UNCHANGED
) -> Work[Character]:
    """Trains the character's adapter from its photos and stands it on the shelf."""
    changes.check()
    characters = Characters(settings)
    character = characters.get(id)
    Consents(settings).require([character.id], "train")
    if not characters.kept_photos(character.id):
        raise NotReady(
            "'{name}' has no photo to learn from. Take in one of those that were left out, or begin again with others.",
            name=character.name,
        )
    card, folder = _card(character, model, changes.rank or RANK), characters.folder(character.id) / "adapter"
    crew().told(character.id)
    tensors = yield from _taught(settings, card, folder, effort, resume, changes)
    shutil.rmtree(folder / "world", ignore_errors=True)
    sys.audit("studio.training.taught")
    Shelf(settings).put(card, tensors)
    sys.audit("studio.training.shelved")
    Checkpoints(folder, {}).clear()  # there is nothing to go on with
    return characters.get(character.id)


def follow(settings: Settings, effort: str, model: str, changes: Changes = UNCHANGED) -> Work[Path]:
    """Learns this process's part of what the leader of its crew teaches, in a folder that goes again."""
    character = Characters(settings).get(crew().told(""))
    with TemporaryDirectory() as folder:
        card = _card(character, model, changes.rank or RANK)
        return (yield from _taught(settings, card, Path(folder), effort, False, changes))


def _taught(
    settings: Settings, card: AdapterCard, folder: Path, effort: str, resume: bool, changes: Changes
) -> Work[Path]:
    """The adapter of the character with the card's id, taught from its photos."""
    from ..evaluation.likeness import Eyes
    from ..training.subject import Portrait, train_subject

    characters, model = Characters(settings), card.base_model
    character, photos = characters.get(card.id), characters.kept_photos(card.id)
    views = [view(characters, character, photo) for photo in photos]
    eyes = Eyes()
    portrait = Portrait(eyes.look([one.picture for one in views], [one.subject.mask for one in views]), eyes)
    staged, others = _world(card, character, views, folder, effort) if model == "pocket" else ((), ())
    drawable = model != "pocket" or character.kind == "drawn"  # photographs themselves say nothing to a drawn world
    mirrored = character.kind != "person"  # a face has sides, a drawing or a toy hardly
    shapes = [characters.shape(character.id, photo.name) for photo in photos]
    return (
        yield from train_subject(
            photos if drawable else (),
            card,
            base_model(model),
            settings,
            folder,
            effort=effort,
            resume=resume,
            flip=mirrored,
            shapes=[shape if shape.is_file() else None for shape in shapes] if drawable else (),
            keep=others,
            staged=staged,
            portrait=portrait,
            changes=changes,
        )
    )


def _world(
    card: AdapterCard, character: Character, views: Sequence[View], folder: Path, effort: str
) -> tuple[tuple[Lesson, ...], tuple[Lesson, ...]]:
    """Lessons on pocket's stages with the character, and with others who shall stay themselves."""
    from ..photos.cartoon import flattened
    from ..photos.cutout import lifted
    from ..pocket.keeping import world_lessons
    from ..pocket.staging import Stage, drawn_lessons, stage_lessons

    recipe.check_effort(effort)
    drawn, room = character.kind == "drawn", private_folder(folder / "world")
    stage = Stage(card, room, character.kind != "person", portraits.STAGES)
    clear = [one for one in views if "hidden" not in one.reasons] or views
    others = world_lessons(room, card.class_word, KEPT[effort])
    seen = None if drawn else _redrawn(card.class_word, clear, room)
    if seen:
        return drawn_lessons(seen, stage, STAGES[effort]), others
    cutouts = [lifted(one.picture, one.subject) for one in clear]
    cutouts = cutouts if drawn else [flattened(cutout) for cutout in cutouts]
    each = max(1, STAGES[effort] // len(cutouts))
    return stage_lessons(cutouts, stage, each, poses=drawn), others


def _redrawn(kind: str, views: Sequence[View], room: Path) -> Figure | None:
    """The photographed one as the world draws those of the kind; None for a kind that it does not know, and for a person whose
    face cannot be seen."""
    from ..photos.cartoon import flattened
    from ..photos.cutout import lifted
    from ..pocket.recolouring import recoloured
    from ..pocket.resemblance import resemblance

    if kind in PEOPLE:
        return resemblance(kind, [(one.picture, one.subject) for one in views])
    if kind in ANIMALS:
        return recoloured(kind, [flattened(lifted(one.picture, one.subject)) for one in views], room)
    return None


def _card(character: Character, model: str, rank: int) -> AdapterCard:
    return AdapterCard(
        id=character.id,
        title=character.name,
        kind="subject",
        base_model=teachable_model(model).key,
        rank=rank,
        alpha=float(rank),
        trigger=_trigger(character.id),
        class_word=character.class_word,
        made=f"Taught from {character.photos} photos by the studio.",
    )


def _trigger(id: str) -> str:
    """The word by chance that the id begins with, which the tokenizer splits as it likes; never the name of somebody. With an id
    of an older studio all of it; who is called Cat or River there is called backwards, because those words mean something to
    the model already."""
    word = chosen[1] if (chosen := BY_CHANCE.fullmatch(id)) else id.replace("-", "")
    return word[::-1] if in_phrases(word) else word
