"""The standard scores are what the paper defines, computed with tiny random models of the real classes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import (
    CLIPImageProcessorPil,
    CLIPModel,
    Dinov2Config,
    Dinov2Model,
    ViTConfig,
    ViTModel,
)

from studio.errors import BadInput
from studio.evaluation.standard import Clip, Dino, cosine, mean_cosine

PROMPTS = ["a cat", "two dogs in the rain"]


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (height, width, 3), np.uint8) for height, width in ((256, 256), (100, 150), (300, 80))]


def dino(folder: Path, kind: str) -> Path:
    torch.manual_seed(1)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 224, "patch_size": 16}
    model = Dinov2Model(Dinov2Config(**sizes)) if kind == "DINOv2" else ViTModel(ViTConfig(**sizes))
    model.save_pretrained(folder)
    return folder


def plainly(folder: Path, pictures: list[np.ndarray]) -> np.ndarray:
    """CLIP's embeddings as transformers' own preparation and the model's own method give them."""
    model = CLIPModel.from_pretrained(folder)
    ready = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    found = model.get_image_features(**ready(pictures, return_tensors="pt")).pooler_output.detach().numpy()
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_clip_i_is_the_mean_cosine_of_all_pairs(tiny_clip: Path, pictures: list[np.ndarray]) -> None:
    mine, plain = Clip(tiny_clip), plainly(tiny_clip, pictures)
    found = mean_cosine(mine.pictures(pictures[:1]), mine.pictures(pictures[1:]))
    assert found == pytest.approx([np.mean([plain[0] @ plain[1], plain[0] @ plain[2]])], abs=1e-5)


def test_clip_t_is_the_cosine_of_prompt_and_picture(tiny_clip: Path, pictures: list[np.ndarray]) -> None:
    mine, model = Clip(tiny_clip), CLIPModel.from_pretrained(tiny_clip)
    words = _letters_of(tiny_clip)(PROMPTS, padding=True, return_tensors="pt")
    told = model.get_text_features(**words).pooler_output.detach().numpy()
    right = (plainly(tiny_clip, pictures[:2]) * told / np.linalg.norm(told, axis=1, keepdims=True)).sum(1)
    assert cosine(mine.pictures(pictures[:2]), mine.texts(PROMPTS)) == pytest.approx(right, abs=1e-5)


def test_a_prompt_that_is_too_long_is_cut(tiny_clip: Path) -> None:
    assert np.isfinite(Clip(tiny_clip).texts(["a cat " * 200])).all()


@pytest.mark.parametrize("kind", ["DINO", "DINOv2"])
def test_dino_compares_the_class_tokens_and_is_called_by_its_kind(
    tmp_path: Path, pictures: list[np.ndarray], kind: str
) -> None:
    mine = Dino(dino(tmp_path / "dino", kind))
    model = (Dinov2Model if kind == "DINOv2" else ViTModel).from_pretrained(tmp_path / "dino").eval()
    ready = CLIPImageProcessorPil(
        size={"shortest_edge": 256}, image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225]
    )
    with torch.no_grad():
        tokens = model(**ready(pictures, return_tensors="pt")).last_hidden_state[:, 0].numpy()
    plain = tokens / np.linalg.norm(tokens, axis=1, keepdims=True)
    assert mine.name == kind
    assert mean_cosine(mine.pictures(pictures[:2]), mine.pictures(pictures[2:])) == pytest.approx(
        plain[:2] @ plain[2], abs=1e-5
    )


def test_a_folder_that_is_no_model_is_told_and_nothing_in_it_is_run(tmp_path: Path) -> None:
    (tmp_path / "clip").mkdir()
    (tmp_path / "clip" / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "evil.Evil"}}))
    (tmp_path / "clip" / "evil.py").write_text("raise SystemExit('run')")
    torch.save({}, tmp_path / "clip" / "pytorch_model.bin")
    for brought in (Clip, Dino):
        with pytest.raises(BadInput, match="'clip'"):
            brought(tmp_path / "clip")


def _letters_of(folder: Path):  # type: ignore[no-untyped-def]
    from transformers import CLIPTokenizer

    return CLIPTokenizer.from_pretrained(folder)
