"""The XML of an EPUB 3.3: pages, table of contents, what is heard when, and the package that holds them together."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from ... import __version__
from ...story.story import Language
from ..book import Book
from ..colophon import colophon, title
from ..lines import clean
from ..marks import Side
from .html import without_odd_signs
from .narration import Clip, Narration
from .sentences import sentence_id

PAGES, IMAGES, FONTS, AUDIO, OVERLAYS, STYLE = "pages", "images", "fonts", "audio", "overlays", "style.css"
TOLD = "told"  # the class of the sentence that is being read

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "contents": "Contents",
        "pages": "Pages",
        "places": "Places",
        "begin": "The story begins",
        "side": "Side {number}",
        "summary": "Every picture is described in words, a screen reader reads the text in order, and nothing flashes.",
    },
    "vi": {
        "contents": "Mục lục",
        "pages": "Các trang",
        "places": "Các phần",
        "begin": "Bắt đầu truyện",
        "side": "Mặt {number}",
        "summary": "Tranh nào cũng có lời mô tả, trình đọc màn hình đọc chữ theo đúng thứ tự, không có gì nhấp nháy.",
    },
}
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the EPUB. `overlay` is the id of the part that tells when its sentences are heard."""

    path: str  # below the package
    media_type: str
    content: bytes
    properties: str = ""
    overlay: str = ""
    id: str = ""

    @property
    def key(self) -> str:
        """Its id in the package."""
        return self.id or self.path.replace("/", "-").replace(".", "-")

    @property
    def packed(self) -> bool:
        """Whether it would not get smaller."""
        return self.media_type.startswith(("image/", "audio/", "font/"))


def side_key(number: int) -> str:
    """What side 0, 1, 2 … is called."""
    return f"s{number + 1:03d}"


def overlay_key(number: int) -> str:
    """The id of what tells when the sentences of that side are heard."""
    return f"{side_key(number)}-overlay"


def page_html(side: Side, inner: str, heading: str, language: Language) -> str:
    """The document of one side."""
    trim = side.frame.trim
    size = f"width={round(trim.width)}, height={round(trim.height)}"
    return (
        f'{_opening(language)}<head><title>{_said(heading)}</title><meta name="viewport" content="{size}"/>'
        f'<link rel="stylesheet" type="text/css" href="../{STYLE}"/></head>\n<body>{inner}</body>\n</html>\n'
    )


def overlay(key: str, clips: Sequence[Clip]) -> str:
    """When each sentence of a side is heard: EPUB 3.3, 9.2."""
    page = f"../{PAGES}/{key}.xhtml"
    heard = "\n".join(
        f'<par id="par-{clip.sentence}"><text src="{page}#{sentence_id("", clip.sentence)}"/>'
        f'<audio src="../{AUDIO}/{clip.track}.mp3" clipBegin="{clip.begin:.3f}s" clipEnd="{clip.end:.3f}s"/></par>'
        for clip in clips
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<smil xmlns="http://www.w3.org/ns/SMIL" '
        'xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">\n'
        f'<body><seq id="side" epub:textref="{page}">\n{heard}\n</seq></body>\n</smil>\n'
    )


def navigation(book: Book, sides: Sequence[Side]) -> str:
    """Table of contents, list of pages and landmarks."""
    words, language = WORDS[book.story.language], book.story.language
    named = [(_page(n), side.name) for n, side in enumerate(sides) if side.name]
    numbered = list(
        {
            side.number: (_page(n), str(side.number)) for n, side in reversed(list(enumerate(sides))) if side.number
        }.values()
    )
    contents = f'<nav epub:type="toc" id="toc"><h1>{_said(words["contents"])}</h1>{_list(named)}</nav>'
    pages = _hidden("page-list", words["pages"], _list(numbered[::-1])) if numbered else ""
    places = _hidden("landmarks", words["places"], f"<ol>{_landmarks(book, sides)}</ol>")
    head = f"<head><title>{_said(clean(title(book)))}</title></head>"
    return f"{_opening(language)}{head}\n<body>{contents}\n{pages}\n{places}</body>\n</html>\n"


def _hidden(kind: str, heading: str, links: str) -> str:
    return f'<nav epub:type="{kind}" hidden="hidden"><h2>{_said(heading)}</h2>{links}</nav>'


def _landmarks(book: Book, sides: Sequence[Side]) -> str:
    words = WORDS[book.story.language]
    kinds = {"cover": "cover", "title": "titlepage", "story": "bodymatter", "colophon": "colophon"}
    found = []
    for part, kind in kinds.items():
        first = next((n for n, side in enumerate(sides) if side.part == part), None)
        if first is not None:
            label = words["begin"] if part == "story" else sides[first].name or words["side"].format(number=first + 1)
            found.append(f'<li><a epub:type="{kind}" href="{_page(first)}">{_said(label)}</a></li>')
    return "".join(found)


