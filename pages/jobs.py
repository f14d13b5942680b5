"""What is going on: now, next, done."""

import streamlit as st

from studio.ui.cards import empty
from studio.ui.desk import friendly, workshop
from studio.ui.language import _
from studio.ui.work import live_work, machines, set_aside, work_history

with friendly():
    st.title(_("Jobs"))
    if not workshop().jobs(1) and empty("jobs", "rest", _("Nothing is being made at the moment."), _("Begin a book")):
        st.switch_page("../pages/story.py")
    machines()
    set_aside()
    st.fragment(live_work, run_every=2)()
    work_history()
