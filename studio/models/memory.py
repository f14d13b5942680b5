"""How much memory drawing takes, how much is there, and how the work is laid out so that it fits.

Weights are counted from the headers of the files. What lies beside them while a step or a decoding runs was counted tensor
by tensor on the real configurations: it grows with the pixels and with the rows of a batch, exactly. A third is added for
what the libraries set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..errors import N_, NotReady, StudioError
from ..settings import Settings
from .families import FAMILIES
from .loading import model_folder
from .machine import Machine, this_machine
from .table import BaseModel
from .weights import count_numbers

Mode = Literal["whole", "parts", "layers"]
STEP_BYTES = {  # of a step in half precision, for each pixel of each row
    "pocket": 520, "sd": 260, "sdxl": 158, "refiner": 158, "flux2": 588, "zimage": 450, "qwen": 374, "sd3": 175, "sana": 64,
}  # fmt: skip
DECODE_BYTES = {"pocket": 600, "qwen": 6920, "sana": 2312}  # of decoding in float32, for each pixel; of all others:
KL_DECODE_BYTES = 3072
ASIDE = 1.3
CONTEXT_GB = 0.5  # of a graphics card, for the libraries' own programs
LAYER_GB = 0.6  # of the largest layer and the next one on its way
TILE_PX = 512
MOST_AT_ONCE = 8  # more gain nothing: on two cores 26 ms for a guided step alone, 18.5 each of four, 17.7 each of eight

HOW = {
    "whole": N_("{model} takes about {need:g} GB of the {have:g} GB of memory that are free."),
    "parts": N_(
        "{model} takes about {need:g} GB of the {have:g} GB of memory that are free; it goes to the graphics card part by "
        "part."
    ),
    "layers": N_(
        "{model} takes about {need:g} GB of the {have:g} GB of memory that are free; it goes to the graphics card layer by "
        "layer, which is slow."
    ),
}
SHORT = N_(
    "{model} takes about {need:g} GB of memory, and there are {have:g} GB. Close other programs, ask for a smaller "
    "picture, or draw with a smaller model."
)


@dataclass(frozen=True, slots=True)
class Needs:
    """GB of the parts of a model, and of what lies beside them for one picture of a size."""

    network: float
    readers: float  # all that read words
    largest_reader: float
    decoder: float
    step: float
    decode: float
    tile: float
    context: float

    def gb(self, mode: Mode, batch: int, tiled: bool) -> float:
        """What is taken at the worst moment."""
        decode = min(self.tile, self.decode) if tiled else self.decode
        if mode == "layers":
            return self.context + LAYER_GB + max(batch * self.step, decode)
        if mode == "parts":
            parts = (self.largest_reader, self.network + batch * self.step, self.decoder + decode)
            return self.context + max(parts)
        return self.context + self.network + self.readers + self.decoder + max(batch * self.step, decode)


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """How a model is laid out to draw `batch` pictures at a time. Pictures are always decoded one by one, which costs
    nothing; `tiled`: each in squares, which shows a little."""

    model: str  # title
    mode: Mode
    batch: int
    tiled: bool
    needs: Needs
    machine: Machine

    sliced = True

    @property
    def need_gb(self) -> float:
        return round(self.needs.gb(self.mode, self.batch, self.tiled), 1)

    @property
    def have_gb(self) -> float:
        return round(self.machine.free_gb, 1)

    @property
    def fits(self) -> bool:
        return self.need_gb <= self.have_gb

    @property
    def message(self) -> str:
        """A sentence with {model}, {need} and {have}, as the catalogues know it."""
        return HOW[self.mode] if self.fits else SHORT

    @property
    def values(self) -> Mapping[str, str | float]:
        return {"model": self.model, "need": self.need_gb, "have": self.have_gb}

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its blanks filled, in the language that `translate` gives."""
        return translate(self.message).format(**self.values)

    def lower(self) -> MemoryPlan | None:
        """The next plan that takes less: half as many at a time, then part by part, in squares, layer by layer; None at the
        end."""
        if self.batch > 1:
            return replace(self, batch=self.batch // 2)
        later = (
            replace(self, mode=mode, tiled=tiled)
            for mode, tiled in _ways(self.machine)
            if _order(mode, tiled) > _order(self.mode, self.tiled)
        )
        return next((plan for plan in later if plan.need_gb < self.need_gb), None)


def plan(
    model: BaseModel,
    settings: Settings,
    width: int = 0,
    height: int = 0,
    count: int = 1,
    machine: Machine | None = None,
) -> MemoryPlan:
    """The quickest way that fits to draw `count` pictures of that size, the model's own where none is given.

    Where none fits it is the way that takes least. Raises nothing; numbers of a model that is not here are the table's.
    """
    machine = machine or this_machine()
    pixels = (width or model.native_size_px) * (height or model.native_size_px)
    needs = needs_of(model, settings, pixels, machine)
    most = max(1, min(count, MOST_AT_ONCE))
    plans = [MemoryPlan(model.title, mode, most, tiled, needs, machine) for mode, tiled in _ways(machine)]
    smaller = (replace(one, batch=batch) for one in plans for batch in _halved(most))
    return next((one for one in smaller if one.fits), replace(plans[-1], batch=1))


def check_room(plan: MemoryPlan) -> MemoryPlan:
    """The plan, if it can be followed. Raises NotReady for one that takes more than the whole machine has: it would
    stand still for hours."""
    if plan.need_gb > plan.machine.total_gb:
        raise short_of_memory(plan)
    return plan


def short_of_memory(plan: MemoryPlan) -> StudioError:
    return NotReady(SHORT, **{**plan.values, "have": round(plan.machine.total_gb, 1)})


def needs_of(model: BaseModel, settings: Settings, pixels: int, machine: Machine) -> Needs:
    """What the model takes there for one picture of so many pixels."""
    network, readers, largest, decoder = _billions(model, settings)
    halved = machine.number_bytes
    reader_bytes = halved if model.network == "transformer" else 4
    rows = 2 if model.guidance > 1 else 1
    decode = DECODE_BYTES.get(model.family, KL_DECODE_BYTES) * ASIDE / 1e9
    return Needs(
        network=network * halved,
        readers=readers * reader_bytes,
        largest_reader=largest * reader_bytes,
        decoder=decoder * 4,
        step=STEP_BYTES[model.family] * halved / 2 * rows * pixels * ASIDE / 1e9,
        decode=decode * pixels,
        tile=decode * TILE_PX**2,
        context=0.0 if machine.device == "cpu" else CONTEXT_GB,
    )


def _billions(model: BaseModel, settings: Settings) -> tuple[float, float, float, float]:
    """Billions of numbers in the network, in all readers of words, in the largest of them, and in the decoder."""
    network, readers, decoder = model.billions
    try:
        folder = model_folder(model, settings)
    except NotReady:
        return network, readers, readers, decoder
    each = [count_numbers(folder / name) / 1e9 for name in _reader_folders(model)]
    counted = count_numbers(folder / model.network) / 1e9, sum(each), max(each), count_numbers(folder / "vae") / 1e9
    return counted if all(each) and all(counted) else (network, readers, readers, decoder)  # only half of it is here


def _reader_folders(model: BaseModel) -> list[str]:
    named = [part.folder for part in FAMILIES[model.family].parts if part.folder.startswith("text_encoder")]
    return named or ["text_encoder"]


def _ways(machine: Machine) -> Iterator[tuple[Mode, bool]]:
    """The ways to lay a model out, from the quickest on. A processor has its parts where they are."""
    yield "whole", False
    if machine.device == "cuda":
        yield from (("parts", False), ("parts", True), ("layers", False), ("layers", True))
    else:
        yield "whole", True


def _order(mode: Mode, tiled: bool) -> tuple[int, bool]:
    return ("whole", "parts", "layers").index(mode), tiled


def _halved(batch: int) -> Iterator[int]:
    while batch:
        yield batch
        batch //= 2
