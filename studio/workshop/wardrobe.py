"""Who and what can be worn: the cards of characters and styles by name, and what to do when one is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..adapters.card import AdapterCard, LoraSet
from ..adapters.shelf import Shelf
from ..errors import BadInput, NotFound, NotReady, StudioError
from ..library.characters import Characters
from ..publishing.book import Look
from ..settings import Settings

if TYPE_CHECKING:
    from .making import Cards

Kind = Literal["subject", "style"]
CALLED: dict[Kind, str] = {"subject": "character", "style": "style"}
TEACH = "Teach one from photos: python -m studio train PHOTOS --name NAME --kind person"
HEAVIEST = 2.0


class Wardrobe:
    """The characters and styles of one home, those that ship with the studio among them."""

    def __init__(self, settings: Settings) -> None:
        self._shelf = Shelf(settings)
        self._characters = Characters(settings)

    def cards(self, look: Look) -> Cards:
        """The cards of all that the look wears, by id. Raises NotFound, NotReady, BadInput."""
        shelf = {card.id: card for card in self._shelf.cards()}
        for worn in look.characters:
            self._check(worn.adapter, "subject", look.model, shelf)
        for worn in look.styles:
            self._check(worn.adapter, "style", look.model, shelf)
        return self._weighed(look.worn, shelf)

    def worn(self, adapters: LoraSet, model: str) -> tuple[tuple[str, str, float], ...]:
        """Id, sha256 and weight of each adapter, of whichever kind, as a drawing names them."""
        shelf = {card.id: card for card in self._shelf.cards()}
        for worn in adapters:
            kind: Kind = "subject" if worn.adapter not in shelf else shelf[worn.adapter].kind
            self._check(worn.adapter, kind, model, shelf)
        cards = self._weighed(adapters, shelf)
        return tuple((worn.adapter, cards[worn.adapter].sha256, worn.weight) for worn in adapters)

    def _weighed(self, adapters: LoraSet, shelf: dict[str, AdapterCard]) -> Cards:
        for worn in adapters:
            if not -HEAVIEST <= worn.weight <= HEAVIEST:
                raise BadInput(
                    f"'{worn.adapter}' cannot be worn with a weight of '{worn.weight:g}'. "
                    f"Give 0 to {HEAVIEST:g}; 1 is usual."
                )
        return {worn.adapter: shelf[worn.adapter] for worn in adapters}

    def _check(self, id: str, kind: Kind, model: str, shelf: dict[str, AdapterCard]) -> None:
        card = shelf.get(id)
        if card is None:
            raise self._missing(id, kind, shelf)
        if card.kind != kind:
            raise BadInput(
                f"'{id}' is a {CALLED[card.kind]}, not a {CALLED[kind]}. Give it as --{CALLED[card.kind]} {id}."
            )
        if card.base_model != model:
            raise BadInput(
                f"'{id}' was taught to the model '{card.base_model}' and cannot be worn by '{model}'. "
                f"Draw with '{card.base_model}', or teach it again."
            )

    def _missing(self, id: str, kind: Kind, shelf: dict[str, AdapterCard]) -> StudioError:
        """NotReady for a character whose photos are here, else NotFound with what there is."""
        if kind == "subject" and any(id == one.id for one in self._characters.all()):
            return NotReady(
                f"The character '{id}' has photos but was not taught yet. "
                f"Teach it first: python -m studio train PHOTOS --name {id} --resume"
            )
        names = ", ".join(f"'{card.id}'" for card in shelf.values() if card.kind == kind)
        there = f"There are: {names}." if names else "There are none yet."
        return NotFound(f"There is no {CALLED[kind]} '{id}'. {there} {TEACH if kind == 'subject' else ''}".rstrip())
