"""Why a file is not converted."""

from __future__ import annotations

REFUSED = 3


class Refused(Exception):
    """`reason` is a key of `conversion.SENTENCES`; `what` was met in the file and is not to be trusted."""

    def __init__(self, reason: str, what: object = "") -> None:
        super().__init__(reason, str(what))
        self.reason, self.what = reason, str(what)
