"""One method per step of the work. Each is thin: it finds the room that does the work and passes it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..errors import NotFound, StudioError
from ..jobs.job import Job, WorkerState
from ..jobs.rescue import damaged_before
from ..library.thumbnails import thumbnail
from ..models.conversion import Converted
from ..models.memory import MemoryPlan
from ..models.table import BaseModel, any_model, base_model
from ..progress import Work
from ..publishing.book import Book
from . import house, making, stock
from .easel import PageState
from .household import Household
from .mixing import MixingDesk, Trial
from .stock import Stocked

JOBS_KEPT_DAYS = 30  # after they were over


class Workshop(Household):
    """The studio on one home. Methods that return `Work` are generators of progress; the others answer at once."""

    # Books

    def books(self) -> tuple[Book, ...]:
        """The books that can be opened, newest first."""
        return self._library.books()

    def damaged_books(self) -> tuple[tuple[str, StudioError], ...]:
        """Id of each book that cannot be opened, and why."""
        return self._library.damaged()

    def book(self, id: str) -> Book:
        return self._library.book(id)

    def change_look(self, id: str, **changes: Any) -> Book:
        """The book with other fields of its Look (characters, styles, seed, model, steps, guidance)."""

        def change(book: Book) -> Book:
            look = replace(book.look, **changes)
            changed = making.change_look(book, look, self._prompter(look))
            self._guard.book(changed, making.changed_pages(book, changed))
            return changed

        return self._library.change(id, self._easel.settling(id, change), f"look {' '.join(changes)}")

    def try_style(self, id: str, style: str) -> Work[tuple[Trial, ...]]:
        """One page of the book with its hero and the style at nine pairs of strengths, and how much is left of both."""
        return self._mixing.try_style(id, style)

    def submit_trials(self, id: str, style: str) -> str:
        book, card = self._library.book(id), self._shelf.card(style)
        self._guard.company(base_model(book.look.model), (*self._wears(id), card.id))
        return self._queue.submit("try", book.id, {"style": card.id})

    def trials(self, book: Book, style: str) -> tuple[Trial, ...]:
        """What `try_style` drew for the book as it is now; empty before."""
        return self._mixing.trials(book, style)

    def trial_picture(self, book: Book, style: str, trial: Trial) -> Path:
        """A JPEG of at most 60 KB of a trial."""
        picture = self._mixing.picture(book, style, trial)
        return thumbnail(picture, picture.parent / "thumbnails") or picture

    def trash_book(self, id: str) -> None:
        """Stops what is being done for the book and moves it to the trash."""
        self._library.book(id)
        self._stop_work_for(id)
        self._library.trash(id)

    def restore_book(self, id: str) -> Book:
        return self._library.restore(id)

    def trashed_books(self) -> tuple[Book, ...]:
        return self._library.trashed()

    def picture(self, book: Book, number: int) -> Path | None:
        """The page's newest picture, which may be out of date."""
        name = making.page_of(book, number).picture
        path = self._library.pictures(book.id) / name
        return path if name and path.is_file() else None

    def thumbnail(self, book: Book, number: int) -> Path | None:
        """A JPEG of at most 60 KB of the page's picture."""
        picture = self.picture(book, number)
        return thumbnail(picture, self._library.thumbnails(book.id)) if picture else None

    def page_state(self, book: Book, number: int) -> PageState:
        """Whether the page's picture is there and still shows what the page asks for."""
        making.page_of(book, number)
        return self.page_states(book)[number - 1]

    def page_states(self, book: Book) -> tuple[PageState, ...]:
        """`page_state` of all pages for the price of one."""
        return self._easel.states(book)

    def held_pages(self, book: Book) -> tuple[int, ...]:
        """The numbers of the pages whose picture was held back, so that there is none to show or print; see `library.held`."""
        return self._easel.held(book)

    # Work

    # The queue

    def submit_drawing(self, id: str) -> str:
        """Asks the worker for the book's missing pictures; gives the job's id."""
        book = self._library.book(id)
        self._agreed((worn.adapter for worn in book.look.worn), "train")
        self._guard.to_draw(book)
        return self._queue.submit("draw", book.id)

    def jobs(self, limit: int = 50, offset: int = 0) -> tuple[Job, ...]:
        """The latest jobs, newest first, after `offset` newer ones."""
        return self._queue.jobs(limit, offset)

    def live_jobs(self) -> tuple[Job, ...]:
        """The jobs that wait or run, newest first."""
        return self._queue.live()

    def line(self) -> tuple[Job, ...]:
        """The same of everybody, those of others without a name: how long the queue is."""
        return self._queue.line()

    def job(self, id: str) -> Job:
        return self._queue.job(id)

    def cancel(self, job_id: str) -> Job:
        return self._queue.cancel(job_id)

    def pause(self, job_id: str) -> Job:
        """Stops the work until it is resumed; what it has finished is kept. Raises NotFound."""
        return self._queue.pause(job_id)

    def resume(self, job_id: str) -> Job:
        """Asks again for work that was paused, cancelled or failed: a new job, which goes on where that one stood."""
        return self._queue.resume(job_id)

    def workers(self) -> tuple[WorkerState, ...]:
        """What each worker that is alive does now."""
        return self._queue.workers()

    def damaged_lists(self) -> tuple[str, ...]:
        """The names of lists of jobs that were damaged and set aside, newest first."""
        return () if self.settings.owner else damaged_before(self.settings)

    def worker_alive(self) -> bool:
        return self._queue.worker_alive()

    def worker(self) -> WorkerState:
        """What the worker does now."""
        return self._queue.worker()

    def perform(self, kind: str, target: str, arguments: Mapping[str, Any], person: str = "") -> Work[str]:
        """Does a job of the queue, as the worker asks, in the home of whoever asked for it; gives the name of the file it made, if
        any."""
        if person:
            return (yield from self.of(person).perform(kind, target, arguments))
        if kind == "export":
            return (yield from self.export_book(target, **arguments)).file.name
        works: dict[str, Callable[..., Work[Any]]]
        works = {
            "draw": self.draw_book,
            "sketch": self._easel.sketch_book,
            "pages": self._easel.draw_pages,
            "tidy": self._tidy_up,
            "redo": self.redo_page,
            "candidates": self.draw_candidates,
            "train": self._train_on,
            "portraits": self.draw_portraits,
            "picture": self._draw_wish,
            "measure": self.measure_machine,
            "assess": self.measure_book,
            "try": self.try_style,
            "bring": self._bring,
            "prepare": self._prepare_received,
            "fit": self._fit_on,
            "tryout": self._try_out,
            "lab": self._experiment,
            "write": self.write_book,
            "download": self.get_model,
            "import": self._import_laid,
            "unpack": self._unpack,
        }
        if kind not in works:
            raise NotFound("This studio does not know the work '{kind}'. Update the studio and ask again.", kind=kind)
        yield from works[kind](target, **arguments)
        return ""

    def in_pieces(
        self, kind: str, target: str, arguments: Mapping[str, Any], person: str = ""
    ) -> tuple[tuple[str, dict[str, str]], ...]:
        """In which pieces the queue does a job, each of them work that `perform` knows; none for a job that is one piece."""
        if person:
            return self.of(person).in_pieces(kind, target, arguments)
        if kind != "draw":
            return ()
        pages = tuple(("pages", {"numbers": " ".join(map(str, some))}) for some in self._easel.undrawn(target))
        return (*((("sketch", {}),) if pages else ()), *pages, ("draw", {}))

    def _tidy_up(self, _target: str) -> Work[None]:
        for studio in self.everyone():
            yield from studio.tidy()
        self._queue.tidy(datetime.now(UTC) - timedelta(days=JOBS_KEPT_DAYS))

    @property
    def _mixing(self) -> MixingDesk:
        return MixingDesk(self._easel, self._library, self._wardrobe, self._characters, self._shelf)

    # The house

    def storage(self) -> dict[str, int]:
        """Bytes taken by each kind of thing in the home: books, characters, adapters, models, trash."""
        return house.storage(self.settings)

    def evaluate_pocket(self) -> Work[dict[str, Any]]:
        """How well the embedded model draws what is asked, measured anew."""
        from ..pocket.evaluation import evaluate_pocket

        return evaluate_pocket(self.settings)

    def models(self) -> tuple[tuple[BaseModel, bool], ...]:
        """The models that the studio knows, each with whether it is on this computer."""
        return house.models(self.settings)

    def stock(self) -> tuple[Stocked, ...]:
        """The same and what helps them, each with what it takes on the disk and how this machine would draw with it."""
        return stock.stock(self.settings)

    def memory_plan(self, book: Book) -> MemoryPlan:
        """How this machine would draw the pages of a book, and whether they fit."""
        return stock.plan_for(book, self.settings)

    def get_model(self, key: str) -> Work[Path]:
        """Downloads a model, because the person asked for it. Progress counts megabytes; stopped, it goes on later."""
        return stock.get(key, self.settings)

    def submit_download(self, key: str) -> str:
        return self._queue.submit("download", any_model(key).key)

    def import_model(self, file: Path, title: str, convert: bool = False) -> Work[BaseModel]:
        """Takes in a whole model of Stable Diffusion in one file, under a name of the person's own."""
        return stock.bring(file, stock.check_title(title), self.settings, convert)

    def laid_models(self) -> tuple[str, ...]:
        """The names of single files that wait in the folder of the models to be taken in."""
        return () if self.settings.owner else stock.laid_files(self.settings)

    def submit_import(self, name: str, title: str) -> str:
        return self._queue.submit("import", name, {"title": stock.check_title(title)})

    def _import_laid(self, name: str, title: str) -> Work[BaseModel]:
        return stock.bring_laid(name, title, self.settings)

    def remove_model(self, key: str) -> int:
        """Deletes a model that was brought; gives how many bytes are free again. Pictures drawn with it stay."""
        self._stop_work_for(key)
        return stock.throw_out(key, self.settings)

    def convert_model(self, file: Path, out: Path | None = None) -> Work[Converted]:
        """The weights of a pickled file as .safetensors, made where nothing in the file can run. Raises BadInput, NoRoom."""
        return house.convert_model(file, out)
