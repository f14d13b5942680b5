"""The base models on this computer: what each takes and may be used for, how one comes and goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from ..errors import BadInput, NotFound
from ..files import private_folder, process_mark
from ..models.conversion import convert, unconverted
from ..models.download import download, half_here, is_here, remove
from ..models.ledger import damaged
from ..models.loading import changed, model_folder
from ..models.machine import Machine, this_machine
from ..models.memory import MemoryPlan, plan
from ..models.table import REFINER, BaseModel, any_model, base_model, known_models
from ..progress import Progress, Work
from ..publishing.book import Book
from ..settings import Settings

WHOLE, PICKLED = ".safetensors", (".ckpt", ".pt", ".pth", ".bin")
State = Literal["here", "half", "absent"]


@dataclass(frozen=True, slots=True)
class Stocked:
    """A model, whether it is here, how many bytes it takes on the disk, and how it would be drawn with on this machine."""

    model: BaseModel
    state: State
    bytes: int
    plan: MemoryPlan


def stock(settings: Settings, machine: Machine | None = None) -> tuple[Stocked, ...]:
    """All models that the studio knows, and what draws with them."""
    machine = machine or this_machine()
    models = (*known_models(), REFINER)
    return tuple(
        Stocked(model, _state(model, settings), _bytes(model, settings), plan(model, settings, machine=machine))
        for model in models
    )


def plan_for(book: Book, settings: Settings) -> MemoryPlan:
    """How this machine would draw the pages of a book."""
    return plan(base_model(book.look.model), settings, count=len(book.pages))


def get(key: str, settings: Settings) -> Work[Path]:
    """Downloads the model of that key, because the person asked for it."""
    return download(any_model(key), settings)


def throw_out(key: str, settings: Settings) -> int:
    """Deletes a model that was brought; gives how many bytes are free again. Pictures that were drawn with it stay."""
    return remove(any_model(key), settings)


def bring(file: Path, title: str, settings: Settings, convertible: bool = False) -> Work[BaseModel]:
    """Takes a whole model in one file in. Pickled weights are taken out in a closed room first, if that was asked for
    (`convertible`). Raises BadInput, NotReady, NotFound, NoRoom."""
    from ..models.checkpoint import bring as bring_safe

    if not file.is_file():
        raise NotFound("There is no file '{name}'. Check how it is called and where it lies.", name=file.name)
    if file.suffix.lower() == WHOLE:
        return (yield from bring_safe(file, title, settings))
    if not convertible:
        raise unconverted(file)
    with TemporaryDirectory(".tmp", f".{process_mark()}", private_folder(settings.models)) as room:
        made = yield from convert(file, Path(room) / f"{file.stem}{WHOLE}")
        return (yield from bring_safe(made.path, title, settings, beside=file.parent))


def bring_laid(name: str, title: str, settings: Settings) -> Work[BaseModel]:
    """The same for a file that the person laid into the folder of the models; it is the studio's then, and goes."""
    file = settings.models / Path(name).name
    model = yield from bring(file, title, settings, convertible=True)
    file.unlink()
    return model


def laid_files(settings: Settings) -> tuple[str, ...]:
    """The names of single files that the person laid into the folder of the models."""
    files = settings.models.iterdir() if settings.models.is_dir() else ()
    found = (file for file in files if file.is_file() and not file.name.startswith("."))
    return tuple(sorted(file.name for file in found if file.suffix.lower() in (WHOLE, *PICKLED)))


def checked(settings: Settings) -> Work[tuple[int, tuple[str, ...]]]:
    """Reads every byte of every model that came by download or import; gives how many there are, and a sentence for each
    file that is damaged."""
    sentences: list[str] = []
    folders = list(_folders(settings))
    for done, (model, folder) in enumerate(folders):
        yield Progress(done, len(folders), f"model '{model.key}'")
        sentences += [str(changed(name, model)) for name in damaged(folder, thoroughly=True)]
    return len(folders), tuple(sentences)


def check_title(title: str) -> str:
    """The title without white space around it. Raises BadInput for an empty one."""
    if not title.strip():
        raise BadInput("A model needs a name by which you find it again, such as 'My storybook model'.")
    return title.strip()


def _folders(settings: Settings) -> Iterator[tuple[BaseModel, Path]]:
    for model in (*known_models(), REFINER):
        if not model.embedded and (folder := settings.models / model.key).is_dir():
            yield model, folder


def _state(model: BaseModel, settings: Settings) -> State:
    if model.embedded or is_here(model, settings):
        return "here"
    begun = half_here(model, settings) or (settings.models / model.key).is_dir()
    return "half" if begun else "absent"


def _bytes(model: BaseModel, settings: Settings) -> int:
    folders = [model_folder(model, settings)] if model.embedded else [settings.models / model.key]
    folders += [] if model.embedded else [settings.models / f".{model.key}.part"]
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())
