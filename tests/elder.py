"""Characters as an older studio kept them: their folder was called after them."""

from __future__ import annotations

from dataclasses import replace

from studio.files import move, slug
from studio.library.characters import Character, Characters
from studio.library.record import write_record
from studio.settings import Settings


def as_of_old(settings: Settings, character: Character) -> str:
    """Gives the character the id that was made of their name; returns it. Cut short, it can be done again."""
    id = slug(character.name)
    folder, given = settings.characters / id, settings.characters / character.id
    if given.is_dir() and given != folder:
        move(given, folder)
    photos = len(list((folder / "photos").glob("*.png")))
    write_record(folder / "character.json", replace(character, id=id, photos=photos))
    return Characters(settings).get(id).id
