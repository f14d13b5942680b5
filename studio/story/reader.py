"""A pasted text or a file becomes a Story: the author's words, NFC-normalised, in a known language.

Nothing is markup here: `<b>`, `&` and `#` inside the text are words like others. Only the first line of a file, when
it begins with '# ', is taken as the title.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from ..errors import BadStory
from .story import Language, Story

LONGEST = 200_000  # characters; a long novel has more, a picture book a hundredth of it
SUFFIXES = (".txt", ".md")
VIETNAMESE_SHARE = 0.35  # words with a Vietnamese letter; Vietnamese prose has about 0.7, English with names under 0.1
_VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
_WORD = re.compile(r"[^\W\d_]+")
# Lone surrogates, control characters and the marks that turn the direction of writing print as nothing or break files.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def read_story(text: str, title: str = "", language: Language | None = None, author: str = "") -> Story:
    """The story in `text`; the language is detected when it is None. Raises BadStory if empty, one word or too long."""
    if len(text) > LONGEST:
        raise BadStory(
            "The story has {count:,} characters; a book takes up to {most:,}. Give one chapter of it.",
            count=len(text),
            most=LONGEST,
        )
    clean = _cleaned(text)
    words = clean.split()
    if not _WORD.search(clean):
        raise BadStory("The story is empty. Paste a few sentences, or begin with the sample story.")
    if len(words) == 1:
        raise BadStory(
            "The story is the one word '{word}'. A book needs at least a sentence; write a little more.",
            word=_short(words[0]),
        )
    return Story(clean, language or detect_language(clean), _line(title), _line(author))


def read_story_file(name: str, raw: bytes) -> Story:
    """The story in a .txt or .md file; its title is the '# ' heading it begins with, else its name. Raises BadStory."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.suffix.lower() not in SUFFIXES:
        raise BadStory(
            "'{name}' is not a .txt or .md file. Save the story as plain text and choose that file.", name=path.name
        )
    heading, body = _heading(_decoded(path.name, raw))
    return read_story(body, heading or path.stem.replace("_", " "))


def detect_language(text: str) -> Language:
    """'vi' when many words carry a Vietnamese letter or tone mark, else 'en'."""
    words = _WORD.findall(text.lower())
    marked = sum(bool(_VIETNAMESE.search(word)) for word in words)
    return "vi" if marked > VIETNAMESE_SHARE * len(words) else "en"


def _cleaned(text: str) -> str:
    """NFC, line ends as \\n, at most one empty line in a row, nothing unprintable; every word kept."""
    lines = unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text)).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


def _line(text: str) -> str:
    return " ".join(_cleaned(text).split())


def _short(word: str) -> str:
    return word if len(word) <= 30 else word[:30] + "…"


def _heading(text: str) -> tuple[str, str]:
    """The title in a first line '# Title' and the text after it; ("", text) when there is none."""
    first, _, rest = text.lstrip().partition("\n")
    return (first[2:].strip(), rest) if first.startswith("# ") else ("", text)


def _decoded(name: str, raw: bytes) -> str:
    """The text of a file in UTF-8 (with or without BOM) or UTF-16 with BOM. Raises BadStory for anything else."""
    if len(raw) > 4 * LONGEST:  # no encoding needs more; do not decode what will be refused
        raise BadStory(
            "'{name}' is too large for a story; a book takes up to {most:,} characters. Give one chapter.",
            name=name,
            most=LONGEST,
        )
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise BadStory(
            "'{name}' is not a text file that can be read. Save the story as plain text in UTF-8 and try again.",
            name=name,
        )
    return text
