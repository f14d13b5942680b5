"""A file that is not what it says is refused in one sentence, and nothing of it stays."""

from __future__ import annotations

import json
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.errors import BadAdapter, NotFound, StudioError
from studio.library.unpacking import unpack
from studio.progress import finish
from studio.workshop import Workshop
from tests.travelling import bring, png, safetensors, sha256

Change = Callable[[dict[str, bytes]], None]


def repacked(file: Path, out: Path, change: Change, honest: bool = True, **options: int) -> Path:
    """The archive with other files; an honest one says so in its manifest."""
    with zipfile.ZipFile(file) as package:
        files = {name: package.read(name) for name in package.namelist()}
    change(files)
    if honest and "manifest.json" in files:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = [
            {"name": name, "sha256": sha256(raw), "bytes": len(raw)}
            for name, raw in files.items()
            if name != "manifest.json"
        ]
        files["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(out, "w", **options) as package:
        for name, raw in files.items():
            package.writestr(name, raw)
    return out


def left_behind(workshop: Workshop) -> set[str]:
    """What lies in the home beside the empty rooms."""
    home = workshop.settings.home
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file() and path.suffix != ".lock"}


def in_json(name: str, **fields: object) -> Change:
    def change(files: dict[str, bytes]) -> None:
        files[name] = json.dumps({**json.loads(files[name]), **fields}).encode()

    return change


def first_page(**fields: object) -> Change:
    def change(files: dict[str, bytes]) -> None:
        book = json.loads(files["book.json"])
        book["pages"][0] |= fields
        files["book.json"] = json.dumps(book).encode()

    return change


def added(name: str, raw: bytes = b"x") -> Change:
    return lambda files: files.update({name: raw})


def without(name: str) -> Change:
    return lambda files: files.pop(name) and None


HONEST: dict[str, tuple[str, Change]] = {
    "climbs out": ("holds '../../evil.txt', which is no part", added("../../evil.txt")),
    "climbs out below the pictures": ("which is no part", added("pictures/../../evil.png")),
    "is absolute": ("which is no part", added("/etc/cron.d/evil")),
    "is of Windows": ("which is no part", added("C:\\evil.png")),
    "goes back on Windows": ("which is no part", added("pictures\\..\\evil.png")),
    "is a program": ("which is no part", added("pictures/evil.py")),
    "is a photo": ("which is no part", added("characters/may/photos/01.png")),
    "nobody speaks of": ("which is no part", added("pictures/03-cc.png", png("red"))),
    "is no picture": ("'pictures/02-bb.png' is not what was packed", added("pictures/02-bb.png", b"<svg/>")),
    "is a picture of another kind": ("is not what was packed", added("pictures/02-bb.png", b"GIF89a" + bytes(40))),
    "is missing": ("'pictures/02-bb.png' is missing", without("pictures/02-bb.png")),
    "is the book and missing": ("'book.json' is missing", without("book.json")),
    "is the manifest and missing": ("no book that the studio packed", without("manifest.json")),
    "is a newer manifest": ("by a newer studio (version 9)", in_json("manifest.json", version=9)),
    "is a strange manifest": ("'surprise' is not a known field", in_json("manifest.json", surprise=1)),
    "is a torn manifest": ("(it is not whole)", lambda files: files.update({"manifest.json": b'{"files": ['})),
    "is a newer book": ("by a newer studio (version 99)", in_json("book.json", version=99)),
    "is no book": ("is damaged ('", lambda files: files.update({"book.json": b"{}"})),
    "is no JSON": ("is damaged (it is not whole)", added("book.json", b"\xff\xfe")),
    "is a well of JSON": ("is damaged", added("book.json", b"[" * 200_000)),
    "has a wrong value": ("'pages' has a wrong value", in_json("book.json", pages="all")),
    "has no day": ("is damaged", in_json("book.json", created="yesterday")),
    "has a number that is none": ("is damaged", first_page(boxes=[["Mây", [0.0, float("nan"), 1.0, 1.0]]])),
    "has a number that is endless": ("is damaged", lambda files: files.update(
        {"book.json": files["book.json"].replace(b'"weight": 0.6', b'"weight": 1e999')})),
    "names a picture elsewhere": ("which is no part", first_page(picture="../../../secret.png")),
    "names a picture by its place": ("which is no part", first_page(picture="/etc/passwd")),
    "mends from elsewhere": (
        "which is no part", first_page(mended={"picture": "../../x", "mask": "0" * 64, "strength": 0.5}),
    ),
    "is half a character": ("a part of it is missing", added("characters/may/adapter.safetensors", safetensors())),
}  # fmt: skip


@pytest.mark.parametrize("entry", HONEST)
def test_an_archive_in_which_an_entry_is_refused_and_leaves_nothing(
    here: Workshop, packed: Path, tmp_path: Path, entry: str
) -> None:
    sentence, change = HONEST[entry]
    if entry == "is a torn manifest":
        bad = repacked(packed, tmp_path / "bad.storybook", change, honest=False)
    else:
        bad = repacked(packed, tmp_path / "bad.storybook", change)
    refuse(here, bad, sentence)


