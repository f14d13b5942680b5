"""What was asked of an anatomy and what was found: anatomy.json, beside the plates that it names."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from ...errors import BadInput, NotFound
from ...files import atomic_write

if TYPE_CHECKING:
    import numpy as np
    from pydantic import TypeAdapter

PartName = Literal["tokens", "schedule", "latents", "clean", "attention", "guidance", "mirror", "solvers"]
PARTS: tuple[PartName, ...] = get_args(PartName)
FILE = "anatomy.json"
PICTURE = "picture.png"
STEPS = range(2, 101)
GUIDANCE = (1.0, 30.0)


@dataclass(frozen=True, slots=True)
class Question:
    """What to look into. `photo` uint8 [h, w, 3] goes through the autoencoder; `solvers` compares samplers, the slow part.

    Raises BadInput for what cannot be drawn.
    """

    prompt: str
    seed: int = 0
    steps: int = 20
    guidance: float = 4.5
    negative: str = ""
    photo: np.ndarray | None = None
    solvers: bool = True

    def __post_init__(self) -> None:
        if not self.prompt.strip():
            raise BadInput(
                "There are no words to look into. Write what the picture should show, such as 'a cat on the moon'."
            )
        if self.steps not in STEPS:
            raise BadInput(
                "{steps} steps cannot be looked into. Choose {least} to {most} of them; nothing was changed.",
                steps=self.steps,
                least=STEPS[0],
                most=STEPS[-1],
            )
        if not GUIDANCE[0] <= self.guidance <= GUIDANCE[1]:
            raise BadInput(
                "The guidance scale {scale} is not between {least} and {most}. Choose one that is, such as 4.5; nothing was "
                "changed.",
                scale=self.guidance,
                least=GUIDANCE[0],
                most=GUIDANCE[1],
            )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the model at work: its plates, by their names in the folder, and the numbers that are told with them."""

    name: PartName
    files: tuple[str, ...]
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Anatomy:
    """All parts that were looked into, in the order of `PARTS`; `picture` is the drawn picture's file."""

    prompt: str
    parts: tuple[Part, ...]
    seed: int
    steps: int
    guidance: float
    negative: str = ""
    picture: str = PICTURE
    version: Literal[1] = 1

    def part(self, name: str) -> Part:
        """The part of that name. Raises NotFound."""
        for part in self.parts:
            if part.name == name:
                return part
        raise NotFound("This anatomy has no part '{name}'. Have it made again with that part.", name=name)


def write_anatomy(anatomy: Anatomy, folder: Path) -> Path:
    """Writes anatomy.json. Raises NoRoom."""
    return atomic_write(folder / FILE, _adapter().dump_json(anatomy, indent=1))


def read_anatomy(folder: Path) -> Anatomy:
    """The anatomy in a folder. Raises NotFound where there is none, BadInput for one that is damaged or names what is no plate."""
    from pydantic import ValidationError

    try:
        anatomy = _adapter().validate_json((folder / FILE).read_bytes())
    except OSError as error:
        raise NotFound("There is no finished anatomy here. Have one made first; nothing was changed.") from error
    except ValidationError as error:
        raise _damaged() from error
    names = [anatomy.picture, *(name for part in anatomy.parts for name in part.files)]
    if any(Path(name).name != name or not name.endswith(".png") for name in names):
        raise _damaged()
    return anatomy


def _damaged() -> BadInput:
    return BadInput(
        "The file anatomy.json is damaged or from another studio. Have the anatomy made again; nothing else is lost."
    )


@cache
def _adapter() -> TypeAdapter[Anatomy]:
    from pydantic import ConfigDict, TypeAdapter, with_config

    known_only = ConfigDict(extra="forbid", strict=False)
    with_config(known_only)(Part)
    return TypeAdapter(with_config(known_only)(Anatomy))


def summary(anatomy: Anatomy) -> dict[str, Any]:
    """The anatomy as plain values, as a command prints it."""
    return asdict(anatomy)
