"""The command that makes a plan: pages and scenes from a story, or a story from an idea."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import options
from .console import Json, plain, say, show, write_json
from .given import story_from
from .options import AgeChoice, WriterChoice

if TYPE_CHECKING:
    from ..publishing.book import Book
    from ..workshop import Workshop


def write(
    story: options.Story,
    pages: options.Pages = 8,
    language: options.Language = None,
    writer: options.Writer = WriterChoice.plain,
    retell: Annotated[
        bool, typer.Option("--retell", help="Tell the story anew for the age; needs --writer llm.")
    ] = False,
    idea: Annotated[bool, typer.Option("--idea", help="STORY is only an idea; needs --writer llm.")] = False,
    age: options.Age = AgeChoice.middle,
    out: Annotated[Path | None, typer.Option(help="A .json file for the plan.")] = None,
    answer: Json = False,
) -> None:
    """Split a story into pages, and find what each page shows. Nothing is drawn; a language model makes a book on the shelf."""
    from ..files import atomic_write
    from ..workshop import Workshop

    workshop = Workshop()
    read = story_from(workshop, story, None if idea else language)
    if writer is WriterChoice.plain and not (retell or idea):
        cast, scenes = workshop.plan(read, pages)
        plan: dict[str, Any] = {"title": read.title, "language": read.language, "roles": cast.roles, "scenes": scenes}
    else:
        book = workshop.begin_book(read, 1 if idea else pages)
        task = "invent" if idea else "retell" if retell else "keep"
        plan = _plan(written(workshop, book, WriterChoice.llm, pages, language, task, age))
    for number, scene in enumerate(plan["scenes"], 1):
        say(f"{number}  {', '.join(scene.who) or '-'} {scene.action}, {scene.place}, {scene.time}\n   {scene.text}")
    if out:
        atomic_write(out, json.dumps(plan, ensure_ascii=False, indent=1, default=plain) + "\n")
    if answer:
        write_json(plan)


def written(
    workshop: Workshop,
    book: Book,
    writer: str,
    pages: int,
    language: str | None,
    task: str = "keep",
    age: str = AgeChoice.middle,
) -> Book:
    """The book as the language model writes it, if it is asked for, and with a second language beside it for vi+en."""
    if writer == WriterChoice.llm:
        order: dict[str, Any] = {"pages": pages}
        if task != "keep":
            order |= {"age": str(age), "language": book.story.language}
        book = show(workshop.write_book(book.id, task, **order), "Writing")
        bill = workshop.bills()[0]
        price = "" if bill.dollars is None else f", {bill.dollars:.4f} US dollars"
        say(f"{bill.model} wrote book {book.id}: {bill.sent} tokens there, {bill.received} back{price}.")
    if language == "vi+en" and not book.second_language:
        other = "en" if book.story.language == "vi" else "vi"
        book = show(workshop.write_book(book.id, "translate", language=other), "Translating")
    return book


def _plan(book: Book) -> dict[str, Any]:
    return {
        "book": book.id,
        "title": book.title,
        "language": book.story.language,
        "writer": book.writer,
        "roles": book.cast.roles,
        "scenes": [page.scene for page in book.pages],
        "translations": [page.translation for page in book.pages],
    }
