"""The pictures of a wish: while they are drawn, large when they are there, with what they are worth and what can be done next."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from ..library.gallery import GOOD, SO_SO, Piece, Shot
from ..publishing.provenance import marked
from ..rendering.enlarger import ENOUGH_PX
from ..rendering.parameters import TITLES
from ..workshop.hearing import Drawn, remarks
from .cards import art
from .desk import friendly, last_job, live_job, workshop
from .language import _
from .picture_examples import examples
from .picture_form import OPEN, put, use_again
from .running import outcome, running, waiting_without_worker
from .takeaway import own
from .text import plain

CHOSEN = "picture_chosen"  # the file of the shot that is shown large
GONE = "picture_gone"  # the piece that was just removed
Colour = Literal["green", "orange", "red"]


def result() -> None:
    """The piece that is looked at, else the newest, else what could be tried first; draws itself anew while one is drawn."""
    _undo_bar()
    piece = _looked_at()
    if piece is None:
        examples()
        return
    busy = bool(live_job(piece.id, "picture"))
    if busy:
        st.fragment(_going_on, run_every=1)(piece.id)
    else:
        _ended(piece)


def _looked_at() -> Piece | None:
    """The piece that was opened or wished for last, if it is still here."""
    wanted = st.session_state.get(OPEN, "")
    known = workshop().pieces(0, 1) if wanted not in workshop().piece_ids() else (workshop().piece(wanted),)
    return next(iter(known), None)


def _going_on(id: str) -> None:
    """The bar and what there is to see so far; when it is over, the whole screen is drawn anew, since what can be done with a
    picture changes the form too."""
    job = live_job(id, "picture")
    if not job:
        st.rerun(scope="app")
    running(job)
    waiting_without_worker(job)
    _coming(workshop().piece(id))


def _ended(piece: Piece) -> None:
    """The pictures; and what became of the work when it did not end well, with one button to go on with it."""
    last, whole = last_job(piece.id, "picture"), len(piece.shots) == piece.wish.pictures
    if not whole or (last and last.error):
        outcome(last)
    if last and not whole:
        st.button(_("Go on drawing"), key="picture_go_on", icon=":material/brush:", on_click=_go_on, args=(piece.id,))
    if piece.shots:
        _drawn(piece)
    else:
        art("blank", alt=_("Not drawn yet"))
        _actions(piece, None)


def _coming(piece: Piece) -> None:
    """What there is to see so far: pictures that are done, previews of the others, and room for the rest."""
    previews = workshop().picture_previews(piece.id)
    there = [path for shot in piece.shots if (path := workshop().small_picture(piece.id, shot.file))]
    seen = [*there, *previews][:9]
    if not seen:
        st.skeleton(height=320)
        return
    with st.grid(1 if len(seen) == 1 else 3, gap="xsmall", key="picture_coming"):
        for number, path in enumerate(seen, 1):
            with friendly():
                st.image(path.read_bytes(), alt=_("Picture {number} so far").format(number=number), width="stretch")


def _drawn(piece: Piece) -> None:
    """The grid, or the picture that was chosen, or the one that fits the words best; and all that can be done with it."""
    best = max(piece.shots, key=lambda one: one.match or 0.0)
    chosen = next((one for one in piece.shots if one.file == st.session_state.get(CHOSEN)), None)
    shot = chosen if piece.sheet else chosen or best  # a grid is shown whole first
    if shot:
        st.image(str(_largest(piece, shot)), alt=piece.wish.prompt or _("A picture"), width="stretch")
        _worth(shot)
    else:
        sheet = str(workshop().picture_file(piece.id, piece.sheet))
        st.image(sheet, alt=_("The grid: {words}").format(words=piece.wish.prompt), width="stretch")
    if len(piece.shots) > 1:
        _choice(piece, shot)
    for remark in remarks(_told(piece), piece.wish.model):
        st.caption(plain(remark.said(_)))
    _actions(piece, shot)
    _how(piece, shot or best)


def _largest(piece: Piece, shot: Shot) -> object:
    return workshop().picture_file(piece.id, shot.large or shot.file)


def _told(piece: Piece) -> Drawn:
    folder = workshop().picture_file(piece.id, "")
    return Drawn(folder, piece.unknown_words, piece.cut_words, piece.calmed)


def _choice(piece: Piece, chosen: Shot | None) -> None:
    """All pictures of the wish, each one click from being shown large."""
    with st.grid(6, min_column_width=70, gap="xsmall", key="picture_shots"):
        if piece.sheet:
            _tile(piece, 0, piece.sheet, _("All"), chosen is None)
        for number, shot in enumerate(piece.shots, 1):
            label = " · ".join(TITLES.get(value, value) for value in shot.at) or str(number)
            _tile(piece, number, shot.file, label, shot == chosen)


def _tile(piece: Piece, number: int, file: str, label: str, chosen: bool) -> None:
    with st.container(key=f"picture_shot_{number}_{'chosen' if chosen else 'open'}_tile"):
        small = workshop().small_picture(piece.id, file)
        if small:
            st.image(str(small), alt="", width="stretch")
        st.button(
            plain(label),
            key=f"picture_shot_{number}",
            type="tertiary",
            help=_("Picture {number}").format(number=number) if number else None,
            on_click=st.session_state.update,
            args=({CHOSEN: file},),
            width="stretch",
        )


def _worth(shot: Shot) -> None:
    """How well it fits the words and how sharp it is, as small bars with a word; the numbers on hover."""
    with st.container(key="picture_worth", horizontal=True, vertical_alignment="bottom"):
        if shot.match is not None and shot.clip is not None:
            number = _("CLIP score {score} of 100").format(score=f"{100 * shot.clip:.0f}")
            _bar(_("Fits the words"), shot.match, number)
        if shot.sharpness is not None:
            _bar(_("Sharpness"), shot.sharpness, _("{share} of 1").format(share=f"{shot.sharpness:.2f}"))


def _bar(name: str, value: float, number: str) -> None:
    word, colour = _judged(value)
    with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
        st.progress(min(max(value, 0.0), 1.0), text=name, width=130)
        st.badge(word, color=colour, help=number)


def _judged(value: float) -> tuple[str, Colour]:
    if value >= GOOD:
        return _("good"), "green"
    return (_("so-so"), "orange") if value >= SO_SO else (_("weak"), "red")


def _actions(piece: Piece, shot: Shot | None) -> None:
    """What can be done with it next."""
    with st.container(key="picture_actions", horizontal=True):
        st.button(
            _("Use these again"),
            key="picture_again",
            type="tertiary",
            icon=":material/replay:",
            on_click=use_again,
            args=(piece.id, st.session_state.get(CHOSEN, "")),
        )
        if shot:
            st.button(
                _("Begin from this one"),
                key="picture_from_this",
                type="tertiary",
                icon=":material/add_photo_alternate:",
                on_click=_begin_from,
                args=(piece.id, shot.file),
            )
            if not shot.large and max(shot.wish.width, shot.wish.height) < ENOUGH_PX:
                st.button(
                    _("Make it larger"),
                    key="picture_enlarge",
                    type="tertiary",
                    icon=":material/zoom_out_map:",
                    on_click=_enlarge,
                    args=(piece.id,),
                )
        if piece.shots:
            _download(piece, shot)
        st.button(
            _("Put in the trash"),
            key="picture_remove",
            type="tertiary",
            icon=":material/delete:",
            on_click=_remove,
            args=(piece.id,),
        )


def _download(piece: Piece, shot: Shot | None) -> None:
    """The picture that is shown, as large as it is; or the grid."""
    file, name = (shot.large or shot.file, str(shot.wish.seed)) if shot else (piece.sheet, "grid")
    st.download_button(
        _("Download"),
        lambda: marked(workshop().picture_file(piece.id, file).read_bytes()),
        f"{piece.id}-{name}.png",
        own("image/png"),
        key="picture_download",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def _how(piece: Piece, shot: Shot) -> None:
    """Every number of the picture that is shown, and what its file tells."""
    wish = shot.wish
    rows = [
        (_("Steps"), wish.steps),
        (_("Guidance"), f"{wish.guidance:g}"),
        (_("Sampler"), TITLES.get(wish.sampler, wish.sampler)),
        (_("Seed"), wish.seed),
        (_("Size"), f"{wish.width} × {wish.height}"),
        (_("Drawing model"), wish.model),
    ]
    rows += [(one.adapter, f"{one.weight:g}") for one in wish.worn]
    if wish.start:
        rows.append((_("How much may change?"), f"{wish.start.strength:g}"))
    with st.expander(_("How it was drawn"), key="picture_how", icon=":material/info:"):
        with st.grid(3, min_column_width=110, gap="xsmall", key="picture_numbers"):
            for label, value in rows:
                st.markdown(f"{plain(str(label))}  \n**{plain(str(value))}**")
        st.caption(_("The model read: {words}").format(words=plain(piece.read)))
        if piece.wish.negative:
            st.caption(_("Stayed away: {words}").format(words=plain(piece.wish.negative)))
        if workshop().keeps_silent(piece):
            st.caption(_("The file keeps these words to itself, because someone of yours is in it or named."))
        else:
            st.caption(_("The file carries all of this, so that any studio can draw the picture again."))


def _begin_from(id: str, file: str) -> None:
    with friendly():
        put("start", workshop().start_from(id, file))
        put("mask", "")


def _go_on(id: str) -> None:
    with friendly():
        workshop().go_on_drawing(id)


def _enlarge(id: str) -> None:
    with friendly():
        workshop().enlarge_picture(id)


def _remove(id: str) -> None:
    with friendly():
        workshop().remove_picture(id)
        st.session_state[GONE] = id


def _undo_bar() -> None:
    gone = st.session_state.get(GONE, "")
    if gone:
        with st.container(key="picture_undo_bar", horizontal=True, vertical_alignment="center"):
            st.markdown(_("The picture is in the trash."), width="content")
            st.button(
                _("Undo"), key="picture_undo", type="tertiary", icon=":material/undo:", on_click=_restore, args=(gone,)
            )


def _restore(id: str) -> None:
    with friendly():
        workshop().restore_picture(id)
        st.session_state.update({GONE: "", OPEN: id})
