"""The door of a studio that several people share: who comes in is known by their account (OpenID Connect).

It is there where `[auth]` is set in Streamlit's secrets.toml. A studio on one's own computer has none, and nobody is asked.
"""

from __future__ import annotations

import streamlit as st

from ..errors import NotAllowed
from .account import person
from .cards import art
from .language import _
from .text import plain


def entrance() -> None:
    """The one calm page before all others."""
    with st.container(key="entrance", horizontal_alignment="center", gap="medium"):
        art("storybook", width=280)
        st.title(_("Welcome"), anchor=False, text_alignment="center")
        st.markdown(
            _("Picture books are made here. Sign in with the account that your school or studio gave you."),
            text_alignment="center",
        )
        st.button(_("Sign in"), key="entrance_sign_in", type="primary", icon=":material/login:", on_click=st.login)
        st.caption(
            _("Only the name in your account is looked at, so that everyone gets their turn."), text_alignment="center"
        )


def closed(why: NotAllowed) -> None:
    """The page of somebody who is signed in and no longer let in."""
    with st.container(key="entrance_closed", horizontal_alignment="center", gap="medium"):
        art("storybook", width=280)
        st.markdown(plain(why.said(_)), text_alignment="center")
        way_out()


def way_out() -> None:
    """Who is signed in, and the button to leave; nothing where nobody is asked."""
    if not person():
        return
    st.caption(f":material/person: {plain(str(st.user.get('name') or st.user.get('email') or ''))}")
    st.button(_("Sign out"), key="entrance_sign_out", type="tertiary", icon=":material/logout:", on_click=st.logout)
