"""A story becomes the texts of N pages: cut at sentence ends, best at paragraph ends, all pages about equally long.

A break has a price in pages: nothing at the end of a paragraph, a little at the end of a sentence, much at a comma and
most between two words. The two dear ones are only offered where a sentence is too long for its share of the book.
A dynamic programme finds the breaks whose worst page (distance from the mean length plus price) is best.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from ..errors import BadStory
from .story import Language, Story

MOST_PAGES = 60
WORDS_PER_PAGE = 4  # the fewest that fill a page
PARAGRAPH, SENTENCE, LINE, CLAUSE, WORD = 0.0, 0.2, 0.4, 0.7, 1.5  # prices, in mean page lengths
NEAREST = 40  # a page ends at one of so many breaks around its ideal end: exact for picture books, quick for novels

_ABBREVIATION = re.compile(r"(?:^|[\s(“\"])(?:TP|Tp|tp|Th|ThS|GS|PGS|TS|BS|KS|Q|P|Dr|Mr|Mrs|Ms|St|Prof|[A-Z])\.$")
_SPEAKER = re.compile(
    r"(?:\S+ ){0,3}(?:said|asked|called|cried|whispered|shouted|answered|replied|laughed"
    r"|nói|hỏi|gọi|reo|kêu|đáp|thì thầm)\b"
)
_CLAUSE = re.compile(r"[,;:…—–][”\"’»)]*(?=\s)|\s(?=[—–]\s)")


@dataclass(frozen=True, slots=True)
class _Break:
    """A place where a page may end, and its price."""

    at: int
    price: float


def split_pages(story: Story, count: int) -> tuple[str, ...]:
    """`count` page texts that, joined, are the story but for white space. Raises BadStory for more than it can fill."""
    most = most_pages(story.text)
    if not 1 <= count <= most:
        raise _too_many(count, most)
    breaks = _breaks(story, count)
    ends = _best_ends(breaks, count, len(story.text) / count)
    starts = [0, *ends[:-1]]
    return tuple(page_text(story.text[start:end]) for start, end in zip(starts, ends, strict=True))


def most_pages(text: str) -> int:
    """How many pages a story can fill, 1 to 60."""
    return max(1, min(MOST_PAGES, len(text.split()) // WORDS_PER_PAGE))


def sentences(text: str, language: Language) -> tuple[int, ...]:
    """The position after each sentence and the white space that follows it; the last is the end of the text."""
    import sentencex

    ends: list[int] = []
    at = 0
    for segment in sentencex.segment(language, text):
        at = text.index(segment, at) + len(segment)
        if not ends or segment.strip():
            ends.append(at)
        else:
            ends[-1] = at
    ends[-1:] = [len(text)]
    return tuple(
        end for start, end in zip([0, *ends], ends, strict=False) if end == len(text) or _ends_here(text, start, end)
    )


def _ends_here(text: str, start: int, end: int) -> bool:
    """Whether the sentence that was cut at `end` is really over."""
    if not text[end - 1].isspace():  # within a word, as after a lone quotation mark
        return False
    before, after = text[start:end].rstrip(), text[end : end + 60]
    quoted = before.endswith(("”", '"', "’", "'", "»"))
    goes_on = after.lstrip("-–— \n")[:1].islower()  # "- Mây ơi! - bà gọi."
    return not (goes_on or _ABBREVIATION.search(before) or (quoted and _SPEAKER.match(after)))


def _breaks(story: Story, count: int) -> list[_Break]:
    """All offered breaks in order; the last is the end of the story and costs nothing."""
    text, ends = story.text, sentences(story.text, story.language)
    share = 1.5 * len(text) / count
    found: dict[int, float] = {}
    for start, end in zip([0, *ends], ends, strict=False):
        if end - start > share or len(ends) < count:
            found |= _inside(text, start, end)
        found[end] = PARAGRAPH if end == len(text) or "\n" in text[len(text[:end].rstrip()) : end] else SENTENCE
    return [_Break(at, found[at]) for at in sorted(found)]


def _inside(text: str, start: int, end: int) -> dict[int, float]:
    """Breaks within one sentence: after each word, cheaper after a comma or at the end of a line."""
    found = {}
    for gap in re.compile(r"\s+").finditer(text, start, len(text[:end].rstrip())):
        clause = _CLAUSE.search(text, max(start, gap.start() - 2), gap.end() + 2)
        near = clause is not None and clause.start() <= gap.start() <= clause.end()
        found[gap.end()] = LINE if "\n" in gap.group() else CLAUSE if near else WORD
    return found


def _best_ends(breaks: list[_Break], count: int, mean: float) -> list[int]:
    """The `count` page ends with the least (worst page, sum of squares), lexicographically per prefix."""
    ats = [each.at for each in breaks]
    reached: dict[int, tuple[float, float]] = {0: (0.0, 0.0)}  # position: what it costs to end a page there
    came_from: list[dict[int, int]] = []
    for number in range(1, count + 1):
        best: dict[int, tuple[float, float]] = {}
        came: dict[int, int] = {}
        for each in _candidates(breaks, ats, number, count, mean):
            for start, (worst, total) in reached.items():
                if start >= each.at:
                    continue
                pain = abs(each.at - start - mean) / mean + each.price
                cost = (max(worst, pain), total + pain * pain)
                if each.at not in best or cost < best[each.at]:
                    best[each.at], came[each.at] = cost, start
        reached = best
        came_from.append(came)
    ends = [ats[-1]]
    for came in reversed(came_from[1:]):
        ends.append(came[ends[-1]])
    return ends[::-1]


def _candidates(breaks: list[_Break], ats: list[int], number: int, count: int, mean: float) -> list[_Break]:
    """The breaks at which page `number` may end; enough of them that every page gets one of its own."""
    if number == count:
        return breaks[-1:]
    width = max(NEAREST, count)
    middle = bisect_left(ats, number * mean)
    first = max(0, min(middle - width // 2, len(breaks) - 1 - width))
    return breaks[first : first + width][: len(breaks) - 1 - first]


def page_text(text: str) -> str:
    """A part of a story as its page holds it: one line per paragraph, single spaces."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _too_many(count: int, most: int) -> BadStory:
    if most == 1:
        return BadStory(
            "'{count}' pages cannot be made: this story has words for 1 page. Choose a number in that range.",
            count=count,
        )
    return BadStory(
        "'{count}' pages cannot be made: this story has words for 1 to {most} pages. Choose a number in that range.",
        count=count,
        most=most,
    )
