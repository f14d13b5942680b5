"""A book drawn and bound by the queue: a web process that a person asks, and a worker, either of which may be killed.

What was acknowledged to the person is noted outside of the home, line by line and synced, after the call returned. When all is
over, each acknowledged job must be done once, each picture drawn once or once again for each kill, and the home be as it is
when nobody was killed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from studio.errors import NoDatabase
from studio.jobs.worker import run_worker
from studio.models.table import BaseModel
from studio.progress import Work, finish
from studio.rendering.drawing import Drawing
from studio.rendering.picture import is_drawn
from studio.settings import ROOT, Settings
from studio.workshop import Workshop
from tests.painter import PlainPainter

from . import judge
from .engine import NONE, Engine, Fault
from .people import BOOK

PATIENCE_S = 150.0  # longer than any process is stopped
WORDS = "They ran home, and the queue went on."

Answer = TypeVar("Answer")


class NotingPainter(PlainPainter):
    """Paints plain colours, and notes each picture outside of the home before it is begun."""

    def __init__(self, model: BaseModel, seconds: float, note: Path) -> None:
        super().__init__(model, seconds)
        self._note = note

    def draw(
        self, drawings: Sequence[Drawing], folder: Path, names: Sequence[str], previews: bool = False
    ) -> Work[tuple[Path, ...]]:
        for drawing, name in zip(drawings, names, strict=True):
            if not is_drawn(drawing, folder / name):
                append(self._note, drawing.key)
        return (yield from super().draw(drawings, folder, names, previews))


class PaintingWorkshop(Workshop):
    """The workshop without eyes: nobody measures how good plain colours are."""

    def perform(self, kind: str, target: str, arguments: Mapping[str, Any], person: str = "") -> Work[str]:
        if kind == "draw" and not person:
            yield from self._easel.draw_book(target)
            return ""
        return (yield from super().perform(kind, target, arguments, person))


def append(note: Path, line: str) -> None:
    """One line more, on the disk when this returns."""
    handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, f"{line}\n".encode())
    os.fsync(handle)
    os.close(handle)


@dataclass(slots=True)
class Outcome:
    """What came of one trial."""

    violations: list[str] = field(default_factory=list)
    recovery_s: float = 0.0  # until all work was over after the last kill
    repeated: int = 0  # pictures drawn more than once
    killed: int = 0
    points: set[str] = field(default_factory=set)


class QueueTrials:
    """Trials from one home, in which there is a book that nobody drew yet."""

    def __init__(self, room: Path, before: Path, seconds: float = 0.0) -> None:
        self.room, self.home, self._before, self._seconds = room, room / "home", before, seconds
        self._acknowledged, self._painted = room / "acknowledged", room / "painted"
        self.engine = Engine(self.home, room / "queue.log")
        self.wanted: dict[str, str] = {}
        whole = self.trial()
        if whole.violations:
            raise RuntimeError(f"the queue does not work even without a fault: {whole.violations}")
        self.wanted = judge.state(self.home)

    def trial(self, worker: Fault = NONE, web: Fault = NONE) -> Outcome:
        """A day with these faults, each met once; then everything is started again."""
        self._begin()
        outcome, serving = Outcome(), worker
        served = self.engine.fork(self._work, worker, alone=True)
        asking = self.engine.fork(self._ask, web, alone=True)
        end = time.monotonic() + PATIENCE_S + worker.stopped_s
        while (ended := _gone(asking)) is None or ended:
            _wake(served, serving)
            if ended:  # the web process was killed: the launcher ends, and begins both anew
                outcome.killed += 1
                _kill(served)
                asking = self.engine.fork(self._ask, alone=True)
            if ended or _gone(served) is not None:
                outcome.killed += not ended
                served, serving = self.engine.fork(self._work, alone=True), NONE
                outcome.recovery_s = max(outcome.recovery_s, self._until_alive())
            if time.monotonic() > end:
                outcome.violations.append(f"not over after {PATIENCE_S:.0f} s")
                _kill(asking)
                break
            time.sleep(0.02)
        _kill(served)
        said = b"".join(iter(lambda: os.read(asking[1], 1 << 16), b""))
        os.close(asking[1])
        told = json.loads(said or b"{}")
        outcome.points |= set(told.get("points", ()))
        outcome.violations += [told["error"]] if told.get("error") else []
        self._judge(outcome, told.get("given") or {})
        return outcome

    def _until_alive(self) -> float:
        """Seconds until a worker that was begun now gives a sign."""
        begun, now = time.monotonic(), time.time()
        asked = "SELECT max(beat) FROM studio_workers"
        while time.monotonic() < begun + PATIENCE_S:
            with suppress(sqlite3.Error), closing(sqlite3.connect(self.home / "jobs.sqlite", timeout=1)) as connection:
                if (connection.execute(asked).fetchone()[0] or 0) > now:
                    break
            time.sleep(0.05)
        return time.monotonic() - begun

    def _begin(self) -> None:
        for left in (self._acknowledged, self._painted):
            left.unlink(missing_ok=True)
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self._before, self.home)

    def _workshop(self) -> PaintingWorkshop:
        def painter(model: BaseModel, settings: Settings) -> NotingPainter:
            return NotingPainter(model, self._seconds, self._painted)

        return PaintingWorkshop(Settings(self.home, f"sqlite:///{self.home / 'jobs.sqlite'}"), illustrator=painter)

    def _work(self) -> None:
        # Where the worker begins anew it starts this program.
        sys.orig_argv = [sys.executable, str(ROOT / "tests" / "jobs" / "painting_worker.py"), "0"]
        os.environ["STUDIO_HOME"] = str(self.home)
        workshop = self._workshop()
        run_worker(workshop.settings, workshop.perform, workshop.in_pieces)

    def _ask(self) -> dict[str, str]:
        """What the person does; a person who comes back does what was not acknowledged. Gives the state of each job."""
        workshop = self._workshop()
        known = self._read()

        def once(name: str, do: Callable[[], object]) -> str:
            if name not in known:
                known[name] = str(_patiently(do) or "")
                append(self._acknowledged, json.dumps([name, known[name]]))
            return known[name]

        drawing = once("draw", lambda: workshop.submit_drawing(BOOK))
        once("type", lambda: workshop.edit_page(BOOK, 3, text=WORDS) and None)
        _over(workshop, drawing)
        drawing = once("draw the change", lambda: workshop.submit_drawing(BOOK))
        _over(workshop, drawing)
        waiting = once("redo", lambda: workshop._queue.submit("redo", BOOK, {"number": 2, "seed": 101_002}))
        _over(workshop, waiting)
        _over(workshop, once("pack", lambda: workshop.submit_export(BOOK, suffix=".storybook")))
        return {name: _patiently(partial(workshop.job, id)).state for name, id in known.items() if id}

    def _read(self) -> dict[str, str]:
        if not self._acknowledged.is_file():
            return {}
        return dict(json.loads(line) for line in self._acknowledged.read_text().splitlines())

    def _judge(self, outcome: Outcome, states: Mapping[str, str]) -> None:
        end = self.engine.run(lambda: finish(self._workshop().verify()) and None)
        outcome.violations += [f"verify: {end.error}"] if end.error else []
        painted = Counter(self._painted.read_text().split()) if self._painted.is_file() else Counter()
        outcome.repeated = sum(painted.values()) - len(painted)
        found = [f"'{name}' is {state}" for name, state in states.items() if state != "done"]
        found += judge.wrongs(self.home)
        if outcome.repeated > outcome.killed:
            found.append(f"{outcome.repeated} pictures drawn again after {outcome.killed} kills")
        if self.wanted and (far := judge.difference(judge.state(self.home), self.wanted)):
            found.append(f"not as without a fault: {far}")
        outcome.violations += found


def _over(workshop: Workshop, job: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not (seen := _patiently(partial(workshop.job, job))).over:
        if time.monotonic() > end:
            raise TimeoutError(f"{seen.kind} is {seen.state}")
        time.sleep(0.02)


def _patiently(do: Callable[[], Answer]) -> Answer:
    """Does it, and again as long as the list is told to be locked: a worker that stands still may hold it, and a person who is
    told to try again does so. Each time nothing was changed, which the sentence promises and `_judge` sees."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return do()
        except NoDatabase as error:
            if "locked by another program" not in error.message or time.monotonic() > end:
                raise


def _gone(child: tuple[int, int, float]) -> bool | None:
    """Whether a child that is gone was killed; None while it is there."""
    seen, status = os.waitpid(child[0], os.WNOHANG)
    return os.WIFSIGNALED(status) if seen else None


def _kill(child: tuple[int, int, float]) -> None:
    with suppress(ProcessLookupError):
        os.kill(child[0], signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(child[0], 0)


def _wake(child: tuple[int, int, float], fault: Fault) -> None:
    """Lets a child go on that stopped, when its time has come."""
    if fault.how != "stops":
        return
    with suppress(OSError):
        state = Path(f"/proc/{child[0]}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state == "T":
            time.sleep(fault.stopped_s)
            os.kill(child[0], signal.SIGCONT)
