"""A language model's plan of a book: pages with their scenes, or only new words for pages whose scenes stay.

Pages come one after another; each generator yields those that are whole so far and gives the checked plan. Where the author's
words are kept the model never writes them: it says where pages end, and they are cut from the story here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ...errors import BadStory
from ..cast import find_cast
from ..names import names_in
from ..scene import Cast, Scene
from ..splitter import most_pages, page_text, sentences, split_pages
from ..story import Age, Language, Story
from .brief import (
    INVENT,
    KEEP,
    RELEVEL,
    RETELL,
    REWRITE,
    TRANSLATE,
    WORDS_A_PAGE,
    cast_listed,
    messages,
    shown,
    told,
)
from .conversation import Spent, Task, ask
from .cost import ROOM, Cost, cost, tokens_in
from .ledger import Ledger
from .mask import Mask, mask_for
from .server import Server

if TYPE_CHECKING:
    from .shape import Texts

Drafting = Generator[tuple[Scene, ...], None, "Plan"]
MOST_LETTERS = 60_000  # of a story that is sent as a whole; about what small models can read


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is in the book, its pages, and what asking took."""

    cast: Cast
    scenes: tuple[Scene, ...]
    spent: Spent


@dataclass(frozen=True, slots=True)
class Planner:
    """Asks one server. `names` are real names that must not leave beside those in the story: of trained characters."""

    server: Server
    ledger: Ledger
    names: tuple[str, ...] = ()

    def keep(self, story: Story, cast: Cast, pages: int) -> Drafting:
        """Pages in the author's own words. Raises BadStory, NoAnswer, NoRoom."""
        from .reading import Kept

        pieces = _pieces(story, pages)
        mask = self.mask(story.text, cast, story.language)
        reading = Kept(story, cast, mask, pages, pieces)
        return self._draft("plan", self._keep_messages(story, cast, pages), reading, 0)

    def retell(self, story: Story, cast: Cast, pages: int, age: Age, language: Language) -> Drafting:
        """The story told shorter for an age, in a language."""
        from .reading import Told

        mask = self.mask(story.text, cast, story.language)
        material = {**_order(pages, language, age), "cast": cast_listed(cast, mask), "story": mask.hide(_whole(story))}
        reading = Told(cast, mask, pages, language, WORDS_A_PAGE[age], source=story.text)
        return self._draft("retell", messages(told(RETELL, age), material), reading, pages * WORDS_A_PAGE[age])

    def invent(self, idea: str, pages: int, age: Age, language: Language) -> Drafting:
        """A story from an idea."""
        from .reading import Told

        cast = find_cast(Story(idea, language))
        mask = self.mask(idea, cast, language)
        material = {**_order(pages, language, age), "cast": cast_listed(cast, mask), "idea": mask.hide(idea)}
        reading = Told(cast, mask, pages, language, WORDS_A_PAGE[age])
        return self._draft("invent", messages(told(INVENT, age), material), reading, pages * WORDS_A_PAGE[age])

    def relevel(self, scenes: Sequence[Scene], cast: Cast, age: Age, language: Language) -> Generator[str, None, Any]:
        """The same pages in words for another age; gives the texts and what asking took."""
        rules, most = told(RELEVEL, age), WORDS_A_PAGE[age]
        return self._new_texts("relevel", rules, scenes, cast, language, {"age": age}, most)

    def translate(self, scenes: Sequence[Scene], cast: Cast, language: Language) -> Generator[str, None, Any]:
        """The same pages in another language; gives the texts and what asking took."""
        return self._new_texts("translate", TRANSLATE, scenes, cast, language, {}, 0)

    def rewrite(self, scenes: Sequence[Scene], number: int, cast: Cast, wish: str, language: Language) -> Drafting:
        """One page as a wish asks: a plan of that page alone."""
        from .reading import Told

        around = " ".join(scene.text for scene in scenes)
        mask = self.mask(f"{around} {wish}", cast, language)
        near = {at: mask.hide(one.text) for at, one in enumerate(scenes, 1) if abs(at - number) == 1}
        material = {
            "language": language, "cast": cast_listed(cast, mask), "pages": 1, "wish": mask.hide(wish),
            "page": mask.hide(scenes[number - 1].text), "pages_around": near,
        }  # fmt: skip
        reading = Told(cast, mask, 1, language, 150, source=f"{around} {wish}")
        return self._draft("rewrite", messages(REWRITE, material), reading, 150)

    def keep_cost(self, story: Story, cast: Cast, pages: int) -> Cost:
        """What `keep` will take."""
        return cost(self.server, self._keep_messages(story, cast, pages), pages, 0)

    def mask(self, text: str, cast: Cast, language: Language) -> Mask:
        """What hides the names of the cast, of trained characters, and every other name in the text."""
        hero = cast.hero.name if cast.hero else ""
        return mask_for(hero, [*cast.names, *self.names, *names_in(text, language)], text)

    def _keep_messages(self, story: Story, cast: Cast, pages: int) -> Any:
        mask = self.mask(story.text, cast, story.language)
        numbered = [[at, mask.hide(piece)] for at, piece in enumerate(_pieces(story, pages), 1)]
        return messages(KEEP, {"pages": pages, "cast": cast_listed(cast, mask), "sentences": numbered})

    def _draft(self, name: str, said: Any, reading: Any, words: int) -> Drafting:
        sized = round(ROOM * cost(self.server, said, reading.pages, 2 * words).received)
        task = Task(name, said, reading.shape, reading.check, sized)
        asking = ask(self.server, task, self.ledger)
        reply, spent = yield from _each(asking, reading.so_far)
        people, scenes = reading.plan(reply)
        return Plan(people, scenes, spent)

    def _new_texts(
        self,
        name: str,
        rules: str,
        scenes: Sequence[Scene],
        cast: Cast,
        language: Language,
        more: Mapping[str, str],
        most: int,
    ) -> Generator[str, None, tuple[tuple[str, ...], Spent]]:
        from .reading import check_texts, clean
        from .shape import Texts

        texts = [scene.text for scene in scenes]
        mask = self.mask(" ".join(texts), cast, language)
        pages = [{**page, "text": mask.hide(text)} for page, text in zip(shown(scenes), texts, strict=True)]
        said = messages(rules, {"language": language, **more, "pages": pages}, scenes=False)
        check: Callable[[Texts], None] = partial(check_texts, count=len(texts), language=language, most_words=most)
        sized = round(ROOM * 2 * sum(map(tokens_in, texts))) + 40 * len(texts) + 200
        reply, spent = yield from ask(self.server, Task(name, said, Texts, check, sized), self.ledger)
        return tuple(page_text(clean(mask.show(page.text))) for page in reply.pages), spent


