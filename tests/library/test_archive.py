"""A book goes to another computer in one file and comes out as it was, without anybody's face."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from studio import vault
from studio.adapters.card import AdapterCard, Worn
from studio.errors import BadInput, NotFound
from studio.library.archive import Known, pack
from studio.progress import finish
from studio.publishing.book import Look
from studio.story.scene import Cast, Role
from studio.workshop import Workshop
from studio.workshop.moving import Arrived
from tests.commands import answer, run
from tests.travelling import a_book, bring, lay, png, safetensors, sha256


def told(arrived: Arrived) -> str:
    return " ".join(map(str, arrived.remarks))


def names(file: Path) -> set[str]:
    with zipfile.ZipFile(file) as package:
        return set(package.namelist())


def test_an_archive_holds_what_the_pages_show_and_no_candidate(packed: Path) -> None:
    begun = {f"pictures/from/{sha256(png(colour))}.png" for colour in ("red", "white")}
    assert names(packed) == {"manifest.json", "book.json", "pictures/01-aa.png", "pictures/02-bb.png"} | begun


def test_the_manifest_tells_files_adapters_and_versions(packed: Path, there: Workshop) -> None:
    with zipfile.ZipFile(packed) as package:
        manifest = json.loads(package.read("manifest.json"))
    assert (manifest["version"], manifest["book"]) == (1, "con-dieu-do")
    assert [one["id"] for one in manifest["adapters"]] == ["may", "watercolour"]
    assert manifest["files"][1] == {
        "name": "pictures/01-aa.png",
        "sha256": sha256(png("green")),
        "bytes": len(png("green")),
    }


def test_the_same_book_gives_the_same_bytes(there: Workshop, packed: Path, tmp_path: Path) -> None:
    again = finish(there.export_archive("con-dieu-do", tmp_path / "again.storybook"))
    assert again.read_bytes() == packed.read_bytes()


def test_a_book_comes_out_as_it_went_in_but_for_the_hero_who_stayed(here: Workshop, packed: Path) -> None:
    arrived = bring(here, packed)
    assert arrived.book == here.book("con-dieu-do")
    assert [page.scene.text for page in arrived.book.pages] == ["Mây ra đồng.", "Mây ngủ.", "Hết."]
    assert [page.picture for page in arrived.book.pages] == ["01-aa.png", "02-bb.png", ""]
    assert (here._library.pictures("con-dieu-do") / "02-bb.png").read_bytes() == png("blue")
    assert arrived.book.cast.roles == (Role("Mây", "girl"),) and arrived.book.look.characters == ()
    assert "Who played 'Mây' is not on this computer." in told(arrived)


def test_where_everything_is_here_nothing_changes(there: Workshop, packed: Path) -> None:
    there._library.trash("con-dieu-do")
    arrived = bring(there, packed)
    assert arrived.remarks == () and arrived.book == replace(a_book(), id="con-dieu-do-2")


def test_an_id_that_is_taken_gets_a_new_one(here: Workshop, packed: Path) -> None:
    assert [bring(here, packed).book.id for _ in range(3)] == ["con-dieu-do", "con-dieu-do-2", "con-dieu-do-3"]
    assert len(here.books()) == 3 and here.damaged_books() == ()


def test_a_face_leaves_only_when_that_is_said_twice(there: Workshop, tmp_path: Path) -> None:
    out = tmp_path / "may.storybook"
    with pytest.raises(BadInput, match="would leave the face of May.* say it a second time: --yes-really"):
        finish(there.export_archive("con-dieu-do", out, with_characters=True))
    assert not out.exists()
    finish(there.export_archive("con-dieu-do", out, sure=True))
    assert not any("characters" in name for name in names(out))


def test_a_face_that_was_asked_for_twice_comes_along_without_photos(
    there: Workshop, here: Workshop, tmp_path: Path
) -> None:
    out = finish(there.export_archive("con-dieu-do", tmp_path / "may.storybook", with_characters=True, sure=True))
    came = {name for name in names(out) if name.startswith("characters/")}
    assert came == {f"characters/may/{name}" for name in ("adapter.json", "adapter.safetensors", "character.json")}
    arrived, may = bring(here, out), here.character("may")
    assert arrived.book.look.characters == (Worn("may"),) and "'May' came along" in told(arrived)
    assert (may.ready, may.photos, may.album, may.consent) == (True, 0, (), "her mother")
    assert vault.sealed_with(here._shelf.tensors_path("may")) == vault.key_of(here.settings.characters / "may") != ""
    assert not (here._library.pictures("con-dieu-do").parent / "characters").exists()


def test_a_character_of_that_name_who_is_here_stays(there: Workshop, here: Workshop, tmp_path: Path) -> None:
    out = finish(there.export_archive("con-dieu-do", tmp_path / "may.storybook", with_characters=True, sure=True))
    mine = AdapterCard(id="may", title="Mine", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="may")
    (tmp_path / "mine").write_bytes(safetensors() + b"")
    (tmp_path / "mine").write_bytes(safetensors()[:-1] + b"\1")
    here._shelf.put(mine, tmp_path / "mine")
    said = told(bring(here, out))
    assert "'may' is here already and stays" in said and "'may' is not the same here" in said
    assert here._shelf.card("may").title == "Mine"


def test_a_style_that_is_not_here_is_told(tmp_path: Path, here: Workshop) -> None:
    book = replace(a_book(), look=Look(styles=(Worn("ours", 0.6),)), cast=Cast((Role("Mây", "girl"),)))
    file = finish(pack(book, lay(tmp_path / "p"), tmp_path / "a.storybook", [Known("ours", "style", "0" * 64)]))
    arrived = bring(here, file)
    assert "The style 'ours' is not on this computer." in told(arrived) and arrived.book.look.styles == (
        Worn("ours", 0.6),
    )


def test_pictures_that_are_gone_are_left_out(tmp_path: Path, here: Workshop) -> None:
    pictures = lay(tmp_path / "p")
    (pictures / "02-bb.png").unlink()
    (pictures / "from" / f"{sha256(png('white'))}.png").unlink()
    book = bring(here, finish(pack(a_book(), pictures, tmp_path / "a.storybook"))).book
    assert [page.picture for page in book.pages] == ["01-aa.png", "", ""] and book.pages[0].mended is None


def test_another_ending_is_refused(there: Workshop, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"'kite.pdf' cannot be made\. .*\.storybook"):
        finish(there.export_archive("con-dieu-do", tmp_path / "kite.pdf"))


def test_an_export_that_fails_leaves_the_last_good_one(there: Workshop, packed: Path) -> None:
    before = packed.read_bytes()
    with pytest.raises(NotFound):
        finish(there.export_archive("no-such-book", packed))
    assert packed.read_bytes() == before


def test_the_command_line_packs_and_takes_in(there: Workshop, home: Path, tmp_path: Path) -> None:
    shutil.copytree(there.settings.home, home)
    out = tmp_path / "kite.storybook"
    assert answer("books", "export", "con-dieu-do", "--out", out)["bytes"] == out.stat().st_size
    assert answer("books", "import", out) == {"book": "con-dieu-do-2", "title": "Con diều đỏ", "remarks": []}
    refused = run("books", "export", "con-dieu-do", "--out", out, "--with-characters")
    assert refused.exit_code == 1 and "--yes-really" in refused.stderr
