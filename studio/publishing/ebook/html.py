"""Sides as HTML that shows what the PDF prints: for the preview, the web book and the EPUB.

A point is a px, the origin the upper left corner of the trimmed page; what will be cut off is not to be seen. The HTML
is well-formed XML too. Words stand where `marks.Line` says, to the fraction of a point: kerning and ligatures are off,
because the PDF has none, and each fragment of a line hangs on its baseline by a strut (`.l::before`), because browsers
round the ascents of fonts, each in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count, groupby
from xml.sax.saxutils import escape, quoteattr

from ...story.story import Language
from ..faces import FACES
from ..fonts import load_fonts
from ..geometry import Box, Outline, around
from ..lines import clean
from ..marks import PAPER, Fill, Mark, Picture, Rule, Side, Text
from .sentences import Fragment, Sentence, paragraphs, sentence_id

Source = Callable[[Picture], str]
TAGS = {"title": "h1", "heading": "h2"}  # of roles; all others are paragraphs
SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
STRUT = 0.92  # of the size, from the baseline up: with what is below it, no more than the lines are apart
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")

CSS = f"""
.side {{ position: relative; overflow: hidden; background: var(--paper, {PAPER});
  -webkit-text-size-adjust: none; text-size-adjust: none; }}
.side svg {{ position: absolute; left: 0; top: 0; width: 100%; height: 100%; }}
.side h1, .side h2, .side p {{ position: static; margin: 0; padding: 0; font-weight: 400; line-height: 0; }}
.side .l {{ position: absolute; white-space: pre; line-height: 0; letter-spacing: 0; word-spacing: 0; text-indent: 0;
  hyphens: none; font-synthesis: none; font-kerning: none;
  font-feature-settings: "kern" 0, "liga" 0, "clig" 0, "calt" 0, "locl" 0;
  text-rendering: geometricPrecision; padding-bottom: 0.3em; }}