def _each(
    asking: Generator[str, None, Any], read: Callable[[str], tuple[Scene, ...]]
) -> Generator[tuple[Scene, ...], None, Any]:
    """The pages in the text so far, each time that more of it has come."""
    known, seen = "", tuple[Scene, ...]()
    try:
        while True:
            text = next(asking)
            if text != known:
                known, seen = text, read(text)
            yield seen
    except StopIteration as end:
        return end.value
    finally:
        asking.close()


def _pieces(story: Story, pages: int) -> tuple[str, ...]:
    """The sentences of a story; where it has fewer than pages, the pages as the plain writer cuts them."""
    text = _whole(story)
    ends = sentences(text, story.language)
    if len(ends) < pages or pages > most_pages(text):
        return split_pages(story, pages)
    return tuple(text[start:end] for start, end in zip([0, *ends], ends, strict=False))


def _whole(story: Story) -> str:
    if len(story.text) > MOST_LETTERS:
        raise BadStory(
            "The story has {count:,} characters; a language model is given up to {most:,}. "
            "Give one chapter of it, or let the plain writer do it.",
            count=len(story.text),
            most=MOST_LETTERS,
        )
    return story.text


def _order(pages: int, language: Language, age: Age) -> dict[str, Any]:
    return {"pages": pages, "language": language, "age": age}
