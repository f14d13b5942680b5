"""The receipt of an erasing: what went, in words and place by place, and the signed file to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import streamlit as st

from ..library.receipts import PLACES, Receipt
from .language import _, n_
from .memory import remember
from .picture_form import FORM, KEPT
from .text import plain

SHOWN = "settings_receipt"


def show_later(receipt: Receipt) -> None:
    """Keeps the receipt for the next run, in which `receipt` shows it, and lets go of forms in which the name may stand."""
    st.session_state.pop(FORM, None)
    remember(**{KEPT: ""})
    st.session_state[SHOWN] = receipt


def receipt() -> None:
    """The newest receipt of this visit, until the person goes elsewhere; it is nowhere else with the name in it."""
    done: Receipt | None = st.session_state.get(SHOWN)
    if done is None:
        return
    st.success(" ".join(_words(done)), icon=":material/check_circle:")
    with st.expander(_("What went, place by place"), key="settings_receipt_places", icon=":material/receipt_long:"):
        for store in done.stores:
            if store.count:
                st.markdown(_(PLACES[store.place]) + f": **{store.count}**")
        st.caption(
            _("Receipt {number}. It is signed, so that it can be shown to be unaltered.").format(number=done.number)
        )
        st.download_button(
            _("Save the receipt"),
            json.dumps({"erased": asdict(done)}, ensure_ascii=False, indent=1),
            f"receipt-{done.number}.json",
            "application/json",
            key="settings_receipt_save",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(_("Close"), key="settings_receipt_close", on_click=st.session_state.pop, args=(SHOWN, None))


def _words(done: Receipt) -> Iterator[str]:
    name = plain(done.name)
    what = n_(
        "{count} photo of {name} is erased for good.", "{count} photos of {name} are erased for good.", done.photos
    )
    yield what.replace("{name}", name)
    if done.taught:
        yield _("So is all that was learnt from them.")
    if done.pictures:
        yield n_("{count} free picture went with them.", "{count} free pictures went with them.", done.pictures)
    if done.books:
        titles = ", ".join(f"“{plain(title)}”" for title in done.books)
        yield _("No longer the hero of {titles}.").format(titles=titles)
    if done.shown:
        yield n_("{count} page still shows them.", "{count} pages still show them.", done.shown)
