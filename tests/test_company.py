"""A page wears whoever is on it, and several heroes each in a region of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import LoraConfig

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.adapters.tensors import save_adapter
from studio.errors import NotFound
from studio.progress import finish
from studio.publishing.book import Book
from studio.rendering.drawing import Drawing
from studio.workshop import Workshop

TEXT = "May had a red balloon in the garden. A dog named Rex ran to May. Rex slept at night. It was raining in the village."
LEFT, RIGHT = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)


@pytest.fixture
def book(workshop: Workshop, tiny_pocket: Path) -> Iterator[Book]:
    """A book with two heroes, who are both on its second page only."""
    for seed, id in enumerate(("may", "rex", "wool")):
        put_real_adapter(workshop, id, seed)
    book = workshop.begin_book(workshop.read_story(TEXT, "The balloon"), pages=4)
    both = (Worn("may"), Worn("rex"))
    book = workshop.change_look(book.id, characters=both, styles=(Worn("wool", 0.6),), steps=2)
    for number, who in enumerate((("May",), ("May", "Rex"), ("Rex",), ()), 1):
        book = workshop.edit_page(book.id, number, who=who)
    return book


def put_real_adapter(workshop: Workshop, id: str, seed: int) -> None:
    """Stands a few random numbers on the shelf that the tiny model can wear."""
    torch.manual_seed(seed)
    module = "mid_block.attentions.0.transformer_blocks.0.attn1.to_v"
    state = {f"{module}.lora_A.weight": torch.randn(4, 64), f"{module}.lora_B.weight": torch.randn(64, 4)}
    path = save_adapter(workshop.settings.home / "made.safetensors", state, LoraConfig(r=4, lora_alpha=4), "pocket")
    words = {"trigger": "wool painting"} if id == "wool" else {"trigger": id, "class_word": "girl"}
    kind = "style" if id == "wool" else "subject"
    card = AdapterCard(id=id, title=id.title(), kind=kind, base_model="pocket", rank=4, alpha=4, **words)
    Shelf(workshop.settings).put(card, path)


def drawings(workshop: Workshop, book: Book) -> tuple[Drawing, ...]:
    return workshop._easel.drawings(book)


def test_a_page_wears_only_the_heroes_who_are_on_it(workshop: Workshop, book: Book) -> None:
    worn = [[name for name, *_ in one.worn] for one in drawings(workshop, book)]
    assert worn == [["may", "wool"], ["may", "rex", "wool"], ["rex", "wool"], [book.cast.hero.character, "wool"]]


def test_only_a_page_with_several_heroes_has_regions_and_each_is_told_of_first(workshop: Workshop, book: Book) -> None:
    asked = drawings(workshop, book)
    assert [len(one.regions) for one in asked] == [0, 2, 0, 0]
    assert [(region.adapter, region.box) for region in asked[1].regions] == [("may", LEFT), ("rex", RIGHT)]
    assert "rex" not in asked[1].regions[0].prompt and "on the right" in asked[1].regions[1].prompt
    assert all(region.prompt.endswith("wool painting") for region in asked[1].regions)


def test_a_book_with_one_hero_asks_for_the_pictures_it_always_asked_for(workshop: Workshop, book: Book) -> None:
    book = workshop.change_look(book.id, characters=(Worn("may"),))
    assert all([name for name, *_ in one.worn] == ["may", "wool"] for one in drawings(workshop, book))
    assert not any(one.regions for one in drawings(workshop, book))


def test_a_page_with_two_heroes_is_drawn(workshop: Workshop, book: Book) -> None:
    finish(workshop.draw_book(book.id))
    assert workshop.page_states(workshop.book(book.id)) == ("drawn",) * 4


def test_heroes_are_placed_and_the_picture_is_out_of_date_until_that_is_taken_back(
    workshop: Workshop, book: Book
) -> None:
    finish(workshop.draw_book(book.id))
    moved = workshop.place_heroes(book.id, 2, (("Rex", (0.55, 0.3, 1.2, 1.0)),))
    assert workshop.stages(moved, 2) == (("May", LEFT), ("Rex", (0.55, 0.3, 1.0, 1.0)))
    assert workshop.page_states(moved) == ("drawn", "out of date", "drawn", "drawn")
    assert workshop.page_states(workshop.undo(book.id)) == ("drawn",) * 4


def test_a_box_where_it_was_proposed_is_nothing_of_a_persons_own(workshop: Workshop, book: Book) -> None:
    assert workshop.place_heroes(book.id, 2, (("May", LEFT), ("Rex", RIGHT))).pages[1].boxes == ()


def test_pages_with_one_hero_have_nobody_to_place(workshop: Workshop, book: Book) -> None:
    assert workshop.stages(book, 1) == ()
    with pytest.raises(NotFound, match="'Lan' is not on this page. There are: 'May', 'Rex'."):
        workshop.place_heroes(book.id, 2, (("Lan", LEFT),))


def test_a_book_from_before_boxes_opens(workshop: Workshop, book: Book) -> None:
    path = workshop.settings.books / book.id / "book.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    for page in record["pages"]:
        del page["boxes"]
    path.write_text(json.dumps(record), encoding="utf-8")
    assert replace(workshop.book(book.id)).pages == book.pages
