"""From the pages of a book to picture files and back: what is missing is drawn, and each picture noted at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..adapters.card import AdapterCard, LoraSet, Worn
from ..errors import ChildBlock, StudioError
from ..files import atomic_write, private_folder
from ..library.held import FOLDER, is_held
from ..library.library import Library
from ..library.seals import make_way, seal, unsealed, whole
from ..models.loading import model_folder, model_revision
from ..models.table import BaseModel, base_model
from ..pocket.vocabulary import CALM
from ..progress import Progress, Work
from ..publishing.book import Book, Mend, Page
from ..publishing.provenance import marked
from ..rendering.batching import portions
from ..rendering.drawing import Drawing, Start
from ..rendering.enlarger import LARGER, Enlarger
from ..rendering.notes import put_notes, read_notes
from ..rendering.pace import paced
from ..rendering.parameters import notes_of
from ..rendering.versions import origin_of
from ..safety.checker import Checker
from ..settings import Settings
from . import company
from .guard import Guard
from .hearing import Drawn, hear, hear_page
from .making import Prompter, anew, page_of, put_page
from .painter import NewPainter, Painter, illustrator
from .portraits import SEED, prompts
from .wardrobe import Wardrobe
from .withholding import HELD, Withholding

PageState = Literal["drawn", "missing", "out of date"]


@dataclass(frozen=True, slots=True)
class Todo:
    """What is still to be drawn of a book: page numbers, drawings and names of files, one each; `total` pages in all."""

    model: str
    folder: Path
    numbers: tuple[int, ...]
    drawings: tuple[Drawing, ...]
    names: tuple[str, ...]
    total: int

    @property
    def ready(self) -> int:
        return self.total - len(self.numbers)


class Easel:
    """Where pictures are drawn. Keeps one model warm between drawings; who only looks loads none."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        wardrobe: Wardrobe,
        painter: NewPainter | None = None,
        guard: Guard | None = None,
    ) -> None:
        self._settings = settings
        self._library = library
        self._wardrobe = wardrobe
        self._painter = painter or illustrator
        self._guard = guard or Guard(settings)
        self._stove: list[Painter] = []  # the one that is warm, in a list that the easels of all people share

    def share(self, other: Easel) -> None:
        """Draws with the same model as the other, so that it is in memory once however many people take turns."""
        self._stove = other._stove

    def draw_book(self, id: str) -> Work[Book]:
        """Draws the pages that have no picture or an old one. Progress counts pages."""
        todo = self._todo(self.settle(id))
        yield Progress(todo.ready, todo.total)
        if todo.names:
            work = self.draw(todo.model, todo.drawings, todo.folder, todo.names, previews=True)
            with closing(work):
                yield from self._noting(id, work, todo.ready, todo.total)
        return self.settle(id)

    def undrawn(self, id: str) -> Iterator[Sequence[int]]:
        """The numbers of the pages that have no picture or an old one, those together that are best drawn together. Raises
        NotFound, NotReady, BadInput."""
        todo = self._todo(self._library.book(id))
        yield from portions(todo.numbers, self._at(todo.model).at_once)

    def sketch_book(self, id: str) -> Work[None]:
        """A rough picture of each page that has none yet, to look at until it is drawn, where the model can."""
        todo = self._todo(self._library.book(id))
        children = self._guard.drawings(base_model(todo.model), todo.drawings)
        if self._guard.checker(base_model(todo.model), children):
            return  # a rough picture would be seen before it was looked at
        for step in self._serving(todo.model).sketch(todo.drawings, todo.folder, todo.names):
            yield Progress(todo.ready, todo.total, step.note)

    def draw_pages(self, id: str, numbers: str) -> Work[Book]:
        """Draws some pages, given as in "3 4", as far as they are missing. Progress counts the pages of the book, so that each
        piece tells how far all of it is."""
        todo, asked = self._todo(self._library.book(id)), tuple(map(int, numbers.split()))
        yield Progress(todo.ready, todo.total)
        at = [todo.numbers.index(number) for number in asked if number in todo.numbers]
        if at:
            work = self.draw(todo.model, [todo.drawings[n] for n in at], todo.folder, [todo.names[n] for n in at])
            with closing(work):
                yield from self._noting(id, work, todo.ready, todo.total, asked)
        return self.settle(id, asked)

    def _todo(self, book: Book) -> Todo:
        folder, drawings = self._library.pictures(book.id), self.drawings(book)
        missing = [
            (number, drawing, name)
            for number, drawing in enumerate(drawings, 1)
            if not whole(folder / (name := drawing.file_name(number)))
        ]
        numbers, wanted, names = zip(*missing, strict=True) if missing else ((), (), ())
        if numbers:
            self._guard.book(book, numbers)
        return Todo(book.look.model, folder, numbers, wanted, names, len(drawings))

    def _noting(
        self, id: str, work: Work[tuple[Path, ...]], ready: int, total: int, numbers: Collection[int] = ()
    ) -> Work[None]:
        """Passes the work's progress on, after `ready` pages, and notes each picture in the book as it comes; `numbers` are
        the pages that it may be of."""
        noted = 0
        for step in work:
            if step.done > noted:
                noted = step.done
                self.settle(id, numbers)
                sys.audit("studio.page.noted")
            yield Progress(ready + step.done, total, step.note)

    def redo_page(self, id: str, number: int, seed: int) -> Work[Book]:
        """Draws one page with another seed, all of it, or as it is now with its own; the book changes only when the new
        picture is there."""
        book = self._library.book(id)
        page = page_of(book, number)
        new = page if seed == page.seed else anew(page, seed)
        self._guard.book(book, (number,))
        drawing = self.drawings(put_page(book, number, new))[number - 1]
        name = drawing.file_name(number)
        yield from self.draw(book.look.model, [drawing], self._library.pictures(id), [name])

        def exchange(current: Book) -> Book:
            now = page_of(current, number)
            drawn = now if new.seed == now.seed else anew(now, new.seed)
            return put_page(current, number, self._shown(current, drawn, drawing, self._library.pictures(id) / name))

        # With its own seed the page is as a person left it, who takes back what they did there.
        return self._library.change(id, exchange, f"redo {number} {new.seed}" if new.seed != page.seed else "")

    def draw_picture(self, drawing: Drawing, out: Path, told: bool = False, large: bool = False) -> Work[Drawn]:
        """One free picture in the file `out`, see `draw_pictures`, and what the model made of its words."""
        worn = tuple(Worn(adapter, weight) for adapter, _, weight in drawing.worn)
        heard = hear(drawing.prompt, base_model(drawing.model), self._settings, self._wardrobe.triggers(worn))
        yield from self.draw_pictures([replace(drawing, prompt=heard.prompt)], [out], told, large)
        return Drawn(out, heard.unknown_words, heard.cut_words, heard.calmed)

    def draw_pictures(
        self, drawings: Sequence[Drawing], outs: Sequence[Path], told: bool = False, large: bool = False
    ) -> Work[None]:
        """Free pictures of one model in the files `outs`; what was drawn before with the same numbers is only copied. The files tell
        how they were drawn if `told`; `large` ones have four times the size."""
        folder, enlarger = private_folder(self._settings.home / "pictures"), Enlarger(self._settings)
        once = {drawing.file_name(): drawing for drawing in drawings}
        yield from self.draw(drawings[0].model, [*once.values()], folder, [*once])
        for drawing, out in zip(drawings, outs, strict=True):
            picture = folder / drawing.file_name()
            copy = enlarger.enlarged(picture) if large else picture
            notes = notes_of(drawing, 1 if copy == picture else LARGER) if told else {}
            atomic_write(out, marked(put_notes(copy.read_bytes(), notes)))

    def draw_portraits(self, card: AdapterCard, folder: Path, quick: bool = False) -> Work[tuple[Path, ...]]:
        """The hero in scenes that were not taught, in `folder`, in place of the portraits of a former teaching; `quick` ones
        are drafts where the model has them."""
        worn, model = (Worn(card.id, 1.0),), base_model(card.base_model)
        drawings = [self.drawing(prompt, "", SEED + at, model, worn) for at, prompt in enumerate(prompts(card))]
        if quick and model.draft_steps and (model_folder(model, self._settings) / "drafts").is_dir():
            drawings = [replace(one, draft=True, steps=model.draft_steps, guidance=1.0) for one in drawings]
        names = [drawing.file_name(number) for number, drawing in enumerate(drawings, 1)]
        drawn = yield from self.draw(model.key, drawings, private_folder(folder), names)
        for former in set(folder.glob("*.png")).difference(drawn):
            unsealed(former)
            former.unlink()
        return drawn

    def drawing(self, prompt: str, negative: str, seed: int, model: BaseModel, adapters: LoraSet) -> Drawing:
        """A drawing with the model's own numbers. Raises NotFound, NotReady, BadInput."""
        return Drawing(
            prompt=prompt,
            negative=self._guard.negative(negative, model, (one.adapter for one in adapters)),
            seed=seed,
            width=model.native_size_px,
            height=model.native_size_px,
            steps=model.steps,
            guidance=model.guidance,
            sampler=model.sampler,
            model=model.key,
            revision=model_revision(model, self._settings),
            worn=self._wardrobe.worn(adapters, model.key),
            late=_late(adapters),
            style_only=tuple(one.adapter for one in adapters if one.style_blocks),
            finish=self._wardrobe.finish(adapters),
        )

    def drawings(self, book: Book) -> tuple[Drawing, ...]:
        """What each page of the book asks for, in order. A page of which pocket could be told nothing is a calm scene."""
        model, look = base_model(book.look.model), book.look
        bare = replace(self.drawing("", "", 0, model, look.worn), steps=look.steps, guidance=look.guidance)
        nothing = CALM if model.family == "pocket" else ""
        prompter = self._wardrobe.prompter(look) if len(look.characters) > 1 else None
        asked = (
            replace(
                _dressed(bare, book, page, prompter),
                prompt=_asked(page) or nothing,
                negative=self._guard.negative(page.prompt.negative, model, (one.adapter for one in look.worn)),
                seed=page.seed,
                start=_begun(page.mended),
            )
            for page in book.pages
        )
        return tuple(paced(drawing, look.pace, model) for drawing in asked)

    def settling(self, id: str, change: Callable[[Book], Book]) -> Callable[[Book], Book]:
        """The change, and in the same breath every picture noted that its pages ask for and that is there."""
        folder = self._library.pictures(id)
        return lambda book: self.settled(change(book), folder)

    def settle(self, id: str, numbers: Collection[int] = ()) -> Book:
        """Notes in the book every picture that its pages, or those `numbers` of them, ask for and that is there, drawn now or
        long ago. All pages of a long book take a tenth of a second, which is too much after each."""
        folder = self._library.pictures(id)
        return self._library.change(id, lambda book: self.settled(book, folder, numbers))

    def settled(self, book: Book, folder: Path, numbers: Collection[int] = ()) -> Book:
        """The book with the pictures in `folder` that its pages, or those `numbers` of them, ask for; as it is when what it
        wears is not here."""
        try:
            drawings = self.drawings(book)
        except StudioError:  # told when somebody wants to draw; a change of words must not fail for it
            return book
        for number, drawing in enumerate(drawings, 1):
            if numbers and number not in numbers:
                continue
            name = drawing.file_name(number)
            if whole(folder / name):
                book = put_page(book, number, self._shown(book, page_of(book, number), drawing, folder / name))
        return book

    def _shown(self, book: Book, page: Page, drawing: Drawing, picture: Path) -> Page:
        """The page with its picture, which is sealed first, with what drew it, and with what did not come into it."""
        seal(picture)
        triggers = self._wardrobe.triggers(book.look.worn)
        heard = hear_page(page, base_model(book.look.model), self._settings, triggers)
        origin = page.origin if page.picture == picture.name and page.origin else None
        return replace(
            page,
            picture=picture.name,
            origin=origin or origin_of(drawing, read_notes(picture.read_bytes())),
            unknown_words=heard.unknown_words,
            cut_words=heard.cut_words,
        )

    def states(self, book: Book) -> tuple[PageState, ...]:
        """For each page whether its picture is there and still shows what the page asks for."""
        folder = self._library.pictures(book.id)
        try:
            names = [drawing.file_name(number) for number, drawing in enumerate(self.drawings(book), 1)]
        except StudioError:  # a style or model that is gone: its pictures are as good as they will get
            names = [page.picture for page in book.pages]
        return tuple(_state(folder, page.picture, name) for page, name in zip(book.pages, names, strict=True))

    def draw(
        self, model: str, drawings: Sequence[Drawing], folder: Path, names: Sequence[str], previews: bool = False
    ) -> Work[tuple[Path, ...]]:
        """The pictures' paths, drawn where they are not there yet or were altered, and sealed; see `Illustrator.draw`. Every
        drawing goes this way, so that the guard sees each. Raises ChildBlock too."""
        checker = self._guard.eyes(base_model(model), drawings, folder)
        self._wardrobe.allow(adapter for drawing in drawings for adapter, *_ in drawing.worn)
        for name in names:
            make_way(folder / name)
        self._wardrobe.use(adapter for drawing in drawings for adapter, *_ in drawing.worn)
        if checker:
            drawn = yield from self._draw_and_look(checker, base_model(model), drawings, folder, names)
        else:
            drawn = yield from self._serving(model).draw(drawings, folder, names, previews)
        for picture in drawn:
            seal(picture)
        sys.audit("studio.page.sealed")
        return drawn

    def _draw_and_look(
        self, checker: Checker, model: BaseModel, drawings: Sequence[Drawing], folder: Path, names: Sequence[str]
    ) -> Work[tuple[Path, ...]]:
        """The same, where nobody sees a picture before the checker did; those that it held back before are not drawn again."""
        watching = Withholding(checker.wake(model.title))
        new = watching.begin([folder / name for name in names])
        asked = [one for one in zip(drawings, names, strict=True) if not is_held(folder / one[1])]
        work = self._serving(model.key).draw([drawing for drawing, _ in asked], folder, [name for _, name in asked])
        with closing(work):
            drawn = yield from watching.watch(work, new)
        if len(asked) < len(names):
            raise ChildBlock(HELD, count=len(names) - len(asked))
        return drawn

    def held(self, book: Book) -> tuple[int, ...]:
        """The numbers of the pages whose picture was held back, and that have no other."""
        folder = self._library.pictures(book.id)
        if not (folder / FOLDER).is_dir():
            return ()
        try:
            names = [drawing.file_name(number) for number, drawing in enumerate(self.drawings(book), 1)]
        except StudioError:  # a style or model that is gone: told when somebody wants to draw
            return ()
        return tuple(
            number for number, name in enumerate(names, 1) if is_held(folder / name) and not whole(folder / name)
        )

    def _at(self, model: str) -> Painter:
        """Who draws with that model."""
        if not self._stove or self._stove[0].model.key != model:
            self._stove[:] = [self._painter(base_model(model), self._settings)]
        return self._stove[0]

    def _serving(self, model: str) -> Painter:
        """The same, at work for this home. Only for who holds the device: one draws at a time."""
        painter = self._at(model)
        painter.serve(self._settings)
        return painter


