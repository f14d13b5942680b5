"""The parts of the Settings screen: language, storage, models, and erasing a character."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from ..errors import N_
from ..library.characters import Character
from ..models.table import BaseModel
from .desk import friendly, workshop
from .language import LANGUAGES, _, choose_language, language, n_
from .text import plain, size

PLACES = {
    "books": N_("Books"),
    "characters": N_("Characters"),
    "adapters": N_("Styles"),
    "datasets": N_("Sets of pictures"),
    "models": N_("Models"),
    "trash": N_("Trash"),
}


def language_choice() -> None:
    """The languages under their own names; remembered on this computer."""
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        default=language(),
        format_func=lambda code: LANGUAGES[code],
        key=f"settings_language_{language()}",
        required=True,
        label_visibility="collapsed",
        on_change=_change_language,
        args=(f"settings_language_{language()}",),
    )


def _change_language(key: str) -> None:
    choose_language(st.session_state[key])


def storage(sizes: Mapping[str, int]) -> None:
    """How much room each kind of thing takes."""
    with st.grid(min_column_width=130, key="settings_storage"):
        for name, count in sizes.items():
            st.metric(_(PLACES[name]) if name in PLACES else name, size(count), border=True)


def models(rows: Sequence[tuple[BaseModel, bool]]) -> None:
    """The models that can draw, with their licence."""
    for model, here in rows:
        with st.container(key=f"settings_{model.key}_card", horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{plain(model.title)}** · {model.native_size_px} px · {plain(model.licence)}", width="stretch"
            )
            if here:
                st.badge(_("On this computer"), color="green", icon=":material/check:")
            else:
                st.badge(_("Not on this computer"), color="gray")


def people(characters: Sequence[Character]) -> None:
    """Whose photos are here, and how to erase them for good."""
    st.markdown(
        _("Photos and books stay on this computer. A story leaves it only if you choose a language model elsewhere.")
    )
    receipt = st.session_state.pop("settings_receipt", "")
    if receipt:
        st.success(receipt, icon=":material/check_circle:")
    for one in characters:
        with st.container(key=f"settings_person_{one.id}_card", horizontal=True, vertical_alignment="center"):
            photos = n_("{count} photo", "{count} photos", one.photos)
            st.markdown(f"**{plain(one.name)}** · {photos}", width="stretch")
            with st.popover(_("Erase"), key=f"settings_erase_{one.id}", icon=":material/delete_forever:"):
                st.markdown(
                    _(
                        "This erases the photos of {name} and all that was learnt from them. Books already drawn stay."
                    ).format(name=plain(one.name))
                )
                st.button(
                    _("Erase for good"),
                    key=f"settings_erase_now_{one.id}",
                    type="primary",
                    on_click=_erase,
                    args=(one.id, one.name),
                )


def _erase(id: str, name: str) -> None:
    with friendly():
        gone = workshop().erase_character(id)
        st.session_state["settings_receipt"] = " ".join(_receipt(gone.photos, gone.taught, gone.books, plain(name)))


def _receipt(photos: int, taught: bool, books: Sequence[str], name: str) -> Iterator[str]:
    what = n_("{count} photo of {name} is erased for good.", "{count} photos of {name} are erased for good.", photos)
    yield what.replace("{name}", name)
    if taught:
        yield _("So is all that was learnt from them.")
    if books:
        titles = ", ".join(f"“{plain(title)}”" for title in books)
        yield _("No longer the hero of {titles}.").format(titles=titles)
