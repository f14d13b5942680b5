"""Words to pages."""

import streamlit as st

from studio.ui import draft
from studio.ui.book_header import book_header
from studio.ui.desk import book_at_hand, friendly, hold
from studio.ui.keeping import keep_as_typed
from studio.ui.language import _, n_
from studio.ui.leaves import leaves, preview
from studio.ui.telling import idea_desk

with friendly():
    book = book_at_hand()
    if book:
        book_header(book)
    st.title(_("Story"))
    draft.lay_out(book)
    keep_as_typed()
    left, right = st.columns(2, gap="large")

    with left.container(key="story_desk"):
        story, idea = st.tabs([_("A story"), _("Only an idea")])
        with idea:
            idea_desk(draft.field("idea"), book)
        with story:
            st.text_input(_("Title"), key=draft.field("title"), on_change=draft.keep, args=(book,))
            st.text_area(_("Your story"), key=draft.field("text"), height=320, on_change=draft.keep, args=(book,))
            st.caption(n_("{count} word", "{count} words", len(draft.words("text").split())))
            with st.container(key="story_sources", horizontal=True):
                st.button(
                    _("Use the sample story"),
                    key="story_sample",
                    icon=":material/auto_stories:",
                    on_click=draft.take_sample,
                    args=(book,),
                )
                with st.popover(_("From a file"), key="story_from_file", icon=":material/upload_file:"):
                    st.file_uploader(
                        _("A story"), draft.FILES, key="story_file", on_change=draft.take_file, args=(book,)
                    )
                with st.popover(_("Author and dedication"), key="story_matter", icon=":material/signature:"):
                    st.text_input(_("Author"), key=draft.field("author"), on_change=draft.keep, args=(book,))
                    st.text_area(_("Dedication"), key=draft.field("dedication"), on_change=draft.keep, args=(book,))
            st.slider(_("How many pages?"), *draft.PAGES, key=draft.field("pages"), on_change=draft.keep, args=(book,))
            split = st.button(
                _("Split into pages"),
                key="story_split",
                icon=":material/content_cut:",
                type="secondary" if book else "primary",
            )
            if split:
                with friendly():
                    hold(draft.split(book, draft.story(), draft.words("pages")))
                    st.rerun()

    with right:
        if book:
            leaves(book)
        else:
            preview(draft.words("text"), draft.words("pages"))
