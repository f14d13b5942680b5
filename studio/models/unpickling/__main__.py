"""Reads a pickled file on stdin, writes .safetensors on stdout."""

from __future__ import annotations

import codecs
import errno
import json
import struct
import sys
import zipfile
from typing import IO

from .guard import confine
from .layouts import read_checkpoint
from .packing import pack
from .refusal import REFUSED, Refused

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS} if sys.platform != "win32" else {errno.ENOSPC}
CODECS = ("ascii", "cp437", "latin-1", "raw-unicode-escape", "utf-8")  # Python imports them when they are first met
BROKEN = (  # what reading a file that is cut off or scrambled ends in
    zipfile.BadZipFile,
    struct.error,
    ValueError,  # of pickletools, and of texts that are no UTF-8
    LookupError,
    TypeError,
    NotImplementedError,  # of zipfile, for a packing or a version that it does not know
    OverflowError,
    EOFError,
)


def main() -> int:
    """Gives up what is not needed, converts, and gives the exit status."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    for codec in CODECS:
        codecs.lookup(codec)
    confine(source.seek(0, 2))
    try:
        report = convert(source, target)
    except Refused as refusal:
        _tell(f"{refusal.reason} {refusal.what}")
        return REFUSED
    _tell(json.dumps(report))
    return 0


def convert(source: IO[bytes], target: IO[bytes]) -> dict[str, int]:
    """Writes the weights; gives how many tensors there are and how many values were left out. Raises nothing but Refused."""
    size = source.seek(0, 2)
    try:
        return pack(read_checkpoint(source, size), source, target, size)
    except (MemoryError, RecursionError) as error:
        raise Refused("large", "memory") from error
    except BROKEN as error:
        raise Refused("damaged") from error
    except OSError as error:
        raise Refused("room" if error.errno in FULL else "damaged") from error


def _tell(line: str) -> None:
    sys.stderr.buffer.write(line[:500].encode("utf-8", "backslashreplace"))
    sys.stderr.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
