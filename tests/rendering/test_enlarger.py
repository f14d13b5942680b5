"""Small pictures get a large copy for paper, once; all others are left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import save_file

from studio.rendering.enlarger import WEIGHTS, Enlarger
from studio.rendering.upscaler import new_upscaler
from studio.settings import ROOT, Settings, load_settings


@pytest.fixture
def settings(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A pocket of which only the upscaler matters, untrained."""
    pocket = tmp_path / "pocket"
    for name in ("unet/diffusion_pytorch_model.safetensors", "model_index.json", WEIGHTS):
        (pocket / name).parent.mkdir(parents=True, exist_ok=True)
        (pocket / name).touch()
    save_file({name: tensor.contiguous() for name, tensor in new_upscaler().state_dict().items()}, pocket / WEIGHTS)
    monkeypatch.setenv("STUDIO_POCKET", str(pocket))
    return load_settings()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small picture with a note in its file."""
    pixels = np.random.default_rng(0).integers(0, 255, (40, 48, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "07-key.png")
    return tmp_path / "07-key.png"


def test_a_small_picture_gets_one_copy_of_four_times_the_size_beside_it(settings: Settings, picture: Path) -> None:
    copy = Enlarger(settings).enlarged(picture)
    made = copy.stat().st_mtime_ns
    with Image.open(copy) as opened:
        assert opened.size == (192, 160) and not opened.info
    assert copy.parent == picture.parent and copy.name.startswith("07-key-")
    assert Enlarger(settings).enlarged(picture) == copy and copy.stat().st_mtime_ns == made


def test_another_picture_of_the_same_name_gets_a_copy_of_its_own(settings: Settings, picture: Path) -> None:
    first = Enlarger(settings).enlarged(picture)
    Image.new("RGB", (48, 40), "teal").save(picture)
    assert Enlarger(settings).enlarged(picture) != first


def test_a_damaged_copy_is_made_again(settings: Settings, picture: Path) -> None:
    copy = Enlarger(settings).enlarged(picture)
    whole = copy.read_bytes()
    copy.write_bytes(whole[:500])
    assert Enlarger(settings).enlarged(picture).read_bytes() == whole


def test_large_and_damaged_pictures_are_left_alone(settings: Settings, tmp_path: Path) -> None:
    Image.new("RGB", (512, 300)).save(tmp_path / "large.png")
    (tmp_path / "torn.png").write_bytes(b"no picture")
    for name in ("large.png", "torn.png", "missing.png"):
        assert Enlarger(settings).enlarged(tmp_path / name) == tmp_path / name


def test_without_weights_every_picture_is_left_alone(settings: Settings, picture: Path, tmp_path: Path) -> None:
    (tmp_path / "pocket" / WEIGHTS).unlink()
    assert Enlarger(settings).enlarged(picture) == picture


def test_torch_is_loaded_only_to_enlarge(settings: Settings, picture: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from studio.rendering.enlarger import Enlarger; "
        "from studio.settings import load_settings; Enlarger(load_settings()).enlarged(Path(sys.argv[1])); "
        "print('torch' in sys.modules)"
    )
    loaded = [
        subprocess.run(
            [sys.executable, "-c", code, picture], cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ
        ).stdout.strip()
        for _ in range(2)
    ]
    assert loaded == ["True", "False"]
