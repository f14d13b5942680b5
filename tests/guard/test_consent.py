"""Nothing is done with somebody's photos that nobody agreed to; and what was agreed can be taken back at any time."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from studio.errors import BadInput, NoConsent
from studio.library.consent import CONSENT, PURPOSES, Consent, Purpose
from studio.progress import finish
from studio.settings import SAMPLES
from studio.story.llm.server import Server
from studio.workshop import Workshop
from tests.commands import answer, run
from tests.guard.somebody import AGREED, Somebody, found
from tests.painter import plain_painter

MOTHER = replace(AGREED, who="her mother")


@pytest.fixture
def workshop(home: Path) -> Workshop:
    return Workshop(illustrator=plain_painter())


@pytest.fixture
def zora(workshop: Workshop) -> str:
    somebody = Somebody()
    somebody.move_in(workshop)
    return somebody.id


def uses(workshop: Workshop, id: str) -> dict[Purpose, list]:
    """Every way to use somebody, by what has to be agreed to."""
    (book,) = workshop.books()
    out = workshop.settings.home.parent
    workshop.choose_language_model(Server("https://stories.example.org/v1", "big", key="k" * 20))
    return {
        "train": [
            lambda: workshop.submit_training(id),
            lambda: finish(workshop.train_character(id, "draft")),
            lambda: finish(workshop.perform("train", id, {"effort": "draft"})),
            lambda: workshop.submit_drawing(book.id),
            lambda: finish(workshop.redo_page(book.id, 1, 99)),
            lambda: finish(workshop.perform("draw", workshop.change_look(book.id, seed=8).id, {})),
            lambda: finish(workshop.draw_portraits(id)),
            lambda: finish(workshop.draw_candidates(book.id, 1, 2)),
        ],
        "print": [
            lambda: workshop.submit_export(book.id),
            lambda: finish(workshop.export_book(book.id, out / "a.pdf")),
            lambda: finish(workshop.perform("export", book.id, {"profile": "screen"})),
            lambda: finish(workshop.export_book(book.id, out / "a.epub")),
            lambda: finish(workshop.export_book(book.id, out / "a.html")),
            lambda: finish(workshop.export_pictures(book.id, out / "a.zip")),
            lambda: finish(workshop.export_archive(book.id, out / "a.storybook")),
        ],
        "share": [
            lambda: workshop.export_adapter(id, out / "a.safetensors", share=True),
            lambda: finish(workshop.export_archive(book.id, out / "b.storybook", with_characters=True, sure=True)),
        ],
        "language model": [
            lambda: workshop.submit_writing(book.id, "keep", pages=3),
            lambda: finish(workshop.write_book(book.id, "keep", pages=3)),
        ],
    }


def test_what_was_not_agreed_to_is_not_done(workshop: Workshop, zora: str, tmp_path: Path) -> None:
    for purpose, every in uses(workshop, zora).items():
        workshop.give_consent(zora, replace(MOTHER, purposes=tuple(one for one in PURPOSES if one != purpose)))
        for use in every:
            with pytest.raises(NoConsent, match="was not agreed"):
                use()
    assert not [*tmp_path.glob("[ab].*")]


def test_what_ran_out_or_was_taken_back_allows_nothing(workshop: Workshop, zora: str) -> None:
    ended = replace(MOTHER, until=(date.today() + timedelta(1)).isoformat())
    workshop.give_consent(zora, ended)
    workshop.submit_training(zora)
    ledger = workshop.settings.characters / zora / CONSENT
    ledger.write_text(ledger.read_text().replace(ended.until, "2026-01-01"))
    for purpose, every in uses(workshop, zora).items():
        with pytest.raises(NoConsent, match="ended on 2026-01-01" if purpose != "share" else "ended"):
            every[0]()
    workshop._consents.withdraw(zora)
    for every in uses(workshop, zora).values():
        with pytest.raises(NoConsent, match="Nobody agrees any more"):
            every[0]()


def test_nothing_is_ticked_beforehand_and_nobody_is_taken_in_without_a_word(workshop: Workshop) -> None:
    photo = (SAMPLES / "may" / "01.png").read_bytes()
    for consent in ("", Consent(who="her mother", purposes=()), Consent(who=" ", purposes=("train",)),
                    replace(MOTHER, until="2020-01-01"), replace(MOTHER, until="soon")):  # fmt: skip
        with pytest.raises(BadInput):
            workshop.begin_character("Lan", "person", [("1.png", photo)], consent=consent)
    assert workshop.characters() == ()


def test_a_pet_a_toy_and_a_drawing_need_nobodys_word(workshop: Workshop) -> None:
    photo = (SAMPLES / "may" / "01.png").read_bytes()
    for name, kind in (("Milu", "pet"), ("Teddy", "toy"), ("May", "drawn")):
        id = workshop.begin_character(name, kind, [("1.png", photo)]).character.id
        workshop.submit_training(id)
        assert workshop.consents(id) == ()


def test_a_style_with_somebody_baked_in_asks_for_their_consent_too(workshop: Workshop, zora: str) -> None:
    (book,) = workshop.books()
    workshop.change_look(book.id, characters=(), styles=())
    with pytest.raises(NoConsent):
        workshop.give_consent(zora, replace(MOTHER, purposes=("print",)))
        workshop._wardrobe.allow(["both"])


def test_taking_it_back_stops_what_is_at_work_and_erases_all(workshop: Workshop, zora: str, home: Path) -> None:
    (book,) = workshop.books()
    workshop.submit_drawing(workshop.change_look(book.id, seed=9).id)
    began = time.monotonic()
    workshop.withdraw_consent(zora)
    assert time.monotonic() - began < 60
    assert workshop.characters() == () and not workshop.live_jobs() and not found({"id": zora.encode()}, home)


def test_every_word_that_was_given_is_told_on_the_command_line(home: Path, workshop: Workshop) -> None:
    somebody = Somebody()
    somebody.move_in(workshop)
    answer("characters", "consent", somebody.name, "--who", "her father", "--role", "parent", "--for", "train", "--for",
           "language-model", "--until", "2099-01-01", "--adult")  # fmt: skip
    first, second = answer("characters", "consent", somebody.name)["consents"]
    assert first["who"] == somebody.words["who agreed"] and second["purposes"] == ["train", "language model"]
    assert (second["until"], second["adult"]) == ("2099-01-01", True)
    assert "Say who agreed" in run("characters", "consent", somebody.name, "--adult").stderr
    assert answer("characters", "withdraw", somebody.name, "--yes")["erased"]["photos"] == 2
