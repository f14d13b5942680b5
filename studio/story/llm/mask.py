"""Real names stay here: the language model sees {HERO} and {NAME1}, and its texts get the names back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HERO = "HERO"
_TOKEN = re.compile(r"\{?\b((?:HERO|NAME\d+)[B-Z]?)\b\}?")
WAYS = 24  # of writing one name that have a token of their own


@dataclass(frozen=True, slots=True)
class Mask:
    """Every way in which a name is written, and the token that stands for it: "Mây" → "HERO", "MÂY" → "HEROB"."""

    tokens: Mapping[str, str]
    hero: str = ""  # as the story calls the hero: "dragon" needs no hiding, yet a model may write {HERO} for it

    def hide(self, text: str) -> str:
        """The text with every name replaced; braces of its own become round, so that none of its words is a token."""
        bare = _TOKEN.sub(lambda found: found[1].lower(), text.replace("{", "(").replace("}", ")"))
        return _pattern(self.tokens).sub(lambda found: f"{{{self.tokens[found[0]]}}}", bare) if self.tokens else bare

    def show(self, text: str) -> str:
        """The text with the names put back, also where a model left the braces out; a token of its own making goes."""
        names = {token: name for name, token in self.tokens.items()}
        names.setdefault(HERO, self.hero)
        return _TOKEN.sub(lambda found: names.get(found[1], ""), text)

    def speaks_of_nobody(self, text: str) -> bool:
        """Whether the text has a token of the hero, braces or not, though the story has no hero."""
        return not self.hero and any(found[1].startswith(HERO) for found in _TOKEN.finditer(text))


def mask_for(hero: str, names: Iterable[str], text: str) -> Mask:
    """The mask of the hero and of all other names, in every way that the text writes them.

    Of "Nguyễn Minh Anh" also "Minh Anh" and "Anh" are hidden, and each in capitals: too much hidden does no harm.
    """
    tokens: dict[str, str] = {}
    for number, name in enumerate(dict.fromkeys([hero, *names])):
        clean = " ".join(unicodedata.normalize("NFC", name).split())
        if clean[:1].isupper():
            base = HERO if name == hero else f"NAME{number}"
            written = [way for way in _ways(clean) if way not in tokens and (way == clean or way in text)]
            tokens |= {way: base + ("" if at == 0 else chr(ord("A") + at)) for at, way in enumerate(written[:WAYS])}
    return Mask(tokens, hero)


def _ways(name: str) -> Sequence[str]:
    """How a name may be written: whole, its first or last words alone, and each of them in capitals."""
    words = name.split()
    parts = [name]
    for at in range(1, len(words)):
        parts += [" ".join(words[at:]), " ".join(words[:at])]
    kept = [part for part in parts if part[:1].isupper() and len(part) > 1]
    return tuple(dict.fromkeys([*kept, *(part.upper() for part in kept)]))


def _pattern(tokens: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(tokens, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
