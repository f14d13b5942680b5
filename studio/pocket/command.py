"""`python -m studio pocket …`: make the embedded model from nothing, one part after another.

Parts lie in a build folder; a part that is there is not made again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import BadInput
from ..models.table import base_model
from ..progress import Progress, Work, finish
from ..settings import ASSETS
from .recipe import RECIPES, Recipe

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Make the embedded model: its world, its training, its evaluation."
)
if TYPE_CHECKING:
    from .team import Team

Build = Annotated[Path, typer.Argument(help="Folder for the scenes and the parts in training.")]
Named = Annotated[str, typer.Option("--recipe", help=f"How long each part is trained: {', '.join(RECIPES)}.")]


def _tell(progress: Progress) -> None:
    typer.echo(f"{progress.done}/{progress.total} {progress.note}", err=True)


@app.command()
def world(build: Build, recipe: Named = "cpu") -> None:
    """Render the scenes that all parts learn from, and some of them side by side to look at."""
    import numpy as np

    from .dataset import render_world
    from .sheet import contact_sheet

    if not (build / "world.npy").exists():
        finish(render_world(build, _recipe(recipe).scenes), _tell)
    scenes = np.load(build / "world.npy", mmap_mode="r")
    typer.echo(contact_sheet([*scenes[:24]], 6, build / "log" / "world.jpg"))


@app.command()
def train(
    build: Build,
    recipe: Named = "cpu",
    out: Annotated[Path, typer.Option(help="Where the finished model goes.")] = ASSETS / "pocket",
) -> None:
    """Train all parts from nothing and write the finished model. Goes on after an interruption.

    On several cores or cards: torchrun --nproc-per-node 2 -m studio pocket train BUILD
    """
    from .shipping import ship
    from .team import Team

    team = Team()
    _parts(build, _recipe(recipe), team)
    if team.leads:
        typer.echo(f"All weights together: {ship(build, out):.1f} MB", err=True)


def _recipe(name: str) -> Recipe:
    if name not in RECIPES:
        raise BadInput("There is no recipe '{name}'. Choose one of: {names}.", name=name, names=", ".join(RECIPES))
    return RECIPES[name]


def _parts(build: Path, recipe: Recipe, team: Team) -> None:
    """Makes every part that is missing; what was interrupted goes on. All processes train each part together."""
    from .autoencoder import encode_world, train_autoencoder
    from .clip import train_clip
    from .counter import train_counter
    from .dataset import render_world
    from .decoder import train_decoder
    from .denoiser import train_denoiser
    from .drafts import train_drafts
    from .hand import train_hand
    from .judge import train_judge
    from .spotter import train_spotter
    from .upscaler import train_upscaler

    def missing(made: str, work: Callable[[], Work[Path]]) -> None:
        if not (build / made).exists():
            finish(work(), _tell)

    if team.leads:
        missing("world.npy", lambda: render_world(build, recipe.scenes))
    team.wait()
    missing("vae", lambda: train_autoencoder(build, recipe))
    missing("latents.npy", lambda: encode_world(build))
    missing("text_encoder", lambda: train_clip(build, recipe))
    finish(train_denoiser(build, recipe), _tell)
    finish(train_decoder(build, recipe), _tell)
    missing("drafts", lambda: train_drafts(build, recipe))
    missing("judge", lambda: train_judge(build, recipe))
    missing("spotter", lambda: train_spotter(build, recipe))
    missing("upscaler", lambda: train_upscaler(build, recipe.upscaler_seconds))
    if team.leads:
        missing("measures/counter.safetensors", lambda: train_counter(build))
        missing("measures/hand.safetensors", lambda: train_hand(build))
    team.wait()


@app.command("ship")
def ship_parts(
    build: Build, out: Annotated[Path, typer.Option(help="Where the model goes.")] = ASSETS / "pocket"
) -> None:
    """Write the model from the parts as they are now."""
    from .shipping import ship

    typer.echo(f"All weights together: {ship(build, out):.1f} MB", err=True)


@app.command()
def style(
    build: Build,
    only: Annotated[list[str] | None, typer.Option(help="One of them by name; again for more.")] = None,
) -> None:
    """Teach the styles that ship with the studio, on the model as it is now."""
    from ..settings import load_settings
    from .styles import MANNERS, draw_samples, teach_style

    for name in only or MANNERS:
        finish(teach_style(name, build, load_settings()), _tell)
    finish(draw_samples(load_settings()), _tell)


@app.command()
def clothes(
    folder: Annotated[Path, typer.Argument(help="Folder for the pictures and captions.jsonl.")],
    count: Annotated[int, typer.Option(min=1, help="How many pictures.")] = 600,
    seed: Annotated[int, typer.Option(help="Another seed, other pictures.")] = 0,
) -> None:
    """Draw a captioned set of clothes to train on, without a download."""
    from .clothes.dataset import write_clothes

    typer.echo(finish(write_clothes(folder, count, seed), _tell))


@app.command()
def evaluate(
    count: Annotated[int, typer.Option(help="How many held-out captions.")] = 1000,
    steps: Annotated[int, typer.Option(help="Steps of drawing.")] = base_model("pocket").steps,
    guidance: Annotated[float, typer.Option(help="Strength of the prompt.")] = base_model("pocket").guidance,
    draft: Annotated[bool, typer.Option("--draft", help="With the few-step LoRA.")] = False,
    failures: Annotated[Path | None, typer.Option(help="A file for pictures that missed something.")] = None,
) -> None:
    """Draw held-out captions and print how many are obeyed, as JSON."""
    import json

    from ..settings import load_settings
    from .evaluation import Way, evaluate_pocket

    work = evaluate_pocket(load_settings(), count, Way(steps, guidance, draft), failures)
    typer.echo(json.dumps(finish(work, _tell), indent=2))
