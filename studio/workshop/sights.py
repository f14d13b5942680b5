"""What was seen in the pictures of a book, on disk: `measures/<picture>.json` beside `pictures/`, one file for each picture.

A file goes by the name of its picture, which carries the key of the drawing, and holds what the picture was held to: what was
seen in a former picture, or asked for by a former scene, is never told of another. One that cannot be read counts as not
there, since looking again brings it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..evaluation.measures import VERSION, Sight
from ..files import atomic_write, shred

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Sights:
    """Those of one book, in its folder `measures`."""

    folder: Path

    def get(self, picture: str, brief: str) -> Sight | None:
        """What was seen in the picture, if it was looked at with this brief."""
        from pydantic import ValidationError

        try:
            sight = _adapter().validate_json(self._path(picture).read_bytes())
        except (OSError, ValidationError):
            return None
        return sight if (sight.picture, sight.brief, sight.version) == (picture, brief, VERSION) else None

    def none(self) -> bool:
        """Whether nobody ever looked at a picture of the book."""
        return not self.folder.is_dir()

    def put(self, sight: Sight) -> None:
        """Keeps it. Raises NoRoom."""
        atomic_write(self._path(sight.picture), _adapter().dump_json(sight) + b"\n")

    def forget(self, character: str) -> None:
        """Lets go of all that tells of a character."""
        for path in self.telling(character):
            shred(path)

    def telling(self, character: str) -> tuple[Path, ...]:
        """The notes that tell of a character."""
        return tuple(path for path in self.folder.glob("*.json") if f'"{character}"'.encode() in path.read_bytes())

    def _path(self, picture: str) -> Path:
        return self.folder / f"{Path(picture).stem}.json"


@cache
def _adapter() -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(Sight)
