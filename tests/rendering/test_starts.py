"""A picture can begin from another, and a part of one can be drawn anew while the rest stays to the last bit."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import BadInput
from studio.models.loading import load_pipeline, model_revision
from studio.models.table import base_model
from studio.progress import finish
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing, Start
from studio.rendering.illustrator import Illustrator
from studio.rendering.starts import FOLDER, keep, read_beginning
from studio.settings import Settings

POCKET = base_model("pocket")
SIZE = (64, 64)


@pytest.fixture(scope="module")
def settings(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_POCKET", str(tiny_folder))
        yield Settings(home=tmp_path_factory.mktemp("home"), database_url="")


@pytest.fixture(scope="module")
def illustrator(settings: Settings) -> Illustrator:
    return Illustrator(POCKET, settings)


@pytest.fixture
def cat(settings: Settings) -> Drawing:
    return Drawing(
        prompt="a cat", negative="", seed=1, width=64, height=64, steps=5, guidance=5.0, sampler="ddim", model="pocket",
        revision=model_revision(POCKET, settings),
    )  # fmt: skip


def png(picture: np.ndarray | Image.Image) -> bytes:
    raw = io.BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(raw, "PNG")
    return raw.getvalue()


def photo(size: tuple[int, int] = SIZE) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (*size[::-1], 3), np.uint8)


def left_half(size: tuple[int, int] = SIZE) -> np.ndarray:
    mask = np.zeros(size[::-1], np.uint8)
    mask[:, : size[0] // 2] = 255
    return mask


def drawn(illustrator: Illustrator, drawing: Drawing, folder: Path) -> np.ndarray:
    (path,) = finish(illustrator.draw([drawing], folder, [drawing.file_name()]))
    return np.asarray(Image.open(path))


def test_a_start_is_followed_as_diffusers_follows_it(settings, cat, tmp_path):
    import torch
    from diffusers import StableDiffusionImg2ImgPipeline

    pipeline = load_pipeline(POCKET, settings)
    drawing = replace(cat, start=Start(keep(png(photo()), tmp_path), 0.6))
    denoising = Denoising(pipeline, Conditioning(pipeline), [drawing], [read_beginning(drawing, tmp_path)])
    assert list(denoising) == [3, 4, 5]
    plain = StableDiffusionImg2ImgPipeline(**pipeline.components, requires_safety_checker=False)
    plain.set_progress_bar_config(disable=True)
    made = plain(
        "a cat", image=Image.fromarray(photo()), strength=0.6, num_inference_steps=5, guidance_scale=5.0,
        generator=torch.Generator().manual_seed(1), output_type="pt",
    ).images[0]  # fmt: skip
    assert (next(denoising.pixels()) - made.permute(1, 2, 0)).abs().max() < 1e-4


def test_what_the_mask_leaves_out_stays_to_the_last_bit(illustrator, cat, tmp_path):
    start = Start(keep(png(photo()), tmp_path), 1.0, keep(png(left_half()), tmp_path))
    made = drawn(illustrator, replace(cat, start=start), tmp_path)
    assert (made[:, 36:] == photo()[:, 36:]).all()
    assert (made[:, :32] != photo()[:, :32]).mean() > 0.9


def test_a_start_of_another_shape_is_cut_to_the_drawing(cat, tmp_path):
    drawing = replace(cat, start=Start(keep(png(photo((200, 90))), tmp_path)))
    assert read_beginning(drawing, tmp_path).pixels.shape == (64, 64, 3)


@pytest.mark.parametrize(
    ("picture", "mask", "words"),
    [
        (photo((1, 1)), None, "1 x 1 px is too small"),
        (photo(), left_half((32, 64)), "mask has 32 x 64 px and the picture 64 x 64 px"),
        (photo(), np.zeros(SIZE, np.uint8), "Nothing of the picture is marked"),
    ],
    ids=["tiny", "other size", "empty"],
)
def test_what_cannot_be_begun_from_is_told(illustrator, cat, tmp_path, picture, mask, words):
    start = Start(keep(png(picture), tmp_path), 0.5, "" if mask is None else keep(png(mask), tmp_path))
    with pytest.raises(BadInput, match=words):
        drawn(illustrator, replace(cat, start=start), tmp_path)
    assert not list(tmp_path.glob("*.png"))


@pytest.mark.parametrize("harm", [lambda raw: b"", lambda raw: raw[:-20], lambda raw: raw[:60] + b"\0" + raw[61:]])
def test_a_start_that_is_gone_or_damaged_is_told(illustrator, cat, tmp_path, harm):
    raw = png(photo())
    sha256 = keep(raw, tmp_path)
    (tmp_path / FOLDER / f"{sha256}.png").write_bytes(harm(raw))
    with pytest.raises(BadInput, match="gone or damaged"):
        drawn(illustrator, replace(cat, start=Start(sha256)), tmp_path)
