"""Adapters that come from elsewhere and go elsewhere: judged, taken in, given away, and baked into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from ..adapters.card import AdapterCard, LoraSet, Rating
from ..adapters.shapes import Shapes, weight_shapes
from ..adapters.shelf import Shelf
from ..errors import BadAdapter, BadInput, NotReady, StudioError
from ..files import slug
from ..library.characters import Characters
from ..models.loading import model_folder
from ..models.table import BaseModel, base_model, known_models
from ..safety.rating import rated
from ..settings import Settings
from .admission import keep_weights
from .guard import Guard

if TYPE_CHECKING:
    from ..adapters.tensors import Layer

Form = Literal["peft", "kohya"]
FORMS: tuple[Form, ...] = ("peft", "kohya")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a file is good for: the base model that it `fits`, or none and `why`; how its layers are called, how many there
    are and match, their ranks and alphas from least to most, and how many tensors for a text encoder are left out."""

    file: str
    fits: str = ""
    why: str = ""
    dialect: str = ""
    layers: int = 0
    matched: int = 0
    ranks: tuple[int, int] = (0, 0)
    alphas: tuple[float, float] = (0.0, 0.0)
    of_text: int = 0
    trigger: str = ""
    rating: Rating = "unknown"  # what its words say of what it was taught


@dataclass(frozen=True, slots=True)
class Baked:
    """An adapter made of several, and the share of their sum that its rank could not hold, 0..1."""

    card: AdapterCard
    lost: float


def check(settings: Settings, file: Path, model: str = "") -> Finding:
    """Whether the file can be worn, by that base model or any that is on this computer."""
    return _read(settings, file, model)[0]


def glance(settings: Settings, name: str, file: Path, model: str = "") -> Finding:
    """The same as far as the header tells, at once and without reading a number; `name` is what the person calls the file."""
    from ..adapters.matching import match

    refused: StudioError | None = None
    for known in (base_model(model),) if model else known_models():
        try:
            matched = match(file, name, _shapes(settings, known), known.title)
            trigger = matched.words.get("modelspec.trigger_phrase", "")
            return Finding(
                file=name, fits=known.key, dialect=matched.dialect, layers=matched.layers, matched=len(matched.pairs),
                of_text=matched.of_text, trigger=trigger, rating=rated(matched.words),
            )  # fmt: skip
        except NotReady as error:
            refused = refused or (error if model else None)
        except BadAdapter as error:
            refused = refused or error
    return Finding(file=name, why=str(refused))


def _read(settings: Settings, file: Path, model: str) -> tuple[Finding, dict[str, Layer]]:
    """What the file is good for, and its layers; none where it is good for nothing."""
    refused: StudioError | None = None
    for known in (base_model(model),) if model else known_models():
        try:
            return _fitting(settings, file, known)
        except NotReady as error:
            refused = refused or (error if model else None)
        except BadAdapter as error:
            refused = refused or error
    return Finding(file=file.name, why=str(refused)), {}


def _fitting(settings: Settings, file: Path, model: BaseModel) -> tuple[Finding, dict[str, Layer]]:
    from ..adapters.tensors import read_matched

    matched, layers = read_matched(file, _shapes(settings, model), model.title)
    ranks = sorted(len(layer.down) for layer in layers.values())
    alphas = sorted(layer.alpha for layer in layers.values())
    finding = Finding(
        file=file.name,
        fits=model.key,
        dialect=matched.dialect,
        layers=matched.layers,
        matched=len(matched.pairs),
        ranks=(ranks[0], ranks[-1]),
        alphas=(alphas[0], alphas[-1]),
        of_text=matched.of_text,
        trigger=matched.words.get("modelspec.trigger_phrase", ""),
        rating=rated(matched.words),
    )
    return finding, layers


def take_in(settings: Settings, file: Path, card: AdapterCard) -> AdapterCard:
    """Stands a file from elsewhere on the shelf under that card, whose model, rank, alpha and trigger are told by the file.

    It is written anew, so that what stands on the shelf is always whole and says its strength. Raises BadInput for a name that
    is taken, BadAdapter for a file that cannot be worn.
    """
    if any(known.id == card.id for known in Shelf(settings).cards()):
        raise BadInput("There is an adapter '{id}' already. Give another name, or remove that one first.", id=card.id)
    finding, layers = _read(settings, file, card.base_model)
    if not finding.fits:
        raise BadAdapter(finding.why)
    return _stood(
        settings,
        replace(
            card,
            base_model=finding.fits,
            rank=finding.ranks[1],
            alpha=finding.alphas[1],
            trigger=card.trigger or finding.trigger,
            source="imported",
            rating=finding.rating,
        ),
        layers,
    )


