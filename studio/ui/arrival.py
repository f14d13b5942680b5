"""Where a screen is looked at when it turns into something else: a page that opens large begins at its top."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js")
KEY = "arrival"
LOOK = f".st-key-{KEY} {{ display: none; }}"


def arrive(place: str, coming: str, block: Literal["start", "center"] = "start") -> None:
    """Scrolls to the container with the key `place`; once, until `coming` is another word. Belongs once on a screen."""
    _part()(key=KEY, data={"place": place, "coming": coming, "block": block})


@cache
def _part() -> Any:
    # In two lines, since Streamlit takes a single one for the name of a file.
    return st.components.v2.component(
        "studio_arrival", css=f"\n{LOOK}\n", js=SCRIPT.read_text(encoding="utf-8"), isolate_styles=False
    )
