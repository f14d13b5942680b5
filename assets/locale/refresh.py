"""Gathers the words of the screens and the errors into both catalogues: `python assets/locale/refresh.py`.

An error's message is the first argument of its class and stands there whole, or in a constant marked with N_. A new
message comes untranslated into studio.po; write its translation there and run this again, which compiles both. With
`--check` nothing is written and the exit status is 1 when a catalogue lacks a message or its .mo is older than its .po.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LANGUAGES = ("en", "vi")
WRITTEN = datetime(2026, 11, 21, tzinfo=UTC)  # fixed, so that the same words give the same bytes
HEADER: dict[str, Any] = {
    "project": "Storybook Studio",
    "version": "1",
    "last_translator": "Storybook Studio",
    "language_team": "Storybook Studio",
    "msgid_bugs_address": "README.md",
    "creation_date": WRITTEN,
    "revision_date": WRITTEN,
}
ERRORS = (
    "StudioError", "BadInput", "BadStory", "BadPhoto", "BadAdapter", "NotFound", "NotReady", "NoAnswer", "NoDatabase", "NoRoom", "Cancelled",
    "Leaking", "NoConsent", "NotAllowed", "ChildBlock",
)  # fmt: skip
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "n_": (1, 2), **dict.fromkeys(ERRORS)}


def messages() -> dict[str | tuple[str, str], set[str]]:
    """Every message of the screens and the errors, with the files it comes from."""
    found: dict[str | tuple[str, str], set[str]] = {}
    for path in sorted([*ROOT.glob("pages/*.py"), *ROOT.glob("studio/**/*.py")]):
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    return found


def refreshed(language: str) -> Catalog:
    """The catalogue of one language with exactly the messages of the code; English says what the code says."""
    path = HERE / language / "LC_MESSAGES" / "studio.po"
    before = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.is_file() else ()
    said = {message.id: message.string for message in before}
    fresh = Catalog(
        language, header_comment="# The words of the screens and of the studio's errors.", fuzzy=False, **HEADER
    )
    for message, places in messages().items():
        words = message if language == "en" else said.get(message, "")
        fresh.add(message, words, locations=[(place, None) for place in sorted(places)])
    return fresh


def files(catalog: Catalog) -> dict[str, bytes]:
    """The bytes of studio.po and studio.mo."""
    source, compiled = io.BytesIO(), io.BytesIO()
    write_po(source, catalog, sort_output=True, omit_header=False, width=110)
    write_mo(compiled, catalog)
    return {"studio.po": source.getvalue(), "studio.mo": compiled.getvalue()}


def main(check: bool) -> int:
    stale = []
    for language in LANGUAGES:
        catalog, folder = refreshed(language), HERE / language / "LC_MESSAGES"
        stale += [
            f"{language}: not translated: {message.id!r}" for message in catalog if message.id and not _said(message)
        ]
        for name, raw in files(catalog).items():
            if not (folder / name).is_file() or (folder / name).read_bytes() != raw:
                stale += [f"{language}: {name} is out of date"] if check else []
                if not check:
                    folder.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_bytes(raw)
    print("\n".join(stale) or "All catalogues are whole.")
    return 1 if stale else 0


def _said(message: object) -> bool:
    words = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(words)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
