"""Two computers: one with a book and its hero, and an empty one; and the book packed."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard
from studio.library.consent import Consent
from studio.progress import finish
from studio.settings import SAMPLES, Settings
from studio.workshop import Workshop
from tests.elder import as_of_old
from tests.travelling import a_book, lay, safetensors


@pytest.fixture
def there(tmp_path: Path) -> Workshop:
    """Another computer with the book on its shelf and its hero taught from a photo."""
    workshop = Workshop(Settings(tmp_path / "there", "sqlite:///:memory:"))
    characters, library = workshop._characters, workshop._library
    may = characters.add("May", "person", [(SAMPLES / "may" / "01.png").read_bytes()], consent="her mother")
    as_of_old(workshop.settings, may)
    workshop.give_consent("may", Consent(who="her mother", role="parent", purposes=("train", "print", "share")))
    file = tmp_path / "may.safetensors"
    file.write_bytes(safetensors())
    card = AdapterCard(id="may", title="May", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="may")
    workshop._shelf.put(card, file)
    lay(library.pictures(library.add(a_book()).id))
    return workshop


@pytest.fixture
def packed(there: Workshop, tmp_path: Path) -> Path:
    return finish(there.export_archive("con-dieu-do", tmp_path / "kite.storybook"))


@pytest.fixture
def here(home: Path) -> Workshop:
    return Workshop()
