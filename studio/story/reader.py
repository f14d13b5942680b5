"""A pasted text or a file becomes a Story: the author's words, NFC-normalised, in a known language.

Nothing is markup in a text: `<b>`, `&` and `#` inside it are words like others. Only the first line of a file, when it
begins with '# ', is taken as the title. Word, EPUB and PDF are opened by `documents`.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from ..errors import BadStory
from .documents.door import DOCUMENTS, kind_of, read_document, refusal
from .story import Language, Story

LONGEST = 200_000  # characters; a long novel has more, a picture book a hundredth of it
LONGEST_NAME = 80  # characters of a file's name in a message
SUFFIXES = (".txt", ".md", *DOCUMENTS)
VIETNAMESE_SHARE = 0.35  # words with a Vietnamese letter; Vietnamese prose has about 0.7, English with names under 0.1
OLD_CODE_SHARE = 0.15  # words that only an old Vietnamese code writes so; in TCVN3 and VNI every third or more
_VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
_WORD = re.compile(r"[^\W\d_]+")
# TCVN3 writes "BÐ M©y", VNI "Beù Maây": signs within words and pairs of vowels that are hardly ever meant.
_OLD_CODE = re.compile(
    r"[^\W\d_][¦§¨©ª¬®µ¶·¸¹¼½¾]|[¦§¨©ª¬®µ¶·¸¹¼½¾][^\W\d_]|(?i:[aeoôö][ùøûõï]|a[âáàåãä]|eâ|[ôö][áàåãä])"
)
# What prints as nothing, turns the direction of writing, hides words from the eye or breaks files.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters but tab and line ends
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, signs of single fonts, no characters
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"  # tags, hidden selectors
)
_EMOJI = "\u00a9\u00ae\u203c-\u2049\u2122-\u21ff\u2300-\u2bff\u3030-\u3299\U0001f000-\U0001faff"
_JOINING = "\u0600-\u0dff\u1000-\u109f\u1780-\u18af"  # Arabic to Sinhala, Burmese, Khmer, Mongolian
# Joiners and selectors are kept within an emoji and between letters that they shape, and are strays elsewhere.
_STRAY = re.compile(
    f"\u200d(?!(?<=[{_EMOJI}\ufe0f]\u200d)[{_EMOJI}])(?!(?<=[{_JOINING}]\u200d)[{_JOINING}])"
    f"|\u200c(?!(?<=[{_JOINING}]\u200c)[{_JOINING}])"
    f"|(?<![{_EMOJI}])[\ufe0e\ufe0f](?!(?<=[0-9#*]\ufe0f)\u20e3)|[\ufe00-\ufe0d]"
)


def read_story(
    text: str, title: str = "", language: Language | None = None, author: str = "", dedication: str = ""
) -> Story:
    """The story in `text`; the language is detected when it is None. Raises BadStory if empty, one word or too long."""
    if len(text) > LONGEST:
        raise BadStory(
            "The story has {count:,} characters; a book takes up to {most:,}. Give one chapter of it.",
            count=len(text),
            most=LONGEST,
        )
    clean = cleaned(text)
    words = clean.split()
    if not _WORD.search(clean):
        raise BadStory("The story is empty. Paste a few sentences, or begin with the sample story.")
    if len(words) == 1:
        raise BadStory(
            "The story is the one word '{word}'. A book needs at least a sentence; write a little more.",
            word=_short(words[0]),
        )
    if sum(bool(_OLD_CODE.search(word)) for word in words) > OLD_CODE_SHARE * len(words):
        raise BadStory(
            "The story is written in an old Vietnamese code such as VNI or TCVN3 ('{word}'). "
            "Convert it to Unicode, for example with UniKey, and try again.",
            word=_short(next(word for word in words if _OLD_CODE.search(word))),
        )
    return Story(clean, language or detect_language(clean), _line(title), _line(author), cleaned(dedication))


def read_story_file(name: str, raw: bytes) -> Story:
    """The story in a file of one of `SUFFIXES`; its title is the one it begins with, else its name. Raises BadStory."""
    path = PurePosixPath(_line(name.replace("\\", "/")))
    shown = path.name[-LONGEST_NAME:]
    kind = kind_of(shown, raw)
    if kind == "text":
        heading, body = _heading(_decoded(shown, raw))
    else:
        document = read_document(shown, kind, raw, LONGEST)
        heading, body = document.title, document.text
    return read_story(body, heading or path.stem.replace("_", " "))


def detect_language(text: str) -> Language:
    """'vi' when many words carry a Vietnamese letter or tone mark, else 'en'."""
    words = _WORD.findall(text.lower())
    marked = sum(bool(_VIETNAMESE.search(word)) for word in words)
    return "vi" if marked > VIETNAMESE_SHARE * len(words) else "en"


def cleaned(text: str) -> str:
    """NFC, line ends as \\n, at most one empty line in a row, nothing unprintable; every word kept."""
    printable = _STRAY.sub("", _UNPRINTABLE.sub("", text))
    lines = unicodedata.normalize("NFC", printable).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


def _line(text: str) -> str:
    return " ".join(cleaned(text).split())


def _short(word: str) -> str:
    return word if len(word) <= 30 else word[:30] + "…"


def _heading(text: str) -> tuple[str, str]:
    """The title in a first line '# Title' and the text after it; ("", text) when there is none."""
    first, _, rest = text.lstrip().partition("\n")
    return (first[2:].strip(), rest) if first.startswith("# ") else ("", text)


def _decoded(name: str, raw: bytes) -> str:
    """The text of a file in UTF-8 (with or without BOM) or UTF-16 with BOM. Raises BadStory for anything else."""
    if len(raw) > 4 * LONGEST:  # no encoding needs more; do not decode what will be refused
        raise refusal("long", name, LONGEST)
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
