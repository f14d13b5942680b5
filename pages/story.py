"""Words to pages."""

import streamlit as st

from studio.ui import draft
from studio.ui.book_header import book_header
from studio.ui.cards import art
from studio.ui.casting import cast_strip
from studio.ui.desk import book_at_hand, friendly, hold, workshop
from studio.ui.language import _, n_
from studio.ui.scene import told
from studio.ui.text import plain

with friendly():
    book = book_at_hand()
    if book:
        book_header(book)
    st.title(_("Story"))
    draft.lay_out(book)
    left, right = st.columns(2, gap="large")

    with left.container(key="story_desk"):
        st.text_input(_("Title"), key=draft.field("title"), on_change=draft.keep, args=(book,))
        st.text_area(_("Your story"), key=draft.field("text"), height=320, on_change=draft.keep, args=(book,))
        st.caption(n_("{count} word", "{count} words", len(draft.words("text").split())))
        with st.container(key="story_sources", horizontal=True):
            st.button(
                _("Use the sample story"),
                key="story_sample",
                icon=":material/auto_stories:",
                on_click=draft.take_sample,
            )
            with st.popover(_("From a file"), key="story_from_file", icon=":material/upload_file:"):
                st.file_uploader(_("A text file"), ["txt", "md"], key="story_file", on_change=draft.take_file)
        st.slider(_("How many pages?"), *draft.PAGES, key=draft.field("pages"), on_change=draft.keep, args=(book,))
        split = st.button(
            _("Split into pages"),
            key="story_split",
            icon=":material/content_cut:",
            type="secondary" if book else "primary",
        )
        if split:
            with friendly():
                story = workshop().read_story(draft.words("text"), draft.words("title"))
                hold(draft.split(book, story, draft.words("pages")))
                st.rerun()

    with right:
        if book:
            cast_strip(book)
            for number, page in enumerate(book.pages, 1):
                with st.container(key=f"story_page_{number}_card"):
                    st.text(page.scene.text)
                    st.caption(f"{number} · :material/landscape: {plain(told(page.scene))}")
            if st.button(_("Choose the look"), key="story_next", type="primary", icon=":material/palette:"):
                st.switch_page("../pages/styles.py")
        else:
            with st.container(key="story_empty", horizontal_alignment="center"):
                art("story", width=300)
                st.markdown(_("Paste a story, or take the sample. Its pages will appear here."))
