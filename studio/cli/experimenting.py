"""The commands of the lab: a picture repainted, flowers from words, a painter taught, the model looked into."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .console import Json, StudioCommands, say, show, write_json

gan = typer.Typer(cls=StudioCommands, help="Flowers from words, and painters of your own.", no_args_is_help=True)

Out = Annotated[Path, typer.Option(help="The PNG to make.")]


class Way(StrEnum):
    careful = "careful"
    quick = "quick"
    sheet = "sheet"


class Optimizer(StrEnum):
    lbfgs = "lbfgs"
    adam = "adam"


Bert = Annotated[
    Path | None,
    typer.Option(help="A folder with config.json, vocab.txt and model.safetensors of a BERT that reads the words."),
]
Seed = Annotated[int, typer.Option(help="Another number, another picture.")]


def style(
    content: Annotated[Path, typer.Argument(metavar="CONTENT", help="The picture that is repainted.")],
    styles: Annotated[list[Path], typer.Argument(metavar="STYLE", help="The pictures whose manner it takes.")],
    out: Out,
    way: Annotated[
        Way, typer.Option(help="careful (a minute), quick (a second), sheet (all manners of one style).")
    ] = Way.careful,
    side: Annotated[int, typer.Option(help="The longer side of the result, in px.")] = 512,
    weight: Annotated[list[float] | None, typer.Option(help="Of each style, in their order.")] = None,
    content_weight: Annotated[float, typer.Option(min=0, help="How much of what is shown has to stay.")] = 1.0,
    style_weight: Annotated[float, typer.Option(min=0, help="How strong the manner is.")] = 30.0,
    smooth: Annotated[float, typer.Option(min=0, help="Weight of the total variation.")] = 5.0,
    optimizer: Annotated[Optimizer, typer.Option(help="Of the careful way.")] = Optimizer.lbfgs,
    strength: Annotated[float, typer.Option(min=0, max=1, help="Of the quick way.")] = 1.0,
    keep_colour: Annotated[bool, typer.Option("--keep-colour", help="Keep the colours of the content.")] = False,
    mask: Annotated[Path | None, typer.Option(help="White where the manner goes.")] = None,
    network: Annotated[
        str, typer.Option(help="Weights of VGG-19 (.safetensors), in place of the studio's own eye.")
    ] = "",
    answer: Json = False,
) -> None:
    """Repaint a picture in the manner of others (neural style transfer)."""
    from ..workshop import Workshop

    started = time.monotonic()
    figures = show(
        Workshop().repaint(
            content, styles, out, weight or (), mask, way=way.value, side_px=side, content_weight=content_weight, style_weight=style_weight,
            smooth=smooth, optimizer=optimizer.value, strength=strength, keep_colour=keep_colour, network=network,
        ),
        "Repainting",
    )  # fmt: skip
    say(f"'{out.name}' is painted, after {figures['seconds']:g} s.")
    if "style fell" in figures:
        say(
            f"The style's loss fell by {figures['style fell']:.0%}; the edges are as they were by {figures['edges kept']:.2f} of 1."
        )
    if answer:
        write_json({"file": out, **figures, "seconds in all": round(time.monotonic() - started, 1)})


@gan.command("draw")
def draw_flowers(
    text: Annotated[str, typer.Argument(metavar="WORDS", help="Such as: 'a red flower with a yellow centre'.")],
    out: Out,
    count: Annotated[int, typer.Option(min=1, max=48, help="How many.")] = 12,
    seed: Seed = 1,
    to: Annotated[str, typer.Option(help="A second sentence: a film strip from one to the other beside OUT.")] = "",
    painter: Annotated[Path | None, typer.Option(help="The generator.safetensors that 'gan train' made.")] = None,
    bert: Bert = None,
    answer: Json = False,
) -> None:
    """Paint flowers of one sentence, and say what the flower judge sees in them."""
    from ..workshop import Workshop

    started = time.monotonic()
    figures = show(Workshop().paint_flowers(text, out, count, seed, to, painter, bert), "Painting")
    told = {"file": out, "words": text, "count": count, **figures, "seconds": round(time.monotonic() - started, 1)}
    say(
        f"'{out.name}' shows {count} flowers of '{text}'. The judge sees {figures['colour']} petals, a {figures['centre']} centre, "
        f"a {figures['ground']} background; film in '{figures['film']}'."
    )
    if answer:
        write_json(told)


@gan.command("train")
def train_painter(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Pictures with captions; without one, drawn flowers.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder of the painter; begun before, it goes on.")] = Path("painter"),
    minutes: Annotated[int, typer.Option(min=1, max=600, help="How long it learns.")] = 10,
    l1: Annotated[float, typer.Option(min=0, help="Weight of the distance to the real picture.")] = 5.0,
    features: Annotated[float, typer.Option(min=0, help="Weight of feature matching.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Of all chance.")] = 0,
    bert: Bert = None,
    answer: Json = False,
) -> None:
    """Teach a painter to paint from words; samples and losses lie beside it."""
    from ..workshop import Workshop

    started = time.monotonic()
    work = Workshop().teach_painter(folder, out, bert, minutes=minutes, l1=l1, features=features, seed=seed)
    figures = show(work, "Learning")
    say(f"The painter in '{out.name}' has learnt from {figures['pictures']} pictures in {figures['steps']} steps.")
    if answer:
        write_json({"folder": out, **figures, "seconds": round(time.monotonic() - started, 1)})


def anatomy(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="What is drawn while the model is looked into.")],
    out: Annotated[Path, typer.Option(help="The folder for the plates and the lesson.")],
    photo: Annotated[Path | None, typer.Option(help="A picture to send through the autoencoder.")] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="A Stable Diffusion 1.x file; vocab.json and merges.txt lie beside it.")
    ] = None,
    model: Annotated[str, typer.Option(help="The base model.")] = "pocket",
    seed: Seed = 1,
    steps: Annotated[int, typer.Option(help="Steps of denoising.")] = 20,
    guidance: Annotated[float, typer.Option(help="Guidance scale; 0 is the model's own.")] = 0.0,
    language: Annotated[str, typer.Option(help="Of the lesson: en or vi.")] = "en",
    answer: Json = False,
) -> None:
    """Look inside the diffusion model while it draws: plates as PNG files, and a short lesson as PDF."""
    from ..workshop import Workshop

    started = time.monotonic()
    work = Workshop().look_inside(
        prompt,
        out,
        photo=photo,
        checkpoint=checkpoint,
        model=model,
        seed=seed,
        steps=steps,
        guidance=guidance,
        language=language,
    )
    figures = show(work, "Looking inside")
    plates = sum(len(part["files"]) for part in figures["parts"])
    say(f"'{out.name}' holds {plates} plates and 'lesson.pdf'.")
    if answer:
        write_json({"folder": out, **figures, "seconds": round(time.monotonic() - started, 1)})
