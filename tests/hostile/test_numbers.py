"""Numbers that cannot be: told by field with the nearest that can, on the screen, by the command and by the worker."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import Worn
from studio.progress import finish
from studio.publishing.book import Book
from studio.rendering.drawing import Start
from studio.story.llm.server import Server
from studio.workshop import Workshop
from tests.commands import run

from .routes import FOREIGN, plain, refusal, unchanged

WISHES: dict[str, tuple[str, dict]] = {
    "no steps": ("steps", {"steps": 0}),
    "steps below nothing": ("steps", {"steps": -1}),
    "ten thousand steps": ("steps", {"steps": 10_000}),
    "guidance without end": ("guidance", {"guidance": math.inf}),
    "guidance that is no number": ("guidance", {"guidance": math.nan}),
    "guidance below nothing": ("guidance", {"guidance": -5.0}),
    "a seed below nothing": ("seed", {"seed": -1}),
    "a seed of 2^64": ("seed", {"seed": 2**64}),
    "seven by seven": ("size", {"width": 7, "height": 7}),
    "513 pixels": ("size", {"width": 513}),
    "a million pixels wide": ("size", {"width": 1_000_000}),
    "no pixels": ("size", {"width": 0, "height": 0}),
    "pixels below nothing": ("size", {"height": -256}),
    "no picture": ("count", {"count": 0}),
    "a million pictures": ("count", {"count": 1_000_000}),
    "a strange sampler": ("sampler", {"sampler": "../../etc/passwd"}),
    "a weight without end": ("worn", {"worn": (Worn("watercolour", math.inf),)}),
    "a weight that is no number": ("worn", {"worn": (Worn("watercolour", math.nan),)}),
    "nobody's style": ("worn", {"worn": (Worn("../../etc/passwd", 1.0),)}),
    "a start that climbs out": ("start", {"start": Start("../../../etc/passwd", 0.5)}),
    "a strength without end": ("strength", {"start": Start("0" * 64, math.inf)}),
    "no words": ("prompt", {"prompt": " \n"}),
}


@pytest.mark.parametrize("kind", WISHES)
def test_on_the_screen_each_is_told_beside_its_field(kind: str, workshop: Workshop) -> None:
    field, changes = WISHES[kind]
    wish = replace(workshop.usual_wish(), **({"prompt": "a cat"} | changes))
    with unchanged(workshop.settings.home):
        faults = workshop.picture_faults(wish)
        refusal(lambda: workshop.wish_picture(wish))
    assert field in faults
    plain(str(faults[field]))


COMMANDS: dict[str, tuple[str, ...]] = {
    "no steps": ("draw", "a cat", "--steps", "0"),
    "steps in letters": ("draw", "a cat", "--steps", "many"),
    "guidance without end": ("draw", "a cat", "--guidance", "inf"),
    "guidance that is no number": ("draw", "a cat", "--guidance", "nan"),
    "guidance with a comma": ("draw", "a cat", "--guidance", "1,5"),
    "a seed below nothing": ("draw", "a cat", "--seed", "-1"),
    "a seed of 2^64": ("draw", "a cat", "--seed", str(2**64)),
    "seven pixels": ("draw", "a cat", "--width", "7"),
    "513 pixels": ("draw", "a cat", "--height", "513"),
    "a hundred pictures": ("draw", "a cat", "--count", "100"),
    "no pictures": ("draw", "a cat", "--count", "0"),
    "a strange sampler": ("draw", "a cat", "--sampler", "$(id)"),
    "a strange axis": ("draw", "a cat", "--grid", "__class__=1,2"),
    "a weight in letters": ("draw", "a cat", "--adapter", "watercolour:much"),
    "a weight without end": ("draw", "a cat", "--adapter", "watercolour:inf"),
    "nobody's model": ("draw", "a cat", "--model", "../../etc"),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_says_so_and_draws_nothing(kind: str, home: Path, tmp_path: Path) -> None:
    home.mkdir()
    with unchanged(home):
        answer = run(*COMMANDS[kind], "--out", tmp_path / "out.png")
    assert answer.exit_code in (1, 2) and not (tmp_path / "out.png").exists()
    assert answer.exit_code == 2 or not FOREIGN.search(answer.stderr), answer.stderr
    assert "Traceback" not in answer.stderr and str(tmp_path) not in answer.stderr


@pytest.fixture
def book(workshop: Workshop) -> Book:
    return workshop.begin_book(workshop.sample_story("en"), 2)


JOBS: dict[str, tuple[str, str, dict]] = {
    "nobody's book": ("draw", "../../etc", {}),
    "a book that is gone": ("draw", "gone", {}),
    "page 0": ("redo", "{book}", {"number": 0, "seed": 1}),
    "page 99": ("redo", "{book}", {"number": 99, "seed": 1}),
    "nobody's hero": ("train", "../may", {"effort": "good"}),
    "nobody's piece": ("picture", "../../x", {}),
    "nobody's set": ("fit", "../x", {"trigger": "x", "model": "pocket"}),
    "nobody's model": ("download", "../../evil/model", {}),
    "no file": ("import", "../../../etc/passwd", {"title": "x"}),
    "nobody's style": ("bring", "../../x", {}),
    "a kind that nobody knows": ("__class__", "x", {}),
    "a place for an export": ("export", "{book}", {"suffix": ".exe"}),
    "a strange profile": ("export", "{book}", {"profile": "../../x"}),
    "a strange trim": ("export", "{book}", {"trim": "1x1mm"}),
}


@pytest.mark.parametrize("kind", JOBS)
def test_a_job_that_cannot_be_is_told_by_the_worker(kind: str, workshop: Workshop, book: Book) -> None:
    name, target, arguments = JOBS[kind]
    with unchanged(workshop.settings.home):
        said = refusal(lambda: finish(workshop.perform(name, target.format(book=book.id), arguments)))
    plain(said.replace(target, ""))


DESIGNS: dict[str, dict] = {
    "one millimetre": {"trim": "1x1mm"},
    "two metres": {"trim": "2000x2000mm"},
    "a font elsewhere": {"face": "../../evil.ttf"},
    "a million own pages": {"own_pages": 1_000_000},
    "pages below nothing": {"own_pages": -1},
    "a cover that is no page": {"cover": 99},
    "an age of nobody": {"age": "99-100"},
    "words outside": {"box": (0.5, 0.5, 2.0, 2.0)},
    "words that are no place": {"box": (math.nan, 0.0, 1.0, 1.0)},
    "a layout of nobody": {"layout": "../x"},
}


@pytest.mark.parametrize("kind", DESIGNS)
def test_a_design_that_cannot_be_is_told_and_the_book_stays(kind: str, workshop: Workshop, book: Book) -> None:
    changes = DESIGNS[kind]

    def change() -> object:
        if "box" in changes:
            return workshop.place_words(book.id, 1, changes["box"])
        if "layout" in changes:
            return workshop.lay_page(book.id, 1, changes["layout"])
        return workshop.change_design(book.id, **changes)

    with unchanged(workshop.settings.home):
        plain(refusal(change))
    assert workshop.book(book.id) == book


@pytest.mark.parametrize("key", ["sk-canary\nX-Evil: 1", "sk canary", "sk-canärý", "sk-canary\0"])
def test_a_key_that_is_none_is_told_and_never_said_again(key: str, workshop: Workshop, monkeypatch) -> None:
    with unchanged(workshop.settings.home):
        said = refusal(lambda: workshop.choose_language_model(Server("http://127.0.0.1:9/v1", "x", key=key)))
    plain(said, "a sign in it that no key has")
    assert "canary" not in said and "Evil" not in said
    if "\0" not in key:  # which no environment can hold
        monkeypatch.setenv("STUDIO_LLM_URL", "http://127.0.0.1:9/v1")
        monkeypatch.setenv("STUDIO_LLM_KEY", key)
        assert refusal(workshop.language_model) == said


def test_white_space_around_a_key_is_no_part_of_it(workshop: Workshop) -> None:
    workshop.choose_language_model(Server("http://127.0.0.1:9/v1", "x", key=" sk-mine\n"))
    assert workshop.language_model().key == "sk-mine"
