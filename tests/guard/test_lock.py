"""The child lock in the house: where a child is worn nothing gets past it, by whichever door, and nothing that was written is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.adapters.card import Worn
from studio.errors import ChildBlock
from studio.models.table import base_model
from studio.progress import finish
from studio.publishing.book import Book
from studio.rendering.wish import Wish
from studio.workshop import Workshop
from tests.guard.conftest import CARD, begin, lay

TALE = "Lan walks to the river with her dog. They find a red boat. In the evening they go home."
CRUEL = "Lan sees a severed head on a stick."
LAN = (Worn("lan"),)


@pytest.fixture
def book(plain: Workshop, lan: str) -> Book:
    return plain.begin_book(plain.read_story(TALE, "The boat", "en"), 3, LAN)


def wish_for(workshop: Workshop, prompt: str, *worn: str) -> Wish:
    return replace(workshop.usual_wish(), prompt=prompt, worn=tuple(Worn(one) for one in worn))


def test_an_ordinary_book_with_a_child_is_drawn(plain: Workshop, book: Book) -> None:
    assert plain.has_child(["lan"])
    assert finish(plain.draw_book(book.id)).drawn


def test_words_that_are_not_for_a_child_do_not_come_into_her_book(plain: Workshop, book: Book) -> None:
    with pytest.raises(ChildBlock, match=r"Page 2 says 'severed head.*everything you wrote is safe") as told:
        plain.edit_page(book.id, 2, text=CRUEL)
    assert told.value.code == "CHILD-BLOCK"
    assert plain.book(book.id) == book
    with pytest.raises(ChildBlock):
        plain.edit_translation(book.id, 1, "Lan khỏa thân")
    with pytest.raises(ChildBlock):
        plain.begin_book(plain.read_story(f"{TALE} {CRUEL}", "The stick", "en"), 3, LAN)
    with pytest.raises(ChildBlock):
        plain.wish_page(book.id, 1, "make her n u d e")
    with pytest.raises(ChildBlock):
        plain.submit_writing(book.id, "rewrite", number=1, wish="with p0rn")
    assert not plain.jobs()


def test_a_book_with_such_words_cannot_be_given_a_child(plain: Workshop, lan: str) -> None:
    dark = plain.begin_book(plain.read_story(f"{TALE} {CRUEL}", "The stick", "en"), 3)
    with pytest.raises(ChildBlock, match="severed head"):
        plain.change_look(dark.id, characters=LAN)
    assert plain.book(dark.id) == dark
    assert finish(plain.draw_book(dark.id)).drawn


def test_such_words_from_an_older_book_are_not_drawn_either(plain: Workshop, book: Book) -> None:
    pages = (replace(book.pages[0], scene=replace(book.pages[0].scene, text=CRUEL)), *book.pages[1:])
    plain._library.change(book.id, lambda now: replace(now, pages=pages))
    for work in (
        plain.draw_book(book.id),
        plain.redo_page(book.id, 1),
        plain.perform("pages", book.id, {"numbers": "1"}),
    ):
        with pytest.raises(ChildBlock, match="Page 1"):
            finish(work)
    with pytest.raises(ChildBlock):
        plain.submit_drawing(book.id)
    with pytest.raises(ChildBlock):
        plain.submit_redo(book.id, 1)
    assert not [*plain._library.pictures(book.id).glob("*.png")]
    finish(plain.redo_page(book.id, 2))


def test_who_hurts_themselves_is_told_where_help_is(plain: Workshop, book: Book) -> None:
    with pytest.raises(ChildBlock, match=r"a grown-up whom you trust can help.* 111 in Vietnam"):
        plain.edit_page(book.id, 1, text="Lan muốn tự tử")


def test_a_wish_is_stopped_at_once_and_by_the_worker_too(plain: Workshop, lan: str) -> None:
    wish = wish_for(plain, "lan girl, t0pless", "lan")
    assert isinstance(plain.picture_faults(wish)["prompt"], ChildBlock)
    with pytest.raises(ChildBlock):
        plain.wish_picture(wish)
    piece = plain._gallery.add(wish, {"lan"})
    with pytest.raises(ChildBlock):
        finish(plain.perform("picture", piece.id, {}))
    assert not plain.piece(piece.id).shots


def test_the_command_line_goes_the_same_way(plain: Workshop, lan: str, tmp_path: Path) -> None:
    with pytest.raises(ChildBlock):
        finish(plain.draw_picture("lan girl, naked", tmp_path / "out.png", adapters=LAN))
    with pytest.raises(ChildBlock):
        finish(plain.draw_grid(wish_for(plain, "lan girl, naked", "lan"), tmp_path / "grid.png"))
    assert not [*tmp_path.glob("*.png")]


def test_who_is_drawn_or_a_toy_is_no_child_but_minors_are_safe_from_everybody(plain: Workshop, tmp_path: Path) -> None:
    begin(plain, "May", "drawn")
    assert not plain.has_child(["may"])
    assert not plain.picture_faults(wish_for(plain, "may girl, sword fight, a pool of blood", "may"))
    with pytest.raises(ChildBlock, match="never drawn or written"):
        finish(plain.draw_picture("a naked schoolgirl", tmp_path / "out.png"))


def test_a_child_who_was_baked_into_a_style_is_still_a_child(plain: Workshop, lan: str) -> None:
    lay(plain, replace(CARD, id="lan-ink", title="Lan in ink", source="baked", parts=("lan",)))
    assert plain.has_child(["lan-ink"])
    assert isinstance(plain.picture_faults(wish_for(plain, "lan girl, gore", "lan-ink"))["prompt"], ChildBlock)


def test_pictures_like_photos_need_a_grown_up(plain: Workshop, lan: str) -> None:
    wish = wish_for(plain, "photorealistic photo of lan girl", "lan")
    assert "illustration styles only" in str(plain.picture_faults(wish)["prompt"])
    plain.confirm("photos", "lan", "Mai, her mother")
    assert not plain.picture_faults(wish)
    assert plain.picture_faults(replace(wish, prompt="photorealistic photo of lan girl, nude"))
    (line,) = (plain.settings.home / "audit" / "confirmations.jsonl").read_text(encoding="utf-8").splitlines()
    assert {"what": "photos", "of": "lan", "by": "Mai, her mother"}.items() <= json.loads(line).items()


STRANGE = [
    {},
    {"rating": "adult"},
    {"rating": "adult", "source": "taught"},
    {"rating": "adult", "source": "baked"},
    {"source": "", "made": "Imported from ink.safetensors."},
]


@pytest.mark.parametrize("told", STRANGE, ids=lambda told: "-".join(told.values()) or "imported")
def test_no_child_is_worn_with_what_is_for_adults_or_comes_from_nobody_knows_where(
    plain: Workshop, book: Book, style: Any, told: dict[str, Any], tmp_path: Path
) -> None:
    """Five kinds of adapter, by four doors: twenty of twenty."""
    lay(plain, style(**told))
    doors = [
        lambda: plain.change_look(book.id, styles=(Worn("ink"),)),
        lambda: plain.wish_picture(wish_for(plain, "lan girl in the garden", "lan", "ink")),
        lambda: finish(plain.draw_picture("lan girl", tmp_path / "out.png", adapters=(*LAN, Worn("ink")))),
        lambda: plain.bake_adapters((*LAN, Worn("ink")), "Lan in ink"),
    ]
    for door in doors:
        with pytest.raises(ChildBlock, match="no child is drawn in it"):
            door()
    plain.confirm("adapter", "ink", "Mai")
    assert plain.change_look(book.id, styles=(Worn("ink"),)).look.styles
    lay(plain, replace(style(**told), id="ink2"))
    with pytest.raises(ChildBlock):
        plain.change_look(book.id, styles=(Worn("ink2"),))


@pytest.mark.parametrize(("word", "child"), [("girl", True), ("", True), ("dog", False)])
def test_somebody_from_elsewhere_of_whom_nobody_knows_counts_as_a_child(
    plain: Workshop, style: Any, word: str, child: bool
) -> None:
    lay(plain, style(id="kim", title="Kim", kind="subject", class_word=word))
    wish = wish_for(plain, "Kim, severed head", "kim")
    assert plain.has_child(["kim"]) == child
    assert isinstance(plain.picture_faults(wish).get("prompt"), ChildBlock) == child
    if child:  # and is drawn once a grown-up looked at what the file draws
        with pytest.raises(ChildBlock, match="comes from elsewhere"):
            plain.wish_picture(wish_for(plain, "Kim in the garden", "kim"))
        plain.confirm("adapter", "kim", "Mai")
        assert plain.wish_picture(wish_for(plain, "Kim in the garden", "kim"))


def test_a_style_that_was_taught_here_is_worn_without_a_question(plain: Workshop, book: Book, style: Any) -> None:
    lay(plain, style(source="taught"))
    lay(plain, style(id="seen", rating="checked"))
    assert plain.change_look(book.id, styles=(Worn("ink"), Worn("seen"))).look.styles


def test_no_child_is_drawn_with_a_model_that_nobody_knows(plain: Workshop, lan: str) -> None:
    unknown = replace(base_model("pocket"), key="mine", title="Mine", family="sd")
    with pytest.raises(ChildBlock, match="what the model 'Mine' was taught"):
        plain._guard.company(unknown, ["lan"])
    plain.confirm("model", "mine", "Mai")
    plain._guard.company(unknown, ["lan"])