def refuse(here: Workshop, bad: Path, sentence: str) -> None:
    with pytest.raises(StudioError) as refusal:
        bring(here, bad)
    assert sentence in str(refusal.value) and f"'{bad.name}'" in str(refusal.value)
    assert left_behind(here) == set() and here.books() == () and here.damaged_books() == ()


def test_bytes_that_were_changed_on_the_way_are_noticed(here: Workshop, packed: Path, tmp_path: Path) -> None:
    other = added("pictures/02-bb.png", png("pink"))
    bad = repacked(packed, tmp_path / "bad.storybook", other, honest=False)
    refuse(here, bad, "'pictures/02-bb.png' is not what was packed")


def test_what_the_manifest_does_not_list_is_refused(here: Workshop, packed: Path, tmp_path: Path) -> None:
    bad = repacked(packed, tmp_path / "bad.storybook", added("pictures/09-zz.png", png("red")), honest=False)
    refuse(here, bad, "holds 'pictures/09-zz.png'")


def test_a_bomb_is_not_unfolded(here: Workshop, packed: Path, tmp_path: Path) -> None:
    big = added("pictures/02-bb.png", bytes(120_000_000))
    bad = repacked(packed, tmp_path / "bad.storybook", big, compression=zipfile.ZIP_DEFLATED)
    refuse(here, bad, "unfolds to far more than a book")


def test_a_bomb_that_lies_about_its_size_is_stopped(here: Workshop, packed: Path, tmp_path: Path) -> None:
    bad = repacked(
        packed,
        tmp_path / "bad.storybook",
        added("pictures/02-bb.png", bytes(5_000_000)),
        compression=zipfile.ZIP_DEFLATED,
    )
    raw = bad.read_bytes()
    bad.write_bytes(raw.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 700)))
    refuse(here, bad, "is damaged")


def test_too_many_entries_are_refused(here: Workshop, packed: Path, tmp_path: Path) -> None:
    many = {f"pictures/{number}.png": b"" for number in range(3001)}
    refuse(here, repacked(packed, tmp_path / "bad.storybook", lambda files: files.update(many)), "far more than a book")


def test_a_link_is_refused(here: Workshop, packed: Path, tmp_path: Path) -> None:
    bad = shutil.copy(packed, tmp_path / "bad.storybook")
    with zipfile.ZipFile(bad, "a") as package:
        link = zipfile.ZipInfo("pictures/03-link.png")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/passwd")
    refuse(here, bad, "holds 'pictures/03-link.png', which is no part")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(here: Workshop, packed: Path, tmp_path: Path) -> None:
    bad = shutil.copy(packed, tmp_path / "bad.storybook")
    with zipfile.ZipFile(bad, "a") as package:
        package.writestr("pictures/02-BB.png", png("red"))
    refuse(here, bad, "holds 'pictures/02-BB.png'")


@pytest.mark.parametrize("raw", [b"", b"nothing of the kind", b"PK\3\4" + bytes(50), b"PK\5\6" + bytes(18)])
def test_what_is_no_archive_is_refused(here: Workshop, tmp_path: Path, raw: bytes) -> None:
    bad = tmp_path / "bad.storybook"
    bad.write_bytes(raw)
    refuse(here, bad, "no book that the studio packed")


def test_an_archive_cut_anywhere_is_refused(here: Workshop, packed: Path, tmp_path: Path) -> None:
    raw, bad = packed.read_bytes(), tmp_path / "bad.storybook"
    for share in range(1, 12):
        bad.write_bytes(raw[: len(raw) * share // 12])
        refuse(here, bad, "")


def test_a_turned_byte_never_leaves_half_a_book(here: Workshop, packed: Path, tmp_path: Path) -> None:
    raw, bad = packed.read_bytes(), tmp_path / "bad.storybook"
    for at in range(7, len(raw), len(raw) // 40):
        bad.write_bytes(raw[:at] + bytes([raw[at] ^ 0x5A]) + raw[at + 1 :])
        try:
            here._library.trash(bring(here, bad).book.id)  # a byte of a date or of a comment may be any
        except StudioError:
            assert here.books() == () and here.damaged_books() == ()
    assert not list((here.settings.home / "arriving").iterdir())


def test_a_character_that_could_carry_programs_is_refused(here: Workshop, there: Workshop, tmp_path: Path) -> None:
    good = finish(there.export_archive("con-dieu-do", tmp_path / "g.storybook", with_characters=True, sure=True))
    evil = added("characters/may/adapter.safetensors", b"\x80\x04" + bytes(64))
    with pytest.raises(BadAdapter):
        bring(here, repacked(good, tmp_path / "bad.storybook", evil))
    assert left_behind(here) == set()


def test_a_file_that_is_not_there_is_not_found(here: Workshop, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file 'none.storybook'"):
        finish(unpack(tmp_path / "none.storybook", tmp_path / "x"))
