"""What is kept of a person opens with their key only, which lies outside the home."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from studio import vault
from studio.adapters.card import AdapterCard
from studio.adapters.shelf import Shelf
from studio.adapters.tensors import Layer, read_layers, write_layers
from studio.errors import BadInput, NotReady
from studio.library.characters import Characters
from studio.library.sealing import seal_character
from studio.library.seals import seal, whole
from studio.library.thumbnails import thumbnail
from studio.library.verification import LOCKED, look
from studio.settings import Settings, load_settings
from studio.training.checkpoint import Checkpoint, Checkpoints
from studio.workshop.album import view
from tests.elder import as_of_old

PLAIN = (b"\x89PNG", b"\xff\xd8\xff", b"__metadata__", b'"data_offsets"', b"IHDR", b"JFIF")
KNOWN = {"down.0": (8, 8)}


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings()


@pytest.fixture
def may(settings: Settings) -> Path:
    """The folder of somebody with photos, a small copy, a checkpoint, a portrait and an adapter, each made by its own part."""
    characters = Characters(settings)
    begun = characters.add("May", "person", [png(40), png(90)], shapes=[png(255), png(255)])
    folder = characters.folder(as_of_old(settings, begun))
    teach(settings, folder)
    return folder


def teach(settings: Settings, folder: Path) -> None:
    from studio.rendering.preview import preview_of
    from studio.rendering.preview import show as show_preview

    torch = pytest.importorskip("torch")
    factors = {"down.0.lora_A.weight": torch.ones(2, 8)}
    Checkpoints(folder / "adapter", {}).save(Checkpoint(1, (0.5,), 1.0, factors, factors))
    room = folder / "adapter" / "moments" / "000001"
    write_layers(room / "adapter.safetensors", {"down.0": Layer(torch.ones(2, 8), torch.ones(8, 2), 1.0)})
    Shelf(settings).put(card(), room / "adapter.safetensors")
    show_preview(torch.rand(8, 8, 3), folder / "portraits" / "1.png")
    assert vault.read(preview_of(folder / "portraits" / "1.png")).startswith(b"\xff\xd8")
    seal(vault.write(folder / "portraits" / "1.png", png(10)))
    for picture in (*(folder / "photos").glob("*.png"), *(folder / "portraits").glob("*.png")):
        assert thumbnail(picture, folder / "thumbnails")


def card() -> AdapterCard:
    return AdapterCard(
        id="may", title="May", kind="subject", base_model="pocket", rank=2, alpha=2.0, trigger="yam", class_word="girl"
    )


def png(grey: int) -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (64, 64), (grey, 80, 120)).save(raw, "PNG")
    return raw.getvalue()


def files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


def plain(folder: Path) -> list[str]:
    return [file.name for file in files(folder) if any(mark in file.read_bytes() for mark in PLAIN)]


def unsealed(folder: Path) -> None:
    """Makes the folder what an older studio left: the same files, plain, and no key."""
    raw = {file: vault.read(file) for file in files(folder)}
    for file, content in raw.items():
        file.write_bytes(content)
    vault.destroy(vault.key_of(folder), folder)
    (folder / vault.KEY).unlink()
    seal(folder / "portraits" / "1.png")


def opened(folder: Path) -> list[bytes]:
    """All that can be read of pictures and weights."""
    found = []
    for file in files(folder):
        if file.suffix in (".png", ".jpg", ".safetensors"):
            with_key = vault.opens(file)
            found += [vault.read(file)] if with_key else []
    return found


def test_nothing_of_a_person_lies_plainly_on_the_disk(may: Path) -> None:
    assert len(opened(may)) >= 10
    assert not plain(may)


def test_each_part_reads_what_it_wrote(may: Path, settings: Settings) -> None:
    characters = Characters(settings)
    assert view(characters, characters.get("may"), characters.photos("may")[0]).picture.shape == (64, 64, 3)
    assert read_layers(Shelf(settings).tensors_path("may"), KNOWN)["down.0"].down.shape == (2, 8)
    last = Checkpoints(may / "adapter", {}).latest()
    assert last and last.factors["down.0.lora_A.weight"].sum() == 16
    assert not list(_work(look(settings)).flaws)


def test_keys_lie_outside_the_home_and_are_their_owners_alone(may: Path, settings: Settings) -> None:
    (key,) = files(vault.keys_of(settings.home))
    assert not key.is_relative_to(settings.home)
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not any(key.read_bytes() in file.read_bytes() for file in files(settings.home))


def test_a_place_can_be_named_for_the_keys(settings: Settings, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("STUDIO_KEYS", str(tmp_path / "elsewhere"))
    one = Characters(settings).add("May", "pet", [png(1)])
    assert [file.name for file in files(tmp_path / "elsewhere")] == [vault.key_of(settings.characters / one.id)]
    assert vault.read(Characters(settings).photos(one.id)[0]) == png(1)


def test_a_backup_made_before_the_key_was_destroyed_opens_to_nothing(may: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup" / "may"
    shutil.copytree(may, backup)
    assert vault.destroy(vault.key_of(may), may)
    assert opened(backup) == opened(may) == []
    assert not vault.destroy(vault.key_of(may), may)


def test_erasing_somebody_destroys_their_key(may: Path, settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(may, tmp_path / "backup")
    Characters(settings).erase("may")
    assert not list(files(vault.keys_of(settings.home)))
    assert opened(tmp_path / "backup") == []


def test_what_somebody_was_baked_into_is_noise_without_their_key(may: Path, settings: Settings, tmp_path: Path) -> None:
    made, shelf = tmp_path / "made.safetensors", Shelf(settings)
    made.write_bytes(vault.read(shelf.tensors_path("may")))
    shelf.put(replace(card(), id="both", title="Both", kind="style", parts=("may",)), made)
    assert vault.read(shelf.tensors_path("both")) == made.read_bytes() and not plain(settings.adapters / "both")
    shutil.copytree(settings.adapters / "both", tmp_path / "backup")
    Characters(settings).erase("may")
    assert opened(tmp_path / "backup") == []


def test_a_missing_key_is_told_and_nothing_is_taken_for_damaged(may: Path, settings: Settings) -> None:
    vault.keys_of(settings.home).rename(settings.home.with_name("away"))
    with pytest.raises(NotReady, match="The key of 'May' is not on this computer"):
        vault.read(may / "photos" / "01.png")
    with pytest.raises(NotReady):
        vault.write(may / "photos" / "03.png", png(3))
    assert thumbnail(may / "photos" / "01.png", may / "thumbnails") is None
    flaws = _work(look(settings)).flaws
    assert len(flaws) == 4
    assert all(flaw.kind == "other" and LOCKED in flaw.sentence for flaw in flaws)


def test_a_file_that_somebody_changed_is_told_of(may: Path, settings: Settings) -> None:
    photo = may / "photos" / "01.png"
    raw = bytearray(photo.read_bytes())
    for at in (3, vault.FRONT_BYTES - 1, vault.FRONT_BYTES + 1, len(raw) // 2, len(raw) - 1):
        torn = bytes([*raw[:at], raw[at] ^ 1, *raw[at + 1 :]])
        photo.write_bytes(torn)
        with pytest.raises((BadInput, NotReady)) if at >= 8 else _as_it_is():
            vault.read(photo)
    assert "01.png of character 'may' is damaged." in [flaw.sentence for flaw in _work(look(settings)).flaws]
    photo.write_bytes(raw[:30])
    with pytest.raises(BadInput, match="damaged"):
        vault.read(photo)


def test_what_an_older_studio_kept_opens_and_is_sealed(may: Path, settings: Settings) -> None:
    before = sorted(opened(may))
    unsealed(may)
    assert plain(may)
    assert sorted(opened(may)) == before
    assert seal_character(settings, "may") == len(before)
    assert sorted(opened(may)) == before
    assert not plain(may)
    assert whole(may / "portraits" / "1.png")
    assert seal_character(settings, "may") == 0


def test_sealing_goes_on_after_a_crash_anywhere(may: Path, settings: Settings) -> None:
    before = sorted(opened(may))
    unsealed(may)
    key = vault.lock(may, settings.home)
    for number, file in enumerate(sorted(file for file in files(may) if file.suffix in (".png", ".safetensors"))):
        if number % 2:  # as if the power went when half of the files were sealed
            file.write_bytes(vault.sealed(file.read_bytes(), key, file))
    seal(may / "portraits" / "1.png")
    assert sorted(opened(may)) == before
    assert not _work(look(settings)).flaws
    seal_character(settings, "may")
    assert sorted(opened(may)) == before
    assert not plain(may)


def test_the_same_picture_never_lies_twice_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "characters" / "may"
    folder.mkdir(parents=True)
    vault.lock(folder, tmp_path / "home")
    one, other = (vault.write(folder / name, png(1)).read_bytes() for name in ("1.png", "2.png"))
    assert one[vault.FRONT_BYTES :][: vault.NONCE_BYTES] != other[vault.FRONT_BYTES :][: vault.NONCE_BYTES]
    assert vault.read(folder / "1.png") == vault.read(folder / "2.png")


def _as_it_is():
    from contextlib import nullcontext

    return nullcontext()


def _work(work):
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value
