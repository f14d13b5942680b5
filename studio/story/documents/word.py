"""The words of a Word document (.docx): what a reader of its last version sees on the page, in its order.

Text that was deleted, hidden or moved away, field codes, notes, headers and the table of contents are left out.
ECMA-376 part 1, chapter 17.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from .archive import Archive
from .document import LONGEST_TITLE, Document, Paragraphs
from .markup import hear, local, tree

RELATIONS, MAIN = "_rels/.rels", "/officeDocument"
TITLES = ("title", "heading 1")  # names of styles; their ids change with the language of Word
CONTENTS = "toc"
# pPrChange and rPrChange hold how a text looked before; Fallback repeats a text box for old programs.
LEFT_OUT = {"del", "moveFrom", "instrText", "rt", "pPrChange", "rPrChange", "Fallback"}
SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
EMOJI = "symEx"  # stands in a namespace of its own
_WORD, _COMPATIBLE = "wordprocessingml", "markup-compatibility"  # in the namespaces of both editions of the standard


def is_word(archive: Archive) -> bool:
    """Whether the archive names a main part that lies in Word's folder."""
    return RELATIONS in archive and "word/" in _related(archive, "", MAIN)


def read_word(archive: Archive, most: int) -> Document:
    """Title and paragraphs of the document. Raises Refused."""
    main = _related(archive, "", MAIN)
    styles = _related(archive, main, "/styles")
    names = hear(archive.read(styles), _Styles()).names if styles in archive else {}
    return hear(archive.read(main), _Body(names, Paragraphs(most))).document


def _related(archive: Archive, source: str, kind: str) -> str:
    """The name of the part that `source` calls its part of that kind, "" when it has none."""
    folder, name = posixpath.split(source)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in archive:
        return ""
    for each in tree(archive.read(relations)):
        if each.get("Type", "").endswith(kind) and each.get("TargetMode") != "External":
            return posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
    return ""


def _value(attributes: Mapping[str, str], wanted: str = "val") -> str:
    """An attribute by its name without namespace; `val` is the one that nearly every setting of Word has."""
    return next((value for name, value in attributes.items() if local(name) == wanted), "")


def _emoji(attributes: Mapping[str, str]) -> str:
    """The sign that a symEx element names by its number, which is how Word writes emoji."""
    try:
        return chr(int(_value(attributes, "char"), 16))
    except (ValueError, OverflowError):
        return ""


@dataclass(slots=True)
class _Styles:
    """Hears which name each style id stands for, in lower case."""

    names: dict[str, str] = field(default_factory=dict)
    _id: str = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if local(tag) == "style":
            self._id = _value(attributes, "styleId")
        elif local(tag) == "name":
            self.names[self._id] = _value(attributes).lower()

    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class _Paragraph:
    style: str = ""
    words: list[str] = field(default_factory=list)
    runs_on: bool = False  # into the next one: a drop cap, or its end was deleted


@dataclass(slots=True)
class _Body:
    """Hears the main part. Paragraphs nest where a text box stands in one; the inner ones come first."""

    names: dict[str, str]
    paragraphs: Paragraphs
    title: str = ""
    _begun: str = ""  # words that run on into the next paragraph
    _open: list[_Paragraph] = field(default_factory=list)
    _left_out: int = 0  # how deep inside an element that does not count
    _hidden: bool = False
    _in_text: bool = False
    _in_look: bool = False  # among the properties of a run or of the end of a paragraph

    @property
    def document(self) -> Document:
        return Document(self.title, self.paragraphs.text)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag) if _WORD in tag or _COMPATIBLE in tag or tag.endswith(EMOJI) else ""
        if self._left_out or name in LEFT_OUT:
            self._left_out += 1
            if self._in_look and self._open and name in ("del", "moveFrom"):
                self._open[-1].runs_on = True
        elif name == "p":
            self._open.append(_Paragraph())
        elif self._open:
            self._start_inside(name, attributes)

    def _start_inside(self, name: str, attributes: Mapping[str, str]) -> None:
        paragraph = self._open[-1]
        self._in_look = name == "rPr" or self._in_look
        self._in_text = name == "t" and not self._hidden
        if name == "r":
            self._hidden = False
        elif name == "vanish":
            self._hidden = _value(attributes) not in ("0", "false", "off")
        elif name == "pStyle":
            paragraph.style = self.names.get(_value(attributes), _value(attributes).lower())
        elif name == "framePr":
            paragraph.runs_on = _value(attributes, "dropCap") in ("drop", "margin")
        elif not self._hidden and (name in SIGNS or name == EMOJI):
            paragraph.words.append(SIGNS.get(name) or _emoji(attributes))

    def end(self, tag: str) -> None:
        self._in_text = False
        if self._left_out:
            self._left_out -= 1
        elif _WORD in tag and local(tag) == "rPr":
            self._in_look = False
        elif self._open and _WORD in tag and local(tag) == "p":
            self._close(self._open.pop())

    def data(self, text: str) -> None:
        if self._in_text and not self._left_out:
            self._open[-1].words.append(text)

    def close(self) -> None:
        self.paragraphs.add(self._begun)

    def _close(self, paragraph: _Paragraph) -> None:
        words, self._begun = self._begun + "".join(paragraph.words), ""
        first = not self.title and not self.paragraphs.found
        if paragraph.runs_on:
            self._begun = words
        elif first and paragraph.style in TITLES and len(words) <= LONGEST_TITLE:
            self.title = words.strip()
        elif not paragraph.style.startswith(CONTENTS):
            self.paragraphs.add(words)
