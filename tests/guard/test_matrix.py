"""Two people of one studio: what one has the other can neither see, list, take, change, delete, queue, stop nor go on with, whatever
id they guess; who was let go can do nothing with what they held open; and the worker does nobody's work in another's home.

The cells of the addresses, of windows left open and of signing out, by real HTTP, are in `test_addresses.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import GeneratorType

import pytest

from studio.errors import BadInput, NotAllowed, NotFound, StudioError
from studio.library.members import change
from studio.progress import finish
from studio.settings import Settings
from studio.workshop import Workshop
from tests.guard.belongings import SECRET, Belongings, fill, fingerprint, studio_for

LAN, MINH = "1a" * 8, "2b" * 8
LEAST = 300  # cells

# Of each kind of thing, what can be done with it: the method of the front desk and what it is given.
DEEDS: dict[str, tuple[tuple[str, ...] | tuple[object, ...], ...]] = {
    "book": (
        ("book", "{book}"), ("draft", "{book}"), ("book_size", "{book}"), ("can_undo", "{book}"),
        ("preflight", "{book}", "screen"), ("disclosure", "{book}", "kdp"), ("lesson", "{book}", "en"),
        ("rename_book", "{book}", "Mine"), ("tag_book", "{book}", ("mine",)), ("sign_book", "{book}", "Me"),
        ("change_look", "{book}"), ("change_design", "{book}"), ("restyle_book", "{book}", "watercolour"),
        ("edit_page", "{book}", 1), ("set_seed", "{book}", 1, 5), ("lay_page", "{book}", 1, None),
        ("cut_page", "{book}", 1), ("join_pages", "{book}", 1), ("move_break", "{book}", 1, 1),
        ("place_words", "{book}", 1, None), ("describe_role", "{book}", "girl"), ("speak_second", "{book}", "vi"),
        ("undo", "{book}"), ("duplicate_book", "{book}"), ("trash_book", "{book}"), ("wish_page", "{book}", 1, "red"),
        ("submit_drawing", "{book}"), ("go_on_drawing", "{book}"), ("submit_redo", "{book}", 1),
        ("submit_candidates", "{book}", 1), ("submit_measuring_book", "{book}"),
        ("submit_trials", "{book}", "watercolour"), ("submit_writing", "{book}", "keep"),
        ("draw_book", "{book}"), ("redo_page", "{book}", 1), ("measure_book", "{book}"), ("write_book", "{book}", "keep"),
    ),
    "voice": (("keep_recording", "{book}", 1, b"sound"), ("drop_recording", "{book}", 1)),
    "export": (
        ("exports", "{book}"), ("submit_export", "{book}"), ("export_book", "{book}"),
        ("export_pictures", "{book}", Path("x.zip")), ("export_archive", "{book}", Path("x.storybook")),
    ),
    "trash": (("restore_book", "{thrown}"), ("book", "{thrown}"), ("restore_picture", "{gone_piece}"),
              ("piece", "{gone_piece}")),
    "character": (
        ("character", "{hero}"), ("begun_training", "{hero}"), ("training_report", "{hero}"), ("moments", "{hero}"),
        ("clock", "{hero}"), ("goes_on", "{hero}"), ("keep_character", "{hero}", 5), ("use_character", "{hero}"),
        ("forget_training", "{hero}"), ("choose_moment", "{hero}", 5), ("erase_character", "{hero}"),
        ("submit_training", "{hero}"), ("train_character", "{hero}"),
    ),
    "photo": (
        ("photos", "{hero}"), ("small_photos", "{hero}"), ("keep_photo", "{hero}", "01.png", False),
        ("cut_photo", "{hero}", "01.png", (0.0, 0.0, 0.5, 0.5)), ("cut_preview", "{hero}", "01.png"),
        ("photos_go_on", "{hero}"),
    ),
    "portrait": (
        ("portraits", "{hero}"), ("small_portraits", "{hero}"), ("draw_portraits", "{hero}"),
        ("submit_portraits", "{hero}"), ("moment_pictures", "{hero}", 5),
    ),
    "style": (
        ("rename_adapter", "{style}", "Mine"), ("remove_adapter", "{style}"), ("adapter_sample", "{style}"),
        ("draw_sample", "{style}"), ("export_adapter", "{style}", Path("x.safetensors")),
        ("evaluate_adapter", "{style}"),
    ),
    "free picture": (
        ("piece", "{piece}"), ("picture_file", "{piece}", "{shot}"), ("small_picture", "{piece}", "{shot}"),
        ("wish_again", "{piece}"), ("start_from", "{piece}", "{shot}"), ("enlarge_picture", "{piece}"),
        ("remove_picture", "{piece}"),
    ),
    "dataset": (
        ("dataset", "{dataset}"), ("dataset_pictures", "{dataset}", 5), ("dataset_prompt", "{dataset}"),
        ("left_out_pictures", "{dataset}", "format", 5), ("remove_dataset", "{dataset}"),
    ),
    "experiment": (
        ("experiment", "{experiment}"), ("experiment_given", "{experiment}"), ("experiment_samples", "{experiment}"),
        ("experiment_file", "{experiment}", "sheet.png"), ("experiment_folder", "{experiment}"),
        ("go_on_experiment", "{experiment}"), ("remove_experiment", "{experiment}"),
    ),
    "job": (("job", "{job}"), ("cancel", "{job}"), ("pause", "{job}"), ("resume", "{job}")),
    "person": (("of", LAN),),
}  # fmt: skip

# What is asked with a whole book in the hand, as a window holds one: whose pictures they are the home decides.
HELD: tuple[tuple[object, ...], ...] = (
    ("picture", 1), ("thumbnail", 1), ("preview", 1), ("previews", 1), ("page_state", 1), ("page_states",),
    ("recording", 1), ("recordings",), ("candidates", 1), ("measures",), ("leaves",), ("trials", "watercolour"),
)  # fmt: skip

# What lists things: nothing of the other's is in it.
LISTS: tuple[tuple[object, ...], ...] = (
    ("books",), ("find_books",), ("find_books", SECRET), ("damaged_books",), ("trashed_books",), ("tags",),
    ("characters",), ("known_character", SECRET), ("notices",), ("adapters",), ("styles",), ("wearable",),
    ("pieces",), ("piece_ids",), ("datasets",), ("experiments",), ("jobs",), ("live_jobs",), ("workers",), ("worker",),
    ("what_left",), ("bills",), ("receipts",),
)  # fmt: skip

# What the worker is asked to do for one person with the id of another's thing.
WORK: tuple[tuple[str, str, dict[str, str | int]], ...] = (
    ("draw", "{book}", {}), ("pages", "{book}", {"numbers": "1"}), ("sketch", "{book}", {}),
    ("redo", "{book}", {"number": 1}), ("candidates", "{book}", {"number": 1}), ("export", "{book}", {}),
    ("assess", "{book}", {}), ("write", "{book}", {"task": "keep", "pages": 2}), ("try", "{book}", {"style": "watercolour"}),
    ("train", "{hero}", {"effort": "draft"}), ("portraits", "{hero}", {}), ("picture", "{piece}", {}),
    ("prepare", "{dataset}", {"clothes": 0}), ("fit", "{dataset}", {"trigger": "", "model": "pocket"}),
    ("lab", "{experiment}", {}), ("bring", "{style}", {}),
)  # fmt: skip

CELLS: list[str] = []


@dataclass(frozen=True, slots=True)
class House:
    """Lan has everything, Minh nothing; `open` is what Lan's windows held before she was let go."""

    shared: Workshop
    settings: Settings
    has: Belongings

    def of(self, person: str) -> Workshop:
        return self.shared.of(person)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("shared") / "home"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(home))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        settings = Settings(home, f"sqlite:///{home}/jobs.sqlite")
        shared = studio_for(settings, LAN, MINH)
        yield House(shared, settings, fill(shared.of(LAN)))
        shared._queue.close()


