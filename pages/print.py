"""Out into the world."""

import streamlit as st

from studio.ui.book_header import book_header
from studio.ui.cards import choose, details, empty
from studio.ui.desk import book_at_hand, friendly, last_job, live_job, workshop
from studio.ui.language import _
from studio.ui.printing import TRIMS, destinations, making, ready_files
from studio.ui.running import outcome

with friendly():
    book = book_at_hand()
    if book:
        book_header(book)
    st.title(_("Print"))
    if not book and empty("print", "print", _("There is no book to print yet. Begin with a story."), _("Begin a book")):
        st.switch_page("../pages/story.py")
    drawn = bool(book) and "missing" not in workshop().page_states(book)
    if book and not drawn:
        st.info(_("Some pages are not drawn yet. Draw them first, then the file can be made."), icon=":material/brush:")
        if st.button(_("Go to the pages"), key="print_back", type="primary", icon=":material/menu_book:"):
            st.switch_page("../pages/pages.py")
    if book and drawn:
        st.markdown(_("Where will it go?"))
        profile = choose("print_profile", destinations(), "screen")
        with details("print"):
            trim = st.selectbox(
                _("Size of the page"),
                list(TRIMS),
                key="print_trim",
                format_func=lambda name: _(TRIMS[name]),
                persist_state="session",
            )
        job = live_job(book.id, "export")
        files = workshop().exports(book.id)
        kind = "secondary" if files else "primary"
        if not job and st.button(_("Make the file"), key="print_make", type=kind, icon=":material/picture_as_pdf:"):
            with friendly():
                workshop().submit_export(book.id, profile, trim)
                st.rerun()
        outcome(None if job else last_job(book.id, "export"))
        st.fragment(making, run_every=1 if job else None)(book.id, bool(job))
        ready_files(files)
