"""A tiny screen for the browser test: a picture to paint on, and what came of it."""

import io
import os
import time
from pathlib import Path

import streamlit as st
from PIL import Image

from studio.ui.painting import painting

HOME = Path(os.environ["STUDIO_HOME"])
raw = io.BytesIO()
Image.linear_gradient("L").resize((400, 200)).save(raw, "PNG")
mask = painting(raw.getvalue(), "painting", use="Use", alt="A gradient")
if mask:
    (HOME / f"{time.time_ns()}.png").write_bytes(mask)
st.button("Again", on_click=st.session_state.update, args=({"run": st.session_state.get("run", 0) + 1},))
st.text(f"run {st.session_state.get('run', 0)}")
