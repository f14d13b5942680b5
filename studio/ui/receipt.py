"""The receipt of an erasing: what went, in words and place by place, and the signed file to keep; and the receipts of earlier ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import streamlit as st

from ..library.receipts import PLACES, Kept, Receipt, Store
from .desk import workshop
from .language import _, n_
from .memory import remember
from .picture_form import FORM, KEPT
from .text import plain

SHOWN = "settings_receipt"
LATEST = 12


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
        _places(done.stores)
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


def receipts() -> None:
    """The newest of the receipts that stay here, of what was erased by hand and of what went when its time was over."""
    done = workshop().receipts()[:LATEST]
    with st.expander(_("What was erased"), key="settings_receipts", icon=":material/receipt_long:"):
        st.caption(_("Receipts stay here and name nobody: they say when, and how much lay where."))
        if not done:
            st.markdown(_("Nothing yet."))
        for one in done:
            mark = ":material/verified:" if one.genuine else ":material/warning:"
            with st.popover(_day(one), key=f"settings_receipt_{one.number}", icon=mark):
                _kept(one)


def _kept(one: Kept) -> None:
    if one.genuine:
        _places(one.stores)
        st.caption(_("The signature holds: nobody has altered it."))
    else:
        st.warning(
            _("This receipt is not as it was signed. The one that you saved after erasing still holds."),
            icon=":material/warning:",
        )
    st.download_button(
        _("Save the receipt"),
        one.raw,
        f"receipt-{one.number}.json",
        "application/json",
        key=f"settings_receipt_save_{one.number}",
        icon=":material/download:",
        on_click="ignore",
    )


def _day(one: Kept) -> str:
    return one.at[:16].replace("T", " ") or _("Receipt {number}").format(number=plain(one.number))


def _places(stores: Iterable[Store]) -> None:
    for store in stores:
        if store.count:
            st.markdown(_(PLACES[store.place]) + f": **{store.count}**")


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
