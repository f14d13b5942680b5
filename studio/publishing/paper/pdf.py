"""The book as PDF files: every font embedded, every picture once, all that is read tagged, the same bytes for the same book.
Where a key was given to sign with, what is for the screen or a printer at home is signed, and what goes to a press is not."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import NotReady
from ...files import atomic_path, room_for
from ...progress import Progress, Work
from ..book import Book
from ..fonts import Fonts, load_fonts
from ..letters import check_letters
from ..marks import PAPER, Side
from ..plate import Plate
from ..profiles import find_profile, find_trim
from ..provenance import with_credentials
from .booklet import Sheet, sheets_of
from .export import Export, Made
from .findings import Finding, worst_first
from .finished import finished
from .imprint import imprint
from .inspection import Inspection, inspect
from .painter import Painted, Painter
from .plates import make_plates
from .preflight import preflight, stop_at_red
from .press import Press, load_press
from .proof import AS_THEY_ARE, Enlarging, Proof, proof_of
from .tags import tag

if TYPE_CHECKING:
    from pikepdf import Pdf

COVER = "-cover"  # behind the stem of the inside's name

Check = Callable[[bytes, str], None]  # the bytes of a file and its name; raises what must not leave


def bind(
    book: Book,
    pictures: Path,
    out: Path,
    profile: str = "screen",
    trim: str = "",
    *,
    bleed: str = "",
    icc: Path | None = None,
    accept_red: bool = False,
    enlarging: Enlarging = AS_THEY_ARE,
    check: Check = lambda raw, name: None,
) -> Work[Export]:
    """Writes the book to `out`, and beside it the cover for services that want one. Progress counts pictures, then the
    binding itself. Either all files take their places or none does.

    `pictures` is the folder of the files that the pages name; `icc` is the profile of a press, whose inks are taken then.
    Raises BadInput for an unknown profile or trim, for words that have no room and for letters that no font has; NotReady
    while a page has no picture, and for red findings unless they are accepted; NoRoom; and what `check` raises.
    """
    where, size = find_profile(profile, bleed), find_trim(trim or book.design.trim)
    press = load_press(icc) if icc else None
    check_pictures(book, pictures)
    proof, fonts = proof_of(book, pictures, where, size, enlarging), load_fonts()
    check_letters(book, proof.sides, fonts)
    found = preflight(proof, fonts.width, press.title if press else "")
    stop_at_red(book, where, found, accept_red)

    @cache
    def file(number: int) -> Path:
        return enlarging.enlarged(pictures / book.pages[number - 1].picture)

    binder = Binder(proof, fonts, press, file)
    paths = (out, out.with_stem(out.stem + COVER))[: len(proof.files)]
    with ExitStack() as places:  # leaving it, all files take their places
        parts = [places.enter_context(_place_for(path)) for path in paths]
        yield from binder.write(parts)
        seen = [inspect(part) for part in parts]
        found = worst_first((*found, *binder.findings(parts, seen)))
        stop_at_red(book, where, found, accept_red)
        made = tuple(_made(*one, check) for one in zip(parts, paths, seen, strict=True))
    yield Progress(binder.total, binder.total, "bound")
    return Export(made, found, tuple((number, round(ppi)) for number, ppi in sorted(binder.ppi.items())))


def check_pictures(book: Book, folder: Path) -> None:
    """Raises NotReady that names the pages without a picture."""
    missing = [str(number) for number, page in enumerate(book.pages, 1) if not _drawn(folder, page.picture)]
    if missing:
        raise NotReady(
            "'{title}' cannot be bound yet: page {pages} has no picture. Draw the pages first; what is drawn is kept.",
            title=book.title,
            pages=", ".join(missing),
        )
    if not book.pages:
        raise NotReady(
            "'{title}' cannot be bound yet: it has no pages. Draw the pages first; what is drawn is kept.",
            title=book.title,
        )


def _drawn(folder: Path, picture: str) -> bool:
    return bool(picture) and (folder / picture).is_file()


class Binder:
    """Binds the sides of a proof to files. `ppi` fills while it works."""

    def __init__(self, proof: Proof, fonts: Fonts, press: Press | None, file: Callable[[int], Path]) -> None:
        self._proof, self._press, self._file = proof, press, file
        self._sheets = [sheets_of(sides, proof.profile) for sides in proof.files]
        self._painted = [self._paint(sheets, fonts) for sheets in self._sheets]
        self.total = sum(len(painted.hangings) for painted in self._painted) + 1
        self.ppi: dict[int, float] = {}

    def write(self, parts: list[Path]) -> Work[None]:
        """One file to each of these places."""
        done = 0
        hangings = [hanging for painted in self._painted for _, hanging, _ in painted.hangings]
        with closing(make_plates(hangings, self._file, self._proof.profile, self._press)) as plates:
            for part, painted, sides in zip(parts, self._painted, self._proof.files, strict=True):
                with _opened(painted.raw) as pdf:
                    for name, hanging, pages in painted.hangings:
                        yield Progress(done, self.total, f"preparing picture {done + 1} of {self.total - 1}")
                        self._hang(pdf, name, next(plates), pages, hanging.mark.number)
                        done += 1
                    if part == parts[-1]:
                        yield Progress(done, self.total, "binding")
                    self._finish(pdf, painted, sides, part)

    def findings(self, parts: list[Path], seen: list[Inspection]) -> Iterator[Finding]:
        """What shows in the finished files."""
        ink, told = self._press.most_ink if self._press else 0.0, set[str]()
        for part, inspection, sheets in zip(parts, seen, self._sheets, strict=True):
            for finding in finished(self._proof.profile, inspection, sheets, part.stat().st_size, ink):
                if finding.level != "green" or finding.message not in told:  # what is good is told once, of the book
                    yield finding
                told.add(finding.message)

    def _paint(self, sheets: tuple[Sheet, ...], fonts: Fonts) -> Painted:
        profile = self._proof.profile
        painter = Painter(self._proof.book, fonts, self._press, profile.bookmarks)
        for sheet in sheets:
            painter.paint(sheet, PAPER if profile.tinted else "")
        return painter.finish()

    def _hang(self, pdf: Pdf, name: str, plate: Plate, pages: tuple[int, ...], number: int) -> None:
        """The pixels of page `number` of the story where the pages of the file, from 0, call them."""
        from pikepdf import Dictionary

        self.ppi[number] = min(plate.ppi, self.ppi.get(number, plate.ppi))
        image = _image(pdf, plate, inks=bool(self._press))
        for page in pages:
            resources = pdf.pages[page].obj.Resources
            if "/XObject" not in resources:
                resources.XObject = Dictionary()
            resources.XObject[f"/{name}"] = image

    def _finish(self, pdf: Pdf, painted: Painted, sides: tuple[Side, ...], part: Path) -> None:
        tag(pdf, painted.elements)
        imprint(pdf, self._proof.book, self._proof.profile, sides, self._press)
        raw = io.BytesIO()  # saved to a file on a full disk, qpdf ends the whole process
        pdf.save(raw, deterministic_id=True)
        part.write_bytes(raw.getbuffer() if self._printed() else with_credentials(raw.getvalue()))

    def _printed(self) -> bool:
        """Whether a press prints it. Services ask for PDF/X-1a or the like, which is older than files that a PDF holds of its
        own (AF came with PDF 2.0), and refuse what they do not know."""
        return self._proof.profile.service or self._press is not None


def _image(pdf: Pdf, plate: Plate, inks: bool) -> Any:
    """The JPEG as it is. With four inks it is stored inverted, as Adobe began it."""
    from pikepdf import Array, Name

    image = pdf.make_stream(plate.jpeg)
    image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.DCTDecode
    image.Width, image.Height, image.BitsPerComponent = plate.width, plate.height, 8
    image.ColorSpace = Name.DeviceCMYK if inks else Name.DeviceRGB
    if inks:
        image.Decode = Array([1, 0] * 4)
    return image


def _opened(raw: bytes) -> Pdf:
    import pikepdf

    return pikepdf.open(io.BytesIO(raw))


@contextmanager
def _place_for(path: Path) -> Iterator[Path]:
    """A temporary place beside the path, where the file is written before it takes its own. Raises NoRoom."""
    with room_for(path.name), atomic_path(path) as part:
        yield part


def _made(part: Path, path: Path, inspection: Inspection, check: Check) -> Made:
    raw = part.read_bytes()
    sys.audit("studio.export.pdf")
    check(raw, path.name)
    sys.audit("studio.export.inspected")
    return Made(path, hashlib.sha256(raw).hexdigest(), len(raw), inspection.boxes)
