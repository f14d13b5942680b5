from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.adapters.card import AdapterCard
from studio.errors import BadAdapter
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.progress import finish
from studio.settings import load_settings
from studio.training.batches import Batch, Batches, answer, remember
from studio.training.checkpoint import Checkpoints
from studio.training.conditioning import Conditioning, Lesson, condition
from studio.training.loop import _improve, _learn, fit, in_words
from studio.training.lora import factors, put_back, put_on
from studio.training.objective import Objective, make_objective
from studio.training.recipe import Recipe

RECIPE = Recipe(
    steps=30,
    batch=4,
    rate=3e-3,
    targets=("to_q", "to_v", "conv1", "conv2"),
    prior=0.0,
    prior_weight=1.0,
    answers=256,
    looks=10,
    variants=2,
    flip=True,
)
IDENTITY = {"model": "pocket", "seed": 0}


class Bench:
    """A tiny UNet and all that the loop needs, before a LoRA is put on."""

    def __init__(self, photos: tuple[Path, ...], recipe: Recipe = RECIPE, kept: tuple[Lesson, ...] = ()) -> None:
        pipeline = load_pipeline(base_model("pocket"), load_settings())
        lessons = [Lesson(photo, ("a may girl", "a happy may girl"), ("a girl",)) for photo in photos]
        self.recipe = recipe
        self.conditioning: Conditioning = finish(condition(pipeline, lessons, ("",), recipe, 0, kept))
        self.unet = pipeline.unet
        self.objective: Objective = make_objective(pipeline.scheduler, 5.0, self.unet.device)
        self.known = finish(remember(self.unet, self.conditioning, self.objective, recipe, 0))
        self.batches = Batches(self.conditioning, self.objective, recipe, 0, self.known)

    def loss(self) -> float:
        """Of eight batches that always hold the same noise."""
        batches = [self.batches.at(1000 + number) for number in range(8)]
        with torch.no_grad():
            said = [self.answer(batch) for batch in batches]
        return sum(self.objective.loss(s, b.target, b.times).item() for s, b in zip(said, batches, strict=True))

    def answer(self, batch: Batch) -> torch.Tensor:
        return answer(self.unet, self.conditioning.texts, batch.noisy, batch.times, batch.rows)

    def fit(self, folder: Path):
        checkpoints = Checkpoints(folder, IDENTITY)
        return fit(self.unet, self.batches, self.objective, self.recipe, checkpoints)


@pytest.fixture
def bench(photos: tuple[Path, ...], home: Path, tiny_pocket: Path) -> Bench:
    return Bench(photos)


def test_others_stay_themselves_when_their_pictures_are_kept(
    photos: tuple[Path, ...], home: Path, tiny_pocket: Path, may: AdapterCard, tmp_path: Path
) -> None:
    kept = tuple(Lesson(photo, (f"a {who}",)) for photo, who in zip(photos, ("dog", "cat", "bear", "fox"), strict=True))
    drift = []
    for prior in (0.0, 0.5):
        bench = Bench(photos, replace(RECIPE, rate=1e-2, prior=prior), kept)
        before = finish(remember(bench.unet, bench.conditioning, bench.objective, replace(RECIPE, prior=0.5), 0))
        put_on(bench.unet, may, bench.recipe, 0)
        finish(bench.fit(tmp_path / str(prior)))
        with torch.no_grad():
            drift.append((bench.answer(before) - before.target).square().mean().item())
    assert drift[1] < 0.7 * drift[0]


def test_the_loss_falls(bench: Bench, may: AdapterCard, tmp_path: Path) -> None:
    everything = replace(RECIPE, targets=(*RECIPE.targets, "conv_in", "conv_out"), rate=1e-2, steps=20)
    bench.recipe = everything
    put_on(bench.unet, replace(may, rank=16, alpha=16.0), everything, seed=0)
    before = bench.loss()
    finish(bench.fit(tmp_path))
    assert bench.loss() < 0.9 * before


