"""Fields whose words are kept while a person types, not only when they leave the field."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

KEY = "keep_as_typed"
SCRIPT = Path(__file__).with_suffix(".js")
# The part has no face, and Streamlit's hint to press Ctrl+Enter, in English only, is not true any more.
# In several lines, since Streamlit takes a single one for the name of a file.
LOOK = f"""
.st-key-{KEY} {{ display: none; }}
[data-testid="InputInstructions"] {{ display: none; }}
"""


def keep_as_typed() -> None:
    """Lets the words in every text area and text input of this screen reach Python as they are typed: 0.6 s after the
    last key, 1.2 s after the first one that has not reached it, and at once when pasted. Fields in a form wait for it.

    Belongs once on a screen, outside of forms and fragments.
    """
    _part()(key=KEY)


@cache
def _part() -> Any:
    script = SCRIPT.read_text(encoding="utf-8")
    return st.components.v2.component("studio_keeping", css=LOOK, js=script, isolate_styles=False)
