"""The measured book on the screen: under each picture small bars with a word and the number on hover, red marks first with
the button that mends them; and all of it at a glance above the spreads."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from ..errors import N_
from ..evaluation.measures import LIKE, STRANGER, Measure, PageMeasures, Summary, Verdict, summary
from ..publishing.book import Book
from .cards import details
from .desk import friendly, live_job, workshop
from .language import _, n_
from .running import at_work
from .scene import word
from .text import plain

WORDS: dict[Verdict, str] = {"good": N_("good"), "so-so": N_("so-so"), "weak": N_("weak")}
LABELS = {
    "likeness": N_("Like the photos"),
    "steady": N_("Stays the same"),
    "match": N_("As it is told"),
    "figures": N_("How many"),
    "style": N_("Style"),
    "print": N_("Sharp in print"),
}
FAULTS = {
    "likeness": N_("{name} is hardly like the photos here."),
    "steady": N_("{name} looks different here than on the other pages."),
    "match": N_("This picture shows something else than the words tell."),
    "figures": N_("Figures in the picture: {seen}. On the page: {asked}."),
    "style": N_("The style hardly shows here."),
}

Worth = tuple[tuple[PageMeasures | None, ...], Summary]


def measured(book: Book) -> Worth:
    """What is known of all pages; ask once for many."""
    pages = workshop().measures(book)
    return pages, summary(page for page in pages if page)


def page_measures(book: Book, number: int, worth: Worth, busy: bool, large: bool = False) -> None:
    """What a page's picture is worth, and what would mend it; nothing for one that was not measured."""
    pages, whole = worth
    found = pages[number - 1]
    if found is None:
        return
    names, marks = _names(), whole.marks(found)
    with st.container(key=f"measures_{found.page}", gap="xsmall"):
        if marks:
            _marks(book, found, marks, names, busy)
        st.html(_bars(found.measures, names, found, large))
        missing = _missing(found)
        if missing and large:
            st.caption(_("Hard to find in the picture: {things}.").format(things=plain(missing)))


def _marks(book: Book, found: PageMeasures, marks: Sequence[Measure], names: dict[str, str], busy: bool) -> None:
    """What is wrong with the page, and one button for all of it."""
    for mark in marks:
        st.markdown(":red[:material/error:] " + _fault(mark, found, names))
    st.button(
        _("Draw it again"),
        key=f"pages_mend_{found.page}",
        icon=":material/refresh:",
        disabled=busy,
        on_click=_redraw,
        args=(book.id, (found.page,)),
    )


def _fault(mark: Measure, found: PageMeasures, names: dict[str, str]) -> str:
    missing = _missing(found)
    if mark.name == "match" and missing:
        return _("Hard to find in the picture: {things}.").format(things=plain(missing))
    name = plain(names.get(mark.character, mark.character))
    seen, asked = found.figures
    return _(FAULTS[mark.name]).format(name=name, seen=seen, asked=asked)


def _missing(found: PageMeasures) -> str:
    """What was asked for and is not to be seen, in the person's words: 'dog; at night'."""
    return "; ".join(word(field, said) for field, said in found.missing)


def _bars(
    measures: Sequence[Measure], names: dict[str, str], found: PageMeasures | None = None, large: bool = False
) -> str:
    """A list of labels, bars and words. Each number is there for who points at it, and for screen readers; a page that is
    seen large shows it."""
    several = len({one.character for one in measures if one.character}) > 1
    rows = [_row(one, _label(one, names, several), _number(one, found), large) for one in measures]
    kind, told = "measures large" if large else "measures", escape(_("What the picture is worth"))
    return f'<ul class="{kind}" aria-label="{told}">{"".join(rows)}</ul>'


def _label(one: Measure, names: dict[str, str], several: bool) -> str:
    """What is measured, and of whom where there are several."""
    label = _(LABELS[one.name])
    return f"{names.get(one.character, one.character)}: {label}" if several and one.character else label


def _row(one: Measure, label: str, number: str, large: bool) -> str:
    label, number, word = escape(label), escape(number), escape(_(WORDS[one.verdict]))
    full, hidden = round(100 * max(0.05, one.value)), "" if large else ' class="unseen"'
    return (
        f'<li class="{one.verdict}" title="{label}: {number}"><span>{label}</span>'
        f'<i aria-hidden="true"><i style="width:{full}%"></i></i><b>{word}</b><small{hidden}>{number}</small></li>'
    )


