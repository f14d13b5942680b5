"""Where pages end: sentences moved over a break, pages joined and cut. Pure: a book in, a book out.

A page whose scene nobody touched gets the scene of its new words; one that a person or a language model made keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import BadInput
from ..publishing.book import Book, Page
from ..story.scene import Scene
from ..story.splitter import page_text, sentences
from ..story.story import Language
from ..story.writer import scenes_of
from .making import UNDRAWN, Prompter, page_of, page_seed, retold


def sentences_of(text: str, language: Language) -> tuple[str, ...]:
    """The sentences of a page, each with the white space that follows it."""
    ends = sentences(text, language)
    return tuple(text[start:end] for start, end in zip([0, *ends], ends, strict=False))


def move_break(book: Book, number: int, count: int, prompter: Prompter) -> Book:
    """Moves `count` sentences from the next page to the end of page `number`; a negative count the other way.

    Each page keeps a sentence. Raises NotFound, and BadInput when a page would be left empty.
    """
    language = book.story.language
    above = sentences_of(page_of(book, number).scene.text, language)
    below = sentences_of(page_of(book, number + 1).scene.text, language)
    at = len(above) + count
    if not 0 < at < len(above) + len(below):
        raise BadInput(
            "Page {number} or the one after it would be left without words. Move the break less far, or join the pages.",
            number=number,
        )
    together = [*above, *below]
    glued = [
        f"{one.rstrip()}{_between(one, other, book)}" for one, other in zip(together, [*together[1:], ""], strict=True)
    ]
    texts = {number: page_text("".join(glued[:at])), number + 1: page_text("".join(glued[at:]))}
    pages = tuple(_with_text(page, texts.get(at, page.scene.text)) for at, page in enumerate(book.pages, 1))
    return _told_anew(book, pages, prompter)


def _between(one: str, other: str, book: Book) -> str:
    """What stands between two sentences: a space within a paragraph of the page or of the story, else a new line."""
    if one[-1:].isspace():
        return one[len(one.rstrip()) :]
    return " " if f"{one.strip()} {other.strip()}" in page_text(book.story.text) else "\n"


def join_pages(book: Book, number: int, prompter: Prompter) -> Book:
    """Makes page `number` and the next one page, which shows what the first of them showed. Raises NotFound."""
    first, second = page_of(book, number), page_of(book, number + 1)
    words = "\n".join((first.scene.text, second.scene.text))
    translation = "\n".join(filter(None, (first.translation, second.translation)))
    joined = replace(_with_text(first, words), translation=translation)
    return _told_anew(book, (*book.pages[: number - 1], joined, *book.pages[number + 1 :]), prompter)


def cut_page(book: Book, number: int, prompter: Prompter) -> Book:
    """Makes two pages of page `number`, about equally long. Raises NotFound, and BadInput when it is one sentence."""
    page = page_of(book, number)
    parts = sentences_of(page.scene.text, book.story.language)
    if len(parts) < 2:
        raise BadInput("Page {number} is one sentence and cannot be cut. Write more on it first.", number=number)
    at = _middle(parts)
    new = page_seed(book.look, max(len(book.pages), *(one.seed % 1000 for one in book.pages)) + 1)
    second = replace(page, seed=new, translation="", mended=None, **UNDRAWN)
    halves = (_with_text(page, page_text("".join(parts[:at]))), _with_text(second, page_text("".join(parts[at:]))))
    return _told_anew(book, (*book.pages[: number - 1], *halves, *book.pages[number:]), prompter)


def _middle(parts: Sequence[str]) -> int:
    """After how many parts the halves are most alike in length."""
    total = sum(map(len, parts))
    return min(range(1, len(parts)), key=lambda at: abs(total - 2 * sum(map(len, parts[:at]))))


def _with_text(page: Page, text: str) -> Page:
    return replace(page, scene=replace(page.scene, text=text))


def _told_anew(book: Book, pages: Sequence[Page], prompter: Prompter) -> Book:
    """The book with these pages; scenes that were as the plain writer found them are found anew."""
    before = dict(zip((page.scene for page in book.pages), _plain(book, book.pages), strict=True))
    untouched = {_bare(scene) for scene, found in before.items() if scene == found}
    found = _plain(book, pages)
    told = [
        retold(page, new, prompter.prompt(new, book.cast)) if _bare(page.scene) in untouched else page
        for page, new in zip(pages, found, strict=True)
    ]
    return replace(book, pages=tuple(told))


def _plain(book: Book, pages: Sequence[Page]) -> tuple[Scene, ...]:
    return scenes_of([page.scene.text for page in pages], book.story, book.cast)


def _bare(scene: Scene) -> Scene:
    return replace(scene, text="")
