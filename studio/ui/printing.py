"""Where a book can go, the file while it is made, and the files that are ready."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import streamlit as st

from ..errors import N_
from .cards import Choice
from .desk import live_job
from .language import _
from .running import running, waiting_without_worker
from .text import size

TRIMS = {
    "8.5x8.5in": N_("Square, 21.6 × 21.6 cm"),
    "8x10in": N_("Upright, 20.3 × 25.4 cm"),
    "10x8in": N_("Wide, 25.4 × 20.3 cm"),
}
MIME = {".pdf": "application/pdf", ".zip": "application/zip", ".epub": "application/epub+zip"}


def destinations() -> list[Choice]:
    """Where the book can go, each with a picture of it."""
    return [
        Choice("screen", _("Screen"), _("To read on a phone or send to grandma"), "screen"),
        Choice("home", _("Home printer"), _("On your own paper, with white edges"), "home"),
        Choice("kdp", _("Amazon KDP"), _("A paperback, one copy or many"), "kdp"),
        Choice("lulu", _("Lulu"), _("A hardcover made to last"), "lulu"),
    ]


def making(book_id: str, busy: bool) -> None:
    """The bar of the file that is being made. Meant to run as a fragment while `busy`."""
    job = live_job(book_id, "export")
    if busy and not job:
        st.rerun()
    if job:
        running(job)
        waiting_without_worker(job)


def ready_files(files: Sequence[Path]) -> None:
    """The files made so far, newest first, to download; the newest PDF also to leaf through."""
    for number, file in enumerate(files):
        with st.container(key=f"print_file_{number}_card", horizontal=True, vertical_alignment="center"):
            made = datetime.fromtimestamp(file.stat().st_mtime)
            st.markdown(
                f":material/picture_as_pdf: {size(file.stat().st_size)} · {made:%d.%m.%Y %H:%M}", width="stretch"
            )
            st.download_button(
                _("Download"),
                file.read_bytes,
                file_name=file.name,
                mime=MIME.get(file.suffix, "application/octet-stream"),
                key=f"print_download_{number}",
                type="secondary" if number else "primary",
                icon=":material/download:",
                on_click="ignore",
            )
    newest = next((file for file in files if file.suffix == ".pdf"), None)
    if newest:
        _preview(newest)


def _preview(file: Path) -> None:
    with st.expander(
        _("Leaf through it here"), key="print_preview", icon=":material/menu_book:", on_change="rerun"
    ) as shown:
        if shown.open:
            st.pdf(file, height=620, key="print_pdf")
