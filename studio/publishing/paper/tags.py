"""What is what in a PDF, for those who have it read aloud: PDF 32000-1:2008, 14.7 and 14.8.

A book holds a section for each side, and each of these its titles, paragraphs and pictures in reading order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from ..geometry import Box

if TYPE_CHECKING:
    from pikepdf import Pdf

Kind = Literal["H1", "H2", "P", "Figure"]


@dataclass(frozen=True, slots=True)
class Element:
    """What is read as one: the pieces marked with `numbers` on page `page`, both from 0. `order` is that of its side."""

    kind: Kind
    page: int
    numbers: tuple[int, ...]
    order: int
    alt: str = ""  # what a picture shows
    words: str = ""  # as they are read, where the letters on the page are set in another order
    language: str = ""  # when it is not that of the book
    box: Box | None = None  # of a picture


def tag(pdf: Pdf, elements: Iterable[Element]) -> None:
    """Adds the tree of what is read in which order, and the way back to it from each page."""
    from pikepdf import Array, Dictionary, Name

    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    book = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
    parents: dict[int, Any] = {}
    for _, group in groupby(sorted(elements, key=lambda one: one.order), key=lambda one: one.order):
        section = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, P=book, K=Array()))
        book.K.append(section)
        for element in group:
            made = pdf.make_indirect(_element(pdf, element, section))
            section.K.append(made)
            parents.setdefault(element.page, {}).update(dict.fromkeys(element.numbers, made))
    numbers: Any = Array()
    for page, found in sorted(parents.items()):
        numbers.extend([page, Array([found[number] for number in range(len(found))])])
        pdf.pages[page].obj.StructParents = page
    for one in pdf.pages:
        one.obj.Tabs = Name.S
    root.K = book
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(pdf.pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _element(pdf: Pdf, element: Element, section: Any) -> Any:
    from pikepdf import Array, Dictionary, Name, String

    page, numbers = pdf.pages[element.page].obj, element.numbers
    made = Dictionary(
        Type=Name.StructElem,
        S=Name(f"/{element.kind}"),
        P=section,
        Pg=page,
        K=numbers[0] if len(numbers) == 1 else Array(numbers),
    )
    told = {"Alt": element.alt, "ActualText": element.words, "Lang": element.language}
    for key, words in told.items():
        if words:
            made[f"/{key}"] = String(words)
    if element.box:
        corners = (element.box.left, element.box.bottom, element.box.right, element.box.top)
        box = Array([round(corner, 2) for corner in corners])
        made.A = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=box)
    return made
