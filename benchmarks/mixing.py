"""A hero and a style in one picture: which way of putting two LoRAs together keeps most of both.

    python -m benchmarks.mixing --home HOME [--heroes may,nico] [--scenes 3] [--steps 16] [--sheet FILE] [--json]

HOME is a STUDIO_HOME with taught characters. Every way is tried on every hero with every style that ships, on the same scenes
and seeds. Told are: what is left of the hero's likeness to the photos (1 as without a style), in how many pictures a small
judge recognises the style, how far the picture went from plain to the style alone, and how much of place, hour and pose
pocket's judge still reads (1 as without a style); and the mean of the first three's weaker and stronger halves as one score.
The ways: the weighted sum as the studio wears it (peft's `cat` is the same sum: the difference is told), the sum with weights that
change in the middle of drawing, peft's `svd` and `ties`, and a choice per layer and step after K-LoRA (arXiv 2502.18461).
About fifteen minutes on two quiet cores for three heroes.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks.styles import NAMES, seen, taught_judge
from studio.adapters.tensors import Layer, read_adapter
from studio.evaluation.likeness import Eyes, likeness
from studio.evaluation.manner import share
from studio.library.characters import Characters
from studio.models.device import best_device
from studio.models.loading import load_pipeline, model_revision
from studio.models.table import base_model
from studio.pocket.styles import MANNERS
from studio.rendering.conditioning import Conditioning
from studio.rendering.denoising import Denoising
from studio.rendering.drawing import Drawing
from studio.rendering.finish import finished
from studio.settings import SHIPPED_ADAPTERS, load_settings
from studio.workshop import Workshop
from studio.workshop.album import view
from studio.workshop.portraits import SEED, prompts
from studio.workshop.scoring import obeyed

Deltas = dict[str, torch.Tensor]
USUAL = 0.6  # of the style, where a way has no weights of its own to vary
KLORA = (1.5, 0.5)  # the style's share of the choice grows from the second number to the sum of both


@dataclass(frozen=True, slots=True)
class Way:
    """How the two are put together: what is added to the weights at a share of the way, 0..1."""

    name: str
    at: Callable[[float, Deltas, Deltas], Deltas]


def summed(hero: tuple[float, float], style: tuple[float, float]) -> Callable[[float, Deltas, Deltas], Deltas]:
    """Early and late weights of both."""

    known: dict[tuple[int, int, float, float], Deltas] = {}

    def at(way: float, one: Deltas, other: Deltas) -> Deltas:
        a, b = (pair[way >= 0.5] for pair in (hero, style))
        key = (id(one), id(other), a, b)
        if key not in known:
            if len(known) > 1:
                known.clear()
            known[key] = {name: a * one.get(name, 0) + b * other.get(name, 0) for name in one.keys() | other.keys()}
        return known[key]

    return at


def worn(deltas: Deltas) -> Callable[[float], Deltas]:
    return lambda _: deltas


def mixed(way: Way, one: Deltas, other: Deltas) -> Callable[[float], Deltas]:
    return lambda far: way.at(far, one, other)


def chosen(way: float, one: Deltas, other: Deltas) -> Deltas:
    """In each layer hero or style, whichever has the larger largest entries, the style's counted more and more."""
    tops, masses = zip(*(largest(deltas) for deltas in (one, other)), strict=True)
    grown = (KLORA[0] * way + KLORA[1]) * masses[0] / masses[1]
    return {
        name: one[name]
        if name not in other or (name in one and tops[0][name] >= tops[1][name] * grown)
        else other[name]
        for name in one.keys() | other.keys()
    }


LARGEST: dict[int, tuple[dict[str, float], float]] = {}


def largest(deltas: Deltas, count: int = 16 * 5) -> tuple[dict[str, float], float]:
    """The sum of the largest entries of each layer, and of all entries of all layers."""
    if id(deltas) not in LARGEST:
        sizes = {name: delta.abs().flatten() for name, delta in deltas.items()}
        tops = {name: float(size.topk(min(count, size.numel())).values.sum()) for name, size in sizes.items()}
        LARGEST[id(deltas)] = tops, float(sum(size.sum() for size in sizes.values()))
    return LARGEST[id(deltas)]


def peft_way(kind: str, **options: Any) -> Callable[[float, Deltas, Deltas], Deltas]:
    """peft's own merging of the two, computed once for a pair."""
    known: dict[int, Deltas] = {}

    def at(way: float, one: Deltas, other: Deltas) -> Deltas:
        if id(other) not in known:
            known.clear()
            known[id(other)] = peft_merged(kind, options)
        return known[id(other)]

    return at


