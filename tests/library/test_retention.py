"""What is kept and for how long: nothing goes by surprise, and a clock that jumps takes nothing with it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard
from studio.errors import BadInput, NotFound
from studio.library.clock import CLOCK, Clock, clock_of, keep, use
from studio.library.retention import Tidied
from studio.photos.photo import Photo
from studio.progress import finish
from studio.workshop import Workshop
from tests.elder import as_of_old
from tests.travelling import png, safetensors

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def may(workshop: Workshop) -> Workshop:
    """A home with a character who was used last today."""
    as_of_old(workshop.settings, workshop._characters.add("May", "drawn", [png("red")]))
    return workshop


def tidied(workshop: Workshop, *days: int) -> list[Tidied]:
    """The studio runs on these days from now on."""
    return [finish(workshop.tidy(NOW + day * DAY)) for day in days]


def test_somebody_unused_for_a_month_is_told_of_for_three_days_and_then_erased(may: Workshop):
    *before, last = tidied(may, 0, 29, 31, 32, 33, 34)
    assert not any(one.erased for one in before) and last.erased == ("May",)
    assert [one.id for one in before[2].notices] == ["may"]
    assert may.characters() == () and not (may.settings.characters / "may").exists()


def test_whoever_is_used_meanwhile_stays(may: Workshop):
    tidied(may, 0, 31, 32, 33)
    may.keep_character("may")
    assert [one.erased for one in tidied(may, 34, 35)] == [(), ()]


def test_a_clock_that_jumps_a_year_ahead_or_a_family_that_comes_back_after_months_loses_nothing_at_once(may: Workshop):
    (told,) = tidied(may, 365)
    assert told.erased == () and told.notices
    assert tidied(may, 700)[0].erased == ()
    assert tidied(may, 1)[0] == Tidied() and clock_of(may.settings.characters / "may").told == ()


def test_a_clock_a_day_back_harms_nothing(may: Workshop):
    assert tidied(may, 0, -1, -200, 0) == [Tidied()] * 4
    assert may.goes_on("may") == (NOW + 30 * DAY).date().isoformat()


def test_what_was_used_while_the_clock_stood_a_year_ahead_counts_from_today(may: Workshop):
    folder = may.settings.characters / "may"
    keep(folder, Clock(used=NOW + 365 * DAY))
    assert clock_of(folder, NOW).used == NOW


@pytest.mark.parametrize(("days", "goes"), [(90, 95), (365, 400), (0, 5000)])
def test_the_person_decides_how_long(may: Workshop, days: int, goes: int):
    may.keep_character("may", days)
    assert all(one.erased == () for one in tidied(may, 40, 41, 42, 43, 44))
    assert bool(tidied(may, goes, goes + 1, goes + 2, goes + 3)[-1].erased) == bool(days)


def test_a_number_of_days_that_is_no_choice_is_refused(may: Workshop):
    with pytest.raises(BadInput, match="'7' days"):
        may.keep_character("may", 7)
    with pytest.raises(NotFound):
        may.keep_character("nobody", 90)


def test_a_character_of_an_older_studio_begins_its_month_today(may: Workshop):
    folder = may.settings.characters / "may"
    (folder / CLOCK).unlink()
    os.utime(folder / "character.json", (0, 0))
    assert tidied(may, 0, 29)[-1] == Tidied() and (folder / CLOCK).is_file()


@pytest.fixture
def lan(workshop: Workshop) -> Workshop:
    """A home with a character of whose three photos the second was left out."""
    album = [Photo(file=f"0{number}.png", kept=number != 2) for number in (1, 2, 3)]
    colours = [png(colour) for colour in ("red", "green", "blue")]
    as_of_old(workshop.settings, workshop._characters.add("Lan", "drawn", colours, album=album, shapes=colours))
    workshop.small_photos("lan")
    return workshop


def of_photo(workshop: Workshop, file: str) -> list[bool]:
    return [path.is_file() for path in workshop._characters.files_of("lan", file).values()]


def test_a_photo_that_was_left_out_goes_after_its_own_month_however_often_its_hero_is_used(lan: Workshop):
    folder = lan.settings.characters / "lan"
    tidied(lan, 0)
    use(folder, NOW + 25 * DAY)
    (world := folder / "adapter" / "world").mkdir(parents=True)
    os.utime(world, (0, 0))
    *before, last = tidied(lan, 29, 31, 32, 33, 34)
    assert not any(one.photos for one in before) and last.photos == 1 and last.erased == ()
    assert [(one.id, one.photos) for one in before[1].notices] == [("lan", 1)] and not last.notices
    assert of_photo(lan, "02.png") == [False] * 3 and not world.exists()
    assert of_photo(lan, "01.png") == of_photo(lan, "03.png") == [True] * 3
    assert [one.file for one in lan.character("lan").album] == ["01.png", "03.png"]
    (receipt,) = lan.receipts()
    assert receipt.genuine and {one.place: one.count for one in receipt.stores} == {
        "photos": 1, "cut-outs": 1, "small copies": 1,
    }  # fmt: skip
    assert tidied(lan, 35)[0] == Tidied()


def test_a_photo_that_is_taken_in_again_stays_and_left_out_once_more_has_its_month_again(lan: Workshop):
    tidied(lan, 0, 31, 32, 33)
    lan._characters.keep_photo("lan", "02.png", True)
    use(lan.settings.characters / "lan", NOW + 33 * DAY)
    assert tidied(lan, 34)[0].photos == 0 and not lan.photos_go_on("lan")
    lan._characters.keep_photo("lan", "02.png", False)
    assert tidied(lan, 35)[0].photos == 0 and of_photo(lan, "02.png") == [True] * 3


@pytest.mark.parametrize("days", [None, 90, 0])
def test_who_keeps_somebody_longer_keeps_what_was_left_out_of_them_too(lan: Workshop, days: int | None):
    tidied(lan, 0, 31, 32, 33)
    lan.keep_character("lan", days)
    assert tidied(lan, 34)[0].photos == 0 and all(of_photo(lan, "02.png"))
    lan.keep_character("lan")
    goes = {None: 30, 90: 90, 0: 0}[days]
    assert lan.photos_go_on("lan") == {"02.png": (NOW + goes * DAY).date().isoformat() if goes else ""}


def test_a_photo_whose_erasing_was_cut_short_is_gone_after_the_next_day(lan: Workshop):
    tidied(lan, 0, 31, 32, 33)
    use(lan.settings.characters / "lan", NOW + 33 * DAY)
    lan._characters.files_of("lan", "02.png")["photos"].unlink()
    assert tidied(lan, 34)[0].photos == 1 and not any(of_photo(lan, "02.png"))
    assert "02.png" not in {one.file for one in lan.character("lan").album}


def test_what_was_learnt_elsewhere_has_a_clock_too(workshop: Workshop, tmp_path: Path):
    file = tmp_path / "lan.safetensors"
    file.write_bytes(safetensors())
    card = AdapterCard(id="lan", title="Lan", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="lan")
    workshop._shelf.put(card, file)
    assert tidied(workshop, 0, 31, 32, 33, 34)[-1].erased == ("Lan",)
    assert "lan" not in {card.id for card in workshop._shelf.cards()}


def test_the_trash_is_emptied_after_a_month(workshop: Workshop):
    book = workshop.begin_book(workshop.sample_story("en"), 2)
    workshop.trash_book(book.id)
    assert sum(one.emptied for one in tidied(workshop, 0, 29, 31, 32, 33)) == 0 and workshop.trashed_books()
    assert tidied(workshop, 34)[0].emptied == 1 and workshop.trashed_books() == ()


def test_a_book_that_came_back_has_its_month_again(workshop: Workshop):
    book = workshop.begin_book(workshop.sample_story("en"), 2)
    workshop.trash_book(book.id)
    tidied(workshop, 31, 32, 33)
    workshop.restore_book(book.id)
    workshop.trash_book(book.id)
    assert tidied(workshop, 34)[0].emptied == 0


def test_former_states_of_long_ago_go_and_the_book_stays(workshop: Workshop):
    book = workshop.begin_book(workshop.sample_story("en"), 2)
    workshop.rename_book(book.id, "New")
    assert tidied(workshop, 0, 28, 29)[-1].swept == 0 and workshop.can_undo(book.id)
    tidied(workshop, 31)
    assert not workshop.can_undo(book.id) and workshop.book(book.id).title == "New"


def test_former_states_stay_when_the_clock_jumps(workshop: Workshop):
    book = workshop.begin_book(workshop.sample_story("en"), 2)
    workshop.rename_book(book.id, "New")
    tidied(workshop, 0, 1, 2, 3, 400)
    assert workshop.can_undo(book.id)


def test_finished_files_stay_for_ever(workshop: Workshop):
    book = workshop.begin_book(workshop.sample_story("en"), 2)
    made = workshop._library.exports(book.id) / "book.pdf"
    made.write_bytes(b"%PDF")
    os.utime(made, (0, 0))
    tidied(workshop, 0, 100, 101, 102, 103, 104)
    assert made.is_file()
