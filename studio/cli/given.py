"""What a person gives on the command line, read into the studio's words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from ..errors import N_, BadInput, NotFound

if TYPE_CHECKING:
    from ..adapters.card import LoraSet, Worn
    from ..rendering.drawing import Start
    from ..rendering.wish import Axis, AxisName
    from ..story.story import Story
    from ..workshop import Workshop

STORY_SUFFIXES = (".txt", ".md", ".docx", ".epub", ".pdf")
PHOTO_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif"}
OTHER_LANGUAGE = {  # than was asked for, by that of the story
    "en": N_("The story is written in English, not in Vietnamese. Leave --language out, or give --language en."),
    "vi": N_("The story is written in Vietnamese, not in English. Leave --language out, or give --language vi."),
}


def story_from(workshop: Workshop, given: str, language: str | None) -> Story:
    """The story in a file, or the text itself when it has white space. Raises BadStory, NotFound, BadInput."""
    path = Path(given)
    if "\n" not in given and len(given) < 1000 and path.is_file():
        story = workshop.read_story_file(path.name, path.read_bytes())
    elif path.suffix.lower() in STORY_SUFFIXES or not any(map(str.isspace, given)):
        raise NotFound(
            "There is no story file '{name}'. Check the name, or give the story itself in quotes.", name=path.name
        )
    else:
        story = workshop.read_story(given)
    if language in ("en", "vi") and story.language != language:
        raise BadInput(OTHER_LANGUAGE[story.language])
    return story


def photos_from(given: Sequence[Path]) -> list[tuple[str, bytes]]:
    """Names and bytes of the photos; a folder gives those in it by name. Raises NotFound."""
    files: list[Path] = []
    for path in given:
        if path.is_dir():
            files += sorted(file for file in path.iterdir() if file.suffix.lower() in PHOTO_SUFFIXES)
        elif path.is_file():
            files.append(path)
        else:
            raise NotFound("There is no photo or folder '{name}'. Check the name.", name=path.name)
    return [(file.name, file.read_bytes()) for file in files]


def worn_from(workshop: Workshop, given: Sequence[str] | None, usual: float = 1.0) -> LoraSet:
    """`may`, the name `May`, or `may:0.8` as adapters with weights, `usual` when none is given; `paint:0.3..0.9` begins with the
    first weight and ends with the second, and `paint:0.8:blocks` wears only the base model's style blocks. Anything else is wrong
    usage."""
    return tuple(_worn(workshop, one, usual) for one in given or ())


def look_from(
    workshop: Workshop, characters: Sequence[str] | None, styles: Sequence[str] | None
) -> tuple[LoraSet, LoraSet]:
    """Who plays and how it is drawn; where no weight was given, the hero counts more at first and the style afterwards."""
    from ..adapters.card import STYLE_WEIGHT, in_turn

    worn = worn_from(workshop, characters), worn_from(workshop, styles, STYLE_WEIGHT)
    weighed = any(":" in one for one in (*(characters or ()), *(styles or ())))
    return worn if weighed else in_turn(*worn)


def _worn(workshop: Workshop, given: str, usual: float) -> Worn:
    from ..adapters.card import Worn

    name, weights, *part = given.split(":") if ":" in given else (given, "")
    early, _, late = weights.partition("..")
    if part not in ([], ["blocks"]):
        raise typer.BadParameter(f"'{given}' cannot be understood; write NAME:0.8, NAME:0.3..0.9 or NAME:0.8:blocks")
    return Worn(workshop.known_as(name), _weight(early, usual), _weight(late, usual) if late else None, bool(part))


def _weight(given: str, usual: float) -> float:
    try:
        return float(given or usual)
    except ValueError:
        raise typer.BadParameter(f"'{given}' is no weight; write NAME:0.8") from None


def axis_from(given: str) -> Axis:
    """`steps=8,20,30`, `sampler=ddim,euler` or `weight:paint=0.4,0.8` as an axis. Anything else is wrong usage."""
    from ..rendering.wish import Axis

    name, _, values = given.partition("=")
    name, _, adapter = name.partition(":")
    told = tuple(value.strip() for value in values.split(","))
    if name != "sampler" and not all(map(_is_number, told)):
        raise typer.BadParameter(f"'{given}' cannot be understood; write steps=8,20,30")
    return Axis(cast("AxisName", name), told, adapter)


def _is_number(told: str) -> bool:
    try:
        float(told)
    except ValueError:
        return False
    return True


def start_from(workshop: Workshop, init: Path | None, strength: float, mask: Path | None) -> Start | None:
    """What drawing begins from, if anything. Raises NotFound, BadPhoto, and BadInput for a mask without a picture."""
    from ..rendering.drawing import Start

    if init is None:
        if mask:
            raise BadInput("A mask needs the picture that it belongs to. Give it with --init.")
        return None
    return Start(_taken(workshop, init), strength, _taken(workshop, mask) if mask else "")


def _taken(workshop: Workshop, path: Path) -> str:
    if not path.is_file():
        raise NotFound("There is no picture '{name}'. Check the name.", name=path.name)
    return workshop.take_start(path.name, path.read_bytes())
