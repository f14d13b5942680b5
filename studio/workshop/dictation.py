"""What a language model does for a book: the plan of all pages, new words beside their scenes, one page as a wish asks."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadInput, NotReady
from ..files import atomic_write
from ..progress import Progress, Work
from ..publishing.book import Book
from ..settings import Settings
from ..story.llm import server as servers
from ..story.llm.ledger import Ledger
from ..story.llm.server import Server
from ..story.scene import Cast, Scene
from ..story.writer import find_cast, write_scenes
from . import making
from .making import Prompter

if TYPE_CHECKING:
    from ..story.llm.conversation import Spent
    from ..story.llm.planner import Plan, Planner

Change = Callable[[Book, Prompter], Book]

TASKS = {  # what is asked, and what must be told with it
    "keep": ("pages",),
    "retell": ("pages", "age", "language"),
    "invent": ("pages", "age", "language"),
    "relevel": ("age",),
    "translate": ("language",),
    "rewrite": ("number", "wish"),
}
AGES = ("0-3", "4-6", "7-9")
LANGUAGES = ("en", "vi")
MOST_PAGES = 60
LONGEST_WISH = 500  # letters


def server(settings: Settings) -> Server:
    return servers.load_server(settings)


def server_at_hand(settings: Settings) -> Server:
    return servers.server_at_hand(settings)


def goes_out(settings: Settings) -> bool:
    """Whether what is written goes to a server that the person chose elsewhere than on this computer."""
    with suppress(NotReady):
        return not servers.load_server(settings).here
    return False


def found() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    return servers.find_servers()


def choose(settings: Settings, chosen: Server) -> None:
    servers.save_server(settings, chosen)


def forget(settings: Settings) -> None:
    servers.forget_server(settings)


def ledger(settings: Settings) -> Ledger:
    return Ledger(settings)


def planner(settings: Settings, names: tuple[str, ...]) -> Planner:
    from ..story.llm.planner import Planner

    return Planner(servers.server_at_hand(settings), Ledger(settings), names)


def try_out(settings: Settings) -> Work[str]:
    """A few words of the model, as a sign of life."""
    from ..story.llm.trial import try_server

    return try_server(servers.server_at_hand(settings), Ledger(settings))


def check(task: str, order: Mapping[str, Any]) -> None:
    """Raises BadInput for an order that a task cannot be done with."""
    if task not in TASKS or set(order) != set(TASKS[task]):
        raise TypeError(f"{task!r} is ordered with {TASKS.get(task)}, not {tuple(order)}")
    pages, wish = order.get("pages", 1), str(order.get("wish", "a"))
    if not 1 <= pages <= MOST_PAGES:
        raise BadInput(
            "'{count}' pages cannot be written; a book has 1 to {most}. Choose a number in that range.",
            count=pages,
            most=MOST_PAGES,
        )
    if order.get("age", AGES[0]) not in AGES or order.get("language", LANGUAGES[0]) not in LANGUAGES:
        raise BadInput(
            "Choose an age of {ages} and a language of {languages}.", ages=", ".join(AGES), languages="en, vi"
        )
    if not wish.strip() or len(wish) > LONGEST_WISH:
        raise BadInput(
            "A wish has 1 to {most} letters. Say in a few words what should be different.", most=LONGEST_WISH
        )


def write(planner: Planner, book: Book, task: str, order: Mapping[str, Any], draft: Path) -> Work[Change]:
    """Asks the model; gives the change of the book that its answer makes. Letters get the size for whom it was told."""
    change = yield from _written(planner, book, task, order, draft)
    if "age" not in order:
        return change

    def for_readers(now: Book, prompter: Prompter) -> Book:
        changed = change(now, prompter)
        return replace(changed, design=replace(changed.design, age=order["age"]))

    return for_readers


def _written(planner: Planner, book: Book, task: str, order: Mapping[str, Any], draft: Path) -> Work[Change]:
    story, cast, scenes = book.story, book.cast, [page.scene for page in book.pages]
    if task in ("relevel", "translate"):
        language = order.get("language", story.language)
        age = {"age": order["age"]} if task == "relevel" else {}
        work = getattr(planner, task)(scenes, cast, language=language, **age)
        texts, spent = yield from _beating(work, len(scenes))
        _bill(planner, book, task, spent)
        return _unless_changed(book, lambda now, _: _with_texts(now, texts, None if task == "relevel" else language))
    if task == "rewrite":
        making.page_of(book, order["number"])
        plan = yield from _drafting(
            planner.rewrite(scenes, order["number"], cast, order["wish"], story.language), 1, draft
        )
        _bill(planner, book, task, plan.spent)
        return _unless_changed(book, lambda now, prompter: _with_page(now, order["number"], plan, prompter))
    asked: Mapping[str, Callable[[], Any]] = {
        "keep": lambda: planner.keep(story, cast, order["pages"]),
        "retell": lambda: planner.retell(story, cast, order["pages"], order["age"], order["language"]),
        "invent": lambda: planner.invent(story.text, order["pages"], order["age"], order["language"]),
    }
    plan = yield from _drafting(asked[task](), order["pages"], draft)
    _bill(planner, book, task, plan.spent)
    model = planner.server.model
    return _unless_changed(book, lambda now, prompter: _with_plan(now, plan, task, order, model, prompter))


def _unless_changed(asked: Book, change: Change) -> Change:
    """The change, for a book whose words are still those that the model was given. Raises BadInput for another."""
    words = [page.scene.text for page in asked.pages]

    def checked(now: Book, prompter: Prompter) -> Book:
        if now.story.text != asked.story.text or [page.scene.text for page in now.pages] != words:
            raise BadInput(
                "The words of the book were changed while the language model was at work, so its answer does not fit "
                "any more. Your words are kept; ask again."
            )
        return change(now, prompter)

    return checked


def _bill(planner: Planner, book: Book, task: str, spent: Spent) -> None:
    from ..story.llm.cost import dollars

    sys.audit("studio.writing.parsed")
    price = dollars(planner.server, spent.sent, spent.received)
    planner.ledger.bill(book.id, task, planner.server.model, spent, price)


def evaluate(settings: Settings, writer: str) -> Work[dict[str, Any]]:
    """The scores of a writer: of all stories together, by language, and of each. Raises NotReady, NoAnswer."""
    from ..evaluation.keys import KeyedStory
    from ..evaluation.planning import evaluate_plans, told
    from ..story.llm.planner import Planner

    asked = Planner(servers.server_at_hand(settings), Ledger(settings)) if writer == "llm" else None

    def plan(keyed: KeyedStory) -> tuple[Cast, Sequence[Scene]]:
        cast = find_cast(keyed.story)
        if asked is None:
            return cast, write_scenes(keyed.story, cast, keyed.pages)
        made = _result(asked.keep(keyed.story, cast, keyed.pages))
        return made.cast, made.scenes

    scores = yield from evaluate_plans(plan)
    return told(scores)


def _result(work: Generator[Any, None, Plan]) -> Plan:
    try:
        while True:
            next(work)
    except StopIteration as end:
        return end.value


def draft(path: Path) -> tuple[str, ...]:
    """The words written so far; empty when nobody writes."""
    with suppress(FileNotFoundError, ValueError):
        return tuple(json.loads(path.read_bytes()))
    return ()


def _drafting(work: Generator[Any, None, Plan], pages: int, draft: Path) -> Work[Plan]:
    """Passes the pages on as progress, and keeps their words where a screen can read them until the plan is there."""
    written: tuple[str, ...] = ()
    try:
        while True:
            texts = tuple(scene.text for scene in next(work))
            if texts != written:
                written = texts
                sys.audit("studio.writing.part")
                atomic_write(draft, json.dumps(texts, ensure_ascii=False))
            yield Progress(min(len(texts), pages), pages)
    except StopIteration as end:
        return end.value
    finally:
        work.close()
        sys.audit("studio.writing.draft")
        draft.unlink(missing_ok=True)


def _beating(work: Generator[str, None, Any], pages: int) -> Work[Any]:
    """Passes on that the model is at work; how many pages it has written shows by the ends of their texts."""
    try:
        while True:
            yield Progress(min(next(work).count('"number"'), pages), pages)
    except StopIteration as end:
        return end.value
    finally:
        work.close()


def _with_texts(book: Book, texts: tuple[str, ...], second: Any) -> Book:
    """The book with new words on its pages, or beside them in a second language; scenes and pictures stay."""
    if second:
        pages = (replace(page, translation=text) for page, text in zip(book.pages, texts, strict=True))
        return replace(book, pages=tuple(pages), second_language=second)
    told = (replace(page, scene=replace(page.scene, text=text)) for page, text in zip(book.pages, texts, strict=True))
    return replace(book, pages=tuple(told))


def _with_page(book: Book, number: int, plan: Plan, prompter: Prompter) -> Book:
    """The book with one page as the model wrote it; whoever is new on it joins the cast."""
    known = {role.name for role in book.cast.roles}
    new = tuple(role for role in plan.cast.roles if role.name not in known)
    grown = replace(book, cast=replace(book.cast, roles=(*book.cast.roles, *new)))
    return making.put_scene(grown, number, plan.scenes[0], prompter)


def _with_plan(book: Book, plan: Plan, task: str, order: Mapping[str, Any], model: str, prompter: Prompter) -> Book:
    """The book with all pages as the model planned them. What was told anew is the book's story from now on."""
    language = order.get("language", book.story.language)
    text = book.story.text if task == "keep" else "\n\n".join(scene.text for scene in plan.scenes)
    story = replace(book.story, text=text, language=language)
    cast = making.as_before(plan.cast, book.cast)
    new = making.new_book(story, cast, plan.scenes, book.look, prompter, model)
    return making.in_place_of(book, new)
