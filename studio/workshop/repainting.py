"""Pictures and books in the manner of another picture: carefully, at once, or in all manners that one picture has."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import BadInput, NotFound
from ..library.experiments import Value
from ..progress import Progress, Work
from ..settings import ASSETS

if TYPE_CHECKING:
    import numpy as np
    import torch

    from ..lab.features import Eye
    from ..lab.transfer import Manner, Task

Way = Literal["careful", "quick", "sheet"]
WAYS: tuple[Way, ...] = ("careful", "quick", "sheet")
EYE, DECODER = ASSETS / "lab" / "eye.safetensors", ASSETS / "lab" / "decoder.safetensors"
SHOWN_S = 1.5  # between two pictures of how far it is
SHEET_PX = 192  # the longer side of each picture of a sheet, of which there are many
COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """How pictures are repainted. `network` is a file of VGG-19 in place of the studio's own eye."""

    way: Way = "careful"
    side_px: int = 512  # the longer side of the result
    content_weight: float = 1.0
    style_weight: float = 30.0
    smooth: float = 5.0
    optimizer: Literal["lbfgs", "adam"] = "lbfgs"
    keep_colour: bool = False
    strength: float = 1.0  # of the quick way
    network: str = ""

    def __post_init__(self) -> None:
        if self.way not in WAYS or self.optimizer not in ("lbfgs", "adam"):
            raise BadInput(
                "Pictures are not repainted in the way '{way}' with '{optimizer}'. Ways are {ways}, optimizers lbfgs and adam.",
                way=self.way,
                optimizer=self.optimizer,
                ways=", ".join(WAYS),
            )
        if not 64 <= self.side_px <= 1024:
            raise BadInput("A side of {side} px cannot be repainted. Choose one from 64 to 1024.", side=self.side_px)


@dataclass(frozen=True, slots=True)
class Going(Progress):
    """How far it is; now and then with the picture so far, uint8 [h, w, 3]."""

    picture: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Repainted:
    """What came of it: the picture, the sheet of many manners if that was asked for, and what was measured."""

    picture: np.ndarray
    figures: dict[str, Value]
    sheet: tuple[tuple[np.ndarray, str], ...] = ()


def repaint(
    content: np.ndarray,
    styles: Sequence[np.ndarray],
    weights: Sequence[float],
    asked: Asked,
    mask: np.ndarray | None = None,
) -> Work[Repainted]:
    """A picture uint8 [h, w, 3] in the manner of others, mixed by their weights. `mask` uint8 [h, w], white where the manner goes.
    Raises BadInput, NotFound, NotReady."""
    import torch

    from ..lab.transfer import Task, Weights, manner, mixed, readable

    check_weights(styles, weights)
    yield Progress(0, 1, "looking at the pictures")
    eye, began = _eye(asked.network), time.monotonic()
    read = [readable(content, style, asked.side_px) for style in styles]
    shown, painted_by = read[0][0], [style for _, style in read]
    share = None if mask is None else torch.from_numpy(mask.astype("float32") / 255)[None, None]
    if asked.way == "sheet":
        return (yield from _sheet(eye, shown, painted_by[0], asked))
    if asked.way == "quick":
        return _at_once(eye, shown, painted_by, weights, asked, share)
    wanted = mixed([manner(eye, style) for style in painted_by], weights)
    terms = Weights(asked.content_weight, asked.style_weight, asked.smooth)
    task = Task(shown, wanted, terms, asked.optimizer, asked.keep_colour, share)
    result = yield from _carefully(eye, task)
    return Repainted(_pixels(result), {**_measured(eye, task, result), "seconds": round(time.monotonic() - began, 1)})


def check_weights(styles: Sequence[object], weights: Sequence[float]) -> None:
    """Raises BadInput for other than one weight a style, below 0, or all 0."""
    if len(weights) != len(styles) or min(weights) < 0 or not 0 < sum(weights) < math.inf:
        raise BadInput(
            "{styles} styles cannot be mixed by the weights {weights}. Give each style one weight from 0 up, and one of them above 0; "
            "your pictures are safe.",
            styles=len(styles),
            weights=", ".join(f"{weight:g}" for weight in weights) or "-",
        )


def _carefully(eye: Eye, task: Task) -> Work[torch.Tensor]:
    from ..lab.transfer import course, repainted

    total, shown = sum(steps for _, steps in course(task)), 0.0
    result = task.content
    for done, (painted, losses) in enumerate(repainted(eye, task), 1):
        result = painted
        due = time.monotonic() - shown > SHOWN_S
        shown = time.monotonic() if due else shown
        yield Going(done, total, f"style {losses.style:.3f}", _pixels(result) if due else None)
    return result


def _measured(eye: Eye, task: Task, result: torch.Tensor) -> dict[str, Value]:
    """How far the style is from what was wanted before and after, and how much of the edges is where it was."""
    from ..lab.keeping import edges_kept
    from ..lab.transfer import Wanted, with_margin

    wanted = Wanted(eye, task, task.content)
    before, after = (wanted.loss(with_margin(one))[1] for one in (task.content, result))
    return {
        "style before": round(before.style, 5),
        "style after": round(after.style, 5),
        "content after": round(after.content, 5),
        "style fell": round(1 - after.style / before.style, 4),
        "edges kept": round(edges_kept(task.content, result), 4),
    }


