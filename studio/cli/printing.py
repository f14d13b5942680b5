"""The command that makes files of a book, and tells what a printer will find of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import options
from .console import Json, say, show, write_json
from .options import ProfileChoice

if TYPE_CHECKING:
    from ..publishing.paper.export import Export, Made
    from ..publishing.paper.findings import Finding


def export(
    book_id: Annotated[str, typer.Argument(metavar="BOOK_ID", help="As in: books list.")],
    out: Annotated[Path, typer.Option(help="The file to make: .pdf, .epub, .html or .zip.")],
    profile: options.Profile = ProfileChoice.screen,
    trim: options.Trim = "",
    bleed: Annotated[str, typer.Option(help="Colour to be cut off, such as 3mm; the profile's own if left out.")] = "",
    icc: Annotated[Path | None, typer.Option(help="The ICC profile of a printing press, for its four inks.")] = None,
    accept_red: options.AcceptRed = False,
    answer: Json = False,
) -> None:
    """Make a file of a drawn book, for a screen or a printer, and tell what the printer will find."""
    from ..workshop import Workshop

    made = show(
        Workshop().export_book(book_id, out, profile, trim, bleed=bleed, icc=icc, accept_red=accept_red), "Binding"
    )
    for finding in made.findings:
        say(f"{finding.level}: {finding.said()}")
    say(f"The book is in {' and '.join(repr(file.name) for file in made.files)}.")
    if answer:
        write_json({"book": book_id, "file": made.file, **_told(made)})


def _told(made: Export) -> dict[str, Any]:
    """The findings, pixels to an inch by page of the story, and each file with its boxes and sha256."""
    return {
        "findings": [_finding(finding) for finding in made.findings],
        "ppi": dict(made.ppi),
        "files": [_file(file) for file in made.made],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    told = {"level": finding.level, "check": finding.check, "said": finding.said(), "pages": finding.pages}
    return {**told, "values": dict(finding.values)}


def _file(made: Made) -> dict[str, Any]:
    boxes = [
        {"page": number, "media": page.media, "crop": page.crop, "bleed": page.bleed, "trim": page.trim}
        for number, page in enumerate(made.boxes, 1)
    ]
    return {"file": made.file, "sha256": made.sha256, "bytes": made.bytes, "boxes": boxes}
