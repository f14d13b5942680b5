"""The book as one HTML file that asks nobody for anything: its pages turn, and the browser reads them aloud.

It holds its pictures, fonts, style and script; a content security policy forbids it to load or send anything else.
Without JavaScript the pages lie one under the other. The template, style and script are in assets/webbook.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from string import Template

from ... import __version__
from ...files import atomic_write
from ...progress import Progress, Work
from ...rendering.source import AI_PICTURES
from ...settings import ASSETS
from ...story.story import Language
from ..book import Book
from ..colophon import colophon, title
from ..faces import LABEL
from ..fonts import load_fonts
from ..letters import check_letters
from ..lines import clean
from ..marks import Side
from .figures import Figures, make_figures
from .html import side_css, side_html
from .sentences import READ_ALOUD
from .webfonts import WOFF, book_fonts, data_uri

FOLDER = ASSETS / "webbook"
MARGIN_PX = 24  # around the pages, where there is no JavaScript to fit them to the screen

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "turning": "Turn the pages",
        "back": "Page before",
        "on": "Next page",
        "one": "Page {page} of {pages}",
        "two": "Pages {page} and {next} of {pages}",
        "read": "Read aloud",
        "pace": "How fast",
        "slowly": "Slowly",
        "calmly": "Calmly",
        "briskly": "Briskly",
        "whole": "Whole screen",
        "voiceless": "This device has no English voice of its own. You can add one in its settings.",
        "mute": "The voice of this device does not answer. Try again, or open the book in another browser.",
    },
    "vi": {
        "turning": "Lật trang",
        "back": "Trang trước",
        "on": "Trang sau",
        "one": "Trang {page}/{pages}",
        "two": "Trang {page}–{next}/{pages}",
        "read": "Đọc to",
        "pace": "Tốc độ đọc",
        "slowly": "Chậm rãi",
        "calmly": "Vừa phải",
        "briskly": "Nhanh",
        "whole": "Toàn màn hình",
        "voiceless": "Thiết bị này chưa có giọng đọc tiếng Việt. Bạn có thể thêm giọng trong phần cài đặt của máy.",
        "mute": "Giọng đọc của thiết bị không trả lời. Hãy thử lại, hoặc mở sách bằng trình duyệt khác.",
    },
}
TOLD_BY_SCRIPT = ("one", "two", "voiceless", "mute")


def write_webbook(book: Book, sides: Sequence[Side], picture_file: Callable[[int], Path], out: Path) -> Work[Path]:
    """Writes the book to `out`. Progress counts pictures, then the writing itself. Raises BadInput for letters that no
    font has, NotReady, NoRoom.

    `picture_file` gives the file of the picture of page 1, 2, 3 …
    """
    check_letters(book, sides, load_fonts())
    figures = yield from make_figures(sides, picture_file)
    yield Progress(len(figures), len(figures) + 1, "binding")
    atomic_write(out, webbook_html(book, sides, figures))
    yield Progress(len(figures) + 1, len(figures) + 1, "bound")
    return out


def webbook_html(book: Book, sides: Sequence[Side], figures: Figures) -> str:
    """The whole file."""
    words, script, trim = WORDS[book.story.language], _asset("book.js"), sides[0].frame.trim
    told = {
        "title": clean(title(book)),
        "author": clean(book.story.author),
        "description": colophon(book).sentence,
        "generator": f"Storybook Studio {__version__}",
        "source": AI_PICTURES,
        "language": book.story.language,
        **words,
    }
    return Template(_asset("book.html")).substitute(
        {name: escape(said) for name, said in told.items()},
        hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        viewport=round(trim.width + 2 * MARGIN_PX),
        width=round(trim.width, 3),
        height=round(trim.height, 3),
        words=" ".join(f'data-{name}="{escape(words[name])}"' for name in TOLD_BY_SCRIPT),
        style=_style(sides, words),
        leaves="\n".join(_leaf(number, sides, book, figures) for number in range(len(sides))),
        script=script,
    )


def _style(sides: Sequence[Side], words: dict[str, str]) -> str:
    fonts = book_fonts(sides, {LABEL: "".join(words.values()) + "0123456789"})
    return side_css(lambda face: data_uri(WOFF, fonts[face]) if face in fonts else "") + _asset("book.css")


def _leaf(number: int, sides: Sequence[Side], book: Book, figures: Figures) -> str:
    side = sides[number]
    place = WORDS[book.story.language]["one"].format(page=number + 1, pages=len(sides))
    read = " data-read" if side.part in READ_ALOUD else ""
    inner = side_html(
        side, lambda mark: data_uri("image/jpeg", figures[mark].jpeg), f"p{number + 1}", book.story.language
    )
    return f'<div class="leaf" role="group" aria-label="{escape(side.name or place)}"{read}>{inner}</div>'


def _asset(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