def _at_once(
    eye: Eye,
    content: torch.Tensor,
    styles: Sequence[torch.Tensor],
    weights: Sequence[float],
    asked: Asked,
    mask: torch.Tensor | None,
) -> Repainted:
    """By means and deviations of features alone, and the colours of the styles."""
    from torch.nn.functional import interpolate

    from ..lab.book import toning_of
    from ..lab.fast import look, mixed_looks, own_decoder, repainted_at_once
    from ..lab.transfer import Task, manner, mixed

    decoder, began = own_decoder(DECODER, eye.plan), time.monotonic()
    worn = mixed_looks([look(eye, style) for style in styles], weights)
    result = repainted_at_once(eye, decoder, content, worn, asked.strength, asked.keep_colour)
    wanted = mixed([manner(eye, style) for style in styles], weights)
    if not asked.keep_colour:  # a small decoder paints all colours a little alike
        result = result.lerp(toning_of([result], wanted)(result), asked.strength)
    if mask is not None:
        result = content.lerp(result, interpolate(mask, result.shape[2:], mode="area"))
    seconds = round(time.monotonic() - began, 2)
    task = Task(content, wanted, keep_colour=asked.keep_colour, mask=mask)
    return Repainted(_pixels(result), {**_measured(eye, task, result), "seconds": seconds})


def _sheet(eye: Eye, content: torch.Tensor, style: torch.Tensor, asked: Asked) -> Work[Repainted]:
    """The picture in each of the manners that one style picture has."""
    from ..lab.transfer import Task, Weights, course, repainted, scaled
    from ..lab.variants import variants

    small, began = scaled(content, min(SHEET_PX, asked.side_px)), time.monotonic()
    pictures = [(_pixels(small), "content"), (_pixels(scaled(style, SHEET_PX)), "style")]
    known = [*variants(eye, scaled(style, 256))]
    terms, result = Weights(asked.content_weight, asked.style_weight, asked.smooth), small
    for number, one in enumerate(known):
        task = Task(small, one.manner, terms, asked.optimizer, asked.keep_colour)
        each = sum(steps for _, steps in course(task))
        for step, (painted, _losses) in enumerate(repainted(eye, task), 1):
            result = painted
            yield Progress(number * each + step, len(known) * each, one.name)
        pictures.append((_pixels(result), one.name))
        yield Going((number + 1) * each, len(known) * each, one.name, _pixels(result))
    seconds = round(time.monotonic() - began, 1)
    return Repainted(pictures[2][0], {"manners": len(known), "seconds": seconds}, tuple(pictures))


def repaint_pages(
    pages: Sequence[np.ndarray], style: np.ndarray, asked: Asked, wanted: Sequence[int]
) -> Iterator[tuple[Progress, int, np.ndarray | None]]:
    """The pages of a book in one manner, the heroes kept; of each step how far it is, the page, and its picture when it is done."""
    from ..lab.book import Repainted as Told
    from ..lab.book import repainted_pages
    from ..lab.transfer import Weights, readable

    eye, terms = _eye(asked.network), Weights(asked.content_weight, asked.style_weight, asked.smooth)
    work = repainted_pages(
        eye,
        pages,
        _manner(eye, readable(pages[0], style)[1]),
        terms,
        [_hero(page) for page in pages],
        set(wanted),
        asked.keep_colour,
    )
    for step in work:
        told = step if isinstance(step, Told) else Told(step.done, step.total, step.note)
        yield Progress(told.done, told.total, told.note), told.page, told.picture


def _manner(eye: Eye, style: torch.Tensor) -> Manner:
    from ..lab.transfer import manner

    return manner(eye, style)


def _hero(page: np.ndarray) -> np.ndarray | None:
    """Where somebody is in a drawn page, bool [h, w]; None where nobody is seen."""
    from ..evaluation.figures import anybody
    from ..photos.spotter import spot

    seen = spot(page)
    return seen > 0.5 if anybody(seen) else None


def _eye(network: str) -> Eye:
    """The studio's own, or a person's VGG-19. Raises BadInput, NotFound."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from ..lab.features import brought_eye, own_eye

    if not network:
        return own_eye(EYE)
    path = Path(network)
    if not path.is_file():
        raise NotFound("There is no file '{name}'. Check how it is called and where it lies.", name=path.name)
    try:
        return brought_eye(load_file(path))
    except (SafetensorError, OSError, ValueError) as error:
        raise BadInput(
            "'{name}' is no .safetensors file. Weights of torch (.pth) become one with: python -m studio models import {name} --convert. "
            "Nothing was changed.",
            name=path.name,
        ) from error


def _pixels(picture: torch.Tensor) -> np.ndarray:
    """[1, 3, h, w] in 0..1 as uint8 [h, w, 3]."""
    return (picture[0].permute(1, 2, 0).clamp(0, 1) * 255).round().byte().numpy()


def asked_of(told: Mapping[str, Value]) -> Asked:
    """The part of what an experiment was asked that says how to repaint. Raises BadInput."""
    from dataclasses import fields

    return Asked(**{one.name: told[one.name] for one in fields(Asked) if one.name in told})  # type: ignore[arg-type]
