"""A book, a fake server that misbehaves as told, and a workshop that is set up to use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from studio.publishing.book import Book
from studio.story.llm import conversation
from studio.story.llm.server import Server
from studio.workshop import Workshop
from tests.story.llm.behaviours import Behaviour
from tests.story.llm.server import FakeServer
from tests.story.llm.storyteller import storyteller

KEY = "sk-canary-4711"
NAME = "Wilhelmina"
STORY = (
    f"{NAME} lived by the river. One day {NAME} found a red kite. The kite flew away. She ran after it into the forest. "
    f"A fox helped her. They walked home together. It was night. {NAME} slept in her bed."
)
PAGES = 4
PATIENCE_S = 1.5

Serving = Callable[..., FakeServer]


@pytest.fixture
def book(workshop: Workshop) -> Book:
    return workshop.begin_book(workshop.read_story(STORY, title="The Red Kite"), PAGES)


@pytest.fixture
def serving(workshop: Workshop) -> Iterator[Serving]:
    """Starts a server with these behaviours and chooses it, with a key that must not be found anywhere."""
    conversation.forget_refusals()
    running: list[FakeServer] = []

    def start(*behaviours: Behaviour | str) -> FakeServer:
        server = FakeServer(storyteller, behaviours or ("well",))
        running.append(server)
        server.__enter__()
        workshop.choose_language_model(Server(server.url, "storyteller", key=KEY, patience_s=PATIENCE_S))
        return server

    yield start
    for server in running:
        server.__exit__(None, None, None)
