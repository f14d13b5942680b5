"""One trial: a home as it was before a step, the step with its fault, recovery, judgement, and the step once more."""

from __future__ import annotations

import errno
import os
import random
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.progress import finish

from . import judge
from .engine import NONE, End, Engine, Fault, How
from .people import STEPS, Step, open_workshop
from .powerloss import Disk, moments, read_journal

# Kills three times as often as the rest.
HARM: tuple[tuple[How, int], ...] = (
    *(("kills", 0), ("tears", 0)) * 3, ("stays full", errno.ENOSPC), ("fails", errno.EIO),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A step as it goes without a fault: homes before and after, what is in them, and what it does on the disk."""

    step: Step
    before: Path
    was: dict[str, str]
    becomes: dict[str, str]
    steps: int
    points: tuple[str, ...]


@dataclass(slots=True)
class Figures:
    """What many trials came to."""

    trials: int = 0
    killed: int = 0
    refused: int = 0
    violations: list[str] = field(default_factory=list)
    recovery_s: float = 0.0  # the longest
    points: set[str] = field(default_factory=set)


class Trials:
    """All steps once without a fault in `room`, and then as many trials as one likes."""

    def __init__(self, room: Path, steps: Iterable[Step] = STEPS) -> None:
        self.room, self.home = room, room / "home"
        self.log = room / "children.log"
        self.engine = Engine(self.home, self.log)
        self.figures = Figures()
        self.known = self._rehearsed(tuple(steps))

    def _rehearsed(self, steps: tuple[Step, ...]) -> dict[str, Known]:
        known: dict[str, Known] = {}
        self.home.mkdir(mode=0o700)
        self.recover()
        was = judge.state(self.home)
        for number, step in enumerate(steps):
            before = shutil.copytree(self.home, self.room / f"before-{number:02}")
            end = self._do(step)
            if end.error or end.killed:
                raise RuntimeError(f"'{step.name}' does not work even without a fault: {end.error}")
            self.recover()
            becomes = judge.state(self.home)
            if wrong := judge.wrongs(self.home):
                raise RuntimeError(f"after '{step.name}' without a fault: {wrong}")
            known[step.name] = Known(step, before, was, becomes, end.steps, end.points)
            self.figures.points |= set(end.points)
            was = becomes
        return known

    def _do(self, step: Step, fault: Fault = NONE) -> End:
        def live() -> None:
            step.do(open_workshop(self.home))

        return self.engine.run(live, fault)

    def recover(self, fault: Fault = NONE) -> End:
        """What every start of the studio does."""

        def begin() -> None:
            finish(open_workshop(self.home).verify())

        return self.engine.run(begin, fault)

    def try_(self, name: str, fault: Fault, again: Fault | None = None) -> list[str]:
        """The wrongs of one trial; `again` is the fault that recovery meets, before it is tried once more."""
        known = self.known[name]
        shutil.rmtree(self.home)
        shutil.copytree(known.before, self.home)
        end = self._do(known.step, fault)
        found = self._judged(known, end, again)
        self.figures.trials += 1
        self.figures.killed += end.killed
        self.figures.refused += bool(end.error)
        told = f"'{name}' {fault}" + (f", recovery {again}" if again else "")
        self.figures.violations += [f"{told}: {wrong}" for wrong in found]
        return found

    def _judged(self, known: Known, end: End, again: Fault | None) -> list[str]:
        found = [f"an error not for people: {end.error}"] if end.error and not end.plain else []
        if again:
            self.recover(again)
        recovery = self.recover()
        self.figures.recovery_s = max(self.figures.recovery_s, recovery.seconds)
        if recovery.error or recovery.killed:
            return [*found, f"recovery failed: {recovery.error}"]
        found += judge.wrongs(self.home)
        now = judge.state(self.home)
        acknowledged = not end.killed and not end.error
        found += self._placed(known, now, acknowledged)
        self.recover()
        if changed := judge.difference(judge.state(self.home), now):
            found.append(f"a second recovery changes: {changed}")
        return found + (self._gone_on(known) if now != known.becomes else [])

    def _placed(self, known: Known, now: dict[str, str], acknowledged: bool) -> list[str]:
        """Whether the home is as before the step or as after it."""
        if (
            known.step.name == "take the consent back"
            and now != known.was
            and (left := judge.traces(self.home, judge.heroes(known.before)))
        ):
            return left
        if now == known.becomes or (now == known.was and not acknowledged):
            return []
        if known.step.taken_up and not acknowledged:
            return []
        near = min((known.was, known.becomes), key=lambda one: len(judge.difference(now, one)))
        word = "was told to be done, but" if acknowledged else "neither before nor after:"
        return [f"{word} {judge.difference(now, known.becomes if acknowledged else near)}"]

    def _gone_on(self, known: Known) -> list[str]:
        """The step once more, which has to come out as if nothing had happened."""
        end = self._do(known.step)
        if end.error or end.killed:
            return [f"it cannot be done any more: {end.error}"]
        self.recover()
        return (
            [f"done again it is not the same: {far}"]
            if (far := judge.difference(judge.state(self.home), known.becomes))
            else []
        )

    # The power goes

    def lose_power(self, most: int) -> None:
        """The whole day in one go, and then the power lost at so many moments of it, on two kinds of disk."""
        known, start, journal = list(self.known.values()), self.room / "start", self.room / "journal"
        shutil.rmtree(self.home)
        shutil.copytree(known[0].before, self.home)
        shutil.copytree(self.home, start)
        disk_before = Disk(self.home)
        end = self._noted_day([one.step for one in known], journal)
        if end.error or end.killed:
            raise RuntimeError(f"the day could not be noted: {end.error}")
        notes = read_journal(journal)
        wanted = sorted(moments(notes, most))
        for number, note in enumerate(notes, 1):
            disk_before.do(note)
            if number in wanted[:1]:
                wanted.pop(0)
                for hasty in (False, True):
                    disk_before.leave(self.home, hasty)
                    self._judge_power(
                        known, disk_before.done, f"step {number} of {len(notes)}, {'hasty' if hasty else 'strict'}"
                    )

    def _noted_day(self, steps: Sequence[Step], journal: Path) -> End:
        handle = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

        def live() -> None:
            os.environ |= {"STUDIO_FAULTS_ROOT": str(self.engine.home), "STUDIO_FAULTS_JOURNAL": str(journal)}
            for number, step in enumerate(steps, 1):
                step.do(open_workshop(self.home))
                self.engine.mark(number)

        try:
            return self.engine.run(live, Fault("notes"), handle)
        finally:
            os.close(handle)

    def _judge_power(self, known: Sequence[Known], done: int, when: str) -> None:
        self.figures.trials += 1
        step = known[min(done, len(known) - 1)]
        recovery = self.recover()
        self.figures.recovery_s = max(self.figures.recovery_s, recovery.seconds)
        if recovery.error or recovery.killed:
            found = [f"recovery failed: {recovery.error}"]
        else:
            found = judge.wrongs(self.home)
            found += self._placed(step, judge.state(self.home), done == len(known))
        self.figures.violations += [f"power lost in '{step.step.name}' ({when}): {wrong}" for wrong in found]

    # Ways to choose

    def at_every_step(self, name: str, make: Callable[[int], Fault], most: int = 10**9) -> None:
        """A trial at each step on the disk, or at so many of them evenly."""
        count = self.known[name].steps
        stride = max(1, -(-count // most))
        for at in range(1, count + 1, stride):
            self.try_(name, make(at))

    def at_every_point(self, name: str) -> None:
        """A kill wherever the step passes a named point, for the first time."""
        for point in dict.fromkeys(self.known[name].points):
            self.try_(name, Fault("kills", 1, point=point))

    def at_each_point_once(self) -> None:
        """A kill at each named point, in the first step that passes it."""
        seen: set[str] = set()
        for name, known in self.known.items():
            for point in dict.fromkeys(known.points):
                if point not in seen:
                    seen.add(point)
                    self.try_(name, Fault("kills", 1, point=point))

    def at_random(self, chance: random.Random, slow: bool) -> None:
        """A kill at a moment of its own, or a disk that is full or faulty from there; in one of three, recovery is killed too."""
        names = [name for name, one in self.known.items() if one.steps and (slow or not one.step.slow)]
        name = chance.choice(names)
        how, code = chance.choice(HARM)
        fault = Fault(how, chance.randint(1, self.known[name].steps), code)
        again = Fault("kills", chance.randint(1, 12)) if chance.random() < 1 / 3 else None
        self.try_(name, fault, again)


def alone() -> None:
    """Refuses to go on with more than one thread, which a fork would tear apart. One that has ended is listed a moment longer."""
    until = time.monotonic() + 2
    while (threads := len(os.listdir("/proc/self/task"))) > 1 and time.monotonic() < until:
        time.sleep(0.01)
    if threads > 1:
        raise RuntimeError(f"a process of {threads} threads cannot be forked safely")
