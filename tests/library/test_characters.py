"""Characters on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import vault
from studio.errors import BadInput, NotFound
from studio.library.characters import Characters
from studio.settings import load_settings


@pytest.fixture
def characters(home: Path) -> Characters:
    return Characters(load_settings())


def test_a_character_reads_back_with_its_photos(characters: Characters) -> None:
    added = characters.add("Bé Mây", "person", [b"one", b"two"], consent="her mother")
    assert (added.id, added.class_word, added.photos, added.ready) == ("be-may", "girl", 2, False)
    assert [vault.read(photo) for photo in characters.photos("be-may")] == [b"one", b"two"]
    assert characters.get("Bé Mây") == added


def test_a_taken_name_is_refused_and_its_photos_stay(characters: Characters) -> None:
    characters.add("May", "drawn", [b"one"])
    with pytest.raises(BadInput, match="'may' is here already"):
        characters.add("may", "drawn", [b"other", b"others"])
    assert characters.get("may").photos == 1


def test_a_character_is_ready_once_its_adapter_is_whole(characters: Characters) -> None:
    characters.add("May", "drawn", [b"one"])
    adapter = characters.folder("may") / "adapter"
    adapter.mkdir()
    (adapter / "adapter.json").write_text("{}")
    assert not characters.get("may").ready
    (adapter / "adapter.safetensors").write_bytes(b"x")
    assert characters.get("may").ready


@pytest.mark.parametrize("name", ["Nobody", "", "../x", "兔"])
def test_an_unknown_character_is_not_found(characters: Characters, name: str) -> None:
    with pytest.raises(NotFound):
        characters.get(name)


def test_not_found_lists_who_is_there_and_how_to_add(characters: Characters) -> None:
    characters.add("May", "drawn", [])
    with pytest.raises(NotFound, match=r"There are: 'may'\. Add one .*studio train"):
        characters.get("rex")


def test_an_erased_character_leaves_nothing(characters: Characters) -> None:
    characters.add("May", "drawn", [b"one"])
    assert characters.erase("may").photos == 1
    assert characters.all() == () and not (load_settings().characters / "may").exists()


def test_a_damaged_character_is_told_and_the_others_still_list(characters: Characters) -> None:
    characters.add("May", "drawn", [])
    characters.add("Rex", "pet", [])
    (characters.folder("rex") / "character.json").write_text("{")
    assert [one.id for one in characters.all()] == ["may"]
    assert [(id, type(why)) for id, why in characters.damaged()] == [("rex", BadInput)]
