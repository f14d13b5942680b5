"""The web studio with its gate: start it with `python3 launch.py`, or alone with `streamlit run studio/web.py`. `app.py` is what it
shows."""

import sys
from pathlib import Path
from typing import Any

import streamlit as st

ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:  # `streamlit run` puts this file's folder on the path, not the project's
    sys.path.insert(0, ROOT)

from studio.ui.desk import told  # noqa: E402
from studio.ui.gate import Gate  # noqa: E402

# Starlette's `Middleware` is a class with its arguments; written out, Starlette need not be a library of ours.
GATE: Any = (Gate, (), {})
app = st.App("app.py", middleware=[GATE], on_script_error=told)
