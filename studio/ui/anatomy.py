"""The inside of a diffusion model on the screen: a prompt and a photo go in, and each part of the way is shown and explained."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..lab.anatomy.explanation import caption, explanation
from ..lab.anatomy.record import Part, read_anatomy
from ..library.experiments import Experiment
from .desk import friendly, workshop
from .experiments import earlier, follow, hold
from .language import _, language
from .picture_start import PHOTOS
from .takeaway import own
from .text import plain


def look_inside() -> None:
    """The form, and the parts."""
    st.markdown(
        _(
            "How does a computer draw from words? Follow one picture from its words and its noise to the last step. Nothing is made "
            "up: every plate shows the numbers of the model that draws the books."
        )
    )
    with st.container(key="lab_anatomy_form"):
        _form()
    follow("anatomy", _show)
    earlier("anatomy", lambda one: str(one.asked["prompt"]))


def _form() -> None:
    examples = {"en": "a cat on the moon", "vi": "con mèo trên mặt trăng"}
    st.session_state.setdefault("lab_anatomy_prompt", examples[language()])
    st.text_input(_("What shall be drawn?"), key="lab_anatomy_prompt", max_chars=300)
    with st.expander(_("Details"), key="lab_anatomy_details"):
        models = {model.key: model.title for model, here in workshop().models() if here and _can_be_opened(model)}
        st.selectbox(_("Model"), list(models), format_func=models.__getitem__, key="lab_anatomy_model")
        steps, guidance, seed = st.columns(3)
        steps.slider(_("Steps"), 5, 50, 20, key="lab_anatomy_steps")
        guidance.slider(_("Guidance (0: as usual)"), 0.0, 20.0, 0.0, 0.5, key="lab_anatomy_guidance")
        seed.number_input(_("Seed"), 0, 2**31 - 1, 1, key="lab_anatomy_seed")
        st.file_uploader(_("A photo of yours, to go through the autoencoder"), PHOTOS, key="lab_anatomy_photo")
    if st.button(_("Look inside"), key="lab_anatomy_begin", type="primary", icon=":material/biotech:"):
        with friendly():
            told = {
                name: st.session_state[f"lab_anatomy_{name}"]
                for name in ("prompt", "model", "steps", "guidance", "seed")
            }
            photo: Any = st.session_state.get("lab_anatomy_photo")
            hold("anatomy", workshop().ask_anatomy(**told, photo=(photo.name, photo.getvalue()) if photo else None))
            st.rerun()


def _can_be_opened(model: Any) -> bool:
    return model.family in ("pocket", "sd")


def _show(one: Experiment) -> None:
    folder = workshop().experiment_folder(one.id)
    found = read_anatomy(folder)
    for number, part in enumerate(found.parts, 1):
        _part(number, part, one)
    st.download_button(
        _("The lesson as a PDF"),
        lambda: workshop().lesson(one.id, language()),
        file_name=f"lesson-{language()}.pdf",
        mime=own("application/pdf"),
        key="lab_anatomy_lesson",
        icon=":material/picture_as_pdf:",
    )


def _part(number: int, part: Part, one: Experiment) -> None:
    title, words, code = explanation(part.name, language())
    st.subheader(f"{number}. {title}", anchor=False)
    left, right = st.columns([2, 3], gap="large")
    left.markdown(plain(words))
    left.markdown(plain(caption(part, language())))
    left.caption(_("In the code: {place}").format(place=", ".join(f"`{one}`" for one in code.split(", "))))
    for file in part.files:
        path = workshop().experiment_file(one.id, file)
        if path:
            right.image(str(path), alt=title, width="stretch")
