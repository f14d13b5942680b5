"""The commands that look at what is there and put it away: books, characters, adapters, models; erase and verify."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .console import Json, StudioCommands, say, show, table, write_json


def group(help: str) -> typer.Typer:
    return typer.Typer(cls=StudioCommands, help=help, no_args_is_help=True)


books = group("The books on the shelf.")
characters = group("People, pets and toys who can play in a book.")
models = group("The base models that draw.")

Id = Annotated[str, typer.Argument(metavar="ID")]


@books.command("list")
def list_books(answer: Json = False) -> None:
    """The books, newest first."""
    from ..workshop import Workshop

    workshop = Workshop()
    found, damaged = workshop.books(), workshop.damaged_books()
    table([(book.id, book.title, f"{len(book.pages)} pages", _drawn(book.drawn)) for book in found], "No books yet.")
    for _, complaint in damaged:
        say(str(complaint))
    if answer:
        rows = [
            {"id": book.id, "title": book.title, "pages": len(book.pages), "drawn": book.drawn, "created": book.created}
            for book in found
        ]
        write_json({"books": rows, "damaged": dict(damaged)})


@books.command("show")
def show_book(id: Id, answer: Json = False) -> None:
    """Each page with its words, its prompt and whether its picture is up to date."""
    from ..workshop import Workshop

    workshop = Workshop()
    book = workshop.book(id)
    states = workshop.page_states(book)
    say(f"{book.title} ({book.id})")
    for number, (page, state) in enumerate(zip(book.pages, states, strict=True), 1):
        say(f"{number}  {state}  seed {page.seed}\n   {page.scene.text}\n   {page.prompt.positive}")
    if answer:
        write_json({"book": book, "states": states})


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


@models.command("list")
def list_models(answer: Json = False) -> None:
    """The base models, and whether their weights are on this computer."""
    from ..workshop import Workshop

    found = Workshop().models()
    rows = [
        (model.key, model.title, f"{model.native_size_px} px", model.licence, "here" if here else "not downloaded")
        for model, here in found
    ]
    table(rows, "No models.")
    if answer:
        write_json({"models": [{"key": model.key, "title": model.title, "here": here} for model, here in found]})


@models.command("show")
def show_model(key: Annotated[str, typer.Argument(metavar="KEY")], answer: Json = False) -> None:
    """One base model with its numbers."""
    from ..models.table import base_model

    model = base_model(key)
    say(f"{model.title} ({model.key}), {model.native_size_px} px, {model.licence}.")
    say(f"{model.steps} steps, guidance {model.guidance:g}, sampler {model.sampler}, {model.memory_gb:g} GB of memory.")
    if answer:
        write_json({"model": model})


@models.command("import")
def import_model(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .ckpt, .pt, .pth or .bin file.")],
    convert: Annotated[bool, typer.Option("--convert", help="Take its numbers into a .safetensors file.")] = False,
    out: Annotated[Path | None, typer.Option(help="The .safetensors file to write; beside FILE if left out.")] = None,
    answer: Json = False,
) -> None:
    """Make .safetensors of pickled weights where nothing in them can run; without --convert, say why they stay out."""
    from ..models.conversion import unconverted
    from ..workshop import Workshop

    if not convert:
        raise unconverted(file)
    made = show(Workshop().convert_model(file, out), f"Converting {file.name}")
    beside = f" {made.left_out} other values were left out." if made.left_out else ""
    say(
        f"'{made.path.name}' holds {made.tensors} tensors, {made.bytes / 1e6:.1f} MB.{beside} Nothing in the file was run."
    )
    say(f"See what it is good for with: python -m studio adapters check {made.path.name}")
    if answer:
        write_json({"converted": made})


def erase(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of a character.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    answer: Json = False,
) -> None:
    """Erase a person for good: photos, what was learnt from them, and their part in the books."""
    from ..workshop import Workshop

    workshop = Workshop()
    character = workshop.character(name)
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Erase {character.name} with {character.photos} photos for good?", abort=True, err=True)
    receipt = workshop.erase_character(character.id)
    learnt = ", and what was learnt from them" if receipt.taught else ""
    say(f"Erased: {receipt.name}, {receipt.photos} photos{learnt}.")
    for title in receipt.books:
        say(f"'{title}' no longer wears {receipt.name}; draw its pages again to change the pictures.")
    if answer:
        write_json({"erased": receipt})


def verify(answer: Json = False) -> None:
    """Open every book, picture, photo and adapter, and tell what is damaged. Exit code 1 if anything is."""
    from ..workshop import Workshop

    report = show(Workshop().verify(), "Checking")
    for sentence in report.damaged:
        say(sentence)
    say(f"{report.checked} checked, {len(report.damaged)} damaged.")
    if answer:
        write_json({"checked": report.checked, "damaged": report.damaged})
    if report.damaged:
        raise typer.Exit(1)


def _drawn(drawn: bool) -> str:
    return "drawn" if drawn else "not drawn yet"


def _taught(ready: bool) -> str:
    return "ready" if ready else "not taught yet"
