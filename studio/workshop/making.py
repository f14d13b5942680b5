"""How a story becomes the pages of a book, and how a change reaches them. Pure: words in, words out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ..adapters.card import AdapterCard
from ..errors import NotFound
from ..publishing.book import Book, Look, Page
from ..publishing.design import Design
from ..story.composer import compose
from ..story.composer.regional import seen_by
from ..story.guide import Guide
from ..story.prompt import Prompt
from ..story.scene import Cast, Role, Scene
from ..story.story import Language, Story

SEEDS_PER_LOOK = 1000
ANOTHER_TRY = 100_000  # how far the seed of a page moves when it is drawn anew
TITLE_WORDS = 6
# What a page has before it is drawn.
UNDRAWN: dict[str, Any] = {"picture": "", "origin": None, "unknown_words": (), "cut_words": ()}
BARE: dict[str, Any] = {**UNDRAWN, "layout": None, "text_box": None}

Cards = Mapping[str, AdapterCard]


@dataclass(frozen=True, slots=True)
class Prompter:
    """What a look makes prompts with: the cards of all that is worn, the guide and the token counter of its model."""

    cards: Cards
    guide: Guide
    count: Callable[[str], int]
    language: Language = "en"

    def prompt(self, scene: Scene, cast: Cast) -> Prompt:
        language = self.language if self.language in self.guide.languages else self.guide.languages[0]
        return compose(scene, cast, self.cards, self.guide, self.count, language)

    def prompt_of(self, name: str, scene: Scene, cast: Cast, order: Sequence[str] = ()) -> str:
        """What is told of the part of the picture in which one of several heroes stands, by the name of their role; `order`
        are the names of all figures from the left to the right."""
        return self.prompt(*seen_by(name, scene, cast, self.cards, order)).positive


def new_book(
    story: Story, cast: Cast, scenes: Sequence[Scene], look: Look, prompter: Prompter, writer: str = "plain"
) -> Book:
    """A book with composed pages and no picture yet; its id is given when it is saved."""
    played = play(cast, story, look, prompter.cards)
    return Book(
        id="",
        title=story.title or " ".join(story.text.split()[:TITLE_WORDS]),
        story=story,
        cast=played,
        look=look,
        pages=tuple(_page(scene, played, prompter, page_seed(look, number)) for number, scene in enumerate(scenes, 1)),
        created=datetime.now(UTC).isoformat(timespec="milliseconds"),
        writer=writer,
    )


def as_before(cast: Cast, before: Cast) -> Cast:
    """The cast of a new plan in which whoever was there before is played, or left undrawn, as the person chose."""
    known = {role.name: role for role in before.roles}
    roles = (
        replace(role, character=known[role.name].character, drawn=known[role.name].drawn)
        if role.name in known
        else role
        for role in cast.roles
    )
    return Cast(tuple(roles))


def in_place_of(book: Book, new: Book, title: str = "") -> Book:
    """The newly planned book in the place of the old: its id, its day, its title, its design and its second language."""
    language = None if book.second_language == new.story.language else book.second_language
    return replace(
        new,
        id=book.id,
        created=book.created,
        title=title or book.title,
        second_language=language,
        design=book.design,
        tags=book.tags,
    )


def same_wish(book: Book, other: Book) -> bool:
    """Whether both ask for the same pictures and words, drawn or not, however they are laid out."""
    bare = (
        replace(
            one, id="", created="", tags=(), design=Design(), pages=tuple(replace(page, **BARE) for page in one.pages)
        )
        for one in (book, other)
    )
    return next(bare) == next(bare)


def page_seed(look: Look, number: int) -> int:
    """The seed of a page that has not been drawn anew."""
    return look.seed * SEEDS_PER_LOOK + number


def play(cast: Cast, story: Story, look: Look, cards: Cards) -> Cast:
    """The cast with the look's characters in its roles. Who was given a role by hand keeps it, who bears a role's name takes
    it, the others follow hero first.

    A character for whom there is no role left gets one of its own; it goes when the character leaves.
    """
    worn = {one.adapter for one in look.characters}
    roles = [_freed(role, worn) for role in cast.roles if _is_told(role, story, cards)]
    playing = {role.character for role in roles}
    newcomers = [one for one in look.characters if one.adapter not in playing]
    waiting = [card for one in newcomers if not _take(roles, card := cards[one.adapter], named=True)]
    roles += [
        Role(card.title, card.class_word, character=card.id) for card in waiting if not _take(roles, card, named=False)
    ]
    return replace(cast, roles=tuple(roles))


def _is_told(role: Role, story: Story, cards: Cards) -> bool:
    """Whether the role is one of the story, and not one that a character without a role was given.

    The story may write "Mèo con" where the role is "mèo con", or be told in another language by now.
    """
    card = cards.get(role.character)
    own = not card or role.name == card.title
    return not role.character or not own or role.name.casefold() in story.text.casefold()


def _freed(role: Role, worn: set[str]) -> Role:
    return role if role.character in worn else replace(role, character="")


def _take(roles: list[Role], card: AdapterCard, named: bool) -> bool:
    """Gives the first free role to the character, of its own name only if `named`; tells whether there was one."""
    for number, role in enumerate(roles):
        same = role.name.casefold() in (card.title.casefold(), card.id)
        if not role.character and role.drawn and (same or not named):
            roles[number] = replace(role, character=card.id)
            return True
    return False


def change_scene(book: Book, number: int, changes: Mapping[str, Any], prompter: Prompter) -> Book:
    """The book with other words or things on page `number`. The old picture stays until a new one is drawn."""
    scene = replace(page_of(book, number).scene, **changes)
    return put_scene(book, number, scene, prompter)


def put_scene(book: Book, number: int, scene: Scene, prompter: Prompter) -> Book:
    """The book with this scene on page `number`."""
    return put_page(book, number, retold(page_of(book, number), scene, prompter.prompt(scene, book.cast)))


def anew(page: Page, seed: int) -> Page:
    """The page with another seed, all of its picture drawn."""
    return replace(page, seed=seed, mended=None)


def retold(page: Page, scene: Scene, prompt: Prompt) -> Page:
    """The page with another scene. A part drawn anew belongs to the picture of before: it goes when another is asked for."""
    same = (prompt.positive, prompt.negative) == (page.prompt.positive, page.prompt.negative)
    return replace(page, scene=scene, prompt=prompt, mended=page.mended if same else None)


def change_look(book: Book, look: Look, prompter: Prompter) -> Book:
    """The book in another look: roles played anew, prompts composed anew, seeds moved with the look's seed."""
    return change_cast(replace(book, look=look), book.cast, prompter, book.look)


