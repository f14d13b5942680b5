"""The child process that opens untrusted documents: raw bytes on stdin, title and text as JSON on stdout.

    python -m studio.story.documents.opener pdf 200000 < story.pdf

It ends with 0 and the document, or with `REFUSED` and a reason of `door.SENTENCES` on stdout; what libraries grumble goes
to stderr. It is capped, so a bomb, an endless page or a crash in a parser harms nothing else, and it can read programs only,
write nothing and ask nobody.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from ...rights import confine, programs
from .archive import Archive
from .document import REFUSED, Document, Refused
from .epub import is_epub, read_epub
from .pdf import read_pdf
from .word import is_word, read_word

MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 8


def limit_resources() -> None:
    """Caps memory and processor time of this process, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))  # a signal that tells why, then the end
    if sys.platform == "linux":  # macOS refuses to lower its address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def opened(kind: str, raw: bytes, most: int) -> Document:
    """The words of a "pdf" or of a "zip", at most `most` characters. Raises Refused."""
    if kind == "pdf":
        return read_pdf(raw, most)
    archive = Archive(raw)
    if is_epub(archive):
        return read_epub(archive, most)
    if is_word(archive):
        return read_word(archive, most)
    raise Refused("kinds")


def main() -> int:
    """Reads stdin, writes stdout, and gives the exit status."""
    confine((), programs(), connect=False)
    limit_resources()
    kind, most = sys.argv[1:3]
    try:
        document = opened(kind, sys.stdin.buffer.read(), int(most))
    except Refused as refusal:
        sys.stdout.write(str(refusal))
        return REFUSED
    except MemoryError:
        sys.stdout.write("bomb")
        return REFUSED
    sys.stdout.write(json.dumps(asdict(document)))  # ASCII, so no console's encoding matters
    return 0


if __name__ == "__main__":
    sys.exit(main())
