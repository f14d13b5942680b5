"""The characters: portrait cards with their ready light, and the one-page wizard from photos to hero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from ..errors import N_
from ..library.characters import Character
from ..photos.advice import REASONS, WISHES
from ..photos.photo import Photo
from ..pocket.world.description import ANIMALS, PEOPLE, SUBJECTS
from .desk import friendly, last_job, live_job, say_error, workshop
from .language import _, n_
from .running import outcome, running, waiting_without_worker
from .scene import word
from .text import plain

NEW = "characters_at_hand"  # "new", the id of a character in the wizard, or empty
REFUSED = "characters_refused"  # the id of the character begun last, and why photos of it could not be taken in
KINDS = {"person": N_("A person"), "pet": N_("A pet"), "toy": N_("A toy"), "drawn": N_("Someone drawn")}
BEINGS = {"person": PEOPLE, "pet": ANIMALS, "toy": ANIMALS}
EFFORTS = {
    "draft": N_("Quick, about 1 minute"),
    "good": N_("Good, about 2 minutes"),
    "best": N_("Best, about 5 minutes"),
}
PHOTO_TYPES = ["jpg", "jpeg", "png", "webp", "heic"]


def portraits(people: Sequence[Character]) -> None:
    """A card for each character: portrait, name, and whether they are ready to play."""
    with st.grid(min_column_width=170, key="characters_portraits"):
        for one in people:
            with st.container(key=f"characters_{one.id}_card"):
                picture = next(iter((*workshop().portraits(one.id), *workshop().photos(one.id))), None)
                if picture:
                    st.image(str(picture), alt=one.name, width="stretch")
                st.button(
                    plain(one.name),
                    key=f"characters_open_{one.id}",
                    type="tertiary",
                    width="stretch",
                    on_click=st.session_state.update,
                    args=({NEW: one.id},),
                )
                if one.ready:
                    st.badge(_("Ready to play"), color="green", icon=":material/check:")
                else:
                    st.badge(_("Not taught yet"), color="orange", icon=":material/school:")


def wizard(at_hand: str) -> None:
    """The way from photos to hero on one page; for a new character, or to teach one that has photos."""
    with st.container(key="characters_wizard_card"):
        if at_hand == "new":
            _new()
        else:
            teach(workshop().character(at_hand))
        st.button(
            _("Close"),
            key="characters_close",
            type="tertiary",
            icon=":material/close:",
            on_click=st.session_state.update,
            args=({NEW: ""},),
        )


def _new() -> None:
    st.subheader(_("Who is it?"))
    name = st.text_input(_("Name"), key="characters_name", max_chars=40, persist_state="session")
    kind = st.segmented_control(
        _("What kind?"),
        list(KINDS),
        default="person",
        format_func=lambda it: _(KINDS[it]),
        key="characters_kind",
        required=True,
    )
    beings = BEINGS.get(kind, SUBJECTS)
    being = st.selectbox(_("In the story it is a"), beings, key=f"characters_being_{kind}", format_func=_being)
    agreed = kind != "person" or st.checkbox(
        _("I may use these photos: they show me, my child, or someone who agreed."), key="characters_consent"
    )
    st.file_uploader(
        _("Six or more photos, each showing only them"),
        PHOTO_TYPES,
        accept_multiple_files=True,
        key="characters_photos",
        on_change=_take_photos,
        args=(name, kind, being),
        disabled=not (name.strip() and agreed),
        help=_("Photos stay on this computer. Place and camera data are removed."),
    )
    if not name.strip() or not agreed:
        st.caption(_("Give a name and your agreement first, then the photos."))


def _being(kind: str) -> str:
    return word("kind", kind)


def _take_photos(name: str, kind: str, being: str) -> None:
    photos = [(one.name, one.getvalue()) for one in st.session_state["characters_photos"]]
    consent = _("I may use these photos: they show me, my child, or someone who agreed.") if kind == "person" else ""
    with friendly():
        begun = workshop().begin_character(name.strip(), kind, photos, being, consent)
        st.session_state[NEW] = begun.character.id
        st.session_state[REFUSED] = {begun.character.id: begun.refused}


def teach(one: Character) -> None:
    """The photos that were taken in, the effort, and the teaching itself."""
    st.subheader(plain(one.name))
    photos = workshop().photos(one.id)
    st.caption(
        n_("{count} photo, kept on this computer only", "{count} photos, kept on this computer only", len(photos))
    )
    for error in st.session_state.get(REFUSED, {}).get(one.id, ()):
        say_error(error)
    with st.grid(4, min_column_width=120, key="characters_strip"):
        for number, photo in enumerate(photos, 1):
            with st.container(key=f"characters_photo_{number}"):
                st.image(str(photo), alt=_("Photo {number}").format(number=number), width="stretch")
                seen = next((seen for seen in one.album if seen.file == photo.name), None)
                if seen:
                    _coached(one.id, number, seen)
    if one.wish:
        st.info(_(WISHES[one.wish]), icon=":material/lightbulb:")
    job = live_job(one.id, "train")
    outcome(None if job else last_job(one.id, "train"))
    if one.ready:
        st.success(
            _("{name} is ready. Choose them as the hero of a story.").format(name=plain(one.name)),
            icon=":material/check_circle:",
        )
        _portraits(one)
    if job:
        st.fragment(_learning, run_every=1)(one.id)
        return
    effort = st.segmented_control(
        _("How carefully?"),
        list(EFFORTS),
        default="good",
        format_func=lambda it: _(EFFORTS[it]),
        key="characters_effort",
        required=True,
    )
    weight: Literal["primary", "secondary"] = "secondary" if one.ready else "primary"
    if st.button(_("Teach"), key="characters_teach", type=weight, icon=":material/school:"):
        with friendly():
            workshop().submit_training(one.id, effort)
            st.rerun()


def _portraits(one: Character) -> None:
    """The hero in eight scenes that were never taught."""
    with st.grid(4, min_column_width=120, key="characters_sheet"):
        for number, portrait in enumerate(workshop().portraits(one.id), 1):
            words = _("{name}, portrait {number}").format(name=one.name, number=number)
            st.image(str(portrait), alt=words, width="stretch")


def _coached(id: str, number: int, photo: Photo) -> None:
    """Whether a photo is learnt from, which the person decides, and what the coach says of it."""
    key = f"characters_keep_{id}_{number}"
    st.toggle(_("Learn from it"), value=photo.kept, key=key, on_change=_keep, args=(id, photo.file, key))
    for reason in photo.reasons:
        st.caption(_(REASONS[reason]).format(twin=photo.twin))


def _keep(id: str, file: str, key: str) -> None:
    with friendly():
        workshop().keep_photo(id, file, st.session_state[key])


def _learning(id: str) -> None:
    job = live_job(id, "train")
    if not job:
        st.rerun()
    running(job)
    waiting_without_worker(job)
