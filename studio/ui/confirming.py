"""A grown-up answers for what the studio cannot know: a style or model from elsewhere beside a child, or that they look first."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ..errors import N_
from ..safety.confirmations import What
from .desk import friendly, workshop
from .language import _

WORDS: Mapping[What, str] = {
    "adapter": N_("I looked at what this style draws: a child may be drawn in it."),
    "model": N_("I looked at what this model draws: a child may be drawn with it."),
    "pictures": N_("I look at the pictures of this model before anybody else does."),
    "photos": N_("Pictures of this person may look like photos."),
}


def confirming() -> None:
    """What is confirmed, for which, and by whom; closed until somebody needs it."""
    with st.expander(_("A grown-up confirms"), key="settings_confirm", icon=":material/verified_user:"):
        st.caption(_("Nothing here lets through what is not for children. What you confirm is noted with your name."))
        words = {str(what): _(said) for what, said in WORDS.items()}
        what = st.radio(_("What?"), list(words), index=None, format_func=words.__getitem__, key="settings_confirm_what")
        if not what:
            return
        names = _names(what)
        of = st.selectbox(
            _("Which?"), list(names), index=None, format_func=names.__getitem__, key=f"settings_confirm_{what}"
        )
        by = st.text_input(_("Your name"), key="settings_confirm_by", max_chars=60).strip()
        st.button(
            _("Confirm"),
            key="settings_confirm_now",
            disabled=not (of and by),
            on_click=_confirm,
            args=(what, of, by),
        )


def _names(what: str) -> dict[str, str]:
    """What it can be said of: names by id."""
    if what == "adapter":
        return {card.id: card.title for card in workshop().adapters()}
    if what == "photos":
        return {one.id: one.name for one in workshop().characters() if one.kind == "person"}
    own = what == "pictures"  # pocket's too, of those that begin with a picture from elsewhere
    return {model.key: model.title for model, here in workshop().models() if here and (own or not model.embedded)}


def _confirm(what: What, of: str, by: str) -> None:
    with friendly():
        workshop().confirm(what, of, by)
        st.toast(_("Noted."), icon=":material/check:")
