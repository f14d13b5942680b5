"""Addresses of a language model that lead somewhere else: nothing is sent there, not even a greeting."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from studio.errors import BadInput, NoAnswer, StudioError
from studio.progress import finish
from studio.publishing.book import Book
from studio.story.llm.address import checked as checked_places
from studio.story.llm.address import places
from studio.story.llm.server import Server, checked, models_at
from studio.workshop import Workshop
from tests.story.llm.behaviours import redirect
from tests.story.llm.server import FakeServer
from tests.story.llm.storyteller import storyteller

from .routes import plain


@dataclass
class Listener:
    """Notes who connects, on both loopback addresses, and hangs up."""

    port: int = 0
    calls: list[str] = field(default_factory=list)

    def hear(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, address = server.accept()
                self.calls.append(address[0])
                caller.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    heard, servers = Listener(), [socket.create_server(("127.0.0.1", 0))]
    heard.port = servers[0].getsockname()[1]
    with suppress(OSError):  # a computer without the newer internet
        servers.append(socket.create_server(("::1", heard.port), family=socket.AF_INET6))
    for server in servers:
        threading.Thread(target=heard.hear, args=(server,), daemon=True).start()
    yield heard
    for server in servers:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


FORMS = (  # {port} is where somebody listens on this computer
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/v1",
    "http://[fe80::1]:{port}/v1",
    "http://[fe80::1%25lo]:{port}/v1",
    "http://[fd00:ec2::254%lo]:{port}/v1",
    "http://[::ffff:127.0.0.1]:{port}/v1",
    "http://[::ffff:7f00:1]:{port}/v1",
    "http://[::127.0.0.1]:{port}/v1",
    "http://[64:ff9b::7f00:1]:{port}/v1",
    "http://[2002:7f00:1::]:{port}/v1",
    "http://[2001:0:7f00:1::]:{port}/v1",
    "http://[::]:{port}/v1",
    "http://0.0.0.0:{port}/v1",
    "http://0:{port}/v1",
    "http://2130706433:{port}/v1",
    "http://0x7f000001:{port}/v1",
    "http://0x7f.0.0.1:{port}/v1",
    "http://017700000001:{port}/v1",
    "http://0177.0.0.1:{port}/v1",
    "http://127.1:{port}/v1",
    "http://127.0.1:{port}/v1",
    "http://127.000.000.001:{port}/v1",
    "http://①②⑦.⓪.⓪.①:{port}/v1",
    "http://127。0。0。1:{port}/v1",
    "http://lᴏcalhost:{port}/v1",
    "http://%31%32%37.0.0.1:{port}/v1",
    "http://localhost%00.example:{port}/v1",
    "http://models.example@127.0.0.1:{port}/v1",
    "https://models.example:443@127.0.0.1:{port}/v1",
    "https://models.example\\@127.0.0.1:{port}/v1",
    "https://127.0.0.1:{port}\\.models.example/v1",
    "http://127.0.0.1:{port}\t/v1@models.example",
    "http://local\nhost:{port}/v1",
    "http://127.0.0.1 :{port}/v1",
    "http://127.0.0.1:{port}0000/v1",
    "http://127.0.0.1:-1/v1",
    "http://localhost.:{port}/v1",
    "ftp://127.0.0.1:{port}/v1",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "unix:///var/run/docker.sock",
    "//127.0.0.1:{port}/v1",
    "http:///v1",
    "http://[::1/v1",
    "http://224.0.0.1:{port}/v1",
    "http://255.255.255.255:{port}/v1",
    "http://models.example:{port}/v1",
    "http://metadata.google.internal/v1",
)


@pytest.fixture
def book(workshop: Workshop) -> Book:
    return workshop.begin_book(workshop.sample_story("en"), 2)


def test_there_are_thirty_and_more_of_them() -> None:
    assert len(set(FORMS)) == len(FORMS) >= 30


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_a_hidden_or_foreign_address_is_refused_before_anybody_is_called(
    form: str, workshop: Workshop, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, before = form.format(port=listener.port), len(listener.calls)
    with pytest.raises(BadInput) as refused:
        workshop.choose_language_model(Server(address, "storyteller", key="sk-canary"))
    plain(str(refused.value).replace(address[:80], ""))
    monkeypatch.setenv("STUDIO_LLM_URL", address)  # as on the command line
    monkeypatch.setenv("STUDIO_LLM_MODEL", "storyteller")
    with pytest.raises(BadInput):
        workshop.language_model()
    assert len(listener.calls) == before and not (workshop.settings.home / "language_model.json").exists()


PLAIN = (
    "http://127.0.0.1:{port}/v1",
    "http://localhost:{port}/v1",
    "http://[::1]:{port}/v1",
    "http://192.168.1.20:11434/v1",
    "http://10.0.0.7/v1",
    "http://nas.local:1234/v1",
    "https://api.openai.com/v1",
    "https://ai-models.example:8443/openai/v1",
    "https://127.0.0.1.nip.example/v1",
)


@pytest.mark.parametrize("form", PLAIN)
def test_an_address_of_ones_own_is_taken_as_it_was_written(form: str) -> None:
    address = form.format(port=4711)
    assert checked(Server(address, "storyteller")).address == address


@pytest.mark.parametrize(
    "number", ["127.0.0.1", "127.0.1.1", "::1", "169.254.169.254", "fe80::1", "0.0.0.0", "::ffff:127.0.0.1"]
)
def test_a_name_that_leads_into_this_computer_is_refused_even_if_it_leads_elsewhere_too(number: str) -> None:
    with pytest.raises(NoAnswer, match="leads into this computer"):
        checked_places("models.example", ["93.184.215.14", number])
    assert checked_places("models.example", ["93.184.215.14", "10.0.0.7"]) == ("93.184.215.14", "10.0.0.7")


def names_of_this_computer() -> list[str]:
    """Names beside localhost by which this computer calls itself."""
    known = []
    for name in ("ip6-localhost", "ip6-loopback", "localhost.localdomain", "foo.localhost"):
        with suppress(OSError):
            known += [name] if socket.getaddrinfo(name, 80) else []
    return known


def test_a_name_that_leads_here_is_not_spoken_to(workshop: Workshop, book: Book, listener: Listener) -> None:
    before = len(listener.calls)
    for name in names_of_this_computer():
        workshop.choose_language_model(Server(f"https://{name}:{listener.port}/v1", "storyteller"))
        with pytest.raises(NoAnswer, match="leads into this computer"):
            finish(workshop.write_book(book.id, "keep", pages=2))
        assert models_at(f"https://{name}:{listener.port}/v1") == ()
    assert len(listener.calls) == before and workshop.book(book.id) == book


def test_a_name_is_asked_for_once_and_the_certificate_by_name(listener: Listener) -> None:
    """What a name led to when it was looked at is where the story goes, were the name to lead elsewhere by then."""
    import httpx2

    from studio.story.llm.pinning import Pinned

    async def ask() -> None:
        async with httpx2.AsyncClient(transport=Pinned(["127.0.0.1"]), trust_env=False) as client:
            await client.get(f"http://nobody-knows.invalid:{listener.port}/v1/models")

    before = len(listener.calls)
    with pytest.raises(httpx2.HTTPError):
        asyncio.run(ask())
    assert listener.calls[before:] == ["127.0.0.1"]


def test_a_server_that_sends_elsewhere_is_not_followed(workshop: Workshop, book: Book, listener: Listener) -> None:
    before = len(listener.calls)
    with FakeServer(storyteller, [redirect(f"http://127.0.0.1:{listener.port}/")]) as server:
        workshop.choose_language_model(Server(server.url, "storyteller"))
        with pytest.raises(StudioError, match="sends its callers on"):
            finish(workshop.write_book(book.id, "keep", pages=2))
    assert len(listener.calls) == before


def test_a_number_and_localhost_are_not_looked_up() -> None:
    assert places("127.0.0.1", 80) == places("localhost", 80) == places("10.0.0.7", 80) == ()
