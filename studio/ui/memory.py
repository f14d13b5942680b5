"""What the screens remember between visits: the language, the draft of a story. One small JSON in the user's folder."""

from __future__ import annotations

import json
from pathlib import Path

from ..files import atomic_write
from ..settings import load_settings


def recall(name: str, default: str = "") -> str:
    """The words kept under `name`, or `default`. A missing or damaged file counts as empty; no book is in it."""
    return _read(_place()).get(name, default)


def remember(**words: str) -> None:
    """Keeps each of `words` under its name. Raises NoRoom."""
    known = _read(_place())
    if known | words != known:
        atomic_write(_place(), json.dumps(known | words, ensure_ascii=False, indent=1) + "\n")


def _place() -> Path:
    return load_settings().home / "screens.json"


def _read(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(words) for name, words in kept.items()} if isinstance(kept, dict) else {}