def deed(studio: Workshop, has: Belongings, method: str, *given: object) -> object:
    """Does it, to its end where it is work of many steps."""
    order = {"pages": 2} if method in ("submit_writing", "write_book") else {}
    found = getattr(studio, method)(*map(has.fill, given), **order)
    return finish(found) if isinstance(found, GeneratorType) else found


def lan_has_all(house: House) -> dict[str, str]:
    return fingerprint(house.settings.of(LAN).home)


ALL = [(thing, *one) for thing, deeds in DEEDS.items() for one in deeds]


@pytest.mark.parametrize(("thing", "method", "given"), [(thing, method, given) for thing, method, *given in ALL])
def test_an_id_that_was_guessed_names_nothing_of_anybody_else(
    house: House, thing: str, method: str, given: list[object]
) -> None:
    before = lan_has_all(house)
    with pytest.raises(StudioError) as refused:
        deed(house.of(MINH), house.has, method, *given)
    assert isinstance(refused.value, NotFound) and SECRET not in str(refused.value)
    assert lan_has_all(house) == before and not house.of(LAN).job(house.has.job).over
    CELLS.append(f"{thing} {method} {given} by a guessed id")


@pytest.mark.parametrize(("method", "given"), [(method, given) for method, *given in HELD])
def test_a_book_that_was_copied_opens_none_of_its_pictures(house: House, method: str, given: list[object]) -> None:
    before, book = lan_has_all(house), house.of(LAN).book(house.has.book)
    try:
        shown = repr(getattr(house.of(MINH), method)(book, *given))
    except NotFound:
        shown = ""
    assert LAN not in shown and lan_has_all(house) == before  # no path into her home
    CELLS.append(f"held {method} {given} by another")


