"""How the studio bears many people at once: browser sessions that open screens while the queue draws books of several people.

    python -m benchmarks.load [--minutes 15] [--sessions 20] [--people 4] [--pages 200] [--burn] [--json]
    python -m benchmarks.load --uploads [--sessions 10]

The sessions are no browsers but speak with the web process as these do, over its websocket: they load a screen, stay with it for
5 to 15 seconds, go on, and let its moving parts run as often as these ask. One worker draws plain colours. Told are how long reruns
and first paints took, errors, how old the progress was that any screen showed, whether every page was drawn once, how evenly the
people waited, and what the web process grew by. With `--burn` a process as gentle as the worker keeps one core busy all the while,
as a model would. With `--uploads` each session instead drops ten photos of twelve megapixels on the screen Characters.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import runpy
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import launch
from benchmarks.visitor import Visitor
from studio.library.members import arrive
from studio.workshop import Workshop

STORY = "A red fox ran over the hill. It saw a cat in the garden. At night they went home. The moon was up. "
SCREENS = ("bookshelf", "story", "pages", "jobs")
BOOK = 8  # pages
THINK_S = (5.0, 15.0)
LATE_S = 60.0
BUSY = 0.8  # of the time is drawn
JOURNAL = "STUDIO_LOAD_JOURNAL"  # where the worker notes each picture that came to its place
PAINTER = Path(__file__).resolve().parents[1] / "tests" / "jobs" / "painting_worker.py"


def main() -> None:
    parser = argparse.ArgumentParser(description="How the studio bears many people at once.")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--sessions", type=int, default=0, help="20, with --uploads 10")
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--burn", action="store_true")
    parser.add_argument("--uploads", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worker", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker is not None:
        work(given.worker)
    elif given.uploads:
        from benchmarks.uploads import uploads

        tell(uploads(given.sessions or 10), given.json)
    else:
        tell(load(given.minutes, given.sessions or 20, given.people, given.pages, given.burn), given.json)


def tell(found: dict[str, Any], plainly: bool) -> None:
    print(json.dumps(found, indent=None if plainly else 1))


@dataclass(slots=True)
class Seen:
    """What all sessions saw."""

    cold_s: float = 0.0  # the very first paint
    paints: list[float] = field(default_factory=list)  # seconds
    reruns: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    shown: list[tuple[float, str, int]] = field(default_factory=list)  # when, book, pages done as they stood until then
    last: dict[tuple[int, str], int] = field(default_factory=dict)  # what a session shows of a book


def load(minutes: float, sessions: int, people: int, pages: int, burn: bool = False) -> dict[str, Any]:
    """The figures of such a time."""
    each_s = BUSY * 60 * minutes / pages
    with tempfile.TemporaryDirectory() as place, studio(Path(place), each_s, burn) as (workshop, port, web):
        asked = ask(workshop, people, pages)
        at_rest: list[int] = []
        seen = asyncio.run(visit(port, minutes, sessions, web, at_rest))
        grown = memory(web) - at_rest[0]
        drawn = _all_drawn(Path(place) / "journal", pages)
        return {
            "rerun ms": spread(seen.reruns),
            "first paint ms": spread(seen.paints),
            "very first paint ms": round(1000 * seen.cold_s),
            "reruns": len(seen.reruns),
            "errors": len(seen.errors),
            "first errors": seen.errors[:5],
            "progress stale s": round(stalest(seen.shown, drawn), 2),
            "pages drawn": len(drawn),
            "pages drawn twice": sum(count > 1 for count in Counter(name for _at, name in drawn).values()),
            "pages not drawn": pages - len({name for _at, name in drawn}),
            "waits between people": round(evenness(asked, drawn), 2),
            "web MB at rest": round(at_rest[0] / 1e6),
            "web MB grown": round(grown / 1e6),
            "web cores": round(busy_s(web) / (60 * minutes), 2),
            "machine's load": [round(one, 1) for one in os.getloadavg()],
        }


# The studio


@contextmanager
def studio(place: Path, each_s: float, burn: bool = False) -> Iterator[tuple[Workshop, int, int]]:
    """A studio that runs in a home of its own: its workshop, the port and the process of its web side."""
    from tests.browser.demonstrations import free_port

    port = free_port()
    before = dict(os.environ)
    os.environ.update(
        STUDIO_HOME=str(place / "home"), STREAMLIT_CLIENT_SHOW_ERROR_DETAILS="full", **{JOURNAL: str(place / "journal")}
    )
    os.environ.pop("STUDIO_DATABASE_URL", None)
    workshop = Workshop()
    worker = subprocess.Popen([sys.executable, "-m", "benchmarks.load", "--worker", str(each_s)], cwd=launch.ROOT)
    burner = subprocess.Popen(["nice", "-n", "10", sys.executable, "-c", "while True: pass"]) if burn else None
    try:
        with launch.web_studio(port) as web:
            launch.wait_until_it_answers(web, port)
            yield workshop, port, web.process.pid
    finally:
        for process in filter(None, (worker, burner)):
            process.kill()
            process.wait()
        os.environ.clear()
        os.environ.update(before)


def work(each_s: float) -> None:
    """The painting worker of the tests; each picture that comes to its place is noted, so that none is counted by its file."""
    journal = os.open(os.environ[JOURNAL], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(event: str, given: tuple[Any, ...]) -> None:
        if event == "os.rename" and "/pictures/" in (path := str(given[1])) and path.endswith(".png"):
            book, name = Path(path).parts[-3], Path(path).name
            os.write(journal, f"{time.time()} {book}/{name}\n".encode())

    sys.addaudithook(note)
    sys.argv = [str(PAINTER), str(each_s)]
    runpy.run_path(str(PAINTER), run_name="__main__")


def ask(workshop: Workshop, people: int, pages: int) -> dict[str, tuple[str, float]]:
    """Asks for the books of one person after the other; whose each is, and when it was asked for."""
    asked = {}
    for number in range(pages // BOOK):
        story = workshop.read_story(STORY * 6, f"Book {number:02d}")
        book = workshop.begin_book(story, BOOK)
        person = f"person{number * people * BOOK // pages}"
        arrive(workshop.settings, person, person, "administrator")  # who works in the house, at which all sessions look
        workshop.of(person).submit_drawing(book.id)
        asked[book.id] = person, time.time()
    return asked


# The sessions


async def visit(port: int, minutes: float, sessions: int, web: int, at_rest: list[int]) -> Seen:
    """Lets all sessions come in the first tenth of the time, and stay until its end; notes the memory when all are there."""
    seen = Seen()
    async with Visitor(stream(port), watch=lambda *what: note(seen, -1, *what)) as first:
        seen.cold_s = await first.open(SCREENS[0])  # the libraries are loaded for whoever comes first
    end, coming = time.monotonic() + 60 * minutes, 6 * minutes
    visits = [
        asyncio.create_task(stay(port, number, coming * number / sessions, end, seen)) for number in range(sessions)
    ]
    await asyncio.sleep(coming + THINK_S[1])
    at_rest.append(memory(web))
    await asyncio.gather(*visits)
    return seen


async def stay(port: int, number: int, wait_s: float, end: float, seen: Seen) -> None:
    """One session: opens screens and thinks, until the end."""
    dice = random.Random(number)
    await asyncio.sleep(wait_s)
    try:
        async with Visitor(stream(port), watch=lambda *what: note(seen, number, *what)) as visitor:
            seen.paints.append(await visitor.open(SCREENS[number % len(SCREENS)]))
            while time.monotonic() < end:
                await visitor.think(min(dice.uniform(*THINK_S), max(0.0, end - time.monotonic())))
                if time.monotonic() < end:  # else all would go on together at the end
                    seen.reruns.append(await visitor.go(dice.choice(SCREENS)))
    except (OSError, TimeoutError, ConnectionError) as lost:
        seen.errors.append(f"session {number}: {type(lost).__name__} {lost}")


def stream(port: int) -> str:
    return f"ws://{launch.HOST}:{port}/_stcore/stream"


def note(seen: Seen, session: int, kind: str, told: str, anew: bool) -> None:
    """Keeps what a session was shown: an error, or how far a book is and what stood there until now."""
    if kind == "error":
        seen.errors.append(told)
    elif far := re.fullmatch(r"Book (\d+)\n.*?(\d+) \D+ \d+.*", told, re.DOTALL):
        book, now = f"book-{far[1]}", int(far[2])
        stood = now if anew else seen.last.get((session, book), now)
        seen.shown.append((time.time(), book, stood))
        seen.last[session, book] = now


# The figures


def spread(seconds: list[float]) -> dict[str, int]:
    """Percentiles and the largest, in ms."""
    ordered = sorted(seconds) or [0.0]
    at = {name: ordered[min(int(share * len(ordered)), len(ordered) - 1)] for name, share in SHARES.items()}
    return {name: round(1000 * value) for name, value in (at | {"max": ordered[-1]}).items()}


SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def stalest(shown: list[tuple[float, str, int]], drawn: list[tuple[float, str]]) -> float:
    """How old the oldest progress was that stood on any screen: the time since the next page was drawn."""
    ends: dict[str, list[float]] = {}
    for at, name in drawn:
        ends.setdefault(name.split("/")[0], []).append(at)
    oldest = 0.0
    for at, book, done in shown:
        further = sorted(ends.get(book, []))[done:]
        oldest = max(oldest, at - further[0] if further else 0.0)
    return oldest


def evenness(asked: dict[str, tuple[str, float]], drawn: list[tuple[float, str]]) -> float:
    """How many times longer the page of one person waited than that of another, in the median."""
    waits: dict[str, list[float]] = {}
    for at, name in drawn:
        person, since = asked[name.split("/")[0]]
        waits.setdefault(person, []).append(at - since)
    middle = [sorted(each)[len(each) // 2] for each in waits.values()]
    return max(middle) / min(middle) if middle else 0.0


def busy_s(process: int) -> float:
    """Seconds that a core worked for the process, however many others wanted it."""
    import psutil

    used = psutil.Process(process).cpu_times()
    return float(used.user + used.system)


def memory(process: int) -> int:
    """Bytes that the process holds."""
    import psutil

    return int(psutil.Process(process).memory_info().rss)


def _all_drawn(journal: Path, pages: int) -> list[tuple[float, str]]:
    """What was drawn in the end; a machine that is busy with other things is given another minute."""
    until = time.monotonic() + LATE_S
    while len(drawn := _drawn(journal)) < pages and time.monotonic() < until:
        time.sleep(0.5)
    return drawn


def _drawn(journal: Path) -> list[tuple[float, str]]:
    with suppress(FileNotFoundError):
        lines = (line.split(" ", 1) for line in journal.read_text().splitlines())
        return [(float(at), name) for at, name in lines]
    return []


if __name__ == "__main__":
    main()
