"""From a wish to drawings: what it asks for picture by picture, and which of its fields cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ..adapters.card import STYLE_WEIGHT, LoraSet, in_turn
from ..errors import BadInput, StudioError
from ..files import atomic_write, private_folder
from ..models.table import BaseModel, base_model
from ..progress import Work
from ..publishing.provenance import marked
from ..rendering.checking import check_drawing
from ..rendering.drawing import Drawing, Start
from ..rendering.pace import Pace, paced
from ..rendering.refining import check_refined
from ..rendering.samplers import check_sampler
from ..rendering.wish import Wish
from ..settings import Settings
from . import grids
from .easel import Easel
from .wardrobe import Wardrobe

MOST_AT_ONCE = 16
NUMBERS = ("steps", "guidance", "sampler", "seed")  # fields of a wish that a drawing has too, each checked by itself


def usual(model: BaseModel, pace: Pace = "exact") -> Wish:
    """A wish for nothing yet, with the numbers that the model draws best with at that pace; `exact` where it has no other."""
    drawing = paced(_plain(model), pace, model)
    return Wish(
        prompt="",
        width=drawing.width,
        height=drawing.height,
        steps=drawing.steps,
        guidance=drawing.guidance,
        sampler=drawing.sampler,
        model=model.key,
        pace="draft" if drawing.draft else "fast" if drawing.fast else "exact",
    )


def has_pace(model: BaseModel, pace: Pace) -> bool:
    """Whether the model has that pace, with numbers that it can draw with."""
    wish = usual(model, pace)
    return wish.pace == pace and not _raised(lambda: _check_numbers(wish, NUMBERS))


def can_refine(model: BaseModel, settings: Settings) -> bool:
    """Whether the refiner fits the model and is on this computer."""
    return not _raised(lambda: check_refined(replace(_plain(model), refined=True), model, settings))


def _plain(model: BaseModel) -> Drawing:
    """A drawing of nothing, as the model likes it."""
    return Drawing(
        prompt="", negative="", seed=1, revision="", model=model.key, width=model.native_size_px, height=model.native_size_px,
        steps=model.steps, guidance=model.guidance, sampler=model.sampler,
    )  # fmt: skip


def drawing_of(easel: Easel, wish: Wish, prompt: str, kinds: Mapping[str, str]) -> Drawing:
    """The drawing of a wish for one picture that is told `prompt`; `kinds` tells of each adapter whether it is a subject.
    Raises NotFound, NotReady, BadInput for what is worn."""
    worn = turned(wish.worn, kinds) if wish.turned else wish.worn
    bare = easel.drawing(prompt, wish.negative, wish.seed, base_model(wish.model), worn)
    return replace(
        bare,
        width=wish.width,
        height=wish.height,
        steps=wish.steps,
        guidance=wish.guidance,
        sampler=check_sampler(wish.sampler),
        start=wish.start,
        draft=wish.pace == "draft",
        fast=wish.pace == "fast",
        refined=wish.refined,
    )


def turned(worn: LoraSet, kinds: Mapping[str, str]) -> LoraSet:
    """Heroes first and then styles; what has two weights already stays as it is."""
    heroes = tuple(one for one in worn if kinds.get(one.adapter) == "subject")
    styles = tuple(one for one in worn if kinds.get(one.adapter) != "subject")
    if any(one.late is not None for one in worn):
        return worn
    return tuple(one for part in in_turn(heroes, styles) for one in part)


def draw_grid(easel: Easel, wardrobe: Wardrobe, wish: Wish, out: Path) -> Work[tuple[Path, ...]]:
    """Draws the grid of a wish, told word by word, with all pictures in `out` and each in a folder beside it. Raises BadInput
    for axes that cannot be drawn."""
    cells = grids.cells(wish)
    kinds = wardrobe.kinds()
    drawings = [drawing_of(easel, cell.wish, wish.prompt, kinds) for cell in cells]
    names = ["-".join(_safe(cell.at, wish)) + f"-{one.key}.png" for cell, one in zip(cells, drawings, strict=True)]
    single = tuple(private_folder(out.with_suffix("")) / name for name in names)
    yield from easel.draw_pictures(drawings, single)
    atomic_write(out, marked(grids.sheet(single, wish.axes)))
    return single


def _safe(at: tuple[str, ...], wish: Wish) -> Iterator[str]:
    """Axes and values as they may stand in the name of a file: 'steps-8'."""
    for axis, value in zip(wish.axes, at, strict=True):
        yield f"{axis.name}-{value.replace(' ', '-').replace('+', 'p')}"


def faults(wish: Wish, wear: Callable[[Wish], object], source: Callable[[str], Path]) -> dict[str, StudioError]:
    """What of a wish cannot be drawn, by field; empty when all can. `wear` puts on what the wish wears, and `source` finds what
    it begins with; both raise StudioError."""
    found = {name: error for name, check in _checks(wish, wear, source) if (error := _raised(check))}
    if wish.axes and not set(found) & {"axes", "worn", *NUMBERS}:
        error = _raised(lambda: _check_cells(wish))
        found |= {"axes": error} if error else {}
    return found


def _checks(
    wish: Wish, wear: Callable[[Wish], object], source: Callable[[str], Path]
) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "prompt", lambda: _check_prompt(wish)
    yield "size", lambda: _check_numbers(wish, ("width", "height"))
    for name in NUMBERS:
        yield name, lambda name=name: _check_numbers(wish, (name,))  # type: ignore[misc]
    yield "count", lambda: _check_count(wish)
    yield "worn", lambda: wear(wish)
    if wish.axes:
        yield "axes", lambda: grids.cells(wish)
    if wish.start:
        start = wish.start
        yield "strength", lambda: _check_numbers(wish, ("start",))
        yield "start", lambda: source(start.picture)
        if start.mask:
            yield "mask", lambda: _check_mask(start, source)


def _raised(check: Callable[[], object]) -> StudioError | None:
    try:
        check()
    except StudioError as error:
        return error
    return None


def _check_prompt(wish: Wish) -> None:
    if not wish.prompt.strip():
        raise BadInput("Say in a few words what shall be drawn.")


def _check_numbers(wish: Wish, names: tuple[str, ...]) -> None:
    """Checks these fields alone: all others are as the model likes them."""
    model = base_model(wish.model)
    check_drawing(replace(_plain(model), **{name: getattr(wish, name) for name in names}), model)


def _check_cells(wish: Wish) -> None:
    for cell in grids.cells(wish):
        _check_numbers(cell.wish, NUMBERS)


def _check_count(wish: Wish) -> None:
    if isinstance(wish.count, bool) or not isinstance(wish.count, int) or not 1 <= wish.count <= MOST_AT_ONCE:
        raise BadInput(
            "'{count}' pictures at once cannot be drawn. Give 1 to {most}.", count=wish.count, most=MOST_AT_ONCE
        )


def _check_mask(start: Start, source: Callable[[str], Path]) -> None:
    from PIL import Image

    with Image.open(source(start.picture)) as picture, Image.open(source(start.mask)) as mask:
        if picture.size != mask.size:
            raise BadInput(
                "The mask has {mask} px and the picture {picture} px. Paint it on that very picture; nothing was changed.",
                mask="{} x {}".format(*mask.size),
                picture="{} x {}".format(*picture.size),
            )


def usual_weight(kind: str) -> float:
    """How strongly one of that kind is worn when nobody says otherwise."""
    return STYLE_WEIGHT if kind == "style" else 1.0
