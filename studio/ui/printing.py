"""The file while it is made, and the files that are ready."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import streamlit as st

from ..errors import N_
from ..publishing.book import Book
from .desk import friendly, live_job, workshop
from .destinations import DESTINATIONS, Destination
from .language import _
from .preflight import findings_of, traffic_light
from .running import running, waiting_without_worker
from .takeaway import carried, own
from .text import size

KINDS = {  # by the end of a file's name
    "-cover.pdf": (N_("The cover, as PDF"), "application/pdf", "picture_as_pdf"),
    ".pdf": (N_("The book, as PDF"), "application/pdf", "picture_as_pdf"),
    ".epub": (N_("The e-book, as EPUB"), "application/epub+zip", "tablet"),
    ".html": (N_("The web page"), "text/html", "language"),
    ".storybook": (N_("The whole book, for another computer"), "application/zip", "inventory_2"),
    ".zip": (N_("The pictures, as ZIP"), "application/zip", "photo_library"),
}


def ready_to_make(book: Book, place: Destination) -> bool:
    """What the place needs, and what a printer would say. Whether the file may be made."""
    st.caption(_(place.needs))
    return not place.printed or traffic_light(book, findings_of(book, place.profile))


def make_button(book: Book, place: Destination, allowed: bool, main: bool) -> None:
    """Asks for the file."""
    pressed = st.button(
        _("Make the file"),
        key="print_make",
        type="primary" if main else "secondary",
        icon=":material/auto_stories:",
        disabled=not allowed,
    )
    if pressed:
        with friendly():
            workshop().submit_export(book.id, place.profile, book.design.trim, accept_red=True, suffix=place.suffix)
            st.rerun()


def making(book_id: str, busy: bool) -> None:
    """The bar of the file that is being made. Meant to run as a fragment while `busy`."""
    job = live_job(book_id, "export")
    if busy and not job:
        st.rerun()
    if job:
        running(job)
        waiting_without_worker(job)


def made_for(files: Sequence[Path], place: Destination) -> int:
    """Which of the files is the newest for that place, counted from 0; -1 when there is none."""
    ends = f"-{place.profile}{place.suffix}"
    return next((number for number, file in enumerate(files) if file.name.endswith(ends)), -1)


def ready_files(book: Book, files: Sequence[Path], wanted: int) -> None:
    """The files made so far, newest first, to download, one of them as what is wanted now; the newest PDF also to leaf
    through."""
    if files:
        st.markdown("**" + _("Ready to take away") + "**")
    for number, file in enumerate(files):
        title, mime, icon = next(kind for end, kind in KINDS.items() if file.name.endswith(end) or end == ".zip")
        with st.container(key=f"print_file_{number}_card", horizontal=True, vertical_alignment="center"):
            made = datetime.fromtimestamp(file.stat().st_mtime)
            about = ("**" + _(title) + "**", _goes_to(file), size(file.stat().st_size), f"{made:%d.%m.%Y %H:%M}")
            st.markdown(f":material/{icon}: " + " · ".join(filter(None, about)), width="stretch")
            st.download_button(
                _("Download"),
                file.read_bytes,
                file_name=carried(book, file.name),
                mime=own(mime),
                key=f"print_download_{number}",
                type="primary" if number == wanted else "secondary",
                icon=":material/download:",
                on_click="ignore",
            )
    newest = next((file for file in files if file.suffix == ".pdf" and not file.stem.endswith("-cover")), None)
    if newest:
        _preview(newest)


def _goes_to(file: Path) -> str:
    """Where a PDF was made for, which is the last word of its name; nothing of other files."""
    profile = file.stem.removesuffix("-cover").rpartition("-")[2]
    return next(
        (_(one.title) for one in DESTINATIONS if one.printed and file.suffix == ".pdf" and one.profile == profile), ""
    )


def _preview(file: Path) -> None:
    with st.expander(
        _("Leaf through it here"), key="print_preview", icon=":material/menu_book:", on_change="rerun"
    ) as shown:
        if shown.open:
            st.pdf(file, height=620, key="print_pdf")
