"""Free drawing."""

import streamlit as st

from studio.ui.desk import friendly, say_error, workshop
from studio.ui.keeping import keep_as_typed
from studio.ui.language import _
from studio.ui.picture_details import everything
from studio.ui.picture_form import ASKED, bound, draw, keep, lay_out, what_draws, wish
from studio.ui.picture_history import history
from studio.ui.picture_looks import chips
from studio.ui.picture_result import result
from studio.ui.picture_start import begin_from

with friendly():
    st.title(_("Picture"))
    lay_out()
    keep_as_typed()
    left, right = st.columns(2, gap="large")

    with left.container(key="picture_desk"):
        faults = workshop().picture_faults(wish())
        st.text_area(_("What shall be drawn?"), key=bound("prompt"), height=100, max_chars=2000)
        chips()
        begin_from(faults)
        everything(faults)
        st.button(what_draws(), key="picture_draw", type="primary", icon=":material/brush:", on_click=draw)
        if st.session_state.get(ASKED):
            for fault in faults.values():
                say_error(fault)
        keep()

    with right.container(key="picture_result"):
        result()
    history()