def package(book: Book, sides: Sequence[Side], parts: Sequence[Part], narration: Narration) -> str:
    """The package document: EPUB 3.3, 5."""
    items = "\n".join(map(_item, parts))
    spine = "\n".join(map(_leaf, range(len(sides))))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        f'unique-identifier="book-id" xml:lang="{book.story.language}">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"{chr(10).join((*_about(book), *_meta(book, narration)))}\n</metadata>\n"
        '<manifest>\n<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
        f"{items}\n</manifest>\n<spine>\n{spine}\n</spine>\n</package>\n"
    )


def _about(book: Book) -> Iterator[str]:
    """Dublin Core."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{book.id} {book.created}")
    yield f'<dc:identifier id="book-id">urn:uuid:{key}</dc:identifier>'
    yield f"<dc:title>{_said(clean(title(book)))}</dc:title>"
    for language in filter(None, (book.story.language, book.second_language)):
        yield f"<dc:language>{language}</dc:language>"
    if author := clean(book.story.author):
        yield f"<dc:creator>{_said(author)}</dc:creator>"
    yield f"<dc:description>{_said(colophon(book).sentence)}</dc:description>"
    yield f"<dc:date>{_moment(book)[:10]}</dc:date>"


def _meta(book: Book, narration: Narration) -> Iterator[str]:
    """When it was made, how it is laid out, who can read it, and how long it takes to hear it."""
    yield _told("dcterms:modified", _moment(book))
    yield _told("rendition:layout", "pre-paginated")
    yield _told("rendition:orientation", "auto")
    yield _told("rendition:spread", "landscape")
    heard = bool(narration.clips)
    for mode in ("textual", "visual", *(["auditory"] if heard else [])):
        yield _told("schema:accessMode", mode)
    yield _told("schema:accessModeSufficient", "textual")
    features = ("alternativeText", "readingOrder", "tableOfContents", "pageNavigation")
    for feature in (*features, *(["synchronizedAudioText"] if heard else [])):
        yield _told("schema:accessibilityFeature", feature)
    yield _told("schema:accessibilityHazard", "none")
    yield _told("schema:accessibilitySummary", WORDS[book.story.language]["summary"])
    yield _told("pageBreakSource", "none")
    yield _told("schema:digitalSourceType", "https://schema.org/TrainedAlgorithmicMediaDigitalSource")
    yield f'<meta name="generator" content="Storybook Studio {__version__}"/>'
    if heard:
        yield from _durations(narration)


def _durations(narration: Narration) -> Iterator[str]:
    heard: dict[int, float] = {}
    for clip in narration.clips:
        heard[clip.side] = heard.get(clip.side, 0) + round(clip.end, 3) - round(clip.begin, 3)
    for side, seconds in heard.items():
        yield f'<meta property="media:duration" refines="#{overlay_key(side)}">{seconds:.3f}s</meta>'
    yield _told("media:duration", f"{sum(heard.values()):.3f}s")
    yield _told("media:active-class", TOLD)


def _leaf(number: int) -> str:
    hand = "left" if number % 2 else "right"
    return f'<itemref idref="{PAGES}-{side_key(number)}-xhtml" properties="page-spread-{hand}"/>'


def _item(part: Part) -> str:
    more = f' properties="{part.properties}"' if part.properties else ""
    more += f' media-overlay="{part.overlay}"' if part.overlay else ""
    return f'<item id="{part.key}" href="{part.path}" media-type="{part.media_type}"{more}/>'


def _moment(book: Book) -> str:
    """The book's own, so that the same book gives the same file."""
    made = datetime.fromisoformat(book.created)
    made = made.astimezone(UTC) if made.tzinfo else made
    return made.strftime("%Y-%m-%dT%H:%M:%SZ")


def _opening(language: Language) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" xml:lang="{language}">\n'
    )


def _list(links: Sequence[tuple[str, str]]) -> str:
    return f"<ol>{''.join(f'<li><a href={quoteattr(to)}>{_said(words)}</a></li>' for to, words in links)}</ol>"


def _page(number: int) -> str:
    return f"{PAGES}/{side_key(number)}.xhtml"


def _told(name: str, value: str) -> str:
    return f'<meta property="{name}">{_said(value)}</meta>'


def _said(words: str) -> str:
    return escape(without_odd_signs(words))