def test_a_fresh_lora_changes_nothing_and_training_leaves_the_base_alone(
    bench: Bench, may: AdapterCard, tmp_path: Path
) -> None:
    before = {name: value.clone() for name, value in bench.unet.state_dict().items()}
    batch = bench.batches.at(0)
    with torch.no_grad():
        plain = bench.answer(batch)
        put_on(bench.unet, may, RECIPE, seed=0)
        assert torch.equal(bench.answer(batch), plain)
    bench.recipe = replace(RECIPE, steps=3)
    finish(bench.fit(tmp_path))
    after = {name.replace(".base_layer", ""): value for name, value in bench.unet.state_dict().items()}
    assert all(torch.equal(after[name], value) for name, value in before.items())
    assert all(factor.dtype == torch.float32 for factor in factors(bench.unet).values())


def test_every_cut_is_seen_once_before_one_is_seen_again(bench: Bench) -> None:
    cuts = [bench.batches._cut(position) for position in range(16)]
    assert sorted(cuts[:8]) == sorted(cuts[8:]) == list(range(8))


def test_a_batch_follows_from_the_step_alone(bench: Bench) -> None:
    first, again, other = bench.batches.at(5), bench.batches.at(5), bench.batches.at(6)
    assert torch.equal(first.noisy, again.noisy) and not torch.equal(first.noisy, other.noisy)


def test_some_samples_hold_what_the_model_said_of_the_class(
    photos: tuple[Path, ...], home: Path, tiny_pocket: Path
) -> None:
    bench = Bench(photos, replace(RECIPE, prior=1.0, steps=4))
    batch = bench.batches.at(0)
    assert set(batch.rows.tolist()) == set(bench.conditioning.prior[0])
    with torch.no_grad():
        said = bench.answer(batch)
    assert torch.allclose(said, batch.target, atol=0.02)


def test_a_loss_that_is_no_number_stops_the_training(bench: Bench, may: AdapterCard, tmp_path: Path) -> None:
    put_on(bench.unet, may, RECIPE, seed=0)
    next(iter(factors(bench.unet).values())).data.fill_(float("nan"))
    with pytest.raises(BadAdapter, match="step 1"):
        finish(bench.fit(tmp_path))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "less than a minute"), (60, "about 1 minute"), (200, "about 3 minutes"), (7200, "about 2 hours")],
)
def test_time_is_told_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_a_scaled_loss_teaches_the_same_and_passes_over_a_step_that_overflows(bench: Bench, may: AdapterCard) -> None:
    """As in float16 on a card; here the scaler works in float32, where nothing is rounded away."""
    put_on(bench.unet, may, bench.recipe, 0)
    start = {name: factor.detach().clone() for name, factor in factors(bench.unet).items()}
    ends = []
    for scaled in (False, True):
        put_back(bench.unet, start)
        trained = factors(bench.unet)
        optimizer = torch.optim.AdamW(trained.values(), lr=1e-3, fused=True)
        scaler = torch.amp.GradScaler("cpu", enabled=scaled, init_scale=2.0**12)
        for step in range(3):
            loss = _learn(bench.unet, bench.batches.at(step), bench.objective, optimizer, scaler)
            _improve(optimizer, scaler, 1.0, loss, step)
        ends.append({name: factor.detach().clone() for name, factor in trained.items()})
    assert all(torch.allclose(ends[0][name], value, atol=1e-5) for name, value in ends[1].items())
    assert any(not value.equal(start[name]) for name, value in ends[1].items())
    next(iter(trained.values())).grad = torch.full_like(next(iter(trained.values())), torch.inf)
    before = {name: factor.detach().clone() for name, factor in trained.items()}
    loss = _learn(bench.unet, bench.batches.at(3), bench.objective, optimizer, scaler)
    _improve(optimizer, scaler, 1.0, loss, 3)
    assert all(factor.equal(before[name]) for name, factor in trained.items())
    assert scaler.get_scale() < 2.0**12
