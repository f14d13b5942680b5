"""Everything that decides how one picture looks, and the short key that stands for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

YOUNGER = ("draft", "late", "style_only", "finish", "fast", "start", "regions", "refined")
ENGINE = 1  # raised when the same numbers would give another picture, so that old files are not taken for new ones


Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the picture, 0 … 1


@dataclass(frozen=True, slots=True)
class Start:
    """A picture that drawing begins from. Pictures and masks are PNGs of any size in `from/` beside the drawn pictures,
    each named by the sha256 of its bytes."""

    picture: str  # sha256
    strength: float = 0.6  # above 0 … 1: how far back towards noise it goes; 1 keeps nothing but what the mask keeps
    mask: str = ""  # sha256; what is white in it is drawn anew, the rest stays. Empty: all is drawn anew


@dataclass(frozen=True, slots=True)
class Region:
    """Where in the picture an adapter acts, and nowhere else."""

    adapter: str  # one of those that are worn
    box: Box
    prompt: str = ""  # who is there; empty: what the whole picture is told
    shift: float = (
        0.0  # of the width, by which the picture is moved to the right while this region is asked: see `regions`
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One picture to draw. Two drawings with the same key are the same picture."""

    prompt: str
    negative: str
    seed: int  # 0 … 2**63 - 1
    width: int  # px
    height: int  # px
    steps: int
    guidance: float  # 1.0 or less: no guidance
    sampler: str  # a name of samplers.SAMPLERS
    model: str  # key of the models table
    revision: str  # of that model's weights
    worn: tuple[tuple[str, str, float], ...] = ()  # adapter id, sha256 of its tensors, weight
    draft: bool = False  # with the model's own few-step LoRA
    late: tuple[float, ...] = ()  # weights of all that is worn from the middle on; empty: as before
    style_only: tuple[str, ...] = ()  # adapters of which only the style blocks are worn
    finish: str = ""  # what is done to the picture when it is drawn, see `finish.finished`
    fast: bool = False  # with shortcuts that are hardly seen, see `shortcuts`
    start: Start | None = None
    regions: tuple[Region, ...] = ()  # empty: every adapter acts everywhere
    refined: bool = False  # the last fifth of the way by SDXL's refiner

    @property
    def guided(self) -> bool:
        return self.guidance > 1.0

    @property
    def key(self) -> str:
        """Sixteen hex digits."""
        # Numbers that are equal count as the same: 5 and 5.0.
        alike = {
            "guidance": float(self.guidance),
            "worn": [(name, sha, float(weight)) for name, sha, weight in self.worn],
        }
        told = {"engine": ENGINE, **asdict(self), **alike}
        for name in YOUNGER:  # pictures drawn before there was such a thing keep their keys
            if not told[name]:
                del told[name]
        words = json.dumps(told, sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def file_name(self, number: int | None = None) -> str:
        """`07-<key>.png` for page 7, `<key>.png` without a number."""
        return f"{self.key}.png" if number is None else f"{number:02d}-{self.key}.png"
