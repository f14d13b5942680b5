"""Who is in the story and who plays them: a trained character, somebody as the story describes them, or nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from ..pocket.world.description import COLOURS, SUBJECTS
from ..publishing.book import Book
from ..story.scene import Role
from ..story.wording import known, split_colour
from .desk import friendly, workshop
from .language import _
from .scene import word
from .text import plain

TOLD, NOBODY = "", "-"


def cast_strip(book: Book) -> None:
    """Everybody in the story as chips that open, and for the hero at once the choice among the characters that are ready."""
    roles = book.cast.roles
    ready = {one.id: one.name for one in workshop().characters() if one.ready}
    with st.container(key="story_cast", horizontal=True, gap="xsmall"):
        for number, role in enumerate(roles):
            icon = "star" if role.character else "person" if role.drawn else "visibility_off"
            with st.popover(_called(role), key=f"story_cast_{number}", icon=f":material/{icon}:"):
                if number or not ready:
                    _who_plays(book, number, role, ready)
                if role.drawn and not role.character:
                    _looks(book, number, role)
    if roles and ready:
        _who_plays(book, 0, roles[0], ready)
    else:
        st.page_link("../pages/characters.py", label=_("Put someone you love in it"), icon=":material/favorite:")


def _who_plays(book: Book, number: int, role: Role, ready: Mapping[str, str]) -> None:
    """Who plays one role."""
    now = NOBODY if not role.drawn else role.character if role.character in ready else TOLD
    labels = {TOLD: _("As the story tells"), NOBODY: _("Not in the pictures"), **ready}
    st.segmented_control(
        _("Who plays {name}?").format(name=plain(role.name)),
        [TOLD, *ready, NOBODY],
        default=now,
        format_func=lambda id: labels[id],
        key=f"story_role_{book.id}_{number}_{now}",
        required=True,
        on_change=_recast,
        args=(book.id, f"story_role_{book.id}_{number}_{now}", role.name),
    )


def _looks(book: Book, number: int, role: Role) -> None:
    """What kind of being it is and what it wears, on every page that says nothing else."""
    colour, garment = split_colour(role.clothes)
    kinds = SUBJECTS if role.kind in SUBJECTS else (*SUBJECTS, role.kind)
    garments = known("clothes") if garment in known("clothes") else (*known("clothes"), garment)
    fields: dict[str, tuple[str, Sequence[str], str, Callable[[str], str]]] = {
        "kind": (_("What {name} is").format(name=plain(role.name)), kinds, role.kind, partial(word, "kind")),
        "colour": (_("Colour"), COLOURS, colour or COLOURS[0], partial(word, "colour")),
        "garment": (_("Clothes"), garments, garment, _garment),
    }
    keys = {
        field: f"story_{field}_{book.id}_{number}_{value}" for field, (_label, _all, value, _told) in fields.items()
    }
    for field, (label, options, value, told) in fields.items():
        st.selectbox(
            label,
            options,
            index=options.index(value),
            format_func=told,
            key=keys[field],
            on_change=_describe,
            args=(book.id, keys, role.name),
        )


def _garment(said: str) -> str:
    return word("clothes", said).replace(" {}", "") or _("as it comes")


def _called(role: Role) -> str:
    """'Biscuit · dog'; only 'dog' for one whom the story calls nothing else."""
    kind = word("kind", role.kind)
    return kind if role.name.casefold() in (kind, role.kind) else f"{plain(role.name)} · {kind}"


def _recast(book_id: str, key: str, name: str) -> None:
    chosen = st.session_state[key]
    with friendly():
        if chosen in (TOLD, NOBODY):
            workshop().describe_role(book_id, name, drawn=chosen == TOLD)
        else:
            workshop().bind_role(book_id, name, chosen)


def _describe(book_id: str, keys: Mapping[str, str], name: str) -> None:
    kind, colour, garment = (st.session_state[keys[field]] for field in ("kind", "colour", "garment"))
    with friendly():
        workshop().describe_role(book_id, name, kind=kind, clothes=f"{colour} {garment}".strip() if garment else "")
