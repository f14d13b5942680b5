"""The mixing desk: a hero and a style at nine pairs of strengths, and what is left of both."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.errors import BadInput
from studio.progress import finish
from studio.settings import SAMPLES, SHIPPED_ADAPTERS
from studio.workshop import Workshop
from studio.workshop.mixing import HEROES, STYLES, Trial, best

STORY = "May ran in the forest. She saw a cat. The cat slept in the garden."
SHARP = {"steps": 3}  # of drawing, enough for a style to be told from none


@pytest.fixture
def may(workshop: Workshop, tmp_path: Path) -> str:
    """A hero with photos who wears what a style learnt: likeness to the photos is measured as for any other."""
    drawings = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))[:2]]
    id = workshop.begin_character("May", "drawn", drawings, "girl").character.id
    tensors = shutil.copy(SHIPPED_ADAPTERS / "gouache" / "adapter.safetensors", tmp_path / "may.safetensors")
    card = AdapterCard(
        id=id, title="May", kind="subject", base_model="pocket", rank=5, alpha=5.0, trigger="may", class_word="girl"
    )
    Shelf(workshop.settings).put(card, tensors)
    return id


def test_nine_pairs_are_drawn_on_the_heros_page_and_judged(workshop: Workshop, may: str) -> None:
    book = workshop.begin_book(workshop.read_story(STORY), pages=3, characters=(Worn(may),))
    workshop.change_look(book.id, **SHARP)
    trials = finish(workshop.try_style(book.id, "lacquer"))
    assert [(one.hero, one.style) for one in trials] == [(hero, style) for hero in HEROES for style in STYLES]
    assert all(0 <= one.likeness <= 1 and 0 <= one.manner <= 1 for one in trials)
    by_style = [sum(one.manner for one in trials if one.style == style) for style in STYLES]
    assert by_style == sorted(by_style)
    found = workshop.trials(workshop.book(book.id), "lacquer")
    assert found == trials and best(found) in found
    assert len({workshop.trial_picture(book, "lacquer", one).read_bytes() for one in found}) == 9
    assert workshop.book(book.id).look.styles == ()
    workshop.erase_character(may)
    assert not list((workshop.settings.books / book.id).rglob("tries/**/*.png"))


def test_the_weaker_of_hero_and_style_counts_twice() -> None:
    def trial(likeness: float, manner: float) -> Trial:
        return Trial(hero=1.0, style=0.6, picture="", likeness=likeness, manner=manner)

    assert best([trial(1.0, 0.2), trial(0.7, 0.7), trial(0.2, 1.0)]) == trial(0.7, 0.7)


def test_weights_that_change_on_the_way_are_kept_with_the_book(workshop: Workshop, may: str) -> None:
    waxing = Worn("lacquer", 0.2, late=0.9)
    book = workshop.begin_book(workshop.read_story(STORY), pages=1, characters=(Worn(may, 1.0, 0.8),), styles=(waxing,))
    assert workshop.book(book.id).look.styles == (waxing,)
    with pytest.raises(BadInput, match="weight of '3'"):
        workshop.change_look(book.id, styles=(Worn("lacquer", 0.2, late=3.0),))


@pytest.mark.usefixtures("tiny_styles")
def test_a_style_is_measured_by_how_much_it_changes(workshop: Workshop) -> None:
    numbers = finish(workshop.evaluate_adapter("watercolour"))
    assert numbers["adapter"] == "watercolour"
    assert 0 < numbers["manner_usual"] < 1 and 0 < numbers["manner_whole"] < 1
