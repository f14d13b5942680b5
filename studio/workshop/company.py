"""Who of those that a book wears is on a page, and where each of several heroes acts. Pure: a book and a page in, words out."""

from __future__ import annotations

from ..adapters.card import LoraSet
from ..models.table import base_model
from ..publishing.book import Book, Page
from ..rendering.drawing import Region
from ..story.composer.figures import drawn_roles
from ..story.layout import Boxes, placed, shift
from .making import Prompter


def worn_on(book: Book, page: Page) -> LoraSet:
    """What the page wears: all styles and, of several characters, those who are on it. The only one is worn on all pages."""
    if len(book.look.characters) < 2:
        return book.look.worn
    playing = {role.character for role in drawn_roles(page.scene, book.cast)}
    return tuple(one for one in book.look.characters if one.adapter in playing) + book.look.styles


def heroes(book: Book, page: Page) -> tuple[str, ...]:
    """The names of the roles on the page that are played by characters which the book wears, if there are several: who is alone
    acts everywhere, as nobody else could take after them. Newer models have no regions."""
    worn = {one.adapter for one in book.look.characters}
    found = tuple(role.name for role in drawn_roles(page.scene, book.cast) if role.character in worn)
    return found if len(found) > 1 and base_model(book.look.model).network == "unet" else ()


def regions(book: Book, page: Page, prompter: Prompter) -> tuple[Region, ...]:
    """Where each of several heroes acts, and what is told of them."""
    played = {role.name: role.character for role in book.cast.roles}
    boxes = sorted(stages(book, page), key=lambda one: one[1][0] + one[1][2])
    order, wish = [name for name, _ in boxes], page.mended.wish if page.mended else ""

    def region(name: str) -> Region:
        told = ", ".join(filter(None, (wish, prompter.prompt_of(name, page.scene, book.cast, order))))
        return Region(played[name], dict(boxes)[name], told, shift(name, tuple(boxes)))

    return tuple(region(name) for name in heroes(book, page))


def stages(book: Book, page: Page) -> Boxes:
    """Where each figure of the page stands, by the names of the roles, from the left to the right as the prompt names them."""
    return placed(page.scene, book.cast, page.boxes)
