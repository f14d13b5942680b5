"""What the guard of children costs: the time of its looks beside the time of one page that pocket draws.

    python benchmarks/guarding.py

A book of twelve pages with a child; every look at its words and at who is worn, as the drawing of the book asks for them.
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.library.characters import Characters
from studio.models.table import base_model
from studio.progress import finish
from studio.safety import gate
from studio.settings import SAMPLES, Settings
from studio.workshop import Workshop

PAGES = 12


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        workshop = Workshop(Settings(home=Path(home), database_url=""))
        _lay_child(workshop)
        book = workshop.begin_book(workshop.sample_story("en"), PAGES, (Worn("lan"),))
        drawings = workshop._easel.drawings(book)
        began = time.perf_counter()
        bare = replace(drawings[0], worn=(), late=())
        finish(workshop._easel.draw("pocket", [bare], Path(home) / "warm", ["a.png"]))
        waking = time.perf_counter() - began
        began = time.perf_counter()
        finish(workshop._easel.draw("pocket", [replace(bare, seed=2)], Path(home) / "warm", ["b.png"]))
        page = time.perf_counter() - began
        gate._judged.cache_clear()
        began = time.perf_counter()
        for number, drawing in enumerate(drawings, 1):  # page by page, as a worker may
            workshop._guard.book(book, (number,))
            workshop._guard.drawings(base_model("pocket"), [drawing])
        guard = (time.perf_counter() - began) / PAGES
    told = {"waking_s": round(waking, 2), "page_s": round(page, 3), "guard_a_page_s": round(guard, 5),
            "share": round(guard / page, 4)}  # fmt: skip
    print(json.dumps(told))


def _lay_child(workshop: Workshop) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    Characters(workshop.settings).add(
        "Lan", "person", [(SAMPLES / "may" / "01.png").read_bytes()], "girl", "her mother"
    )
    path = workshop.settings.home / "made.safetensors"
    save_file({"a": np.zeros(4, np.float32)}, path)
    card = AdapterCard(id="lan", title="Lan", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="lan",
                       class_word="girl", source="taught")  # fmt: skip
    Shelf(workshop.settings).put(card, path)


if __name__ == "__main__":
    main()
