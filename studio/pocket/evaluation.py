"""How well pocket obeys: held-out captions are drawn, and the judge says what it sees in the pictures.

Beside each figure stands what the judge reads rightly in renders of as many other held-out scenes: the ceiling of the
measure. The Fréchet distance (arXiv:1706.08500, equation 6) is taken in the judge's features, not in Inception's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ..adapters.wearing import wearing
from ..errors import NotReady
from ..progress import Progress, Work
from ..rendering.illustrator import DRAFTS
from ..settings import ASSETS, Settings
from .judge import QUESTIONS, UNASKED, answers, judge, load_judge
from .sheet import contact_sheet, draw
from .world.captions import canonical
from .world.description import Description
from .world.grammar import held_out_scenes
from .world.picture import render

CAPTIONS = 1000
PAIRS = 0.3  # of the captions tell of two figures and their sides
VIETNAMESE = 0.3  # as many captions are drawn again in Vietnamese, with the same seeds
DRAWN_AT_ONCE = 8
JUDGE = ASSETS / "pocket" / "judge" / "judge.safetensors"
NAMES = list(QUESTIONS)
TOLD = ("subject", "second", "place", "time", "colour", "pose", "prop")  # what a failure is
SHOWN, COLUMNS = 12, 4  # failures on a sheet


@dataclass(frozen=True, slots=True)
class Way:
    """How pocket draws while it is measured."""

    steps: int
    guidance: float
    draft: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the judge saw in some pictures: answers int [n, questions], features float [n, 256]."""

    answers: np.ndarray
    features: np.ndarray


def evaluate_pocket(
    settings: Settings, count: int = CAPTIONS, way: Way | None = None, failures: Path | None = None
) -> Work[dict[str, Any]]:
    """Shares, 0..1, of pictures of `count` held-out captions in which the judge reads what was asked.

    `judge` holds the same of renders. In `failures` the first pictures that missed something are put side by side, and the
    answer lists what was asked of them.
    """
    from ..models.loading import load_pipeline
    from ..models.table import base_model

    if not JUDGE.is_file():
        raise NotReady("The judge of pocket's pictures is missing. Fetch the studio again, whole.")
    model = base_model("pocket")
    way, pairs = way or Way(model.steps, model.guidance), round(count * PAIRS)
    asked = [*held_out_scenes(1, count - pairs), *_beside(1, pairs)]
    other = [*held_out_scenes(2, count - pairs), *_beside(2, pairs)]
    again, missed = asked[: round(count * VIETNAMESE)], _Missed(failures)
    pipeline = load_pipeline(model, settings)
    with wearing(pipeline.unet, [(ASSETS / "pocket" / DRAFTS, 1.0)] if way.draft else []):
        drawn = yield from _drawn(pipeline, asked, "en", way, missed)
        foreign = yield from _drawn(pipeline, again, "vi", way, _Missed(None))
    renders, floor = _rendered(asked), _rendered(other)
    return {
        "captions": count,
        **asdict(way),
        **shares(asked, drawn.answers),
        "vietnamese": shares(again, foreign.answers),
        "english of the same": shares(again, drawn.answers[: len(again)]),
        "frechet": round(frechet(drawn.features, floor.features), 2),
        "frechet of renders": round(frechet(renders.features, floor.features), 2),
        "judge": shares(other, floor.answers),
    } | missed.told()


class _Missed:
    """The first pictures in which the judge did not read what was asked."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._pictures: list[np.ndarray] = []
        self._asked: list[str] = []

    def look(self, scenes: list[Description], prompts: list[str], pictures: list[np.ndarray], seen: np.ndarray) -> None:
        """Keeps the pictures that missed a question."""
        for scene, prompt, picture, said in zip(scenes, prompts, pictures, seen, strict=True):
            right = np.array(answers(scene))
            wrong = [NAMES[at] for at in np.flatnonzero((said != right) & (right != UNASKED)) if NAMES[at] in TOLD]
            if self._path and wrong and len(self._asked) < SHOWN:
                self._pictures.append(picture)
                self._asked.append(f"{prompt} (missed: {', '.join(wrong)})")

    def told(self) -> dict[str, Any]:
        """Writes the sheet, whole rows only; gives what was asked, picture by picture."""
        if not self._path or len(self._asked) < COLUMNS:
            return {}
        contact_sheet(self._pictures, COLUMNS, self._path)
        return {"failures": self._asked[: len(self._asked) // COLUMNS * COLUMNS]}


def _beside(seed: int, count: int) -> Iterator[Description]:
    """Held-out scenes of two figures whose sides can be told."""
    found = (scene for scene in held_out_scenes(seed, 20 * count, figures=2) if scene.relation == "beside")
    return islice(found, count)


def _drawn(pipeline: Any, scenes: list[Description], language: str, way: Way, missed: _Missed) -> Work[_Seen]:
    model, seen = load_judge(JUDGE), []
    for start in range(0, len(scenes), DRAWN_AT_ONCE):
        some = scenes[start : start + DRAWN_AT_ONCE]
        prompts = [canonical(scene, language, sides=True) for scene in some]
        pictures = draw(pipeline, prompts, way.steps, way.guidance, start)
        seen.append(judge(model, pictures))
        missed.look(some, prompts, pictures, seen[-1][0])
        yield Progress(min(start + DRAWN_AT_ONCE, len(scenes)), len(scenes), "drawing held-out captions")
    return _Seen(*(np.concatenate(parts) for parts in zip(*seen, strict=True)))


def _rendered(scenes: list[Description]) -> _Seen:
    model = load_judge(JUDGE)
    seen = [judge(model, map(render, scenes[at : at + 100])) for at in range(0, len(scenes), 100)]
    return _Seen(*(np.concatenate(parts) for parts in zip(*seen, strict=True)))


def shares(scenes: list[Description], seen: np.ndarray) -> dict[str, float]:
    """How often each question that was asked is answered rightly, 0..1; `pair` is two figures, each on its side."""
    right = np.array([answers(scene) for scene in scenes])
    alone = np.array([len(scene.figures) == 1 for scene in scenes])
    things = np.array([scene.prop != "none" for scene in scenes])
    hits, told = seen == right, right != UNASKED
    result = {"subject": hits[alone, 0], "pair": hits[~alone, 0] & hits[~alone, 1]}
    for name in ("place", "time", "weather", "colour", "pose", "mood"):
        at = NAMES.index(name)
        result[name] = hits[told[:, at], at]
    result["prop"] = hits[alone & things, NAMES.index("prop")]
    return {name: round(float(part.mean()), 4) for name, part in result.items() if len(part)}


def frechet(some: np.ndarray, others: np.ndarray) -> float:
    """|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½) of features [n, d] and [m, d]."""
    first, second = np.cov(some, rowvar=False), np.cov(others, rowvar=False)
    # the eigenvalues of Σ₁Σ₂ are those of a product of two positive matrices: real and not negative, but for rounding
    root = np.sqrt(np.clip(np.linalg.eigvals(first @ second).real, 0, None)).sum()
    apart = ((some.mean(0) - others.mean(0)) ** 2).sum()
    return float(apart + np.trace(first) + np.trace(second) - 2 * root)
