"""What is going on: now, next, done."""

import streamlit as st

from studio.ui.cards import empty
from studio.ui.desk import friendly, workshop
from studio.ui.language import _
from studio.ui.work import work_list

with friendly():
    st.title(_("Jobs"))
    if not workshop().jobs() and empty("jobs", "rest", _("Nothing is being made at the moment."), _("Begin a book")):
        st.switch_page("../pages/story.py")
    st.fragment(work_list, run_every=2)()
