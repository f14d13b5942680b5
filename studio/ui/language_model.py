"""The language model in Settings: found on this computer or given by address, tried, priced; and what left this computer."""

from __future__ import annotations

import json
from contextlib import suppress

import streamlit as st

from ..errors import NotReady
from ..progress import finish
from ..story.llm.address import allowed
from ..story.llm.server import Server
from .account import keeps_house
from .desk import friendly, workshop
from .language import _
from .text import plain, size

SHOWN = 20  # requests
EXAMPLE = "http://127.0.0.1:11434/v1"


def language_model() -> None:
    """Which model writes scenes, if any."""
    server = _chosen()
    only = allowed()
    if only is not None:
        hosts = ", ".join(map(plain, only)) or "–"
        st.caption(_("Whoever keeps this studio allows these addresses only: {hosts}.").format(hosts=hosts))
    if server:
        with st.container(key="settings_llm_card", horizontal=True, vertical_alignment="center"):
            where = _("on this computer") if server.here else _("elsewhere: stories leave this computer")
            st.markdown(f"**{plain(server.model)}** · {plain(server.host)} · {where}", width="stretch")
            if not keeps_house():
                return
            if st.button(_("Try it"), key="settings_llm_try", icon=":material/play_arrow:"):
                _try()
            st.button(_("Do without"), key="settings_llm_forget", on_click=_forget)
    else:
        st.markdown(_("None. The plain writer finds the scenes; it needs no model and nothing leaves this computer."))
    if not keeps_house():
        return
    if st.button(_("Look for one on this computer"), key="settings_llm_look", icon=":material/search:"):
        st.session_state["settings_llm_found"] = _found()
    for number, (name, address, model) in enumerate(st.session_state.get("settings_llm_found", ())):
        with st.container(key=f"settings_llm_{number}_card", horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(name)}** · {plain(model)}", width="stretch")
            st.button(
                _("Use this one"), key=f"settings_llm_use_{number}", on_click=_choose, args=(Server(address, model),)
            )
    if st.session_state.get("settings_llm_found") == ():
        st.caption(_("None was found. Ollama, LM Studio, llama.cpp and vLLM are found when they run."))
    with st.expander(_("By address"), key="settings_llm_address", icon=":material/link:"):
        _by_address(server or Server("", ""))


def what_left() -> None:
    """Every request to a language model, letter by letter."""
    entries = workshop().what_left(SHOWN)
    with st.expander(_("What left this computer"), key="settings_left", icon=":material/outbox:"):
        st.caption(_("Names of people are replaced before anything is sent. Photos are never sent."))
        if not entries:
            st.markdown(_("Nothing yet."))
        for number, entry in enumerate(entries):
            where = _("stayed here") if entry.here else _("left")
            told = (
                f"{entry.at[:16].replace('T', ' ')} · {plain(entry.host)} · {size(len(entry.body.encode()))} · {where}"
            )
            with st.popover(told, key=f"settings_left_{number}"):
                st.code(_readable(entry.body), language="json", wrap_lines=True)
        if entries:
            st.button(_("Forget this list"), key="settings_left_clear", on_click=workshop().forget_what_left)


def _by_address(server: Server) -> None:
    """An address, a model, a key and its price."""
    with st.form(key="settings_llm_form", border=False):
        address = st.text_input(_("Address"), server.address, placeholder=EXAMPLE)
        model = st.text_input(_("Model"), server.model)
        key = st.text_input(
            _("Key"), type="password", help=_("Kept in a file that only you can read, and nowhere else.")
        )
        st.caption(_("Price in US dollars for a million tokens, there and back; 0 for a model of your own."))
        price_in = st.number_input(_("There"), 0.0, 1000.0, server.price_in)
        price_out = st.number_input(_("Back"), 0.0, 1000.0, server.price_out)
        if st.form_submit_button(_("Use this one"), key="settings_llm_save"):
            with friendly():
                workshop().choose_language_model(Server(address, model, price_in, price_out, key))
                st.rerun()


def _chosen() -> Server | None:
    with suppress(NotReady):
        return workshop().language_model()
    return None


def _try() -> None:
    with friendly(), st.spinner(_("Waiting for its first words")):
        word = finish(workshop().try_language_model())
        st.success(_("It answers: “{word}”").format(word=plain(word)), icon=":material/check_circle:")


def _found() -> tuple[tuple[str, str, str], ...]:
    found = workshop().found_language_models()
    return tuple((name, address, model) for name, (address, models) in found.items() for model in models)


def _choose(server: Server) -> None:
    with friendly():
        workshop().choose_language_model(server)


def _forget() -> None:
    workshop().forget_language_model()


def _readable(body: str) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=1)
    except ValueError:
        return body
