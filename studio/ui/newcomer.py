"""The wizard's first step: who it is, who agreed, and the photos, dropped in or taken with the camera."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..errors import N_
from ..library.consent import Consent
from ..pocket.world.description import ANIMALS, PEOPLE, SUBJECTS
from .consent import ask
from .desk import friendly, workshop
from .language import _, n_
from .privacy import what_happens
from .scene import word

NEW = "characters_at_hand"  # "new", the id of a character in the wizard, or empty
REFUSED = "characters_refused"  # the id of the character begun last, and why photos of it could not be taken in
ARRIVED = "characters_arrived"  # photos were dropped since the last run
SHOTS = "characters_shots"  # what the camera took for the character that is being begun
KINDS = {"person": N_("A person"), "pet": N_("A pet"), "toy": N_("A toy"), "drawn": N_("Someone drawn")}
BEINGS = {"person": PEOPLE, "pet": ANIMALS, "toy": ANIMALS}
PHOTO_TYPES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif"]


def arrive() -> None:
    """Asks who it is on the left and for the photos on the right; these are kept as soon as they are there."""
    left, right = st.columns(2, gap="medium")
    with left:
        name = st.text_input(_("Name"), key="characters_name", max_chars=40, persist_state="session").strip()
        kind, being = _sort()
        consent = ask("characters") if kind == "person" else None
    asked = bool(name) and (consent is not None or kind != "person")
    with right:
        what_happens()
        dropped = _dropped(asked)
        if not asked:
            st.caption(_first(kind == "person"))
        shots = _shots(asked)
        if (dropped and st.session_state.pop(ARRIVED, False)) or _enough(shots, asked):
            _begin(name, kind, being, consent, [*shots, *dropped])


def _sort() -> tuple[str, str]:
    """What kind of character it is, and as what they play."""
    kind = st.segmented_control(
        _("What kind?"),
        list(KINDS),
        default="person",
        format_func=lambda it: _(KINDS[it]),
        key="characters_kind",
        required=True,
        wrap=True,
    )
    being = st.selectbox(
        _("In the story it is a"), BEINGS.get(kind, SUBJECTS), key=f"characters_being_{kind}", format_func=_being
    )
    return kind, being


def _being(kind: str) -> str:
    return word("kind", kind)


def _first(person: bool) -> str:
    if person:
        return _("First a name, who agreed and to what. Then the photos.")
    return _("First a name, then the photos.")


def _dropped(asked: bool) -> list[tuple[str, bytes]]:
    files = st.file_uploader(
        _("Six or more photos, each showing only them"),
        PHOTO_TYPES,
        accept_multiple_files=True,
        key="characters_photos",
        on_change=st.session_state.update,
        args=({ARRIVED: True},),
        disabled=not asked,
        help=_("The photos stay on this computer. Place and camera data are removed."),
    )
    return [(one.name, one.getvalue()) for one in files or ()]


def _shots(asked: bool) -> Sequence[tuple[str, bytes]]:
    """What the camera took so far. It is switched on only while its section is open."""
    shots = st.session_state.setdefault(SHOTS, [])
    section = st.expander(
        _("Take one with the camera"), key="characters_camera_open", icon=":material/photo_camera:", on_change="rerun"
    )
    with section:
        if section.open:
            st.camera_input(
                _("Camera"),
                key=f"characters_camera_{len(shots)}",
                label_visibility="collapsed",
                disabled=not asked,
                on_change=_shot,
                args=(f"characters_camera_{len(shots)}",),
            )
    if shots:
        with st.grid(6, min_column_width=64, gap="xsmall", key="characters_strip"):
            for number, (_name, raw) in enumerate(shots, 1):
                st.image(raw, alt=_("Photo {number}").format(number=number), width="stretch")
    return shots


def _shot(key: str) -> None:
    """Keeps what was taken and makes the camera ready for the next."""
    taken = st.session_state[key]
    if taken:
        shots = st.session_state[SHOTS]
        st.session_state[SHOTS] = [*shots, (f"{len(shots) + 1}.jpg", taken.getvalue())]


def _enough(shots: Sequence[tuple[str, bytes]], asked: bool) -> bool:
    """Whether the person says that all were taken."""
    if not shots:
        return False
    words = n_("Take in {count} photo", "Take in {count} photos", len(shots))
    return st.button(words, key="characters_enough", type="primary", icon=":material/check:", disabled=not asked)


def _begin(name: str, kind: str, being: str, consent: Consent | None, photos: list[tuple[str, bytes]]) -> None:
    with friendly(), st.spinner(_("Looking at the photos")):
        begun = workshop().begin_character(name, kind, photos, being, consent or "")
        st.session_state.update({NEW: begun.character.id, REFUSED: {begun.character.id: begun.refused}, SHOTS: []})
        st.rerun()
