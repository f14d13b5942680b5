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
    draft.watch(book)
    left, right = st.columns(2, gap="large")

    with left.container(key="story_desk"):
        story, idea = st.tabs([_("A story"), _("Only an idea")])
        with idea:
            idea_desk(book)
        with story:
            draft.write(st.text_input, "title", _("Title"), book)
            draft.write(st.text_area, "text", _("Your story"), book, height=320)
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
                    draft.write(st.text_input, "author", _("Author"), book)
                    draft.write(st.text_area, "dedication", _("Dedication"), book)
            st.slider(
                _("How many pages?"), *draft.PAGES, key=draft.field("pages"), on_change=draft.keep_pages, args=(book,)
            )
            split = st.button(
                _("Split into pages"),
                key="story_split",
                icon=":material/content_cut:",
                type="secondary" if book else "primary",
            )
            if split:
                with friendly():
                    hold(draft.split(book))
                    st.rerun()

    with right:
        if book:
            leaves(book)
        else:
            preview(draft.words("text"), draft.words("pages"))
