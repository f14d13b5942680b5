"""What was erased where, and the signed receipt of it. What stays on the computer names nobody: the name is only in the hands of who
asked. Signed with Ed25519 (RFC 8032), so that a receipt can be shown to be this studio's and unaltered."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..errors import N_
from ..files import atomic_write
from ..settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Place = Literal[
    "photos", "cut-outs", "small copies", "portraits", "checkpoints", "adapter", "records", "key", "styles", "pictures", "trials",
    "measures", "experiments", "half-written", "former states", "jobs", "requests", "pages", "files",
]  # fmt: skip
PLACES: dict[Place, str] = {
    "photos": N_("Photos"),
    "cut-outs": N_("Cut-outs of the photos"),
    "small copies": N_("Small copies for the screens"),
    "portraits": N_("Portraits"),
    "checkpoints": N_("States of the teaching, with what it remembered"),
    "adapter": N_("What was learnt from the photos"),
    "records": N_("Records with the name and who agreed"),
    "key": N_("The key without which old copies cannot be read"),
    "styles": N_("Styles with them baked in"),
    "pictures": N_("Free pictures of them, and what those began with"),
    "trials": N_("Trials of styles"),
    "measures": N_("Notes of what was measured of them"),
    "experiments": N_("Experiments in the lab that began with a picture"),
    "half-written": N_("Half-written files"),
    "former states": N_("Former states of books that name them"),
    "jobs": N_("Lines in the list of jobs"),
    "requests": N_("Lines in the list of what left this computer"),
    "pages": N_("Pages of books that show them"),
    "files": N_("Finished files of those books"),
}
FOLDER = "audit/receipts"
KEY = "audit/receipts.key"


@dataclass(frozen=True, slots=True)
class Store:
    """What was found in one place before it went: how many files or lines, and their bytes."""

    place: Place
    count: int
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased of somebody, and in which books they were. `number`, `at`, `stores` and the signature of these stay here too;
    the names only with who asked. `shown` is on how many pages pictures still show them."""

    name: str
    photos: int
    taught: bool
    books: tuple[str, ...]  # titles
    pictures: int = 0  # wishes whose pictures went
    stores: tuple[Store, ...] = ()
    shown: int = 0
    number: str = ""
    at: str = ""  # ISO 8601, UTC
    key: str = ""  # the public key, hexadecimal
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A receipt that stays here. `genuine` says whether it is as it was signed; of one that is not, what it tells may be untrue."""

    number: str
    raw: bytes
    genuine: bool
    at: str = ""  # ISO 8601, UTC
    stores: tuple[Store, ...] = ()


def found(place: Place, paths: Iterable[Path]) -> Store:
    """How many files lie there, in folders too, and their bytes."""
    sizes = [file.stat().st_size for path in paths for file in _files(path)]
    return Store(place, len(sizes), sum(sizes))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (one for one in path.rglob("*") if one.is_file())
    elif path.is_file():
        yield path


def signed(settings: Settings, stores: tuple[Store, ...]) -> dict[str, str]:
    """Writes the receipt that stays here, and gives its number, time, public key and signature. Raises NoRoom."""
    number, at = secrets.token_hex(6), datetime.now(UTC).isoformat(timespec="seconds")
    key = _key(settings)
    told = {"number": number, "at": at, "key": key.public_key().public_bytes_raw().hex()}
    told["signature"] = key.sign(_words(told, stores)).hex()
    record = {"version": 1, **told, "stores": [asdict(store) for store in stores]}
    atomic_write(settings.home / FOLDER / f"{number}.json", json.dumps(record, indent=1) + "\n")
    return told


def receipts(settings: Settings) -> tuple[Path, ...]:
    """The files of all receipts that stay here, by number."""
    return tuple(sorted((settings.home / FOLDER).glob("[!.]*.json")))


def kept(settings: Settings) -> tuple[Kept, ...]:
    """The receipts that stay here, newest first; one that nobody can read any more comes last."""
    return tuple(sorted(map(_read, receipts(settings)), key=lambda one: (one.at, one.number), reverse=True))


def _read(path: Path) -> Kept:
    raw = path.read_bytes()
    if not is_genuine(raw):
        return Kept(path.stem, raw, False)
    record = json.loads(raw)
    return Kept(path.stem, raw, True, record["at"], _stores(record))


def is_genuine(raw: bytes) -> bool:
    """Whether the receipt in these bytes, one that stays here or one that was printed with --json, is as it was signed."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        record: dict[str, Any] = json.loads(raw)
        record = record.get("erased", record)
        stores = _stores(record)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(record["key"])).verify(
            bytes.fromhex(record["signature"]), _words(record, stores)
        )
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return False
    return True


def _stores(record: dict[str, Any]) -> tuple[Store, ...]:
    return tuple(Store(one["place"], one["count"], one["bytes"]) for one in record["stores"])


def _words(told: dict[str, Any], stores: tuple[Store, ...]) -> bytes:
    """What is signed: number, time, key, and each place with its count, in one form whatever the order of a file's keys."""
    lines = [f"{store.place}\t{store.count}\t{store.bytes}" for store in stores]
    return "\n".join((told["number"], told["at"], told["key"], *lines)).encode()


def _key(settings: Settings) -> Ed25519PrivateKey:
    """This home's own, made at the first receipt; only its owner can read the file."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = settings.home / KEY
    if not path.is_file():
        atomic_write(path, Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
