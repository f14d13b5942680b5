"""The parts of the Settings screen: language, storage, and erasing a character."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from ..errors import N_
from ..library.characters import Character
from ..library.clock import USUAL
from .clocks import keeping
from .desk import friendly, workshop
from .language import LANGUAGES, _, choose_language, language, n_
from .receipt import receipt, show_later
from .text import plain, size

PLACES = {
    "books": N_("Books"),
    "pictures": N_("Pictures"),
    "characters": N_("Characters"),
    "adapters": N_("Styles"),
    "datasets": N_("Sets of pictures"),
    "lab": N_("The lab"),
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
    """How much room each kind of thing takes, all together, and what goes by itself."""
    total = size(sum(sizes.values()))
    st.markdown(
        _(
            "All together {total}. Books and finished files stay. What was in the trash for {days} days is deleted for good, and so "
            "are former states of a book. What each book takes is told in its menu on the shelf."
        ).format(total=f"**{total}**", days=USUAL)
    )
    with st.grid(min_column_width=130, key="settings_storage"):
        for name, count in sizes.items():
            st.metric(_(PLACES[name]) if name in PLACES else name, size(count), border=True)


def people(characters: Sequence[Character]) -> None:
    """Whose photos are here, and how to erase them for good."""
    st.markdown(
        _("Photos and books stay on this computer. A story leaves it only if you choose a language model elsewhere.")
    )
    receipt()
    for one in characters:
        with st.container(key=f"settings_person_{one.id}_card"):
            _person(one)


def _person(one: Character) -> None:
    """Who it is, how to erase them, and for how long they are kept otherwise."""
    with st.container(key=f"settings_person_{one.id}", horizontal=True, vertical_alignment="center"):
        photos = n_("{count} photo", "{count} photos", one.photos)
        st.markdown(f"**{plain(one.name)}** · {photos}", width="stretch")
        with st.popover(_("Erase"), key=f"settings_erase_{one.id}", icon=":material/delete_forever:"):
            st.markdown(
                _(
                    "This erases the photos of {name}, all that was learnt from them, and the free pictures they are in. "
                    "Books already drawn stay."
                ).format(name=plain(one.name))
            )
            st.checkbox(_("Also erase the pages that show them"), key=f"settings_erase_pages_{one.id}", wrap=True)
            st.button(
                _("Erase for good"),
                key=f"settings_erase_now_{one.id}",
                type="primary",
                on_click=_erase,
                args=(one.id,),
            )
    keeping(one.id)


def _erase(id: str) -> None:
    with friendly():
        show_later(workshop().erase_character(id, bool(st.session_state.get(f"settings_erase_pages_{id}"))))
