"""Opens one screen of the studio in a fresh home, as a browser of the given language would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).resolve().parents[2] / "studio" / "app.py"
Opener = Callable[..., AppTest]


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
