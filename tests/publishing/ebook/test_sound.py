"""What is read aloud: sentences found in a recording, files that are none, and MP3s that every e-reader plays."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from studio.errors import BadInput
from studio.publishing.ebook.sound import RATES, Sound, as_mp3, find_sentences, joined, late_s, open_sound

RATE = 24000


def tone(seconds: float, rate: int = RATE) -> Sound:
    """Something like speech: it swells and fades a few times a second."""
    at = np.arange(round(seconds * rate)) / rate
    return Sound((0.5 * np.sin(2 * np.pi * 220 * at) * (0.75 + 0.25 * np.cos(20 * at))).astype(np.float32), rate)


def wav(samples: np.ndarray, rate: int = RATE, kind: str = "WAV") -> bytes:
    raw = io.BytesIO()
    soundfile.write(raw, samples, rate, format=kind)
    return raw.getvalue()


def test_sentences_are_found_by_their_pauses_in_a_room_that_hums() -> None:
    said, spans = joined([tone(4), tone(0.8), tone(2.5), tone(3)], 0.4)
    hum = np.random.default_rng(1).normal(0, 0.004, len(said.samples)).astype(np.float32)
    found = find_sentences(open_sound(wav(said.samples + hum)), [62, 12, 40, 45])
    assert [span.begin for span in found] == pytest.approx([span.begin for span in spans], abs=0.1)
    assert [span.end for span in found] == pytest.approx([span.end for span in spans], abs=0.1)


def test_a_pause_within_a_sentence_is_not_its_end() -> None:
    said, spans = joined([tone(1.5), tone(1.5), tone(3)], 0.5)  # the first sentence stops for breath
    found = find_sentences(said, [50, 50])
    assert found[1].begin == pytest.approx(spans[2].begin, abs=0.1)


def test_without_a_pause_sentences_are_parted_by_their_lengths() -> None:
    found = find_sentences(tone(6), [30, 10, 20])
    assert [span.begin for span in found] == pytest.approx([0, 3, 4], abs=0.15)
    assert len(find_sentences(tone(1), [5] * 40)) == 40


@pytest.mark.parametrize("rate", [8000, 16000, 37800, 44100, 48000, 96000])
def test_a_recording_of_any_rate_becomes_an_mp3_of_the_same_length_with_nothing_else_in_it(rate: int) -> None:
    sound = open_sound(wav(np.stack([tone(1, rate).samples] * 2, axis=1), rate))
    raw = as_mp3(sound)
    assert sound.rate in RATES and sound.seconds == pytest.approx(1, abs=0.01)
    assert soundfile.info(io.BytesIO(raw)).format == "MP3" and len(raw) < 6_000
    assert raw == as_mp3(sound) and not raw.startswith(b"ID3") and b"TAG" not in raw


def test_mp3_comes_as_late_as_the_times_of_sentences_allow_for() -> None:
    click = np.zeros(RATE, np.float32)
    click[RATE // 2 : RATE // 2 + 50] = 0.9
    heard, _ = soundfile.read(io.BytesIO(as_mp3(Sound(click, RATE))))
    assert np.abs(heard).argmax() / RATE == pytest.approx(0.5 + late_s(RATE), abs=0.003)


NOTHING = np.zeros(RATE, np.float32)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "cannot be opened"),
        (b"a letter and no sound at all " * 9, "cannot be opened"),
        (wav(tone(1).samples)[:20], "cannot be opened"),
        (wav(NOTHING), "Nothing can be heard"),
        (wav(NOTHING[:0]), "Nothing can be heard"),
        (wav(tone(601, 8000).samples, 8000, "FLAC"), "longer than 10 minutes"),
        (wav(np.zeros((99, 12), np.float32)), "cannot be opened"),
    ],
    ids=["empty", "text", "cut", "silent", "no length", "long", "twelve channels"],
)
def test_a_recording_that_cannot_be_used_says_why_in_a_sentence(raw: bytes, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        open_sound(raw)
