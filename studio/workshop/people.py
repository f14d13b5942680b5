"""What the workshop does for characters: from photos to a hero, and all that can be seen and chosen there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..adapters.shelf import Shelf
from ..errors import BadAdapter, BadInput, NotFound
from ..jobs.queue import JobQueue
from ..library.characters import Character, Characters
from ..library.clock import use
from ..library.consent import Consent, Consents, Purpose
from ..library.library import Library
from ..library.members import home_of, members
from ..library.thumbnails import thumbnail
from ..models.table import base_model, teachable_model
from ..progress import Progress, Work
from ..safety.confirmations import Confirmations, What
from ..settings import Settings, load_settings
from ..training.crew import crew
from ..training.measure import Estimate
from ..training.moment import Moment
from ..training.recipe import Changes
from . import album, forecast, heroes, scoring, teaching
from .admission import Admission
from .easel import Easel
from .guard import Guard, mark
from .painter import NewPainter
from .teaching import Begun
from .wardrobe import Wardrobe


class People:
    """The part of the workshop that knows characters; it opens the rooms for the other parts too."""

    def __init__(self, settings: Settings | None = None, illustrator: NewPainter | None = None) -> None:
        """`illustrator` draws the pictures in place of the model, for who measures the house without it."""
        self.settings = settings or load_settings()
        self._illustrator = illustrator
        self._library = Library(self.settings)
        self._characters = Characters(self.settings)
        self._shelf = Shelf(self.settings)
        self._wardrobe = Wardrobe(self.settings)
        self._guard = Guard(self.settings)
        self._easel = Easel(self.settings, self._library, self._wardrobe, illustrator, self._guard)
        self._queue = JobQueue(self.settings)

    # Who it serves

    _admission: Admission | None = None  # of a person who signed in

    def of(self, person: str) -> Self:
        """The workshop in the home of one person, whose work takes turns with that of others: nothing that is not theirs can even
        be named. An administrator works in the house. Raises NotFound for what is nobody's id, NotAllowed for who was let go."""
        if self._admission and self._admission.person != person:
            raise NotFound("There is nobody here with the id '{id}'.", id=person[:64])
        admission = Admission(self.settings, person)
        found = admission.member()
        mine = type(self)(home_of(self.settings, found), self._illustrator)
        mine._easel.share(self._easel)
        mine._queue = self._queue.of(person, found.administrator, found.most_jobs)
        mine._admission = admission
        return mine

    def everyone(self) -> Iterator[Self]:
        """This workshop and, if it is the house's, those of all who have a home in it, whether or not they may still come in."""
        yield self
        if not self.settings.owner and not self._admission:
            for one in members(self.settings):
                if not one.administrator:
                    theirs = type(self)(home_of(self.settings, one), self._illustrator)
                    theirs._queue = self._queue.of(one.id)
                    yield theirs

    if not TYPE_CHECKING:  # with it, a type checker would believe in every misspelt name

        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            if name.startswith("_") or not callable(found):
                return found
            admission = super().__getattribute__("_admission")
            return admission.asked(name, found) if admission else found

    # Who agreed

    def consent(self, id: str) -> Consent | None:
        """Who agreed that somebody's photos are used, and what for; none when nobody did, or no more. Raises NotFound."""
        return self._consents.current(id)

    def consents(self, id: str) -> tuple[Consent, ...]:
        """Every word that was given for somebody, the newest last. Raises NotFound."""
        return self._consents.history(id)

    def give_consent(self, id: str, consent: Consent) -> Consent:
        """Notes who agreed to what, in place of what was agreed before. Raises NotFound, BadInput, NoRoom."""
        return self._consents.give(id, consent)

    def _agreed(self, adapters: Iterable[str], purpose: Purpose) -> None:
        """Passes when all people among these, and those who were baked into them, may be used so. Raises NoConsent."""
        self._consents.require(self._wardrobe.people(adapters), purpose)

    @property
    def _consents(self) -> Consents:
        return Consents(self.settings)

    # Whoever is a child

    def confirm(self, what: What, of: str, by: str) -> None:
        """Notes that the grown-up called `by` answers for an adapter or a model beside a child, for looking at the pictures of a
        model first, or for pictures like photos of a character. Raises NotFound, BadInput, NoRoom."""
        of = of if what in ("model", "pictures") else self.known_as(of)
        named = mark(self._shelf.card(of)) if what == "adapter" else of
        Confirmations(self.settings).confirm(what, named, by)

    def has_child(self, adapters: Iterable[str]) -> bool:
        """Whether a child is among those that are worn, so that the lock is on."""
        return bool(self._guard.children(adapters))

    # Photos

    def characters(self) -> tuple[Character, ...]:
        return self._characters.all()

    def character(self, id: str) -> Character:
        return self._characters.get(id)

    def known_character(self, name: str) -> Character | None:
        """The character of that name, if there is one. Raises BadInput for a name without a letter."""
        return self._characters.find(name)

    def known_as(self, name: str) -> str:
        """The id of the character or style of this name or id; the name itself where there is none. Raises BadInput."""
        return self._wardrobe.known_as(name)

    def begin_character(
        self,
        name: str,
        kind: str,
        photos: Sequence[tuple[str, bytes]],
        class_word: str | None = None,
        consent: str | Consent = "",
    ) -> Begun:
        """A new character from photos (file name, bytes), not taught yet; `consent` says who agreed, needed for a person: a
        record of it, or one sentence, which allows to draw and to print. Raises BadInput, BadPhoto."""
        return teaching.begin(self._characters, name, kind, photos, class_word or "", consent)

    def photos(self, id: str) -> tuple[Path, ...]:
        """The character's photos."""
        return self._characters.photos(self._characters.get(id).id)

    def small_photos(self, id: str) -> Mapping[str, Path]:
        """By the name of each photo's file a JPEG of at most 60 KB of it; one that is damaged is left out."""
        return self._small(id, self.photos(id))

    def keep_photo(self, id: str, file: str, kept: bool) -> Character:
        """Takes a photo in or leaves it out of what is learnt from, whatever the coach thought. Raises NotFound."""
        return album.keep_photo(self._characters, id, file, kept)

    def cut_photo(self, id: str, file: str, box: tuple[float, float, float, float], whole: bool = False) -> Character:
        """Looks for the character in that part of a photo only (left, top, right, bottom as shares); with `whole` all of
        that part is taken for them. Raises NotFound, BadInput.
        """
        return album.cut_photo(self._characters, id, file, box, whole)

    def cut_preview(self, id: str, file: str) -> bytes:
        """A PNG of the photo, 256 px at most, in which all but the character is faint."""
        return album.cut_preview(self._characters, id, file)

    # Teaching

    def train_character(
        self, id: str, effort: str = "good", resume: bool = False, model: str = "pocket", **changes: int
    ) -> Work[Character]:
        """Teaches the studio to draw the character, and draws their portraits. `changes` are fields of Changes: steps, rank
        and pace in place of those that follow from the effort.
        """
        use(self._characters.folder(self._characters.get(id).id))
        character = yield from teaching.teach(self.settings, id, effort, resume, model, Changes(**changes))
        yield from self._portrayed(id, effort)
        return character

    def follow_training(self, effort: str = "good", model: str = "pocket", **changes: int) -> Work[None]:
        """For a process that `accelerate launch` started beside one that teaches: learns its part, and ends the process.
        Gives nothing at once where this process leads.
        """
        if not crew().leads:
            yield from teaching.follow(self.settings, effort, model, Changes(**changes))
            crew().leave()

    def begun_training(self, id: str) -> float:
        """How much of a training that was stopped is done, 0..1; 0 when none is waiting to go on."""
        return heroes.begun(self._characters, id)

    def forget_training(self, id: str) -> None:
        """Lets go of a training that was stopped, so that the next one begins anew; what was taught before stays."""
        heroes.forget(self._characters, id)

    def estimate_training(self, id: str, effort: str, model: str = "pocket") -> Estimate | None:
        """Seconds and memory that teaching will take on this machine; nothing before `measure_machine` was done once."""
        return forecast.estimated(self.settings, self._characters, id, effort, base_model(model))

    def measure_machine(self, model: str = "pocket") -> Work[None]:
        """Trains a few steps on noise, so that `estimate_training` can tell."""
        return forecast.measured(self.settings, teachable_model(model))

    def submit_training(self, character_id: str, effort: str = "good", **changes: int) -> str:
        """Asks the worker to teach the character; gives the job's id. Raises BadInput for changes that cannot be used."""
        Changes(**changes).check()
        self._agreed([character_id], "train")
        return self._queue.submit("train", self._characters.get(character_id).id, {"effort": effort, **changes})

    def submit_measuring(self, model: str = "pocket") -> str:
        return self._queue.submit("measure", teachable_model(model).key)

    def _train_on(self, id: str, effort: str, **changes: int) -> Work[Character]:
        """Goes on from the checkpoint of a killed worker; one of a training with other photos or effort is let go."""
        use(self._characters.folder(self._characters.get(id).id))
        try:
            character = yield from teaching.teach(self.settings, id, effort, True, "pocket", Changes(**changes))
        except BadAdapter:  # the training itself went wrong; to do it all again would end the same
            raise
        except BadInput:
            character = yield from teaching.teach(self.settings, id, effort, False, "pocket", Changes(**changes))
        yield from self._portrayed(id, effort)
        return character

    # The hero

    def moments(self, id: str) -> tuple[Moment, ...]:
        """The moments of the latest training, the earliest first; those of one that is going on, so far."""
        return heroes.moments(self._characters, id)

    def moment_pictures(self, id: str, step: int) -> tuple[Path, ...]:
        """The pictures that were drawn at a moment of the training."""
        return heroes.pictures(self._characters, id, step)

    def training_report(self, id: str) -> Mapping[str, Any] | None:
        """What the latest finished training did: recipe, losses, moments, seconds, memory; nothing before there is one."""
        return heroes.report(self._characters, id)

    def choose_moment(self, id: str, step: int) -> Character:
        """Wears the hero as they were at another moment. The portraits are to be drawn anew. Raises NotFound."""
        return heroes.choose_moment(self.settings, id, step)

    def draw_portraits(self, id: str, quick: bool = False) -> Work[tuple[Path, ...]]:
        """A taught character in eight scenes that the photos never showed; drawn before, they are only found again."""
        card = self._shelf.card(self._characters.get(id).id)
        return self._easel.draw_portraits(card, self._characters.portraits(card.id), quick)

    def submit_portraits(self, id: str) -> str:
        return self._queue.submit("portraits", self._characters.get(id).id)

    def portraits(self, id: str) -> tuple[Path, ...]:
        """What `draw_portraits` drew of the character; empty before it is taught."""
        return tuple(sorted(self._characters.portraits(self._characters.get(id).id).glob("*.png")))

    def small_portraits(self, id: str) -> tuple[Path, ...]:
        """JPEGs of at most 60 KB of the portraits."""
        return tuple(self._small(id, self.portraits(id)).values())

    def _small(self, id: str, pictures: Sequence[Path]) -> dict[str, Path]:
        folder = self._characters.thumbnails(self._characters.get(id).id)
        small = {picture.name: thumbnail(picture, folder) for picture in pictures}
        return {name: path for name, path in small.items() if path}

    def _portrayed(self, id: str, effort: str) -> Work[None]:
        """Draws the portraits at the end of a teaching, whose bar stays full meanwhile."""
        for step in self.draw_portraits(id, quick=effort == "draft"):
            yield Progress(step.total, step.total, step.note)

    def evaluate_adapter(self, id: str) -> Work[dict[str, Any]]:
        """Likeness, obedience, leak and copying of a taught character, or what a style changes, measured anew. Raises NotFound."""
        return scoring.evaluate(self._easel, self._characters, self._shelf.card(id))

    def _stop_work_for(self, target: str) -> None:
        for job in self._queue.live():
            if job.target == target:
                self._queue.cancel(job.id)
