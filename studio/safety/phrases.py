"""The phrases that the gate of words listens for, read once from `words/`, and how they are found among words with readings.

The files say themselves how they are written. Matching is exact and the same on every machine: no model, no score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from .letters import canonical, folded, losing_marks

PLACE = Path(__file__).with_name("words")
GROUPS = ("person", "small", "minor")
GAPS = {"...": 4, "....": 30}  # how many words they may stand for, at most
SHORTEST_GLUED = 6  # letters of a Vietnamese phrase that is looked for without its spaces and marks

Words = Sequence[frozenset[str]]  # the readings of each word of a text


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a phrase: any of these words, each one or several syllables, each a set of readings that it is met by."""

    ways: tuple[tuple[frozenset[str], ...], ...]
    may_miss: bool = False
    gap: int = 0  # so many words of any kind
    after_small: bool = False  # any small words may stand before it


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase and what it is a sign of; `at_start` only where a text begins."""

    sign: str
    elements: tuple[Element, ...]
    at_start: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases by each reading that the first word can have; the readings of small words and of words for minors; and single
    words and phrases without spaces, which are looked for where letters stand apart."""

    first: dict[str, tuple[Phrase, ...]]
    small: frozenset[str]
    minor: frozenset[str]
    glued: dict[str, str]  # letters → sign; folded unless they have marks
    words: dict[str, str]  # those of them that are one English word

    def found(self, words: Words) -> Iterator[tuple[str, int, int]]:
        """Sign, first word and end of each phrase in the text."""
        for at, readings in enumerate(words):
            for reading in readings:
                for phrase in self.first.get(reading, ()):
                    if phrase.at_start and at:
                        continue
                    end = self._end(phrase.elements, words, at)
                    if end > at:
                        yield phrase.sign, at, end

    def _end(self, elements: Sequence[Element], words: Words, at: int) -> int:
        """Where the elements end that begin at word `at`; -1 where they are not there."""
        if not elements:
            return at
        here, rest = elements[0], elements[1:]
        if here.gap:
            ends = (self._end(rest, words, later) for later in range(at, min(at + here.gap, len(words)) + 1))
            return next((end for end in ends if end >= 0), -1)
        begin = at
        while True:
            for way in here.ways:
                if _met(way, words, begin) and (end := self._end(rest, words, begin + len(way))) >= 0:
                    return end
            if not here.after_small or begin >= len(words) or words[begin].isdisjoint(self.small):
                break
            begin += 1
        return self._end(rest, words, at) if here.may_miss else -1


def _met(way: tuple[frozenset[str], ...], words: Words, at: int) -> bool:
    if at + len(way) > len(words):
        return False
    return all(not keys.isdisjoint(words[at + more]) for more, keys in enumerate(way))


@cache
def lexicon() -> Lexicon:
    """The lexicon of both languages."""
    groups: dict[str, list[tuple[frozenset[str], ...]]] = {name: [] for name in GROUPS}
    told = [(language, *line) for language in ("en", "vi") for line in _lines(PLACE / f"{language}.txt")]
    for language, section, line in told:
        if section in groups:
            groups[section] += [_way(word, language) for word in line.split()]
    first: dict[str, list[Phrase]] = {}
    glued: dict[str, str] = {}
    single: dict[str, str] = {}
    for language, section, line in told:
        if section not in groups:
            phrase = _phrase(section, line, language, groups)
            for key in _beginnings(phrase.elements):
                first.setdefault(key, []).append(phrase)
            if section != "safe":
                letters = dict.fromkeys(_glued(line, language), section)
                glued |= letters
                single |= letters if language == "en" else {}
    return Lexicon(
        {key: tuple(phrases) for key, phrases in first.items()},
        _singles(groups["small"]),
        _singles(groups["minor"]),
        glued,
        single,
    )


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Each line with the section that it stands in."""
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            yield section, line.strip()


def _phrase(sign: str, line: str, language: str, groups: dict[str, list[tuple[frozenset[str], ...]]]) -> Phrase:
    words = line.removeprefix("^ ").split()
    elements = [_element(word, language, groups) for word in words]
    return Phrase(sign, tuple(elements), line.startswith("^ "))


def _element(word: str, language: str, groups: dict[str, list[tuple[frozenset[str], ...]]]) -> Element:
    if word in GAPS:
        return Element((), gap=GAPS[word])
    bare = word.lstrip("?")
    if bare.startswith("<"):
        return Element(tuple(groups[bare.strip("<>")]), word != bare, after_small=True)
    return Element(tuple(_way(one, language) for one in bare.split("|")), word != bare)


def _way(word: str, language: str) -> tuple[frozenset[str], ...]:
    mark = word[0] if word[0] in "!~" else ""
    return tuple(_keys(part, mark, language) for part in word.lstrip("!~").split("_"))


def _keys(word: str, mark: str, language: str) -> frozenset[str]:
    """The readings that a word of the files is met by."""
    if language == "en" or mark == "~":
        return frozenset({("~" if language == "en" else "-") + folded(word)})
    return frozenset({"=" + canonical(word)} if mark == "!" else {"=" + told for told in losing_marks(word)})


def _beginnings(elements: Sequence[Element]) -> set[str]:
    """The readings of the words that the phrase can begin with."""
    keys = {key for way in elements[0].ways for key in way[0]}
    return keys | _beginnings(elements[1:]) if elements[0].may_miss else keys


def _singles(ways: list[tuple[frozenset[str], ...]]) -> frozenset[str]:
    return frozenset(key for way in ways if len(way) == 1 for key in way[0])


def _glued(line: str, language: str) -> Iterator[str]:
    """The letters of a short plain phrase without spaces: English ones of one word; Vietnamese ones with their marks, and without
    where they are long enough and need none."""
    words = line.split()
    if any(word[0] in "?<^." or "_" in word for word in words) or (language == "en" and len(words) > 1):
        return
    for some in product(*(word.split("|") for word in words)):
        letters = "".join(word.lstrip("!~") for word in some)
        if language == "vi" and len(some) > 1:
            yield letters
        needed = any(word.startswith("!") or word.split("|")[0].startswith("!") for word in words)
        if language == "en" or (len(some) > 1 and not needed and len(folded(letters)) >= SHORTEST_GLUED):
            yield folded(letters)
