"""What a person asks of the Picture screen: all that decides the pictures, in the person's own words."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, Literal

from ..adapters.card import LoraSet
from .drawing import Start
from .pace import Pace

AxisName = Literal["steps", "guidance", "seed", "sampler", "weight"]


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a grid: the same picture with each of these values, as a person writes them."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    name: AxisName
    values: tuple[str, ...]
    adapter: str = ""  # whose weight; empty: of the first that is worn
    title: str = ""  # what is written beside the pictures; empty: its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One wish gives `count` pictures with seeds from `seed` on, or a grid over one or two axes."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    prompt: str
    negative: str = ""
    width: int  # px
    height: int  # px
    steps: int
    guidance: float
    sampler: str
    seed: int = 1
    count: int = 1
    model: str = "pocket"
    worn: LoraSet = ()
    presets: tuple[str, ...] = ()  # ids of presets.PRESETS, whose words are added
    turned: bool = False  # characters first and then styles, as books wear them
    pace: Pace = "exact"
    refined: bool = False  # the last fifth by SDXL's refiner
    start: Start | None = None
    large: bool = False  # with a copy of four times the size
    axes: tuple[Axis, ...] = ()  # at most two: along the row, and down

    @property
    def pictures(self) -> int:
        """How many come of it."""
        return prod(len(axis.values) for axis in self.axes) if self.axes else self.count
