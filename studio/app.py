"""The web studio: navigation only. Start it with `python3 launch.py`, or alone with `streamlit run studio/web.py`, whose gate it needs where
people sign in."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:  # `streamlit run` puts this file's folder on the path, not the project's
    sys.path.insert(0, ROOT)

from studio.ui.desk import friendly  # noqa: E402
from studio.ui.frame import open_studio  # noqa: E402

with friendly():
    open_studio().run()
