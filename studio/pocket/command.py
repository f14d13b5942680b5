"""`python -m studio pocket …`: make the embedded model from nothing, one part after another.

Parts lie in a build folder; a part that is there is not made again, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..progress import Progress, Work, finish
from ..settings import ASSETS

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Make the embedded model: its world, its training, its evaluation."
)
if TYPE_CHECKING:
    from .team import Team

SCENES = 24_000
Build = Annotated[Path, typer.Argument(help="Folder for the scenes and the parts in training.")]


def _tell(progress: Progress) -> None:
    typer.echo(f"{progress.done}/{progress.total} {progress.note}", err=True)


@app.command()
def world(
    build: Build,
    count: Annotated[int, typer.Option(help="How many scenes to render; about 8 ms and 0.2 MB each.")] = SCENES,
    seed: Annotated[int, typer.Option(help="Which scenes.")] = 0,
) -> None:
    """Render the scenes that pocket learns from."""
    from .dataset import render_world

    finish(render_world(build, count, seed), _tell)


@app.command()
def train(
    build: Build,
    minutes: Annotated[float, typer.Option(help="For the denoiser; the other parts take about 20 more.")] = 75.0,
    out: Annotated[Path, typer.Option(help="Where the finished model goes.")] = ASSETS / "pocket",
) -> None:
    """Train all parts on the rendered scenes and write the finished model. Goes on after an interruption.

    On several cores: torchrun --nproc-per-node 2 -m studio pocket train BUILD
    """
    import numpy as np

    from .autoencoder import train_autoencoder
    from .dataset import render_world
    from .denoiser import encode_world, train_denoiser
    from .reader import train_reader
    from .shipping import ship
    from .team import Team
    from .text import train_text_model

    scenes, latents, reader = build / "world.npy", build / "latents.npy", build / "reader" / "reader.safetensors"
    team = Team()
    _alone(team, scenes.is_file(), lambda: render_world(build, SCENES))
    count = len(np.load(scenes, mmap_mode="r"))
    if not (build / "vae").is_dir():
        finish(train_autoencoder(scenes, build / "vae", 420), _tell)
    _alone(team, (build / "text_encoder").is_dir(), lambda: train_text_model(build, 240))
    _alone(team, reader.is_file(), lambda: train_reader(scenes, count, reader))
    _alone(team, latents.is_file(), lambda: encode_world(scenes, build / "vae", latents))
    finish(train_denoiser(build, latents, count, minutes * 60), _tell)
    if team.leads:
        typer.echo(f"All weights together: {ship(build, out):.1f} MB", err=True)


@app.command()
def polish(build: Build, minutes: float = 10.0, out: Path = ASSETS / "pocket") -> None:
    """Train only the decoder further: crisper pictures from the same latents."""
    from .autoencoder import train_autoencoder
    from .shipping import ship

    finish(train_autoencoder(build / "world.npy", build / "vae", minutes * 60, seed=1, decoder_only=True), _tell)
    typer.echo(f"All weights together: {ship(build, out):.1f} MB", err=True)


@app.command()
def style(build: Build) -> None:
    """Teach the watercolour style that ships with the studio, on the model as it is now."""
    from ..settings import load_settings
    from .style import draw_samples, teach_watercolour

    finish(teach_watercolour(build, load_settings()), _tell)
    finish(draw_samples(load_settings()), _tell)


@app.command()
def evaluate() -> None:
    """Draw held-out captions and print how many are obeyed, as JSON."""
    import json

    from ..settings import load_settings
    from .evaluation import evaluate_pocket

    typer.echo(json.dumps(finish(evaluate_pocket(load_settings()), _tell), indent=2))


def _alone(team: Team, done: bool, work: Callable[[], Work[Path]]) -> None:
    """A part that one process makes while the others wait."""
    if team.leads and not done:
        finish(work(), _tell)
    team.wait()
