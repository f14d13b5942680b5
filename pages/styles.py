"""Find the look."""

import streamlit as st

from studio.ui.book_header import book_header
from studio.ui.cards import details, empty
from studio.ui.desk import book_at_hand, friendly, workshop
from studio.ui.language import _
from studio.ui.looks import bring_style, look_choice, own_cards, own_styles, strengths
from studio.ui.mixing import mixing_desk

with friendly():
    book = book_at_hand()
    if book:
        book_header(book)
    st.title(_("Styles"))
    if not book and empty("styles", "story", _("A look needs a book. Begin with a story."), _("Begin a book")):
        st.switch_page("../pages/story.py")
    if book:
        st.markdown(_("How should the pictures look? You can change this at any time."))
        worn = next((one.adapter for one in book.look.styles), "")
        style = look_choice(f"styles_choice_{book.id}", worn)
        mixing_desk(book, style)
        with details("styles"):
            look = strengths(book, style)
        if st.button(_("Use this look"), key="styles_use", type="primary", icon=":material/palette:"):
            with friendly():
                workshop().change_look(book.id, **look)
                st.switch_page("../pages/pages.py")
        bring_style()
        own_styles(own_cards())
