"""Who and what can be worn: the cards of characters and styles by name, and what to do when one is not there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Literal

from ..adapters.card import HEAVIEST, AdapterCard, LoraSet
from ..adapters.shelf import Shelf
from ..errors import N_, BadInput, NotFound, NotReady, StudioError
from ..files import slug
from ..library.characters import Characters
from ..library.clock import CLOCK, use
from ..library.consent import Consents
from ..models.table import base_model
from ..publishing.book import Look
from ..rendering.words import count_tokens
from ..settings import Settings
from ..story.guide import guide_for

if TYPE_CHECKING:
    from .making import Cards, Prompter

Kind = Literal["subject", "style"]
OTHER_KIND: dict[Kind, str] = {
    "subject": N_("'{id}' is a style, not a character. Give it as --style {id}."),
    "style": N_("'{id}' is a character, not a style. Give it as --character {id}."),
}
NO_SUCH: dict[Kind, str] = {
    "subject": N_(
        "There is no character '{id}'. There are: {known}. "
        "Teach one from photos: python -m studio train PHOTOS --name NAME --kind person"
    ),
    "style": N_("There is no style '{id}'. There are: {known}."),
}
NONE: dict[Kind, str] = {
    "subject": N_(
        "There is no character '{id}'. There are none yet. "
        "Teach one from photos: python -m studio train PHOTOS --name NAME --kind person"
    ),
    "style": N_("There is no style '{id}'. There are none yet."),
}


class Wardrobe:
    """The characters and styles of one home, those that ship with the studio among them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
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

    def prompter(self, look: Look) -> Prompter:
        """What makes the prompts of a book in this look. Raises NotFound, NotReady, BadInput."""
        from .making import Prompter

        model = base_model(look.model)
        count = partial(count_tokens, model=model, settings=self._settings)
        return Prompter(self.cards(look), guide_for(model.family), count, look.prompt_language)

    def triggers(self, adapters: LoraSet) -> tuple[str, ...]:
        """The words that call what is worn: triggers and class words; of what is not here, none."""
        shelf = {card.id: card for card in self._shelf.cards()}
        worn = [shelf[one.adapter] for one in adapters if one.adapter in shelf]
        return tuple(said for card in worn for said in (card.trigger, card.class_word))

    def worn(self, adapters: LoraSet, model: str) -> tuple[tuple[str, str, float], ...]:
        """Id, sha256 and weight of each adapter, of whichever kind, as a drawing names them."""
        shelf = {card.id: card for card in self._shelf.cards()}
        for worn in adapters:
            kind: Kind = "subject" if worn.adapter not in shelf else shelf[worn.adapter].kind
            self._check(worn.adapter, kind, model, shelf)
        cards = self._weighed(adapters, shelf)
        return tuple((worn.adapter, cards[worn.adapter].sha256, worn.weight) for worn in adapters)

    def known_as(self, name: str) -> str:
        """The id of the character or style that is called so, or has it for an id; where there is none the name as an id, of which
        whoever uses it tells. Raises BadInput for a name without a letter."""
        named = {one.id: one.name for one in self._characters.all()} | {
            card.id: card.title for card in self._shelf.cards()
        }
        plain = slug(name)
        return plain if plain in named else next((id for id, title in named.items() if _plain(title) == plain), plain)

    def people(self, adapters: Iterable[str]) -> tuple[str, ...]:
        """The ids of what is worn, and of whom it was baked from."""
        parts = {card.id: card.parts for card in self._shelf.cards()}
        return tuple(dict.fromkeys(part for id in adapters for part in (id, *parts.get(id, ()))))

    def allow(self, adapters: Iterable[str]) -> None:
        """Passes when somebody agreed that all people among these are drawn. Raises NoConsent."""
        Consents(self._settings).require(self.people(adapters), "train")

    def use(self, adapters: Iterable[str]) -> None:
        """Notes that these characters are used today, and those whom a style of these was baked from."""
        for name in self.people(adapters):
            use(self._settings.characters / name)
            if (self._settings.adapters / name / CLOCK).is_file():  # what is nobody has no clock
                use(self._settings.adapters / name)

    def worn_cards(self, adapters: LoraSet) -> tuple[AdapterCard, ...]:
        """The cards of what is worn, in that order; of what is not here, none."""
        shelf = {card.id: card for card in self._shelf.cards()}
        return tuple(shelf[one.adapter] for one in adapters if one.adapter in shelf)

    def kinds(self) -> dict[str, Kind]:
        """Whether each adapter on the shelf is a subject or a style."""
        return {card.id: card.kind for card in self._shelf.cards()}

    def finish(self, adapters: LoraSet) -> str:
        """What is done to pictures drawn in these; the first that wants something."""
        shelf = {card.id: card for card in self._shelf.cards()}
        worn = (shelf[one.adapter] for one in adapters if one.adapter in shelf and (one.weight or one.late))
        return next((card.finish for card in worn if card.finish), "")

    def _weighed(self, adapters: LoraSet, shelf: dict[str, AdapterCard]) -> Cards:
        for worn in adapters:
            weights = (worn.weight, worn.weight if worn.late is None else worn.late)
            if not all(-HEAVIEST <= weight <= HEAVIEST for weight in weights):
                raise BadInput(
                    "'{adapter}' cannot be worn with a weight of '{weight:g}'. Give 0 to {most:g}; 1 is usual.",
                    adapter=worn.adapter,
                    weight=max(weights, key=abs),
                    most=HEAVIEST,
                )
        return {worn.adapter: shelf[worn.adapter] for worn in adapters}

    def _check(self, id: str, kind: Kind, model: str, shelf: dict[str, AdapterCard]) -> None:
        card = shelf.get(id)
        if card is None:
            raise self._missing(id, kind, shelf)
        called = _called(card)
        if card.kind != kind:
            raise BadInput(OTHER_KIND[kind], id=called)
        if card.base_model != model:
            raise BadInput(
                "'{id}' was taught to the model '{taught}' and cannot be worn by '{model}'. "
                "Draw with '{taught}', or teach it again.",
                id=called,
                taught=card.base_model,
                model=model,
            )

    def _missing(self, id: str, kind: Kind, shelf: dict[str, AdapterCard]) -> StudioError:
        """NotReady for a character whose photos are here, else NotFound with what there is."""
        untaught = next((one for one in self._characters.all() if one.id == id), None)
        if kind == "subject" and untaught:
            return NotReady(
                "The character '{id}' has photos but was not taught yet. "
                "Teach it first: python -m studio train PHOTOS --name {id} --resume",
                id=slug(untaught.name),
            )
        known = ", ".join(f"'{_called(card)}'" for card in shelf.values() if card.kind == kind)
        return NotFound(NO_SUCH[kind] if known else NONE[kind], id=id, known=known)


def _called(card: AdapterCard) -> str:
    """What a person may write for it: a character's id is a word by chance."""
    return (_plain(card.title) if card.kind == "subject" else "") or card.id


def _plain(title: str) -> str:
    """The title as a file name; empty for one without a letter."""
    try:
        return slug(title)
    except BadInput:
        return ""
