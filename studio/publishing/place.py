"""Where on a picture words stand best: off everybody, where little goes on, and where they can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .calm import Calm
from .contrast import Reading, reading
from .geometry import Box

STEPS = 9  # places tried from one edge to the other
SOMEBODY = 0.05  # of the cells, by their certainty: more, and the words stand on somebody
COVERED, RESTLESS, VEILED, FAR = 6.0, 1.0, 0.7, 0.15  # what each costs


@dataclass(frozen=True, slots=True)
class Place:
    """A zone for words, how they are read there, what it costs them, 0 is best, and how much of somebody they cover."""

    zone: Box
    reading: Reading
    cost: float
    covered: float


def best_place(calm: Calm | None, laid: Box, room: Box, sizes: list[tuple[float, float]], pad: float) -> Place | None:
    """The best of all zones in `room` for words of one of `sizes` (width, height); None when none has room.

    Whether words are read there takes longest to tell: it is asked of the calmest first, until no calmer one is left.
    """
    best, least = None, float("inf")
    for ground, zone in sorted(
        ((_ground(calm, laid, zone, pad, room), zone) for zone in _zones(room, sizes)), key=_first
    ):
        if ground >= least:
            break
        place = place_at(calm, laid, zone, pad)
        cost = ground + (VEILED if place.reading.veil else 0.0)
        if cost < least:
            best, least = place, cost
    return best


def place_at(calm: Calm | None, laid: Box, zone: Box, pad: float) -> Place:
    """What words in that zone of a picture that lies at `laid` are like; `pad` around them counts too."""
    cells = calm.cells(laid, zone.inset(-pad)) if calm else []
    if not calm or not cells:
        return Place(zone, reading(0.0, 1.0), 1.0, 0.0)
    dark, light = [calm.dark[cell] for cell in cells], [calm.light[cell] for cell in cells]
    read = reading(_low(dark), _high(light), (sum(dark) + sum(light)) / 2 / len(cells))
    covered = sum(calm.who[cell] for cell in cells) / len(cells)
    return Place(zone, read, _trouble(calm, cells) + (VEILED if read.veil else 0.0), covered)


def _ground(calm: Calm | None, laid: Box, zone: Box, pad: float, room: Box) -> float:
    """What the zone costs before anybody reads there."""
    cells = calm.cells(laid, zone.inset(-pad)) if calm else []
    return (_trouble(calm, cells) if calm and cells else 1.0) + FAR * _from_edge(zone, room)


def _trouble(calm: Calm, cells: list[int]) -> float:
    """Of whoever is there, and of what goes on."""
    who = [calm.who[cell] for cell in cells]
    restless = sum([calm.stir[cell] for cell in cells]) / len(cells)
    return COVERED * (sum(who) / len(cells) + 0.2 * max(who)) + RESTLESS * restless


def _first(pair: tuple[float, Box]) -> float:
    return pair[0]


def _zones(room: Box, sizes: list[tuple[float, float]]) -> Iterator[Box]:
    for wide, high in sizes:
        if wide <= room.width and high <= room.height:
            across = (room.width - wide) / (STEPS - 1)
            up = (room.height - high) / (STEPS - 1)
            for column in range(STEPS if across > 1 else 1):
                for row in range(STEPS):
                    yield Box(room.left + column * across, room.bottom + row * up, wide, high)


def _from_edge(zone: Box, room: Box) -> float:
    """0 at the upper or lower edge of the room, 1 in the middle: words at an edge leave the picture whole."""
    free = room.height - zone.height
    return 1 - abs(zone.bottom - room.bottom - free / 2) / (free / 2) if free > 1 else 0.0


def _low(values: list[float]) -> float:
    return sorted(values)[len(values) // 50]


def _high(values: list[float]) -> float:
    return sorted(values)[-1 - len(values) // 50]
