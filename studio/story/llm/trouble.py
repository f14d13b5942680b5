"""What can go wrong with a language model server, and the sentence that a person is told of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...errors import NoAnswer
from .server import Server, models_at

if TYPE_CHECKING:
    from .exchange import Answer, Question

LONGEST_WAIT_S = 20.0  # that a busy server may ask for
PAUSE_S = 0.5
SHOWN = 160  # letters of what a server says of its own fault
REDIRECTS = range(300, 400)


class TooLong(Exception):
    """Nothing came for longer than is bearable."""


class TooMuch(Exception):
    """More came than any plan needs."""


class FormatRefused(Exception):
    """The server does not know the kind of answer that was asked for."""


class StreamRefused(Exception):
    """The server cannot send its answer piece by piece."""


class Again(Exception):
    """The same question may be asked again after `after_s` seconds; `then` is told when it is of no use."""

    def __init__(self, then: NoAnswer, after_s: float = PAUSE_S) -> None:
        super().__init__(str(then))
        self.then = then
        self.after_s = after_s


@contextmanager
def told(server: Server, question: Question, answer: Answer) -> Iterator[None]:
    """Turns what the client library raises into Again, FormatRefused, StreamRefused, TooLong or NoAnswer."""
    import httpx2
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        raise _of_status(error, server, question) from None
    except openai.APITimeoutError:
        raise TooLong from None
    except openai.APIConnectionError:
        raise Again(cut(server) if answer.spoke else unreachable(server)) from None
    except (httpx2.HTTPError, openai.APIError, ValueError):  # cut, or bytes that are no text and no JSON
        raise Again(cut(server)) from None


def _of_status(error: Any, server: Server, question: Question) -> Exception:
    status = error.status_code
    if status in (401, 403):
        return NoAnswer(
            "The language model at '{host}' refuses the key. Check the key in Settings. Your story and its pages are as they were.",
            host=server.host,
        )
    if status == 404:
        return _no_such_model(server)
    if status == 429:
        return _busy(error, server)
    if status >= 500:
        return Again(_faulty(server, status))
    if status in REDIRECTS:
        return NoAnswer(
            "The server at '{host}' sends its callers on to another address, and the story is not sent there. "
            "Check the address in Settings. Your story and its pages are as they were.",
            host=server.host,
        )
    return _refused(error, server, question)


def _refused(error: Any, server: Server, question: Question) -> Exception:
    """What to do when a request is not understood: ask in a simpler way, while there is one."""
    said = _bare(str(error), server)
    if question.streamed and "stream" in said.lower() and "format" not in said.lower():
        return StreamRefused()
    if question.format:
        return FormatRefused()
    return NoAnswer(
        "The language model at '{host}' does not understand the question ({said}). "
        "Choose another model in Settings, or let the plain writer do it. Your story and its pages are as they were.",
        host=server.host,
        said=said,
    )


def _busy(error: Any, server: Server) -> Exception:
    try:
        wait = float(error.response.headers.get("retry-after") or PAUSE_S)
    except ValueError:  # a date
        wait = PAUSE_S
    then = NoAnswer(
        "The language model at '{host}' has too much to do or your allowance is used up; it asks to wait {seconds} s. "
        "Try again later. Your story and its pages are as they were.",
        host=server.host,
        seconds=round(wait),
    )
    return then if wait > LONGEST_WAIT_S else Again(then, wait)


def _no_such_model(server: Server) -> NoAnswer:
    known = ", ".join(f"'{name}'" for name in models_at(server.address, server.key, 2.0)[:8])
    if known:
        return NoAnswer(
            "The server at '{host}' has no model '{model}'. It has: {known}. Choose one in Settings. Your story and its pages are as they were.",
            host=server.host,
            model=server.model,
            known=known,
        )
    return NoAnswer(
        "The server at '{host}' has no model '{model}'. Check its name and the address in Settings. Your story and its pages are as they were.",
        host=server.host,
        model=server.model,
    )


def _faulty(server: Server, status: int) -> NoAnswer:
    return NoAnswer(
        "The language model at '{host}' has a fault of its own (error {status}). Try again later. Your story and its pages are as they were.",
        host=server.host,
        status=status,
    )


def unreachable(server: Server) -> NoAnswer:
    return NoAnswer(
        "The language model at '{host}' cannot be reached. Start it, or check the address in Settings. Your story and its pages are as they were.",
        host=server.host,
    )


def cut(server: Server) -> NoAnswer:
    return NoAnswer(
        "The answer of the language model at '{host}' broke off. Try again, or choose another model in Settings. Your story and its pages are as they were.",
        host=server.host,
    )


def silent(server: Server, seconds: float) -> NoAnswer:
    return NoAnswer(
        "The language model at '{host}' said next to nothing for {seconds} s. It may be busy, or too large for the "
        "computer it runs on; try again, or choose a smaller one. Your story and its pages are as they were.",
        host=server.host,
        seconds=round(seconds),
    )


def endless(server: Server) -> NoAnswer:
    return NoAnswer(
        "The language model at '{host}' talks without end. Choose another model in Settings. Your story and its pages are as they were.",
        host=server.host,
    )


def too_short(server: Server) -> NoAnswer:
    return NoAnswer(
        "The language model at '{host}' could not finish its answer: it may write no more at once. "
        "Ask for fewer pages, or choose another model in Settings. Your story and its pages are as they were.",
        host=server.host,
    )


def declined(server: Server) -> NoAnswer:
    return NoAnswer(
        "The language model at '{host}' declined to work on this story. "
        "Choose another model in Settings, or let the plain writer do it. Your story and its pages are as they were.",
        host=server.host,
    )


def malformed(server: Server, tries: int) -> NoAnswer:
    return NoAnswer(
        "The language model at '{host}' was asked {tries} times and its answers never had the asked form. "
        "Choose a larger model in Settings, or let the plain writer do it. Your story and its pages are as they were.",
        host=server.host,
        tries=tries,
    )


def misfit(server: Server, tries: int, reason: str) -> NoAnswer:
    return NoAnswer(
        "The language model at '{host}' was asked {tries} times and its pages do not fit the story: {reason} "
        "Choose another model in Settings, or let the plain writer do it. Your story and its pages are as they were.",
        host=server.host,
        tries=tries,
        reason=reason[:SHOWN],
    )


def no_model(server: Server) -> NoAnswer:
    return NoAnswer(
        "What answers at '{host}' is no language model. Check the address in Settings; it often ends in /v1. Your story and its pages are as they were.",
        host=server.host,
    )


def _bare(said: str, server: Server) -> str:
    """The beginning of what a server said, without the key that some quote."""
    clean = " ".join(said.split())
    return (clean.replace(server.key, "•••") if server.key else clean)[:SHOWN]
