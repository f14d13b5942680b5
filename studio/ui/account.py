"""Who uses this browser: known by their account (OpenID Connect) where `[auth]` is set in Streamlit's secrets.toml."""

from __future__ import annotations

import hashlib
from functools import cache

import streamlit as st

from ..errors import NotAllowed
from ..library.members import Member, Role, admit, arrive, home_of
from ..settings import Settings, load_settings
from .visits import account_in, signed_out

KNOWN_BY = 16  # hexadecimal digits; enough for every school, and nobody's address can be read in a job


@cache  # without such a file Streamlit looks for it anew each time, one session after the other: it was half of all reruns
def guarded() -> bool:
    """Whether people have to say who they are; looked up once, when the first of them comes."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def person() -> str:
    """Who uses this browser, the same at every visit and whatever they are called; empty where nobody is asked, and for who signed
    out, in whichever window."""
    if not (guarded() and st.user.is_logged_in) or _has_left():
        return ""
    account = f"{st.user.get('iss')}\n{st.user.get('sub')}"  # of the two only the pair is unique and stays
    return hashlib.sha256(account.encode()).hexdigest()[:KNOWN_BY]


def sign_in() -> Member:
    """Notes that whoever signed in is here, once a visit, and gives what is known of them. Raises NotAllowed for who was let go."""
    settings, who = load_settings(), present()
    if st.session_state.get("account_known") != who:
        arrive(settings, who, str(st.user.get("name") or st.user.get("email") or "")[:200], _role())
        st.session_state["account_known"] = who
    return admit(settings, who)


def present() -> str:
    """The person before this screen. Raises NotAllowed for a window that was left open when they signed out."""
    if who := person():
        return who
    raise NotAllowed("You have signed out. Nothing was changed; sign in again to go on.")


def keeps_house() -> bool:
    """Whether this person may change what concerns all who share the studio; alone, everybody may."""
    return not guarded() or admit(load_settings(), present()).administrator


def own_settings() -> Settings:
    """Where the person before this screen works. Raises NotAllowed."""
    settings = load_settings()
    return home_of(settings, admit(settings, present())) if guarded() else settings


def _has_left() -> bool:
    return signed_out().has(account_in(st.context.cookies))


def _role() -> Role:
    """What the secrets say of the address in the account. An address that the provider calls unproven is nobody's."""
    email = str(st.user.get("email") or "").casefold()
    roles = st.secrets.get("roles") or {}
    if not email or st.user.get("email_verified") is False:
        return "parent"
    if email in _addresses(roles.get("administrators")):
        return "administrator"
    return "teacher" if email in _addresses(roles.get("teachers")) else "parent"


def _addresses(listed: object) -> set[str]:
    return {str(one).casefold() for one in listed} if isinstance(listed, list | tuple) else set()
