"""What the command line tells of models, and how it brings and removes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.models.table import REFINER, base_model
from studio.settings import Settings, load_settings
from tests.commands import answer, run
from tests.models.original import one_file
from tests.models.site import Site, files_of, published


def test_every_model_is_listed_with_its_licence_and_what_it_takes(home, tiny_pocket):
    found = {model["key"]: model for model in answer("models", "list")["models"]}
    assert found["sana"]["printing"] == "no" and found["qwen-image"]["download_gb"] == 57.7
    assert all(model["memory"]["need_gb"] > 0 for model in found.values()) and REFINER.key in found
    assert [model["state"] for model in found.values()] == ["here", *["absent"] * (len(found) - 1)]


def test_one_model_is_shown_in_words(home, tiny_pocket):
    told = run("models", "show", "sd35-medium").stderr
    assert "Stability AI Community License: its pictures may be sold below a yearly income" in told.replace("\n", " ")


def test_a_model_is_downloaded_drawn_with_and_removed(home, tiny_pocket, tiny_models, monkeypatch, tmp_path):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    with published(Site(files_of(tiny_models / "sd15"))) as site:
        monkeypatch.setenv("HF_ENDPOINT", site.address)
        assert answer("models", "get", "sd15")["here"] == "sd15"
    assert answer("verify")["damaged"] == []
    small = ("--steps", "2", "--width", "64", "--height", "64")
    assert answer("draw", "a cat", "--model", "sd15", *small, "--out", tmp_path / "cat.png")["files"]
    assert answer("models", "remove", "sd15")["bytes"] > 1000
    assert "is not here yet. Get it with: python -m studio models get sd15" in " ".join(
        run("draw", "a cat", "--model", "sd15", "--out", tmp_path / "dog.png").stderr.split()
    )


@pytest.mark.soak
def test_verify_reads_every_byte_of_a_model_that_came(home, tiny_pocket, tiny_models, monkeypatch):
    import os

    monkeypatch.delenv("HF_HUB_OFFLINE")
    with published(Site(files_of(tiny_models / "sd15"))) as site:
        monkeypatch.setenv("HF_ENDPOINT", site.address)
        answer("models", "get", "sd15")
    weights = load_settings().models / "sd15" / "unet" / "diffusion_pytorch_model.safetensors"
    stat, raw = weights.stat(), bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    os.utime(weights, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as a failing disk leaves it
    told = run("verify")
    assert told.exit_code == 1 and "is not what was downloaded" in " ".join(told.stderr.split())


@pytest.mark.soak
def test_a_file_of_ones_own_is_taken_in_and_drawn_with(home, tiny_pocket, tiny_models, tmp_path):
    from studio.models import checkpoint
    from studio.models.loading import load_pipeline
    from studio.progress import finish

    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "models").symlink_to(tiny_models)
    file = one_file(load_pipeline(base_model("sd15"), Settings(tmp_path / "other", "")), tmp_path / "dream.safetensors")
    for name in ("vocab.json", "merges.txt"):
        (tmp_path / name).write_bytes((tiny_models / "letters" / name).read_bytes())
    made = finish(checkpoint.bring(file, "Dream", load_settings(), designs=tiny_models))
    small = ("--steps", "2", "--width", "64", "--height", "64")
    assert answer("draw", "a cat", "--model", made.key, *small, "--out", tmp_path / "cat.png")["files"]
    assert "dream" in {model["key"] for model in answer("models", "list")["models"]}
    assert answer("models", "show", "dream")["printing"] == "unknown"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("models", "import", "nothing.safetensors", "--name", "Mine"), "There is no file 'nothing.safetensors'"),
        (("models", "get", "dalle"), "There is no base model 'dalle'. Choose one of: pocket"),
        (("models", "get", "pocket"), "Pocket is not published anywhere"),
        (("models", "get", "sdxl"), "HF_HUB_OFFLINE is set"),
        (("models", "remove", "sdxl"), "not among the models that you brought"),
        (("draw", "a cat", "--model", "sdxl", "--refine", "--out", "x.png"), "is not here yet"),
        (("draw", "a cat", "--refine", "--out", "x.png"), "does not fit Pocket"),
    ],
)
def test_what_cannot_be_done_is_told(home, tiny_pocket, tmp_path, words, said):
    given = [tmp_path / word if word.endswith((".png", ".safetensors")) else word for word in words]
    told = run(*given)
    assert told.exit_code == 1 and said in " ".join(told.stderr.split())


@pytest.mark.soak
def test_pickled_weights_are_converted_only_when_it_is_asked_for(home, tiny_pocket, tmp_path: Path):
    import torch

    torch.save({"state_dict": {"a.weight": torch.zeros(2, 2)}}, tmp_path / "old.ckpt")
    assert (
        "can run programs when it is opened" in run("models", "import", tmp_path / "old.ckpt", "--name", "Old").stderr
    )
    told = run("models", "import", tmp_path / "old.ckpt", "--name", "Old", "--convert")
    assert "is no whole model of Stable Diffusion" in " ".join(told.stderr.split())
    assert not [path for path in load_settings().models.iterdir() if path.name != "locks"]


@pytest.mark.soak
def test_the_worker_downloads_and_takes_files_in(workshop, tiny_pocket, tiny_models, monkeypatch):
    from studio.errors import BadInput
    from studio.progress import finish

    monkeypatch.delenv("HF_HUB_OFFLINE")
    with published(Site(files_of(tiny_models / "sd15"))) as site:
        monkeypatch.setenv("HF_ENDPOINT", site.address)
        finish(workshop.perform("download", "sd15", {}))
    assert ("sd15", True) in [(model.key, here) for model, here in workshop.models()]
    (workshop.settings.models / "mine.safetensors").write_bytes(b"nonsense")
    with pytest.raises(BadInput, match="'mine.safetensors' is damaged"):
        finish(workshop.perform("import", "mine.safetensors", {"title": "Mine"}))
    assert workshop.laid_models() == ("mine.safetensors",)  # it stays where it was laid
