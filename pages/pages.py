"""Draw and mend."""

import streamlit as st

from studio.ui.book_header import book_header
from studio.ui.candidates import restyling
from studio.ui.cards import empty
from studio.ui.desk import book_at_hand, friendly, last_job, live_job, workshop
from studio.ui.field import watch_book
from studio.ui.keeping import keep_as_typed
from studio.ui.language import _, n_
from studio.ui.measures import book_measures
from studio.ui.opened import came_back, opened, show_page
from studio.ui.pace import pace_field
from studio.ui.running import outcome
from studio.ui.spreads import LOOK_S, WORK, spreads
from studio.ui.undo import undo_button

with friendly():
    book = book_at_hand()
    if book:
        book_header(book)
    st.title(_("Pages"))
    if not book and empty("pages", "story", _("There is nothing to draw yet. Begin with a story."), _("Begin a book")):
        st.switch_page("../pages/story.py")
    number = opened(book) if book else 0
    job = live_job(book.id, *WORK) if book else None
    if book and number:
        keep_as_typed()
        watch_book(book)
        outcome(None if job else last_job(book.id, *WORK))
        show_page(book, number, bool(job))
    if book and not number:
        waiting = sum(state != "drawn" for state in workshop().page_states(book))
        with st.container(key="pages_action", horizontal=True, vertical_alignment="center"):
            if not job and waiting:
                st.markdown(
                    n_("{count} page waits for its picture.", "{count} pages wait for their pictures.", waiting)
                )
                undo_button(book, "pages_undo")
                if st.button(_("Draw the pages"), key="pages_draw", type="primary", icon=":material/brush:"):
                    with friendly():
                        workshop().submit_drawing(book.id)
                        st.rerun()
            elif not job:
                st.markdown(_("All pages are drawn. Open one to change its words or its picture."))
                undo_button(book, "pages_undo")
                if st.button(_("Go to print"), key="pages_next", type="primary", icon=":material/print:"):
                    st.switch_page("../pages/print.py")
        outcome(None if job else last_job(book.id, *WORK))
        book_measures(book, bool(job))
        st.fragment(spreads, run_every=LOOK_S if job else None)(book.id, bool(job))
        restyling(book, bool(job))
        came_back(book)
        pace_field(book, bool(job))
