"""The scores by which the field compares subject-driven pictures, as the DreamBooth paper defines them (arXiv 2208.12242,
section 4.2), computed with models that the person brought.

CLIP-I and DINO are the mean cosine of the embeddings of drawn and real pictures, each with each; CLIP-T is the mean cosine of
a prompt's and its picture's. Whole pictures are compared, backgrounds and all. A score depends on the weights, so it goes
by the name of what the folder holds: `DINO` is the ViT-S/16 of the paper, `DINOv2` is another yardstick.

The folders are `models/clip` and `models/dino` of the studio's home, in the layout of transformers. Only classes named here
read them, only from safetensors, and nothing in a folder can choose what is run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from ..errors import BadInput

if TYPE_CHECKING:
    import torch
    from transformers import CLIPModel, CLIPTokenizer, Dinov2Model, ViTModel

Part = TypeVar("Part")
Name = Literal["CLIP-I", "CLIP-T", "DINO", "DINOv2"]
CLIP_MEAN, CLIP_SPREAD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
IMAGENET_MEAN, IMAGENET_SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
DINO_PX, DINO_CUT = 224, 224 / 256  # DINO sees the middle of a picture of 256 px
AT_ONCE = 16


class Clip:
    """A CLIP that the person brought. Raises BadInput when it cannot be read."""

    def __init__(self, folder: Path) -> None:
        from transformers import CLIPModel, CLIPTokenizer

        self._model: CLIPModel = _part(CLIPModel.from_pretrained, folder).eval()
        self._tokenizer: CLIPTokenizer = _part(CLIPTokenizer.from_pretrained, folder, weights=False)
        self._side_px = self._model.config.vision_config.image_size

    def pictures(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """Embeddings float32 [n, d] of length 1 of pictures uint8 [height, width, 3]."""

        def embed(pixels: torch.Tensor) -> torch.Tensor:
            return self._model.visual_projection(self._model.vision_model(pixel_values=pixels).pooler_output)

        return _embedded(pictures, embed, self._side_px, 1.0, CLIP_MEAN, CLIP_SPREAD)

    def texts(self, texts: Sequence[str]) -> np.ndarray:
        """Embeddings float32 [n, d] of length 1 of prompts, cut where the model stops to read."""
        import torch

        most = self._model.config.text_config.max_position_embeddings
        words = self._tokenizer(list(texts), padding=True, truncation=True, max_length=most, return_tensors="pt")
        with torch.no_grad():
            told = self._model.text_model(**words).pooler_output
            return _of_length_one(self._model.text_projection(told))


class Dino:
    """A DINO that the person brought, of the first or the second kind. Raises BadInput when it cannot be read."""

    def __init__(self, folder: Path) -> None:
        from transformers import Dinov2Model, ViTModel

        second = _kind(folder) == "dinov2"
        self.name: Name = "DINOv2" if second else "DINO"
        # the first DINO was published without the layer that transformers pools with
        self._model: ViTModel | Dinov2Model = (
            _part(Dinov2Model.from_pretrained, folder)
            if second
            else _part(ViTModel.from_pretrained, folder, add_pooling_layer=False)
        ).eval()

    def pictures(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """Embeddings float32 [n, d] of length 1, those of the class token, of pictures uint8 [height, width, 3]."""

        def embed(pixels: torch.Tensor) -> torch.Tensor:
            return self._model(pixel_values=pixels).last_hidden_state[:, 0]

        return _embedded(pictures, embed, DINO_PX, DINO_CUT, IMAGENET_MEAN, IMAGENET_SPREAD)


def mean_cosine(drawn: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Of each drawn picture to all real ones, float [n]; their mean is CLIP-I or DINO of all together."""
    return (drawn @ real.T).mean(1)


def cosine(pictures: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """Of each picture and its prompt, float [n]; their mean is CLIP-T."""
    return (pictures * texts).sum(1)


def _embedded(
    pictures: Sequence[np.ndarray],
    embed: Callable[[torch.Tensor], torch.Tensor],
    side_px: int,
    cut: float,
    mean: tuple[float, ...],
    spread: tuple[float, ...],
) -> np.ndarray:
    import torch

    found = []
    for at in range(0, len(pictures), AT_ONCE):
        shown = np.stack([_middle(picture, side_px, cut) for picture in pictures[at : at + AT_ONCE]])
        pixels = (shown.astype(np.float32) / 255 - np.array(mean, np.float32)) / np.array(spread, np.float32)
        with torch.no_grad():
            found.append(_of_length_one(embed(torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous())))
    return np.concatenate(found)


def _middle(picture: np.ndarray, side_px: int, cut: float) -> np.ndarray:
    """The square in the middle, uint8 [side, side, 3], of the picture with its shorter side at `side_px` / `cut`, bicubic as
    in the models' own preparations."""
    from PIL import Image

    height, width = picture.shape[:2]
    scale = side_px / cut / min(height, width)
    size = max(side_px, round(width * scale)), max(side_px, round(height * scale))
    large = Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC)
    left, top = (size[0] - side_px) // 2, (size[1] - side_px) // 2
    return np.asarray(large.crop((left, top, left + side_px, top + side_px)))


def _of_length_one(embeddings: torch.Tensor) -> np.ndarray:
    import torch

    return torch.nn.functional.normalize(embeddings.float(), dim=1).numpy()


def _kind(folder: Path) -> str:
    """What the folder says it holds; only "dinov2" makes a difference."""
    try:
        return str(json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def _part(load: Callable[..., Part], folder: Path, weights: bool = True, **more: Any) -> Part:
    import torch
    from safetensors import SafetensorError

    options: dict[str, Any] = {"local_files_only": True, **more}
    if weights:
        options |= {"use_safetensors": True, "dtype": torch.float32}
    try:
        return load(folder, **options)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
        raise BadInput(
            "The folder '{folder}' in the studio's 'models' cannot be read. Download that model again in the layout of "
            "transformers, with its .safetensors and .json files, or take the folder away; nothing else was changed.",
            folder=folder.name,
        ) from error
