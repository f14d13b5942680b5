"""How long the photos of people and what was learnt of them are kept, shown where people are, and how to keep them longer."""

from __future__ import annotations

from datetime import date
from typing import Literal

import streamlit as st

from ..errors import N_
from ..library.clock import CHOICES
from ..library.retention import Notice
from .desk import friendly, workshop
from .language import _, n_
from .text import plain

KEPT = {
    30: N_("30 days after they were last used"),
    90: N_("90 days after they were last used"),
    365: N_("A year after they were last used"),
    0: N_("Until I erase them"),
}


def kept_until(id: str, side: Literal["left", "center"] = "center") -> None:
    """One line: the day on which somebody goes unless they are used before."""
    goes = workshop().goes_on(id)
    words = _("Kept until {day}").format(day=day(goes)) if goes else _("Kept until you erase them")
    st.caption(words, text_alignment=side)


def photo_kept_until(goes: str) -> None:
    """The same of a photo that was left out."""
    st.caption(
        _("Left out: will be erased on {day}").format(day=day(goes)) if goes else _("Left out; kept until you erase it")
    )


def keeping(id: str) -> None:
    """The choice how long somebody is kept, the day on which they go, and a button that begins the time anew."""
    key = f"settings_kept_{id}"
    with st.container(key=f"settings_keeping_{id}", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Photos and what was learnt are kept"),
            CHOICES,
            index=CHOICES.index(workshop().clock(id).days),
            format_func=lambda days: _(KEPT[days]),
            key=key,
            on_change=_keep_for,
            args=(id, key),
            help=_("Each use begins the time anew: opening, teaching, drawing."),
            width=320,
        )
        goes = workshop().goes_on(id)
        if goes:
            st.button(
                _("Keep longer"), key=f"settings_longer_{id}", icon=":material/update:", on_click=_longer, args=(id,)
            )
            st.caption(_("They will be erased on {day}.").format(day=day(goes)))


def notices() -> None:
    """Says whose time is over, with one click that keeps them."""
    for one in workshop().notices():
        with st.container(key=f"bookshelf_notice_{one.id}_bar", horizontal=True, vertical_alignment="center"):
            words = _notice(one).replace("{name}", f"**{plain(one.name)}**").replace("{day}", day(one.goes))
            st.markdown(f":material/hourglass_bottom: {words}", width="stretch")
            st.button(
                _("Keep longer"),
                key=f"bookshelf_longer_{one.id}",
                icon=":material/update:",
                on_click=_longer,
                args=(one.id,),
            )


def _notice(one: Notice) -> str:
    if one.photos:
        return n_(
            "{count} photo of {name} that was left out will be erased on {day}, unless you keep it. All else stays.",
            "{count} photos of {name} that were left out will be erased on {day}, unless you keep them. All else stays.",
            one.photos,
        )
    return _(
        "Nobody has used the photos of {name} for a long time. They and what was learnt from them will be erased on "
        "{day}, unless you keep them."
    )


def _keep_for(id: str, key: str) -> None:
    with friendly():
        workshop().keep_character(id, st.session_state[key])


def _longer(id: str) -> None:
    with friendly():
        workshop().keep_character(id)


def day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d.%m.%Y}"
