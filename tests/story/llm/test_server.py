"""The bench itself: the server answers as the real ones do, goes wrong as told, and notes what it got."""

from __future__ import annotations

import json
import threading
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.story.llm.behaviours import BEHAVIOURS, Behaviour, slow_drip
from tests.story.llm.server import FakeServer, three_pages

ASKED: dict[str, Any] = {"model": "storyteller", "messages": [{"role": "user", "content": "Bé Mây đi chợ."}]}
HONEST = json.loads(three_pages([], None))
PAGE = {"number": 1, "text": "May ran home."}


def client_of(server: FakeServer) -> Any:
    import openai

    return openai.OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=2)


def asked(server: FakeServer, **more: Any) -> Any:
    with client_of(server) as client:
        return client.chat.completions.create(**ASKED, **more)


def streamed(server: FakeServer) -> tuple[str, str | None, Any]:
    """The words, the finish_reason and the usage of a streamed answer."""
    words, end, usage = "", None, None
    with client_of(server) as client:
        for chunk in client.chat.completions.create(**ASKED, stream=True, stream_options={"include_usage": True}):
            usage = chunk.usage or usage
            for choice in chunk.choices:
                words, end = words + (choice.delta.content or ""), choice.finish_reason or end
    return words, end, usage


def content(behaviour: Behaviour | str, honest: Any = HONEST) -> Any:
    with FakeServer(lambda messages, response_format: json.dumps(honest), [behaviour]) as server:
        return json.loads(asked(server).choices[0].message.content)


def test_an_answer_streams_in_pieces_and_is_counted() -> None:
    with FakeServer(lambda messages, response_format: f"Chào {messages[0]['content']}") as server:
        words, end, usage = streamed(server)
        assert asked(server).choices[0].message.content == words == "Chào Bé Mây đi chợ."
    assert (end, usage.completion_tokens, usage.total_tokens) == ("stop", 5, usage.prompt_tokens + 5)


def test_the_model_is_told_the_format_that_was_asked_for() -> None:
    with FakeServer(lambda messages, response_format: str(response_format)) as server:
        assert asked(server, response_format={"type": "json_object"}).choices[0].message.content.endswith("object'}")


def test_what_was_sent_is_noted_byte_for_byte() -> None:
    import httpx2

    body = '{"messages": [ {"content": "Mây"} ] }'.encode()
    with FakeServer() as server:
        httpx2.post(f"{server.url}/chat/completions?a=%20b", content=body, headers={b"X-Odd": "Á".encode("latin-1")})
    [request] = server.requests
    assert (request.method, request.path, request.body) == ("POST", "/v1/chat/completions?a=%20b", body)
    assert (request.headers["x-odd"], request.json["messages"][0]["content"]) == ("Á", "Mây")


def test_the_models_are_listed_and_other_paths_unknown() -> None:
    import openai

    with FakeServer() as server, client_of(server) as client:
        assert [model.id for model in client.models.list()] == ["storyteller"]
        with pytest.raises(openai.NotFoundError):
            client.responses.create(model="storyteller", input="Hello")


def test_behaviours_come_in_order_and_the_last_stays() -> None:
    import openai

    with FakeServer(behaviours=["rate_limited", "overloaded", "well"]) as server:
        with pytest.raises(openai.RateLimitError) as limited:
            asked(server)
        with pytest.raises(openai.InternalServerError):
            asked(server)
        assert asked(server).choices and asked(server).choices
    assert limited.value.response.headers["retry-after"] == "1"


def test_a_cut_stream_ends_in_the_middle() -> None:
    import httpx2

    with FakeServer(behaviours=["cut_stream"]) as server:
        answer = b""
        with (
            pytest.raises(httpx2.RemoteProtocolError),
            httpx2.stream("POST", f"{server.url}/chat/completions", json=ASKED | {"stream": True}) as response,
        ):
            for piece in response.iter_bytes():
                answer += piece
    assert answer.count(b"data: ") > 20 and b'"stop"' not in answer and b"[DONE]" not in answer


@pytest.mark.parametrize("name", ["disconnect", "redirect", "cut_stream"])
def test_a_lost_connection_is_an_error(name: str) -> None:
    import openai

    with FakeServer(behaviours=[name]) as server, pytest.raises(openai.APIConnectionError):
        streamed(server)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("rate_limited_long", 429),
        ("server_error", 500),
        ("model_missing", 404),
        ("key_wrong", 401),
        ("schema_refused", 400),
        ("format_refused", 400),
    ],
)
def test_a_refusal_has_its_status(name: str, status: int) -> None:
    import openai

    with FakeServer(behaviours=[name]) as server, pytest.raises(openai.APIStatusError) as refused:
        asked(server, response_format={"type": "json_schema", "json_schema": {"name": "plan", "schema": {}}})
    assert refused.value.status_code == status


