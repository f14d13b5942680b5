"""Teach a style or a domain."""

import streamlit as st

from studio.ui.datasets import arrive, farewell, looked_at, set_at_hand, take_up
from studio.ui.desk import friendly
from studio.ui.fitting import report, teach, try_out
from studio.ui.language import _

with friendly():
    st.title(_("Dataset"))
    take_up()
    one = set_at_hand()
    if not one:
        arrive()
    elif looked_at(one):
        teach(one)
        report(one)
        try_out(one)
    if one:
        farewell(one)
