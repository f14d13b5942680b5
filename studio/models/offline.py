"""What the libraries that draw may not do, whatever a file asks of them: call home, fetch models, run programs of others.

They look at these words when they are first imported, so that they are said where a process begins. A download that a person
asked for goes through `hub`, which listens to HF_HUB_OFFLINE alone.
"""

from __future__ import annotations

import os

FORBIDDEN = {
    "DIFFUSERS_DISABLE_REMOTE_CODE": "true",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "TRANSFORMERS_OFFLINE": "1",  # to their hub the same as HF_HUB_OFFLINE, which stays a person's own word
}


def keep_to_itself() -> None:
    """Says so to the libraries of this process and of all that it begins."""
    os.environ.update(FORBIDDEN)
