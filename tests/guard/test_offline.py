"""A whole book is made, from the photos to the file for the printer, on a computer on which every way out is closed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from studio.settings import ROOT

BOOK = """
import json, socket, sys
tried = []

def closed(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        tried.append(f"{event} {given[1:]}")
        raise OSError("every way out is closed")

sys.addaudithook(closed)
from studio.adapters.card import Worn
from studio.library.consent import Consent
from studio.progress import finish
from studio.settings import SAMPLES
from studio.workshop import Workshop

workshop = Workshop()
photos = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))]
agreed = Consent(who="her mother", role="parent", purposes=("train", "print"))
id = workshop.begin_character("Lan", "person", photos, "girl", agreed).character.id
finish(workshop.train_character(id, "draft", steps=10))
story = workshop.read_story("Lan finds a red kite in the garden. The wind takes it to the sea.")
book = workshop.begin_book(story, pages=2, characters=(Worn(id),), pace="draft")
finish(workshop.draw_book(book.id))
made = [finish(workshop.export_book(book.id, suffix=suffix, accept_red=True)).file.name for suffix in (".pdf", ".epub", ".html")]
print(json.dumps({"tried": tried, "made": made, "drawn": workshop.book(book.id).drawn}))
"""


@pytest.mark.soak
def test_a_whole_book_with_a_hero_is_made_with_every_connection_refused(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", BOOK], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["tried"] == [] and told["drawn"] and len(told["made"]) == 3
