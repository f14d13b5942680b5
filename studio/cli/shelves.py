"""The commands that look at what is there and put it away: books, characters; tidy and verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..files import slug
from .console import Json, StudioCommands, say, show, table, write_json

if TYPE_CHECKING:
    from ..workshop.keeping import Redrawing


def group(help: str) -> typer.Typer:
    return typer.Typer(cls=StudioCommands, help=help, no_args_is_help=True)


books = group("The books on the shelf.")
characters = group("People, pets and toys who can play in a book.")

Id = Annotated[str, typer.Argument(metavar="ID")]


@books.command("list")
def list_books(
    words: Annotated[str, typer.Option("--words", help="In title, story, heroes or tags.")] = "",
    tags: Annotated[list[str] | None, typer.Option("--tag", help="May be given more than once.")] = None,
    answer: Json = False,
) -> None:
    """The books, newest first; only those that hold the words and have the tags, if any are given."""
    from ..workshop import Workshop

    workshop = Workshop()
    found, damaged = workshop.find_books(words, tuple(tags or ())), workshop.damaged_books()
    table([(book.id, book.title, f"{len(book.pages)} pages", _drawn(book.drawn)) for book in found], "No books yet.")
    for _, complaint in damaged:
        say(str(complaint))
    if answer:
        rows = [
            {
                "id": book.id,
                "title": book.title,
                "pages": len(book.pages),
                "drawn": book.drawn,
                "created": book.created,
                "tags": book.tags,
                "bytes": workshop.book_size(book.id),
            }
            for book in found
        ]
        write_json({"books": rows, "damaged": dict(damaged)})


@books.command("show")
def show_book(id: Id, answer: Json = False) -> None:
    """Each page with its words, its prompt and whether its picture is up to date, and whether all could be drawn again today
    exactly as they are."""
    from ..workshop import Workshop

    workshop = Workshop()
    book = workshop.book(id)
    states = workshop.page_states(book)
    say(f"{book.title} ({book.id})")
    for number, (page, state) in enumerate(zip(book.pages, states, strict=True), 1):
        say(f"{number}  {state}  seed {page.seed}\n   {page.scene.text}\n   {page.prompt.positive}")
    redrawing = workshop.redrawing(book)
    say(_redrawn(redrawing))
    if answer:
        again = {"same": redrawing.same, "changes": redrawing.changes, "unknown": redrawing.unknown}
        write_json({"book": book, "states": states, "redrawing": again})


@books.command("tag")
def tag_book(
    id: Id,
    tags: Annotated[list[str] | None, typer.Argument(metavar="TAG…", help="None takes all away.")] = None,
    answer: Json = False,
) -> None:
    """Give a book tags of your own words, in place of those it has."""
    from ..workshop import Workshop

    book = Workshop().tag_book(id, tuple(tags or ()))
    say(f"'{book.title}' has the tags: {', '.join(book.tags) or 'none'}.")
    if answer:
        write_json({"book": book.id, "tags": book.tags})


@books.command("duplicate")
def duplicate_book(id: Id, title: Annotated[str, typer.Option(help="Of the copy.")] = "", answer: Json = False) -> None:
    """Make another book with the same pages and pictures."""
    from ..workshop import Workshop

    book = Workshop().duplicate_book(id, title)
    say(f"'{book.title}' is on the shelf as {book.id}.")
    if answer:
        write_json({"book": book.id, "title": book.title})


@books.command("remove")
def remove_book(id: Id, answer: Json = False) -> None:
    """Put a book in the trash."""
    from ..workshop import Workshop

    Workshop().trash_book(id)
    say(f"'{id}' is in the trash. Bring it back with: python -m studio books restore {id}")
    if answer:
        write_json({"trashed": id})


@books.command("restore")
def restore_book(id: Id, answer: Json = False) -> None:
    """Bring a book back from the trash."""
    from ..workshop import Workshop

    book = Workshop().restore_book(id)
    say(f"'{book.title}' is back on the shelf.")
    if answer:
        write_json({"restored": id})


@books.command("export")
def export_book(
    id: Id,
    out: Annotated[Path, typer.Option(help="The .storybook file to write.")],
    with_characters: Annotated[
        bool, typer.Option("--with-characters", help="Also what was learnt of those in it; needs --yes-really.")
    ] = False,
    sure: Annotated[bool, typer.Option("--yes-really", help="Yes, let that leave this computer.")] = False,
    answer: Json = False,
) -> None:
    """Pack a whole book into one file for another computer. Photos never leave."""
    from ..workshop import Workshop

    path = show(Workshop().export_archive(id, out, with_characters, sure), "Packing")
    say(f"'{id}' is packed in '{path.name}'. Take it in elsewhere with: python -m studio books import {path.name}")
    if answer:
        write_json({"file": path, "bytes": path.stat().st_size})


@books.command("import")
def import_book(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .storybook file.")], answer: Json = False
) -> None:
    """Take in a book that was packed on another computer."""
    from ..workshop import Workshop

    arrived = show(Workshop().import_archive(file), "Unpacking")
    say(f"'{arrived.book.title}' is on the shelf ({arrived.book.id}).")
    for remark in arrived.remarks:
        say(str(remark))
    if answer:
        write_json({"book": arrived.book.id, "title": arrived.book.title, "remarks": arrived.remarks})


@characters.command("list")
def list_characters(answer: Json = False) -> None:
    """The characters, newest first."""
    from ..workshop import Workshop

    found = Workshop().characters()
    table(
        [(one.id, one.name, one.kind, f"{one.photos} photos", _taught(one.ready)) for one in found],
        "No characters yet.",
    )
    if answer:
        write_json({"characters": found})


@characters.command("show")
def show_character(id: Id, answer: Json = False) -> None:
    """One character."""
    from ..workshop import Workshop

    one = Workshop().character(id)
    say(f"{one.name} ({one.id}), a {one.class_word}, {one.photos} photos, {_taught(one.ready)}.")
    if answer:
        write_json({"character": one})


@characters.command("keep")
def keep_character(
    id: Id,
    days: Annotated[
        int | None, typer.Option(help="After the last use: 30, 90, 365, or 0 until you erase them.")
    ] = None,
    answer: Json = False,
) -> None:
    """Keep a character longer: the time begins today."""
    from ..workshop import Workshop

    workshop = Workshop()
    workshop.keep_character(id, days)
    goes = workshop.goes_on(id)
    say(f"'{id}' is kept until {goes or 'you erase them'}.")
    if answer:
        write_json({"character": id, "goes": goes})


def tidy(answer: Json = False) -> None:
    """Take away what is over: people whose time is over and who were told of, old trash and former states, and what a
    program left behind that was stopped."""
    from ..workshop import Workshop

    done = show(Workshop().tidy(), "Tidying")
    for name in done.erased:
        say(f"{name} was erased, as was told before.")
    if done.photos:
        say(f"{done.photos} photos that were left out were erased, as was told before.")
    for notice in done.notices:
        who = f"{notice.photos} photos of {notice.name} that were left out" if notice.photos else notice.name
        called = slug(notice.name)
        say(f"{who} will be erased on {notice.goes}. Keep them: python -m studio characters keep {called}")
    say(f"{done.emptied} emptied from the trash, {done.swept} files swept.")
    if answer:
        write_json(
            {
                "erased": done.erased,
                "notices": done.notices,
                "photos": done.photos,
                "emptied": done.emptied,
                "swept": done.swept,
            }
        )


def verify(
    look: Annotated[bool, typer.Option("--look", help="Only look; mend nothing.")] = False, answer: Json = False
) -> None:
    """Open every book, picture, photo, adapter and brought model, mend what can be, and tell the rest. Exit code 1 if anything
    stays damaged."""
    from ..workshop import Workshop

    report = show(Workshop().verify(mend=not look), "Checking")
    for sentence in (*report.repaired, *report.damaged):
        say(sentence)
    swept = "can go" if look else "swept"
    say(
        f"{report.checked} checked, {len(report.damaged)} damaged, {len(report.repaired)} repaired, "
        f"{len(report.swept)} left over {swept}."
    )
    if answer:
        write_json(
            {
                "checked": report.checked,
                "damaged": report.damaged,
                "repaired": report.repaired,
                "swept": report.swept,
            }
        )
    if report.damaged:
        raise typer.Exit(1)


def _redrawn(redrawing: Redrawing) -> str:
    if redrawing.same:
        return "Drawn again today with the same versions: the pictures would be identical."
    if not redrawing.drawn:
        return "Nothing is drawn yet."
    told = [f"{one.what}: {one.was[:12]} then, {one.now[:12] or 'not here'} now" for one in redrawing.changes]
    told += [f"{redrawing.unknown} pictures of an older studio"] if redrawing.unknown else []
    return f"Drawn again today the pictures may differ ({'; '.join(told)})."


def _drawn(drawn: bool) -> str:
    return "drawn" if drawn else "not drawn yet"


def _taught(ready: bool) -> str:
    return "ready" if ready else "not taught yet"