WAYS = [
    *(Way(f"sum, style {w:g}", summed((1, 1), (w, w))) for w in (0.4, 0.6, 0.8, 1.0)),
    Way("sum, style 0.3 then 0.9", summed((1, 1), (0.3, 0.9))),
    Way("sum, hero 1.1 then 0.8, style 0.3 then 1", summed((1.1, 0.8), (0.3, 1.0))),
    Way("sum, style 0 then 1", summed((1, 1), (0, 1.0))),
    Way("peft svd, rank 16, style 0.6", peft_way("svd", svd_rank=16)),
    Way("peft ties, density 0.5, style 0.6", peft_way("ties", density=0.5)),
    Way("choice per layer and step (K-LoRA)", chosen),
]
PAIR: dict[str, tuple[Mapping[str, Layer], float]] = {}  # the two LoRAs at hand, for peft


def main() -> None:
    given = arguments()
    os.environ["STUDIO_HOME"] = str(given.home)
    torch.manual_seed(0)
    judge, sure = taught_judge()
    print(f"the style judge is right on {sure:.3f} of redrawn renders it never saw", flush=True)
    rows = Bench(given, judge).rows()
    answer = {"judge": sure, "rows": rows}
    print(json.dumps(answer, indent=1) if given.json else table(rows))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Which way of mixing keeps most of hero and style.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--heroes", default="")
    parser.add_argument("--styles", default=",".join(MANNERS))
    parser.add_argument("--scenes", type=int, default=3)
    parser.add_argument("--steps", type=int, default=16)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Bench:
    """All that stays the same while ways are tried."""

    def __init__(self, given: argparse.Namespace, judge: torch.nn.Module) -> None:
        self.given, self.judge, self.apart = given, judge, None
        self.settings = load_settings()
        model = base_model("pocket")
        self.pipeline = load_pipeline(model, self.settings, best_device().drawing_dtype)
        self.words, self.eyes = Conditioning(self.pipeline), Eyes()
        self.usual = Drawing(
            prompt="", negative="", seed=0, width=256, height=256, steps=given.steps, guidance=model.guidance,
            sampler=model.sampler, model=model.key, revision=model_revision(model, self.settings),
        )  # fmt: skip
        cards = {card.id: card for card in Workshop().adapters() if card.kind == "subject"}
        wanted = given.heroes.split(",") if given.heroes else list(cards)
        self.heroes = [cards[id] for id in wanted]

    def rows(self) -> list[dict[str, Any]]:
        found: dict[str, list[dict[str, float]]] = {way.name: [] for way in WAYS}
        for card in self.heroes:
            hero = self.layers(self.settings.characters / card.id / "adapter" / "adapter.safetensors")
            photos, scenes = self.photos(card.id), prompts(card)[: self.given.scenes]
            one = deltas(hero, self.pipeline.unet)
            bare = [self.drawn(words, SEED + at, worn(one)) for at, words in enumerate(scenes)]
            usual = likeness(self.eyes.look(bare), photos), max(0.05, obeyed(bare, card.class_word))
            for name in self.given.styles.split(","):
                self.with_style(card, name, hero, one, photos, scenes, bare, usual, found)
        return [{"way": name, **mean(rows)} for name, rows in found.items()]

    def with_style(self, card, name, hero, one, photos, scenes, bare, usual, found) -> None:  # type: ignore[no-untyped-def]
        style = self.layers(SHIPPED_ADAPTERS / name / "adapter.safetensors")
        other = deltas(style, self.pipeline.unet)
        LARGEST.clear()
        PAIR.update(hero=(hero, 1.0), style=(style, USUAL))
        self.check_cat(one, other)
        told = [f"{words}, {MANNERS[name][2]}" for words in scenes]
        finish = json.loads((SHIPPED_ADAPTERS / name / "adapter.json").read_text()).get("finish", "")
        whole = [self.drawn(words, SEED + at, worn(other), finish) for at, words in enumerate(told)]
        lines = []
        for way in WAYS:
            pictures = [self.drawn(words, SEED + at, mixed(way, one, other), finish) for at, words in enumerate(told)]
            left = likeness(self.eyes.look(pictures), photos) / usual[0]
            with torch.no_grad():
                right = self.judge(seen(pictures)).argmax(1) == NAMES.index(name)
            came = [share(*three) for three in zip(pictures, bare, whole, strict=True)]
            row = {
                "likeness left": float(np.clip(left, 0, 1).mean()),
                "style recognised": float(right.float().mean()),
                "way to the style": float(np.mean(came)),
                "obedience left": min(1.0, obeyed(pictures, card.class_word) / usual[1]),
            }
            found[way.name].append(row | {"score": score(row)})
            lines.append(np.concatenate(pictures, 1))
        print(card.id, name, {way.name: round(found[way.name][-1]["score"], 3) for way in WAYS}, flush=True)
        if self.given.sheet:
            sheet = np.concatenate([np.concatenate(bare, 1), np.concatenate(whole, 1), *lines])
            Image.fromarray(sheet).save(self.given.sheet.with_name(f"{self.given.sheet.stem}-{card.id}-{name}.jpg"))

    def check_cat(self, one: Deltas, other: Deltas) -> None:
        """Tells once how far peft's `cat` is from the sum."""
        if self.apart is None:
            merged, ours = peft_merged("cat", {}), summed((1, 1), (USUAL, USUAL))(0.0, one, other)
            self.apart = max(
                float((merged[name] - delta).abs().max() / delta.abs().max()) for name, delta in ours.items()
            )
            print(f"peft's cat is the same sum to {self.apart:.1e} of its largest entry", flush=True)

    def layers(self, path: Path) -> dict[str, Layer]:
        return read_adapter(path, self.pipeline.unet, "pocket")

    def photos(self, id: str):  # type: ignore[no-untyped-def]
        characters = Characters(self.settings)
        views = [view(characters, characters.get(id), photo) for photo in characters.kept_photos(id)]
        return self.eyes.look([one.picture for one in views], [one.subject.mask for one in views])

    def drawn(self, words: str, seed: int, at: Callable[[float], Deltas], finish: str = "") -> np.ndarray:
        """A picture with what `at` adds to the weights, looked up anew only where it may change."""
        drawing = replace(self.usual, prompt=words, seed=seed)
        with changed(self.pipeline.unet) as put_on:
            put_on(at(0.0))
            denoising = Denoising(self.pipeline, self.words, [drawing])
            for step in denoising:
                if step < drawing.steps:
                    put_on(at(step / drawing.steps))
            (pixels,) = denoising.pixels()
            return finished((pixels * 255).round().byte().numpy(), finish)


