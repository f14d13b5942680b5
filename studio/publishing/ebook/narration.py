"""The book read aloud: MP3 files, and which sentence is heard when.

By a person's own recordings of pages, and otherwise by a voice of the computer; each language by its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import BadInput
from ...progress import Progress, Work
from ...story.story import Language
from ..fonts import load_fonts
from ..marks import Side
from .sentences import READ_ALOUD, spoken
from .sound import Span, as_mp3, find_sentences, joined, late_s, open_sound
from .speaker import Speaker

PAUSE_S = 0.35  # between two sentences


@dataclass(frozen=True, slots=True)
class Clip:
    """Sentence 0, 1, 2 … of side 0, 1, 2 …, heard in a track from `begin` to `end`, in seconds."""

    side: int
    sentence: int
    track: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Narration:
    """MP3 files by name, and what is heard in them, in the order in which it is read."""

    tracks: Mapping[str, bytes] = field(default_factory=dict)
    clips: tuple[Clip, ...] = ()

    def of_side(self, side: int) -> tuple[Clip, ...]:
        return tuple(clip for clip in self.clips if clip.side == side)


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence and where it stands."""

    side: int
    sentence: int
    words: str
    language: Language


@dataclass(frozen=True, slots=True)
class _Track:
    """What is heard in one piece: in the recording of a page, or said by the computer on a side."""

    name: str
    told: tuple[_Told, ...]
    page: int = 0  # 0: nobody has recorded it


def narrate(
    sides: Sequence[Side], language: Language, recordings: Mapping[int, Path], speaker: Speaker | None
) -> Work[Narration]:
    """Reads the sides aloud. Progress counts tracks.

    `recordings` are MP3s of pages 1, 2, 3 … in the `language` of the story. Sentences for which there is neither a
    recording nor a voice are not heard. Raises BadInput for a damaged recording, NotReady when the speaker fails.
    """
    tracks: dict[str, bytes] = {}
    clips: list[Clip] = []
    work = tuple(_tracks(sides, language, recordings, speaker))
    for done, track in enumerate(work):
        yield Progress(done, len(work), f"reading aloud {done + 1} of {len(work)}")
        if track.page:
            tracks[track.name], heard = _recorded(track, recordings[track.page])
        elif speaker:
            tracks[track.name], heard = _spoken(track, speaker)
        clips += heard
    return Narration(tracks, tuple(sorted(clips, key=lambda clip: (clip.side, clip.sentence))))


def _tracks(
    sides: Sequence[Side], language: Language, recordings: Mapping[int, Path], speaker: Speaker | None
) -> Iterator[_Track]:
    """What was recorded in the language of the story, page by page; all else that can be said, side by side."""
    recorded: dict[int, list[_Told]] = {}
    for number, side in enumerate(sides):
        said = []
        for told in _told(number, side, language):
            if side.number in recordings and told.language == language:
                recorded.setdefault(side.number, []).append(told)
            elif speaker and speaker.speaks(told.language):
                said.append(told)
        if said:
            yield _Track(f"side-{number + 1}", tuple(said))
    yield from (_Track(f"page-{page}", tuple(told), page) for page, told in recorded.items())


def _told(number: int, side: Side, language: Language) -> Iterator[_Told]:
    if side.part in READ_ALOUD:
        for order, sentence in enumerate(spoken(side, load_fonts().width, language)):
            if any(letter.isalnum() for letter in sentence.words):
                yield _Told(number, order, sentence.words, sentence.language or language)


def _spoken(track: _Track, speaker: Speaker) -> tuple[bytes, list[Clip]]:
    sound, spans = joined([speaker.say(told.words, told.language) for told in track.told], PAUSE_S)
    late = late_s(sound.rate)
    return as_mp3(sound), _clips(track, [Span(span.begin + late, span.end + late) for span in spans])


def _recorded(track: _Track, file: Path) -> tuple[bytes, list[Clip]]:
    try:
        raw = file.read_bytes()
        sound = open_sound(raw)
    except (OSError, BadInput) as error:
        raise BadInput(
            "The recording of page {number} is damaged. Record that page again or remove the recording; "
            "the book is safe.",
            number=track.page,
        ) from error
    return raw, _clips(track, find_sentences(sound, [len(told.words) for told in track.told]))


def _clips(track: _Track, spans: Sequence[Span]) -> list[Clip]:
    pairs = zip(track.told, spans, strict=True)
    return [Clip(told.side, told.sentence, track.name, span.begin, span.end) for told, span in pairs]