def give(settings: Settings, id: str, out: Path, form: Form = "peft", share: bool = False) -> Path:
    """Writes an adapter for use elsewhere. Raises NotFound, NotReady, NoRoom; BadInput for one of a person unless `share`."""
    from ..adapters.kohya import write_kohya
    from ..adapters.tensors import read_layers, write_layers
    from ..training.course import modelspec

    shelf = Shelf(settings)
    card = shelf.card(id)
    if card.kind == "subject" and not shelf.ships(id):
        keep_weights(settings)
    if not share:
        _refuse_person(settings, card)
    model = base_model(card.base_model)
    if form == "kohya" and model.network != "unet":
        raise BadInput(
            "The form 'kohya' is for models with a UNet, and {model} has none. Leave --form out; nothing was written.",
            model=model.title,
        )
    known = _shapes(settings, model)
    layers, words = read_layers(shelf.tensors_path(id), known, model.title), modelspec(card, model)
    if form == "kohya":
        return write_kohya(out, layers, known, model.family, words)
    return write_layers(out, layers, model.key, words)


def bake(settings: Settings, worn: LoraSet, name: str, rank: int = 0, out: Path | None = None) -> Baked:
    """Makes one style of several adapters at their weights; with `rank` 0 exactly. It stands on the shelf, or in the file `out`,
    where no person may go. Raises NotFound, BadInput, NoRoom."""
    from ..adapters.merging import baked
    from ..adapters.tensors import read_layers

    shelf = Shelf(settings)
    cards = [shelf.card(one.adapter) for one in worn]
    _refuse_mixed(cards)
    model = base_model(cards[0].base_model)
    Guard(settings).company(model, [card.id for card in cards])
    known = _shapes(settings, model)
    read = [read_layers(shelf.tensors_path(card.id), known, model.title) for card in cards]
    layers, lost = baked([(part, one.weight) for part, one in zip(read, worn, strict=True)], rank)
    ranks = max(len(layer.down) for layer in layers.values())
    subject = next((card for card in cards if card.kind == "subject"), None)
    card = AdapterCard(
        id=slug(name),
        title=name,
        kind="subject" if subject else "style",
        base_model=model.key,
        rank=ranks,
        alpha=float(ranks),
        trigger=subject.trigger if subject else ", ".join(card.trigger for card in cards if card.trigger),
        class_word=subject.class_word if subject else "",
        source="baked",
        rating="adult" if any(card.rating == "adult" for card in cards) else "unknown",
        parts=tuple(dict.fromkeys(id for card in cards for id in (card.id, *card.parts))),
        made="Baked from " + " and ".join(f"{one.adapter} at {one.weight:g}" for one in worn) + ".",
        licence=", ".join(dict.fromkeys(card.licence for card in cards if card.licence)),
    )
    if out is None:
        return Baked(_stood(settings, card, layers), lost)
    _refuse_person(settings, card)
    _written(out, card, layers)
    return Baked(card, lost)


def _shapes(settings: Settings, model: BaseModel) -> Shapes:
    """Of the layers of a base model that is on this computer. Raises NotReady."""
    return weight_shapes(model_folder(model, settings) / model.network, model.title)


def _refuse_mixed(cards: Sequence[AdapterCard]) -> None:
    models = dict.fromkeys(card.base_model for card in cards)
    if len(models) > 1:
        raise BadInput(
            "Only adapters of one base model can be baked together; these are for {known}.", known=", ".join(models)
        )
    if len(cards) < 2:
        raise BadInput("Give at least two adapters to bake into one, such as: may:1 watercolour:0.6")
    if sum(card.kind == "subject" for card in cards) > 1:
        raise BadInput("Two characters in one adapter would look like each other. Bake one with styles only.")


def _refuse_person(settings: Settings, card: AdapterCard) -> None:
    if any(one.id in (card.id, *card.parts) and one.kind == "person" for one in Characters(settings).all()):
        raise BadInput(
            "'{name}' is a person. What was learnt of them can be drawn by whoever has the file, and leaves this computer "
            "only when you say so: --share",
            name=card.title,
        )


def _stood(settings: Settings, card: AdapterCard, layers: Mapping[str, Layer]) -> AdapterCard:
    with TemporaryDirectory() as room:
        return Shelf(settings).put(card, _written(Path(room) / "adapter.safetensors", card, layers))


def _written(out: Path, card: AdapterCard, layers: Mapping[str, Layer]) -> Path:
    """The layers as a file that says what they are and whence."""
    from ..adapters.tensors import write_layers
    from ..training.course import modelspec

    words = modelspec(card, base_model(card.base_model)) | {"modelspec.description": card.made}
    return write_layers(out, layers, card.base_model, words)
