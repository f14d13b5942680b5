"""How many tokens a text has and what a plan will cost, before it is asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .exchange import Message
from .server import Server

PLAIN_LETTERS, MARKED_LETTERS = 4.0, 1.6  # a token holds about so many letters of English, and of letters with marks
SCENE_TOKENS, HEAD_TOKENS = 150, 250  # of a page's scene, and of the cast before the pages
ROOM = 2.5  # how much more than was estimated a model may write


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens that go and come, and dollars; `dollars` is None when the server is elsewhere and nobody told its price."""

    sent: int
    received: int
    dollars: float | None


def tokens_in(text: str) -> int:
    """About how many tokens a text has; within a quarter of what byte-pair tokenizers of current models count."""
    marked = sum(1 for letter in unicodedata.normalize("NFD", text) if ord(letter) > 127)
    return max(1, round((len(text) - min(marked, len(text))) / PLAIN_LETTERS + marked / MARKED_LETTERS))


def cost(server: Server, messages: Sequence[Message], pages: int, words: int) -> Cost:
    """What asking will take when each of `pages` pages gets a scene and all together get `words` tokens of text."""
    sent = sum(tokens_in(message["content"]) for message in messages)
    received = HEAD_TOKENS + pages * SCENE_TOKENS + words
    return Cost(sent, received, dollars(server, sent, received))


def dollars(server: Server, sent: int, received: int) -> float | None:
    """The price of so many tokens."""
    if server.price_in or server.price_out:
        return (sent * server.price_in + received * server.price_out) / 1_000_000
    return 0.0 if server.here else None
