"""Where a book can go: each place as a picture, what it needs, and the file that is made for it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ..errors import N_
from .cards import Choice, tiles
from .language import _

KEY = "print_place"


@dataclass(frozen=True, slots=True)
class Destination:
    """`profile` is what the sides are laid out for; `needs` is said when the place is chosen."""

    id: str
    title: str
    words: str
    needs: str
    profile: str = "screen"
    suffix: str = ".pdf"
    picture: str = ""

    @property
    def printed(self) -> bool:
        return self.suffix == ".pdf"


DESTINATIONS = (
    Destination(
        "screen", N_("Screen"), N_("To read on a phone or send to grandma"), N_("A PDF that opens everywhere."), picture="screen"
    ),
    Destination(
        "web", N_("Web page"), N_("Turns its pages and reads aloud"),
        N_("One file for any browser. It needs no network: send it, or keep it on a stick."), suffix=".html", picture="web",
    ),
    Destination(
        "reader", N_("E-reader"), N_("A book with a voice"),
        N_("An EPUB for readers such as Apple Books or Kobo. You can read it aloud yourself, below."), suffix=".epub", picture="epub",
    ),
    Destination(
        "home", N_("Home printer"), N_("On your own paper, with white edges"),
        N_("Print it in its actual size, one page on each sheet."), profile="home", picture="home",
    ),
    Destination(
        "booklet", N_("Booklet"), N_("Print, fold and staple"),
        N_("A4 paper, a printer for both sides, and a stapler. Turn the sheets on the short edge."), profile="booklet",
        picture="booklet",
    ),
    Destination(
        "kdp", N_("Amazon KDP"), N_("A paperback, one copy or many"),
        N_("An account at Amazon KDP, and at least 24 pages. You give two files there: the inside and the cover."), profile="kdp",
        picture="kdp",
    ),
    Destination(
        "lulu", N_("Lulu"), N_("A book made to last"),
        N_("An account at Lulu, and at least 32 pages, or 24 with a hard cover. You give two files there: the inside and the cover."),
        profile="lulu", picture="lulu",
    ),
    Destination(
        "ingram", N_("IngramSpark"), N_("Sold by bookshops"),
        N_("An account at IngramSpark, at least 18 pages, and the cover template that you get there."), profile="ingram",
        picture="ingram",
    ),
    Destination(
        "pictures", N_("The pictures"), N_("All of them, to use elsewhere"), N_("A ZIP with each page's picture as it was drawn."),
        suffix=".zip", picture="pictures",
    ),
    Destination(
        "computer", N_("Another computer"), N_("The whole book, to go on there"),
        N_("One file with words, pictures and how they were drawn, for another studio. Photos and taught characters stay here."),
        suffix=".storybook", picture="storybook",
    ),
)  # fmt: skip


def destination_field(chosen: str) -> None:
    """The places as a row of pictures."""
    choices = [Choice(one.id, _(one.title), _(one.words), one.picture) for one in DESTINATIONS]
    tiles(KEY, choices, chosen, choose_destination, 5, 140)


def choose_destination(id: str) -> None:
    """Remembers it for this visit."""
    st.session_state[KEY] = id


def destination() -> Destination:
    """The one that is chosen; the screen at first."""
    chosen = st.session_state.get(KEY, "screen")
    return next((one for one in DESTINATIONS if one.id == chosen), DESTINATIONS[0])
