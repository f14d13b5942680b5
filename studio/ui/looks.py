"""The looks to choose from, how strongly style and hero are worn, and styles that come from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ..adapters.card import (
    HERO_FIRST,
    STYLE_LATER,
    STYLE_WEIGHT,
    AdapterCard,
    LoraSet,
    Worn,
    in_turn,
    strength,
)
from ..errors import N_
from ..files import slug
from ..publishing.book import Book
from ..settings import ASSETS
from .cards import Choice, choose
from .desk import friendly, jobs_of, live_job, say_error, workshop
from .language import _, language
from .running import running, waiting_without_worker
from .text import plain

SECTIONS = {"shipped": "", "own": N_("Taught by you"), "imported": N_("From elsewhere")}
BROUGHT = "styles_brought"  # the id of the style that is being brought, or empty


def look_choice(key: str, worn: str) -> str:
    """The studio's own look and every style on the shelf, those from the studio, of one's own and from elsewhere apart; gives
    the chosen one."""
    chosen = st.session_state.setdefault(key, worn)
    own = Choice("", _("Storybook"), picture=ASSETS / "pocket" / "sample.jpg")
    for origin, title in SECTIONS.items():
        cards = [card for card in workshop().styles() if workshop().adapter_origin(card) == origin]
        choices = [*([own] if origin == "shipped" else []), *map(style_choice, cards)]
        if title and choices:
            st.markdown("**" + _(title) + "**")
        if choices:
            chosen = choose(key, choices, worn, part=origin)
    return chosen


def bring_style() -> None:
    """Where a style from elsewhere is dropped, with what is thought of it in words."""
    with st.expander(_("Bring a style from elsewhere"), key="styles_bring", icon=":material/upload_file:"):
        st.caption(
            _(
                "A file of a style ending in .safetensors, made for the model that draws here. It stays on this computer."
            )
        )
        title = st.text_input(_("What shall it be called?"), key="styles_bring_title", max_chars=40).strip()
        trigger = st.text_input(
            _("Words that call it, if you know them"), key="styles_bring_words", max_chars=80
        ).strip()
        file = st.file_uploader(_("The file"), ["safetensors", "pt", "bin", "ckpt"], key="styles_bring_file")
        wanted = st.button(
            _("Look at it and take it in"),
            key="styles_bring_now",
            icon=":material/fact_check:",
            disabled=not (file and title),
        )
        if wanted and file:
            with friendly():
                _receive(file.name, file.getvalue(), title, trigger)
        _brought()


def _receive(name: str, raw: bytes, title: str, trigger: str) -> None:
    finding = workshop().receive_adapter(name, raw, title, trigger)
    if not finding.fits:
        st.error(plain(finding.why), icon=":material/block:")
        return
    workshop().submit_bringing(slug(title))
    st.session_state[BROUGHT] = slug(title)
    st.rerun()


def _brought() -> None:
    """What becomes of the style that was dropped last."""
    id = st.session_state.get(BROUGHT, "")
    if id:
        st.fragment(_taking_in, run_every=1 if live_job(id, "bring") else None)(id, bool(live_job(id, "bring")))


def _taking_in(id: str, busy: bool) -> None:
    job = next(iter(jobs_of(id, "bring")), None)
    if busy and job and job.over:
        st.rerun(scope="app")
    if job and not job.over:
        running(job)
        waiting_without_worker(job)
    elif job and job.error:
        say_error(job.error)
    elif job:
        st.success(_("It fits and stands with the other looks now."), icon=":material/check_circle:")


def strengths(book: Book, style: str) -> dict[str, Any]:
    """The sliders, the order and the seed; gives the look that they make, as `Workshop.change_look` takes it."""
    styled = next((strength(one, STYLE_LATER) for one in book.look.styles if one.adapter == style), STYLE_WEIGHT)
    played = next((strength(one, HERO_FIRST) for one in book.look.characters), 1.0)
    nobody = not book.look.characters
    style_strength = _slider(_("Strength of the style"), "styles_strength", styled, not style)
    hero_strength = _slider(_("Strength of the hero"), "styles_hero_strength", played, nobody)
    usual = not book.look.styles or any(one.late is not None for one in book.look.worn)
    st.session_state.setdefault("styles_in_turn", usual)
    turned = st.toggle(
        _("The hero first, then the style"),
        key="styles_in_turn",
        disabled=nobody or not style,
        help=_("While shapes form the hero counts more, and afterwards the style. It keeps the scene better."),
    )
    seed = st.number_input(
        _("Seed"), 0, 2**31 - 1, book.look.seed, key="styles_seed", help=_("Another number, other pictures.")
    )
    heroes: LoraSet = tuple(Worn(one.adapter, hero_strength) for one in book.look.characters)
    styles: LoraSet = (Worn(style, style_strength),) if style else ()
    if turned:
        heroes, styles = in_turn(heroes, styles)
    return {"styles": styles, "characters": heroes, "seed": seed}


def _slider(label: str, key: str, worn: float, disabled: bool) -> float:
    """A strength; its value is in the session before it is drawn, because the mixing desk sets it too."""
    st.session_state.setdefault(key, worn)
    return st.slider(label, 0.0, 1.5, step=0.05, key=key, disabled=disabled)


def own_styles(cards: Sequence[AdapterCard]) -> None:
    """The styles that are the person's own, each to be renamed or taken away."""
    for card in cards:
        with st.container(key=f"styles_{card.id}_card", horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(card.title)}** · {plain(card.made)}", width="stretch")
            with st.popover(_("Rename"), key=f"styles_rename_{card.id}", icon=":material/edit:"):
                st.text_input(
                    _("Name"),
                    card.title,
                    key=f"styles_title_{card.id}",
                    max_chars=40,
                    on_change=_rename,
                    args=(card.id,),
                )
            st.button(
                _("Take away"),
                key=f"styles_remove_{card.id}",
                icon=":material/delete:",
                on_click=_remove,
                args=(card.id,),
            )


def _rename(id: str) -> None:
    with friendly():
        workshop().rename_adapter(id, st.session_state[f"styles_title_{id}"])


def _remove(id: str) -> None:
    with friendly():
        workshop().remove_adapter(id)


def style_choice(card: AdapterCard) -> Choice:
    title = (card.titles or {}).get(language(), card.title)
    return Choice(card.id, title, picture=workshop().adapter_sample(card.id) or "style")


def own_cards() -> list[AdapterCard]:
    """The styles on the shelf that did not come with the studio."""
    return [card for card in workshop().styles() if workshop().adapter_origin(card) != "shipped"]
