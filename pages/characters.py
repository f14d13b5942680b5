"""Photos to hero."""

import streamlit as st

from studio.ui.cards import empty
from studio.ui.desk import friendly, workshop
from studio.ui.language import _
from studio.ui.newcomer import NEW
from studio.ui.people import portraits, try_sample, wizard
from studio.ui.receipt import receipt

with friendly():
    st.title(_("Characters"))
    receipt()
    people = workshop().characters()
    at_hand = st.session_state.get(NEW, "")
    if at_hand == "new" or at_hand in [one.id for one in people]:
        wizard(at_hand)
    elif people:
        portraits(people)
        st.button(
            _("Add a character"),
            key="characters_add",
            type="primary",
            icon=":material/add_a_photo:",
            on_click=st.session_state.update,
            args=({NEW: "new"},),
        )
    else:
        if empty(
            "characters",
            "photos",
            _("Six photos of someone you love, and they can play in every story."),
            _("Add a character"),
            "add_a_photo",
        ):
            st.session_state[NEW] = "new"
            st.rerun()
        try_sample()