@pytest.mark.parametrize(("method", "given"), [(method, given) for method, *given in LISTS])
def test_no_list_names_what_somebody_else_has(house: House, method: str, given: list[object]) -> None:
    found = repr(deed(house.of(MINH), house.has, method, *given))
    assert SECRET.casefold() not in found.casefold()
    CELLS.append(f"list {method} {given}")


@pytest.mark.parametrize(("kind", "target", "arguments"), WORK)
def test_the_worker_does_nobodys_work_in_anothers_home(
    house: House, kind: str, target: str, arguments: dict[str, str | int]
) -> None:
    before = lan_has_all(house)
    with pytest.raises(
        NotFound if kind != "prepare" else BadInput
    ):  # of a set of no pictures there is nothing to look at
        finish(house.shared.perform(kind, str(house.has.fill(target)), arguments, MINH))
    assert lan_has_all(house) == before
    CELLS.append(f"work {kind}")


def test_the_other_has_nothing_after_all_of_that(house: House) -> None:
    kept = fingerprint(house.settings.of(MINH).home)
    assert not [name for name in kept if SECRET.casefold() in name.casefold()]
    raw = b"".join((house.settings.of(MINH).home / name).read_bytes() for name in kept)
    assert SECRET.encode() not in raw


@pytest.fixture(scope="module")
def left_open(house: House) -> Workshop:
    """What a window of Lan's holds that was opened before an administrator closed the studio for her."""
    held = house.of(LAN)
    held.book(house.has.book)
    change(house.settings, LAN, revoked=True)
    return held


@pytest.mark.parametrize(
    ("thing", "method", "given"),
    [(thing, method, given) for thing, method, *given in [*ALL, *(("list", *one) for one in LISTS)]],
)
def test_who_was_let_go_can_do_nothing_with_what_is_still_open(
    house: House, left_open: Workshop, thing: str, method: str, given: list[object]
) -> None:
    before = lan_has_all(house)
    with pytest.raises(NotAllowed, match="closed this studio for you"):
        deed(left_open, house.has, method, *given)
    assert lan_has_all(house) == before
    CELLS.append(f"{thing} {method} {given} in a stale window")


@pytest.mark.parametrize(("method", "given"), [(method, given) for method, *given in HELD])
def test_who_was_let_go_sees_no_more_of_a_book_that_is_open(
    house: House, left_open: Workshop, method: str, given: list[object]
) -> None:
    with pytest.raises(NotAllowed):
        getattr(left_open, method)(None, *given)
    CELLS.append(f"held {method} {given} in a stale window")


@pytest.mark.parametrize(("kind", "target", "arguments"), WORK)
def test_work_that_waits_of_who_was_let_go_is_not_done(
    house: House, left_open: Workshop, kind: str, target: str, arguments: dict[str, str | int]
) -> None:
    before = lan_has_all(house)
    with pytest.raises(NotAllowed):
        finish(house.shared.perform(kind, str(house.has.fill(target)), arguments, LAN))
    assert lan_has_all(house) == before
    CELLS.append(f"work {kind} of who was let go")


def test_whose_own_they_are_can_do_it_all_again(house: House) -> None:
    change(house.settings, LAN, revoked=False)
    lan = house.of(LAN)
    assert lan.book(house.has.book).title == f"The {SECRET}" and lan.pause(house.has.job).state == "paused"
    assert lan.restore_book(house.has.thrown).id == house.has.thrown and lan.restore_picture(house.has.gone_piece)


def test_the_matrix_is_whole() -> None:
    assert len(CELLS) == len(set(CELLS)) >= LEAST
