"""The commands about characters and styles as the model wears them: what is here, what comes and goes, and baking."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..errors import NotFound
from .console import Json, say, show, table, write_json
from .given import worn_from
from .shelves import Id, group

adapters = group("Characters and styles as the model wears them.")


class FormChoice(StrEnum):
    peft = "peft"
    kohya = "kohya"


class AdapterKind(StrEnum):
    subject = "subject"
    style = "style"


@adapters.command("list")
def list_adapters(answer: Json = False) -> None:
    """Those that can be worn, with the trigger that calls them in a prompt."""
    from ..workshop import Workshop

    workshop = Workshop()
    found = workshop.adapters()
    origins = {one.id: workshop.adapter_origin(one) for one in found}
    rows = [
        (one.id, one.kind, origins[one.id], one.base_model, f"'{_call(one.trigger, one.class_word)}'", one.title)
        for one in found
    ]
    table(rows, "No characters or styles yet.")
    if answer:
        write_json({"adapters": found, "origins": origins})


@adapters.command("show")
def show_adapter(id: Id, answer: Json = False) -> None:
    """The card of one of them."""
    from ..workshop import Workshop

    workshop = Workshop()
    card = next((one for one in workshop.adapters() if one.id == workshop.known_as(id)), None)
    if card is None:
        raise NotFound("There is no adapter '{id}'. See all with: python -m studio adapters list", id=id)
    say(f"{card.title} ({card.id}): {card.kind} for {card.base_model}, rank {card.rank}, alpha {card.alpha:g}.")
    say(f"Called in a prompt by '{_call(card.trigger, card.class_word)}'. {card.made} {card.licence}".strip())
    if answer:
        write_json({"adapter": card})


@adapters.command("remove")
def remove_adapter(id: Id, answer: Json = False) -> None:
    """Delete one of your own."""
    from ..workshop import Workshop

    workshop = Workshop()
    workshop.remove_adapter(workshop.known_as(id))
    say(f"'{id}' is gone. Pictures drawn with it stay.")
    if answer:
        write_json({"removed": id})


@adapters.command("rename")
def rename_adapter(id: Id, title: Annotated[str, typer.Argument(metavar="NAME")], answer: Json = False) -> None:
    """Call one of your own otherwise; books go on wearing it."""
    from ..workshop import Workshop

    workshop = Workshop()
    card = workshop.rename_adapter(workshop.known_as(id), title)
    say(f"'{id}' is called {card.title} now.")
    if answer:
        write_json({"adapter": card})


@adapters.command("check")
def check_adapter(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .safetensors file.")],
    model: Annotated[str, typer.Option(help="The base model it is meant for; any that is here if left out.")] = "",
    answer: Json = False,
) -> None:
    """Tell what a LoRA from elsewhere is good for, before anything is drawn with it. Exit code 1 if for nothing."""
    from ..workshop import Workshop

    finding = Workshop().check_adapter(file, model)
    if finding.fits:
        say(
            f"'{finding.file}' fits {finding.fits}: {finding.matched} of {finding.layers} layers, as {finding.dialect}."
        )
        say(f"Rank {finding.ranks[0]} to {finding.ranks[1]}, alpha {finding.alphas[0]:g} to {finding.alphas[1]:g}.")
    else:
        say(finding.why)
    if finding.rating == "adult":
        say("Its own words speak of pictures for adults: no child is drawn in it.")
    if finding.of_text:
        say(f"{finding.of_text} tensors for a text encoder are left out.")
    if answer:
        verdict = "fits" if finding.fits else "refused"
        write_json({"verdict": verdict, "reason": finding.why, **asdict(finding)})
    if not finding.fits:
        raise typer.Exit(1)


@adapters.command("import")
def import_adapter(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .safetensors file of any of the usual layouts.")],
    name: Annotated[str, typer.Option(help="What it is called here.")],
    kind: Annotated[AdapterKind, typer.Option(help="What it brings.")] = AdapterKind.style,
    trigger: Annotated[str, typer.Option(help="The words that call it; those of the file if left out.")] = "",
    class_word: Annotated[str, typer.Option(help="For a subject: what it is one of, such as girl.")] = "",
    licence: Annotated[str, typer.Option(help="Under which it may be used.")] = "",
    model: Annotated[str, typer.Option(help="The base model it is meant for; any that is here if left out.")] = "",
    answer: Json = False,
) -> None:
    """Stand a LoRA from elsewhere on the shelf, once it is known to do something."""
    from ..adapters.card import AdapterCard
    from ..files import slug
    from ..workshop import Workshop

    asked = AdapterCard(
        id=slug(name), title=name, kind=kind.value, base_model=model, rank=0, alpha=0.0, trigger=trigger,
        class_word=class_word, licence=licence, made=f"Imported from {file.name}.",
    )  # fmt: skip
    workshop = Workshop()
    card = workshop.import_adapter(file, asked)
    show(workshop.draw_sample(card.id), "Drawing what it does")
    say(f"'{card.id}' is on the shelf: {card.kind} for {card.base_model}, rank {card.rank}, alpha {card.alpha:g}.")
    if answer:
        write_json({"adapter": card})


@adapters.command("export")
def export_adapter(
    id: Id,
    out: Annotated[Path, typer.Option(help="The .safetensors file to write.")],
    form: Annotated[
        FormChoice, typer.Option(help="kohya for A1111 and ComfyUI, peft for diffusers.")
    ] = FormChoice.peft,
    share: Annotated[bool, typer.Option("--share", help="Yes, also what was learnt of a person.")] = False,
    answer: Json = False,
) -> None:
    """Write one as a file that other studios read, at its true strength."""
    from ..workshop import Workshop

    workshop = Workshop()
    path = workshop.export_adapter(workshop.known_as(id), out, form.value, share)
    say(f"'{id}' is in '{path.name}'.")
    if answer:
        write_json({"file": path, "bytes": path.stat().st_size})


@adapters.command("merge")
def merge_adapters(
    worn: Annotated[list[str], typer.Argument(metavar="NAME:WEIGHT…", help="Such as: may:1 watercolour:0.6")],
    name: Annotated[str, typer.Option(help="What the new one is called; it stands on the shelf.")] = "",
    out: Annotated[Path | None, typer.Option(help="A .safetensors file to write in place of that.")] = None,
    rank: Annotated[int, typer.Option(min=0, help="At most this rank; exact if left out.")] = 0,
    answer: Json = False,
) -> None:
    """Bake several into one file."""
    from ..workshop import Workshop

    if bool(name) == bool(out):
        raise typer.BadParameter("give either --name or --out")
    workshop = Workshop()
    baked = workshop.bake_adapters(worn_from(workshop, worn, 1.0), name or (out or Path()).stem, rank, out)
    if not out:
        show(workshop.draw_sample(baked.card.id), "Drawing what it does")
    how = "exactly" if not baked.lost else f"with {100 * baked.lost:.1f} % of it lost"
    say(f"'{out.name if out else baked.card.id}' holds them {how}, at rank {baked.card.rank}.")
    if answer:
        file = {"file": out} if out else {}
        write_json({"adapter": baked.card, "exact": not baked.lost, "lost": baked.lost, **file})


def _call(trigger: str, class_word: str) -> str:
    return f"{trigger} {class_word}".strip()
