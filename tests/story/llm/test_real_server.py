"""A real OpenAI-compatible server: `transformers serve` with a tiny language model of random weights, which only babbles."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from studio.errors import NoAnswer
from studio.progress import finish
from studio.publishing.book import Book
from studio.story.llm.exchange import Question, exchange
from studio.story.llm.ledger import Ledger
from studio.story.llm.server import Server
from studio.workshop import Workshop
from tests.story.llm.conftest import PAGES

STARTS_S = 90.0
CHAT = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"


@pytest.fixture(scope="module")
def babbler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, up and listening."""
    folder = tmp_path_factory.mktemp("babbler")
    _make_model(folder / "tiny")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("transformers")
    words = [str(program), "serve", str(folder / "tiny"), "--device", "cpu", "--port", str(port)]
    quiet = {"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(folder), "HF_HOME": str(folder)}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(words, env=os.environ | quiet, stdout=log, stderr=log) as process,
    ):
        try:
            _wait(port, folder / "log")
            yield Server(f"http://127.0.0.1:{port}/v1", str(folder / "tiny"))
        finally:
            process.kill()


def _make_model(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(0)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["<s>", "</s>", "<pad>"], initial_alphabet=alphabet)
    tokenizer.train_from_iterator(["Once upon a time there was a girl."], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>")
    fast.chat_template = CHAT
    fast.save_pretrained(folder)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = LlamaConfig(
        vocab_size=len(fast), max_position_embeddings=32_768, bos_token_id=0, eos_token_id=1, pad_token_id=2, **sizes
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def _wait(port: int, log: Path) -> None:
    until = time.monotonic() + STARTS_S
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise RuntimeError(log.read_text(errors="replace")[-2000:])


@pytest.mark.slow
def test_a_real_server_streams_its_words_to_us(babbler: Server, workshop: Workshop) -> None:
    asked = ({"role": "user", "content": "Tell me a story."},)
    work = exchange(babbler, Question("trial", asked, None, 40), Ledger(workshop.settings), 60.0)
    heard = []
    try:
        while True:
            heard.append(next(work))
    except StopIteration as end:
        answer = end.value
    assert answer.text and answer.finish and answer.received > 0
    assert heard and all(answer.text.startswith(text) for text in heard)


@pytest.mark.slow
def test_babble_is_asked_for_three_times_and_leaves_the_book_alone(
    babbler: Server, workshop: Workshop, book: Book
) -> None:
    workshop.choose_language_model(babbler)
    with pytest.raises(NoAnswer, match="never had the asked form|could not finish|broke off"):
        finish(workshop.write_book(book.id, "keep", pages=PAGES))
    assert workshop.book(book.id) == book
    assert 1 <= len(workshop.what_left()) <= 3
