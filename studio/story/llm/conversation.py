"""A question is asked until its answer is of the asked shape and passes its check: three tries, two of them repairs.

A server that does not know schemas is asked for any JSON, then in plain words; one that cannot stream sends its answer whole.
What a server refused is remembered while the studio runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .exchange import BEAT_S, Answer, Format, Message, Question, exchange
from .ledger import Ledger
from .server import Server
from .trouble import (
    Again,
    FormatRefused,
    StreamRefused,
    TooLong,
    TooMuch,
    cut,
    declined,
    endless,
    malformed,
    misfit,
    no_model,
    silent,
    too_short,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

Reply = TypeVar("Reply", bound="BaseModel")

TRIES = 3
BUDGET_S = 85.0  # no new try begins later than half of it, and all silence together ends with it
QUOTED = 600  # letters of the complaint that a repair quotes
BRACES = 40  # that may stand before the object
PLAIN = "\n\nAnswer with one JSON object and nothing else. Its JSON schema:\n"
_refused: dict[tuple[str, str], int] = {}  # how many formats a server and model turned down
_whole_only: set[str] = set()  # addresses that cannot stream


class Unfit(ValueError):
    """An answer of the right shape that says something impossible; the text goes back to the model."""


@dataclass(frozen=True, slots=True)
class Task(Generic[Reply]):
    """What is wanted: the messages, the shape of the answer, and what must be true of it."""

    name: str
    messages: Sequence[Message]
    shape: type[Reply]
    check: Callable[[Reply], None]  # raises Unfit
    most_tokens: int


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens as the server counted them, or as they are estimated where it does not count; and how often it was asked."""

    sent: int
    received: int
    tries: int


def forget_refusals() -> None:
    """Asks every server in the best way again, as after a start of the studio."""
    _refused.clear()
    _whole_only.clear()


def ask(server: Server, task: Task[Reply], ledger: Ledger) -> Generator[str, None, tuple[Reply, Spent]]:
    """Yields the answer's text as far as it has come; gives the checked reply and what it took. Raises NoAnswer, NoRoom."""
    started, messages, spent = monotonic(), list(task.messages), Spent(0, 0, 0)
    while True:
        try:
            answer = yield from _ask_once(server, task, messages, ledger, BUDGET_S - (monotonic() - started))
        except Again as again:
            spent = replace(spent, tries=spent.tries + 1)
            if spent.tries == TRIES or monotonic() - started + again.after_s > BUDGET_S / 2:
                raise again.then from None
            yield from _pause(again.after_s)
            continue
        spent = _added(spent, answer, messages)
        try:
            return parsed(answer.text, task), spent
        except ValueError as error:  # of pydantic, or Unfit
            wrong = error
        reason = _reason(wrong)
        if spent.tries == TRIES or monotonic() - started > BUDGET_S:
            raise misfit(server, spent.tries, reason) if isinstance(wrong, Unfit) else malformed(server, spent.tries)
        messages = [*task.messages, {"role": "assistant", "content": answer.text[-20_000:]}, _repair(reason)]


def _ask_once(
    server: Server, task: Task[Any], messages: list[Message], ledger: Ledger, left_s: float
) -> Generator[str, None, Answer]:
    """One answer, in the best format that the server takes. Raises Again, NoAnswer."""
    known = (server.address, server.model)
    while True:
        level = _refused.get(known, 0)
        question = _question(task, messages, level, server.address not in _whole_only)
        patience = min(server.patience_s, max(left_s, 1.0))
        try:
            answer = yield from exchange(server, question, ledger, patience)
        except FormatRefused:
            _refused[known] = level + 1
        except StreamRefused:
            _whole_only.add(server.address)
        except TooLong:
            raise silent(server, patience) from None
        except TooMuch:
            raise endless(server) from None
        else:
            return _finished(server, answer)


def _finished(server: Server, answer: Answer) -> Answer:
    """The answer, if it was said to its end."""
    if answer.finish == "length":
        raise too_short(server)
    if answer.finish == "content_filter":
        raise declined(server)
    if not answer.spoke:
        raise no_model(server)
    if answer.text and not answer.finish:
        raise Again(cut(server))
    return answer


def _question(task: Task[Any], messages: Sequence[Message], level: int, streamed: bool) -> Question:
    """The request at a level of what the server knows: 0 a schema, 1 any JSON, 2 words."""
    from .shape import schema_of

    schema = schema_of(task.shape)
    formats: Sequence[Format] = (
        {"type": "json_schema", "json_schema": {"name": task.name, "strict": True, "schema": schema}},
        {"type": "json_object"},
        None,
    )
    if level:
        first, *rest = messages
        messages = [{**first, "content": f"{first['content']}{PLAIN}{_compact(schema)}"}, *rest]
    return Question(task.name, messages, formats[min(level, 2)], task.most_tokens, streamed)


def parsed(text: str, task: Task[Reply]) -> Reply:
    """The reply in the text, whatever stands around it. Raises ValueError."""
    if not text.strip():
        raise Unfit("The answer was empty.")
    reply = task.shape.model_validate_json(bare(text))
    task.check(reply)
    return reply


def bare(text: str) -> str:
    """The JSON object in an answer, whatever was thought and said before and after it; the text itself if there is none."""
    said = re.sub(r"<think>.*?(?:</think>|$)", "", text, flags=re.DOTALL)
    decoder, at = json.JSONDecoder(), said.find("{")
    for _ in range(BRACES):
        if at < 0:
            break
        try:
            _, end = decoder.raw_decode(said, at)
        except (ValueError, RecursionError):
            at = said.find("{", at + 1)
        else:
            return said[at:end]
    return said


def _reason(wrong: ValueError) -> str:
    """The first complaints, in words that a model and a person understand; never more of the answer than a field's name."""
    errors = getattr(wrong, "errors", None)
    if errors is None:
        return str(wrong)
    found = errors(include_url=False, include_context=False, include_input=False)[:4]
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'JSON'}: {one['msg']}" for one in found)[:QUOTED]


def _repair(reason: str) -> Message:
    return {
        "role": "user",
        "content": f"That answer cannot be used: {reason}\nSend the whole JSON object again, corrected, and nothing else.",
    }


def _added(spent: Spent, answer: Answer, messages: Sequence[Message]) -> Spent:
    from .cost import tokens_in

    sent = answer.sent or sum(tokens_in(message["content"]) for message in messages)
    received = answer.received or tokens_in(answer.text)
    return Spent(spent.sent + sent, spent.received + received, spent.tries + 1)


def _pause(seconds: float) -> Generator[str, None, None]:
    until = monotonic() + seconds
    while monotonic() < until:
        sleep(min(BEAT_S, max(0.0, until - monotonic())))
        yield ""


def _compact(schema: Any) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