def test_broken_letters_are_no_utf8() -> None:
    with FakeServer(behaviours=["bad_utf8"]) as server:
        for answer in (asked, streamed):
            with pytest.raises(UnicodeDecodeError):
                answer(server)


def test_a_stream_is_refused_and_a_whole_answer_given() -> None:
    import openai

    with FakeServer(behaviours=["stream_refused"]) as server:
        with pytest.raises(openai.BadRequestError):
            streamed(server)
        assert asked(server).choices


@pytest.mark.parametrize(
    ("name", "end"), [("cut_length", "length"), ("content_filter", "content_filter"), ("empty", "stop")]
)
def test_an_answer_ends_for_the_reason_told(name: str, end: str) -> None:
    with FakeServer(behaviours=[name]) as server:
        assert streamed(server)[1] == asked(server).choices[0].finish_reason == end


@pytest.mark.parametrize("name", ["half_json", "fenced", "chatty", "chatty_braces", "prose", "empty", "cut_length"])
def test_some_answers_are_no_json(name: str) -> None:
    with FakeServer(behaviours=[name]) as server, pytest.raises(json.JSONDecodeError):
        json.loads(streamed(server)[0])


def test_an_answer_can_be_nothing_at_all() -> None:
    with FakeServer(behaviours=["null_content", "no_choices"]) as server:
        assert asked(server).choices[0].message.content is None
        assert asked(server).choices == []


def test_pages_are_lost_multiplied_and_swollen() -> None:
    assert content("zero_pages")["pages"] == []
    assert len(content("five_hundred_pages")["pages"]) == 500
    assert "place" not in content("missing_field")["pages"][1]
    assert len(content("huge")["pages"][0]["place"]) > 9_999_990


def test_sentences_are_counted_wrongly() -> None:
    names = ("sentences_overlap", "sentences_skip", "sentences_exceed", "altered_texts")
    ends = [[page["last_sentence"] for page in content(name)["pages"]] for name in names]
    assert ends == [[1, 1, 3], [1, 2, 2], [1, 2, 1003], [1, 1, 1003]]


def test_an_obeying_model_does_it_loudly_or_within_the_fields() -> None:
    loud, quiet = content("obeys_injection"), content("obeys_quietly")
    first = loud["pages"][0]
    assert (loud["title"], first["who"][-1]["id"], first["view"]) == ("PWNED", "GHOST", "../../etc")
    assert quiet["pages"][0].keys() == HONEST["pages"][0].keys() and len(quiet["pages"]) == 3
    assert quiet["pages"][0]["place"] == "http://evil.example/?q={HERO}"


@pytest.mark.parametrize("honest", [{"pages": [PAGE]}, [PAGE], PAGE, {}, {"pages": []}])
def test_every_shape_of_answer_can_be_spoilt(honest: Any) -> None:
    spoilt = {name: behaviour.alter(json.dumps(honest)) for name, behaviour in BEHAVIOURS.items() if name != "huge"}
    assert {name for name, said in spoilt.items() if said is None} == {"null_content", "content_filter"}


@pytest.mark.parametrize("behaviour", ["silent", slow_drip(0.01)])
def test_a_client_that_gave_up_is_noted(behaviour: Behaviour | str) -> None:
    import httpx2

    with FakeServer(behaviours=[behaviour]) as server:
        with httpx2.Client(timeout=0.1) as client, pytest.raises((httpx2.ReadTimeout, TimeoutError)):
            read_for(0.1, client, f"{server.url}/chat/completions")
        until = time.monotonic() + 2
        while not server.abandoned and time.monotonic() < until:
            time.sleep(0.01)
        assert server.abandoned == server.requests


def read_for(seconds: float, client: Any, url: str) -> None:
    until = time.monotonic() + seconds
    with client.stream("POST", url, json=ASKED) as response:
        for _ in response.iter_bytes():
            if time.monotonic() > until:
                raise TimeoutError


def test_the_server_closes_at_once_while_a_request_hangs() -> None:
    import openai

    with FakeServer(behaviours=["silent"]) as server:
        asking = threading.Thread(target=lambda: pytest.raises(openai.APIConnectionError, asked, server))
        asking.start()
        while not server.requests:
            time.sleep(0.01)
    asking.join(10)  # or the server waited for a client that waits for the server
    assert not asking.is_alive()
    assert not [thread for thread in threading.enumerate() if thread.name == "fake-server"]


def test_there_are_sixty_injections_all_different() -> None:
    path = Path(__file__).with_name("injections.toml")
    injections = tomllib.loads(path.read_text(encoding="utf-8"))["injection"]
    assert [[one["language"] for one in injections].count(language) for language in ("en", "vi")] == [30, 30]
    assert len({one["text"] for one in injections}) == len({(one["language"], one["kind"]) for one in injections}) == 60
    assert all(one.get("name", "Milo" if one["language"] == "en" else "Lan") in one["text"] for one in injections)
    assert path.read_text(encoding="utf-8").replace("\n", "").isprintable()  # what hides is written as an escape
