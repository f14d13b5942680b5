"""What is noted of a model's files tells a flipped byte, and spares reading what did not change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.models.ledger import damaged, digests, file_sha256, note, read_ledger

WEIGHTS = Path("unet", "diffusion_pytorch_model.safetensors")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, raw in ((WEIGHTS, b"numbers"), (Path("unet", "config.json"), b"{}"), (Path("README.md"), b"words")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    return tmp_path


def flip(path: Path, hidden: bool) -> None:
    """Changes a bit; `hidden` as a failing disk does, which tells no time."""
    stat, raw = path.stat(), bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + (0 if hidden else 1_000_000_000)))


def test_a_folder_as_it_came_is_whole(folder):
    note(folder, "download")
    assert damaged(folder) == damaged(folder, thoroughly=True) == ()


def test_a_flipped_byte_is_seen_by_its_time_or_by_reading_all(folder):
    note(folder, "download")
    flip(folder / WEIGHTS, hidden=True)
    assert (damaged(folder), damaged(folder, thoroughly=True)) == ((), (WEIGHTS.as_posix(),))
    flip(folder / WEIGHTS, hidden=True)
    flip(folder / WEIGHTS, hidden=False)
    assert damaged(folder) == (WEIGHTS.as_posix(),)


def test_a_file_that_was_only_copied_anew_is_the_same(folder):
    note(folder, "import")
    os.utime(folder / WEIGHTS, ns=(1, 1))
    assert damaged(folder) == ()


def test_a_missing_or_cut_file_is_told(folder):
    note(folder, "download")
    (folder / WEIGHTS).write_bytes(b"numb")
    (folder / "unet" / "config.json").unlink()
    assert set(damaged(folder)) == {WEIGHTS.as_posix(), "unet/config.json"}


def test_what_a_person_put_there_may_change(folder):
    first = digests(folder)
    assert read_ledger(folder).source == "" and set(first) == {WEIGHTS.as_posix(), "unet/config.json"}
    flip(folder / WEIGHTS, hidden=False)
    assert digests(folder)[WEIGHTS.as_posix()] == file_sha256(folder / WEIGHTS) != first[WEIGHTS.as_posix()]
    assert damaged(folder) == ()


def test_what_is_noted_is_not_read_again(folder):
    noted = digests(folder)
    flip(folder / WEIGHTS, hidden=True)
    assert digests(folder) == noted  # size and time are as they were


@pytest.mark.parametrize("raw", [b"", b"nonsense", b'{"version": 1}', b"[]", b'{"source": "download", "files": 3}'])
def test_notes_that_cannot_be_read_are_made_anew(folder, raw):
    (folder / "files.json").write_bytes(raw)
    assert read_ledger(folder).files == {} and WEIGHTS.as_posix() in digests(folder)