def people_in(book: Book) -> tuple[str, ...]:
    """The adapters that the book wears, whom its roles are played by, and those in whom its pictures were drawn."""
    drawn = (id for page in book.pages if page.origin for id, _ in page.origin.worn)
    played = (role.character for role in book.cast.roles if role.character)
    return tuple(dict.fromkeys((*(worn.adapter for worn in book.look.worn), *played, *drawn)))


def forgetting(book: Book, adapters: Collection[str]) -> Book:
    """The book in which nothing tells any more that its pictures were drawn with these."""

    def without(page: Page) -> Page:
        if not page.origin:
            return page
        worn = tuple(one for one in page.origin.worn if one[0] not in adapters)
        return replace(page, origin=replace(page.origin, worn=worn))

    return replace(book, pages=tuple(without(page) for page in book.pages))


def change_cast(book: Book, cast: Cast, prompter: Prompter, before: Look | None = None) -> Book:
    """The book with another cast, its prompts composed anew; `before` is the look that its seeds come from."""
    played = play(cast, book.story, book.look, prompter.cards)
    pages = tuple(
        replace(
            retold(page, page.scene, prompter.prompt(page.scene, played)),
            seed=_moved(page, number, before or book.look, book.look),
        )
        for number, page in enumerate(book.pages, 1)
    )
    if before and before != book.look:
        pages = tuple(replace(page, mended=None) for page in pages)
    return replace(book, cast=played, pages=pages)


def page_of(book: Book, number: int) -> Page:
    """Page `number`, counted from 1. Raises NotFound."""
    if not 1 <= number <= len(book.pages):
        raise NotFound(
            "There is no page '{number}' in '{title}'. Choose 1 to {count}.",
            number=number,
            title=book.title,
            count=len(book.pages),
        )
    return book.pages[number - 1]


def changed_pages(before: Book, after: Book) -> tuple[int, ...]:
    """The numbers of the pages that are not as they were, or 0 when none is; all of them in another look."""
    same = before.pages if before.look.worn == after.look.worn else ()
    return tuple(number for number, page in enumerate(after.pages, 1) if page not in same) or (0,)


def put_page(book: Book, number: int, page: Page) -> Book:
    """The book with `page` in place `number`, counted from 1."""
    return replace(book, pages=(*book.pages[: number - 1], page, *book.pages[number:]))


def _page(scene: Scene, cast: Cast, prompter: Prompter, seed: int) -> Page:
    return Page(scene=scene, prompt=prompter.prompt(scene, cast), seed=seed)


def _moved(page: Page, number: int, before: Look, after: Look) -> int:
    """A page that was drawn anew by wish keeps its own seed."""
    return page_seed(after, number) if page.seed == page_seed(before, number) else page.seed
