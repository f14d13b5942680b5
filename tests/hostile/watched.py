"""Makes every kind of file of a book whose words are hostile, and prints each file opened and each connection asked for that is
none of the book's own: `python -m tests.hostile.watched FOLDER`. A program of its own, since nothing takes a watch off
a running Python again."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from studio.progress import finish
from studio.publishing.book import Book, Look, Page
from studio.publishing.design import Design
from studio.settings import ROOT, Settings
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Role, Scene
from studio.story.story import Story
from studio.workshop import Workshop

from .texts import HOSTILE

FILES = ("book.pdf", "kdp.pdf", "book.epub", "book.html", "book.zip")
A_PAGE = 12


def main() -> None:
    folder = Path(sys.argv[1])
    workshop = Workshop(Settings(folder / "home", ""))
    book = hostile_book(workshop)
    make_all(
        workshop, replace(book, title="Warm", pages=book.pages[:1]), folder
    )  # what is imported now is not opened later
    seen: list[str] = []
    own = [Path(place).resolve() for place in (folder, ROOT, sys.prefix, sys.base_prefix, tempfile.gettempdir())]

    def watch(event: str, told: tuple[object, ...]) -> None:
        if event == "open" and isinstance(told[0], (str, bytes)):
            path = Path(told[0].decode() if isinstance(told[0], bytes) else told[0]).resolve()
            if not any(path.is_relative_to(place) for place in own):
                seen.append(f"open {path}")
        elif event in ("socket.connect", "socket.getaddrinfo", "os.system", "os.exec", "subprocess.Popen"):
            seen.append(f"{event} {told[:2]}")

    sys.addaudithook(watch)
    make_all(workshop, book, folder)
    sys.stdout.write(json.dumps(seen))


def hostile_book(workshop: Workshop) -> Book:
    """Two hundred strings as its story, and others in every other field."""
    groups = ["\n".join(HOSTILE[at : at + A_PAGE]) for at in range(0, len(HOSTILE), A_PAGE)]
    prompt = Prompt("a fox in a forest")
    pages = tuple(Page(Scene(words, ("May",)), prompt, 1, "1.png", translation=words) for words in groups)
    story = Story("\n\n".join(groups), "en", HOSTILE[3], HOSTILE[7], HOSTILE[11])
    book = Book(
        id="hostile", title=HOSTILE[5], story=story, cast=Cast((Role("May", "girl"),)), look=Look(), pages=pages,
        created="2026-01-01T00:00:00Z", second_language="vi",
        design=Design(about=HOSTILE[13], blurb=HOSTILE[17], own_pages=12),
    )  # fmt: skip
    pictures = workshop.settings.books / book.id / "pictures"
    pictures.mkdir(parents=True)
    Image.radial_gradient("L").resize((520, 520)).convert("RGB").save(pictures / "1.png")
    return book


def make_all(workshop: Workshop, book: Book, folder: Path) -> None:
    from studio.library.library import Library

    Library(workshop.settings).save(book)
    for name in FILES:
        profile = "kdp" if name == "kdp.pdf" else "screen"
        finish(workshop.export_book(book.id, folder / name, profile, accept_red=True))


if __name__ == "__main__":
    main()
