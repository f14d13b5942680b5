"""The parts of a ZIP file, which Word and EPUB files are, unpacked in memory and never beyond a limit.

Names of parts are only looked up, so a name such as ../../x reaches nothing; nothing is written to disk.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from .document import Refused

MOST_PARTS = 3000  # a long EPUB with pictures has a few hundred
MOST_BYTES = 40_000_000  # unpacked, of all parts that are read
BROKEN = (  # zipfile raises NotImplementedError for a version or a packing that it does not know
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError,
)  # fmt: skip
ENTRY = b"PK\x01\x02"  # begins each entry of a ZIP file's table of contents
SECRET = 0x1  # the flag of a part that is locked with a password
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what Word and EPUB use; others can ask for much memory


class Archive:
    """A ZIP file that gives at most `MOST_BYTES` in all. Raises Refused("bomb"), ("locked") or ("damaged")."""

    def __init__(self, raw: bytes) -> None:
        if raw.count(ENTRY) > MOST_PARTS:  # before zipfile makes an object of each
            raise Refused("bomb")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except BROKEN:
            raise Refused("damaged") from None
        self._left = MOST_BYTES

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """The unpacked bytes of one part. Neither the size it declares nor what comes out may pass what is left."""
        part = self._zip.NameToInfo.get(name)
        if part is None or part.compress_type not in PLAIN:
            raise Refused("damaged")
        if part.flag_bits & SECRET:
            raise Refused("locked")
        if part.file_size > self._left:
            raise Refused("bomb")
        try:
            with self._zip.open(part) as file:
                raw = file.read(self._left + 1)
        except BROKEN:
            raise Refused("damaged") from None
        self._left -= len(raw)
        if self._left < 0:
            raise Refused("bomb")
        return raw
