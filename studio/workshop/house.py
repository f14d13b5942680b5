"""What lies on this computer: how much room it takes, which models are here, what a style looks like."""

from __future__ import annotations

from pathlib import Path

from ..errors import NotReady
from ..models.conversion import Converted, convert
from ..models.loading import model_folder
from ..models.table import BaseModel, known_models
from ..progress import Work
from ..settings import Settings

ROOMS = ("books", "pictures", "characters", "adapters", "datasets", "lab", "models", "trash")
SAMPLE_NAMES = ("sample.jpg", "sample.png", "sample.webp")


def storage(settings: Settings) -> dict[str, int]:
    """Bytes of all files in each room of the home."""
    return {room: _weight(settings.home / room) for room in ROOMS}


def models(settings: Settings) -> tuple[tuple[BaseModel, bool], ...]:
    """The models that can draw, each with whether its weights are on this computer."""
    return tuple((model, _here(model, settings)) for model in known_models())


def convert_model(file: Path, out: Path | None = None) -> Work[Converted]:
    """The weights of a pickled file as .safetensors, beside it if no `out` is given. Raises BadInput, NoRoom."""
    return convert(file, out)


def sample_beside(tensors: Path) -> Path | None:
    """The picture in the adapter's folder that shows what it does, if there is one."""
    return next(filter(Path.is_file, (tensors.with_name(name) for name in SAMPLE_NAMES)), None)


def _here(model: BaseModel, settings: Settings) -> bool:
    try:
        return model_folder(model, settings).is_dir()
    except NotReady:
        return False


def _weight(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
