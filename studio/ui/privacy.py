"""What happens to photos, told before the first is handed over: five lines, and docs/privacy.md for who wants all of it."""

from __future__ import annotations

import streamlit as st

from ..library.clock import NOTICE_DAYS, USUAL
from ..settings import ROOT
from ..story.story import Language
from .language import _, language

PAGE = ROOT / "docs" / "privacy.md"
PARTS: dict[Language, int] = {"en": 0, "vi": 1}  # the order of the languages in it


def what_happens() -> None:
    """Closed, above the field for photos. A popover would lie over the dialog that it opens."""
    with st.expander(_("What happens to these photos"), key="characters_privacy", icon=":material/shield_person:"):
        st.markdown("\n".join(f"* {line}" for line in _lines()))
        if st.button(_("Read all of it"), key="characters_privacy_all", type="tertiary", icon=":material/menu_book:"):
            heading, text = page(language())
            st.dialog(heading, width="large")(st.markdown)(text)


def page(wanted: Language) -> tuple[str, str]:
    """The heading and the text of docs/privacy.md in one language; what leads from it to the other stays away."""
    part = PAGE.read_text(encoding="utf-8").split("\n## ")[PARTS[wanted]]
    heading, _link, text = part.split("\n\n", 2)
    return heading.lstrip("# "), text.strip()


def _lines() -> tuple[str, ...]:
    return (
        _(
            "**What is kept:** the photos without place, camera and other hidden notes, and what the studio learns of them."
        ),
        _("**Where:** in the studio's own folder, sealed with a key of their own. They are sent nowhere."),
        _(
            "**How long:** {days} days after they were last used, or as you choose. The studio tells you {before} days before."
        ).format(days=USUAL, before=NOTICE_DAYS),
        _(
            "**What for:** those of a person only for what was agreed to here. Who agreed can take it back at any time, and then "
            "all is erased."
        ),
        _("**How to erase:** Settings, Privacy, Erase. It takes less than a minute, and you get a signed receipt."),
    )
