"""Words that were changed in two places at once, made one: by words and three ways, from what both began with.

Knows nothing of windows or files. Where both sides changed the same words it takes neither side but tells both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..errors import N_, StudioError

WORD = re.compile(r"\s+|[\w\u0300-\u036f]+|[^\w\s]")  # white space, a word with its accents, or one sign
MEET = N_("These words were changed in another window at the same time. Both versions are safe; choose what to keep.")

Hunk = tuple[int, int, list[str]]  # from, to and what stands there instead


@dataclass(frozen=True, slots=True)
class Merged:
    """The words with what both sides changed; the three differ only where both changed the same words."""

    mine: str
    theirs: str
    both: str

    @property
    def clash(self) -> bool:
        return self.mine != self.theirs


class Clash(StudioError):
    """Both sides changed the same words; nothing was kept of mine."""

    def __init__(self, merged: Merged) -> None:
        super().__init__(MEET)
        self.merged = merged


@dataclass(frozen=True, slots=True)
class Typed:
    """Words as they stand in a field, what it showed when the person began to change them, and in which window."""

    words: str
    shown: str
    window: str = ""

    def onto(self, kept: str) -> str:
        """What to keep now that `kept` is. Raises Clash."""
        if bare(kept) == bare(self.shown):  # white space at an end is cut when words are kept
            return self.words
        merged = merge(self.shown, self.words, kept)
        if merged.clash:
            raise Clash(merged)
        return merged.mine


@dataclass(frozen=True, slots=True)
class Chosen:
    """Names as they are chosen in a field, and which it showed before."""

    names: tuple[str, ...]
    shown: tuple[str, ...]
    window: str = ""

    def onto(self, kept: tuple[str, ...]) -> tuple[str, ...]:
        """What to keep now that `kept` is: nobody who was added is lost, nobody who was taken away comes back."""
        if kept == self.shown:
            return self.names
        stay = tuple(name for name in kept if name in self.names or name not in self.shown)
        return stay + tuple(name for name in self.names if name not in kept and name not in self.shown)


Given = str | Typed  # by a person in a field, or by a program that knows what it wants


def settled(given: Given, kept: str) -> str:
    """What to keep of the given words now that `kept` is. Raises Clash."""
    return given.onto(kept) if isinstance(given, Typed) else given


def window(*given: object) -> str:
    """In which window these were typed, for the label of a change; empty for words of a program."""
    return next((one.window for one in given if isinstance(one, Typed | Chosen)), "")


def bare(words: str) -> str:
    """The words without what white space says."""
    return " ".join(words.split())


def merge(base: str, mine: str, theirs: str) -> Merged:
    """`base` with the changes of both sides."""
    begun, *sides = (_words(side.rstrip()) for side in (base, mine, theirs))
    changes = [_changes(begun, side) for side in sides]
    ours: list[str] = []
    others: list[str] = []
    both: list[str] = []
    at = 0
    for low, high, groups in _meetings(*changes):
        one, other = (_applied(begun, low, high, group) for group in groups)
        before = begun[at:low]
        if not groups[0]:
            one = other
        elif not groups[1]:
            other = one
        ours += before + one
        others += before + other
        both += before + (one if one == other else _joined(other, one))
        at = high
    return Merged(*("".join(side + begun[at:]) for side in (ours, others, both)))


def nearest(words: str, versions: Sequence[str]) -> str:
    """The version that takes the fewest changes to become the words; of those alike the first."""
    return min(versions, key=lambda version: sum(_size(hunk) for hunk in _changes(_words(version), _words(words))))


def differences(words: str, other: str) -> Iterator[tuple[str, bool]]:
    """The words in pieces, each with whether the other has something else there."""
    mine, at = _words(words), 0
    for start, end, _other in _changes(mine, _words(other)):
        yield "".join(mine[at:start]), False
        yield "".join(mine[start:end]), True
        at = end
    yield "".join(mine[at:]), False


def _words(text: str) -> list[str]:
    return WORD.findall(text)


def _changes(old: list[str], new: list[str]) -> list[Hunk]:
    """What makes the new words of the old. Equal ends are set aside first: a long story is changed in few places."""
    head = _alike(zip(old, new, strict=False))
    rest = min(len(old), len(new)) - head
    tail = min(rest, _alike(zip(reversed(old), reversed(new), strict=False)))
    middle, other = old[head : len(old) - tail], new[head : len(new) - tail]
    codes = SequenceMatcher(None, middle, other).get_opcodes()
    return [(head + a, head + b, other[c:d]) for kind, a, b, c, d in codes if kind != "equal"]


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs are of equal words before the first that is not."""
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _meetings(mine: list[Hunk], theirs: list[Hunk]) -> Iterator[tuple[int, int, tuple[list[Hunk], list[Hunk]]]]:
    """The changes of both sides in turn, those that touch the same words together."""
    waiting = sorted([(hunk, 0) for hunk in mine] + [(hunk, 1) for hunk in theirs], key=lambda one: one[0][:2])
    while waiting:
        (first, side), low = waiting[0], waiting[0][0][0]
        groups: tuple[list[Hunk], list[Hunk]] = ([], [])
        groups[side].append(first)
        high, taken = first[1], 1
        while taken < len(waiting) and _meet(high, waiting[taken], groups):
            hunk, side = waiting[taken]
            groups[side].append(hunk)
            high, taken = max(high, hunk[1]), taken + 1
        yield low, high, groups
        waiting = waiting[taken:]


def _meet(high: int, next_one: tuple[Hunk, int], groups: tuple[list[Hunk], list[Hunk]]) -> bool:
    """Whether the next change touches what was changed up to `high`; one that only puts words in touches at the edge too."""
    (start, end, _new), side = next_one
    if start < high:
        return True
    other = groups[1 - side]
    edge = bool(other) and other[-1][1] == start
    return edge and (start == end or other[-1][0] == other[-1][1])


def _applied(begun: list[str], low: int, high: int, hunks: list[Hunk]) -> list[str]:
    found: list[str] = []
    for start, end, new in hunks:
        found += begun[low:start] + new
        low = end
    return found + begun[low:high]


def _joined(first: list[str], second: list[str]) -> list[str]:
    """Both after one another, with room between."""
    apart = not first or not second or first[-1].isspace() or second[0].isspace()
    return [*first, *([] if apart else [" "]), *second]


def _size(hunk: Hunk) -> int:
    start, end, new = hunk
    return end - start + len(new)
