"""Four pictures to try when nothing was drawn yet: one click fills the form with how each was drawn, and draws it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from ..adapters.card import STYLE_WEIGHT, Worn
from ..errors import N_
from ..settings import SAMPLES
from .desk import workshop
from .language import _
from .picture_form import draw, put, take
from .text import plain

PICTURES = SAMPLES / "pictures"


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt that pocket understands in both languages, with its style and seed."""

    id: str
    prompt: str
    style: str
    seed: int


EXAMPLES = (  # their pictures were drawn from the English words
    Example("fox", N_("a happy fox reading in the forest at sunset"), "watercolour", 1),
    Example("lantern", N_("a girl in a red ao dai in the old street at night with a star lantern"), "crayon", 1),
    Example("space", N_("an astronaut and a cat in space"), "pixels", 2),
    Example("race", N_("a rabbit and a turtle running on the beach by day"), "cutout", 4),
)


def examples() -> None:
    """The four as picture cards."""
    st.markdown(_("Say what you would like to see, or begin with one of these."))
    with st.grid(2, min_column_width=180, key="picture_examples"):
        for one in EXAMPLES:
            with st.container(key=f"picture_example_{one.id}_open_tile"):
                st.image(str(PICTURES / f"{one.id}.jpg"), alt="", width="stretch")
                st.button(
                    plain(_(one.prompt)),
                    key=f"picture_example_{one.id}",
                    type="tertiary",
                    on_click=_try,
                    args=(one,),
                    width="stretch",
                )


def _try(example: Example) -> None:
    wish = replace(
        workshop().usual_wish(), prompt=_(example.prompt), seed=example.seed, worn=(Worn(example.style, STYLE_WEIGHT),)
    )
    take(wish)
    draw()
    put("fresh", True)  # that seed was for this picture
