"""The guard of children: who of those that are worn is a child, and what is not drawn or written then.

Whoever is a child, nobody can say otherwise here: no setting, no argument of a screen. A person counts as one unless the `grown_up`
that the studio is built with says that they are not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..adapters.card import AdapterCard
from ..adapters.shelf import Shelf
from ..errors import N_, ChildBlock
from ..library.characters import Character, Characters
from ..library.consent import Consents
from ..library.gallery import is_brought, shown_at
from ..models.table import BaseModel, base_model
from ..pocket.world.description import PEOPLE, SUBJECTS
from ..publishing.book import Book, Page
from ..rendering.drawing import Drawing
from ..safety.checker import MISSING, Checker
from ..safety.confirmations import Confirmations
from ..safety.lock import refuse
from ..settings import Settings

GrownUp = Callable[[Settings, Character], bool]
ADULT = N_(
    "'{name}' was taught with pictures for adults, so no child is drawn in it. Choose another style, or have a grown-up look at "
    "what it draws and confirm that; your book and your wish are safe."
)
UNKNOWN = N_(
    "'{name}' comes from elsewhere, and nobody here knows what it was taught, so no child is drawn in it. Choose another style, "
    "or have a grown-up look at what it draws and confirm that; your book and your wish are safe."
)
BROUGHT = N_(
    "A child is drawn over a picture from elsewhere only when what comes of it is looked at, and a part for that is missing: the "
    "file '{name}' among the models. Begin with a picture that was drawn here, or with none; or have a grown-up confirm in the "
    "Settings that they look at the pictures of '{model}' before anyone else. Nothing was drawn; your picture and your words are "
    "safe."
)
HARDENED = ("sd", "sdxl")  # families that were taught with all that is on the web
AWAY = ("nude", "underwear", "cleavage", "gore", "blood")  # 7 tokens of CLIP's 75


def is_grown_up(settings: Settings, one: Character) -> bool:
    """Whether who agreed to their photos said that a person is an adult; everybody else is a child."""
    return Consents(settings).is_adult(one.id)


@dataclass(frozen=True, slots=True)
class Guard:
    """Asked before anything is drawn or written for somebody. Every method raises ChildBlock, or gives nothing."""

    settings: Settings
    grown_up: GrownUp = is_grown_up

    def children(self, adapters: Iterable[str]) -> frozenset[str]:
        """The ids of the children who are worn, by themselves or baked into another adapter."""
        worn = frozenset(adapters)
        if not worn:
            return frozenset()
        kept, shelf = Characters(self.settings).all(), Shelf(self.settings).cards()
        people = {one.id for one in kept if one.kind == "person" and not self.grown_up(self.settings, one)}
        people |= {card.id for card in shelf if is_nobody_known(card)} - {one.id for one in kept}
        parts = {part for card in shelf if card.id in worn for part in card.parts}
        return frozenset(people & (worn | parts))

    def words(self, texts: Iterable[str], adapters: Iterable[str], drawn: bool = True) -> None:
        """For the words of a wish, or of a text that is not drawn."""
        children = self.children(adapters)
        for text in texts:
            self._refuse(text, children, drawn=drawn)

    def book(self, book: Book, numbers: Collection[int] = ()) -> None:
        """For what a book says and shows, or those pages of it."""
        adapters = [one.adapter for one in book.look.worn]
        children = self.children(adapters)
        for text in (book.title, book.story.dedication):
            self._refuse(text, children, drawn=False)
        for number, page in enumerate(book.pages, 1):
            if not numbers or number in numbers:
                self._page(page, number, children)
        self._company(base_model(book.look.model), adapters, children)

    def drawings(self, model: BaseModel, drawings: Iterable[Drawing]) -> frozenset[str]:
        """For pictures that are about to be drawn, whoever asked for them; gives the children who will be in them."""
        known: dict[frozenset[str], frozenset[str]] = {}
        for drawing in drawings:
            adapters = frozenset(adapter for adapter, *_ in drawing.worn)
            if adapters not in known:
                known[adapters] = self.children(adapters)
                self._company(model, adapters, known[adapters])
            children = known[adapters]
            for text in dict.fromkeys((drawing.prompt, *(region.prompt for region in drawing.regions))):
                self._refuse(text, children)
        return frozenset(one for children in known.values() for one in children)

    def company(self, model: BaseModel, adapters: Iterable[str]) -> None:
        """For a child and what is worn beside them: nothing for adults, and nothing of which nobody knows what it draws, unless a
        grown-up confirmed that they looked."""
        worn = tuple(adapters)
        self._company(model, worn, self.children(worn))

    def checker(self, model: BaseModel, children: Collection[str], brought: bool = False) -> Checker | None:
        """Who looks at the pictures of these children, of which one is `brought` if it begins with a picture from elsewhere; None
        where nobody must, see `safety.checker`, or where a grown-up confirmed that they do. Raises NotReady where a part is
        missing."""
        checker = Checker(self.settings)
        if not children or (model.embedded and not brought):
            return None
        if Confirmations(self.settings).confirmed("pictures", model.key):
            return None
        checker.check(model.title, BROUGHT if model.embedded else MISSING)
        return checker

    def eyes(self, model: BaseModel, drawings: Sequence[Drawing], folder: Path) -> Checker | None:
        """The same for pictures in that folder that are about to be drawn: of the children who are worn, or known to be in what
        the pictures begin with."""
        begun = {one.start.picture for one in drawings if one.start}
        there = self.children(who for name in begun for who in shown_at(folder, name))
        for one in drawings:
            self._refuse(one.prompt, there if one.start else frozenset())
        brought = any(is_brought(folder, name) for name in begun)
        return self.checker(model, self.drawings(model, drawings) | there, brought)

    def to_draw(self, book: Book, numbers: Collection[int] = ()) -> None:
        """The same as `book`, and whether its pictures can be looked at. Raises NotReady too."""
        self.book(book, numbers)
        self.checker(base_model(book.look.model), self.children(one.adapter for one in book.look.worn))

    def negative(self, said: str, model: BaseModel, adapters: Iterable[str]) -> str:
        """What is wished away where a child is worn, for the models that know such words. Pocket does not, and the names of its
        pictures must not change."""
        if model.family not in HARDENED or not self.children(adapters):
            return said
        known = {word.strip() for word in said.split(",")}
        return ", ".join(filter(None, [said, *(word for word in AWAY if word not in known)]))

    def _page(self, page: Page, number: int, children: frozenset[str]) -> None:
        scene = page.scene
        for text in (scene.text, page.translation):
            self._refuse(text, children, drawn=False, number=number)
        shown = (scene.action, scene.place, scene.mood, scene.relation, *scene.things)
        told = (word for one in scene.bearings for word in (one.action, one.clothes))
        for text in (page.prompt.positive, page.mended.wish if page.mended else "", ", ".join((*shown, *told))):
            self._refuse(text, children, number=number)

    def _refuse(self, text: str, children: frozenset[str], drawn: bool = True, number: int = 0) -> None:
        def photos() -> bool:
            return all(Confirmations(self.settings).confirmed("photos", one) for one in children)

        refuse(text, bool(children), drawn=drawn, number=number, photos=photos)

    def _company(self, model: BaseModel, adapters: Collection[str], children: frozenset[str]) -> None:
        if not children:
            return
        shelf, known = {card.id: card for card in Shelf(self.settings).cards()}, Confirmations(self.settings)
        if not (model.embedded or model.repo or known.confirmed("model", model.key)):
            raise ChildBlock(
                "Nobody here knows what the model '{name}' was taught, so no child is drawn with it. Choose another model, or "
                "have a grown-up look at its pictures and confirm that; your book and your wish are safe.",
                name=model.title,
            )
        people = {one.id for one in Characters(self.settings).all()}
        for card in _with_parts(adapters, shelf):
            lost = {*card.parts} - shelf.keys() - people
            if (lost or is_stranger(card)) and not known.confirmed("adapter", mark(card)):
                why = ADULT if card.rating == "adult" else UNKNOWN
                raise ChildBlock(why, name=card.title)


def is_stranger(card: AdapterCard) -> bool:
    """Whether an adapter is for adults, or came from elsewhere and nobody looked at it."""
    return card.rating == "adult" or (is_import(card) and card.rating != "checked")


def is_import(card: AdapterCard) -> bool:
    """Whether it came from elsewhere; an older studio noted that in words alone."""
    return card.source == "imported" or (not card.source and card.made.startswith("Imported"))


def is_nobody_known(card: AdapterCard) -> bool:
    """Whether an adapter draws somebody and came from elsewhere: who they are nobody here can say, so they count as a child."""
    somebody = card.class_word in PEOPLE or card.class_word not in SUBJECTS
    return card.kind == "subject" and is_import(card) and somebody


def mark(card: AdapterCard) -> str:
    """What a confirmation of an adapter is of: it ends when its numbers change."""
    return f"{card.id} {card.sha256}"


def _with_parts(adapters: Iterable[str], shelf: dict[str, AdapterCard]) -> Iterator[AdapterCard]:
    """The cards of what is worn and, as far as they are here, of what it was baked from."""
    for id in adapters:
        if card := shelf.get(id):
            yield card
            yield from (shelf[part] for part in card.parts if part in shelf)
