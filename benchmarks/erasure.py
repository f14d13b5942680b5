"""What is left of somebody on the disk itself: a home on a file system of its own, in which somebody moves in and is erased, and then
every byte of the disk is looked through, those that belong to no file too.

    sudo python -m benchmarks.erasure [--kill POINT] [--scrub]

It needs the right to mount a file as a disk (Linux, root). Beside it stands what deleting the folder alone would leave.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
SIZE = 256 << 20
LIVES = """
import json, sys
sys.path.insert(0, {root!r})
from studio import vault
from studio.workshop import Workshop
from tests.guard.somebody import Somebody
from tests.painter import plain_painter
somebody, workshop = Somebody(), Workshop(illustrator=plain_painter())
somebody.move_in(workshop)
folder = workshop.settings.characters / somebody.id
print(json.dumps({{"id": somebody.id}} | {{what: mark.hex() for what, mark in somebody.marks.items()}} | {{
    "photo": vault.read(next(folder.glob("photos/*.png")))[2000:2032].hex(),
    "weights": vault.read(folder / "adapter" / "adapter.safetensors")[-32:].hex(),
    "key": (vault.keys_of(workshop.settings.home) / vault.key_of(folder)).read_bytes().hex(),
}}))
"""
DIES = "sys.addaudithook(lambda event, _: event == {point!r} and os.kill(os.getpid(), 9))"
GOES = """
import os, sys
sys.path.insert(0, {root!r})
{dies}
from studio.workshop import Workshop
workshop = Workshop()
workshop.erase_character({id!r}, pages=True)
if {scrub!r}:
    list(workshop.scrub())
"""
RECOVERS = "import sys; sys.path.insert(0, {root!r}); from studio.workshop import Workshop; Workshop().recover()"


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    subprocess.run(["mount", "-o", "loop", str(image), str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def run(code: str, home: Path) -> str:
    """What the program prints; one that is killed prints nothing."""
    told = {**os.environ, "STUDIO_HOME": str(home / "home"), "STUDIO_KEYS": str(home / "keys")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=told, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode not in (0, -9):
        raise SystemExit(done.returncode)
    return done.stdout


def left(image: Path, marks: Mapping[str, bytes]) -> dict[str, int]:
    """How often each mark stands anywhere on the disk."""
    raw = image.read_bytes()
    return {what: raw.count(mark) for what, mark in marks.items() if mark in raw}


def tried(room: Path, way: str, kill: str, scrub: bool) -> dict[str, int]:
    """One disk on which somebody moves in and goes: by `erase`, or by deleting their folder as a file manager would."""
    image, place = room / f"{way}.img", room / way
    place.mkdir()
    with open(image, "wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    with mounted(image, place):
        told = json.loads(run(LIVES.format(root=str(ROOT)), place))
        id = told.pop("id")  # a word by chance, which tells nothing of anybody once their record is gone
        marks = {what: bytes.fromhex(mark) for what, mark in told.items()}
        os.sync()
        if way == "deleted":
            shutil.rmtree(place / "home" / "characters" / id)
        else:
            dies = DIES.format(point=kill) if kill else ""
            run(GOES.format(root=str(ROOT), dies=dies, id=id, scrub=scrub), place)
        if kill:
            run(RECOVERS.format(root=str(ROOT)), place)
    return {"marks": len(marks), **left(image, marks)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kill", default="", help="a named point at which the erasing process is killed")
    parser.add_argument("--scrub", action="store_true", help="overwrite the free room of the disk, too")
    given = parser.parse_args()
    with TemporaryDirectory() as room:
        for way in ("erased", "deleted"):
            told = tried(Path(room), way, given.kill if way == "erased" else "", given.scrub)
            print(f"{way}: {told.pop('marks')} marks, left on the disk: {told or 'none'}")


if __name__ == "__main__":
    main()
