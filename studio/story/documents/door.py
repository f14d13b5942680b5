"""The door for documents: what a person gives is opened in a child process and comes in as plain words, or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import PurePosixPath
from typing import Literal

from ...errors import N_, BadStory
from ...settings import ROOT
from .document import MOST_PAGES, REFUSED, Document

Kind = Literal["text", "zip", "pdf"]

DOCUMENTS = (".docx", ".epub", ".pdf")
MOST_BYTES = 20_000_000
SECONDS = 10.0  # of waiting; the child's own limit on processor time is lower
KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")  # no keys, no addresses
ZIP, PDF, OLE, RTF = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"
LOCKED_WORD = "EncryptedPackage".encode("utf-16-le")  # an old container around a .docx with a password
REACH = 1024  # bytes within which a PDF begins, as readers of PDF allow

SENTENCES = {
    "heavy": N_(
        "'{name}' is larger than {most} MB. Take the pictures out of it, or save its words as plain text, "
        "and choose that file."
    ),
    "kinds": N_(
        "'{name}' is not a kind of file that stories are read from. "
        "Save the story as .docx, .epub, .pdf, .md or .txt and choose that file."
    ),
    "doc": N_("'{name}' is a Word document of the old kind (.doc). Save it as .docx in Word and choose that file."),
    "locked": N_(
        "'{name}' is locked by a password or by copy protection. Save a copy of your story without it "
        "and choose that file."
    ),
    "damaged": N_(
        "'{name}' is damaged or not what its name says, so nothing was read from it. "
        "Save it once more, or paste the story itself."
    ),
    "bomb": N_(
        "'{name}' holds far more than a story when it is unpacked, so nothing was read from it. "
        "Save the words alone and choose that file."
    ),
    "long": N_("'{name}' is too large for a story; a book takes up to {most:,} characters. Give one chapter."),
    "pages": N_("'{name}' has more than {most:,} pages. Save the pages of one story as a file and choose that one."),
    "scan": N_(
        "'{name}' holds pictures of its pages, as a scanner makes them, and hardly a letter. "
        "Type the story or paste its text."
    ),
    "letters": N_(
        "'{name}' does not tell which letters its fonts draw, so its text cannot be read. "
        "Save the story as .docx, or paste its text."
    ),
    "slow": N_(
        "'{name}' takes longer than {most} seconds to read, so nothing was read from it. "
        "Save the story as .docx or as plain text and choose that file."
    ),
}
MOST = {"heavy": MOST_BYTES // 1_000_000, "pages": MOST_PAGES, "slow": int(SECONDS)}


def kind_of(name: str, raw: bytes) -> Kind:
    """What a file is by its first bytes, whatever its name says. Raises BadStory for what no story is read from."""
    suffix = PurePosixPath(name).suffix.lower()
    if raw.startswith(OLE):
        raise refusal("locked" if LOCKED_WORD in raw else "doc", name)
    if suffix not in (".txt", ".md", *DOCUMENTS) or raw.startswith(RTF):
        raise refusal("doc" if suffix == ".doc" else "kinds", name)
    is_pdf = raw.startswith(PDF) or (suffix == ".pdf" and PDF in raw[:REACH])
    if not is_pdf and not raw.startswith(ZIP):
        if suffix in DOCUMENTS:
            raise refusal("damaged", name)
        return "text"
    if len(raw) > MOST_BYTES:
        raise refusal("heavy", name)
    return "pdf" if is_pdf else "zip"


def read_document(name: str, kind: Kind, raw: bytes, most: int) -> Document:
    """Title and text of a "zip" or "pdf"; `name` serves the message only. Raises BadStory with one sentence."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "studio.story.documents.opener", kind, str(most)],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refusal("slow", name) from None
    if child.returncode == -getattr(signal, "SIGXCPU", 0) != 0:
        raise refusal("slow", name)
    if child.returncode != 0:
        reason = child.stdout.decode(errors="replace") if child.returncode == REFUSED else "damaged"
        raise refusal(reason, name, most)
    return Document(**json.loads(child.stdout))


def refusal(reason: str, name: str, most: int = 0) -> BadStory:
    """The sentence for a reason; a child that crashed gives none of ours and counts as a damaged file."""
    message = SENTENCES.get(reason, SENTENCES["damaged"])
    return BadStory(message, name=name, most=MOST.get(reason, most))
