"""What is kept of a person, unreadable without their key: AES-256-GCM (NIST SP 800-38D), one key for each character.

A folder with a `key.json` names a key, and all that `write` puts in it or below is sealed with that key: eight letters, the 16
bytes of the key's id, 12 bytes of chance, and the ciphertext with its tag; letters and id are signed along. The keys lie
outside the home, in the folder that STUDIO_KEYS names or else beside the home ('storybook-studio.keys' beside
'storybook-studio'): a copy of the home alone shows nobody, and without its key every copy of a character that was ever made
is noise. A file that is not sealed, as older studios wrote them, is read as it is.
"""

from __future__ import annotations

import io
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from .errors import BadInput, NotReady
from .files import atomic_write, private_folder, room_for, sync

MAGIC = b"SEALED\x001"
ID_BYTES, NONCE_BYTES, KEY_BYTES, TAG_BYTES = 16, 12, 32, 16
FRONT_BYTES = len(MAGIC) + ID_BYTES
KEY = "key.json"  # in the folder whose files are sealed; it names the key and is none
DEEPEST = 5  # folders from a file up to the one that names its key, both counted


def keys_of(home: Path) -> Path:
    """The folder of the keys of a home, which need not be there yet."""
    given = os.environ.get("STUDIO_KEYS", "")
    return Path(given).expanduser().absolute() if given else home.with_name(f"{home.name}.keys")


def new_key(home: Path) -> str:
    """Makes a key and gives its id, 32 hex digits. It is on the disk before anything is sealed with it. Raises NoRoom."""
    id = secrets.token_hex(ID_BYTES)
    atomic_write(private_folder(keys_of(home)) / id, secrets.token_bytes(KEY_BYTES))
    return id


def lock(folder: Path, home: Path) -> str:
    """Gives the folder a key, if it has none: all that is written in it from now on is sealed. Gives the id. Raises NoRoom."""
    if not (id := key_of(folder)):
        share(folder, id := new_key(home))
    return id


def share(folder: Path, id: str) -> None:
    """Lets the folder be sealed with a key that there is: what was made of somebody elsewhere goes with them. Raises NoRoom."""
    atomic_write(folder / KEY, json.dumps({"version": 1, "key": id}))


def key_of(folder: Path) -> str:
    """The id of the key that the folder itself names; empty when it names none. Raises BadInput when nobody can tell."""
    try:
        told = json.loads((folder / KEY).read_bytes())["key"]
        if len(bytes.fromhex(told)) != ID_BYTES:
            raise ValueError("an id has 16 bytes")
    except FileNotFoundError:
        return ""
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "The note of '{name}' that tells which key opens its files is damaged. Put its key.json back from a backup; "
            "nothing was changed.",
            name=folder.name,
        ) from error
    return str(told)


def has(id: str, near: Path) -> bool:
    """Whether the key is among those of the home in which `near` lies."""
    return _find(id, near) is not None


def destroy(id: str, near: Path) -> bool:
    """Overwrites and deletes a key of the home in which `near` lies, for good; False when it is gone already. Raises NoRoom.

    An SSD or a backup of the keys may still hold the bytes: that is why keys do not belong into backups for long.
    """
    if not (file := _find(id, near)):
        return False
    with room_for(file.parent.name):
        with file.open("r+b") as opened:
            opened.write(secrets.token_bytes(KEY_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink(missing_ok=True)
        sync(file.parent)
    return True


def write(path: Path, content: bytes) -> Path:
    """Writes the file whole or not at all, sealed if a folder above names a key. Raises NoRoom, and NotReady without that key:
    what was to be sealed is never written plainly."""
    return atomic_write(path, _as_kept(path, content))


def put(path: Path, content: bytes) -> Path:
    """The same without waiting for the disk, for what is made anew after a crash."""
    with room_for(path.name):
        path.write_bytes(_as_kept(path, content))
    return path


def _as_kept(path: Path, content: bytes) -> bytes:
    id = next((id for folder in (*path.absolute().parents,)[:DEEPEST] if (id := key_of(folder))), "")
    return sealed(content, id, path) if id else content


def sealed(content: bytes, id: str, path: Path) -> bytes:
    """The bytes of the file `path` as they lie on the disk. Raises NotReady without the key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    front, nonce = MAGIC + bytes.fromhex(id), secrets.token_bytes(NONCE_BYTES)
    return front + nonce + AESGCM(_key(id, path)).encrypt(nonce, content, front)


def read(path: Path) -> bytes:
    """What was written, whether it lies sealed or not. Raises OSError as reading does, NotReady when the key is not here, and
    BadInput when somebody changed the file or it is torn."""
    raw = path.read_bytes()
    return _opened(raw, path) if raw.startswith(MAGIC) else raw


def stream(path: Path) -> BinaryIO:
    """The same as an open file, for who reads only its beginning; a sealed one is opened in memory."""
    file = path.open("rb")
    if file.read(len(MAGIC)) != MAGIC:
        file.seek(0)
        return file
    file.close()
    return io.BytesIO(read(path))


def sealed_with(path: Path) -> str:
    """The id of the key that the file is sealed with; empty for a plain one. Raises OSError."""
    with path.open("rb") as file:
        front = file.read(FRONT_BYTES)
    return front[len(MAGIC) :].hex() if front.startswith(MAGIC) else ""


def opens(path: Path) -> bool:
    """Whether the file is here, and its key if it needs one."""
    try:
        id = sealed_with(path)
    except FileNotFoundError:
        return False
    return not id or has(id, path)


def _opened(raw: bytes, path: Path) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    front, nonce = raw[:FRONT_BYTES], raw[FRONT_BYTES : FRONT_BYTES + NONCE_BYTES]
    rest = memoryview(raw)[FRONT_BYTES + NONCE_BYTES :]  # weights are large: no second copy
    try:
        if len(rest) < TAG_BYTES:
            raise InvalidTag
        return AESGCM(_key(front[len(MAGIC) :].hex(), path)).decrypt(nonce, rest, front)
    except InvalidTag as error:
        raise BadInput(
            "'{name}' of '{owner}' is damaged, or somebody changed it. Put it back from a backup, or make it again; "
            "everything else is safe.",
            name=path.name,
            owner=_owner(path),
        ) from error


def _key(id: str, near: Path) -> bytes:
    file = _find(id, near)
    key = file.read_bytes() if file else b""
    if len(key) != KEY_BYTES:
        raise NotReady(
            "The key of '{name}' is not on this computer, so photos and pictures of them cannot be opened. Keys are kept apart "
            "and on purpose not in copies of the studio's folder: bring the folder of keys along, or begin them anew. "
            "Nothing was changed, and books are safe.",
            name=_owner(near),
        )
    return key


def _find(id: str, near: Path) -> Path | None:
    """The file of a key: in the folder that STUDIO_KEYS names, or beside one of the folders above."""
    homes = (near.absolute(), *near.absolute().parents)
    places = (keys_of(homes[0]),) if os.environ.get("STUDIO_KEYS") else (keys_of(home) for home in homes if home.name)
    return next((place / id for place in places if id and (place / id).is_file()), None)


def _owner(path: Path) -> str:
    """Whom the folder that names the key belongs to: a character by the name in their record, else what the folder is called."""
    folders = path.absolute().parents
    owned = next((folder for folder in folders[:DEEPEST] if (folder / KEY).is_file()), path.parent)
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads((owned / "character.json").read_bytes())["name"])
    return owned.name
