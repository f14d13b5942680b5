"""What the loop learns from, computed once: the latents of every cut and the embedding of every phrase.

After this the autoencoder and the text encoder are not needed any more and their memory is given back. On Stable
Diffusion 1.5 they would cost two thirds of a training step again, at every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import vault
from ..errors import BadInput, BadPhoto
from ..progress import Progress, Work
from .framing import cut
from .recipe import Recipe

if TYPE_CHECKING:
    import torch
    from diffusers import StableDiffusionPipeline
    from PIL import Image


@dataclass(frozen=True, slots=True)
class Lesson:
    """One picture and the phrases under which it is learnt, one of them at a time.

    `plain` says the same without the trigger, and what the model makes of it shall stay. `cuts`: how many ways the picture
    is cut, 0 as many as the recipe says; one that is made for learning is taken as it is. `mask` is a grey picture of the
    same size, white where the subject is: there the loss counts fully, elsewhere by the share `around`.
    """

    picture: Path
    phrases: tuple[str, ...]
    plain: tuple[str, ...] = ()
    cuts: int = 0
    mask: Path | None = None
    around: float = 1.0


@dataclass(frozen=True, slots=True)
class Texts:
    """Embeddings of phrases: tokens (phrases, length, width); for SDXL also pooled (phrases, width), and height and width of
    the pictures."""

    tokens: torch.Tensor
    pooled: torch.Tensor | None
    size_px: tuple[int, int]

    def inputs(self, rows: torch.Tensor) -> dict[str, Any]:
        """The UNet's keyword arguments for the phrases in these rows."""
        inputs: dict[str, Any] = {"encoder_hidden_states": self.tokens[rows]}
        if self.pooled is not None:
            size = self.pooled.new_tensor([*self.size_px, 0, 0, *self.size_px])
            inputs["added_cond_kwargs"] = {"text_embeds": self.pooled[rows], "time_ids": size.repeat(len(rows), 1)}
        return inputs


@dataclass(frozen=True, slots=True)
class Conditioning:
    """`mean` and `spread` (cuts, channels, height, width) of scaled latents: a sample is mean + spread · noise.

    `weights` (cuts, 1, height, width): how much the loss counts, 1 on average in every cut. `phrases[cut]` are
    the rows of `texts` that fit that cut, `prior[cut]` those that fit it without the trigger, or any picture. After the
    cuts of the lessons come those of pictures that shall stay as they are; `kept` has the row that fits each of them.
    """

    mean: torch.Tensor
    spread: torch.Tensor
    weights: torch.Tensor
    texts: Texts
    phrases: tuple[tuple[int, ...], ...]
    prior: tuple[tuple[int, ...], ...]
    kept: tuple[int, ...] = ()


def condition(
    pipeline: StableDiffusionPipeline,
    lessons: Sequence[Lesson],
    prior: Sequence[str],
    recipe: Recipe,
    seed: int,
    kept: Sequence[Lesson] = (),
) -> Work[Conditioning]:
    """Encodes all phrases and all cuts of all pictures; `prior` are phrases that shall mean what they meant, whatever the
    picture. Progress counts no step of training. Raises BadPhoto.
    """
    import torch

    said = dict.fromkeys(phrase for lesson in (*lessons, *kept) for phrase in (*lesson.phrases, *lesson.plain))
    numbers = {phrase: row for row, phrase in enumerate(dict.fromkeys([*said, *prior]))}
    size_px = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    texts = read_phrases(pipeline, list(numbers), size_px)
    encoded, phrases, plain = [], [], []
    for number, lesson in enumerate(lessons):
        yield Progress(0, recipe.steps, f"looking at picture {number + 1} of {len(lessons)}")
        flip = recipe.flip and not lesson.cuts  # a made one may say who is on the left
        for variant in range(lesson.cuts or recipe.variants):
            encoded.append(_seen(pipeline, lesson, size_px, variant, flip, seed + number))
            phrases.append(tuple(numbers[phrase] for phrase in lesson.phrases))
            plain.append(tuple(numbers[phrase] for phrase in (*lesson.plain, *prior)))
    encoded += [_seen(pipeline, lesson, size_px, 0, False, seed) for lesson in kept]
    mean, spread, weights = (torch.cat(parts) for parts in zip(*encoded, strict=True))
    return Conditioning(
        mean,
        spread,
        weights,
        texts,
        tuple(phrases),
        tuple(plain),
        tuple(numbers[lesson.phrases[0]] for lesson in kept),
    )


def _seen(
    pipeline: StableDiffusionPipeline, lesson: Lesson, size_px: int, variant: int, flip: bool, seed: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean, spread and weights of one cut of a lesson."""
    import torch

    mean, spread = encode_picture(pipeline, cut(open_picture(lesson.picture), size_px, variant, flip, seed))
    if not lesson.mask:
        return mean, spread, torch.ones_like(mean[:, :1])
    return mean, spread, _weighed(cut(open_picture(lesson.mask), size_px, variant, flip, seed), lesson.around, mean)


def _weighed(shape: Image.Image, around: float, latents: torch.Tensor) -> torch.Tensor:
    """A mask as weights (1, 1, height, width) for latents of that size, 1 on average."""
    import numpy
    import torch

    white = torch.from_numpy(numpy.asarray(shape.convert("L")).copy()).float()[None, None] / 255
    inside = torch.nn.functional.interpolate(white, size=latents.shape[2:], mode="area").to(latents)
    weights = around + (1 - around) * inside
    return weights / weights.mean()


def open_picture(path: Path) -> Image.Image:
    """The picture as RGB. Those of a person came through the door and are PNGs. Raises BadPhoto."""
    from PIL import Image, UnidentifiedImageError

    try:
        with vault.stream(path) as file, Image.open(file, formats=("PNG", "JPEG", "WEBP")) as picture:
            return picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, BadInput) as error:
        raise BadPhoto(
            "The picture '{name}' cannot be read. Add it again; the others are safe.", name=path.name
        ) from error


def read_phrases(pipeline: StableDiffusionPipeline, phrases: Sequence[str], size_px: int) -> Texts:
    """The embeddings of the phrases, one after the other, in float32."""
    import torch

    with torch.no_grad():
        made = [
            pipeline.encode_prompt(
                phrase, device=pipeline.unet.device, num_images_per_prompt=1, do_classifier_free_guidance=False
            )
            for phrase in phrases
        ]
    tokens = torch.cat([each[0] for each in made]).float()
    pooled = torch.cat([each[2] for each in made]).float() if hasattr(pipeline, "text_encoder_2") else None
    return Texts(tokens, pooled, (size_px, size_px))


def encode_picture(pipeline: StableDiffusionPipeline, square: Image.Image) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and spread of the latents of a picture, each (1, channels, height, width), as the UNet sees them."""
    import numpy
    import torch

    pixels = torch.from_numpy(numpy.asarray(square).copy()).permute(2, 0, 1)[None]
    vae = pipeline.vae
    with torch.no_grad():
        made = vae.encode((pixels.float() / 127.5 - 1).to(vae.device, vae.dtype))
    if hasattr(made, "latent_dist"):
        mean, spread = made.latent_dist.mean, made.latent_dist.std
    else:  # a tiny autoencoder gives one answer, without spread
        mean, spread = made.latents, torch.zeros_like(made.latents)
    shift = getattr(vae.config, "shift_factor", None) or 0.0
    return (mean.float() - shift) * vae.config.scaling_factor, spread.float() * vae.config.scaling_factor