@contextmanager
def changed(unet: torch.nn.Module) -> Iterator[Callable[[Deltas], None]]:
    """Weights with something added, always to the pristine ones; a layer whose addition is the same is left alone."""
    pristine: dict[str, torch.Tensor] = {}
    now: dict[str, torch.Tensor] = {}

    def put_on(deltas: Deltas) -> None:
        with torch.no_grad():
            for name, delta in deltas.items():
                if now.get(name) is delta:
                    continue
                weight = unet.get_parameter(f"{name}.weight")
                kept = pristine.setdefault(name, weight.detach().clone())
                if name in now and torch.equal(now[name], delta):
                    continue
                weight.copy_(kept.float() + delta)
                now[name] = delta

    try:
        yield put_on
    finally:
        with torch.no_grad():
            for name, kept in pristine.items():
                unet.get_parameter(f"{name}.weight").copy_(kept)


def deltas(layers: Mapping[str, Layer], unet: torch.nn.Module) -> Deltas:
    return {name: layer.delta(unet.get_parameter(f"{name}.weight").shape) for name, layer in layers.items()}


def peft_merged(kind: str, options: dict[str, Any]) -> Deltas:
    """What peft makes of the pair at hand, as additions to the weights."""
    from peft.tuners.lora import LoraModel

    unet = load_pipeline(base_model("pocket"), load_settings()).unet
    rank = max(
        len(layer.down) for layers, _ in PAIR.values() for layer in layers.values()
    )  # `ties` wants the same of both
    configs = {name: peft_config(layers, rank) for name, (layers, _) in PAIR.items()}
    first, *others = configs
    model = LoraModel(unet, {first: configs[first]}, first)
    for name in others:
        model.peft_config[name] = configs[name]
        model.inject_adapter(unet, name)
    for name, (layers, _) in PAIR.items():
        for module, layer in layers.items():
            target = unet.get_submodule(module)
            with torch.no_grad():
                target.lora_A[name].weight.zero_()[: len(layer.down)] = layer.down
                target.lora_B[name].weight.zero_()[:, : len(layer.down)] = layer.up * layer.scale
    names, weights = list(PAIR), [weight for _, weight in PAIR.values()]
    model.add_weighted_adapter(names, weights, "mixed", combination_type=kind, **options)
    found = {}
    for name, module in unet.named_modules():
        if hasattr(module, "lora_A") and "mixed" in module.lora_A:
            found[name] = module.get_delta_weight("mixed").detach().float()
    return found


def peft_config(layers: Mapping[str, Layer], rank: int) -> Any:
    from peft import LoraConfig

    return LoraConfig(r=rank, lora_alpha=rank, target_modules=list(layers))


def score(row: Mapping[str, float]) -> float:
    """As the mixing desk's, with the judge's word: the weaker of hero and style counts twice."""
    style = (row["style recognised"] + row["way to the style"]) / 2
    hero = row["likeness left"]
    return (2 * min(hero, style) + max(hero, style)) / 3


def mean(rows: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(float(np.mean([row[key] for row in rows])), 3) for key in rows[0]}


def table(rows: list[dict[str, Any]]) -> str:
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "| " + " | ".join("---" for _ in names) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(str(row[name]) for name in names) + " |" for row in rows)])


if __name__ == "__main__":
    main()
