"""Story text is data, and names and keys stay here: 60 hostile texts against a model that obeys them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.errors import NoAnswer, NotReady, StudioError
from studio.progress import finish
from studio.publishing.book import Book
from studio.settings import SAMPLES
from studio.story.llm.exchange import Question, exchange
from studio.story.llm.ledger import Ledger
from studio.story.llm.mask import mask_for
from studio.story.llm.server import KEY as KEY_FILE
from studio.story.llm.server import Server, models_at
from studio.workshop import Workshop
from tests.story.llm.conftest import KEY, NAME, PAGES, Serving

INJECTIONS = tomllib.loads(Path(__file__).with_name("injections.toml").read_text(encoding="utf-8"))["injection"]
SIGNS = ("PWNED", "GHOST", "evil.example", "jndi", "DROP TABLE", "rm -rf")


def test_sixty_injections_change_nothing_but_words_and_scenes(workshop: Workshop, serving: Serving) -> None:
    bystander = workshop.begin_book(workshop.sample_story("en"))
    server = serving(*["obeys_injection", "obeys_quietly"] * 90)  # each story meets both among its three tries
    before = _files(workshop, "nothing")
    for number, injection in enumerate(INJECTIONS):
        story = workshop.read_story(injection["text"], title=f"Story {number}", language=injection["language"])
        book = workshop.begin_book(story, 2)
        after = _written(workshop, book)
        assert _without_words(after) == _without_words(book)
        assert {role.name for role in after.cast.roles} <= {role.name for role in book.cast.roles}
        drawn = str([replace(page.scene, text="", who=(), bearings=()) for page in after.pages])
        assert not any(sign in drawn for sign in SIGNS)
        assert " ".join(page.scene.text for page in after.pages).split() == story.text.split()
    assert len(INJECTIONS) == 60
    assert workshop.book(bystander.id) == bystander
    assert _files(workshop, "story") == before
    assert all(request.path == "/v1/chat/completions" for request in server.requests)


@pytest.mark.parametrize("only", ["127.0.0.1:1, api.example.org", "127.0.0.1:x", "none", ","])
def test_a_server_that_the_keeper_of_the_studio_does_not_allow_is_never_spoken_to(
    only: str, workshop: Workshop, book: Book, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serving()  # chosen while it still was allowed
    here = Server(server.url, "storyteller")
    monkeypatch.setenv("STUDIO_LLM_ALLOWED", only)
    for deed in (
        lambda: workshop.choose_language_model(here),
        workshop.language_model,
        lambda: finish(workshop.write_book(book.id, "keep", pages=2)),
        lambda: finish(workshop.try_language_model()),
        lambda: list(exchange(here, Question("try", (), None, 9), Ledger(workshop.settings), 1.0)),
    ):
        with pytest.raises(NotReady, match=r"not among those .*STUDIO_LLM_ALLOWED"):
            deed()
    assert models_at(server.url) == () and not server.requests


def test_a_server_that_is_allowed_writes_as_ever(
    workshop: Workshop, book: Book, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serving()
    host = server.url.removeprefix("http://").removesuffix("/v1")
    for only in ("127.0.0.1", f"api.example.org , {host}", server.url, " "):
        monkeypatch.setenv("STUDIO_LLM_ALLOWED", only)
        assert workshop.language_model().address == server.url and models_at(server.url) == ("storyteller",)
    assert finish(workshop.write_book(book.id, "keep", pages=2)).writer


def _written(workshop: Workshop, book: Book) -> Book:
    try:
        return finish(workshop.write_book(book.id, "keep", pages=2))
    except NoAnswer:
        return workshop.book(book.id)


def _without_words(book: Book) -> Any:
    """All of a book but what a model may say: scenes, the looks of its cast, and who wrote them."""
    cast = [(role.character, role.drawn) for role in book.cast.roles]
    return replace(book, pages=(), cast=replace(book.cast, roles=()), writer=""), cast, len(book.pages)


def _files(workshop: Workshop, stem: str) -> dict[str, bytes]:
    """All files of the home but those of the books called so, the log of what was sent, and locks."""
    home = workshop.settings.home
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and not str(path.relative_to(home)).startswith((f"books/{stem}", "audit", "locks"))
    }


def test_key_and_names_are_in_no_request_and_no_file_but_their_own(
    workshop: Workshop,
    book: Book,
    serving: Serving,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    drawings = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))[:2]]
    workshop.begin_character("Anneliese Krämer", "drawn", drawings, "girl")
    workshop.edit_page(book.id, 2, text=f"Anneliese Krämer and Anneliese met {NAME.upper()}.")
    server = serving("well")
    for task, order in _orders():
        finish(workshop.write_book(book.id, task, **order))
    sent = b"".join(request.body for request in server.requests)
    log = "".join(_log(workshop)) + caplog.text + "".join(capfd.readouterr())
    for name in (NAME, NAME.upper(), "Anneliese", "Krämer"):
        assert name.encode() not in sent and name not in log
    assert KEY.encode() not in sent and KEY not in log
    assert {path.name for path in _all_files(workshop) if KEY.encode() in path.read_bytes()} == {KEY_FILE}
    assert (workshop.settings.home / KEY_FILE).stat().st_mode & 0o077 == 0


def _orders() -> list[tuple[str, dict[str, Any]]]:
    return [
        ("keep", {"pages": PAGES}),
        ("rewrite", {"number": 2, "wish": f"make it night for {NAME}"}),
        ("translate", {"language": "vi"}),
        ("relevel", {"age": "0-3"}),
        ("retell", {"pages": 3, "age": "4-6", "language": "en"}),
    ]


def _all_files(workshop: Workshop) -> Iterator[Path]:
    return (path for path in workshop.settings.home.rglob("*") if path.is_file())


def _log(workshop: Workshop) -> Iterator[str]:
    return (path.read_text() for path in (workshop.settings.home / "audit").iterdir())


def test_the_log_holds_what_was_sent_byte_for_byte(workshop: Workshop, book: Book, serving: Serving) -> None:
    server = serving("half_json", "well")
    finish(workshop.write_book(book.id, "keep", pages=PAGES))
    logged = [entry.body.encode() for entry in reversed(workshop.what_left())]
    assert logged == [request.body for request in server.requests]
    assert {entry.task for entry in workshop.what_left()} == {"plan"} and workshop.what_left()[0].here


def test_a_request_says_nothing_of_this_machine(workshop: Workshop, book: Book, serving: Serving) -> None:
    server = serving("well")
    finish(workshop.write_book(book.id, "keep", pages=PAGES))
    assert not [name for name in server.requests[0].headers if "stainless" in name]
    assert server.requests[0].headers["user-agent"] == "storybook-studio"


def test_nothing_is_sent_when_it_cannot_be_written_down(workshop: Workshop, book: Book, serving: Serving) -> None:
    server = serving("well")
    (workshop.settings.home / "audit").write_text("a file where the folder should be")
    with pytest.raises((StudioError, OSError)):
        finish(workshop.write_book(book.id, "keep", pages=PAGES))
    assert server.requests == []


@pytest.mark.parametrize(
    ("hero", "names", "text", "hidden"),
    [
        ("Mây", [], "Mây gọi: MÂY ơi! Trời nhiều mây.", "{HERO} gọi: {HEROB} ơi! Trời nhiều mây."),
        ("An", [], "An has an apple.", "{HERO} has an apple."),
        ("Minh", ["Nguyễn Minh Anh"], "Minh Anh và Minh.", "{NAME1B} và {HERO}."),
        ("May", [], "{HERO} and {0} and HERO", "(hero) and (0) and hero"),
        ("chú Thỏ", ["Rex"], "Thỏ và Rex's bone", "Thỏ và {NAME1}'s bone"),
    ],
)
def test_names_are_hidden_and_put_back(hero: str, names: list[str], text: str, hidden: str) -> None:
    mask = mask_for(hero, names, text)
    assert mask.hide(text) == hidden
    if "{0}" not in text:
        assert mask.show(hidden) == text


def test_a_name_comes_back_where_the_model_left_its_braces_out_and_unknown_ones_vanish() -> None:
    assert mask_for("May", [], "May ran.").show("HERO met {NAME9} and {HEROQ}.") == "May met  and ."
