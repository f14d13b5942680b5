"""The words of an EPUB: its pages in the order of the spine, without cover, contents, notes and what is not shown.

EPUB 3.3 (https://www.w3.org/TR/epub-33/); the guide of EPUB 2 is read too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from .archive import Archive
from .document import LONGEST_TITLE, Document, Paragraphs, Refused
from .markup import hear_page, local, tree

CONTAINER = "META-INF/container.xml"
LOCKS = "META-INF/encryption.xml"
PAGES = ("application/xhtml+xml", "text/html")
# What a part of a book is for, as epub:type, role and the guide call it.
NO_STORY = {
    "cover", "toc", "landmarks", "page-list", "loi", "lot", "titlepage", "title-page", "copyright-page", "pagebreak",
    "noteref", "footnote", "footnotes", "endnote", "endnotes", "rearnote", "rearnotes", "backlink",
}  # fmt: skip
NO_STORY_FILES = {"cover", "toc", "nav"}
UNSEEN = {
    "head", "script", "style", "template", "nav", "rt", "rp", "svg", "audio", "video", "object", "iframe", "noscript",
}  # fmt: skip
BLOCKS = {
    "p", "div", "section", "article", "aside", "header", "footer", "main", "body", "blockquote", "pre", "address",
    "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "ul", "ol", "li", "dl", "dt", "dd", "hr", "figure", "figcaption",
    "table", "caption", "tr", "td", "th", "details", "summary",
}  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n\f]+")
_UNSEEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def is_epub(archive: Archive) -> bool:
    """Whether the archive says where its package lies, which every EPUB must."""
    return CONTAINER in archive


def read_epub(archive: Archive, most: int) -> Document:
    """Title and paragraphs of the book. Raises Refused."""
    name = next((each.get("full-path", "") for each in tree(archive.read(CONTAINER)).iter("{*}rootfile")), "")
    package = tree(archive.read(name))
    title = _title(package)
    paragraphs = Paragraphs(most)
    locked = _locked(archive)
    for page in _spine(package, posixpath.dirname(name)):
        if page in locked:
            raise Refused("locked")
        for each in hear_page(archive.read(page), lambda: _Page(Paragraphs(most))).paragraphs.found:
            if paragraphs.found or each.casefold() != title.casefold():  # the page that says the title once more
                paragraphs.add(each)
    return Document(title, paragraphs.text)


def _title(package: Any) -> str:
    words = next((" ".join("".join(each.itertext()).split()) for each in package.iterfind("{*}metadata/{*}title")), "")
    return words if len(words) <= LONGEST_TITLE else ""


def _locked(archive: Archive) -> set[str]:
    """The parts that are encrypted; fonts often are, pages only against copying."""
    if LOCKS not in archive:
        return set()
    return {unquote(each.get("URI", "")) for each in tree(archive.read(LOCKS)).iter("{*}CipherReference")}


def _spine(package: Any, folder: str) -> Iterator[str]:
    """The names of the pages that tell the story, in reading order."""
    items = {each.get("id"): each for each in package.iterfind("{*}manifest/{*}item")}
    guide = {ref.get("href") for ref in package.iterfind("{*}guide/{*}reference") if ref.get("type") in NO_STORY}
    for entry in package.iterfind("{*}spine/{*}itemref"):
        item = items.get(entry.get("idref"))
        if item is None or entry.get("linear") == "no" or item.get("media-type") not in PAGES:
            continue
        href = item.get("href", "")
        stem = posixpath.splitext(posixpath.basename(href))[0].lower()
        if href not in guide and stem not in NO_STORY_FILES and "nav" not in item.get("properties", "").split():
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


@dataclass(slots=True)
class _Page:
    """Hears one XHTML page; every block of it is a paragraph."""

    paragraphs: Paragraphs
    _words: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _left_out: int = 0  # how deep inside an element that does not count

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag)
        if self._left_out or self._is_no_story(name, attributes):
            self._left_out += 1
            return
        self._open.append(name)
        if name in BLOCKS:
            self._flush()
        elif name == "br":
            self._words.append("\n")

    def _is_no_story(self, name: str, attributes: Mapping[str, str]) -> bool:
        if name in UNSEEN or "hidden" in attributes or _UNSEEN_STYLE.search(attributes.get("style", "")):
            return True
        if name in ("a", "sup") and {"a", "sup"} & set(self._open) - {name}:  # a raised link is the mark of a note
            return True
        kinds = [value for key, value in attributes.items() if key == "role" or key.endswith(("}type", ":type"))]
        return not NO_STORY.isdisjoint(kind.removeprefix("doc-") for value in kinds for kind in value.split())

    def end(self, tag: str) -> None:
        if self._left_out:
            self._left_out -= 1
        elif self._open and self._open.pop() in BLOCKS:
            self._flush()

    def data(self, text: str) -> None:
        if not self._left_out:
            self._words.append(text if "pre" in self._open else _SPACE.sub(" ", text))

    def close(self) -> None:
        self._flush()

    def _flush(self) -> None:
        self.paragraphs.add("".join(self._words))
        self._words.clear()
