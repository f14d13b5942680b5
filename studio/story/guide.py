"""What the prompts of a base model look like: which words it knows, how many it reads, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .story import Language

Vocabulary = Literal["world", "any"]
CLIP_TOKENS = 77 - 2  # of a CLIP text encoder, without its marks of start and end; SDXL's two read the same text
PARTS = ("who", "pose", "place", "time", "weather", "things", "style")  # as the captions go from which pocket learnt
SUBJECT_FIRST = ("who", "things", "place", "time", "weather", "view", "style")  # CLIP heeds the first words most


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """How to speak to one family of base models."""

    vocabulary: Vocabulary  # "world": only the pocket world's words; "any": free words
    languages: tuple[Language, ...]
    most_tokens: int  # what the text encoder reads, without its marks of start and end
    negative: str  # wishes away in every picture; phrases between commas
    style: str = ""  # said when no style is worn
    order: tuple[str, ...] = PARTS
    tokens_per_letter: float  # of a word outside the pocket world, rather too many; for guessing without a tokenizer


POCKET = Guide(
    vocabulary="world",
    languages=("en", "vi"),
    most_tokens=64 - 2,
    negative="blurry, ugly",
    tokens_per_letter=0.75,
)
SD = Guide(
    vocabulary="any",
    languages=("en",),
    most_tokens=CLIP_TOKENS,
    negative="lowres, blurry, ugly, deformed, bad anatomy, extra limbs, extra fingers, text, watermark, signature, nsfw",
    style="children's book illustration",
    order=SUBJECT_FIRST,
    tokens_per_letter=0.34,
)
SDXL = Guide(
    vocabulary="any",
    languages=("en",),
    most_tokens=CLIP_TOKENS,
    negative="blurry, deformed, extra limbs, extra fingers, text, watermark, nsfw",
    style="children's book illustration",
    order=SUBJECT_FIRST,
    tokens_per_letter=0.34,
)


# The newer models read whole sentences with a language model: hundreds of tokens, in the order of speech. What they are told
# of a scene goes before how it is painted. Their makers name English and Chinese; Vietnamese is not promised by any.
def _newer(most_tokens: int) -> Guide:
    return Guide(
        vocabulary="any",
        languages=("en",),
        most_tokens=most_tokens,
        negative="blurry, deformed, extra limbs, extra fingers, text, watermark, nsfw",
        style="children's book illustration",
        order=SUBJECT_FIRST,
        tokens_per_letter=0.34,
    )


CHAT = 20  # tokens around a prompt that is put to a language model as a question
GUIDES = {
    "pocket": POCKET,
    "sd": SD,
    "sdxl": SDXL,
    "flux2": _newer(512 - CHAT),
    "zimage": _newer(512 - CHAT),
    "qwen": _newer(512 - CHAT),
    "sd3": _newer(256 - 1),  # what its T5 reads; its two CLIPs read the first 75
    "sana": _newer(300 - 2),
}


def guide_for(family: str) -> Guide:
    """The guide of a family in the table of base models."""
    return GUIDES[family]
