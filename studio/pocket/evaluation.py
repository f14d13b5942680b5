"""How well pocket obeys: held-out captions are drawn, and the judge says what it sees in the pictures.

Beside each figure stands what the judge reads rightly in renders of as many other held-out scenes: the ceiling of the
measure. The Fréchet distance (arXiv:1706.08500, equation 6) is taken in the judge's features, not in Inception's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from ..errors import NotReady
from ..progress import Progress, Work
from ..settings import ASSETS, Settings
from .judge import QUESTIONS, UNASKED, answers, judge, load_judge
from .sheet import draw
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the judge saw in some pictures: answers int [n, questions], features float [n, 256]."""

    answers: np.ndarray
    features: np.ndarray


def evaluate_pocket(
    settings: Settings, count: int = CAPTIONS, steps: int | None = None, guidance: float | None = None
) -> Work[dict[str, Any]]:
    """Shares, 0..1, of pictures of `count` held-out captions in which the judge reads what was asked.

    `judge` holds the same of renders.
    """
    from ..models.loading import load_pipeline
    from ..models.table import base_model

    if not JUDGE.is_file():
        raise NotReady("The judge of pocket's pictures is missing. Fetch the studio again, whole.")
    model = base_model("pocket")
    pipeline, steps, guidance = load_pipeline(model, settings), steps or model.steps, guidance or model.guidance
    pairs = round(count * PAIRS)
    asked = [*held_out_scenes(1, count - pairs), *_beside(1, pairs)]
    other = [*held_out_scenes(2, count - pairs), *_beside(2, pairs)]
    again = asked[: round(count * VIETNAMESE)]
    drawn = yield from _drawn(pipeline, asked, "en", steps, guidance)
    foreign = yield from _drawn(pipeline, again, "vi", steps, guidance)
    renders, floor = _rendered(asked), _rendered(other)
    return {
        "captions": count,
        "steps": steps,
        "guidance": guidance,
        **shares(asked, drawn.answers),
        "vietnamese": shares(again, foreign.answers),
        "english of the same": shares(again, drawn.answers[: len(again)]),
        "frechet": round(frechet(drawn.features, floor.features), 2),
        "frechet of renders": round(frechet(renders.features, floor.features), 2),
        "judge": shares(other, floor.answers),
    }


def _beside(seed: int, count: int) -> Iterator[Description]:
    """Held-out scenes of two figures whose sides can be told."""
    found = (scene for scene in held_out_scenes(seed, 20 * count, figures=2) if scene.relation == "beside")
    return islice(found, count)


def _drawn(pipeline: Any, scenes: list[Description], language: str, steps: int, guidance: float) -> Work[_Seen]:
    model, seen = load_judge(JUDGE), []
    for start in range(0, len(scenes), DRAWN_AT_ONCE):
        prompts = [canonical(scene, language, sides=True) for scene in scenes[start : start + DRAWN_AT_ONCE]]
        seen.append(judge(model, draw(pipeline, prompts, steps, guidance, start)))
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
