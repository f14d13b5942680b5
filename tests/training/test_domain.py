"""A domain is learnt from captioned pictures of any shape: watched on pictures kept back, stopped, gone on with, tried out."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from studio.adapters.card import AdapterCard
from studio.adapters.tensors import read_adapter
from studio.errors import BadInput
from studio.files import atomic_write
from studio.models.loading import load_pipeline
from studio.models.table import base_model
from studio.progress import finish
from studio.settings import load_settings
from studio.training.buckets import Bucket, bucket_of, buckets
from studio.training.captioned import CaptionedBatches
from studio.training.checkpoint import begun
from studio.training.curves import CURVES, smoothed
from studio.training.domain import Domain, fit_domain
from studio.training.examples import LEAST, read_examples
from studio.training.fitting import Fitting, read_fitting
from studio.training.gallery import samples
from studio.training.latents import stored
from studio.training.lora import dropping, put_on
from studio.training.objective import make_objective
from studio.training.report import read_report
from studio.training.validation import checks

pytestmark = pytest.mark.usefixtures("tiny_pocket", "home")
POCKET = base_model("pocket")
SIZES = ((96, 96), (96, 160), (160, 96), (96, 96))
COLOURS = ("red", "green", "blue", "orange")
CARD = AdapterCard(
    id="shapes", title="Shapes", kind="style", base_model="pocket", rank=2, alpha=4.0, trigger="", class_word=""
)


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """Sixteen round things as `dataset prepare` leaves them, two of them kept back."""
    rows = []
    for number in range(16):
        width, height = SIZES[number % 4]
        picture = Image.new("RGB", (width, height), "white")
        ImageDraw.Draw(picture).ellipse((20, 20, 70, 70), fill=COLOURS[number % 3])
        (tmp_path / "ready/images").mkdir(parents=True, exist_ok=True)
        picture.save(tmp_path / f"ready/images/{number:02}.jpg")
        captions = json.dumps([f"a {COLOURS[number % 3]} ball {number}", f"a ball in {COLOURS[number % 3]} {number}"])
        split = "validation" if number in (5, 9) else "train"
        rows.append(
            {
                "file": f"{number:02}.jpg", "captions": captions, "width": width, "height": height, "split": split,
                "reason": "",
            }
        )  # fmt: skip
    rows.append({"file": "", "captions": "[]", "width": 0, "height": 0, "split": "", "reason": "small"})
    with (tmp_path / "ready/manifest.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return tmp_path / "ready"


@pytest.fixture
def fitting() -> Fitting:
    return replace(
        read_fitting("fashion"), steps=12, validate_every=4, cycles=3, batch=4, rank=2, alpha=4.0, rate=0.01,
        targets=("to_q", "to_v", "conv1"),
    )  # fmt: skip


@pytest.fixture
def domain(ready: Path, fitting: Fitting) -> Domain:
    return Domain(card=CARD, examples=read_examples(ready), fitting=fitting, seed=3)


def learn(domain: Domain, folder: Path, resume: bool = False, stop_at: int = 0) -> Path | None:
    work = fit_domain(domain, POCKET, load_settings(), folder, resume)
    if not stop_at:
        return finish(work)
    for step in work:
        if step.done >= stop_at:
            work.close()
    return None


def test_what_is_learnt_is_the_best_look_and_its_story_is_told(domain: Domain, tmp_path: Path) -> None:
    path = learn(domain, tmp_path / "fit")
    found, report = checks(tmp_path / "fit"), read_report(tmp_path / "fit")
    assert [one.step for one in found] == [0, 4, 8, 12]
    best = min(found[1:], key=lambda one: one.mse)
    assert report["best"] == best.step and len(report["checks"]) == 4
    assert (report["pictures"], report["kept_back"], len(report["losses"])) == (14, 2, 12)
    assert path.read_bytes() == (tmp_path / f"fit/moments/{best.step:06}/adapter.safetensors").read_bytes()
    assert read_adapter(path, load_pipeline(POCKET, load_settings()).unet)
    assert all(len(samples(tmp_path / "fit", one.step)) == 2 for one in found)
    assert (tmp_path / "fit" / CURVES).read_text().count("<polyline") >= 2
    assert not begun(tmp_path / "fit")
    assert "ball" not in json.dumps(report)


def test_the_first_look_is_the_bare_model(domain: Domain, tmp_path: Path) -> None:
    learn(domain, tmp_path / "one")
    learn(replace(domain, seed=4), tmp_path / "two")
    first, second = checks(tmp_path / "one"), checks(tmp_path / "two")
    assert first[0] == second[0] and first[-1] != second[-1]


def test_a_training_that_was_stopped_ends_as_if_it_never_was(domain: Domain, tmp_path: Path) -> None:
    whole = learn(domain, tmp_path / "whole")
    learn(domain, tmp_path / "halves", stop_at=7)
    assert begun(tmp_path / "halves") > 0
    halves = learn(domain, tmp_path / "halves", resume=True)
    assert halves.read_bytes() == whole.read_bytes()
    assert checks(tmp_path / "halves") == checks(tmp_path / "whole")


def test_another_recipe_does_not_go_on_from_it(domain: Domain, tmp_path: Path) -> None:
    learn(domain, tmp_path / "fit", stop_at=7)
    with pytest.raises(BadInput, match="the effort"):
        learn(replace(domain, fitting=replace(domain.fitting, noise=0.5)), tmp_path / "fit", resume=True)
    assert begun(tmp_path / "fit") > 0


def test_latents_are_stored_once_and_anew_when_a_picture_changed(domain: Domain, ready: Path, tmp_path: Path) -> None:
    domain = replace(domain, fitting=replace(domain.fitting, steps=1, validate_every=1))
    learn(domain, tmp_path / "fit")
    record = tmp_path / "fit/taught/latents/latents.json"
    before = record.stat().st_mtime_ns
    learn(domain, tmp_path / "fit")
    assert record.stat().st_mtime_ns == before
    Image.new("RGB", (96, 96), "pink").save(ready / "images/00.jpg")
    learn(replace(domain, examples=read_examples(ready)), tmp_path / "fit")
    assert record.stat().st_mtime_ns > before


@pytest.fixture
def batches(domain: Domain, tmp_path: Path) -> CaptionedBatches:
    pipeline = load_pipeline(POCKET, load_settings())
    recipe, examples = domain.fitting.recipe(POCKET), domain.examples.taught
    latents = finish(stored(pipeline, examples, POCKET, recipe, tmp_path, "key", 0))
    objective = make_objective(pipeline.scheduler, 5.0, pipeline.unet.device)
    return CaptionedBatches(pipeline, examples, latents, objective, domain.fitting, 4, "drawn", 0)


def test_every_cut_of_every_picture_comes_once_in_a_turn(batches: CaptionedBatches) -> None:
    seen: Counter = Counter()
    plan = batches._plan(0)
    for bucket, places in plan:
        assert len(places) == 4
        seen.update((bucket, place) for place in set(places))
    assert len(seen) == 14 * 2
    shapes = {bucket for bucket, _ in plan}
    assert shapes == {bucket_of(*size, buckets(POCKET)) for size in SIZES} and Bucket(256, 256) in shapes


def test_a_batch_is_the_same_whenever_it_is_asked_for(batches: CaptionedBatches) -> None:
    one, _, again = batches.at(5), batches.at(6), batches.at(5)
    assert one.noisy.equal(again.noisy) and one.times.equal(again.times) and one.texts.tokens.equal(again.texts.tokens)
    height, width = one.texts.size_px
    factor = height // one.noisy.shape[2]
    assert one.noisy.shape[2:] == (height // factor, width // factor)


def test_dropout_works_while_learning_and_leaves_looks_alone(domain: Domain) -> None:
    import torch

    pipeline = load_pipeline(POCKET, load_settings())
    unet = pipeline.unet
    put_on(unet, CARD, domain.fitting.recipe(POCKET), 0)
    for name, value in unet.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.5)
    given = torch.randn(1, 16, 16, 16), torch.tensor([300]), torch.randn(1, 8, 32)

    def answers() -> torch.Tensor:
        with torch.no_grad():
            return unet(*given)[0]

    calm = answers()
    with dropping(unet, 0.1, 1):
        first = answers()
    with dropping(unet, 0.1, 2):
        other = answers()
    with dropping(unet, 0.1, 1):
        again = answers()
    assert answers().equal(calm)
    assert first.equal(again) and not first.equal(other) and not first.equal(calm)


def test_a_folder_that_was_not_made_ready_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="dataset prepare"):
        read_examples(tmp_path)


def test_too_few_pictures_are_told(ready: Path) -> None:
    lines = (ready / "manifest.csv").read_text().splitlines()
    atomic_write(ready / "manifest.csv", "\n".join(lines[: LEAST - 1]) + "\n")
    with pytest.raises(BadInput, match=f"at least {LEAST}"):
        read_examples(ready)


def test_a_manifest_cannot_point_out_of_its_folder(ready: Path) -> None:
    text = (ready / "manifest.csv").read_text().replace("00.jpg", "../../../etc/passwd")
    atomic_write(ready / "manifest.csv", text)
    assert all(one.picture.parent == ready / "images" for one in read_examples(ready).taught)


def test_the_curve_of_losses_keeps_its_mean() -> None:
    losses = [float(number % 7) for number in range(500)]
    curve = smoothed(losses, 50)
    assert len(curve) == 50 and curve[-1][0] == 500
    assert sum(loss for _, loss in curve) / 50 == pytest.approx(sum(losses) / 500)