.side .l::before {{ content: ""; display: inline-block; height: {STRUT}em; }}
.side .turned {{ transform: rotate(90deg); transform-origin: 0 {STRUT}em; }}
"""


def side_html(side: Side, source: Source, ids: str = "", language: Language = "en") -> str:
    """One `<div class="side">`. `source` gives the address of what `plate.make_plate` makes of a picture.

    `ids` begins all ids in it, and must differ among the sides of one document; sentence n is `sentences.sentence_id`.
    `language` is that of the story. The CSS of `side_css` must be at hand.
    """
    return _Writer(side, source, ids, language).html()


def side_css(font_source: Callable[[str], str]) -> str:
    """What `side_html` needs. `font_source` gives the address of a face by its name; an empty one leaves it out."""
    rules = [CSS]
    for face in FACES:
        if address := font_source(face.name):
            family = f'"Book {face.name}"'
            rules.append(f'@font-face {{ font-family: {family}; src: url("{address}"); }}')
            rules.append(f".side .{_class(face.name)} {{ font-family: {family}; }}")
    return "\n".join(rules)


class _Writer:
    def __init__(self, side: Side, source: Source, ids: str, language: Language) -> None:
        self._side, self._source, self._ids, self._language = side, source, ids, language
        self._trim, self._fonts = side.frame.trim, load_fonts()
        self._sentences, self._clips = count(), count()

    def html(self) -> str:
        marks: list[str] = []
        for words, run in groupby(self._side.marks, lambda mark: isinstance(mark, Text)):
            alike = list(run)
            marks += map(self._text, alike) if words else [self._drawing(alike)]
        size = f"width:{_px(self._trim.width)}px;height:{_px(self._trim.height)}px"
        return f'<div class="side" style="{size}">{"".join(marks)}</div>'

    # Pictures, areas, rules

    def _drawing(self, marks: list[Mark]) -> str:
        """What stands between two texts, in one SVG, which is described by what its pictures show."""
        told = clean(" ".join(mark.alt for mark in marks if isinstance(mark, Picture)))
        said = f'role="img" aria-label={_quoted(told)}' if told else 'aria-hidden="true"'
        box = f'{SVG} viewBox="0 0 {_px(self._trim.width)} {_px(self._trim.height)}"'
        shapes = "".join(map(self._shape, marks))
        return f'<svg {box} {said} focusable="false">{shapes}</svg>'

    def _shape(self, mark: Mark) -> str:
        match mark:
            case Fill(outline, colour):
                return f'<path d="{self._path(outline)}Z" fill={_quoted(colour)}/>'
            case Rule(path, colour, width):
                stroke = f'stroke={_quoted(colour)} stroke-width="{_px(width)}" stroke-linecap="round"'
                return f'<path d="{self._path(path)}" fill="none" {stroke}/>'
            case Picture():
                return self._picture(mark)
        return ""

    def _picture(self, mark: Picture) -> str:
        seen = mark.seen
        place = f'x="{_px(seen.left - self._trim.left)}" y="{_px(self._trim.top - seen.top)}"'
        size = f'width="{_px(seen.width)}" height="{_px(seen.height)}" preserveAspectRatio="none"'
        image = f"<image xlink:href={_quoted(self._source(mark))} {place} {size}"
        if _is_box(mark.outline, seen):
            return f"{image}/>"
        clip = f"{self._ids or 'side'}-c{next(self._clips)}"
        outline = f'<clipPath id={_quoted(clip)}><path d="{self._path(mark.outline)}Z"/></clipPath>'
        return f"{outline}{image} clip-path={_quoted(f'url(#{clip})')}/>"

    def _path(self, outline: Outline) -> str:
        steps = []
        for number, step in enumerate(outline):
            pairs = zip(step[::2], step[1::2], strict=True)
            points = " ".join(f"{_px(x - self._trim.left)} {_px(self._trim.top - y)}" for x, y in pairs)
            steps.append(f"{'M' if not number else 'C' if len(step) == 6 else 'L'}{points}")
        return "".join(steps)

    # Words

    def _text(self, mark: Mark) -> str:
        return "".join(self._paragraphs(mark)) if isinstance(mark, Text) else ""

    def _paragraphs(self, mark: Text) -> Iterator[str]:
        tag, folio = TAGS.get(mark.role, "p"), mark.role == "folio"
        said = ' aria-hidden="true"' if folio else f" lang={_quoted(mark.language)}" if mark.language else ""
        begin = f'<{tag} class="{mark.role} {_class(mark.face)}"{said} style={_quoted(f"color:{mark.colour}")}>'
        for part in paragraphs(mark, self._fonts.width, self._language):
            inner = (self._sentence(sentence, mark, not folio) for sentence in part)
            yield f"{begin}{''.join(inner)}</{tag}>"

    def _sentence(self, sentence: Sentence, mark: Text, read: bool) -> str:
        lines = "".join(self._fragment(fragment, mark) for fragment in sentence.fragments)
        if not read:
            return lines
        return f'<span class="s" id={_quoted(sentence_id(self._ids, next(self._sentences)))}>{lines.rstrip()}</span> '

    def _fragment(self, fragment: Fragment, mark: Text) -> str:
        """Its box begins above the baseline as high as `.l::before` is. A space at its end stands behind it, where it
        is read and not seen."""
        left, top = fragment.x - self._trim.left, self._trim.top - fragment.y - STRUT * fragment.size
        turned = " turned" if mark.turned else ""
        style = f"left:{_px(left)}px;top:{_px(top)}px;font-size:{_px(fragment.size)}px"
        words = fragment.words.rstrip()
        inner = "".join(
            escape(run) if name == mark.face else f'<span class="{_class(name)}">{escape(run)}</span>'
            for name, run in self._fonts.runs(words, fragment.face)
        )
        return f'<span class="l{turned}" style="{style}">{inner}</span>{" " * (words != fragment.words)}'


def _is_box(outline: Outline, seen: Box) -> bool:
    """Whether all that is seen is a rectangle, with sides as the page's."""
    return all(len(step) == 2 for step in outline) and set(outline) == set(around(seen))


def _class(face: str) -> str:
    return f"f-{face}"


def _quoted(words: str) -> str:
    return quoteattr(without_odd_signs(words))


def without_odd_signs(words: str) -> str:
    """Without what XML must not hold, beside the signs that `clean` drops."""
    return _NO_XML.sub("", words)


def _px(points: float) -> str:
    """Short, to a thousandth."""
    return f"{points:.3f}".rstrip("0").rstrip(".") if abs(points) >= 0.0005 else "0"
