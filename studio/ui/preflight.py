"""What a printer would say of the book, as a traffic light: each finding in words, with what helps."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..errors import N_
from ..publishing.book import Book
from ..publishing.design import MOST_OWN_PAGES
from ..publishing.paper.findings import Finding, Level
from .desk import friendly, workshop
from .language import _, n_
from .spreads import OPEN
from .text import plain

LAMPS: dict[Level, tuple[str, str]] = {  # what is said, and how each finding is marked
    "red": (N_("This is not ready yet."), ":red[:material/error:]"),
    "amber": (N_("This can be made. Look at these first."), ":orange[:material/warning:]"),
    "green": (N_("Everything is in order."), ":green[:material/check_circle:]"),
}


def findings_of(book: Book, profile: str) -> tuple[Finding, ...]:
    """What was found for this place; looked for again when the book changes."""
    return _findings(book.id, profile, repr((book, profile)))


@st.cache_data(max_entries=16, ttl=300, show_spinner=False)
def _findings(_id: str, _profile: str, said: str) -> tuple[Finding, ...]:
    """Of the book that `said` tells."""
    return workshop().preflight(_id, _profile)


def traffic_light(book: Book, findings: Sequence[Finding]) -> bool:
    """The light, what is not green, and the rest folded away. Whether the file may be made: what is red asks for a tick."""
    level: Level = next((level for level in LAMPS if any(one.level == level for one in findings)), "green")
    with st.container(key=f"print_light_{level}_card"):
        st.markdown("**" + _(LAMPS[level][0]) + "**")
        for order, finding in enumerate(one for one in findings if one.level != "green"):
            _finding(book, finding, order)
        good = [finding for finding in findings if finding.level == "green"]
        if good:
            told = n_("{count} thing is in order", "{count} things are in order", len(good))
            with st.expander(told, key="print_in_order", icon=":material/check_circle:"):
                for finding in good:
                    st.markdown(plain(finding.said(_)))
        if level != "red":
            return True
        return st.checkbox(_("I know, make the file all the same"), key=f"print_accept_{book.id}")


def _finding(book: Book, finding: Finding, order: int) -> None:
    with st.container(key=f"print_finding_{order}_{finding.level}", horizontal=True, vertical_alignment="center"):
        st.markdown(f"{LAMPS[finding.level][1]} " + plain(finding.said(_)), width="stretch")
        _remedy(book, finding)


def _remedy(book: Book, finding: Finding) -> None:
    """A button where the studio can help."""
    more = int(finding.values.get("more", 0)) if finding.check == "pages" else 0
    if more > 0 and book.design.own_pages + more <= MOST_OWN_PAGES:
        label = n_("Add {count} page for drawing", "Add {count} pages for drawing", more)
        args = (book.id, book.design.own_pages + more)
        st.button(label, key=f"print_add_{finding.level}", icon=":material/note_add:", on_click=_add_pages, args=args)
    elif finding.pages:
        number = finding.pages[0]
        label = _("Open page {number}").format(number=number)
        if st.button(label, key=f"print_open_{finding.check}_{finding.level}", icon=":material/open_in_full:"):
            st.session_state[OPEN] = number
            st.switch_page("../pages/pages.py")


def _add_pages(book_id: str, count: int) -> None:
    with friendly():
        workshop().change_design(book_id, own_pages=count)
