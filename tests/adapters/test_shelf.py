"""The shelf finds every usable adapter, tells the others, and keeps each person's in that person's folder."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard
from studio.adapters.shelf import Shelf
from studio.errors import BadAdapter, BadInput, NotFound
from studio.settings import Settings

MAY = AdapterCard(
    id="may", title="May", kind="subject", base_model="pocket", rank=8, alpha=8.0, trigger="may", class_word="girl"
)
INK = replace(MAY, id="ink", title="Ink", kind="style", trigger="ink drawing", class_word="", titles={"vi": "Mực"})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url="")


@pytest.fixture
def tensors(tmp_path: Path) -> Path:
    path = tmp_path / "made.safetensors"
    path.write_bytes(b"numbers")
    return path


def test_what_is_put_is_found_with_its_hash(settings, tensors):
    Shelf(settings).put(INK, tensors)
    card = Shelf(settings).card("ink")
    assert card == replace(INK, sha256=hashlib.sha256(b"numbers").hexdigest())
    assert card in Shelf(settings).cards()
    assert Shelf(settings).tensors_path("ink").read_bytes() == b"numbers"


def test_a_persons_adapter_stands_in_the_persons_folder(settings, tensors):
    (settings.characters / "may").mkdir(parents=True)
    Shelf(settings).put(MAY, tensors)
    assert (settings.characters / "may" / "adapter" / "adapter.safetensors").is_file()
    assert Shelf(settings).card("may").kind == "subject"


def test_a_file_trained_in_its_place_is_not_copied(settings):
    path = settings.characters / "may" / "adapter" / "adapter.safetensors"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"trained here")
    assert Shelf(settings).put(MAY, path).sha256 == hashlib.sha256(b"trained here").hexdigest()


def test_damaged_folders_are_left_out_and_told(settings, tensors):
    shelf = Shelf(settings)
    for id in ("good", "torn", "bare", "moved"):
        shelf.put(replace(INK, id=id), tensors)
    (settings.adapters / "torn" / "adapter.json").write_text('{"id": "torn", "surprise": 1}')
    (settings.adapters / "bare" / "adapter.safetensors").unlink()
    (settings.adapters / "moved").rename(settings.adapters / "elsewhere")
    ids = {card.id for card in shelf.cards()}
    assert "good" in ids
    assert not ids & {"torn", "bare", "moved"}
    assert {trouble.id for trouble in shelf.troubles()} >= {"torn", "bare", "elsewhere"}
    assert {type(trouble.why) for trouble in shelf.troubles()} == {BadAdapter}
    with pytest.raises(BadAdapter, match="'torn' is damaged"):
        shelf.card("torn")


def test_an_unknown_adapter_is_told_the_known_ones(settings, tensors):
    Shelf(settings).put(INK, tensors)
    with pytest.raises(NotFound, match=r"no character or style 'inc'.*ink"):
        Shelf(settings).card("inc")


@pytest.mark.parametrize("id", ["../out", "/etc", "", "a/b"])
def test_ids_never_leave_the_shelf(settings, tensors, id):
    with pytest.raises(NotFound):
        Shelf(settings).tensors_path(id)
    with pytest.raises(BadInput):
        Shelf(settings).put(replace(INK, id=id), tensors)


def test_removing_takes_the_users_own_only(settings, tensors):
    shelf = Shelf(settings)
    shelf.put(INK, tensors)
    shelf.remove("ink")
    assert not (settings.adapters / "ink").exists()
    with pytest.raises(NotFound):
        shelf.remove("ink")
