"""What the workshop does for drawn pages: several pictures to choose from, a wish, a part drawn anew, another style for all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..adapters.card import HERO_FIRST, STYLE_LATER, STYLE_WEIGHT, LoraSet, Worn, in_turn, strength
from ..errors import BadInput, NotReady
from ..library.thumbnails import thumbnail
from ..models.table import base_model
from ..progress import Work
from ..publishing.book import Book, Look, Mend
from ..rendering.preview import FOLDER as PREVIEWS
from ..rendering.starts import keep
from ..story.scene import Cast
from ..story.wishes import Told, Understood, read_wish
from . import dictation, making
from .candidates import Candidate, CandidateDesk
from .making import ANOTHER_TRY, Prompter, page_of
from .writing import Writing

USUAL = 4  # candidates at a time
USUAL_STRENGTH = 0.9  # of a part: high enough for other shapes, low enough to keep the light of the picture


@dataclass(frozen=True, slots=True)
class Granted:
    """What was understood of a wish; whether it changed the scene, and with it the picture's prompt."""

    told: tuple[Told, ...]
    changed: bool
    drawn: bool
    left_out: tuple[str, ...] = ()  # words that found no room in the prompt, or that nothing comes near


class Mending(Writing):
    """The part of the workshop that mends pages."""

    # Candidates

    def candidates(self, book: Book, number: int) -> tuple[Candidate, ...]:
        """The pictures that are there of the page as it is now, the best first, and of those alike the first drawn."""
        found = self._candidates.found(book, number)
        return tuple(sorted(found, key=lambda one: (-(one.score or 0.0), one.part, one.seed)))

    def candidate_picture(self, book: Book, candidate: Candidate) -> Path:
        """A JPEG of at most 60 KB of a candidate."""
        picture = self._candidates.picture(book, candidate)
        return thumbnail(picture, self._library.thumbnails(book.id)) or picture

    def draw_candidates(self, id: str, number: int, count: int = USUAL, seeds: str = "") -> Work[tuple[Candidate, ...]]:
        """Draws so many more pictures of a page, or one with each of these seeds, numbers with spaces between. None is chosen
        yet. Raises NotFound, BadInput."""
        given = [int(seed) for seed in seeds.split()]
        return self._candidates.draw(
            id, number, given or self._candidates.next_seeds(self._library.book(id), number, count)
        )

    def submit_candidates(self, id: str, number: int, count: int = USUAL) -> str:
        """Asks the worker for so many more pictures of a page; gives the job's id. Raises NotFound, BadInput."""
        # The seeds are chosen here, so that a worker that is killed and starts again draws the same pictures.
        seeds = self._candidates.next_seeds(book := self._library.book(id), number, count)
        self._guard.to_draw(book, (number,))
        return self._queue.submit("candidates", id, {"number": number, "seeds": " ".join(map(str, seeds))})

    def choose_candidate(self, id: str, number: int, seed: int, part: bool = False) -> Book:
        """The book with that candidate as the page's picture; `part` of a page of which a part is drawn anew. Raises NotFound."""
        return self._candidates.choose(id, number, seed, part)

    def set_seed(self, id: str, number: int, seed: int) -> Book:
        """The book with another seed for the page. Raises BadInput, NotFound."""
        return self._candidates.reseed(id, number, seed)

    def redo_page(self, id: str, number: int, seed: int | None = None) -> Work[Book]:
        """Draws a page with this seed, its own or another, or with the next of which there is no picture."""
        return self._easel.redo_page(id, number, self._next_seed(id, number) if seed is None else seed)

    def submit_redo(self, id: str, number: int, keep_seed: bool = False) -> str:
        """Asks the worker for a page's picture, with its own seed or the next of which there is none; gives the job's id."""
        # The seed is chosen here, so that a worker that is killed and starts again draws the same picture.
        own = page_of(book := self._library.book(id), number).seed
        self._guard.to_draw(book, (number,))
        return self._queue.submit(
            "redo", id, {"number": number, "seed": own if keep_seed else self._next_seed(id, number)}
        )

    def _next_seed(self, id: str, number: int) -> int:
        """The first seed after the page's own of which there is no picture of all the page."""
        book = self._library.book(id)
        own = page_of(book, number).seed
        seeds = self._candidates.next_seeds(book, number, 2, part=False)
        return next((seed for seed in seeds if seed != own), own + ANOTHER_TRY)

    def previews(self, book: Book, number: int) -> tuple[Path, ...]:
        """The pictures of the page that are being drawn, as far as they are, the newest first."""
        unfinished = (self._library.pictures(book.id) / PREVIEWS).glob(f"{number:02d}-*.jpg")
        return tuple(sorted(unfinished, key=_time, reverse=True))

    def preview(self, book: Book, number: int) -> Path | None:
        """The newest of `previews`."""
        return next(iter(self.previews(book, number)), None)

    # Wishes

    def wish_page(self, id: str, number: int, wish: str) -> Granted:
        """Changes what the page shows as a wish in plain words asks, in English or Vietnamese; draw it anew then.
        Raises BadInput for one that names nothing, NotFound."""
        dictation.check("rewrite", {"number": number, "wish": wish})
        before = self._library.book(id)
        self._guard.words([wish], self._wears(id))
        read = self._read(before, number, wish)
        after = self._change(id, f"wish {number} {wish}", lambda book, prompter: _granted(book, number, read, prompter))
        one, other = page_of(before, number), page_of(after, number)
        asked = (one.prompt.positive, one.prompt.negative) != (other.prompt.positive, other.prompt.negative)
        left_out = tuple(word for word in other.prompt.dropped if word and word not in one.prompt.dropped)
        return Granted(read.told, one.scene != other.scene, asked, left_out)

    def _read(self, book: Book, number: int, wish: str) -> Understood:
        read = read_wish(wish, page_of(book, number).scene, book.cast)
        if not read.told:
            raise BadInput(
                "Nothing in '{wish}' says what the picture should show. Name a time, the weather, a place, a thing, a mood or "
                "somebody, as in 'make it night', 'with a red kite', 'in the rain' or 'without the dog'. The page is as it was.",
                wish=wish.strip(),
            )
        return read

    # Parts

    def mend_page(self, id: str, number: int, mask: bytes, wish: str = "", strength: float = USUAL_STRENGTH) -> Book:
        """The book with a part of a page's picture to be drawn anew: where the mask, a PNG of the picture's size, is white;
        with a `wish` for it. Raises BadInput, NotFound, NotReady."""
        before = self._library.book(id)
        raw, said = self._base(before, number), ""
        _check_mask(mask, raw)
        _check_strength(strength)
        self._guard.words([wish], self._wears(id))
        folder = self._library.pictures(id)
        read = Understood()
        if wish.strip() and base_model(before.look.model).family == "pocket":
            read = self._read(before, number, wish)
        elif wish.strip():
            dictation.check("rewrite", {"number": number, "wish": wish})
            said = " ".join(wish.split())
        mend = Mend(keep(raw, folder), keep(mask, folder), strength, said)

        def change(book: Book, prompter: Prompter) -> Book:
            granted = _granted(book, number, read, prompter)
            page = page_of(granted, number)
            return making.put_page(granted, number, replace(page, mended=mend, seed=page.seed + ANOTHER_TRY))

        return self._change(id, f"mend {number} {mend.mask}", change)

    def _base(self, book: Book, number: int) -> bytes:
        """The bytes of the page's picture."""
        name = page_of(book, number).picture
        path = self._library.pictures(book.id) / name
        if not name or not path.is_file():
            raise NotReady("Page {number} has no picture yet. Draw it first, then paint on it.", number=number)
        return path.read_bytes()

    # All pages

    def restyle_book(self, id: str, style: str) -> Book:
        """The book in another style, or in the model's own with an empty id, with its heroes as they are; pictures of before
        stay. Raises NotFound, NotReady, BadInput."""

        def change(book: Book) -> Book:
            look = _restyled(book.look, style)
            return making.change_look(book, look, self._prompter(look))

        self._library.change(id, change, f"style {style or 'none'}")
        return self._easel.settle(id)

    def latest_change(self, id: str) -> str:
        """What `undo` would take back, as its label says: "wish-2-make-it-night"; empty for nothing."""
        return self._library.latest_change(id)

    @property
    def _candidates(self) -> CandidateDesk:
        return CandidateDesk(self._easel, self._library)


