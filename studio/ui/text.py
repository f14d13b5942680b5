"""Words made safe and sizes made readable."""

from __future__ import annotations

import re

from .language import _

MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=@])")


def plain(words: str) -> str:
    """Somebody's words, such as a title, so that a label or message shows them letter by letter and never as markup."""
    return MARKS.sub(r"\\\1", " ".join(words.split()))


def size(count: int) -> str:
    """A file size for people: '640 KB', '3.2 MB', '1.4 GB'."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000)) if count else 0} KB"
    unit, amount = ("GB", count / 1e9) if count >= 1e9 else ("MB", count / 1e6)
    return f"{amount:.1f} {unit}"


def minutes_left(seconds: float) -> str:
    """About how long something still takes, in words."""
    if seconds < 50:
        return _("less than a minute left")
    return _("about {minutes} min left").format(minutes=round(seconds / 60 + 0.2))
