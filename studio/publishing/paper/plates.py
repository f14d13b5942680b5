"""All plates of a book, made two at a time: Pillow and libjpeg let others work meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ..marks import PAPER
from ..plate import Plate, make_plate
from ..profiles import Profile
from .painter import Hanging
from .press import Press

HANDS = 2
AHEAD = 3  # plates that may be finished or in the making before one is taken: each holds tens of megabytes meanwhile
WHITE = "#FFFFFF"

Files = Callable[[int], Path]  # the picture that is printed for page 1, 2, 3 …


def make_plates(
    hangings: Iterable[Hanging], files: Files, profile: Profile, press: Press | None = None
) -> Generator[Plate]:
    """The plates in the order asked. Raises NotReady for a picture that is damaged."""
    paper, waiting = paper_of(profile), deque[Future[Plate]]()
    pool = ThreadPoolExecutor(HANDS)
    try:
        for hanging in hangings:
            file = files(hanging.mark.number)
            inked = press.inked if press else None
            waiting.append(pool.submit(make_plate, file, hanging.mark, profile.ppi, paper, hanging.wide, inked))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def paper_of(profile: Profile) -> str:
    """The colour that pictures fade into."""
    return PAPER if profile.tinted else WHITE
