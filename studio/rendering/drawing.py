"""Everything that decides how one picture looks, and the short key that stands for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

YOUNGER = ("draft", "late", "style_only", "finish")
ENGINE = 1  # raised when the same numbers would give another picture, so that old files are not taken for new ones


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
