"""The commands around the people who sign in: who is here, how much room each has, whom the studio is closed for."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .console import Json, StudioCommands, say, table, write_json

people = typer.Typer(
    cls=StudioCommands, help="The people who sign in to a studio that several share.", no_args_is_help=True
)

PersonId = Annotated[str, typer.Argument(metavar="ID", help="As in: people list.")]
GB = 1_000_000_000


@people.command("list")
def list_people(answer: Json = False) -> None:
    """Everybody who ever signed in, with what they have."""
    from ..workshop import Workshop

    found = Workshop().people()
    rows = [
        (one.member.id, one.member.name, one.member.role + (", let go" if one.member.revoked else ""))
        + (f"{one.books} books", f"{one.characters} characters", f"{one.bytes / GB:.1f} GB")
        for one in found
    ]
    table(rows, "Nobody has signed in yet.")
    if answer:
        write_json({"people": found})


@people.command("room")
def room(
    id: PersonId,
    books: Annotated[int | None, typer.Option(min=0, help="How many at most.")] = None,
    characters: Annotated[int | None, typer.Option(min=0, help="How many at most.")] = None,
    gigabytes: Annotated[int | None, typer.Option(min=0, help="Of the disk, at most.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="That wait or run, at most.")] = None,
    term_ends: Annotated[str | None, typer.Option(help="A teacher's, such as 2027-05-31; '' for none.")] = None,
    answer: Json = False,
) -> None:
    """How much somebody may have, and when the heroes of a teacher's class are erased."""
    from ..workshop import Workshop

    asked: dict[str, Any] = {
        "most_books": books,
        "most_characters": characters,
        "most_bytes": None if gigabytes is None else gigabytes * GB,
        "most_jobs": jobs,
        "term_ends": term_ends,
    }
    now = Workshop().change_person(id, **{name: value for name, value in asked.items() if value is not None})
    say(
        f"{now.name or now.id}: {now.most_books} books, {now.most_characters} characters, {now.most_bytes / GB:.0f} GB, "
        f"{now.most_jobs} jobs" + (f", the term ends on {now.term_ends}" if now.term_ends else "")
    )
    if answer:
        write_json({"person": now})


@people.command("revoke")
def revoke(id: PersonId, answer: Json = False) -> None:
    """Close the studio for somebody at once; what they made is kept."""
    from ..workshop import Workshop

    _told(Workshop().let_go(id), "can do nothing here any more; what they made is kept", answer)


@people.command("allow")
def allow(id: PersonId, answer: Json = False) -> None:
    """Open it for them again."""
    from ..workshop import Workshop

    _told(Workshop().let_in(id), "may come in again", answer)


@people.command("remove")
def remove(
    id: PersonId, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, answer: Json = False
) -> None:
    """Close the studio for somebody and erase all they have for good."""
    from ..workshop import Workshop

    if not yes:
        typer.confirm(f"Erase all books, characters and pictures of '{id}' for good?", abort=True)
    had = Workshop().remove_person(id)
    say(f"{had.member.name or id}: {had.books} books and {had.characters} characters were erased.")
    if answer:
        write_json({"erased": had})


def _told(one: Any, what: str, answer: bool) -> None:
    say(f"{one.name or one.id} {what}.")
    if answer:
        write_json({"person": one})
