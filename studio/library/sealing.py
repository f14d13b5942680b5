"""Old characters get a key: what an older studio wrote plainly is sealed where it lies.

Each file is whole at any time, plain or sealed, and both are read; after a crash it goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import vault
from ..errors import BadInput
from ..files import atomic_write
from ..settings import Settings
from .seals import seal, unsealed, whole
from .seals import sealed as noted_sum

KINDS = (".png", ".jpg", ".jpeg", ".webp", ".safetensors", ".npy")  # records in JSON stay plain


def seal_character(settings: Settings, id: str) -> int:
    """Seals what of a character lies plainly, with a key of its own; gives how many files that were. Nobody may be teaching or
    drawing them meanwhile. Raises NoRoom, NotReady when the key is not here, BadInput."""
    folder = settings.characters / id
    key = vault.lock(folder, settings.house)
    return sum(_seal(file, key) for file in _open_files(folder, key))


def lies_open(settings: Settings, id: str) -> bool:
    """Whether anything of the character lies plainly, or has no key yet."""
    folder = settings.characters / id
    try:
        key = vault.key_of(folder)
    except BadInput:  # nobody can tell with which key; what is sealed stays as it is
        return False
    return not key or next(_open_files(folder, key), None) is not None


def _open_files(folder: Path, key: str) -> Iterator[Path]:
    """The files with pictures or weights that are not sealed with this key; what is half written goes by itself."""
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.suffix in KINDS and not hidden and file.is_file() and vault.sealed_with(file) != key:
            yield file


def _seal(file: Path, key: str) -> bool:
    """Seals one file; False when it is not what was made, which is told elsewhere, and when somebody wrote it meanwhile."""
    noted, before = bool(noted_sum(file)), _marks(file)
    if noted and not whole(file):
        return False
    raw = vault.sealed(vault.read(file), key, file)
    if _marks(file) != before:
        return False
    if noted:
        unsealed(file)  # after a crash nobody noted otherwise, and it is noted anew
    atomic_write(file, raw)
    if noted:
        seal(file)
    return True


def _marks(file: Path) -> tuple[int, ...]:
    """What changes with a file; nothing of one that is gone."""
    try:
        seen = file.stat()
    except FileNotFoundError:
        return ()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns
