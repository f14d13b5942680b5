"""Spoken words as sound: opening recordings, writing MP3, and finding where a sentence begins and ends."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import BadInput

if TYPE_CHECKING:
    import numpy as np

MOST_S = 600  # of a recording
MOST_CHANNELS = 8
FORMATS = {"WAV", "WAVEX", "RF64", "MP3", "OGG", "FLAC", "AIFF"}  # of those that libsndfile opens
RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000)  # of MP3, as high as speech needs
RATE = 24000
SMALLNESS = 0.85  # 32 kbit/s
LATE = 1105  # samples by which LAME's constant bit rate comes late; players do not know, measured with a click
FRAME_S = 0.02
SHORTEST_PAUSE_S = 0.14
SILENT_DB = -52.0  # of the loudest part; a room at night lies lower
PEAK = 0.89


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples of one channel, float32 [samples], -1 … 1; `rate` of them make a second."""

    samples: np.ndarray
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, in seconds."""

    begin: float
    end: float


def open_sound(raw: bytes) -> Sound:
    """One channel of at most 32 kHz, as loud as it can be. Raises BadInput for what is none, too long or silent."""
    import numpy as np
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(raw)) as file:
            if file.format not in FORMATS or file.channels > MOST_CHANNELS:
                raise _no_sound()
            rate, room = file.samplerate, MOST_S * file.samplerate
            channels = file.read(room + 1, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, TypeError, ValueError) as error:  # TypeError: raw sound, which tells no rate
        raise _no_sound() from error
    if len(channels) > room:
        raise BadInput(
            "This recording is longer than {most} minutes. Record one page at a time; the page is as it was.",
            most=MOST_S // 60,
        )
    sound = _at_rate_of_mp3(Sound(np.nan_to_num(channels).clip(-1, 1).mean(axis=1), rate))
    if sound.seconds < FRAME_S or _loudness(sound).max() < SILENT_DB:
        raise BadInput(
            "Nothing can be heard in this recording. Look whether the microphone is on and record again; "
            "the page is as it was."
        )
    return Sound(sound.samples * (PEAK / np.abs(sound.samples).max()), sound.rate)


def _no_sound() -> BadInput:
    return BadInput(
        "This recording cannot be opened. Give a WAV, MP3, OGG or FLAC file, or record it anew; the page is as it was."
    )


def as_mp3(sound: Sound) -> bytes:
    """The sound as MP3, which every e-reader plays; nothing but sound is in it. What is said comes `late_s` later."""
    import soundfile

    raw = io.BytesIO()
    soundfile.write(raw, sound.samples, sound.rate, format="MP3", bitrate_mode="CONSTANT", compression_level=SMALLNESS)
    return raw.getvalue()


def late_s(rate: int) -> float:
    """Seconds by which sound comes later in the MP3 than before."""
    return LATE / rate


def joined(sounds: Sequence[Sound], pause_s: float) -> tuple[Sound, tuple[Span, ...]]:
    """One after another, with a pause after each, and where each of them is. All of one rate."""
    import numpy as np

    rate = sounds[0].rate
    pause, pieces, spans, at = np.zeros(round(pause_s * rate), np.float32), [], [], 0.0
    for sound in sounds:
        pieces += [sound.samples, pause]
        spans.append(Span(at, at + sound.seconds))
        at += sound.seconds + len(pause) / rate
    return Sound(np.concatenate(pieces), rate), tuple(spans)


def find_sentences(sound: Sound, lengths: Sequence[int]) -> tuple[Span, ...]:
    """Where each of the sentences is spoken, by pauses and by their `lengths` in letters; at least one sentence.

    A boundary is a pause near where the share of letters before it equals the share of speech before it. The pauses are
    chosen together, so that no two boundaries fall into one; where none will do, the boundary is that moment itself.
    """
    import numpy as np

    speaks = _speech(sound)
    first, last = int(speaks.argmax()), len(speaks) - int(speaks[::-1].argmax())
    told = np.concatenate([[0], np.cumsum(speaks)]) / speaks.sum()  # share of the speech before each frame
    pauses = _pauses(speaks, first, last)
    wanted = np.cumsum(lengths)[:-1] / max(1, sum(lengths))
    gaps = _best_gaps(pauses, told, [float(share) for share in wanted])
    edges = [(first, first), *gaps, (last, last)]
    return tuple(
        Span(max(0.0, after * FRAME_S - 0.04), min(sound.seconds, before * FRAME_S + 0.06))
        for (_, after), (before, _) in zip(edges, edges[1:], strict=False)
    )


def _best_gaps(pauses: Sequence[tuple[int, int]], told: np.ndarray, wanted: Sequence[float]) -> list[tuple[int, int]]:
    """A gap (first frame, frame after) for each wanted share of the speech, in order: the cheapest of all choices."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]  # the cheapest choices, by where the last gap ends
    for share in wanted:
        moment = int(told.searchsorted(share))
        prices = {(moment, moment): 1.0}  # no pause there
        for begin, end in pauses:
            off = (float(told[begin]) - share) * (len(wanted) + 1)  # in sentences
            prices[begin, end] = 4 * off * off - min(0.8, (end - begin) * FRAME_S)
        best = _extended(best, prices)
    return min(best, key=lambda choice: choice[0])[1]


def _extended(
    best: Sequence[tuple[float, list[tuple[int, int]]]], prices: dict[tuple[int, int], float]
) -> list[tuple[float, list[tuple[int, int]]]]:
    """Each gap after the cheapest choice that ends before it; where none has room, one at the end of a choice."""
    found, at, cheapest = [], 0, best[0]
    ordered = sorted(best, key=lambda choice: choice[1][-1][1] if choice[1] else 0)
    for gap in sorted(prices):
        while at < len(ordered) and (not ordered[at][1] or ordered[at][1][-1][1] <= gap[0]):
            cheapest = min(cheapest, ordered[at], key=lambda choice: choice[0]) if at else ordered[at]
            at += 1
        if at:
            found.append((cheapest[0] + prices[gap], [*cheapest[1], gap]))
    return found or [(cost + 1, [*gaps, (gaps[-1][1], gaps[-1][1])]) for cost, gaps in ordered[:1]]


def _pauses(speaks: np.ndarray, first: int, last: int) -> list[tuple[int, int]]:
    """The stretches of silence between the first and the last word: first frame, frame after."""
    found, begin = [], None
    for frame in range(first, last):
        if speaks[frame] and begin is not None:
            if (frame - begin) * FRAME_S >= SHORTEST_PAUSE_S:
                found.append((begin, frame))
            begin = None
        elif not speaks[frame] and begin is None:
            begin = frame
    return found


def _speech(sound: Sound) -> np.ndarray:
    """Whether something is said, bool [frames]; at least in one frame."""
    import numpy as np

    loud = _loudness(sound)
    floor, voice = np.percentile(loud, (8, 95))
    return loud >= min(max(voice - 26, floor + 0.35 * (voice - floor)), float(loud.max()))


def _loudness(sound: Sound) -> np.ndarray:
    """Decibels below the loudest possible, float [frames]."""
    import numpy as np

    length = round(FRAME_S * sound.rate)
    frames = sound.samples[: len(sound.samples) // length * length].reshape(-1, length)
    return 10 * np.log10(np.square(frames, dtype=np.float64).mean(axis=1) + 1e-10)


def _at_rate_of_mp3(sound: Sound) -> Sound:
    """The sound at a rate that MP3 knows, without what is too high for it."""
    import numpy as np

    samples, rate = sound.samples, sound.rate
    while rate > RATES[-1]:  # every second sample of what a windowed sinc leaves
        n = np.arange(-24, 25)
        low = 0.5 * np.sinc(n / 2) * np.hamming(49)
        samples, rate = np.convolve(samples, low / low.sum(), "same")[::2].astype(np.float32), rate // 2
    if rate not in RATES:
        at = np.arange(0, len(samples) * RATE // rate) * (rate / RATE)
        samples, rate = np.interp(at, np.arange(len(samples)), samples).astype(np.float32), RATE
    return Sound(samples, rate)