def _dressed(bare: Drawing, book: Book, page: Page, prompter: Prompter | None) -> Drawing:
    """The drawing in what is worn on that page, each of several heroes in a region of their own."""
    if not prompter:
        return bare
    here = company.worn_on(book, page)
    names = {one.adapter for one in here}
    return replace(
        bare,
        worn=tuple(one for one in bare.worn if one[0] in names),
        late=_late(here),
        style_only=tuple(name for name in bare.style_only if name in names),
        regions=company.regions(book, page, prompter),
    )


def _asked(page: Page) -> str:
    """The words of a page's picture, after those of a wish for a part of it."""
    return ", ".join(filter(None, (page.mended.wish if page.mended else "", page.prompt.positive)))


def _begun(mended: Mend | None) -> Start | None:
    return Start(mended.picture, mended.strength, mended.mask) if mended else None


def _late(adapters: LoraSet) -> tuple[float, ...]:
    """The weights from the middle of drawing on, if any of them changes there."""
    late = tuple(one.weight if one.late is None else one.late for one in adapters)
    return late if late != tuple(one.weight for one in adapters) else ()


def _state(folder: Path, picture: str, wanted: str) -> PageState:
    if not picture or not whole(folder / picture):
        return "missing"
    return "drawn" if picture == wanted else "out of date"
