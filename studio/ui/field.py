"""A field of words that several windows may change at once: nobody's words are written over.

What a person leaves in the field goes to be kept together with what it showed when they began. Words that another window
wrote meanwhile join them; where both wrote the same words, both versions stand below the field until somebody chooses.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

import streamlit as st

from ..errors import NotFound
from ..publishing.book import Book
from ..story.merge import Clash, Merged, Typed, bare, differences, merge, nearest
from .desk import friendly, workshop
from .language import _
from .memory import forget, recall, remember
from .text import plain

Save = Callable[[Typed], object]

# A browser may be two runs behind: for so long it may still tell, or go on from, what a field showed before it was refreshed.
RECENT_S = 6.0
LONG, END = 160, 60  # letters in a row on which two versions agree, and how many of them are shown at each end
CLASHES = "field_clashes"  # by place: what both windows began with, and what this one has


@dataclass(frozen=True, slots=True)
class Shown:
    """What a field shows, and before it was refreshed; `kept` is what it then stood for."""

    now: str
    kept: str | None
    before: str | None = None
    since: float = 0.0


def typed_field(
    draw: Callable[..., Any], label: str, kept: str, key: str, save: Save, place: str = "", **options: Any
) -> None:
    """Draws the field, st.text_area or st.text_input, with what is kept in it. `save` keeps what is typed and raises Clash;
    `place` says what of the studio it is, where the key changes."""
    place = place or key
    _end_of(place, kept, save)
    # Told twice: a slow browser that is two runs behind never hears what the first of them put in the session, and would
    # send an empty field back as a change.
    draw(label, kept, key=_laid(key, place, kept), on_change=_heard, args=(key, place, save), **options)
    if begun := _clash(place):
        _choice(key, place, merge(*begun, kept), kept, save)


def watch(look: Callable[[], Hashable]) -> None:
    """Draws the screen anew when what `look` sees was changed in another window, within about two seconds."""
    st.fragment(_watch, run_every=2)(look, look())


def watch_book(book: Book) -> None:
    """The same for the words of a book."""
    watch(partial(words_of, book.id))


def words_of(book_id: str) -> Hashable:
    """All words of a book that a person can change."""
    with suppress(NotFound):  # thrown away in another window
        book = workshop().book(book_id)
        pages = tuple((page.scene, page.translation) for page in book.pages)
        return book.title, book.story, book.second_language, book.design, book.cast, pages
    return None


def window() -> str:
    """The name of this window among all."""
    return str(st.session_state.setdefault("window", secrets.token_hex(2)))


def undecided(place: str) -> bool:
    """Whether two versions stand there."""
    return _clash(place) is not None


def _watch(look: Callable[[], Hashable], seen: Hashable) -> None:
    if look() != seen:
        st.rerun()


def _laid(key: str, place: str, kept: str) -> str:
    """The key of a field, which shows what is kept unless it was typed here."""
    state, note = st.session_state, f"{key}_shown"
    shown: Shown | None = state.get(note)
    clash = _clash(place)
    if key not in state or shown is None:
        state[key] = clash[1] if clash else kept
        state[note] = Shown(state[key], kept)
    elif kept != shown.kept and not clash:
        # White space at an end is cut when words are kept, while somebody may be about to go on there.
        if bare(kept) == bare(state[key]):
            state[note] = Shown(shown.now, kept, shown.before, shown.since)
        else:
            state[note] = Shown(kept, kept, state[key], monotonic())
            state[key] = kept
    return key


def _heard(key: str, place: str, save: Save) -> None:
    """Something was typed: keeps it."""
    words, shown = st.session_state[key], st.session_state[f"{key}_shown"]
    began = shown.now
    if shown.before is not None and monotonic() - shown.since < RECENT_S:
        if words == shown.before:  # nobody typed: the browser had not heard of the new words yet
            st.session_state[key] = shown.now
            return
        began = nearest(words, (shown.now, shown.before))
    if clash := _clash(place):
        began = clash[0]
    st.session_state[f"{key}_shown"] = Shown(words, shown.kept)
    _keep(key, place, Typed(words, began, window()), save)


def _keep(key: str, place: str, typed: Typed, save: Save) -> None:
    with friendly():
        try:
            save(typed)
        except Clash:
            _remember(place, typed)
        else:
            _let_go(place)
            st.session_state[f"{key}_shown"] = Shown(typed.words, None)


# Two versions


def _clash(place: str) -> tuple[str, str] | None:
    """What both windows began with and what this one has; what a closed window left is found again."""
    open_here = st.session_state.setdefault(CLASHES, {})
    if place not in open_here:
        left = recall(f"clash_{place}")
        open_here[place] = tuple(json.loads(left)) if left else None
    return open_here[place]


def _remember(place: str, typed: Typed) -> None:
    st.session_state.setdefault(CLASHES, {})[place] = (typed.shown, typed.words)
    remember(**{f"clash_{place}": json.dumps([typed.shown, typed.words], ensure_ascii=False)})


def _let_go(place: str) -> None:
    if _clash(place):
        st.session_state[CLASHES][place] = None
        forget(f"clash_{place}")


def _end_of(place: str, kept: str, save: Save) -> None:
    """Makes one of two versions that do not contradict each other any more: the other window took its words back."""
    begun = _clash(place)
    if begun and not merge(*begun, kept).clash:
        with friendly():
            save(Typed(begun[1], begun[0], window()))
            _let_go(place)
            st.rerun()


def _choice(key: str, place: str, found: Merged, kept: str, save: Save) -> None:
    """Both versions, what is different marked, and what can be done about it."""
    with st.container(key=f"clash_{key}"):
        st.markdown(
            ":material/call_split: **" + _("Another window changed the same words. Both versions are safe here.") + "**"
        )
        mine, theirs = st.columns(2)
        sides = (
            (mine, "mine", _("Typed here"), _("Keep mine"), found.mine, found.theirs),
            (theirs, "theirs", _("From the other window"), _("Keep the other"), found.theirs, found.mine),
        )
        for column, name, title, label, words, other in sides:
            with column.container(key=f"clash_{name}_{key}"):
                st.caption(title)
                st.markdown("".join(_marked(words, other)) or "—")
                _button(label, name, "check", key, place, words, (found, kept, save))
        _button(_("Keep both"), "both", "add", key, place, found.both, (found, kept, save))


def _button(label: str, name: str, icon: str, key: str, place: str, words: str, of: tuple[Merged, str, Save]) -> None:
    st.button(
        label, key=f"clash_{name}_now_{key}", icon=f":material/{icon}:", on_click=_chosen, args=(key, place, words, *of)
    )


def _chosen(key: str, place: str, words: str, found: Merged, kept: str, save: Save) -> None:
    """Keeps the version that was chosen. The one that was not can be brought back by undo."""
    first = Typed(found.mine if words == found.theirs else words, kept, window())
    _keep(key, place, first, save)
    if first.words != words and not _clash(place):
        _keep(key, place, Typed(words, first.words, f"{window()} other"), save)
    if not _clash(place):
        st.session_state[key] = words
        st.session_state[f"{key}_shown"] = Shown(words, None, first.words, monotonic())


def _marked(words: str, other: str) -> Iterator[str]:
    """The words with those marked that the other version has not; long ways on which both agree are cut short."""
    pieces = [piece for piece in differences(words, other) if piece[0]]
    for place, (piece, differs) in enumerate(pieces):
        head, tail = (" " if piece[end].isspace() else "" for end in (0, -1))
        if not differs and len(piece) > LONG:
            piece = (piece[:END] if place else "") + " … " + (piece[-END:] if place < len(pieces) - 1 else "")
        said = plain(piece)
        yield f"{head}:orange-background[{said}]{tail}" if differs and said else f"{head}{said}{tail}"
