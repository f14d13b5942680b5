"""The wizard's second step: each photo with the coach's words, whether it is learnt from, and who in it is meant."""

from __future__ import annotations

import math
from pathlib import Path

import streamlit as st

from ..library.characters import Character
from ..photos.advice import REASONS, WISHES
from ..photos.photo import Photo
from .clocks import kept_until, photo_kept_until
from .desk import friendly, say_error, workshop
from .language import _
from .newcomer import REFUSED
from .shown import picture


def check(one: Character, busy: bool) -> None:
    """The photos that were taken in; while the studio is learning from them they stay as they are."""
    for error in st.session_state.get(REFUSED, {}).get(one.id, ()):
        say_error(error)
    if one.wish:
        st.info(_(WISHES[one.wish]), icon=":material/lightbulb:")
    kept_until(one.id, "left")
    goes = workshop().photos_go_on(one.id)
    with st.grid(4, min_column_width=125, key="characters_strip"):
        small = workshop().small_photos(one.id)
        for number, file in ((_number(path), path.name) for path in workshop().photos(one.id)):
            with st.container(key=f"characters_photo_{number}", gap="xsmall"):
                if file in small:
                    picture(small[file], _("Photo {number}").format(number=number))
                photo = next((seen for seen in one.album if seen.file == file), None)
                if photo:
                    _coached(one.id, number, photo, busy)
                if file in goes:
                    photo_kept_until(goes[file])


def _number(photo: Path) -> int:
    """The one that a photo was given when it came, which the coach calls it by; others may be gone meanwhile."""
    return int("".join(filter(str.isdecimal, photo.stem)) or 0)


def _coached(id: str, number: int, photo: Photo, busy: bool) -> None:
    """What the coach says of a photo, and what the person decides: whether it is learnt from, and who is meant."""
    key = f"characters_keep_{id}_{number}"
    st.toggle(_("Learn from it"), value=photo.kept, key=key, on_change=_keep, args=(id, photo.file, key), disabled=busy)
    for reason in photo.reasons:
        st.caption(_(REASONS[reason]).format(twin=photo.twin))
    drawer = st.popover(
        _("Cut out"),
        key=f"characters_cut_{id}_{number}",
        type="tertiary",
        icon=":material/content_cut:",
        on_change="rerun",
        disabled=busy,
    )
    with drawer, st.container(width=280):
        if drawer.open:
            st.fragment(_cut)(id, number, photo)


def _keep(id: str, file: str, key: str) -> None:
    with friendly():
        workshop().keep_photo(id, file, st.session_state[key])


def _cut(id: str, number: int, photo: Photo) -> None:
    """The cut-out above, and below it the part of the photo in which the character is looked for."""
    key = f"characters_part_{id}_{number}"
    above = st.container(key=f"{key}_preview")
    left, top, right, bottom = photo.subject
    across = _sides(_("From left to right"), f"{key}_across", left, right)
    down = _sides(_("From top to bottom"), f"{key}_down", top, bottom)
    whole = st.toggle(
        _("Take all of this part"),
        key=f"{key}_whole",
        on_change=st.session_state.update,
        args=({f"{key}_changed": True},),
    )
    if st.session_state.pop(f"{key}_changed", False):
        with friendly():
            workshop().cut_photo(id, photo.file, (across[0], down[0], across[1], down[1]), whole)
    with above:
        st.image(
            workshop().cut_preview(id, photo.file),
            alt=_("Photo {number}, cut out").format(number=number),
            width="stretch",
        )
        st.caption(
            _("What is faint is not learnt. Draw the part closer around them if too much or too little is left.")
        )


def _sides(label: str, key: str, low: float, high: float) -> tuple[float, float]:
    """Two sides of the part, as shares; at the beginning just around who was found."""
    found = (max(0, math.floor(100 * low)), min(100, math.ceil(100 * high)))
    first, last = st.slider(
        label,
        0,
        100,
        found,
        format="%d %%",
        key=key,
        on_change=st.session_state.update,
        args=({f"{key.rsplit('_', 1)[0]}_changed": True},),
        persist_state="session",
    )
    return first / 100, last / 100
