"""Who is in the story, and which character plays the hero."""

from __future__ import annotations

import streamlit as st

from ..adapters.card import Worn
from ..publishing.book import Book
from ..story.scene import Role
from .desk import friendly, workshop
from .language import _
from .scene import word
from .text import plain


def cast_strip(book: Book) -> None:
    """The roles as chips, and for the hero a choice among the characters that are ready."""
    roles = book.cast.roles
    with st.container(key="story_cast", horizontal=True, gap="xsmall"):
        for role in roles:
            st.badge(_called(role), icon=":material/person:", color="green")
    ready = {one.id: one.name for one in workshop().characters() if one.ready}
    if not roles or not ready:
        st.page_link("../pages/characters.py", label=_("Put someone you love in it"), icon=":material/favorite:")
        return
    worn = next((one.adapter for one in book.look.characters), "")
    st.segmented_control(
        _("Who plays {name}?").format(name=plain(roles[0].name)),
        ["", *ready],
        default=worn if worn in ready else "",
        format_func=lambda id: ready.get(id, _("As the story tells")),
        key=f"story_hero_{book.id}",
        required=True,
        on_change=_recast,
        args=(book,),
    )


def _called(role: Role) -> str:
    """'Biscuit · dog'; only 'dog' for one whom the story calls nothing else."""
    kind = word("kind", role.kind)
    return kind if role.name.casefold() in (kind, role.kind) else f"{plain(role.name)} · {kind}"


def _recast(book: Book) -> None:
    chosen = st.session_state[f"story_hero_{book.id}"]
    with friendly():
        workshop().change_look(book.id, characters=(Worn(chosen),) if chosen else ())
