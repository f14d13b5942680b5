"""The door for photos: whatever a person uploads is decoded in a child process and comes in as a clean PNG, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import PurePosixPath

from ..errors import N_, BadPhoto
from ..settings import ROOT

MOST_BYTES = 50_000_000
SECONDS = 20.0  # of waiting; the child's own limit on processor time is lower
KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")  # no keys, no addresses

SENTENCES = {
    "empty": N_("The photo '{name}' is empty. Choose the file again; your other photos are safe."),
    "heavy": N_(
        "The photo '{name}' is larger than 50 MB. Save it smaller, for example as JPEG; your other photos are safe."
    ),
    "format": N_(
        "'{name}' is not a photo the studio can read, whatever its name says. "
        "Use JPEG, PNG, WebP, HEIC or AVIF; your other photos are safe."
    ),
    "huge": N_(
        "The photo '{name}' has more than 40 million pixels. Save it smaller, 1024 pixels wide is plenty; "
        "your other photos are safe."
    ),
    "damaged": N_(
        "The photo '{name}' is damaged or incomplete. Copy it from the camera or telephone once more; "
        "your other photos are safe."
    ),
    "small": N_(
        "The photo '{name}' is only {width} × {height} pixels. It needs at least 64 on its shorter side, "
        "and 256 or more draw far better; your other photos are safe."
    ),
    "narrow": N_(
        "The photo '{name}' is too long and narrow. Cut out the part with the character; your other photos are safe."
    ),
}


def take_in(name: str, raw: bytes) -> bytes:
    """PNG bytes of the photo: upright, RGB, long side ≤ 1024 px, without EXIF, place or any other metadata.

    The format is told by content, never by `name`, which serves the message only. Raises BadPhoto with one sentence.
    """
    if not raw:
        raise _refusal("empty", name)
    if len(raw) > MOST_BYTES:
        raise _refusal("heavy", name)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "studio.photos.decoder"],
            input=raw,
            capture_output=True,
            cwd=ROOT,
            env={key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("damaged", name) from error
    sys.audit("studio.upload.decoded")
    if child.returncode != 0:
        reason, *size = child.stderr.decode(errors="replace").split()[:3] or ["damaged"]
        raise _refusal(reason, name, *size)
    return child.stdout


def _refusal(reason: str, name: str, width: str = "", height: str = "") -> BadPhoto:
    """The sentence for a reason; a decoder that crashed gives none of ours and counts as a damaged photo."""
    shown = "".join(letter for letter in PurePosixPath(name.replace("\\", "/")).name if letter.isprintable())[:80]
    message = SENTENCES.get(reason, SENTENCES["damaged"])
    return BadPhoto(message, name=shown, width=width, height=height)
