"""Who shares a studio: what each role may do, how much room each has, who is let go, and what a term's end takes away."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.errors import BadInput, NotAllowed, NotFound, StudioError
from studio.jobs.job import Job
from studio.library.members import Member, arrive, change, member
from studio.progress import finish
from studio.settings import SAMPLES, Settings
from studio.story.llm.server import Server
from studio.workshop import Workshop
from tests.commands import answer, run
from tests.guard.belongings import STORY, fingerprint, studio_for

LAN, MINH, HEAD, TEACHER = "1a" * 8, "2b" * 8, "3c" * 8, "4d" * 8


@pytest.fixture
def shared(home: Path) -> Iterator[Workshop]:
    """A house with two parents, a teacher and an administrator."""
    settings = Settings(home, f"sqlite:///{home}/jobs.sqlite")
    studio = studio_for(settings, LAN, MINH)
    arrive(settings, TEACHER, "Cô Hoa", "teacher")
    arrive(settings, HEAD, "The head", "administrator")
    yield studio
    studio._queue.close()


def begin(studio: Workshop, title: str = "The cat") -> str:
    return studio.begin_book(studio.read_story(STORY, title, "en"), 2).id


def hero(studio: Workshop, name: str = "May") -> str:
    photo = (SAMPLES / "may" / "01.png").read_bytes()
    return studio.begin_character(name, "drawn", [("1.png", photo)], "girl").character.id


def test_two_people_may_call_their_books_and_heroes_the_same(shared: Workshop) -> None:
    assert begin(shared.of(LAN)) == begin(shared.of(MINH)) == "the-cat"
    shared.of(LAN).rename_book("the-cat", "Mine")
    assert shared.of(MINH).book("the-cat").title == "The cat" and not shared.books()


def test_the_worker_draws_each_book_at_home_and_keeps_the_model_warm(shared: Workshop) -> None:
    for person in (LAN, MINH):
        begin(shared.of(person))
        finish(shared.perform("draw", "the-cat", {}, person))
    drawn = [shared.of(person).book("the-cat").drawn for person in (LAN, MINH)]
    assert drawn == [True, True] and len(shared._easel._stove) == 1
    assert shared.of(LAN)._easel._stove is shared.of(MINH)._easel._stove


def test_the_same_work_of_two_people_is_two_jobs_and_of_one_it_is_one(shared: Workshop) -> None:
    lan, minh = shared.of(LAN), shared.of(MINH)
    begin(lan), begin(minh)
    mine = [lan.submit_drawing("the-cat") for _ in range(2)]
    theirs = minh.submit_drawing("the-cat")
    assert mine[0] == mine[1] != theirs
    assert [job.id for job in lan.live_jobs()] == [mine[0]] and [job.id for job in minh.jobs()] == [theirs]
    assert {job.id for job in shared.of(HEAD).live_jobs()} == {mine[0], theirs} == {job.id for job in shared.jobs()}
    assert {job.person for job in shared.of(HEAD).live_jobs()} == {LAN, MINH}


def test_an_administrator_works_in_the_house_and_finds_what_was_there_before(shared: Workshop) -> None:
    begin(shared, "From before")
    assert [book.title for book in shared.of(HEAD).books()] == ["From before"] and not shared.of(LAN).books()


@pytest.mark.parametrize("person", [LAN, TEACHER])
def test_what_concerns_all_is_for_administrators(shared: Workshop, person: str) -> None:
    server = Server("http://127.0.0.1:11434/v1", "m", key="sk-of-the-house")
    shared.of(HEAD).choose_language_model(server)
    somebody = shared.of(person)
    for ask in (
        lambda: somebody.choose_language_model(server), somebody.forget_language_model, lambda: somebody.get_model("sd15"),
        lambda: somebody.submit_download("sd15"), lambda: somebody.remove_model("sd15"), somebody.people,
        lambda: somebody.let_go(MINH), lambda: somebody.change_person(person, most_books=999),
        lambda: somebody.remove_person(MINH), lambda: somebody.submit_import("x", "y"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="only an administrator"):
            ask()
    assert not somebody.laid_models() and not somebody.damaged_lists()
    assert not member(shared.settings, MINH).revoked and somebody.language_model().model == "m"  # which all may use


def test_what_a_teacher_taught_never_leaves_and_their_books_do(shared: Workshop, tmp_path: Path) -> None:
    for person, refused in ((TEACHER, NotAllowed), (LAN, StudioError)):
        studio = shared.of(person)
        tensors = tmp_path / "made.safetensors"
        tensors.write_bytes(b"no tensors")
        card = AdapterCard(
            id="quyt", title="Quýt", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="quyt",
            class_word="girl",
        )  # fmt: skip
        Shelf(studio.settings).put(card, tensors)
        book = begin(studio)
        studio._library.change(book, lambda one: one)
        with pytest.raises(refused) as told:
            studio.export_adapter("quyt", tmp_path / "quyt.safetensors", share=True)
        assert isinstance(told.value, NotAllowed) == (person == TEACHER)
        assert finish(studio.export_archive(book, tmp_path / f"{person}.storybook")).is_file()
    teacher = shared.of(TEACHER)
    teacher.change_look("the-cat", characters=(Worn("quyt", 1.0),))
    with pytest.raises(NotAllowed, match="stays here"):
        finish(teacher.export_archive("the-cat", tmp_path / "with.storybook", with_characters=True, sure=True))
    assert not (tmp_path / "with.storybook").exists()


def test_the_room_for_books_is_counted_exactly_also_when_two_windows_ask_at_once(shared: Workshop) -> None:
    change(shared.settings, LAN, most_books=3)
    told: list[str] = []

    def one() -> None:
        try:
            told.append(begin(shared.of(LAN)))
        except NotAllowed as full:
            told.append(str(full))

    threads = [threading.Thread(target=one) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(shared.of(LAN).books()) == 3 and sum("room for 3 books" in one for one in told) == 3
    shared.of(LAN).trash_book("the-cat")
    assert begin(shared.of(LAN)) and begin(shared.of(MINH))
    with pytest.raises(NotAllowed):
        shared.of(LAN).duplicate_book("the-cat-2")


def test_the_room_for_heroes_and_on_the_disk_is_counted(shared: Workshop) -> None:
    change(shared.settings, LAN, most_characters=1)
    hero(shared.of(LAN))
    with pytest.raises(NotAllowed, match="room for 1 characters"):
        hero(shared.of(LAN), "Rex")
    begin(shared.of(LAN))
    change(shared.settings, LAN, most_bytes=1000)
    before = fingerprint(shared.settings.of(LAN).home)
    for ask in (lambda: begin(shared.of(LAN)), lambda: shared.of(LAN).submit_drawing("the-cat")):
        with pytest.raises(NotAllowed, match="disk are full"):
            ask()
    assert fingerprint(shared.settings.of(LAN).home) == before and not shared.of(LAN).jobs()


def test_only_so_much_work_waits_for_one_person_and_another_is_not_held_up(shared: Workshop) -> None:
    change(shared.settings, LAN, most_jobs=2)
    lan = shared.of(LAN)
    books = [begin(lan) for _ in range(3)]
    asked = [lan.submit_drawing(book) for book in books[:2]]
    with pytest.raises(NotAllowed, match="2 pieces of work"):
        lan.submit_drawing(books[2])
    assert lan.submit_drawing(books[0]) == asked[0]  # the same once more is no more
    lan.cancel(asked[0])
    assert lan.submit_drawing(books[2]) and begin(shared.of(MINH))
    assert shared.of(MINH).submit_drawing("the-cat")


def test_work_that_is_gone_on_with_stays_whose_it_is(shared: Workshop) -> None:
    begin(shared.of(LAN))
    job = shared.of(LAN).pause(shared.of(LAN).submit_drawing("the-cat"))
    again: Job = shared.of(HEAD).resume(job.id)
    assert again.person == LAN and shared.of(LAN).job(again.id).target == "the-cat"


def test_who_is_let_go_has_no_work_waiting_and_may_come_back(shared: Workshop) -> None:
    begin(shared.of(LAN))
    job = shared.of(LAN).submit_drawing("the-cat")
    shared.let_go(LAN)
    assert shared.job(job).state == "cancelled"
    arrive(shared.settings, LAN, "Lan", "parent")  # signing in anew changes nothing
    with pytest.raises(NotAllowed):
        shared.of(LAN)
    shared.let_in(LAN)
    assert shared.of(LAN).book("the-cat")


def test_who_is_removed_leaves_nothing_but_that_they_are_not_let_in(shared: Workshop, home: Path) -> None:
    begin(shared.of(LAN)), hero(shared.of(LAN)), begin(shared.of(MINH))
    had = shared.remove_person(LAN)
    assert (had.books, had.characters) == (1, 1)
    assert [path.name for path in (home / "people" / LAN).rglob("*")] == ["person.json"]
    assert shared.of(MINH).book("the-cat")
    with pytest.raises(NotAllowed):
        shared.of(LAN)


def test_the_heroes_of_a_class_are_told_of_and_go_when_the_term_ends(shared: Workshop) -> None:
    teacher, now = shared.of(TEACHER), datetime.now(UTC)
    hero(teacher), begin(teacher), hero(shared.of(LAN))
    ends = now.date() + timedelta(days=20)
    with pytest.raises(BadInput, match="14 days from today"):
        shared.change_person(TEACHER, term_ends=(now.date() + timedelta(days=2)).isoformat())
    shared.change_person(TEACHER, term_ends=ends.isoformat())
    assert not teacher.notices(now)
    (notice,) = teacher.notices(now + timedelta(days=8))
    assert notice.name == "May" and notice.goes == (ends + timedelta(days=1)).isoformat()
    for day in range(10, 26, 3):
        for studio in shared.everyone():
            finish(studio.tidy(now + timedelta(days=day)))
        assert bool(teacher.characters()) == (day <= 20)
    assert teacher.books() and shared.of(LAN).characters()  # the books stay, and so do the heroes of others


def test_all_homes_are_verified_and_recovered(shared: Workshop) -> None:
    begin(shared.of(LAN))
    finish(shared.of(LAN).draw_book("the-cat"))
    (shared.settings.of(LAN).home / "arriving" / "half").mkdir(parents=True)
    page = next((shared.settings.of(LAN).books / "the-cat" / "pictures").glob("*.png"))
    page.write_bytes(page.read_bytes()[:100])
    report = finish(shared.verify(young_s=0))
    assert any("the-cat" in said or "The cat" in said for said in report.repaired) and "half" in report.swept
    assert [job.person for job in shared.live_jobs()] == [LAN]  # drawn again at home


def test_a_record_that_was_tampered_with_lets_nobody_in(shared: Workshop, home: Path) -> None:
    place = home / "people" / LAN / "person.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | {"god": True}))
    with pytest.raises(BadInput, match="not a known field"):
        shared.of(LAN)
    for id in ("../2b", "", "A" * 16, "x/../y"):
        with pytest.raises(NotFound):
            shared.of(id)


def test_the_commands_list_change_and_let_go(shared: Workshop) -> None:
    begin(shared.of(LAN))
    people = {one["member"]["id"]: one for one in answer("people", "list")["people"]}
    assert people[LAN]["books"] == 1 and people[HEAD]["member"]["role"] == "administrator"
    assert answer("people", "room", LAN, "--books", "7", "--gigabytes", "3")["person"]["most_books"] == 7
    assert answer("people", "revoke", LAN)["person"]["revoked"] and member(shared.settings, LAN).most_bytes == 3 * 10**9
    assert not answer("people", "allow", LAN)["person"]["revoked"]
    assert answer("people", "remove", MINH, "--yes")["erased"]["books"] == 0
    assert run("people", "revoke", "nobody").exit_code == 1


def test_what_is_known_of_a_person_is_little_and_kept_closed(shared: Workshop, home: Path) -> None:
    place = home / "people" / LAN
    assert place.stat().st_mode & 0o077 == 0 and (place / "person.json").stat().st_mode & 0o077 == 0
    assert set(json.loads((place / "person.json").read_text())) == {one.name for one in fields(Member)}
