"""A small book that goes from one computer to another, and what its file is made of."""

from __future__ import annotations

import hashlib
import io
import json
import struct
from pathlib import Path

from PIL import Image

from studio.adapters.card import Worn
from studio.progress import finish
from studio.publishing.book import Book, Look, Mend, Page
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Role, Scene
from studio.story.story import Story
from studio.workshop import Workshop
from studio.workshop.moving import Arrived

CANDIDATE = "01-candidate.png"


def png(colour: str) -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(raw, "PNG")
    return raw.getvalue()


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def a_book() -> Book:
    pages = (
        Page(Scene("Mây ra đồng.", ("Mây",)), Prompt("may girl in the rice field"), 1001, "01-aa.png",
             mended=Mend(sha256(png("red")), sha256(png("white")), 0.9)),
        Page(Scene("Mây ngủ.", ("Mây",)), Prompt("may girl asleep"), 1002, "02-bb.png"),
        Page(Scene("Hết."), Prompt("a moon"), 1003),
    )  # fmt: skip
    return Book(
        id="con-dieu-do", title="Con diều đỏ", story=Story("Mây ra đồng. Mây ngủ. Hết.", "vi", "Con diều đỏ", "Linh"),
        cast=Cast((Role("Mây", "girl", "may"),)), look=Look(characters=(Worn("may"),), styles=(Worn("watercolour", 0.6),)),
        pages=pages, created="2026-11-21T08:00:00.000+00:00",
    )  # fmt: skip


def lay(folder: Path) -> Path:
    """The pictures of the book, and one that nobody chose."""
    (folder / "from").mkdir(parents=True, exist_ok=True)
    for name, colour in (("01-aa.png", "green"), ("02-bb.png", "blue"), (CANDIDATE, "black")):
        (folder / name).write_bytes(png(colour))
    for colour in ("red", "white", "grey"):
        (folder / "from" / f"{sha256(png(colour))}.png").write_bytes(png(colour))
    return folder


def safetensors() -> bytes:
    head = json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    return struct.pack("<Q", len(head)) + head + b"\0\0\0\0"


def bring(workshop: Workshop, file: Path) -> Arrived:
    return finish(workshop.import_archive(file))
