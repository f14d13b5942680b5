"""What was seen in the pictures of a book becomes measures: a value from 0 to 1 and a word each, page by page and for the book.

Pure. The thresholds were set on 104 pictures that pocket drew: the sample book with nobody taught, with three heroes and in
eight styles, and 48 scenes of one, two and three figures (docs/measuring.md).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from .asking import Reading, match

if TYPE_CHECKING:
    import numpy as np

VERSION = 1  # of what is kept of a picture; raised when the same picture would be seen otherwise
Verdict = Literal["good", "so-so", "weak"]
Name = Literal["likeness", "steady", "match", "figures", "style", "print"]
NAMES: tuple[Name, ...] = ("likeness", "steady", "match", "figures", "style", "print")

LIKE = 0.8  # of the likeness of two photos, as in a teaching; heroes taught with care had 0.84 to 0.92 on their pages
RISE = 0.25  # of the way from anybody of the kind to the photos, below which a hero is as unlike as a stranger
STYLED = 0.9  # of a likeness is left in a style of the usual strength (docs/results.md)
STRANGER = 0.7  # of a likeness, where nobody measured it; girls had 0.62 to 0.78 of that to two heroes
BORDERS: Mapping[Name, tuple[float, float]] = {  # from where on a value is good, and from where on it is so-so
    "steady": (0.8, 0.7),  # a hero from page to page had 0.80 to 0.93, one beside another 0.65 to 0.75
    "match": (0.8, 0.65),  # a wrong place alone leaves 0.6, a wrong hour or a missing thing 0.75
    "figures": (0.5, 0.1),  # how likely the number asked for is; red in 2 of 48 pictures, one of them rightly
    "style": (0.35, 0.1),  # 27 of 28 styled pages had 0.13 and more, nine in ten plain ones 0.17 and less
    "print": (
        200 / 300,
        100 / 300,
    ),  # an eye at 40 cm tells 218 points to the inch apart; at half of that edges look soft
}
WORN: tuple[Name, ...] = ("likeness", "style")  # what comes of being worn, and so of how strongly
FINE_PPI = 300.0  # what print services like best, a full bar
WEIGHTS: Mapping[Name, float] = {"likeness": 2.0, "match": 2.0, "style": 1.0, "steady": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeroSeen:
    """A taught character in a picture. `likeness` to the photos is a share of that of two photos, as is `stranger`, what
    anybody of the kind has; `look` is what was seen of them, to compare pages by."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    character: str
    likeness: float
    stranger: float = STRANGER
    own: float = 1.0  # likeness of two photos
    look: str = ""  # base64 of float16: what CLIP saw, 256 numbers, and the colours


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen in one picture, held to what was asked for when it was looked at; empty or None is not measured."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    picture: str  # file name
    brief: str  # stands for all that was asked for
    print_px: tuple[int, int]  # width and height of the copy for paper
    heroes: tuple[HeroSeen, ...] = ()
    readings: tuple[Reading, ...] = ()
    numbers: tuple[float, ...] = ()  # how likely no figure, one, two, three are
    asked: int = 0  # figures
    style: float | None = None  # how far on the way to the style, 1: as its sample
    standard: tuple[tuple[str, str, float], ...] = ()  # name of the score, character or "", value
    version: int = VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing about a picture: 0..1 for a bar, and a word. `number` is what it is told as on demand."""

    name: Name
    value: float
    verdict: Verdict
    character: str = ""
    number: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMeasures:
    """All that was measured of a page's picture, what is wrong first."""

    page: int
    picture: str
    measures: tuple[Measure, ...]
    missing: tuple[tuple[str, str], ...] = ()  # field of the scene and the word that is not to be seen
    figures: tuple[int, int] = (0, 0)  # seen and asked for
    standard: tuple[tuple[str, str, float], ...] = ()

    @property
    def score(self) -> float:
        """By which pictures of one page are ranked, 0..1: a wrong number of figures halves what else is good."""
        told = [(WEIGHTS[one.name], one.value) for one in self.measures if one.name in WEIGHTS]
        mean = sum(weight * value for weight, value in told) / sum(weight for weight, _ in told) if told else 1.0
        sure = next((one.value for one in self.measures if one.name == "figures"), 1.0)
        return mean * (1 + sure) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The book at a glance: the mean of each measure over the pages that have it, and the pages that drawing anew may mend,
    the worst first."""

    measured: int = 0  # pages
    measures: tuple[Measure, ...] = ()
    marked: tuple[int, ...] = ()
    standard: tuple[tuple[str, str, float], ...] = ()

    @property
    def faint(self) -> tuple[Measure, ...]:
        """Heroes and styles that hardly show in the whole book: another seed does not help, wearing them more strongly may."""
        return tuple(one for one in self.measures if one.name in WORN and one.verdict == "weak")

    def marks(self, page: PageMeasures) -> tuple[Measure, ...]:
        """What is wrong with a page and may be mended by drawing it anew."""
        whole = {(one.name, one.character) for one in self.faint}
        weak = (one for one in page.measures if one.verdict == "weak" and one.name != "print")
        return tuple(one for one in weak if (one.name, one.character) not in whole)


def packed(look: np.ndarray) -> str:
    """Numbers as they are kept."""
    return base64.b64encode(look.astype("float16").tobytes()).decode()


def judged(sights: Mapping[int, Sight], ppi: Mapping[int, float], strength: float = 1.0) -> dict[int, PageMeasures]:
    """The measures of the pages by number. `strength` is the share of the usual one at which the style is worn."""
    steady = _steady(sights)
    found = {}
    for page, sight in sights.items():
        measures = [_likeness(hero, sight.style is not None) for hero in sight.heroes]
        measures += [steady[page, hero.character] for hero in sight.heroes if (page, hero.character) in steady]
        measures += [_of("match", match(sight.readings))] if sight.readings else []
        measures += [_counted(sight)] if sight.numbers else []
        measures += [_of("style", sight.style / max(0.1, strength))] if sight.style is not None else []
        measures.append(_of("print", ppi[page] / FINE_PPI, number=ppi[page]))
        found[page] = PageMeasures(
            page=page,
            picture=sight.picture,
            measures=tuple(sorted(measures, key=lambda one: one.verdict != "weak")),
            missing=tuple((one.field, one.asked) for one in sight.readings if one.missing),
            figures=(_most_likely(sight.numbers), sight.asked) if sight.numbers else (0, 0),
            standard=sight.standard,
        )
    return found


def summary(pages: Iterable[PageMeasures]) -> Summary:
    """Of the pages that were measured."""
    told = list(pages)
    means = tuple(_mean(name, character, told) for name, character in _kinds(told))
    whole = Summary(measured=len(told), measures=means, standard=_mean_scores(told))
    marked = sorted((one for one in told if whole.marks(one)), key=lambda one: one.score)
    return replace(whole, marked=tuple(one.page for one in marked))


def verdict(name: Name, value: float) -> Verdict:
    """The word for a value of any measure but a likeness."""
    good, fair = BORDERS[name]
    return "good" if value >= good else "so-so" if value >= fair else "weak"


def like(share: float, stranger: float = STRANGER, styled: bool = False) -> Verdict:
    """The word for a likeness as a share of that of two photos; a style takes some of it from everybody."""
    alike = share / STYLED if styled else share
    if alike >= LIKE:
        return "good"
    return "so-so" if alike >= min(LIKE, stranger + RISE * (1 - stranger)) else "weak"


def _of(name: Name, value: float, character: str = "", number: float | None = None) -> Measure:
    full = min(1.0, max(0.0, value))
    told = full if number is None else number
    return Measure(name=name, value=full, verdict=verdict(name, value), character=character, number=told)


def _likeness(hero: HeroSeen, styled: bool) -> Measure:
    share = min(1.0, hero.likeness)
    return Measure(
        name="likeness",
        value=share,
        verdict=like(share, hero.stranger, styled),
        character=hero.character,
        number=hero.likeness,
    )


def _counted(sight: Sight) -> Measure:
    """How likely the number of figures is that was asked for."""
    chance = sight.numbers[sight.asked] if sight.asked < len(sight.numbers) else 0.0
    return _of("figures", chance, number=float(_most_likely(sight.numbers)))


def _most_likely(numbers: Sequence[float]) -> int:
    return max(range(len(numbers)), key=lambda one: numbers[one], default=0)


def _steady(sights: Mapping[int, Sight]) -> dict[tuple[int, str], Measure]:
    """How like each hero of a page is to themselves on the other pages, as a share of the likeness of two photos."""
    import numpy as np

    found: dict[tuple[int, str], Measure] = {}
    for character in {hero.character for sight in sights.values() for hero in sight.heroes if hero.look}:
        seen = {
            page: hero
            for page, sight in sights.items()
            for hero in sight.heroes
            if hero.character == character and hero.look
        }
        if len(seen) < 2:
            continue
        looks = np.stack([_unpacked(hero.look) for hero in seen.values()])
        alike = _pairs(looks) / np.array([hero.own for hero in seen.values()])[:, None]
        others = (alike.sum(1) - np.diag(alike)) / (len(seen) - 1)
        found |= {
            (page, character): _of("steady", float(one), character) for page, one in zip(seen, others, strict=True)
        }
    return found


def _unpacked(look: str) -> np.ndarray:
    import numpy as np

    return np.frombuffer(base64.b64decode(look), np.float16).astype(np.float32)


def _pairs(looks: np.ndarray) -> np.ndarray:
    """Likeness of each to each as `evaluation.likeness.pairs` has it, of looks [n, 256 + bins]."""
    import numpy as np

    seen, colours = looks[:, :256], looks[:, 256:]
    return ((seen @ seen.T).clip(0, 1) + np.minimum(colours[:, None], colours[None]).sum(2)) / 2


def _kinds(pages: Sequence[PageMeasures]) -> list[tuple[Name, str]]:
    """The measures that any page has, each once, in the order of NAMES."""
    found = {(one.name, one.character) for page in pages for one in page.measures}
    return sorted(found, key=lambda one: (NAMES.index(one[0]), one[1]))


def _mean(name: Name, character: str, pages: Sequence[PageMeasures]) -> Measure:
    """The mean of a measure; its word is the one that most pages have, of two as frequent the worse one."""
    told = [one for page in pages for one in page.measures if (one.name, one.character) == (name, character)]
    words = [one.verdict for one in told]
    order: tuple[Verdict, ...] = ("weak", "so-so", "good")
    return Measure(
        name=name,
        value=round(sum(one.value for one in told) / len(told), 4),
        verdict=max(order, key=words.count),
        character=character,
        number=round(sum(one.number for one in told) / len(told), 4),
    )


def _mean_scores(pages: Sequence[PageMeasures]) -> tuple[tuple[str, str, float], ...]:
    """The standard scores of all pictures together."""
    scores: dict[tuple[str, str], list[float]] = {}
    for page in pages:
        for name, character, value in page.standard:
            scores.setdefault((name, character), []).append(value)
    return tuple((*key, round(sum(values) / len(values), 4)) for key, values in scores.items())
