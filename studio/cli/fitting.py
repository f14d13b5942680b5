"""The command that teaches from a captioned set of pictures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import options
from .console import Json, say, show, write_json

if TYPE_CHECKING:
    from ..workshop import Workshop


def fit(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="A folder as 'dataset prepare' leaves it.")],
    name: Annotated[str, typer.Option(help="What the adapter is called.")],
    recipe: Annotated[str, typer.Option(help="A preset, such as fashion, or a .toml file.")] = "fashion",
    model: options.Model = "pocket",
    trigger: Annotated[str, typer.Option(help="Words that shall call it; without, its captions' own words do.")] = "",
    seed: options.Seed = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where it was stopped.")] = False,
    answer: Json = False,
) -> None:
    """Teach the base model a domain or a style from captioned pictures."""
    from ..workshop import Workshop

    started = time.monotonic()
    workshop = Workshop()
    workshop.check_recipe(recipe)
    show(workshop.follow_fit(dataset, name, recipe, model, trigger, seed), "Teaching beside")
    card = show(workshop.fit_dataset(dataset, name, recipe, model, trigger, seed, resume), f"Teaching {name}")
    seconds = round(time.monotonic() - started, 1)
    say(f"'{card.id}' is on the shelf, after {seconds:g} s. In a picture: --adapter {card.id}")
    told = _told(workshop, card.id)
    if answer:
        write_json({"adapter": card, "seconds": seconds, **told})


def _told(workshop: Workshop, id: str) -> dict[str, Any]:
    """Tells how the error went down, and gives the numbers of the report."""
    report = workshop.fit_report(id) or {}
    for one in report.get("checks", ()):
        mark = "  taken" if one["step"] == report["best"] else ""
        say(f"after {one['step']:5} steps: error {one['mse']:.4f}, {one['mae']:.4f}, spread {one['std']:.4f}{mark}")
    names = ("pictures", "kept_back", "steps", "seconds_per_step", "checks", "best", "ended_early", "peak_memory_mb")
    return {name: report.get(name) for name in names} | {"training_seconds": report.get("seconds")}
