"""The real decoder, kept warm: it reads picture after picture in processes with its own limits.

    python -m tests.hostile.decoding JPEG 500

The start of a Python costs more than a hundred pictures, so one process forks children that decode a few dozen each. What ends a
child is noticed and told with the number of the picture, and the next child goes on behind it.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from dataclasses import asdict, dataclass, field

from studio.photos import decoder

from .mutants import PNG, chunks, honest, mutant

LONGEST_S = 10.0
AT_ONCE = 50  # pictures to a child


@dataclass(slots=True)
class Report:
    """What came of the pictures of one format."""

    kind: str
    tried: int = 0
    taken: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    uncaught: list[tuple[int, str]] = field(default_factory=list)  # what no sentence was foreseen for
    unclean: list[tuple[int, str]] = field(default_factory=list)
    hung: list[int] = field(default_factory=list)
    ended: list[tuple[int, int]] = field(default_factory=list)  # a child that fell, with its status
    slowest_s: float = 0.0
    memory_mb: int = 0


def decoded(raw: bytes) -> tuple[str, str]:
    """What the decoder makes of it: "taken", "refused", "uncaught" or "unclean", and the reason."""
    try:
        png = decoder.clean(raw)
    except decoder.Refused as refusal:
        return "refused", str(refusal).split()[0]
    except MemoryError:
        return "refused", "huge"
    except Exception as error:  # what this looks for
        return "uncaught", f"{type(error).__name__}: {error}"
    return ("taken", "") if (wrong := unclean(png)) == "" else ("unclean", wrong)


def unclean(png: bytes) -> str:
    """What is wrong with a picture that came in; empty for eight bits of RGB in the limits and nothing beside."""
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    if not png.startswith(PNG) or png[24:26] != b"\x08\x02":
        return "no RGB"
    if {*chunks(png)} != {b"IHDR", b"IDAT", b"IEND"}:
        return f"holds {chunks(png)}"
    inside = decoder.SHORT_SIDE_PX <= min(width, height) <= max(width, height) <= decoder.LONG_SIDE_PX
    return "" if inside else f"{width} × {height}"


def try_all(kind: str, count: int, first: int = 0) -> Report:
    """Decodes the pictures of these numbers."""
    report = Report(kind)
    honest(kind)  # made before the limits hold
    while report.tried < count:
        _batch(report, first + report.tried, min(AT_ONCE, count - report.tried))
    return report


def _batch(report: Report, first: int, count: int) -> None:
    told, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        _decode(telling, report.kind, range(first, first + count))
    os.close(telling)
    with os.fdopen(told, "rb", buffering=0) as results:
        for number in range(first, first + count):
            report.tried += 1
            if ended := not _note(report, number, results.fileno(), child):
                break
        if not ended:
            os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    if ended and report.hung[-1:] != [number]:
        report.ended.append((number, status))
    report.memory_mb = max(report.memory_mb, used.ru_maxrss >> 10)


def _note(report: Report, number: int, results: int, child: int) -> bool:
    """Notes what the child says of one picture; False when it says nothing more."""
    begun = time.monotonic()
    if not select.select([results], [], [], LONGEST_S)[0]:
        report.hung.append(number)
        os.kill(child, signal.SIGKILL)
        return False
    raw = os.read(results, 512)
    report.slowest_s = max(report.slowest_s, time.monotonic() - begun)
    if not raw:
        return False
    verdict, _, why = raw.decode(errors="replace").rstrip().partition(" ")
    if verdict == "taken":
        report.taken += 1
    elif verdict == "refused":
        report.refused[why] = report.refused.get(why, 0) + 1
    else:
        getattr(report, verdict).append((number, why))
    return True


def _decode(telling: int, kind: str, numbers: range) -> None:
    """In the child: one line for each picture, never longer than a pipe takes at once."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    decoder.limit_resources()
    for number in numbers:
        verdict, why = decoded(mutant(kind, number))
        os.write(telling, f"{verdict} {why}".encode(errors="replace")[:511].replace(b"\n", b" ").ljust(512))
    signal.pause()


if __name__ == "__main__":
    print(json.dumps(asdict(try_all(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:])))))
