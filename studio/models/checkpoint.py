"""A whole model in one file, as it is handed around, becomes a folder like every other model's.

Stable Diffusion 1.5 and XL and all that was trained from them: the file has the weights of all parts under the names of the
code they were first trained with. How the parts are built is in `designs`; the names are translated by diffusers; the words
of CLIP are not in such a file and come from beside it or from another model that is here.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import N_, BadInput, NoRoom, NotReady
from ..files import atomic_folder, private_folder, room_for, slug
from ..progress import Progress, Work
from ..settings import Settings
from .families import FAMILIES, Part
from .ledger import note
from .table import OWN, BaseModel, any_model, known_models, own_model
from .weights import Contents, contents

DESIGNS = Path(__file__).parent / "designs"
UNET_INPUT = "model.diffusion_model.input_blocks.0.0.weight"
READERS = {  # the first layer of the text encoder that each kind of model has
    "sdxl": "conditioner.embedders.1.model.token_embedding.weight",
    "refiner": "conditioner.embedders.0.model.token_embedding.weight",
    "sd2": "cond_stage_model.model.token_embedding.weight",
    "sd15": "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight",
}
DRAWN = ("sd15", "sdxl")
DAMAGED = N_("'{name}' is damaged or no .safetensors file. Download it again; nothing was changed.")
STRANGE = {
    "refiner": N_(
        "'{name}' is a refiner of Stable Diffusion XL, which draws nothing of its own. Get the one that the studio uses with: "
        "python -m studio models get sdxl-refiner. Nothing was changed."
    ),
    "sd2": N_(
        "'{name}' is a Stable Diffusion 2, which the studio cannot draw with. It takes whole models of Stable Diffusion 1.5 "
        "and XL; nothing was changed."
    ),
    "filling": N_(
        "'{name}' is a model for filling in parts of a picture. The studio does that with every whole model of Stable Diffusion "
        "1.5 and XL; bring one of those. Nothing was changed."
    ),
    "": N_(
        "'{name}' is no whole model of Stable Diffusion 1.5 or XL. A LoRA comes in with: python -m studio adapters import FILE; "
        "newer models come with: python -m studio models get KEY. Nothing was changed."
    ),
}
PRECISIONS = {"F16": "float16", "BF16": "bfloat16", "F32": "float32"}
MARGIN = 1.1  # of the file's size; half precision stays half


@dataclass(frozen=True, slots=True)
class Found:
    """What kind of model a file is, how many words its text encoder knows, and the precision of its numbers."""

    like: str  # key of the table
    words: int
    precision: str


def recognised(file: Path, name: str = "") -> Found:
    """What the file's header says; `name` is what a person calls it. Raises BadInput for what cannot be a model here."""
    name = name or file.name
    try:
        told = contents(file)
    except (OSError, ValueError) as error:
        raise BadInput(DAMAGED, name=name) from error
    if told.bytes != file.stat().st_size:
        raise BadInput("'{name}' is not whole: its end is missing. Download it again; nothing was changed.", name=name)
    like = next((kind for kind, key in READERS.items() if key in told.shapes), "")
    channels = (*told.shapes.get(UNET_INPUT, ()), 0, 0)[1]
    if like not in DRAWN or channels != 4 or not told.shapes[READERS[like]]:
        kind = "filling" if like and channels == 9 else like
        strange = STRANGE.get(kind, STRANGE[""])
        raise BadInput(strange, name=name)
    return Found(like, told.shapes[READERS[like]][0], _precision(told))


def bring(
    file: Path, title: str, settings: Settings, beside: Path | None = None, designs: Path = DESIGNS
) -> Work[BaseModel]:
    """The model in the file, as one of the person's own under a key made of its title. Progress counts parts.

    `beside` is the folder where vocab.json and merges.txt may lie, that of the file if not given. The file stays as it is.
    Raises BadInput, NotReady, NoRoom; nothing is left behind then.
    """
    found, key = recognised(file), slug(title)
    _check_free(key, title, settings)
    model = own_model(key, title, found.like)
    words = _words(file, found, settings, beside or file.parent)
    _check_room(file, settings)
    with room_for(title), atomic_folder(settings.models / key) as folder:
        yield from _converted(file, model, designs / found.like, folder, found)
        _lay_words(words, model, folder)
        (folder / OWN).write_text(json.dumps({"version": 1, "title": title, "like": found.like}), encoding="utf-8")
        (folder / "model_index.json").write_text("{}", encoding="utf-8")
        note(folder, "import")
    return model


def _converted(file: Path, model: BaseModel, design: Path, folder: Path, found: Found) -> Work[None]:
    """Writes the parts that hold numbers or say how noise is added."""
    import torch

    parts = [part for part in FAMILIES[model.family].parts if not part.folder.startswith("tokenizer")]
    yield Progress(0, len(parts))
    numbers = _numbers(file)
    for done, part in enumerate(parts, 1):
        if part.folder == "scheduler":
            _lay_noise(design, folder, numbers)
        else:
            made = _translated(part, numbers, design, getattr(torch, found.precision), file.name)
            made.save_pretrained(private_folder(folder / part.folder), safe_serialization=True)
        yield Progress(done, len(parts), part.folder)


