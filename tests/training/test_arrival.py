"""What is dropped on the Dataset screen is sorted into one folder, and nothing is written anywhere else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from studio.errors import BadInput
from studio.training.arrival import captions_of, receive
from studio.training.captions import read_captions


def packed(entries: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return raw.getvalue()


def torn() -> bytes:
    """A ZIP whose list of contents is whole and whose packed bytes are not."""
    raw = bytearray(packed({"a.jpg": bytes(range(256)) * 40}, zipfile.ZIP_DEFLATED))
    raw[40:60] = b"\xff" * 20
    return bytes(raw)


def test_a_zip_with_folders_is_unpacked_flat_and_its_captions_still_fit(tmp_path: Path) -> None:
    line = b'{"file": "images/a.jpg", "caption": "a red dress on a bed"}\n'
    raw = packed(
        {"set/images/a.jpg": b"one", "set/captions.jsonl": line, "set/run.sh": b"rm", "__MACOSX/set/a.jpg": b"x"}
    )
    assert receive([("set.zip", raw)], tmp_path) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jpg", "captions.jsonl"]
    assert read_captions(tmp_path, captions_of(tmp_path)) == {"a.jpg": ("a red dress on a bed",)}


def test_a_zip_that_points_elsewhere_stays_in_its_folder(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    receive([("set.zip", packed({"../../evil.jpg": b"x", "/abs/evil2.jpg": b"y", "..\\evil3.jpg": b"z"}))], room)
    assert [path.name for path in tmp_path.iterdir()] == ["room"]
    assert sorted(path.name for path in room.iterdir()) == ["evil.jpg", "evil2.jpg", "evil3.jpg"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([("bomb.zip", packed({"a.jpg": bytes(60_000_000)}, zipfile.ZIP_DEFLATED))], "more than the studio can take"),
        ([("cut.zip", packed({"a.jpg": b"x" * 2000})[:900])], "no pictures in what you gave"),
        ([("torn.zip", torn())], "is damaged or locked"),
        ([("notes.exe", b"MZ")], "no pictures in what you gave"),
        ([], "no pictures in what you gave"),
    ],
)
def test_what_cannot_be_taken_is_told(files, told: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=told):
        receive(files, tmp_path)


def test_captions_beside_the_pictures_need_no_table(tmp_path: Path) -> None:
    receive([("a.png", b"picture"), ("a.txt", b"a blue hat on the grass")], tmp_path)
    assert captions_of(tmp_path) is None
    assert read_captions(tmp_path) == {"a.png": ("a blue hat on the grass",)}
