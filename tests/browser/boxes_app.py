"""A tiny screen for the browser test: a picture with two boxes, and where a person put them."""

import io
import json
import os
import time
from pathlib import Path

import streamlit as st
from PIL import Image

from studio.ui.boxes import figure_boxes

HOME = Path(os.environ["STUDIO_HOME"])
raw = io.BytesIO()
Image.linear_gradient("L").resize((400, 200)).save(raw, "PNG")
start = (("May", (0.0, 0.0, 0.5, 1.0)), ("Rex", (0.5, 0.2, 0.9, 1.0)))
boxes = st.session_state.setdefault("placed", start)
moved = figure_boxes(boxes, "boxes", raw.getvalue(), alt="A gradient")
if moved:
    st.session_state["placed"] = moved
    (HOME / f"{time.time_ns()}.json").write_text(json.dumps(moved))
    st.rerun()
st.button("Again", on_click=st.session_state.update, args=({"run": st.session_state.get("run", 0) + 1},))
st.text(f"run {st.session_state.get('run', 0)}")
