"""The door of a studio that several people share: who comes in is known by their account (OpenID Connect).

It is there where `[auth]` is set in Streamlit's secrets.toml. A studio on one's own computer has none, and nobody is asked.
"""

from __future__ import annotations

import hashlib
from functools import cache

import streamlit as st

from .cards import art
from .language import _
from .text import plain

KNOWN_BY = 16  # hexadecimal digits; enough for every school, and nobody's address can be read in a job


@cache  # without such a file Streamlit looks for it anew each time, one session after the other: it was half of all reruns
def guarded() -> bool:
    """Whether people have to say who they are; looked up once, when the first of them comes."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def person() -> str:
    """Who uses this browser, the same at every visit and whatever they are called; empty where nobody is asked."""
    if not (guarded() and st.user.is_logged_in):
        return ""
    account = f"{st.user.get('iss')}\n{st.user.get('sub')}"  # of the two only the pair is unique and stays
    return hashlib.sha256(account.encode()).hexdigest()[:KNOWN_BY]


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


def way_out() -> None:
    """Who is signed in, and the button to leave; nothing where nobody is asked."""
    if not person():
        return
    st.caption(f":material/person: {plain(str(st.user.get('name') or st.user.get('email') or ''))}")
    st.button(_("Sign out"), key="entrance_sign_out", type="tertiary", icon=":material/logout:", on_click=st.logout)
