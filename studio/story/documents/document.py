"""What is found in a document: its title and its paragraphs, or the reason why it is not read."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_PAGES = 2000  # of a PDF
REFUSED = 3  # the exit status of a child that gives a reason
LONGEST_TITLE = 200  # characters; what is longer only looks like a title


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a document as they stand in it. The title is empty when it names none."""

    title: str
    text: str


class Refused(Exception):
    """Why a document is not read: a key of `door.SENTENCES`."""


@dataclass(slots=True)
class Paragraphs:
    """Paragraphs in reading order, together at most `most` characters long."""

    most: int
    found: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, words: str) -> None:
        """Takes one more paragraph, unless it is empty. Raises Refused when there are too many characters by now."""
        lines = (" ".join(line.split()) for line in words.split("\n"))
        paragraph = "\n".join(lines).strip("\n")
        if not paragraph:
            return
        self.length += len(paragraph) + 2 * bool(self.found)
        if self.length > self.most:
            raise Refused("long")
        self.found.append(paragraph)

    @property
    def text(self) -> str:
        """The paragraphs with an empty line between them."""
        return "\n\n".join(self.found)
