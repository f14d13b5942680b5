"""Pictures and books repainted on the screen: content and style go in, with how it is done, and the pictures on the way come out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..errors import N_
from ..library.experiments import Experiment
from ..publishing.provenance import marked
from ..settings import ASSETS
from .desk import friendly, workshop
from .experiments import at_hand, earlier, follow, hold
from .language import _
from .picture_start import PHOTOS
from .takeaway import own
from .text import plain

SAMPLE_CONTENT, SAMPLE_STYLE = ASSETS / "lab" / "content.jpg", ASSETS / "lab" / "style.jpg"
WAYS = {
    "careful": N_("With care, in a minute"),
    "quick": N_("At once"),
    "sheet": N_("All manners of one style"),
}
MANNERS = {  # of a sheet
    "content": N_("The picture"), "style": N_("The style"), "upright": N_("As it is"), "turned 90": N_("Turned a quarter"),
    "turned 45": N_("Turned an eighth"), "mirrored": N_("Mirrored"), "coarse": N_("Coarser"), "fine": N_("Finer"),
    "warmer": N_("Warmer"), "cooler": N_("Cooler"), "paler": N_("Paler"), "other colours": N_("Other colours"),
    "opposite colours": N_("Opposite colours"), "cluster 1": N_("Its first part"), "cluster 2": N_("Its second part"),
    "cluster 3": N_("Its third part"),
}  # fmt: skip
SIDES = (256, 384, 512, 768)


def repaint() -> None:
    """The form for a picture, the result, and the form for a book."""
    st.markdown(
        _(
            "A picture keeps what it shows and takes on how another one is painted: its strokes, its texture, its colours. "
            "Any picture can be the style: a drawing of your child, a piece of cloth, a painting."
        )
    )
    left, right = st.columns(2, gap="large")
    with left.container(key="lab_style_form"):
        _form()
    with right.container(key="lab_style_result"):
        follow("style", _show, _going)
        earlier("style", lambda one: one.title)
    _whole_book()


def _form() -> None:
    content = st.file_uploader(_("The picture"), PHOTOS, key="lab_style_content")
    styles = st.file_uploader(
        _("The style, or several to be mixed"), PHOTOS, accept_multiple_files=True, key="lab_style_styles"
    )
    weights = _weights([one.name for one in styles or ()])
    ways = {way: _(words) for way, words in WAYS.items()}
    way = st.radio(_("How"), list(ways), format_func=ways.__getitem__, key="lab_style_way", horizontal=True)
    st.toggle(_("Keep the picture's own colours"), key="lab_style_keep_colour")
    _details(str(way))
    with st.container(horizontal=True):
        if st.button(
            _("Repaint it"),
            key="lab_style_begin",
            type="primary",
            icon=":material/brush:",
            disabled=not (content and styles),
        ):
            _ask(content, styles, weights)
        if st.button(_("Try it with the sample"), key="lab_style_sample", type="tertiary"):
            _ask_sample()


def _weights(names: list[str]) -> list[float]:
    """How strong each style is, where there are several."""
    if len(names) < 2:
        return [1.0] * len(names)
    return [
        st.slider(_("Share of {name}").format(name=plain(name)), 0.0, 1.0, 0.5, 0.05, key=f"lab_style_weight_{number}")
        for number, name in enumerate(names)
    ]


def _details(way: str) -> None:
    with st.expander(_("Details"), key="lab_style_details"):
        st.select_slider(_("Longer side in pixels"), SIDES, 512, key="lab_style_side_px")
        if way == "quick":
            st.slider(_("Strength"), 0.0, 1.0, 1.0, 0.05, key="lab_style_strength")
        else:
            st.slider(_("Weight of what is shown"), 0.0, 5.0, 1.0, 0.1, key="lab_style_keep")
            st.slider(_("Weight of the style"), 1.0, 100.0, 30.0, 1.0, key="lab_style_style")
            st.slider(_("Smoothness"), 0.0, 20.0, 5.0, 0.5, key="lab_style_smooth")
            st.radio(
                _("Optimizer"), ["lbfgs", "adam"], format_func=str.upper, key="lab_style_optimizer", horizontal=True
            )
        eyes = workshop().eyes()
        if eyes:
            names = {"": _("The studio's own"), **dict.fromkeys(eyes, "VGG-19")}
            st.selectbox(_("Who looks"), list(names), format_func=names.__getitem__, key="lab_style_network")
        st.file_uploader(_("Only where this picture is white"), PHOTOS, key="lab_style_mask")


def _told() -> dict[str, Any]:
    names = {"way": "way", "side_px": "side_px", "keep_colour": "keep_colour", "strength": "strength", "keep": "content_weight",
             "style": "style_weight", "smooth": "smooth", "optimizer": "optimizer", "network": "network"}  # fmt: skip
    state = st.session_state
    return {field: state[f"lab_style_{name}"] for name, field in names.items() if f"lab_style_{name}" in state}


def _ask(content: Any, styles: Any, weights: list[float]) -> None:
    mask: Any = st.session_state.get("lab_style_mask")
    with friendly():
        id = workshop().ask_style(
            (content.name, content.getvalue()),
            [(one.name, one.getvalue()) for one in styles],
            weights,
            (mask.name, mask.getvalue()) if mask else None,
            {name: _(title) for name, title in MANNERS.items()}
            if st.session_state["lab_style_way"] == "sheet"
            else None,
            **_told(),
        )
        hold("style", id)
        st.rerun()


def _ask_sample() -> None:
    with friendly():
        content, style = ((path.name, path.read_bytes()) for path in (SAMPLE_CONTENT, SAMPLE_STYLE))
        titles = {name: _(title) for name, title in MANNERS.items()}
        hold("style", workshop().ask_style(content, [style], titles=titles, **_told()))
        st.rerun()


def _going(one: Experiment) -> None:
    preview = workshop().experiment_file(one.id, "preview.jpg")
    if preview:
        st.image(preview.read_bytes(), alt=_("The picture so far"), width="stretch")


def _show(one: Experiment) -> None:
    sheet = workshop().experiment_file(one.id, "sheet.png")
    picture = workshop().experiment_file(one.id, "result.png")
    if sheet:
        st.image(str(sheet), alt=_("The picture in all manners of one style"), width="stretch")
    elif picture:
        st.image(str(picture), alt=_("The picture in its new manner"), width="stretch")
    _beside(one)
    if "style fell" in one.figures:
        st.caption(
            _(
                "The style's loss fell by {fell:.0%}, the edges are as they were by {kept:.0%}, in {seconds:.0f} s."
            ).format(
                fell=one.figures["style fell"], kept=one.figures["edges kept"], seconds=float(one.figures["seconds"])
            )
        )
    best = sheet or picture
    if best:
        st.download_button(
            _("Take it with you"),
            lambda: marked(best.read_bytes()),
            file_name=best.name,
            mime=own("image/png"),
            key="lab_style_take",
            icon=":material/download:",
        )


def _beside(one: Experiment) -> None:
    """What it began with, small."""
    given = [path for path in workshop().experiment_given(one.id) if path.stem != "mask"]
    with st.grid(max(4, len(given)), min_column_width=80, gap="xsmall", key="lab_style_given"):
        for path in given:
            words = _("The picture") if path.stem == "content" else _("The style")
            st.image(str(path), caption=words, alt=words, width="stretch")


def _whole_book() -> None:
    books = {book.id: book.title for book in workshop().books() if any(page.picture for page in book.pages)}
    if not books:
        return
    st.subheader(_("Repaint a whole book"))
    left, right = st.columns(2, gap="large")
    with left.container(key="lab_book_form"):
        st.markdown(
            _(
                "A copy of the book is painted page after page in the manner of one picture. All pages get the same look, and who "
                "is on them stays easy to know. The book itself stays as it is."
            )
        )
        book = st.selectbox(_("The book"), list(books), format_func=books.__getitem__, key="lab_book_book")
        style = st.file_uploader(_("The style"), PHOTOS, key="lab_book_style")
        if (
            st.button(_("Repaint the book"), key="lab_book_begin", icon=":material/auto_stories:", disabled=not style)
            and style
        ):
            with friendly():
                copy = _("{title}, repainted").format(title=books[book])
                hold("book", workshop().ask_repainting(book, (style.name, style.getvalue()), copy=copy))
                st.rerun()
    with right.container(key="lab_book_result"):
        follow("book", _show_book)
        if at_hand("book"):
            earlier("book", lambda one: one.title)


def _show_book(one: Experiment) -> None:
    sheet = workshop().experiment_file(one.id, "sheet.png")
    if sheet:
        st.image(str(sheet), alt=_("The pages in their new manner"), width="stretch")
    st.success(
        _("'{title}' stands on the bookshelf.").format(title=plain(str(one.asked["copy"]))), icon=":material/check:"
    )
