"""Older roads to pictures, to play and to learn."""

import streamlit as st

from studio.ui.anatomy import look_inside
from studio.ui.desk import friendly
from studio.ui.flowers import paint
from studio.ui.language import _
from studio.ui.painters import teach
from studio.ui.repainting import repaint

with friendly():
    st.title(_("Lab"))
    style, flowers, inside = st.tabs(
        [_("Repaint in a style"), _("Flowers from words"), _("Inside the model")], key="lab_tabs", on_change="rerun"
    )
    if style.open:
        with style:
            repaint()
    if flowers.open:
        with flowers:
            paint()
            teach()
    if inside.open:
        with inside:
            look_inside()
