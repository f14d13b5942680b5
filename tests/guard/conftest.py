"""Homes in which a child is worn: photos, a card, and numbers that nobody draws with where a plain painter stands in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.adapters.card import AdapterCard
from studio.adapters.shelf import Shelf
from studio.library.characters import Characters, Kind
from studio.settings import SAMPLES
from studio.workshop import Workshop
from tests.elder import as_of_old
from tests.painter import plain_painter

CARD = AdapterCard(
    id="lan", title="Lan", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="lan", class_word="girl",
    source="taught",
)  # fmt: skip


def lay(workshop: Workshop, card: AdapterCard) -> AdapterCard:
    """Stands a card on the shelf with a few numbers that fit nothing."""
    import numpy as np
    from safetensors.numpy import save_file

    path = workshop.settings.home / "made.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({"a": np.arange(4, dtype=np.float32)}, path)
    return Shelf(workshop.settings).put(card, path)


def begin(workshop: Workshop, name: str, kind: Kind, model: str = "pocket") -> str:
    """A character of that kind, taught as far as a screen can see."""
    photo = SAMPLES / "may" / "01.png"
    begun = Characters(workshop.settings).add(name, kind, [photo.read_bytes()], "girl", "her mother, for a book")
    id = as_of_old(workshop.settings, begun)
    return lay(workshop, replace(CARD, id=id, title=name, trigger=id, base_model=model)).id


@pytest.fixture
def plain(home: Path, tiny_pocket: Path) -> Workshop:
    """A workshop in which every picture is one colour."""
    return Workshop(illustrator=plain_painter())


@pytest.fixture
def lan(plain: Workshop) -> str:
    """A person, who counts as a child."""
    return begin(plain, "Lan", "person")


@pytest.fixture
def style() -> Any:
    """What makes the card of a style from elsewhere."""
    return lambda **told: AdapterCard(
        **{
            "id": "ink", "title": "Ink", "kind": "style", "base_model": "pocket", "rank": 4, "alpha": 4.0, "trigger": "ink",
            "source": "imported", **told,
        }
    )  # fmt: skip
