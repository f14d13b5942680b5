"""Photos to hero."""

import streamlit as st

from studio.ui.cards import empty
from studio.ui.desk import friendly, workshop
from studio.ui.language import _
from studio.ui.people import NEW, portraits, wizard

with friendly():
    st.title(_("Characters"))
    people = workshop().characters()
    if people:
        portraits(people)
    adding = st.session_state.get(NEW, "")
    if adding:
        wizard(adding)
    elif people:
        st.button(
            _("Add a character"),
            key="characters_add",
            type="primary",
            icon=":material/add_a_photo:",
            on_click=st.session_state.update,
            args=({NEW: "new"},),
        )
    elif empty(
        "characters",
        "photos",
        _("Six photos of someone you love, and they can play in every story."),
        _("Add a character"),
        "add_a_photo",
    ):
        st.session_state[NEW] = "new"
        st.rerun()