def _number(one: Measure, found: PageMeasures | None) -> str:
    """The number in the person's units."""
    if one.name == "print":
        return _("about {ppi} points to the inch; from 200 on nobody sees them").format(ppi=round(one.number))
    if one.name == "figures" and found:
        return _("{seen} seen, {asked} on the page").format(seen=found.figures[0], asked=found.figures[1])
    if one.name == "likeness":
        return _("{share} of 1; two photos have 1, a stranger {stranger}, and from {good} on it is good").format(
            share=f"{one.number:.2f}", stranger=f"{STRANGER:g}", good=f"{LIKE:g}"
        )
    return _("{share} of 1").format(share=f"{one.value:.2f}")


def book_measures(book: Book, busy: bool) -> None:
    """The book at a glance; draws itself anew while its pictures are looked at."""
    looking = bool(live_job(book.id, "assess"))
    st.fragment(_whole, run_every=1 if looking else None)(book.id, busy, looking)


def _whole(id: str, busy: bool, looking: bool) -> None:
    if at_work(id, "assess", looking):
        return
    book = workshop().book(id)
    (pages, whole), states = measured(book), workshop().page_states(book)
    new = [number for number, state in enumerate(states, 1) if state == "drawn" and not pages[number - 1]]
    if whole.measured:
        _summary(book, whole, busy)
    if (
        new
        and not busy
        and st.button(
            n_("Measure {count} picture", "Measure {count} pictures", len(new)),
            key="pages_measure",
            type="tertiary",
            icon=":material/straighten:",
        )
    ):
        with friendly():
            workshop().submit_measuring_book(id)
            st.rerun()


def _summary(book: Book, whole: Summary, busy: bool) -> None:
    names = _names()
    with st.container(key="pages_measures_card"):
        st.html(_bars(whole.measures, names))
        for mark in whole.faint:
            _faint(book, mark, names, busy)
        if whole.marked and not busy:
            _redraw_marked(book, sorted(whole.marked))
        if whole.standard:
            with details("pages_measures"):
                st.caption(_("The scores of research papers, by the models in the folders 'clip' and 'dino':"))
                for score, character, value in whole.standard:
                    st.caption(f"{score} {plain(names.get(character, character))} {value:.3f}")


def _redraw_marked(book: Book, marked: Sequence[int]) -> None:
    listed = ", ".join(map(str, marked))
    with st.container(key="pages_marked", horizontal=True, vertical_alignment="center"):
        words = n_("Page {pages} has a red mark.", "Pages {pages} have red marks.", len(marked))
        st.markdown(":red[:material/error:] " + words.format(pages=listed))
        st.button(
            n_("Draw that page again", "Draw those pages again", len(marked)),
            key="pages_mend_all",
            icon=":material/refresh:",
            on_click=_redraw,
            args=(book.id, tuple(marked)),
        )


def _faint(book: Book, mark: Measure, names: dict[str, str], busy: bool) -> None:
    """A hero or the style hardly shows in the whole book: what can be done about it."""
    style = mark.name == "style"
    name = plain(names.get(mark.character, mark.character))
    with st.container(key=f"pages_faint_{mark.name}_{mark.character}", horizontal=True, vertical_alignment="center"):
        said = (
            _("The style hardly shows in this book.") if style else _("{name} is hardly like the photos in this book.")
        )
        st.markdown(":red[:material/error:] " + said.format(name=name))
        if workshop().can_show_more(book, mark.character):
            st.button(
                _("Show the style more strongly") if style else _("Show {name} more strongly").format(name=name),
                key=f"pages_more_{mark.character or 'style'}",
                icon=":material/exposure_plus_1:",
                disabled=busy,
                on_click=_show_more,
                args=(book.id, mark.character),
            )
        elif not style and st.button(
            _("Teach {name} more carefully").format(name=name),
            key=f"pages_teach_{mark.character}",
            icon=":material/school:",
        ):
            st.switch_page("../pages/characters.py")


def _redraw(id: str, numbers: Sequence[int]) -> None:
    with friendly():
        for number in numbers:
            workshop().submit_redo(id, number)


def _show_more(id: str, character: str) -> None:
    with friendly():
        workshop().show_more(id, character)
        workshop().submit_drawing(id)


def _names() -> dict[str, str]:
    """What the characters are called, by id."""
    return {one.id: one.name for one in workshop().characters()}
