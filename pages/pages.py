"""Draw and mend."""

import streamlit as st

from studio.ui.book_header import book_header
from studio.ui.cards import empty
from studio.ui.desk import book_at_hand, friendly, last_job, live_job, workshop
from studio.ui.language import _, n_
from studio.ui.running import outcome
from studio.ui.spreads import open_page, spreads

with friendly():
    book = book_at_hand()
    if book:
        book_header(book)
    st.title(_("Pages"))
    if not book and empty("pages", "story", _("There is nothing to draw yet. Begin with a story."), _("Begin a book")):
        st.switch_page("../pages/story.py")
    if book:
        job = live_job(book.id, "draw", "redo")
        waiting = sum(state != "drawn" for state in workshop().page_states(book))
        with st.container(key="pages_action", horizontal=True, vertical_alignment="center"):
            if not job and waiting:
                st.markdown(
                    n_("{count} page waits for its picture.", "{count} pages wait for their pictures.", waiting)
                )
                if st.button(_("Draw the pages"), key="pages_draw", type="primary", icon=":material/brush:"):
                    with friendly():
                        workshop().submit_drawing(book.id)
                        st.rerun()
            elif not job:
                st.markdown(_("All pages are drawn. Open one to change its words or its picture."))
                if st.button(_("Go to print"), key="pages_next", type="primary", icon=":material/print:"):
                    st.switch_page("../pages/print.py")
        outcome(None if job else last_job(book.id, "draw", "redo"))
        st.fragment(spreads, run_every=1 if job else None)(book.id, bool(job))
        open_page(book)
