"""Pictures of people on a screen: they lie sealed on the disk, so that no path of theirs can be shown."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from .. import vault
from ..errors import StudioError


def picture(path: Path, alt: str = "") -> None:
    """A picture as wide as its place; nothing where its key is away or its file is damaged."""
    try:
        raw = vault.read(path) if vault.sealed_with(path) else None
    except (StudioError, OSError):
        return
    st.image(raw or str(path), alt=alt, width="stretch")
