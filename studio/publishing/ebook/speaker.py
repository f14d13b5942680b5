"""A voice that reads sentences aloud without a network: the program espeak-ng, where a computer has it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ...errors import NotReady
from ...story.story import Language
from .sound import Sound

PROGRAM = "espeak-ng"
WORDS_A_MINUTE = 135  # a calm voice; the program's own pace is 175
MOST_S = 60.0


@dataclass(frozen=True)
class Speaker:
    """espeak-ng, which lies at `program`."""

    program: str

    @cached_property
    def languages(self) -> frozenset[str]:
        """Those that it has a voice for."""
        listed = self._run("--voices").decode("utf-8", "replace").splitlines()[1:]
        return frozenset(line.split()[1] for line in listed if len(line.split()) > 1)

    def speaks(self, language: Language) -> bool:
        return any(voice.split("-")[0] == language for voice in self.languages)

    def say(self, words: str, language: Language) -> Sound:
        """The words, spoken. Raises NotReady when the program fails."""
        import soundfile

        plain = words.replace("[[", "[ [")  # two brackets begin phonemes
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "said.wav")
            self._run("-v", language, "-s", str(WORDS_A_MINUTE), "-b", "1", "-w", str(file), "--stdin", said=plain)
            samples, rate = soundfile.read(file, dtype="float32")
        return Sound(samples, rate)

    def _run(self, *options: str, said: str = "") -> bytes:
        try:
            done = subprocess.run([self.program, *options], input=said.encode(), capture_output=True, timeout=MOST_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _mute() from error
        if done.returncode:
            raise _mute()
        return done.stdout


def _mute() -> NotReady:
    return NotReady(
        "The program '{program}' on this computer does not speak, so no book was written. "
        "Install it anew or remove it; without it the book has no voice.",
        program=PROGRAM,
    )


def find_speaker() -> Speaker | None:
    """The voice of this computer, if it has one."""
    program = shutil.which(PROGRAM)
    return Speaker(program) if program else None
