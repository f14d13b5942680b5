"""Out into the world."""

import streamlit as st

from studio.ui.book_design import look_fields, matter_fields
from studio.ui.book_header import book_header
from studio.ui.cards import empty
from studio.ui.cover_editor import cover_fields
from studio.ui.desk import book_at_hand, friendly, last_job, live_job, workshop
from studio.ui.destinations import destination, destination_field
from studio.ui.disclosure import disclosure_text
from studio.ui.field import watch_book
from studio.ui.keeping import keep_as_typed
from studio.ui.language import _
from studio.ui.narration import narration
from studio.ui.preview import FRONT, HERO, preview
from studio.ui.printing import made_for, make_button, making, ready_files, ready_to_make
from studio.ui.running import outcome
from studio.ui.undo import undo_button

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
        keep_as_typed()
        watch_book(book)
        place = destination()
        left, right = st.columns([1.7, 1], gap="large")
        with right.container(key="print_desk"):
            looks, cover, matter = st.tabs(
                [_("Looks"), _("Cover"), _("More pages")], key="print_section", on_change="rerun"
            )
            with looks:
                look_fields(book)
            with cover:
                cover_fields(book)
            with matter:
                matter_fields(book)
            undo_button(book, "print_undo")
        st.header(_("Where will it go?"))
        destination_field(place.id)
        with left.container(key="print_stage"), friendly():  # after what is quick, which answers a click at once
            preview(book, place.profile, FRONT if cover.open else HERO if matter.open else "")
        allowed = ready_to_make(book, place)
        narration(book, place)
        disclosure_text(book, place)
        job, files = live_job(book.id, "export"), workshop().exports(book.id)
        wanted = made_for(files, place)
        if not job:
            make_button(book, place, allowed, main=wanted < 0)
        outcome(None if job else last_job(book.id, "export"))
        st.fragment(making, run_every=1 if job else None)(book.id, bool(job))
        ready_files(book, files, wanted)
