"""The commands that change how a book is laid out: its page, its letters, what stands around the story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ..publishing.faces import FACES
from .console import Json, say, write_json
from .options import AgeChoice
from .shelves import Id

if TYPE_CHECKING:
    from ..publishing.design import LayoutName

AUTO = "auto"


def design_book(
    id: Id,
    trim: Annotated[str, typer.Option(help="Width and height of the page, such as 8.5x8.5in, A5 or 18x18cm.")] = "",
    face: Annotated[str, typer.Option(help="Andika, Be Vietnam Pro, Baloo 2, Patrick Hand or Quicksand.")] = "",
    age: Annotated[AgeChoice | None, typer.Option(help="Of the readers, in years: how large letters are.")] = None,
    drop_cap: Annotated[
        bool | None, typer.Option("--drop-cap/--no-drop-cap", help="Begin with a large letter.")
    ] = None,
    second: Annotated[str, typer.Option(help="Where the second language stands: below or facing.")] = "",
    endpapers: Annotated[bool | None, typer.Option("--endpapers/--no-endpapers", help="Patterned paper.")] = None,
    half_title: Annotated[bool | None, typer.Option("--half-title/--no-half-title", help="The title alone.")] = None,
    hero_page: Annotated[bool | None, typer.Option("--hero-page/--no-hero-page", help="About the hero.")] = None,
    about: Annotated[str | None, typer.Option(help="What that page says; empty for the studio's own words.")] = None,
    own_pages: Annotated[int | None, typer.Option(help="Pages for the reader's own drawings.")] = None,
    cover: Annotated[int | None, typer.Option(help="The page whose picture is on the cover.")] = None,
    blurb: Annotated[str | None, typer.Option(help="The words on the back of the book.")] = None,
    answer: Json = False,
) -> None:
    """Change how a book looks on paper; without options, tell it."""
    from ..workshop import Workshop

    given: dict[str, Any] = {
        "trim": trim or None, "face": face or None, "age": age.value if age else None, "drop_cap": drop_cap,
        "second": second or None, "endpapers": endpapers, "half_title": half_title, "hero_page": hero_page,
        "about": about, "own_pages": own_pages, "cover": cover, "blurb": blurb,
    }  # fmt: skip
    changes = {field: value for field, value in given.items() if value is not None}
    book = Workshop().change_design(id, **changes) if changes else Workshop().book(id)
    say(f"'{book.title}': {book.design.trim}, {_family(book.design.face)}, readers of {book.design.age} years.")
    if answer:
        write_json({"book": id, "design": book.design})


def lay_page(
    id: Id,
    number: Annotated[int, typer.Argument(metavar="PAGE", help="From 1.")],
    layout: Annotated[str, typer.Argument(metavar="LAYOUT", help="full, above, facing, vignette, spread or auto.")],
    answer: Json = False,
) -> None:
    """Lay one page out in another way."""
    from ..workshop import Workshop

    Workshop().lay_page(id, number, None if layout == AUTO else cast("LayoutName", layout))
    say(f"Page {number} is laid out as '{layout}'.")
    if answer:
        write_json({"book": id, "page": number, "layout": layout})


def _family(name: str) -> str:
    return next(face.family for face in FACES if face.name == name)
