"""The book as EPUB 3.3 with a fixed layout: each side as it prints, and read aloud where there is a voice.

What stands in the file and how it hangs together is told in `package.py`; here it is gathered and zipped, the same
bytes for the same book. EPUB 3.3: https://www.w3.org/TR/epub-33/
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ...files import atomic_write
from ...progress import Progress, Work
from ..book import Book
from ..colophon import title
from ..fonts import load_fonts
from ..letters import check_letters
from ..lines import clean
from ..marks import Picture, Side
from ..pictures import entry
from ..provenance import marked
from .figures import Figures, make_figures
from .html import side_css, side_html
from .narration import Narration, narrate
from .package import (
    AUDIO,
    CONTAINER,
    FONTS,
    IMAGES,
    OVERLAYS,
    PAGES,
    STYLE,
    Part,
    navigation,
    overlay,
    overlay_key,
    package,
    page_html,
    side_key,
)
from .snapshot import snapshot
from .speaker import Speaker
from .webfonts import WOFF, book_fonts

COVER, COVER_PX = f"{IMAGES}/cover.jpg", 1200
MEDIA_TYPE = "application/epub+zip"
TOLD = ".side .told > .l { color: #2B2430; background: #FFE08F; }"  # the sentence that is being read


def write_epub(
    book: Book,
    sides: Sequence[Side],
    picture_file: Callable[[int], Path],
    out: Path,
    recordings: Mapping[int, Path] | None = None,
    speaker: Speaker | None = None,
) -> Work[Path]:
    """Writes the book to `out`. Progress counts pictures, then what is read aloud. Raises BadInput for letters that no
    font has and for a damaged recording, NotReady, NoRoom.

    `picture_file` gives the file of the picture of page 1, 2, 3 …, `recordings` those of pages that a person has read.
    """
    check_letters(book, sides, load_fonts())
    figures = yield from make_figures(sides, picture_file)
    narration = yield from narrate(sides, book.story.language, recordings or {}, speaker)
    yield Progress(len(figures), len(figures) + 1, "binding")
    atomic_write(out, epub_bytes(book, sides, figures, narration))
    yield Progress(len(figures) + 1, len(figures) + 1, "bound")
    return out


def epub_bytes(book: Book, sides: Sequence[Side], figures: Figures, narration: Narration) -> bytes:
    """The whole file."""
    names = {mark: f"{number:03d}.jpg" for number, mark in enumerate(figures, 1)}
    parts = [
        Part(COVER, "image/jpeg", marked(snapshot(sides[0], figures.__getitem__, COVER_PX)), "cover-image"),
        *_pages(book, sides, names, narration),
        *_overlays(sides, narration),
        *(Part(f"{IMAGES}/{names[mark]}", "image/jpeg", plate.jpeg) for mark, plate in figures.items()),
        *(Part(f"{AUDIO}/{name}.mp3", "audio/mpeg", track) for name, track in narration.tracks.items()),
        *_dress(sides),
    ]
    return _zipped([
        Part("META-INF/container.xml", "", CONTAINER.encode()),
        Part("EPUB/package.opf", "", package(book, sides, parts, narration).encode()),
        Part("EPUB/nav.xhtml", "", navigation(book, sides).encode()),
        *(Part(f"EPUB/{part.path}", part.media_type, part.content) for part in parts),
    ])  # fmt: skip


def _pages(book: Book, sides: Sequence[Side], names: Mapping[Picture, str], narration: Narration) -> list[Part]:
    language, heading = book.story.language, clean(title(book))
    found = []
    for number, side in enumerate(sides):
        key = side_key(number)
        inner = side_html(side, lambda mark: f"../{IMAGES}/{names[mark]}", "", language)
        heard = overlay_key(number) if narration.of_side(number) else ""
        page = page_html(side, inner, side.name or heading, language)
        properties = "svg" if "<svg" in inner else ""
        found.append(Part(f"{PAGES}/{key}.xhtml", "application/xhtml+xml", page.encode(), properties, heard))
    return found


def _overlays(sides: Sequence[Side], narration: Narration) -> Iterator[Part]:
    for number in range(len(sides)):
        if clips := narration.of_side(number):
            key = side_key(number)
            told = overlay(key, clips).encode()
            yield Part(f"{OVERLAYS}/{key}.smil", "application/smil+xml", told, id=overlay_key(number))


def _dress(sides: Sequence[Side]) -> list[Part]:
    fonts = book_fonts(sides)
    css = side_css(lambda face: f"{FONTS}/{face}.woff" if face in fonts else "")
    found = [Part(f"{FONTS}/{face}.woff", WOFF, font) for face, font in fonts.items()]
    return [*found, Part(STYLE, "text/css", f"body {{ margin: 0; }}\n{css}\n{TOLD}\n".encode())]


def _zipped(parts: Sequence[Part]) -> bytes:
    """A ZIP whose first entry says in clear what it is: EPUB 3.3, 4.2.3."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as file:
        file.writestr(entry("mimetype"), MEDIA_TYPE, zipfile.ZIP_STORED)
        for part in parts:
            small = zipfile.ZIP_STORED if part.packed else zipfile.ZIP_DEFLATED
            file.writestr(entry(part.path), part.content, small)
    return raw.getvalue()