def _granted(book: Book, number: int, wish: Understood, prompter: Prompter) -> Book:
    """The book with the wish come true on the page; whoever is new joins the cast."""
    known = {role.name for role in book.cast.roles}
    new = tuple(role for role in wish.newcomers if role.name not in known)
    grown = replace(book, cast=Cast((*book.cast.roles, *new))) if new else book
    return making.change_scene(grown, number, wish.changes, prompter) if wish.changes else grown


def _restyled(look: Look, style: str) -> Look:
    """The look in another style, as strong as the one of before; heroes and style in turn, unless they were worn otherwise."""
    turned = not look.styles or any(one.late is not None for one in look.worn)
    weight = next((strength(one, STYLE_LATER) for one in look.styles), STYLE_WEIGHT)
    heroes: LoraSet = tuple(Worn(one.adapter, strength(one, HERO_FIRST)) for one in look.characters)
    styles: LoraSet = (Worn(style, weight),) if style else ()
    if turned:
        heroes, styles = in_turn(heroes, styles)
    return replace(look, characters=heroes, styles=styles)


def _check_strength(strength: float) -> None:
    if not 0 < strength <= 1:
        raise BadInput(
            "'{strength}' cannot be how much may change. Give a number above 0 up to 1; 0.9 is usual.",
            strength=strength,
        )


def _check_mask(mask: bytes, picture: bytes) -> None:
    """Raises BadInput for what is no mask of the picture."""
    (size, _), (own, lightest) = _seen(picture), _seen(mask)
    if size != own:
        raise BadInput(
            "The mask has {mask} px and the picture {picture} px. Paint it on that very picture; nothing was changed.",
            mask="{} x {}".format(*own),
            picture="{} x {}".format(*size),
        )
    if lightest <= 127:
        raise BadInput("Nothing of the picture is marked. Paint over what shall be drawn anew; nothing was changed.")


def _seen(raw: bytes) -> tuple[tuple[int, int], int]:
    """Width and height, and how light the lightest pixel is."""
    import io

    from PIL import Image

    try:
        with Image.open(io.BytesIO(raw), formats=("PNG",)) as opened:
            return opened.size, max(level for level, many in enumerate(opened.convert("L").histogram()) if many)
    except (OSError, SyntaxError, ValueError) as damaged:
        raise BadInput(
            "The mask cannot be read: it is not a whole PNG. Paint it once more; nothing was changed."
        ) from damaged


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # finished meanwhile
        return 0.0
