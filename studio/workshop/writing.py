"""What the workshop does for stories: read, planned, told by a language model, changed page by page, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..adapters.card import LoraSet
from ..errors import BadInput
from ..models.table import base_model
from ..progress import Progress, Work
from ..publishing.book import Book, Look
from ..rendering.pace import check_pace
from ..settings import SAMPLES
from ..story.guide import guide_for
from ..story.llm.server import Server
from ..story.merge import Given, settled, window
from ..story.reader import cleaned, read_story, read_story_file
from ..story.scene import Cast, Scene
from ..story.story import Language, Story
from ..story.writer import find_cast, write_scenes
from . import dictation, making, pagination, recasting, retelling
from .learning import Learning
from .making import Prompter

if TYPE_CHECKING:
    from ..story.llm.cost import Cost
    from ..story.llm.ledger import Bill, Entry


class Writing(Learning):
    """The part of the workshop that knows stories."""

    def read_story(
        self, text: str, title: str = "", language: Language | None = None, author: str = "", dedication: str = ""
    ) -> Story:
        """The story in a pasted text. Raises BadStory."""
        return read_story(text, title, language, author, dedication)

    def read_story_file(self, name: str, raw: bytes) -> Story:
        """The story in a .txt, .md, .docx, .epub or .pdf file. Raises BadStory."""
        return read_story_file(name, raw)

    def sample_story(self, language: Language) -> Story:
        """The story that ships with the studio."""
        path = SAMPLES / f"story_{language}.txt"
        return read_story_file(path.name, path.read_bytes())

    def plan(self, story: Story, pages: int = 8) -> tuple[Cast, tuple[Scene, ...]]:
        """Who is in the story, and one scene for each page, by the plain writer. Raises BadStory."""
        cast = find_cast(story)
        return cast, write_scenes(story, cast, pages)

    # A book from a story

    def begin_book(
        self,
        story: Story,
        pages: int = 8,
        characters: LoraSet = (),
        styles: LoraSet = (),
        seed: int = 1,
        model: str = "pocket",
        reuse: bool = False,
        pace: str = "exact",
    ) -> Book:
        """A new book on the shelf, written by the plain writer but not drawn. Raises BadStory, NotFound, NotReady, BadInput.

        With `reuse`, the book that was begun before with all the same, if there is one, with what it has of pictures.
        """
        base = base_model(model)
        look = Look(
            model, characters, styles, steps=base.steps, guidance=base.guidance, seed=seed, pace=check_pace(pace)
        )
        prompter = self._prompter(look)
        cast, scenes = self.plan(story, pages)
        new = making.new_book(story, cast, scenes, look, prompter)
        self._guard.book(new)
        same = (book for book in self._library.books() if reuse and making.same_wish(book, new))
        return next(same, None) or self._library.add(new)

    def split_book(self, id: str, story: Story, pages: int) -> Book:
        """The book with its story split anew, in its look; pictures of unchanged pages stay. Raises BadStory."""
        return self._change(id, "split", lambda book, prompter: _split(book, story, self.plan(story, pages), prompter))

    def rename_book(self, id: str, title: Given) -> Book:
        """Raises BadInput for a title without a letter, Clash."""

        def change(book: Book) -> Book:
            new = " ".join(settled(title, book.title).split())
            if not new:
                raise BadInput("A book needs a title. Give it one or more words; the old title is kept.")
            return replace(book, title=new)

        return self._library.change(id, change, f"title {window(title)}")

    def sign_book(self, id: str, author: Given | None = None, dedication: Given | None = None) -> Book:
        """The book with this author, this dedication, or both. Raises Clash."""

        def change(book: Book) -> Book:
            story = book.story
            by = story.author if author is None else " ".join(settled(author, story.author).split())
            to = story.dedication if dedication is None else cleaned(settled(dedication, story.dedication))
            return replace(book, story=replace(story, author=by, dedication=to))

        return self._library.change(id, change, f"author {window(author or '', dedication or '')}")

    # Pages

    def edit_page(self, id: str, number: int, **changes: Any) -> Book:
        """The page with other words of its Scene (text, who, action, place, …); the picture may become out of date.
        Words as they were typed join what was written meanwhile. Raises NotFound, Clash."""

        def change(book: Book, prompter: Prompter) -> Book:
            scene = making.page_of(book, number).scene
            return making.change_scene(book, number, retelling.changes_of(scene, changes), prompter)

        return self._change(id, f"{' '.join(changes)} {number} {window(*changes.values())}", change)

    def dress(self, id: str, number: int, name: str, clothes: Given) -> Book:
        """The page with somebody in other clothes there. Raises NotFound, Clash."""

        def change(book: Book, prompter: Prompter) -> Book:
            scene = making.page_of(book, number).scene
            bearings = retelling.dressed(scene, name, clothes)
            return making.change_scene(book, number, {"bearings": bearings}, prompter)

        return self._change(id, f"bearings {number} {window(clothes)}", change)

    def edit_translation(self, id: str, number: int, text: Given) -> Book:
        """The page with other words in the second language. Raises NotFound, Clash."""

        def change(book: Book) -> Book:
            page = making.page_of(book, number)
            told = replace(page, translation=settled(text, page.translation))
            self._guard.book(changed := making.put_page(book, number, told), (number,))
            return changed

        return self._library.change(id, change, f"translation {number} {window(text)}")

    def speak_second(self, id: str, language: Language | None) -> Book:
        """The book with a second language beside the first, or without one; what was written in it stays."""
        return self._library.change(id, lambda book: replace(book, second_language=language), "second language")

    def page_sentences(self, book: Book) -> tuple[tuple[str, ...], ...]:
        """The sentences of every page."""
        return tuple(pagination.sentences_of(page.scene.text, book.story.language) for page in book.pages)

    def move_break(self, id: str, number: int, sentences: int) -> Book:
        """Moves sentences over the end of page `number`, from the next page or, if negative, to it. Raises BadInput, NotFound."""
        return self._change(
            id, f"break {number}", lambda book, prompter: pagination.move_break(book, number, sentences, prompter)
        )

    def join_pages(self, id: str, number: int) -> Book:
        """Makes page `number` and the next one page. Raises NotFound."""
        return self._change(id, f"join {number}", lambda book, prompter: pagination.join_pages(book, number, prompter))

    def cut_page(self, id: str, number: int) -> Book:
        """Makes two pages of page `number`. Raises NotFound, BadInput."""
        return self._change(id, f"cut {number}", lambda book, prompter: pagination.cut_page(book, number, prompter))

    def undo(self, id: str) -> Book:
        """Takes the newest change back; pictures that fit the pages are found again."""
        self._library.undo(id)
        return self._easel.settle(id)

    def can_undo(self, id: str) -> bool:
        """Whether there is a change that can be taken back."""
        return self._library.can_undo(id)

    def prompt_languages(self, book: Book) -> tuple[Language, ...]:
        """The languages that the book's image model reads."""
        return guide_for(base_model(book.look.model).family).languages

    # The cast

    def describe_role(self, id: str, name: str, **changes: Any) -> Book:
        """The book with other fields of a Role (kind, clothes, look, drawn); whoever played it leaves it. Raises NotFound."""

        def change(book: Book, prompter: Prompter) -> Book:
            return recasting.recast(book, name, {"character": "", "drawn": True} | changes)

        return self._recast(id, name, change)

    def bind_role(self, id: str, name: str, character: str) -> Book:
        """The book with a trained character in a role. Raises NotFound, NotReady, BadInput."""

        def change(book: Book, prompter: Prompter) -> Book:
            return recasting.recast(book, name, {"character": character, "drawn": True})

        return self._recast(id, name, change)

    def _recast(self, id: str, name: str, edit: Callable[[Book, Prompter], Book]) -> Book:
        return self._change(id, f"cast {name}", edit, recasting.worn_as_cast)

    # A language model

    def language_model(self) -> Server:
        """The one that the person chose. Raises NotReady."""
        return dictation.server(self.settings)

    def language_model_at_hand(self) -> Server:
        """The one that the person chose, or else the first that answers on this computer. Raises NotReady."""
        return dictation.server_at_hand(self.settings)

    def found_language_models(self) -> Mapping[str, tuple[str, tuple[str, ...]]]:
        """The servers that answer on this computer: name → address and models."""
        return dictation.found()

    def choose_language_model(self, server: Server) -> None:
        """Keeps the choice; an empty key keeps the one that is there. Raises BadInput, NotReady for one that is not allowed here, NoRoom."""
        dictation.choose(self.settings, server)

    def forget_language_model(self) -> None:
        """Lets go of the choice and of its key."""
        dictation.forget(self.settings)

    def try_language_model(self) -> Work[str]:
        """Asks the chosen model for a few words, to see whether it works; gives them. Raises NotReady, NoAnswer."""
        return dictation.try_out(self.settings)

    def writing_cost(self, book: Book, pages: int) -> Cost:
        """What having the book's scenes written will take. Raises NotReady, BadStory."""
        return dictation.planner(self.settings, self._real_names()).keep_cost(book.story, book.cast, pages)

    def what_left(self, limit: int = 50) -> tuple[Entry, ...]:
        """The latest requests to a language model, byte for byte, newest first."""
        return dictation.ledger(self.settings).entries(limit)

    def bills(self) -> tuple[Bill, ...]:
        """What all writing by language models took in the end, newest first."""
        return dictation.ledger(self.settings).bills()

    def forget_what_left(self) -> None:
        """Clears the list of requests."""
        dictation.ledger(self.settings).clear()

    def submit_writing(self, id: str, task: str, **order: str | int) -> str:
        """Asks the worker for a `task` of dictation.TASKS with its order; gives the job's id."""
        dictation.check(task, order)
        self._may_be_told(self._library.book(id))
        self._guard.words(map(str, order.values()), self._wears(id), drawn=False)
        return self._queue.submit("write", self._library.book(id).id, {"task": task, **order})

    def write_book(self, id: str, task: str = "keep", **order: Any) -> Work[Book]:
        """Has the book, or a page of it, written by the language model. Progress counts pages. The book changes only when
        the whole answer is there and fits. Raises NotReady, NoAnswer, BadStory, BadInput, NoRoom."""
        dictation.check(task, order)
        book = self._library.book(id)
        self._may_be_told(book)
        self._guard.words(map(str, order.values()), self._wears(id), drawn=False)
        planner = dictation.planner(self.settings, self._real_names())
        with closing(dictation.write(planner, book, task, order, self._library.draft(id))) as work:
            change = yield from work
        done = self._change(id, f"{task} {order.get('number', '')}", change)
        yield Progress(len(done.pages), len(done.pages))
        return done

    def evaluate_writer(self, writer: str = "plain") -> Work[dict[str, Any]]:
        """How well a writer, "plain" or "llm", tells who is on each page and where, on stories with a key made by hand."""
        return dictation.evaluate(self.settings, writer)

    def draft(self, id: str) -> tuple[str, ...]:
        """The words of the pages that a language model has written so far, while it is at work."""
        return dictation.draft(self._library.draft(id))

    def _may_be_told(self, book: Book) -> None:
        """Passes when the language model is on this computer, or everybody in the book agreed that their stories go to it."""
        if dictation.goes_out(self.settings):
            self._agreed(making.people_in(book), "language model")

    def _real_names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self._characters.all())

    # How changes reach the shelf

    def _change(
        self,
        id: str,
        label: str,
        edit: Callable[[Book, Prompter], Book],
        then: Callable[[Book, Prompter], Book] | None = None,
    ) -> Book:
        """A change by the person, which can be taken back; prompts are made as the book's look asks."""

        def change(book: Book) -> Book:
            changed = edit(book, self._prompter(book.look))
            done = then(changed, self._prompter(changed.look)) if then else changed
            self._guard.book(done, making.changed_pages(book, done))
            return done

        return self._library.change(id, self._easel.settling(id, change), label)

    def _wears(self, id: str) -> tuple[str, ...]:
        """What the book wears."""
        return tuple(one.adapter for one in self._library.book(id).look.worn)

    def _prompter(self, look: Look) -> Prompter:
        return self._wardrobe.prompter(look)


def _split(book: Book, story: Story, plan: tuple[Cast, tuple[Scene, ...]], prompter: Prompter) -> Book:
    signed = replace(
        story, author=story.author or book.story.author, dedication=story.dedication or book.story.dedication
    )
    cast, scenes = plan
    new = making.new_book(signed, making.as_before(cast, book.cast), scenes, book.look, prompter)
    return making.in_place_of(book, new, story.title)
