"""Pictures that were held back: a note in `held/` beside them says so, by the name that the picture would have, and nothing of it is kept.

The name stands for the words and the seed, so that another seed, or other words, are free of it.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import N_
from ..files import atomic_write, private_folder
from .seals import unsealed

FOLDER = "held"
REASON = N_(
    "This picture was held back: the checker of pictures saw something in it that is not for children. Nobody gets to see it, and "
    "it is never printed. Try another seed; the words of the page are safe."
)


def hold(picture: Path) -> None:
    """Deletes the picture and notes that it was held back. Raises NoRoom."""
    atomic_write(private_folder(picture.parent / FOLDER) / f"{picture.name}.txt", f"{REASON}\n")
    picture.unlink(missing_ok=True)
    unsealed(picture)


def is_held(picture: Path) -> bool:
    """Whether a picture of that name was held back."""
    return (picture.parent / FOLDER / f"{picture.name}.txt").is_file()
