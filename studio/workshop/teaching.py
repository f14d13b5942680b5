"""Characters from photos to ready, and gone again."""

from __future__ import annotations

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
RANK = 16  # with 8 a hero's hair and glasses came out half


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased with a character: photos, and the books that no longer wear it."""

    name: str
    photos: int
    taught: bool
    books: tuple[str, ...]  # titles


def begin(
    characters: Characters, name: str, kind: str, photos: Sequence[tuple[str, bytes]], class_word: str, consent: str
) -> Character:
    """A new character with photos that came through the door. Nothing is kept when one photo is refused."""
    from ..photos.door import take_in

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
    return characters.add(name, known, [take_in(*photo) for photo in photos], class_word, consent)


def teach(settings: Settings, id: str, effort: str, resume: bool, model: str) -> Work[Character]:
    """Trains the character's adapter from its photos and stands it on the shelf."""
    from ..training.subject import train_subject

    characters = Characters(settings)
    character = characters.get(id)
    photos = characters.photos(character.id)
    if not photos:
        raise NotReady(
            "'{name}' has no photos any more. Erase the character and add it again with photos.", name=character.name
        )
    card = _card(character, model)
    folder = characters.folder(character.id) / "adapter"
    mirrored = character.kind != "person"  # a face has sides, a drawing or a toy hardly
    tensors = yield from train_subject(
        photos, card, base_model(model), settings, folder, effort=effort, resume=resume, flip=mirrored
    )
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
