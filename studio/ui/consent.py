"""Who agreed that somebody's photos are used: asked once with nothing ticked beforehand, shown where they are, and taken back."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from ..library.characters import Character
from ..library.consent import PURPOSES, ROLES, Consent, Purpose
from .clocks import day
from .desk import friendly, workshop
from .language import _
from .receipt import show_later
from .text import plain


def ask(key: str) -> Consent | None:
    """The fields of a word that is given; nothing until all of it is said."""
    who = st.text_input(
        _("Who agreed?"), key=f"{key}_who", max_chars=60, placeholder=_("Lan's mother"), persist_state="session"
    ).strip()
    role = st.selectbox(
        _("Who is that?"),
        list(ROLES),
        index=None,
        format_func=_role,
        key=f"{key}_role",
        placeholder=_("Choose"),
    )
    st.caption(_("To what did they agree? Nothing else will be done."))
    chosen = [one for one in PURPOSES if st.checkbox(_(PURPOSES[one]), key=f"{key}_for_{_word(one)}", wrap=True)]
    adult = st.checkbox(_("The photos show a grown-up, not a child"), key=f"{key}_adult", wrap=True)
    until = st.date_input(
        _("Until when? Empty: as long as the photos are kept"), None, min_value=date.today(), key=f"{key}_until"
    )
    if not (who and role and chosen):
        return None
    return Consent(who=who, role=role, purposes=tuple(chosen), adult=adult, until=until.isoformat() if until else "")


def agreed(one: Character) -> None:
    """What was agreed for a person, how to change it and how to take it back."""
    if one.kind != "person":
        return
    held = workshop().consent(one.id)
    st.markdown(_told(held) if held else _("Nobody agrees that these photos are used. Nothing is learnt or drawn."))
    with st.container(horizontal=True, key=f"characters_agreed_{one.id}"):
        with st.popover(_("Change"), key=f"characters_agree_{one.id}", icon=":material/edit_note:"):
            given = ask(f"characters_agree_{one.id}")
            st.button(
                _("Note it"),
                key=f"characters_agree_now_{one.id}",
                type="primary",
                disabled=given is None,
                on_click=partial(_give, one.id, given),
            )
        if held:
            with st.popover(_("Take it back"), key=f"characters_withdraw_{one.id}", icon=":material/undo:"):
                _withdraw(one)


def _withdraw(one: Character) -> None:
    st.markdown(
        _(
            "What is being taught or drawn of {name} stops at once. Then the photos, all that was learnt from them and every "
            "picture that shows them are erased for good. Texts of books stay."
        ).format(name=f"**{plain(one.name)}**")
    )
    st.button(
        _("Take it back and erase"),
        key=f"characters_withdraw_now_{one.id}",
        type="primary",
        on_click=partial(_take_back, one.id),
    )


def _told(held: Consent) -> str:
    """Who agreed, what for and until when, in one line."""
    role = _(ROLES[held.role])
    words = [
        f"**{plain(held.who)}** · {role}",
        " · ".join(_(PURPOSES[purpose]) for purpose in held.purposes),
    ]
    if held.until:
        words.append(_("Until {day}").format(day=day(held.until)))
    return "  \n".join(words)


def _role(role: str) -> str:
    return _({str(key): words for key, words in ROLES.items()}[role])


def _word(purpose: Purpose) -> str:
    return purpose.replace(" ", "_")


def _give(id: str, given: Consent | None) -> None:
    if given:
        with friendly():
            workshop().give_consent(id, given)


def _take_back(id: str) -> None:
    with friendly():
        show_later(workshop().withdraw_consent(id))
