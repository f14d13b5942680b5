"""Characters from photos to ready, and gone again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from ..adapters.card import AdapterCard
from ..adapters.shelf import Shelf
from ..errors import BadInput, BadPhoto, NotReady
from ..library.characters import Character, Characters, Kind
from ..models.table import base_model
from ..pocket.world.description import SUBJECTS
from ..progress import Work
from ..settings import Settings

KINDS: tuple[Kind, ...] = ("person", "pet", "toy", "drawn")
MOST_PHOTOS = 40
RANK = 16  # with 8 a hero's hair and glasses came out half


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased with a character: photos, and the books that no longer wear it."""

    name: str
    photos: int
    taught: bool
    books: tuple[str, ...]  # titles


@dataclass(frozen=True, slots=True)
class Begun:
    """A new character, and why some of its photos could not be taken in."""

    character: Character
    refused: tuple[BadPhoto, ...]


def begin(
    characters: Characters, name: str, kind: str, photos: Sequence[tuple[str, bytes]], class_word: str, consent: str
) -> Begun:
    """A new character with the photos that came through the door, and what the coach thinks of them.

    Raises BadInput, and BadPhoto when not one photo could be taken in.
    """
    from ..photos.advice import advise, wish
    from ..photos.coach import look

    known = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise BadInput("'{kind}' is no kind of character. Choose one of: {known}.", kind=kind, known=", ".join(KINDS))
    if class_word and class_word not in SUBJECTS:
        raise BadInput(
            "The studio cannot draw a '{word}' yet. Choose one of: {known}.",
            word=class_word,
            known=", ".join(SUBJECTS),
        )
    if not photos:
        raise BadPhoto(
            "No photo of '{name}' was given. Give three to ten, each showing only this character.", name=name
        )
    characters.refuse_taken(name)
    clean, refused = _taken_in(photos)
    if not clean:
        raise refused[0]
    looks = [look(png) for png in clean]
    album = advise(looks, known == "person")
    wanted = wish([look for look, photo in zip(looks, album, strict=True) if photo.kept])
    return Begun(characters.add(name, known, clean, class_word, consent, album, wanted), tuple(refused))


def _taken_in(photos: Sequence[tuple[str, bytes]]) -> tuple[list[bytes], list[BadPhoto]]:
    """The photos that came through the door, and why the others did not."""
    from ..photos.door import take_in

    clean: list[bytes] = []
    refused: list[BadPhoto] = []
    for name, raw in photos[:MOST_PHOTOS]:
        try:
            clean.append(take_in(name, raw))
        except BadPhoto as error:
            refused.append(error)
    if len(photos) > MOST_PHOTOS:
        refused.append(
            BadPhoto(
                "{count} photos are more than the studio looks at. The first {most} were taken; more do not help.",
                count=len(photos),
                most=MOST_PHOTOS,
            )
        )
    return clean, refused


def teach(settings: Settings, id: str, effort: str, resume: bool, model: str) -> Work[Character]:
    """Trains the character's adapter from its photos and stands it on the shelf."""
    from ..pocket.keeping import world_lessons
    from ..training.subject import train_subject

    characters = Characters(settings)
    character = characters.get(id)
    photos = characters.kept_photos(character.id)
    if not photos:
        raise NotReady(
            "'{name}' has no photo to learn from. Take in one of those that were left out, or begin again with others.",
            name=character.name,
        )
    card = _card(character, model)
    folder = characters.folder(character.id) / "adapter"
    mirrored = character.kind != "person"  # a face has sides, a drawing or a toy hardly
    others = world_lessons(folder / "world") if model == "pocket" else ()
    tensors = yield from train_subject(
        photos, card, base_model(model), settings, folder, effort=effort, resume=resume, flip=mirrored, keep=others
    )
    shutil.rmtree(folder / "world", ignore_errors=True)
    Shelf(settings).put(card, tensors)
    return characters.get(character.id)


def _card(character: Character, model: str) -> AdapterCard:
    return AdapterCard(
        id=character.id,
        title=character.name,
        kind="subject",
        base_model=model,
        rank=RANK,
        alpha=float(RANK),
        trigger=character.id.replace("-", ""),  # one word, which the tokenizer splits as it likes
        class_word=character.class_word,
        made=f"Taught from {character.photos} photos by the studio.",
    )
