"""How the command line speaks: words and bars for people on stderr, one JSON object for scripts on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ..errors import StudioError
from ..progress import Progress, Result, Work, finish

WANTED = "studio.json"


def _remember(context: typer.Context, wanted: bool) -> bool:
    context.meta[WANTED] = wanted
    return wanted


Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON object on stdout.", callback=_remember)]


class StudioCommands(TyperGroup):
    """The commands, where an error that a person can mend ends in one message and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except StudioError as error:
            if ctx.meta.get(WANTED):
                write_json({"error": str(error)})
            say(str(error))
            raise typer.Exit(1) from error
        except KeyboardInterrupt as stop:
            say("Stopped. What was finished is kept; the same command goes on from there.")
            raise typer.Exit(128 + 2) from stop  # as a shell counts Ctrl-C


def say(text: str) -> None:
    """A line for the person, on stderr."""
    typer.echo(text, err=True)


def table(rows: Iterable[Sequence[object]], empty: str) -> None:
    """Rows in columns, on stderr; the sentence `empty` when there are none."""
    cells = [[str(cell) for cell in row] for row in rows]
    if not cells:
        return say(empty)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def write_json(answer: dict[str, Any]) -> None:
    """The one object of a command's answer, on stdout."""
    typer.echo(json.dumps(answer, ensure_ascii=False, default=plain))


def show(work: Work[Result], title: str) -> Result:
    """Runs the work with a bar on a terminal, in silence elsewhere, and gives its result."""
    if not sys.stderr.isatty():
        return finish(work)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    title_column = TextColumn("{task.description}", markup=False)  # a book may be called '[b]'
    note_column = TextColumn("{task.fields[note]}", markup=False, style="dim")
    columns = title_column, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), note_column
    with Bars(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(title, total=None, note="")

        def watch(step: Progress) -> None:
            bars.update(task, completed=step.done, total=step.total or None, note=step.note)

        return finish(work, watch)


def plain(value: object) -> object:
    """How a dataclass, an error or a path is written in JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Path | StudioError):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
