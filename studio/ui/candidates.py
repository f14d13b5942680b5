"""Pictures of one page to choose from, a part of it to paint over, and one style for all pages."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from ..evaluation.measures import Verdict
from ..jobs.job import Job
from ..publishing.book import Book
from ..settings import ASSETS
from ..workshop.candidates import Candidate
from ..workshop.mending import USUAL_STRENGTH
from .cards import Choice, choice_picture
from .desk import friendly, workshop
from .language import _, n_
from .looks import style_choice
from .measures import WORDS
from .painting import painting
from .scene import told
from .wishes import KEEP_SEED

STRENGTH = "page_part_strength"
PAINT = "pages_paint"  # id and number of the page that is being painted on
COLOURS: dict[Verdict, Literal["green", "orange", "red"]] = {"good": "green", "so-so": "orange", "weak": "red"}
LARGEST_SEED = 2**53 - 1  # that a browser can count to


def strip(book: Book, number: int, job: Job | None) -> None:
    """The candidates of a page, best first, with those on their way behind them."""
    found = workshop().candidates(book, number)
    coming = job.total - job.done if job and job.kind == "candidates" else 0
    if len(found) < 2 and not coming:
        return
    st.caption(_("Choose the one you like. The others stay here."))
    unfinished = list(workshop().previews(book, number))
    with st.grid(4, min_column_width=110, key="pages_candidates"):
        for place, candidate in enumerate(found, 1):
            _tile(book, number, place, candidate)
        for place in range(coming):
            with st.container(key=f"candidate_coming_{place}"):
                if unfinished:
                    st.image(str(unfinished.pop()), alt=_("Being drawn"), width="stretch")
                else:
                    st.skeleton(height=110)


def _tile(book: Book, number: int, place: int, candidate: Candidate) -> None:
    chosen = candidate.picture == book.pages[number - 1].picture
    with st.container(key=f"candidate_{place}_{'chosen' if chosen else 'open'}_tile"):
        st.image(str(workshop().candidate_picture(book, candidate)), alt=told(book.pages[number - 1].scene))
        if st.button(
            _("Picture {number}").format(number=place),
            key=f"candidate_{number}_{candidate.seed}_{int(candidate.part)}",
            type="tertiary",
            icon=":material/check_circle:" if chosen else None,
            help=None if candidate.score is None else f"{candidate.score:.2f}",
            width="stretch",
        ):
            with friendly():
                workshop().choose_candidate(book.id, number, candidate.seed, candidate.part)
                st.rerun()
        if candidate.verdict:
            st.badge(_(WORDS[candidate.verdict]), color=COLOURS[candidate.verdict])


def painted(book: Book, number: int) -> bool:
    """Whether the person is painting on this page."""
    return bool(st.session_state.get(PAINT) == (book.id, number) and workshop().picture(book, number))


def paint_button(book: Book, number: int) -> None:
    if st.button(_("Paint over a part"), key="page_paint", icon=":material/brush:"):
        st.session_state[PAINT] = (book.id, number)
        st.rerun()


def paint_desk(book: Book, number: int) -> None:
    """The picture under a brush; what is painted is drawn anew, as a wish says."""
    picture = workshop().picture(book, number)
    if not picture:
        return
    wish = st.text_input(
        _("What should be there?"),
        key=f"page_part_{book.id}_{number}",
        placeholder=_("nothing in particular, just another try"),
    )
    mask = painting(
        picture.read_bytes(),
        f"painting_{book.id}_{number}_{picture.stem}",
        use=_("Draw this part anew"),
        alt=told(book.pages[number - 1].scene),
    )
    strength = st.session_state.get(STRENGTH, USUAL_STRENGTH)
    if mask:
        with friendly():
            workshop().mend_page(book.id, number, mask, wish, strength)
            workshop().submit_redo(book.id, number, keep_seed=True)
            st.session_state[PAINT] = None
            st.rerun()


def paint_choices(book: Book, number: int) -> None:
    """How far the painted part may go, and the way out."""
    st.text(book.pages[number - 1].scene.text)
    st.slider(
        _("How much may change"),
        0.3,
        1.0,
        USUAL_STRENGTH,
        0.05,
        key=STRENGTH,
        help=_("Little keeps what is there in colour and place; all of it begins from nothing."),
    )
    st.button(
        _("Leave it as it is"),
        key="page_paint_close",
        type="tertiary",
        icon=":material/close:",
        on_click=st.session_state.update,
        args=({PAINT: None},),
    )


def seed_field(book: Book, number: int) -> None:
    """The seed of a page, and whether a wish keeps it."""
    seed = book.pages[number - 1].seed
    key = f"page_seed_{book.id}_{number}_{seed}"
    st.number_input(
        _("Seed"),
        0,
        LARGEST_SEED,
        min(seed, LARGEST_SEED),
        key=key,
        on_change=_reseed,
        args=(book.id, number, key),
        help=_("The same seed and the same words give the same picture."),
    )
    st.toggle(
        _("Keep the seed when a wish changes the picture"),
        True,
        key=KEEP_SEED,
        persist_state="session",
        help=_("Much of the picture then stays where it is."),
    )


def _reseed(book_id: str, number: int, key: str) -> None:
    with friendly():
        workshop().set_seed(book_id, number, int(st.session_state[key]))


def restyling(book: Book, busy: bool) -> None:
    """Every style as a picture; one click has all pages drawn in it, with the heroes as they are."""
    worn = next((one.adapter for one in book.look.styles), "")
    with st.expander(_("Redraw all in another style"), key="pages_restyle", icon=":material/palette:"):
        st.caption(
            n_(
                "{count} page is drawn anew. Its words and heroes stay, and Undo brings the former picture back at once.",
                "All {count} pages are drawn anew. Words and heroes stay, and Undo brings the former pictures back at once.",
                len(book.pages),
            )
        )
        own = Choice("", _("Storybook"), picture=ASSETS / "pocket" / "sample.jpg")
        with st.grid(6, min_column_width=120, key="pages_styles"):
            for choice in (own, *map(style_choice, workshop().styles())):
                _style(book, choice, choice.id == worn, busy)


def _style(book: Book, choice: Choice, chosen: bool, busy: bool) -> None:
    with st.container(key=f"restyle_{choice.id or 'none'}_{'chosen' if chosen else 'open'}_tile"):
        choice_picture(choice)
        if st.button(
            choice.title,
            key=f"restyle_{choice.id or 'none'}",
            type="tertiary",
            icon=":material/check_circle:" if chosen else None,
            disabled=busy or chosen,
            width="stretch",
        ):
            with friendly():
                workshop().restyle_book(book.id, choice.id)
                workshop().submit_drawing(book.id)
                st.rerun()
