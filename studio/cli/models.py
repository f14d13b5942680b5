"""The base models: which there are, what they take and may be used for, and how one is brought and removed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import Json, say, show, table, write_json
from .shelves import group

if TYPE_CHECKING:
    from ..models.table import BaseModel
    from ..workshop.stock import Stocked

models = group("The base models that draw.")

Key = Annotated[str, typer.Argument(metavar="KEY")]
HERE = {"here": "here", "half": "half here", "absent": "not here"}
PRINTING = {
    "yes": "its pictures may be sold",
    "limited": "its pictures may be sold below a yearly income of a million US dollars",
    "no": "its pictures may not be sold",
    "unknown": "nobody here knows whether its pictures may be sold; look where you have it from",
}


@models.command("list")
def list_models(answer: Json = False) -> None:
    """The base models, whether their weights are on this computer, and what drawing with them takes."""
    from ..workshop import Workshop

    found = Workshop().stock()
    table([_row(one) for one in found], "No models.")
    if answer:
        write_json({"models": [_told(one) for one in found]})


@models.command("show")
def show_model(key: Key, answer: Json = False) -> None:
    """One base model with its numbers."""
    from ..errors import NotFound
    from ..models.table import any_model
    from ..workshop import Workshop

    model = any_model(key)
    one = next((one for one in Workshop().stock() if one.model.key == model.key), None)
    if one is None:  # removed at this moment
        raise NotFound("There is no base model '{key}'. See all with: python -m studio models list", key=key)
    say(f"{model.title} ({model.key}), {model.native_size_px} px, {HERE[one.state]}.")
    say(f"{_licence(model)}.")
    say(f"{model.steps} steps, guidance {model.guidance:g}, sampler {model.sampler}.")
    say(one.plan.said())
    if answer:
        write_json({"model": model, **_told(one)})


@models.command("get")
def get_model(key: Key, answer: Json = False) -> None:
    """Download a base model from where it is published. Stopped or broken off, it goes on when called again."""
    from ..models.table import any_model
    from ..workshop import Workshop

    model = any_model(key)
    say(f"{model.title}, {model.download_gb:g} GB from {model.page}, {_licence(model)}.")
    folder = show(Workshop().get_model(key), f"Downloading {model.title}")
    say(f"{model.title} is here. Draw with it with: --model {key}")
    if answer:
        write_json({"here": key, "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())})


@models.command("remove")
def remove_model(key: Key, answer: Json = False) -> None:
    """Delete a model that was brought. Pictures that were drawn with it stay."""
    from ..workshop import Workshop

    freed = Workshop().remove_model(key)
    say(f"'{key}' is removed; {freed / 1e9:.1f} GB are free again.")
    if answer:
        write_json({"removed": key, "bytes": freed})


@models.command("import")
def import_model(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .safetensors, .ckpt, .pt, .pth or .bin file.")],
    name: Annotated[
        str, typer.Option(help="Take a whole model of Stable Diffusion 1.5 or XL in, under this name.")
    ] = "",
    convert: Annotated[
        bool, typer.Option("--convert", help="Take the numbers out of a file that could carry programs.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Without --name: the .safetensors file to write; beside FILE if left out.")
    ] = None,
    answer: Json = False,
) -> None:
    """Bring a model of your own from one file; or, with --convert and no --name, only make .safetensors of pickled weights."""
    from ..models.conversion import unconverted
    from ..workshop import Workshop

    workshop = Workshop()
    if name:
        made = show(workshop.import_model(file, name, convert), f"Taking {file.name} in")
        say(f"'{made.title}' is here. Draw with it with: --model {made.key}")
        if answer:
            write_json({"model": made})
        return
    if not convert:
        raise unconverted(file)
    converted = show(workshop.convert_model(file, out), f"Converting {file.name}")
    beside = f" {converted.left_out} other values were left out." if converted.left_out else ""
    what, how_large = f"'{converted.path.name}' holds {converted.tensors} tensors", f"{converted.bytes / 1e6:.1f} MB"
    say(f"{what}, {how_large}.{beside} Nothing in the file was run.")
    say(f"See what it is good for with: python -m studio adapters check {converted.path.name}")
    if answer:
        write_json({"converted": converted})


def _row(one: Stocked) -> tuple[str, ...]:
    size = f"{one.bytes / 1e9:.1f} GB" if one.state == "here" else f"{one.model.download_gb:g} GB to download"
    needs = f"{one.plan.need_gb:g} of {one.plan.have_gb:g} GB memory"
    return one.model.key, one.model.title, HERE[one.state], size, needs, one.model.licence or "its own licence"


def _told(one: Stocked) -> dict[str, Any]:
    model = one.model
    return {
        "key": model.key,
        "title": model.title,
        "here": one.state == "here",
        "state": one.state,
        "bytes": one.bytes,
        "download_gb": model.download_gb,
        "licence": model.licence,
        "printing": model.printing,
        "memory": {
            "need_gb": one.plan.need_gb,
            "have_gb": one.plan.have_gb,
            "mode": one.plan.mode,
            "fits": one.plan.fits,
        },
    }


def _licence(model: BaseModel) -> str:
    return f"{model.licence or 'licence unknown'}: {PRINTING[model.printing]}"
