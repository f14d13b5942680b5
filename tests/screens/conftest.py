"""Opens one screen of the studio in a fresh home, as a browser of the given language would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from studio.adapters.card import AdapterCard
from studio.adapters.shelf import Shelf
from studio.settings import SAMPLES
from studio.training.checkpoint import Checkpoint, Checkpoints
from studio.training.moment import Moment
from studio.training.report import write_report
from studio.workshop import Workshop
from tests.elder import as_of_old

# Each window of the tests looks through all installed packages for parts of Streamlit: what was found once stays there.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
APP = Path(__file__).resolve().parents[2] / "studio" / "app.py"
Opener = Callable[..., AppTest]
STEPS = 40
MOMENTS = (  # not yet, ready, and too much
    Moment(step=12, likeness=0.61, match=1.0, copy=0.2),
    Moment(step=24, likeness=0.85, match=1.0, copy=0.3),
    Moment(step=36, likeness=0.87, match=0.7, copy=0.9),
)
IDENTITY = {
    "model": "pocket",
    "revision": "0123456789ab",
    "card": {"trigger": "may", "class_word": "girl", "rank": 16, "alpha": 16.0},
    "recipe": {"steps": STEPS, "batch": 4, "rate": 0.002, "prior": 0.4, "prior_weight": 4.0, "snr_gamma": 5.0},
    "seed": 0,
}


@pytest.fixture
def studio(home: Path) -> Opener:
    def open_screen(name: str = "bookshelf", locale: str = "en-GB") -> AppTest:
        app = AppTest.from_file(APP, default_timeout=90)
        app.context["locale"] = locale
        app.run()
        return app if name == "bookshelf" else app.switch_page(f"../pages/{name}.py").run()

    return open_screen


@pytest.fixture
def photos() -> list[tuple[str, bytes, str]]:
    """Three photos as an upload field gives them."""
    return [(f"{number}.png", _photo(number), "image/png") for number in range(3)]


def _photo(number: int) -> bytes:
    import io

    from PIL import Image

    raw = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").rotate(90 * number).resize((320, 320)).save(raw, "PNG")
    return raw.getvalue()


@pytest.fixture(scope="session")
def home_of_may(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which she was begun, with her key beside it."""
    home = tmp_path_factory.mktemp("may") / "home"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(home))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        workshop = Workshop()
        drawings = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))[:2]]
        as_of_old(workshop.settings, workshop.begin_character("May", "drawn", drawings, "girl").character)
    return home


@pytest.fixture
def may(workshop: Workshop, home_of_may: Path) -> str:
    """A character with two of the drawings that ship with the studio, not taught."""
    shutil.copytree(home_of_may.parent, workshop.settings.home.parent, dirs_exist_ok=True)
    return "may"


@pytest.fixture
def taught(workshop: Workshop, may: str) -> str:
    """The same as a finished training leaves it, with three moments; what it draws are plain colours."""
    room = workshop.settings.characters / may / "adapter"
    for moment in MOMENTS:
        _hang(room / "moments" / f"{moment.step:06}", moment)
    write_report(room, IDENTITY, [0.1] * STEPS, 80.0, MOMENTS, before=0.4)
    card = AdapterCard(
        id=may, title="May", kind="subject", base_model="pocket", rank=16, alpha=16.0, trigger="may", class_word="girl"
    )
    Shelf(workshop.settings).put(card, room / "moments" / "000024" / "adapter.safetensors")
    for number in range(8):
        _picture(workshop.settings.characters / may / "portraits" / f"{number}.png", number)
    return may


@pytest.fixture
def stopped(workshop: Workshop, may: str) -> str:
    """The same in the middle of a training that was stopped."""
    half = Checkpoint(STEPS // 2, (0.1,) * (STEPS // 2), 40.0, {}, {})
    Checkpoints(workshop.settings.characters / may / "adapter", IDENTITY).save(half)
    return may


def _hang(room: Path, moment: Moment) -> None:
    for number in range(1, 5):
        _picture(room / f"{number}.jpg", moment.step + number)
    (room / "moment.json").write_text(json.dumps(asdict(moment)))
    (room / "adapter.safetensors").write_bytes(str(moment.step).encode())


def _picture(path: Path, shade: int) -> None:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (32, 32), (5 * shade, 120, 90)).save(path)
