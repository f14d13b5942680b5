"""What kills the process that looks at it is left out, and all others are looked at."""

from __future__ import annotations

import os
import signal

from studio.training.lookers import Lookers


def rest() -> None:
    """Nothing has to be done first."""


def doubled(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def test_one_that_kills_is_left_out_and_the_others_are_found_in_order() -> None:
    lookers = Lookers(2, rest)
    try:
        assert [*lookers.look(doubled, range(9), lambda _: -1)] == [0, 2, 4, 6, 8, -1, 12, 14, 16]
        assert [*lookers.look(doubled, range(3), lambda _: -1)] == [0, 2, 4]
    finally:
        lookers.close()
