"""All commands put together. Help is given without importing anything heavy."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ..errors import BadInput
from ..files import keep_private
from ..models.offline import keep_to_itself
from . import consenting, designing, fitting, making, options, printing, shelves, writing
from .adapters import adapters
from .console import Json, StudioCommands, say, show, write_json
from .dataset import dataset
from .experimenting import anatomy, gan, style
from .jobs import jobs
from .measuring import measured
from .models import models
from .people import people

app = typer.Typer(
    cls=StudioCommands,
    help="A story and a few photos become a printed picture book, on your own computer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Measured(StrEnum):
    pocket = "pocket"
    adapter = "adapter"
    writer = "writer"


for command in (
    making.make,
    making.train,
    writing.write,
    making.draw,
    fitting.fit,
    printing.export,
    consenting.erase,
    consenting.confirm,
    shelves.verify,
    shelves.tidy,
    style,
    anatomy,
):
    app.command()(command)
shelves.characters.command("consent")(consenting.consent)
shelves.characters.command("withdraw")(consenting.withdraw)
shelves.books.command("design")(designing.design_book)
shelves.books.command("lay")(designing.lay_page)
app.add_typer(shelves.books, name="books")
app.add_typer(shelves.characters, name="characters")
app.add_typer(adapters, name="adapters")
app.add_typer(models, name="models")
app.add_typer(dataset, name="dataset")
app.add_typer(jobs, name="jobs")
app.add_typer(people, name="people")
app.add_typer(gan, name="gan")


@app.command()
def evaluate(
    what: Annotated[str, typer.Argument(metavar="BOOK_ID|pocket|adapter|writer", help="What to measure.")],
    name: Annotated[str, typer.Argument(help="Of the character or style, for 'adapter'.")] = "",
    writer: options.Writer = options.WriterChoice.plain,
    answer: Json = False,
) -> None:
    """Measure the pictures of a book, how well the embedded model draws what is asked, how like a character is to the photos,
    what a style does, or how well a writer finds who is on a page and where."""
    from ..workshop import Workshop

    workshop = Workshop()
    if what == Measured.adapter and not name:
        raise BadInput("Say which character or style: python -m studio evaluate adapter NAME")
    works = {
        Measured.adapter: lambda: workshop.evaluate_adapter(workshop.known_as(name)),
        Measured.pocket: workshop.evaluate_pocket,
        Measured.writer: lambda: workshop.evaluate_writer(writer),
    }
    if what not in works:
        return measured(workshop, what, answer)
    numbers = show(works[Measured(what)](), f"Measuring {name or what}")
    for key, number in numbers.items():
        say(f"{key}: {number}")
    if answer:
        write_json(numbers)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def pocket(context: typer.Context) -> None:
    """Make the embedded model: world, train, evaluate."""
    from ..pocket.command import app as pocket_app

    pocket_app(args=list(context.args), prog_name="python -m studio pocket", standalone_mode=False)


def main() -> None:
    """Runs the command line and exits: 0 done, 1 an error that a person can mend, 2 wrong usage."""
    keep_private()
    keep_to_itself()
    app(prog_name="python -m studio")
