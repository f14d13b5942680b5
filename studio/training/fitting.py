"""A recipe file: the numbers of a training on captioned pictures, as TOML. Presets lie in `presets/`."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen

from ..errors import BadInput
from ..models.table import BaseModel
from .recipe import BATCH, HERO_BOOST, RATE_PER_PICTURE, Recipe

if TYPE_CHECKING:
    from pydantic import TypeAdapter

PRESETS = Path(__file__).with_name("presets")
USUAL_SCALE = 1.0  # alpha / rank for which the usual rates are meant

Count = Annotated[int, Ge(1), Le(1_000_000)]
Share = Annotated[float, Ge(0.0), Le(0.95)]
Positive = Annotated[float, Ge(0.0), Le(1e4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What a recipe file says; `presets/fashion.toml` explains each number. Shares are of 1."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    steps: Count
    rank: Annotated[int, Ge(1), Le(256)]
    alpha: Annotated[float, Ge(0.1), Le(1024)]
    targets: Annotated[tuple[str, ...], MinLen(1)]
    dropout: Share = 0.0
    rate: Annotated[float, Ge(0.0), Le(1.0)] = 0.0
    batch: Annotated[int, Ge(0), Le(256)] = 0
    warmup: Share = 0.05
    cycles: Annotated[int, Ge(1), Le(1000)] = 1
    decay: Share = 0.01
    clip: Annotated[float, Ge(1e-6), Le(1e6)] = 1.0
    snr_gamma: Annotated[float, Ge(1e-3), Le(1e9)] = 5.0
    validate_every: Count = 500
    patience: Count = 3
    min_delta: Positive = 0.0
    variants: Annotated[int, Ge(1), Le(64)] = 1
    flip: bool = False
    noise: Share = 0.0
    words: tuple[str, ...] = ()
    word_share: Share = 0.0
    empty_share: Share = 0.0
    guidance: Annotated[float, Ge(1.0), Le(30.0)] = 7.5
    quantised: bool = False

    def recipe(self, model: BaseModel) -> Recipe:
        """The numbers for that base model. The usual rate is meant for alpha = rank; an adapter that counts k times as much
        wants √k times less (demystifying-sd-finetuning)."""
        batch = self.batch or BATCH[model.family]
        usual = RATE_PER_PICTURE[model.family] * HERO_BOOST[model.family] * math.sqrt(batch)
        return Recipe(
            steps=self.steps,
            batch=batch,
            rate=self.rate or usual / math.sqrt(self.alpha / self.rank / USUAL_SCALE),
            targets=self.targets,
            prior=0.0,
            prior_weight=0.0,
            answers=0,
            looks=max(1, self.steps // self.validate_every),
            variants=self.variants,
            flip=self.flip,
            warmup=self.warmup,
            cycles=self.cycles,
            clip=self.clip,
            decay=self.decay,
            dropout=self.dropout,
            snr_gamma=self.snr_gamma,
        )


def read_fitting(recipe: str | Path) -> Fitting:
    """A preset by its name, or a recipe file. Raises BadInput, which says what in it is wrong."""
    path = PRESETS / f"{recipe}.toml"
    path = path if path.is_file() and Path(recipe).name == str(recipe) else Path(recipe)
    try:
        return parsed(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "There is no recipe '{name}'. Give a .toml file, or one of: {known}.",
            name=path.name,
            known=", ".join(presets()),
        ) from error


def parsed(text: str, name: str) -> Fitting:
    """The recipe in a text. Raises BadInput."""
    from pydantic import ValidationError

    try:
        return _adapter().validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            "The recipe '{name}' is no TOML: {why}. Nothing was begun.", name=name, why=str(error)
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(
            "The recipe '{name}' cannot be used: '{entry}': {why}. Start from a copy of the preset 'fashion'; nothing was begun.",
            name=name,
            entry=".".join(map(str, first["loc"])),
            why=first["msg"],
        ) from error


def preset_text(name: str) -> str:
    """The whole file of a preset, with what it says of each number. Raises BadInput."""
    read_fitting(name)
    return (PRESETS / f"{name}.toml").read_text(encoding="utf-8")


def presets() -> tuple[str, ...]:
    """The names of the recipes that come with the studio."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


@cache
def _adapter() -> TypeAdapter[Fitting]:
    from pydantic import TypeAdapter

    return TypeAdapter(Fitting)
