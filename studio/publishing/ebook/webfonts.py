"""Shipped fonts cut down to the letters of a book, for files that browsers and e-readers open.

Nothing is left in them but outlines, widths, copyright and licence. A part of a font inside a document is free of the
reserved names of the SIL Open Font License (its FAQ, 1.15), and these bear no name of their own at all.
"""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..faces import FACES, TITLE
from ..fonts import FOLDER, load_fonts
from ..marks import Side, Text

NOTICES = (0, 13, 14)  # of the name table: copyright, licence, and its address
WOFF = "font/woff"


def book_fonts(sides: Iterable[Side], further: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """A WOFF file for each face that draws on these sides, by the face's name; `further` letters by face too."""
    used = dict(letters_used(sides))
    for face, letters in (further or {}).items():
        used[face] = used.get(face, "") + letters
    return {face: subset(face, letters) for face, letters in sorted(used.items())}


def letters_used(sides: Iterable[Side]) -> Mapping[str, str]:
    """The letters that each face draws, stand-ins counted with what they draw; sorted, each once."""
    fonts, used = load_fonts(), defaultdict[str, set[str]](set)
    for mark in (mark for side in sides for mark in side.marks if isinstance(mark, Text)):
        capital = fonts.runs(mark.cap.words, TITLE) if mark.cap else []
        for face, words in (*capital, *fonts.runs(" ".join(line.words for line in mark.lines), mark.face)):
            used[face].update(words)
    return {face: "".join(sorted(letters | {" "})) for face, letters in used.items()}


def subset(face: str, letters: str) -> bytes:
    """The face with these letters only, as WOFF; the same bytes every time."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    file = next(known.file for known in FACES if known.name == face)
    # without features: the PDF has neither kerning nor ligatures, and what is seen must equal what is printed
    options = Options(layout_features=[], hinting=False, name_IDs=list(NOTICES), notdef_outline=True, glyph_names=False)
    options.drop_tables += ["kern", "GPOS", "GSUB", "GDEF", "Silt"]  # the last is Andika's, for a system of its own
    subsetter, raw = Subsetter(options), io.BytesIO()
    with TTFont(FOLDER / file, lazy=True, recalcTimestamp=False) as font:
        subsetter.populate(text=letters)
        subsetter.subset(font)
        font.flavor = "woff"  # WOFF2 would need another library, for a tenth of a picture's size
        font.save(raw)
    return raw.getvalue()


def data_uri(media_type: str, content: bytes) -> str:
    """An address that is the file itself."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
