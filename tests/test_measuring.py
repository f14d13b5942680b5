"""The measured book: looked at as it is drawn, told from what lies beside the pictures, never of a former picture."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from studio.adapters.card import Worn
from studio.errors import NotReady
from studio.evaluation.asking import Asked
from studio.evaluation.likeness import Eyes, likeness, own_likeness
from studio.evaluation.measures import HeroSeen, Sight
from studio.progress import finish
from studio.publishing.book import Book
from studio.settings import ROOT, SAMPLES
from studio.workshop import Workshop
from studio.workshop.album import view
from studio.workshop.sights import Sights
from studio.workshop.witness import Brief, Witness, opened
from tests.test_workshop import put_adapter

TEXT = "May had a red balloon in the garden. A dog named Rex ran to her. They went to the forest together."
SHOWN = {"match", "figures", "print"}
MAY = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))]


@pytest.fixture
def book(workshop: Workshop, tiny_pocket: Path) -> Iterator[Book]:
    """A drawn book of three pages."""
    book = workshop.begin_book(workshop.read_story(TEXT, "The balloon"), pages=3)
    return finish(workshop.draw_book(workshop.change_look(book.id, steps=2).id))


def sights(workshop: Workshop, book: Book) -> Sights:
    return Sights(workshop.settings.books / book.id / "measures")


def test_a_drawn_book_is_measured_at_once(workshop: Workshop, book: Book) -> None:
    pages = workshop.measures(book)
    assert [page.picture for page in pages if page] == [page.picture for page in book.pages]
    assert all(page and {one.name for one in page.measures} == SHOWN for page in pages)
    assert all(0 <= one.value <= 1 for page in pages if page for one in page.measures)
    assert workshop.book_summary(book).measured == 3


def test_a_redrawn_page_never_shows_what_the_former_picture_was_worth(workshop: Workshop, book: Book) -> None:
    before = workshop.measures(book)
    again = finish(workshop.redo_page(book.id, 2))
    after = workshop.measures(again)
    assert after[1] and before[1] and after[1].picture == again.pages[1].picture != before[1].picture
    shutil.copy(*(sights(workshop, book)._path(one.picture) for one in (before[1], after[1])))
    assert workshop.measures(again)[1] is None  # a record that speaks of another picture


def test_a_changed_scene_is_not_held_to_what_was_asked_before(workshop: Workshop, book: Book) -> None:
    place = book.pages[0].scene.place
    assert workshop.measures(workshop.edit_page(book.id, 1, place="space"))[0] is None
    assert workshop.measures(workshop.edit_page(book.id, 1, place=place))[0]
    assert workshop.measures(workshop.edit_page(book.id, 1, text="Once upon a time."))[0]


def test_only_what_was_not_looked_at_is_looked_at(workshop: Workshop, book: Book) -> None:
    assert list(workshop.measure_book(book.id)) == []
    sights(workshop, book)._path(book.pages[1].picture).write_text("{")
    assert workshop.measures(book)[1] is None
    assert [(step.done, step.total) for step in workshop.measure_book(book.id)] == [(0, 1), (1, 1)]
    told = finish(workshop.measure_book(book.id))
    assert told["book"] == book.id and [page["page"] for page in told["pages"]] == [1, 2, 3] and not told["unmeasured"]


def test_a_damaged_picture_is_passed_over(workshop: Workshop, book: Book) -> None:
    path = workshop.settings.books / book.id / "pictures" / book.pages[0].picture
    path.write_bytes(path.read_bytes()[:2000])
    shutil.rmtree(sights(workshop, book).folder)
    assert finish(workshop.measure_book(book.id))["unmeasured"] == [1]


def test_a_book_without_a_picture_cannot_be_measured(workshop: Workshop, tiny_pocket: Path) -> None:
    book = workshop.begin_book(workshop.read_story(TEXT), pages=2)
    with pytest.raises(NotReady, match="no picture yet"):
        finish(workshop.measure_book(book.id))
    assert workshop.measures(book) == (None, None)


def test_candidates_stand_in_the_order_of_their_scores(workshop: Workshop, book: Book) -> None:
    found = finish(workshop.draw_candidates(book.id, 2, 2))
    scores = [one.score for one in found]
    assert len(scores) == 3 and None not in scores and scores == sorted(scores, reverse=True)
    assert workshop.score(book, 2, found[0].picture) == scores[0] and workshop.score(book, 2, "other.png") is None


def test_telling_loads_nothing_that_draws(workshop: Workshop, book: Book) -> None:
    program = (
        "import sys; from studio.workshop import Workshop; w = Workshop(); "
        f"assert all(w.measures(w.book('{book.id}'))); print(*{{'torch', 'diffusers', 'transformers'}} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_likeness_is_what_evaluate_adapter_computes(workshop: Workshop, tmp_path: Path) -> None:
    may = workshop.begin_character("May", "drawn", MAY[:3]).character
    picture = tmp_path / "drawn.png"
    Image.open(SAMPLES / "may" / "05.png").convert("RGB").resize((256, 256)).save(picture)
    brief = Brief(Asked(("",), (may.id,), ()), {}, "", False, "", "key")
    sight = Witness(workshop.settings).look(picture, brief)
    assert sight
    (seen,) = sight.heroes
    views = [view(workshop._characters, may, photo) for photo in workshop._characters.kept_photos(may.id)]
    eyes = Eyes()
    photos = eyes.look([one.picture for one in views], [one.subject.mask for one in views])
    plain = float(likeness(eyes.look([opened(picture)]), photos)[0]) / own_likeness(photos)
    assert seen.likeness == pytest.approx(plain, abs=1e-4) and seen.own == pytest.approx(own_likeness(photos), abs=1e-4)


def test_with_a_clip_of_ones_own_the_standard_scores_are_told(workshop: Workshop, book: Book, tiny_clip: Path) -> None:
    shutil.copytree(tiny_clip, workshop.settings.models / "clip")
    steps = list(workshop.measure_book(book.id))
    assert steps[-1].total == 3  # all are looked at once more
    told = finish(workshop.measure_book(book.id))
    assert all([name for name, *_ in page["standard"]] == ["CLIP-T"] for page in told["pages"])
    mean = sum(page["standard"][0][2] for page in told["pages"]) / 3
    assert told["summary"]["standard"][0] == ("CLIP-T", "", pytest.approx(mean, abs=1e-3))


def test_who_is_erased_leaves_nothing_of_how_they_looked(workshop: Workshop, book: Book) -> None:
    may = workshop.begin_character("May", "drawn", MAY[:1]).character.id
    kept = sights(workshop, book)
    seen = HeroSeen(character=may, likeness=0.9, look="AAAA")
    kept.put(Sight(picture="01-x.png", brief="b", print_px=(8, 8), heroes=(seen,)))
    workshop.erase_character(may)
    assert kept.get("01-x.png", "b") is None and len(list(kept.folder.glob("*.json"))) == 3


def test_a_hero_or_style_can_be_shown_more_strongly_until_it_is_as_taught(workshop: Workshop, book: Book) -> None:
    put_adapter(workshop, "may")
    put_adapter(workshop, "wool", "style")
    workshop.change_look(book.id, characters=(Worn("may", 0.88, 0.64),), styles=(Worn("wool", 0.6),))
    assert workshop.show_more(book.id).look.styles == (Worn("wool", 0.8),)
    most = workshop.show_more(book.id, "may")
    assert most.look.characters == (Worn("may", 1.1, 0.8),)
    assert not workshop.can_show_more(most, "may") and workshop.can_show_more(most)
    assert workshop.undo(book.id).look.characters == (Worn("may", 0.88, 0.64),)
