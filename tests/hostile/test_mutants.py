"""Thousands of broken photos: each is taken in clean or refused for a reason, and what holds the decoder holds."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from studio.errors import BadPhoto
from studio.photos.decoder import MEMORY_BYTES
from studio.photos.door import take_in
from studio.settings import ROOT
from tests.photos.test_door import one_colour, opened

from .mutants import FORMATS, honest, mutant

REASONS = {"format", "damaged", "huge", "small", "narrow"}


def tried(kind: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.hostile.decoding", kind, str(count)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return json.loads(ended.stdout)


def held(told: dict[str, Any], count: int) -> None:
    assert told["tried"] == count and told["taken"] > count / 20  # enough go deep
    assert told["uncaught"] == told["unclean"] == told["hung"] == told["ended"] == []
    assert told["taken"] + sum(told["refused"].values()) == count and {*told["refused"]} <= REASONS
    assert told["memory_mb"] < 500


@pytest.mark.parametrize("kind", FORMATS)
def test_five_hundred_broken_photos_of_each_format_are_clean_or_refused(kind: str) -> None:
    held(tried(kind, 500), 500)


@pytest.mark.soak
@pytest.mark.parametrize("kind", FORMATS)
def test_ten_thousand_broken_photos_of_each_format_are_clean_or_refused(kind: str) -> None:
    held(tried(kind, 10_000), 10_000)


@pytest.mark.parametrize("kind", FORMATS)
def test_what_they_are_made_of_comes_in(kind: str) -> None:
    assert opened(take_in("may", honest(kind)[0])).format == "PNG"


def test_the_same_number_is_the_same_photo_at_any_time() -> None:
    assert [mutant("PNG", 7), mutant("PNG", 8)] == [mutant("PNG", 7), mutant("PNG", 8)] and mutant("PNG", 7) != mutant(
        "PNG", 8
    )


def held_process(program: str) -> subprocess.CompletedProcess[str]:
    before = "import resource; from studio.photos import decoder; decoder.limit_resources(); "
    return subprocess.run([sys.executable, "-c", before + program], cwd=ROOT, capture_output=True, text=True)


linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let a process lower its memory")


@linux
def test_a_decoder_gets_no_more_memory_than_it_may_have() -> None:
    assert "MemoryError" in held_process(f"bytearray({MEMORY_BYTES})").stderr


@linux
def test_a_decoder_that_computes_without_end_is_ended() -> None:
    soon = "resource.setrlimit(resource.RLIMIT_CPU, (1, decoder.CPU_SECONDS))\nwhile True: pass"
    assert held_process("print(resource.getrlimit(resource.RLIMIT_CPU))").stdout == "(15, 15)\n"
    assert held_process(soon).returncode == -24  # SIGXCPU


def test_forty_million_pixels_come_in_or_are_refused() -> None:
    assert opened(take_in("field.png", one_colour(6300))).size == (1024, 1024)
    with pytest.raises(BadPhoto, match="40 million pixels"):
        take_in("field.png", one_colour(6400))


def test_a_bomb_of_words_in_a_photo_is_not_unfolded() -> None:
    """Eighty megabytes of nothing as a packed comment, in a few kilobytes."""
    import zlib

    from .mutants import PNG, scene, with_checksums, written

    whole = written(scene(), "PNG")
    body = b"zTXtwords\0\0" + zlib.compress(bytes(80_000_000), 9)
    bomb = PNG + whole[8:33] + (len(body) - 4).to_bytes(4, "big") + body + bytes(4) + whole[33:]
    with pytest.raises(BadPhoto, match="damaged or incomplete"):
        take_in("bomb.png", with_checksums(bomb))
