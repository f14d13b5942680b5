"""The photos of a character after they were taken in: which are learnt from, and who in them is meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import vault
from ..errors import BadInput
from ..library.characters import Character, Characters

if TYPE_CHECKING:
    import numpy as np

    from ..photos.cutout import Subject

Box = tuple[float, float, float, float]
LEAST = 0.05  # of a side, that a part of a photo must have
FAINT = 0.25  # how much is left of what is not the character
PAPER = (251, 246, 236)
PREVIEW_PX = 256


@dataclass(frozen=True, slots=True)
class View:
    """A photo that is learnt from: `picture` uint8 [height, width, 3], and who is in it."""

    picture: np.ndarray
    subject: Subject
    reasons: tuple[str, ...]


def view(characters: Characters, character: Character, photo: Path) -> View:
    """The photo with the mask that was proposed or chosen; one that an older studio took in is cut out now."""
    from ..photos.coach import opened, unpacked
    from ..photos.cutout import Subject, box_of, cut_out

    picture = opened(vault.read(photo))
    reasons = next((one.reasons for one in character.album if one.file == photo.name), ())
    shape = characters.shape(character.id, photo.name)
    if not shape.is_file():
        return View(picture, cut_out(picture, character.kind == "drawn"), reasons)
    mask = unpacked(vault.read(shape))
    return View(picture, Subject(mask, box_of(mask)), reasons)


def keep_photo(characters: Characters, id: str, file: str, kept: bool) -> Character:
    """Takes a photo in or leaves it out, and wishes anew for what would help most beside those that are kept."""
    from ..photos.advice import wish
    from ..photos.coach import look

    character = characters.keep_photo(characters.get(id).id, file, kept)
    drawn = character.kind == "drawn"
    looks = [look(vault.read(photo), drawn) for photo in characters.kept_photos(character.id)]
    return characters.save(replace(character, wish=wish(looks)))


def cut_photo(characters: Characters, id: str, file: str, box: Box, whole: bool) -> Character:
    """Looks for the character in a part of a photo only; with `whole` all of that part is taken for them."""
    from ..photos.coach import packed
    from ..photos.cutout import cut_out, within

    left, top, right, bottom = box
    if not (left >= 0 and left + LEAST <= right <= 1 and top >= 0 and top + LEAST <= bottom <= 1):
        raise BadInput(
            "That part of the photo is too small or lies outside of it. Leave more of it; nothing was changed."
        )
    character = characters.get(id)
    picture = view(characters, character, characters.photo(character.id, file)).picture
    subject = within(picture, box) if whole else cut_out(picture, character.kind == "drawn", box)
    return characters.reshape(character.id, file, packed(subject.mask), subject.box)


def cut_preview(characters: Characters, id: str, file: str) -> bytes:
    """A PNG of the photo, 256 px at most, in which all but the character is faint."""
    import cv2
    import numpy as np

    character = characters.get(id)
    seen = view(characters, character, characters.photo(character.id, file))
    faint = seen.picture * FAINT + np.array(PAPER) * (1 - FAINT)
    shown = np.where(seen.subject.mask[..., None], seen.picture, faint).astype(np.uint8)
    scale = min(1.0, PREVIEW_PX / max(shown.shape[:2]))
    small = cv2.resize(shown, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))[1].tobytes()
