"""Who plays in a book: a role taken by another character, described anew, or left out of the pictures. Pure: a book in, a book out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..adapters.card import Worn
from ..errors import NotFound
from ..publishing.book import Book, Look
from ..story.scene import Role
from . import making
from .making import Prompter


def recast(book: Book, name: str, changes: Mapping[str, Any]) -> Book:
    """The book with other fields of the role called `name`; a character that plays it plays no other. Raises NotFound."""
    if name not in (role.name for role in book.cast.roles):
        known = ", ".join(f"'{role.name}'" for role in book.cast.roles) or "-"
        raise NotFound("There is nobody called '{name}' in this story. There are: {known}.", name=name, known=known)
    taken = changes.get("character") or "-"
    roles = [replace(role, character="") if role.character == taken else role for role in book.cast.roles]
    changed = tuple(replace(role, **changes) if role.name == name else role for role in roles)
    return replace(book, cast=replace(book.cast, roles=changed), look=_worn(book, changed))


def worn_as_cast(book: Book, prompter: Prompter) -> Book:
    """The book with prompts for its new cast."""
    return making.change_cast(book, book.cast, prompter)


def _worn(book: Book, roles: tuple[Role, ...]) -> Look:
    """The look with the characters that play a role, in the order of the cast; who is new has the weight of the first."""
    known = {one.adapter: one for one in book.look.characters}
    first = next(iter(book.look.characters), Worn(""))
    playing = (role.character for role in roles if role.character)
    return replace(book.look, characters=tuple(known.get(id, replace(first, adapter=id)) for id in playing))
