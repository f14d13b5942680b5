"""The commands about who agreed that somebody's photos are used, and how they are let go: consent, withdraw, erase."""

from __future__ import annotations

import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import BadInput
from .console import Json, say, show, table, write_json

if TYPE_CHECKING:
    from ..library.consent import Consent
    from ..library.receipts import Receipt


class RoleChoice(StrEnum):
    self = "self"
    parent = "parent"
    guardian = "guardian"
    teacher = "teacher"
    other = "other"


class PurposeChoice(StrEnum):
    train = "train"
    language_model = "language-model"
    print = "print"
    share = "share"


class ConfirmedChoice(StrEnum):
    adapter = "adapter"
    model = "model"
    pictures = "pictures"
    photos = "photos"


Name = Annotated[str, typer.Argument(metavar="NAME", help="Of a character.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Role = Annotated[RoleChoice | None, typer.Option(help="Who that is to the person in the photos.")]
For = Annotated[
    list[PurposeChoice] | None,
    typer.Option("--for", help="What they agreed to; give it again for more. Without it: to draw and to make books."),
]
Until = Annotated[str, typer.Option(help="The last day, as in 2027-06-30.")]
Adult = Annotated[bool, typer.Option("--adult", help="The photos show a grown-up; otherwise a child is meant.")]


def agreed(who: str, role: RoleChoice | None, purposes: For, until: str, adult: bool) -> str | Consent:
    """What was said of who agreed: one sentence of the person's own, or a record when more than that was said."""
    from ..library.consent import FORMER, Consent, Purpose

    if not (role or purposes or until or adult):
        return who
    chosen: tuple[Purpose, ...] = tuple(one.value.replace("-", " ") for one in purposes or ())  # type: ignore[misc]
    return Consent(who=who, role=role.value if role else "other", purposes=chosen or FORMER, until=until, adult=adult)


def consent(
    name: Name,
    who: Annotated[
        str, typer.Option(help="Who agreed, such as: Lan's mother. Without it, what was agreed is told.")
    ] = "",
    role: Role = None,
    purposes: For = None,
    until: Until = "",
    adult: Adult = False,
    answer: Json = False,
) -> None:
    """Tell or note who agreed that somebody's photos are used, what for, and until when."""
    from ..library.consent import told
    from ..workshop import Workshop

    workshop = Workshop()
    id = workshop.character(name).id
    if who:
        given = agreed(who, role, purposes, until, adult)
        workshop.give_consent(id, told(given) if isinstance(given, str) else given)
    elif role or purposes or until or adult:
        raise BadInput('Say who agreed: --who "Lan\'s mother". Nothing was changed.')
    known = workshop.consents(id)
    rows = [(one.given[:10], one.who, one.role, ", ".join(one.purposes), _until(one)) for one in known]
    table(rows, "Nobody agreed yet.")
    if answer:
        write_json({"character": id, "consents": [asdict(one) for one in known]})


def confirm(
    what: Annotated[
        ConfirmedChoice,
        typer.Argument(
            help="adapter or model: you looked at what it draws, and a child may be drawn with it; pictures: you look at what a model "
            "draws before anybody else does; photos: pictures of a person may look like photos."
        ),
    ],
    of: Annotated[str, typer.Argument(metavar="ID", help="Of the adapter, the model or the character.")],
    by: Annotated[str, typer.Option(help="The name of the grown-up who answers for it.")],
    answer: Json = False,
) -> None:
    """Answer for what the studio cannot know, as a grown-up. It lets nothing through that is not for children."""
    from ..workshop import Workshop

    Workshop().confirm(what.value, of, by)
    say(f"Noted: {what.value} of '{of}', confirmed by {by}.")
    if answer:
        write_json({"confirmed": what.value, "of": of, "by": by})


def withdraw(
    name: Name,
    keep_pages: Annotated[
        bool, typer.Option("--keep-pages", help="Leave the pages that show them in the books.")
    ] = False,
    yes: Yes = False,
    answer: Json = False,
) -> None:
    """Take the consent for somebody back: what is at work stops, and all of them is erased."""
    from ..workshop import Workshop

    workshop = Workshop()
    character = workshop.character(name)
    _ask(f"Take the consent for {character.name} back and erase them for good?", yes)
    _tell(workshop.withdraw_consent(character.id, not keep_pages), answer)


def erase(
    name: Name,
    pages: Annotated[
        bool, typer.Option("--pages", help="Also the pages of books that show them, and the files made of those.")
    ] = False,
    scrub: Annotated[
        bool,
        typer.Option("--scrub", help="Then overwrite the free room of the disk, where former states of records lie."),
    ] = False,
    receipt: Annotated[Path | None, typer.Option(help="A file for the signed receipt.")] = None,
    yes: Yes = False,
    answer: Json = False,
) -> None:
    """Erase a person for good: photos, what was learnt from them, and their part in the books. Gives a signed receipt."""
    from ..workshop import Workshop

    workshop = Workshop()
    character = workshop.character(name)
    _ask(f"Erase {character.name} with {character.photos} photos for good?", yes)
    done = workshop.erase_character(character.id, pages)
    if receipt:
        import json

        receipt.write_text(json.dumps(asdict(done), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if scrub:
        say(f"{show(workshop.scrub(), 'Overwriting') / 1e9:.1f} GB of free room were overwritten.")
    _tell(done, answer)


def _ask(question: str, yes: bool) -> None:
    if not yes and sys.stdin.isatty():
        typer.confirm(question, abort=True, err=True)


def _tell(done: Receipt, answer: bool) -> None:
    from ..library.receipts import PLACES

    learnt = ", and what was learnt from them" if done.taught else ""
    say(f"Erased: {done.name}, {done.photos} photos{learnt}.")
    for store in done.stores:
        if store.count:
            say(f"  {PLACES[store.place]}: {store.count}{f', {store.bytes} bytes' if store.bytes else ''}")
    for title in done.books:
        say(f"'{title}' no longer wears {done.name}; draw its pages again to change the pictures.")
    if done.shown:
        say(f"{done.shown} pages still show them, because the books were to stay. Erase those pages too with --pages.")
    say(f"Receipt {done.number}, signed {done.at}.")
    if answer:
        write_json({"erased": done})


def _until(one: Consent) -> str:
    if one.withdrawn:
        return f"taken back {one.withdrawn[:10]}"
    return f"until {one.until}" if one.until else ""
