"""The options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class LanguageChoice(StrEnum):
    en = "en"
    vi = "vi"


class WriterChoice(StrEnum):
    plain = "plain"
    llm = "llm"


class BookLanguageChoice(StrEnum):
    en = "en"
    vi = "vi"
    both = "vi+en"


class AgeChoice(StrEnum):
    small = "0-3"
    middle = "4-6"
    big = "7-9"


class ProfileChoice(StrEnum):
    screen = "screen"
    home = "home"
    booklet = "booklet"
    kdp = "kdp"
    lulu = "lulu"
    ingram = "ingram"


class KindChoice(StrEnum):
    person = "person"
    pet = "pet"
    toy = "toy"
    drawn = "drawn"


class PaceChoice(StrEnum):
    exact = "exact"
    fast = "fast"
    draft = "draft"


class EffortChoice(StrEnum):
    draft = "draft"
    good = "good"
    best = "best"


Story = Annotated[
    str, typer.Argument(metavar="STORY", help="A .txt, .md, .docx, .epub or .pdf file, or the story itself in quotes.")
]
Pace = Annotated[PaceChoice, typer.Option(help="How much time pictures are worth: exact, fast, or a rough draft.")]
Pages = Annotated[int, typer.Option(help="How many pages of story.")]
Language = Annotated[
    BookLanguageChoice | None, typer.Option(help="Refuse a story in another language; vi+en adds the other beside it.")
]
Writer = Annotated[
    WriterChoice, typer.Option(help="Who finds the scenes; 'plain' needs no network, 'llm' asks the model of Settings.")
]
Age = Annotated[AgeChoice, typer.Option(help="For whom it is told, in years.")]
Model = Annotated[str, typer.Option(help="The base model, as in: models list.")]
Profile = Annotated[ProfileChoice, typer.Option(help="Where the book goes.")]
Trim = Annotated[
    str, typer.Option(help="Width and height of the finished page, such as 8.5x8.5in; the book's own if left out.")
]
AcceptRed = Annotated[
    bool, typer.Option("--accept-red", help="Make the file in spite of what its printer will not like.")
]
Seed = Annotated[int, typer.Option(min=0, help="Another number gives other pictures.")]
Worn = list[str] | None
Character = Annotated[Worn, typer.Option(metavar="NAME[:weight]", help="Who plays a role; give it again for more.")]
Style = Annotated[Worn, typer.Option(metavar="NAME[:weight]", help="How it is drawn; give it again to mix.")]
