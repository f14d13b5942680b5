"""What is told of each part, in English and Vietnamese, and which code does it: from texts.json beside this file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ...errors import BadInput, NotFound
from .record import Part

Language = Literal["en", "vi"]
LANGUAGES: tuple[Language, ...] = ("en", "vi")
FILE = Path(__file__).with_name("texts.json")
SHARES = {"start", "rest", "changed"}  # figures in 0 … 1 that are told in percent


class Explanation(NamedTuple):
    """A title, two to four sentences, and the code that does it: "studio/rendering/denoising.py:Denoising, …"."""

    title: str
    text: str
    code: str


def explanation(part: str, language: str) -> Explanation:
    """What is told of a part of `record.PARTS`. Raises NotFound, BadInput for another language than "en" and "vi"."""
    told = _part(part)
    words = told[known(language)]
    return Explanation(words["title"], words["text"], ", ".join(told["code"]))


def caption(part: Part, language: str) -> str:
    """The numbers of a part in a sentence or two. Raises NotFound, BadInput."""
    words, values = _part(part.name)[known(language)], shown(part, language)
    told = [words["caption"], *([words["cut"]] if part.figures.get("cut") else [])]
    return " ".join(told).format_map(values)


def phrase(name: str, language: str) -> str:
    """A phrase of the lesson with its blanks."""
    return str(_texts()["lesson"][known(language)][name])


def shown(part: Part, language: str) -> dict[str, str]:
    """The figures of a part that are numbers, as they are written; what solvers are off is under DDIM_5 and so on."""
    values = dict(part.figures)
    for solver, each in values.pop("off", {}).items():
        values |= {f"{solver}_{count}": round(100 * off, 1) for count, off in zip(values["steps"], each, strict=True)}
    return {
        name: number(round(100 * value, 1) if name in SHARES else value, language)
        for name, value in values.items()
        if isinstance(value, int | float)
    }


def number(value: float, language: str) -> str:
    """A number as the language writes it: 1,234.5 in English, 1.234,5 in Vietnamese."""
    text = f"{value:,}" if isinstance(value, int) or abs(value) >= 1000 else f"{value:.4g}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def known(language: str) -> str:
    """The language. Raises BadInput when nothing is told in it."""
    if language not in LANGUAGES:
        raise BadInput(
            "The lesson is not written in '{language}'. Choose 'en' for English or 'vi' for Vietnamese; nothing was changed.",
            language=language,
        )
    return language


def _part(name: str) -> dict[str, Any]:
    try:
        return _texts()["parts"][name]
    except KeyError as error:
        raise NotFound("There is no part '{name}' of an anatomy. Choose one of: {known}.", name=name, known=", ".join(_texts()["parts"])) from error  # fmt: skip


@cache
def _texts() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))
