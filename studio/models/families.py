"""What the models of each family are made of: which class reads which folder, and which part denoises.

Every class that a model's folder is read with is named here and nowhere else, so that nothing written in a folder can
choose code to run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FamilyName = Literal["pocket", "sd", "sdxl", "refiner", "flux2", "zimage", "qwen", "sd3", "sana"]


@dataclass(frozen=True, slots=True)
class Part:
    """A folder of a model, and the class that reads it: "transformers.CLIPTextModel"."""

    folder: str
    reader: str

    @property
    def library(self) -> str:
        return self.reader.split(".")[0]

    @property
    def class_name(self) -> str:
        return self.reader.split(".")[1]

    @property
    def weighs(self) -> bool:
        """Whether it holds numbers, and not only settings or words."""
        return not self.folder.startswith(("tokenizer", "scheduler"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Models that are drawn with in the same way."""

    pipeline: str  # a class of diffusers
    parts: tuple[Part, ...]
    unit_px: int  # widths and heights divide by this: one cell of the coarsest grid on which the network works
    network: str = "transformer"  # the part that denoises, and that wears adapters
    reads_with: str = "tokenizer"  # the tokenizer that reads the most of a prompt
    given: tuple[tuple[str, bool | None], ...] = ()  # what else its pipeline is made with


def _parts(**readers: str) -> tuple[Part, ...]:
    return tuple(Part(folder, reader) for folder, reader in readers.items())


CLIP, CLIP_PROJECTED = "transformers.CLIPTextModel", "transformers.CLIPTextModelWithProjection"
CLIP_WORDS, QWEN_WORDS = "transformers.CLIPTokenizer", "transformers.Qwen2TokenizerFast"
FLOW = "diffusers.FlowMatchEulerDiscreteScheduler"
UNET = {"unet": "diffusers.UNet2DConditionModel", "vae": "diffusers.AutoencoderKL"}
NOISE = {"scheduler": "diffusers.DDIMScheduler"}

FAMILIES: dict[str, Family] = {
    "pocket": Family(  # read whole, because it is ours
        pipeline="StableDiffusionPipeline",
        parts=(),
        unit_px=32,
        network="unet",
    ),
    "sd": Family(
        pipeline="StableDiffusionPipeline",
        parts=_parts(**UNET, text_encoder=CLIP, tokenizer=CLIP_WORDS, **NOISE),
        unit_px=64,
        network="unet",
        given=(("safety_checker", None), ("feature_extractor", None), ("requires_safety_checker", False)),
    ),
    "sdxl": Family(
        pipeline="StableDiffusionXLPipeline",
        parts=_parts(
            **UNET,
            text_encoder=CLIP,
            text_encoder_2=CLIP_PROJECTED,
            tokenizer=CLIP_WORDS,
            tokenizer_2=CLIP_WORDS,
            **NOISE,
        ),
        unit_px=32,
        network="unet",
    ),
    "refiner": Family(
        pipeline="StableDiffusionXLImg2ImgPipeline",
        parts=_parts(**UNET, text_encoder_2=CLIP_PROJECTED, tokenizer_2=CLIP_WORDS, **NOISE),
        unit_px=64,
        network="unet",
        reads_with="tokenizer_2",
        given=(
            ("text_encoder", None),
            ("tokenizer", None),
            ("requires_aesthetics_score", True),
            ("force_zeros_for_empty_prompt", False),
        ),
    ),
    "flux2": Family(
        pipeline="Flux2KleinPipeline",
        parts=_parts(
            transformer="diffusers.Flux2Transformer2DModel",
            vae="diffusers.AutoencoderKLFlux2",
            text_encoder="transformers.Qwen3ForCausalLM",
            tokenizer=QWEN_WORDS,
            scheduler=FLOW,
        ),
        unit_px=16,
        given=(("is_distilled", True),),
    ),
    "zimage": Family(
        pipeline="ZImagePipeline",
        parts=_parts(
            transformer="diffusers.ZImageTransformer2DModel",
            vae="diffusers.AutoencoderKL",
            text_encoder="transformers.Qwen3Model",
            tokenizer=QWEN_WORDS,
            scheduler=FLOW,
        ),
        unit_px=16,
    ),
    "qwen": Family(
        pipeline="QwenImagePipeline",
        parts=_parts(
            transformer="diffusers.QwenImageTransformer2DModel",
            vae="diffusers.AutoencoderKLQwenImage",
            text_encoder="transformers.Qwen2_5_VLForConditionalGeneration",
            tokenizer=QWEN_WORDS,
            scheduler=FLOW,
        ),
        unit_px=16,
    ),
    "sd3": Family(
        pipeline="StableDiffusion3Pipeline",
        parts=_parts(
            transformer="diffusers.SD3Transformer2DModel",
            vae="diffusers.AutoencoderKL",
            text_encoder=CLIP_PROJECTED,
            text_encoder_2=CLIP_PROJECTED,
            text_encoder_3="transformers.T5EncoderModel",
            tokenizer=CLIP_WORDS,
            tokenizer_2=CLIP_WORDS,
            tokenizer_3="transformers.T5TokenizerFast",
            scheduler=FLOW,
        ),
        unit_px=16,
        reads_with="tokenizer_3",
    ),
    "sana": Family(
        pipeline="SanaPipeline",
        parts=_parts(
            transformer="diffusers.SanaTransformer2DModel",
            vae="diffusers.AutoencoderDC",
            text_encoder="transformers.Gemma2Model",
            tokenizer="transformers.GemmaTokenizerFast",
            scheduler="diffusers.DPMSolverMultistepScheduler",
        ),
        unit_px=32,
    ),
}
