"""Characters on disk."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from studio import vault
from studio.errors import BadInput, NotFound
from studio.library.characters import BY_CHANCE, Characters
from studio.settings import load_settings


@pytest.fixture
def characters(home: Path) -> Characters:
    return Characters(load_settings())


def test_a_character_reads_back_with_its_photos(characters: Characters) -> None:
    added = characters.add("Bé Mây", "person", [b"one", b"two"], consent="her mother")
    assert (added.class_word, added.photos, added.ready) == ("girl", 2, False)
    assert [vault.read(photo) for photo in characters.photos(added.id)] == [b"one", b"two"]
    assert characters.get("Bé Mây") == characters.get("be-may") == characters.get(added.id) == added


def test_a_name_is_in_the_record_alone(characters: Characters) -> None:
    one, other = (characters.add(name, "person", [b"one"], consent="her mother") for name in ("Bé Mây", "Lan Anh"))
    assert BY_CHANCE.fullmatch(one.id) and BY_CHANCE.fullmatch(other.id) and one.id[:6] != other.id[:6]
    for name in (b"may", b"lan", "Mây".encode()):
        assert not [path for path in load_settings().home.rglob("*") if name in path.name.casefold().encode()]
    named = [path.name for path in load_settings().home.rglob("*") if path.is_file() and b"Lan" in path.read_bytes()]
    assert named == ["character.json"]


def test_who_comes_from_another_computer_is_told_apart_from_who_has_the_same_name(characters: Characters) -> None:
    mine = characters.add("May", "drawn", [b"one"])
    theirs = characters.bring(replace(mine, id="kivoxa-00000000", photos=0))
    assert (theirs.name, theirs.id) == ("May 2", "kivoxa-00000000")
    assert characters.get("May") == mine and characters.get("may 2") == theirs
    assert vault.key_of(characters.folder(theirs.id))


def test_a_taken_name_is_refused_and_its_photos_stay(characters: Characters) -> None:
    characters.add("May", "drawn", [b"one"])
    with pytest.raises(BadInput, match="'may' is here already"):
        characters.add("may", "drawn", [b"other", b"others"])
    assert characters.get("may").photos == 1


def test_a_name_that_two_windows_give_at_the_same_moment_is_given_once(home: Path) -> None:
    together = threading.Barrier(4)

    def begin(_: int) -> bool:
        characters = Characters(load_settings())
        together.wait()
        with suppress(BadInput):
            return bool(characters.add("May", "drawn", [b"one"] * 9))
        return False

    with ThreadPoolExecutor(4) as windows:
        assert sum(windows.map(begin, range(4))) == len(Characters(load_settings()).all()) == 1


def test_a_character_is_ready_once_its_adapter_is_whole(characters: Characters) -> None:
    characters.add("May", "drawn", [b"one"])
    adapter = characters.folder(characters.get("may").id) / "adapter"
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
    with pytest.raises(NotFound, match=r"There are: 'May'\. Add one .*studio train"):
        characters.get("rex")


def test_an_erased_character_leaves_nothing(characters: Characters) -> None:
    characters.add("May", "drawn", [b"one"])
    assert characters.erase("may").photos == 1
    assert characters.all() == () and not list(load_settings().characters.iterdir())


def test_a_damaged_character_is_told_and_the_others_still_list(characters: Characters) -> None:
    may, rex = characters.add("May", "drawn", []), characters.add("Rex", "pet", [])
    (characters.folder(rex.id) / "character.json").write_text("{")
    assert characters.all() == (may,)
    assert [(id, type(why)) for id, why in characters.damaged()] == [(rex.id, BadInput)]
