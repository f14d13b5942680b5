"""The commands about sets of captioned pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .console import Json, say, show, write_json
from .shelves import group

dataset = group("Sets of captioned pictures, from which a style or a domain is learnt.")


@dataset.callback()
def _group() -> None:
    """A group with one command stays a group."""


@dataset.command("prepare")
def prepare_dataset(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The pictures.")],
    out: Annotated[Path, typer.Option(help="Where copies and manifest.csv go.")],
    captions: Annotated[
        Path | None,
        typer.Option(help="JSON, JSONL, CSV or Flickr30k's results.csv; a .txt beside each picture if left out."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="How many are taken, by chance.")] = 10_000,
    least_px: Annotated[int, typer.Option(min=1, help="Least length of the shorter side.")] = 256,
    least_words: Annotated[int, typer.Option(min=0, help="Least characters of a caption.")] = 10,
    size_px: Annotated[int, typer.Option(min=0, help="Shrink copies to this shorter side.")] = 0,
    enhance: Annotated[
        bool, typer.Option("--enhance", help="Make copies a little sharper and richer in contrast and colour.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of the chance.")] = 0,
    archive: Annotated[bool, typer.Option("--zip", help="Put all of it into dataset.zip, too.")] = False,
    answer: Json = False,
) -> None:
    """Look at every picture, copy a sample of the good ones, and tell of each why it was left out."""
    from ..training.dataset import REASONS
    from ..workshop import Workshop

    demands = {"most": most, "least_px": least_px, "least_words": least_words, "size_px": size_px, "seed": seed}
    demands["enhanced"] = enhance
    counts = show(Workshop().prepare_dataset(folder, out, captions, archive, **demands), "Looking at the pictures")
    say(f"{counts.get('taken', 0)} pictures are in '{out.name}', told in manifest.csv.")
    for reason, count in sorted(counts.items()):
        if reason != "taken":
            say(f"{count} left out: {REASONS[reason]}.")
    if answer:
        write_json(
            {"out": out, "taken": counts.get("taken", 0), "left_out": {k: v for k, v in counts.items() if k != "taken"}}
        )
