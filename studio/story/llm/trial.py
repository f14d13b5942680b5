"""A first word from a language model, to see whether it answers and how well it keeps to what is asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from ...progress import Progress, Work
from .conversation import Task, Unfit, ask
from .ledger import Ledger
from .server import Server
from .shape import Strict

MOST_TOKENS = 200


class Greeting(Strict):
    """A word, so many times."""

    word: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    times: Annotated[int, Field(ge=1, le=9)]


def try_server(server: Server, ledger: Ledger) -> Work[str]:
    """Asks for a word of welcome; gives it. Raises NoAnswer."""
    asked = (
        {
            "role": "system",
            "content": "Answer with one JSON object: word, one friendly English word; times, the number 3.",
        },
        {"role": "user", "content": "Please begin."},
    )
    work = ask(server, Task("trial", asked, Greeting, _check, MOST_TOKENS), ledger)
    try:
        while True:
            next(work)
            yield Progress(0, 1)
    except StopIteration as end:
        return end.value[0].word
    finally:
        work.close()


def _check(reply: Greeting) -> None:
    if reply.times != 3:
        raise Unfit("times must be 3.")
