"""What can be done with a book on the shelf, behind one small button: tags, a copy beside it, a copy in a file, the trash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from ..library.finding import LONGEST_TAG, MOST_TAGS
from ..progress import finish
from ..publishing.book import Book
from ..workshop import Workshop
from .desk import friendly, workshop
from .language import _
from .takeaway import carried, own
from .text import plain, size

GONE, DOUBLED = "bookshelf_gone", "bookshelf_doubled"  # ids of the books that were just thrown away and made


def menu(book: Book) -> None:
    """The button; what is behind it is made when it is opened."""
    opened = st.popover(
        _("More about “{title}”").format(title=plain(book.title)),
        key=f"bookshelf_menu_{book.id}",
        type="tertiary",
        icon=":material/more_horiz:",
        on_change="rerun",
    )
    with opened:
        if opened.open:
            with friendly():
                _choices(book)


def undo_bar() -> None:
    """Offers to take back what was just done: a book thrown away, or doubled."""
    if gone := st.session_state.get(GONE, ""):
        _offer(_("The book is in the trash."), "bookshelf_undo", restore, gone)
    if doubled := st.session_state.get(DOUBLED, ""):
        _offer(_("The copy stands at the front."), "bookshelf_undo_copy", _undouble, doubled)


def restore(book_id: str) -> None:
    """Brings a book back from the trash."""
    with friendly():
        workshop().restore_book(book_id)
        st.session_state[GONE] = ""


def _offer(words: str, key: str, take_back: Callable[[str], None], book_id: str) -> None:
    with st.container(key=f"{key}_bar", horizontal=True, vertical_alignment="center"):
        st.markdown(words, width="content")
        st.button(_("Undo"), key=key, type="tertiary", icon=":material/undo:", on_click=take_back, args=(book_id,))


def _choices(book: Book) -> None:
    known = workshop().tags()
    st.multiselect(
        _("Tags"),
        [*known, *(tag for tag in book.tags if tag not in known)],
        default=list(book.tags),
        key=f"bookshelf_tags_{book.id}_{hash(book.tags)}",
        accept_new_options=True,
        max_selections=MOST_TAGS,
        placeholder=_("Such as: for grandma"),
        on_change=_tag,
        args=(book.id, f"bookshelf_tags_{book.id}_{hash(book.tags)}"),
        help=_("Your own words, by which you find it again. At most {count} letters each.").format(count=LONGEST_TAG),
    )
    st.button(
        _("Make a copy beside it"),
        key=f"bookshelf_double_{book.id}",
        icon=":material/content_copy:",
        width="stretch",
        on_click=_double,
        args=(book.id, _("{title} (copy)").format(title=book.title)),
    )
    st.download_button(
        _("Keep a copy in a file"),
        _packer(workshop(), book.id),
        file_name=carried(book, f"{book.id}.storybook"),
        mime=own("application/zip"),
        key=f"bookshelf_keep_{book.id}",
        icon=":material/inventory_2:",
        width="stretch",
        on_click="ignore",
        help=_("The whole book with its pictures, without photos. Bring it back below, here or on another computer."),
    )
    st.button(
        _("Put it in the trash"),
        key=f"bookshelf_trash_{book.id}",
        icon=":material/delete:",
        width="stretch",
        on_click=_throw,
        args=(book.id,),
    )
    st.caption(_("{size} on this computer").format(size=size(workshop().book_size(book.id))))


def _packer(studio: Workshop, book_id: str) -> Callable[[], bytes]:
    """What packs the book when the person asks for the file; nothing of Streamlit is at hand then."""

    def pack() -> bytes:
        with TemporaryDirectory() as room:
            return finish(studio.export_archive(book_id, Path(room) / f"{book_id}.storybook")).read_bytes()

    return pack


def _tag(book_id: str, key: str) -> None:
    with friendly():
        workshop().tag_book(book_id, tuple(st.session_state[key]))


def _double(book_id: str, title: str) -> None:
    with friendly():
        copy = workshop().duplicate_book(book_id, title)
        st.session_state.update({DOUBLED: copy.id, GONE: ""})


def _undouble(book_id: str) -> None:
    with friendly():
        workshop().trash_book(book_id)
        st.session_state[DOUBLED] = ""


def _throw(book_id: str) -> None:
    with friendly():
        workshop().trash_book(book_id)
        st.session_state.update({GONE: book_id, DOUBLED: ""})