def _numbers(file: Path) -> dict[str, Any]:
    """All tensors of the file. Raises BadInput where their sizes contradict their places."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(file)
    except SafetensorError as error:
        raise BadInput(DAMAGED, name=file.name) from error


def _translated(part: Part, numbers: dict[str, Any], design: Path, dtype: Any, file: str) -> Any:
    """One part with the numbers that the file has for it. Raises BadInput when they do not fit."""
    from diffusers.loaders.single_file_utils import SingleFileComponentError, create_diffusers_clip_model_from_ldm

    reader = getattr(import_module(part.library), part.class_name)
    options = {"config": str(design), "subfolder": part.folder, "torch_dtype": dtype, "local_files_only": True}
    try:
        if part.library == "transformers":
            # diffusers tells SDXL's two readers apart by their widths; here each is given its own numbers only.
            other = "conditioner.embedders.0." if part.folder == "text_encoder_2" else "conditioner.embedders.1."
            own = {name: number for name, number in numbers.items() if not name.startswith(other)}
            made = create_diffusers_clip_model_from_ldm(reader, own, **options)
        else:
            made = reader.from_single_file(dict(numbers), **options)
        if any(parameter.is_meta for parameter in made.parameters()):
            raise ValueError("the file lacks some of the numbers")
    except (OSError, ValueError, KeyError, RuntimeError, AttributeError, SingleFileComponentError) as error:
        raise BadInput(
            "'{name}' looks like a model that the studio knows, and its part '{part}' does not fit. "
            "Ask whoever made it for the diffusers layout; nothing was changed.",
            name=file,
            part=part.folder,
        ) from error
    return made


def _lay_noise(design: Path, folder: Path, numbers: Mapping[str, Any]) -> None:
    """How noise is added. Models that predict a velocity say so with an empty tensor of that name."""
    told = json.loads((design / "scheduler" / "scheduler_config.json").read_text(encoding="utf-8"))
    if "v_pred" in numbers:
        told["prediction_type"] = "v_prediction"
    if "ztsnr" in numbers:
        told["rescale_betas_zero_snr"] = True
    private_folder(folder / "scheduler")
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


def _words(file: Path, found: Found, settings: Settings, beside: Path) -> Any:
    """A tokenizer of as many words as the text encoder knows. Raises NotReady, BadInput."""
    for tokenizer in _tokenizers(settings, beside):
        if len(tokenizer) == found.words:
            return tokenizer
    if (beside / "vocab.json").is_file():
        raise BadInput(
            "The vocab.json beside '{name}' has not the {count} words that the model was taught with. Take that of the model "
            "'{repo}'; nothing was changed.",
            name=file.name,
            count=found.words,
            repo="openai/clip-vit-large-patch14",
        )
    raise NotReady(
        "The words that '{name}' was taught with are not in it. Put CLIP's files vocab.json and merges.txt beside it (they are "
        "published with '{repo}'), or get a Stable Diffusion first, with: python -m studio models get sd15. Then import it "
        "again; nothing was changed.",
        name=file.name,
        repo="openai/clip-vit-large-patch14",
    )


def _tokenizers(settings: Settings, beside: Path) -> Iterator[Any]:
    """Those that can be read: from beside the file, then from the other models that are here."""
    from transformers import CLIPTokenizer

    vocabulary, merges = beside / "vocab.json", beside / "merges.txt"
    try:
        if vocabulary.is_file() and merges.is_file():
            yield CLIPTokenizer(vocab=str(vocabulary), merges=str(merges), model_max_length=77)
    except (OSError, ValueError, TypeError, KeyError):
        pass  # told as one of the wrong size
    for folder in sorted(settings.models.glob("*/tokenizer")):
        try:
            yield CLIPTokenizer.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, TypeError, KeyError):
            continue  # of a family that reads otherwise


def _lay_words(tokenizer: Any, model: BaseModel, folder: Path) -> None:
    for part in FAMILIES[model.family].parts:
        if part.folder.startswith("tokenizer"):
            tokenizer.pad_token = "!" if part.folder == "tokenizer_2" else tokenizer.eos_token  # as SDXL was trained
            tokenizer.save_pretrained(private_folder(folder / part.folder))


def _check_free(key: str, title: str, settings: Settings) -> None:
    known = {model.key for model in known_models()} | {any_model("sdxl-refiner").key}
    if key in known or (settings.models / key).exists():
        raise BadInput(
            "There is a model '{key}' already. Give another name than '{title}', or remove that one first with: "
            "python -m studio models remove {key}",
            key=key,
            title=title,
        )


def _check_room(file: Path, settings: Settings) -> None:
    need = MARGIN * file.stat().st_size
    free = shutil.disk_usage(private_folder(settings.models)).free
    if need > free:
        raise NoRoom(
            "'{name}' needs {need:g} GB on the disk, and {free:g} GB are free. Free some space and try again; nothing was "
            "changed.",
            name=file.name,
            need=round(need / 1e9, 1),
            free=round(free / 1e9, 1),
        )


def _precision(told: Contents) -> str:
    """The one that most of the tensors have."""
    usual = Counter(kind for kind in told.kinds if kind in PRECISIONS).most_common(1)
    return PRECISIONS[usual[0][0]] if usual else "float32"
