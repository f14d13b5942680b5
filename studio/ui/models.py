"""The models in Settings: what each takes and may be used for, downloading and removing them, and a file of one's own."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..errors import N_
from ..workshop.stock import Stocked
from .account import keeps_house
from .desk import friendly, live_job, workshop
from .language import _
from .running import at_work
from .text import plain, size

PRINTING = {
    "yes": N_("books with its pictures may be sold"),
    "limited": N_("books with its pictures may be sold below a yearly income of a million US dollars"),
    "no": N_("books with its pictures may not be sold"),
    "unknown": N_("look where you have it from whether books with its pictures may be sold"),
}


def models(rows: Sequence[Stocked]) -> None:
    """Those that are here, and folded away those that can be downloaded."""
    if told := st.session_state.pop("settings_model_told", ""):
        st.success(told, icon=":material/check_circle:")
    absent = [one for one in rows if one.state == "absent" and not live_job(one.model.key, "download")]
    for one in rows:
        if one not in absent:
            _card(one)
    with st.expander(_("More models"), key="settings_more_models", icon=":material/download:"):
        st.caption(
            _(
                "Larger models draw more, and need a graphics card. They come from huggingface.co, only when you ask; nothing "
                "about you or your books is sent."
            )
        )
        for one in absent:
            _card(one)
    if keeps_house():
        _own_file()


def _card(one: Stocked) -> None:
    key = one.model.key
    with st.container(key=f"settings_{key}_card"):
        with st.container(key=f"settings_{key}_line", horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(one.model.title)}** · {one.model.native_size_px} px", width="stretch")
            if one.state == "here":
                st.badge(_("On this computer"), color="green", icon=":material/check:")
                if not one.model.embedded and keeps_house():
                    _remove(one)
            elif one.model.repo and keeps_house():
                _download(one)
        st.caption(_what(one))
        st.caption(_how(one))
        if one.model.repo:
            busy = bool(live_job(key, "download"))
            st.fragment(at_work, run_every=1 if busy else None)(key, "download", busy)


def _what(one: Stocked) -> str:
    """How large it is, and what its licence says."""
    taken = size(one.bytes) if one.state == "here" else _("{size} to download").format(size=_gb(one.model.download_gb))
    licence, printing = one.model.licence or _("licence unknown"), _(PRINTING[one.model.printing])
    return f"{taken} · {plain(licence)}: {printing}"


def _how(one: Stocked) -> str:
    """What drawing with it takes of this machine."""
    told = plain(one.plan.said(_))
    slow = one.plan.fits and one.plan.machine.device == "cpu" and not one.model.embedded
    return " ".join([told, _("Without a graphics card a picture takes many minutes.")]) if slow else told


def _download(one: Stocked) -> None:
    if live_job(one.model.key, "download"):
        return
    label = _("Download the rest") if one.state == "half" else _("Download")
    if st.button(label, key=f"settings_get_{one.model.key}", icon=":material/download:"):
        with friendly():
            workshop().submit_download(one.model.key)
            st.rerun()


def _remove(one: Stocked) -> None:
    with st.popover(_("Remove"), key=f"settings_remove_{one.model.key}", icon=":material/delete:"):
        st.markdown(_("This frees {size}. Books and pictures stay as they are.").format(size=size(one.bytes)))
        if one.model.repo:
            st.caption(_("It can be downloaded again at any time."))
        st.button(
            _("Remove it"),
            key=f"settings_remove_now_{one.model.key}",
            type="primary",
            on_click=_removed,
            args=(one.model.key, one.model.title),
        )


def _removed(key: str, title: str) -> None:
    with friendly():
        freed = workshop().remove_model(key)
        told = _("{title} is removed; {size} are free again.").format(title=plain(title), size=size(freed))
        st.session_state["settings_model_told"] = told


def _own_file() -> None:
    """A single file that was laid into the folder of the models."""
    with st.expander(_("A model file of your own"), key="settings_own_model", icon=":material/folder_open:"):
        waiting = workshop().laid_models()
        st.markdown(
            _(
                "Lay a whole model of Stable Diffusion 1.5 or XL (.safetensors or .ckpt) into the folder **models** of the studio, "
                "and vocab.json and merges.txt of CLIP beside it where you have them. Then it shows here."
            )
        )
        for number, name in enumerate(waiting):
            with st.container(key=f"settings_laid_{number}", horizontal=True, vertical_alignment="bottom"):
                title = st.text_input(plain(name), name.rpartition(".")[0], key=f"settings_laid_name_{number}")
                if st.button(_("Take it in"), key=f"settings_laid_now_{number}", icon=":material/fact_check:"):
                    with friendly():
                        workshop().submit_import(name, title)
                        st.rerun()
            busy = bool(live_job(name, "import"))
            st.fragment(at_work, run_every=1 if busy else None)(name, "import", busy)


def _gb(gigabytes: float) -> str:
    return size(round(gigabytes * 1e9))
