"""How a free picture was drawn, as notes in its file: A1111's `parameters`, which other studios read, and our own `studio`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ..adapters.card import HEAVIEST
from ..errors import N_, BadInput
from ..models.table import BASE_MODELS
from .drawing import Drawing
from .samplers import SAMPLERS
from .wish import Wish

if TYPE_CHECKING:
    from pydantic import TypeAdapter

TITLES = {  # of the samplers, as everybody writes them
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "euler": "Euler",
    "euler a": "Euler a",
    "dpm++ 2m": "DPM++ 2M",
    "dpm++ 2m karras": "DPM++ 2M Karras",
    "dpm++ 2m sde": "DPM++ 2M SDE",
    "unipc": "UniPC",
    "lcm": "LCM",
}
NEGATIVE = "Negative prompt: "
LORA = re.compile(r"\s*<lora:([^:<>]+)(?::(-?[\d.]+))?[^<>]*>")
NUMBER = re.compile(r'\s*(\w[\w \-/]*):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
LEAST = 3  # numbers in a line; a prompt may well have a colon or two
LONGEST = 4000  # letters of a prompt
NOTHING = N_("The file '{name}' does not say how it was drawn. Give a PNG that came from a studio unchanged.")


def notes_of(drawing: Drawing, enlarged: int = 1) -> dict[str, str]:
    """Both notes of a drawing; `enlarged`: how many times the sides of the file are those that were drawn."""
    return {"parameters": _a1111(drawing, enlarged), "studio": _ours(drawing)}


def numbers(drawing: Drawing) -> str:
    """The numbers of a drawing in A1111's order, without a word of what it shows."""
    told: dict[str, object] = {
        "Steps": drawing.steps,
        "Sampler": TITLES.get(drawing.sampler, drawing.sampler),
        "CFG scale": f"{drawing.guidance:g}",
        "Seed": drawing.seed,
        "Size": f"{drawing.width}x{drawing.height}",
        "Model": drawing.model,
        "Model hash": drawing.revision,
    }
    return ", ".join(f"{name}: {value}" for name, value in told.items())


def wish_of(notes: Mapping[str, str], usual: Wish, name: str = "") -> Wish:
    """The wish that the notes of a file tell of; what they do not say is as in `usual`. Raises BadInput with the file's
    `name` when they tell nothing."""
    told = _from_ours(notes.get("studio", "")) or _from_a1111(notes.get("parameters", ""))
    if not told:
        raise BadInput(NOTHING, name=name)
    return _read({**asdict(replace(usual, count=1, axes=(), start=None)), **told}, name)


def _ours(drawing: Drawing) -> str:
    told = {
        name: value for name, value in asdict(drawing).items() if value is not False and value not in ("", (), None)
    }
    told.pop("start", None)  # the picture that was begun with is the person's own
    return json.dumps({"version": 1, **told}, ensure_ascii=False)


def _a1111(drawing: Drawing, enlarged: int) -> str:
    worn = "".join(f" <lora:{adapter}:{weight:g}>" for adapter, _, weight in drawing.worn)
    lines = [" ".join(drawing.prompt.split()) + worn]
    if drawing.negative:
        lines.append(NEGATIVE + " ".join(drawing.negative.split()))
    more = []
    if drawing.start:
        more.append(f"Denoising strength: {drawing.start.strength:g}")
    if drawing.worn:
        hashes = ", ".join(f"{adapter}: {sha256[:12]}" for adapter, sha256, _ in drawing.worn)
        more.append(f'Lora hashes: "{hashes}"')
    if drawing.refined:
        more.append("Refiner: sd_xl_refiner_1.0, Refiner switch at: 0.8")
    if enlarged > 1:
        more.append(f"Hires upscale: {enlarged}")
    return "\n".join([*lines, ", ".join([numbers(drawing), *more, "Version: Storybook Studio"])])


def _from_ours(text: str) -> dict[str, Any]:
    """Fields of a wish; none for what is not ours."""
    try:
        told = json.loads(text)
        worn = [{"adapter": str(adapter), "weight": float(weight)} for adapter, _, weight in told.get("worn", ())]
        known = {name: told[name] for name in ("prompt", "width", "height", "steps", "guidance", "sampler", "seed")}
        pace = "draft" if told.get("draft") else "fast" if told.get("fast") else "exact"
        more = {"negative": told.get("negative", ""), "refined": bool(told.get("refined"))}
        return {**known, **more, "model": told["model"], "worn": worn, "pace": pace}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _from_a1111(text: str) -> dict[str, Any]:
    """Fields of a wish; none when the last line holds no numbers."""
    *lines, last = text.strip().splitlines() or [""]
    found = {name.strip(): value.strip() for name, value in NUMBER.findall(last)}
    if len(found) < LEAST or "Steps" not in found:
        return {}
    spoken = "\n".join(lines)
    prompt, _, negative = spoken.rpartition("\n" + NEGATIVE) if "\n" + NEGATIVE in spoken else (spoken, "", "")
    worn = [{"adapter": name, "weight": _weight(weight)} for name, weight in LORA.findall(prompt)]
    refined = "Refiner" in found
    words = {
        "refined": refined,
        "prompt": LORA.sub("", prompt).strip(),
        "negative": negative.strip(),
        "worn": worn,
        "pace": "exact",
    }
    return words | dict(_numbers(found))


def _numbers(found: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """Those of A1111's numbers that a wish has; what cannot be read stays as it is usual."""
    width, _, height = found.get("Size", "").partition("x")
    given = {"steps": found["Steps"], "seed": found.get("Seed", ""), "width": width, "height": height}
    yield from ((name, int(value)) for name, value in given.items() if value.isdigit())
    if re.fullmatch(r"\d+(\.\d+)?", found.get("CFG scale", "")):
        yield "guidance", float(found["CFG scale"])
    if any(model.key == found.get("Model") for model in BASE_MODELS):
        yield "model", found["Model"]
    if found.get("Sampler"):
        yield "sampler", _sampler(f"{found['Sampler']} {found.get('Schedule type', '')}".strip())


def _sampler(title: str) -> str:
    """The sampler of that title, or the one that is called most like it."""
    return next(iter(get_close_matches(title.casefold(), SAMPLERS, 1, 0.0)))


def _weight(told: str) -> float:
    try:
        return max(-HEAVIEST, min(HEAVIEST, float(told or 1.0)))
    except ValueError:
        return 1.0


def _read(told: dict[str, Any], name: str) -> Wish:
    from pydantic import ValidationError

    told["prompt"], told["negative"] = str(told["prompt"])[:LONGEST], str(told["negative"])[:LONGEST]
    try:
        return _adapter().validate_python(told)
    except ValidationError as error:
        raise BadInput(NOTHING, name=name) from error


def _adapter() -> TypeAdapter[Wish]:
    from pydantic import TypeAdapter

    return TypeAdapter(Wish)
