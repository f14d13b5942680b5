"""The commands that make something: a whole book, a character, a plan, a picture, a file for the printer."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import BadInput
from ..files import slug
from . import consenting, options
from .console import Json, say, show, write_json
from .given import axis_from, look_from, photos_from, start_from, story_from, worn_from
from .options import EffortChoice, KindChoice, PaceChoice, ProfileChoice, WriterChoice
from .writing import written

LIGHTS = {
    "more": "they could be taught more carefully",
    "ready": "ready to play",
    "much": "taught too much: their pictures repeat photos or no longer listen",
}

if TYPE_CHECKING:
    from ..library.characters import Character
    from ..library.consent import Consent
    from ..workshop import Workshop


def make(
    story: options.Story,
    out: Annotated[Path, typer.Option(help="The PDF to make.")],
    pages: options.Pages = 8,
    character: options.Character = None,
    style: options.Style = None,
    model: options.Model = "pocket",
    language: options.Language = None,
    profile: options.Profile = ProfileChoice.screen,
    trim: options.Trim = "",
    accept_red: options.AcceptRed = False,
    seed: options.Seed = 1,
    pace: options.Pace = PaceChoice.exact,
    writer: options.Writer = WriterChoice.plain,
    answer: Json = False,
) -> None:
    """Make a story into a finished book: split into pages, drawn and bound. Interrupted, it goes on when called again."""
    from ..workshop import Workshop

    started = time.monotonic()
    workshop = Workshop()
    workshop.check_export(out, profile, trim)
    read = story_from(workshop, story, language)
    heroes, styles = look_from(workshop, character, style)
    book = workshop.begin_book(read, pages, heroes, styles, seed, model, reuse=True, pace=pace.value)
    book = written(workshop, book, writer, pages, language)
    book = show(workshop.draw_book(book.id), f"Drawing {book.title}")
    if trim:
        workshop.change_design(book.id, trim=trim)
    show(workshop.export_book(book.id, out, profile, accept_red=accept_red), "Binding")
    seconds = round(time.monotonic() - started, 1)
    say(f"'{book.title}' with {len(book.pages)} pages is in '{out.name}', after {seconds:g} s. Its id is {book.id}.")
    if answer:
        write_json({"book": book.id, "title": book.title, "pages": len(book.pages), "file": out, "seconds": seconds})


def train(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTOS", help="A folder, or photos one by one.")],
    name: Annotated[str, typer.Option(help="What the character is called.")],
    kind: Annotated[KindChoice, typer.Option(help="What is in the photos.")] = KindChoice.person,
    class_word: Annotated[str, typer.Option(help="What it is one of: girl, boy, grandmother, cat, dog …")] = "",
    model: options.Model = "pocket",
    effort: Annotated[EffortChoice, typer.Option(help="How long to teach.")] = EffortChoice.good,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a character that is here already.")] = False,
    steps: Annotated[int, typer.Option(help="Steps of teaching, in place of the effort's.")] = 0,
    rank: Annotated[int, typer.Option(help="Rank of the adapter; 16 is usual.")] = 0,
    pace: Annotated[int, typer.Option(help="Percent of the usual learning rate.")] = 0,
    consent: Annotated[
        str, typer.Option(help="For a person: who agreed, and what for. It is kept with the character.")
    ] = "",
    role: consenting.Role = None,
    purposes: consenting.For = None,
    until: consenting.Until = "",
    adult: consenting.Adult = False,
    all_photos: Annotated[
        bool, typer.Option("--all-photos", help="Learn from every photo, whatever the coach thinks of it.")
    ] = False,
    answer: Json = False,
) -> None:
    """Teach the studio to draw somebody, from a few photos."""
    from ..workshop import Workshop

    started = time.monotonic()
    workshop = Workshop()
    show(workshop.follow_training(effort, model, steps=steps, rank=rank, pace=pace), "Teaching beside")
    character = workshop.known_character(name)
    if character and not resume:
        raise BadInput(
            "A character '{name}' is here already. Go on teaching it with --resume, choose another name, "
            "or erase it first: python -m studio erase {id}",
            name=name,
            id=slug(name),
        )
    given = consenting.agreed(consent, role, purposes, until, adult)
    character = character or _begun(workshop, name, kind, photos_from(photos), class_word, given, all_photos)
    _forecast(workshop, character.id, effort, model)
    character = show(
        workshop.train_character(character.id, effort, resume, model, steps=steps, rank=rank, pace=pace),
        f"Teaching {character.name}",
    )
    seconds = round(time.monotonic() - started, 1)
    say(f"{character.name} is ready, after {seconds:g} s. In a book: --character {slug(name)}")
    numbers = _judged(workshop, character.id)
    if answer:
        write_json({"character": character, "seconds": seconds, **numbers})


def _forecast(workshop: Workshop, id: str, effort: str, model: str) -> None:
    """Tells what teaching will take, measuring the machine when that was never done."""
    if workshop.estimate_training(id, effort, model) is None:
        show(workshop.measure_machine(model), "Measuring this machine")
    estimate = workshop.estimate_training(id, effort, model)
    if estimate:
        say(f"This will take about {estimate.seconds:.0f} s and {estimate.memory_mb} MB of memory.")


def _judged(workshop: Workshop, id: str) -> dict[str, Any]:
    """Tells which moment was taken, and gives the numbers of the report."""
    report = workshop.training_report(id) or {}
    chosen = report.get("chosen", {})
    if chosen:
        say(
            f"Taken after {chosen['step']} of {report['steps']} steps: likeness {chosen['likeness']:.2f} "
            f"(before {report['likeness_before']:.2f}), obedience {chosen['match']:.2f}, copying {chosen['copy']:.2f}; "
            f"{LIGHTS[chosen['light']]}."
        )
    return {
        "steps": report.get("steps"),
        "training_seconds": report.get("seconds"),
        "chosen_step": chosen.get("step"),
        "likeness_before": report.get("likeness_before"),
        "likeness_after": chosen.get("likeness"),
        "copy": chosen.get("copy"),
        "light": chosen.get("light"),
        "peak_memory_mb": report.get("peak_memory_mb"),
    }


def _begun(
    workshop: Workshop,
    name: str,
    kind: str,
    photos: list[tuple[str, bytes]],
    class_word: str,
    consent: str | Consent,
    all_photos: bool,
) -> Character:
    """A new character; tells what the coach thinks of its photos."""
    from ..photos.advice import REASONS, WISHES

    begun = workshop.begin_character(name, kind, photos, class_word or None, consent)
    for error in begun.refused:
        say(str(error))
    character = begun.character
    for number, photo in enumerate(character.album, 1):
        for reason in photo.reasons:
            left_out = "" if photo.kept or all_photos else "left out: "
            say(f"Photo {number}, {left_out}{REASONS[reason].format(twin=photo.twin)}")
        if all_photos:
            character = workshop.keep_photo(character.id, photo.file, True)
    say(WISHES[character.wish])
    return character


def draw(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="What to draw, in words.")],
    out: Annotated[Path, typer.Option(help="The PNG to make.")],
    negative: Annotated[str, typer.Option(help="What to keep away.")] = "",
    steps: Annotated[int | None, typer.Option(help="Denoising steps; the model's own number if left out.")] = None,
    guidance: Annotated[float | None, typer.Option(help="How closely to follow the words.")] = None,
    seed: options.Seed = 1,
    width: Annotated[int | None, typer.Option(help="In pixels.")] = None,
    height: Annotated[int | None, typer.Option(help="In pixels.")] = None,
    sampler: Annotated[str | None, typer.Option(help="Name of the sampler.")] = None,
    adapter: Annotated[
        options.Worn,
        typer.Option(metavar="NAME[:weight]", help="A character or style; write its trigger, as in: adapters list."),
    ] = None,
    model: options.Model = "pocket",
    count: Annotated[int, typer.Option(min=1, max=99, help="How many, each with the next seed.")] = 1,
    draft: Annotated[bool, typer.Option("--draft", help="Draw in few steps: quick and rough.")] = False,
    grid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="AXIS=VALUES",
            help="Side by side: steps=8,20,30, or guidance, seed, sampler or weight; give it twice for two axes.",
        ),
    ] = None,
    init: Annotated[Path | None, typer.Option(help="A picture to begin from.")] = None,
    strength: Annotated[float, typer.Option(help="How far from that picture: 0.3 changes little, 0.8 much.")] = 0.6,
    mask: Annotated[Path | None, typer.Option(help="White where that picture is drawn anew, black elsewhere.")] = None,
    upscale: Annotated[bool, typer.Option("--upscale", help="Give pictures of four times the size.")] = False,
    refine: Annotated[bool, typer.Option("--refine", help="Let SDXL's refiner draw the last fifth.")] = False,
    answer: Json = False,
) -> None:
    """Draw a single picture from words, from another picture, or several side by side."""
    from ..workshop import Workshop
    from ..workshop.hearing import remarks

    workshop = Workshop()
    numbers: dict[str, Any] = {
        "steps": steps,
        "guidance": guidance,
        "width": width,
        "height": height,
        "sampler": sampler,
        "start": start_from(workshop, init, strength, mask),
    }
    if grid:
        wish = workshop.usual_wish(model, "draft" if draft else "exact")
        given = {name: number for name, number in numbers.items() if number is not None}
        asked = replace(
            wish,
            prompt=prompt,
            negative=negative,
            seed=seed,
            worn=worn_from(workshop, adapter),
            refined=refine,
            **given,
        )
        single = show(workshop.draw_grid(replace(asked, axes=tuple(map(axis_from, grid))), out), "Drawing")
        say(f"Drawn: {len(single)} side by side in '{out.name}'.")
        return write_json({"files": [out, *single]}) if answer else None
    numbers["refined"] = refine
    files = [out] if count == 1 else [out.with_stem(f"{out.stem}-{number}") for number in range(1, count + 1)]
    for number, file in enumerate(files):
        work = workshop.draw_picture(
            prompt, file, negative=negative, seed=seed + number, adapters=worn_from(workshop, adapter), model=model, large=upscale,
            draft=draft, **numbers,
        )  # fmt: skip
        drawn = show(work, "Drawing")
    say(f"Drawn: {', '.join(file.name for file in files)}.")
    for remark in remarks(drawn, model):
        say(remark.said())
    if answer:
        left_out = {"unknown_words": drawn.unknown_words, "cut_words": drawn.cut_words, "calmed": drawn.calmed}
        write_json({"files": files, **left_out})
