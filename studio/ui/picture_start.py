"""The picture that drawing begins from, how far it may go from it, and the part of it that is drawn anew."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..errors import StudioError
from .desk import friendly, say_error, workshop
from .language import _
from .painting import painting
from .picture_form import bound, field, put, told

PHOTOS = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif"]
SEEN_PX = 220


def begin_from(faults: dict[str, StudioError]) -> None:
    """Asks for a picture to begin from; when there is one, shows it with all that can be told of it."""
    begun = bool(told("start"))
    words = _("Begins from a picture") if begun else _("Begin from a picture")
    icon = ":material/add_photo_alternate:"
    with st.expander(words, begun, key=f"picture_start_part_{begun:d}", icon=icon):
        if told("start"):
            _begun(faults)
        else:
            st.caption(_("A photo or a sketch of yours. The new picture follows its shapes and colours."))
            st.file_uploader(
                _("A picture to begin from"), PHOTOS, key=field("upload"), on_change=_take, args=("start", "upload")
            )
        _complain(faults, "start")


def _begun(faults: dict[str, StudioError]) -> None:
    picture = workshop().start_picture(told("start"))
    masked = bool(told("mask"))
    left, right = st.columns([2, 3], vertical_alignment="center")
    left.image(str(picture), alt=_("The picture to begin from"), width=SEEN_PX)
    with right:
        st.slider(
            _("How much may change?"),
            0.05,
            1.0,
            step=0.05,
            key=bound("strength"),
            help=_("At 0.3 little changes, at 0.8 much; at 1 only what is marked to stay is kept."),
        )
        _complain(faults, "strength")
        st.button(_("Begin without it"), key="picture_without", icon=":material/close:", on_click=_let_go)
    if masked:
        _marked()
    else:
        st.toggle(_("Draw only a part of it anew"), key="picture_part")
        if st.session_state.get("picture_part"):
            _mark(picture.read_bytes())
    _complain(faults, "mask")


def _mark(picture: bytes) -> None:
    """The brush; or a mask from a file."""
    with friendly():
        mask = painting(picture, "picture_painting", _("Mark this part"), _("The picture to begin from"))
        if mask:
            put("mask", workshop().take_start("mask.png", mask))
            st.rerun()
    with st.popover(_("A mask from a file"), key="picture_mask_file", icon=":material/upload_file:"):
        st.file_uploader(
            _("White is drawn anew, black stays"),
            PHOTOS,
            key=field("mask_upload"),
            on_change=_take,
            args=("mask", "mask_upload"),
        )


def _marked() -> None:
    left, right = st.columns([2, 3], vertical_alignment="center")
    with friendly():
        left.image(str(workshop().start_picture(told("mask"))), alt=_("What is drawn anew, in white"), width=SEEN_PX)
    right.caption(_("Only what is white here is drawn anew. The rest stays as it is."))
    right.button(
        _("Draw all of it anew"), key="picture_unmask", icon=":material/layers_clear:", on_click=put, args=("mask", "")
    )


def _take(name: str, upload: str) -> None:
    """Takes an uploaded picture or mask in."""
    given: Any = st.session_state[field(upload)]
    if given:
        with friendly():
            put(name, workshop().take_start(given.name, given.getvalue()))


def _let_go() -> None:
    put("start", "")
    put("mask", "")


def _complain(faults: dict[str, StudioError], name: str) -> None:
    if name in faults:
        say_error(faults[name])
