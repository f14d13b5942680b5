"""Faults at chosen moments: a child process is forked, meets its fault on one folder only, and its parent sees the end of it.

The parent must have been started by `preloaded`, so that fault.c stands between it and the disk. It has to have one thread.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

SOURCE = Path(__file__).with_name("fault.c")
HOW = ("rests", "kills", "tears", "fails", "stays full", "stops", "notes")
LONGEST_S = 60.0  # that a child may take
How = Literal["rests", "kills", "tears", "fails", "stays full", "stops", "notes"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the `at`-th step on the disk, or the `at`-th time that `point` is passed if one is named."""

    how: How = "rests"
    at: int = 0
    code: int = 0  # errno, of what fails
    point: str = ""
    stopped_s: float = 0.0  # how long a stopped process stands still

    def __str__(self) -> str:
        named = f" {os.strerror(self.code)}" if self.code else ""
        return f"{self.how}{named} at {self.point or 'step'} {self.at}"


NONE = Fault()


@dataclass(frozen=True, slots=True)
class End:
    """How a child ended: what it gave back, or an `error` in words; `killed` where it never came to either."""

    given: Any = None
    error: str = ""
    plain: bool = False  # the error was one for people
    killed: bool = False
    seconds: float = 0.0
    steps: int = 0  # on the disk
    points: tuple[str, ...] = ()  # passed, in order


def preloaded(words: list[str]) -> None:
    """Starts this program anew with the faults in place, if they are not."""
    if "STUDIO_FAULTS" in os.environ:
        return
    library = Path(tempfile.mkdtemp(prefix="studio-faults-")) / "fault.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", str(SOURCE), "-o", str(library), "-ldl"], check=True)
    known = {"STUDIO_FAULTS": str(library), "LD_PRELOAD": str(library), "OMP_NUM_THREADS": "1"}
    os.execve(sys.executable, [sys.executable, *words], {**os.environ, **known})


class Engine:
    """Runs children on one home, each with its fault."""

    def __init__(self, home: Path, log: Path | None = None) -> None:
        self.home = home.resolve()
        # Elsewhere keys lie outside of the home; here within it, so that faults meet them and a home put back has its own.
        os.environ["STUDIO_KEYS"] = str(self.home / "keys")
        self._log = log or Path(os.devnull)
        self._library = ctypes.CDLL(os.environ["STUDIO_FAULTS"])
        self._library.fault_count.restype = ctypes.c_long
        self._library.fault_arm.argtypes = (
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_long,
            ctypes.c_int,
            ctypes.c_int,
        )
        self._library.fault_mark.argtypes = (ctypes.c_long,)  # fmt: skip

    def arm(self, fault: Fault, journal: int = -1) -> None:
        """From now on this process and what it forks meets the fault."""
        how = HOW.index(fault.how if not fault.point else "rests")
        how = how or HOW.index("kills")  # which counts, at a step that never comes
        self._library.fault_arm(str(self.home).encode(), how, 0 if fault.point else fault.at, fault.code, journal)

    def mark(self, number: int) -> None:
        """Notes in the journal that this many things are done."""
        self._library.fault_mark(number)

    def rest(self) -> None:
        """This process meets no fault any more."""
        self._library.fault_rest()

    def run(self, work: Callable[[], Any], fault: Fault = NONE, journal: int = -1) -> End:
        """What became of `work`, done in a child. What it gives back has to be JSON."""
        return self.wait(self.fork(work, fault, journal), fault)

    def fork(
        self, work: Callable[[], Any], fault: Fault = NONE, journal: int = -1, alone: bool = False
    ) -> tuple[int, int, float]:
        """A child at work: its number, where it speaks, and when it began. One that is `alone` counts its own steps."""
        ear, mouth = os.pipe()
        if not alone:
            self.arm(NONE)  # the count begins anew, in memory that the child shares
            self.rest()
        begun = time.monotonic()
        if child := os.fork():
            os.close(mouth)
            return child, ear, begun
        os.close(ear)
        if alone:
            self._library.fault_alone()
        self._live(work, fault, journal, mouth)
        os._exit(0)

    def _live(self, work: Callable[[], Any], fault: Fault, journal: int, mouth: int) -> None:
        from studio.errors import StudioError

        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1), os.dup2(log, 2)
        if torch := sys.modules.get("torch"):
            # In a forked process torch makes its pool of threads anew when it is first asked for, and two threads that ask at
            # once find none ("Invalid thread pool"). Asked for here, by the only thread, it is there.
            torch.set_num_threads(1)
        points: list[str] = []
        sys.addaudithook(_listener(fault, points))
        said: dict[str, Any] = {}
        try:
            self.arm(fault, journal)
            said["given"] = work()
        except StudioError as error:
            said |= {"error": str(error), "plain": True}
        except BaseException as error:  # noqa: BLE001  whatever it is, the judge wants to know
            import traceback

            traceback.print_exc()
            said["error"] = f"{type(error).__name__}: {error}"
        self.rest()
        said |= {"steps": self._library.fault_count(), "points": points}
        os.write(mouth, json.dumps(said).encode())

    def wait(self, child: tuple[int, int, float], fault: Fault = NONE) -> End:
        """The end of a child; one that stopped is woken when its time has come, one that hangs is killed."""
        number, ear, begun = child
        said, deadline = b"", begun + LONGEST_S + fault.stopped_s
        while time.monotonic() < deadline:
            _wake(number, fault)
            if select.select([ear], [], [], 0.05 if fault.how == "stops" else 1.0)[0]:
                if not (piece := os.read(ear, 1 << 16)):
                    break
                said += piece
        else:
            said = json.dumps({"error": f"it hung for {LONGEST_S:.0f} s"}).encode()
        os.close(ear)
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
        known = json.loads(said) if said else {"killed": True, "steps": self._library.fault_count()}
        known["points"] = tuple(known.get("points", ()))
        return End(**known, seconds=time.monotonic() - begun)


def _wake(number: int, fault: Fault) -> None:
    if fault.how != "stops":
        return
    with suppress(ChildProcessError):
        seen, status = os.waitpid(number, os.WNOHANG | os.WUNTRACED)
        if seen and os.WIFSTOPPED(status):
            time.sleep(fault.stopped_s)
            os.kill(number, signal.SIGCONT)


def _listener(fault: Fault, points: list[str]) -> Callable[[str, Any], None]:
    """Hears of every named point that is passed, and ends the process at one."""
    passed: Counter[str] = Counter()

    def listen(event: str, _: Any) -> None:
        if event.startswith("studio."):
            points.append(event)
            passed[event] += 1
            if event == fault.point and passed[event] == fault.at:
                os.kill(os.getpid(), signal.SIGKILL)

    return listen
