"""A model in a single file comes in with every number, with words from elsewhere, and is then a model like others."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from studio.errors import BadInput, NotReady
from studio.models.checkpoint import bring, recognised
from studio.models.loading import load_pipeline
from studio.models.table import BASE_MODELS, base_model, known_models
from studio.progress import finish
from studio.settings import Settings, load_settings
from tests.models.original import one_file


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings()  # a person's own models are found through the home


@cache
def single(key: str, tiny_models: Path) -> bytes:
    pipeline = load_pipeline(base_model(key), Settings(home=tiny_models.parent, database_url=""))
    return one_file(pipeline, tiny_models.parent / f"{key}.safetensors").read_bytes()


def whole(key: str, tiny_models: Path, folder: Path) -> Path:
    """The tiny model of that key in one file, with CLIP's words beside it."""
    for name in ("vocab.json", "merges.txt"):
        (folder / name).write_bytes((tiny_models / "letters" / name).read_bytes())
    file = folder / "mine.safetensors"
    file.write_bytes(single(key, tiny_models))
    return file


@pytest.fixture(scope="session")
def tiny_homes(tiny_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny models, in a home."""
    models = tmp_path_factory.mktemp("other") / "models"
    models.symlink_to(tiny_models)
    return models


@pytest.mark.parametrize("key", ["sd15", "sdxl"])
def test_every_number_of_a_single_file_arrives_in_its_place(key, tiny_homes, settings, tmp_path):
    file = whole(key, tiny_homes, tmp_path)
    model = finish(bring(file, "My own", settings, designs=tiny_homes))
    made, was = load_pipeline(model, settings), load_pipeline(base_model(key), Settings(tiny_homes.parent, ""))
    for name, part in was.components.items():
        if hasattr(part, "state_dict"):
            state = getattr(made, name).state_dict()
            assert all(tensor.equal(state[number]) for number, tensor in part.state_dict().items()), name
    assert made.tokenizer("a cat").input_ids == was.tokenizer("a cat").input_ids


def test_a_brought_file_is_a_model_like_the_others(tiny_homes, settings, tmp_path):
    model = finish(bring(whole("sd15", tiny_homes, tmp_path), "Mèo của mẹ", settings, designs=tiny_homes))
    assert (model.key, model.title, model.family, model.embedded) == ("meo-cua-me", "Mèo của mẹ", "sd", False)
    assert base_model("meo-cua-me") == model and known_models() == (*BASE_MODELS, model)
    assert (model.licence, model.printing, model.repo) == ("", "unknown", "")


def test_words_may_come_from_a_model_that_is_here(tiny_homes, settings, tmp_path):
    file = whole("sd15", tiny_homes, tmp_path)
    (tmp_path / "vocab.json").unlink()
    with pytest.raises(NotReady, match="vocab.json and merges.txt beside it"):
        finish(bring(file, "Mine", settings, designs=tiny_homes))
    (settings.models / "sdxl").mkdir(parents=True)
    (settings.models / "sdxl" / "tokenizer").symlink_to(tiny_homes / "sdxl" / "tokenizer")
    assert finish(bring(file, "Mine", settings, designs=tiny_homes)).key == "mine"


def test_words_of_another_size_are_refused_and_nothing_is_left(tiny_homes, settings, tmp_path):
    file = whole("sd15", tiny_homes, tmp_path)
    vocabulary = json.loads((tmp_path / "vocab.json").read_text())
    (tmp_path / "vocab.json").write_text(json.dumps(vocabulary | {"more": len(vocabulary)}))
    with pytest.raises(BadInput, match="has not the 514 words"):
        finish(bring(file, "Mine", settings, designs=tiny_homes))
    assert not any(settings.models.iterdir()) if settings.models.is_dir() else True


def test_a_file_that_does_not_fit_its_kind_leaves_nothing_behind(tiny_homes, settings, tmp_path):
    with pytest.raises(BadInput, match="its part 'unet' does not fit"):
        finish(bring(whole("sd15", tiny_homes, tmp_path), "Mine", settings))  # tiny numbers, real design
    assert not list(settings.models.glob("*")) and not list(settings.models.glob(".*"))


@pytest.mark.parametrize("title", ["sdxl", "Pocket", "SDXL refiner"])
def test_a_name_that_is_taken_is_told(title, tiny_homes, settings, tmp_path):
    with pytest.raises(BadInput, match="There is a model '.*' already"):
        finish(bring(whole("sd15", tiny_homes, tmp_path), title, settings, designs=tiny_homes))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["cond_stage_model.model.token_embedding.weight"], "is a Stable Diffusion 2"),
        (["conditioner.embedders.0.model.token_embedding.weight"], "models get sdxl-refiner"),
        (["double_blocks.0.img_attn.qkv.weight"], "is no whole model"),
        (["unet.down_blocks.0.lora_A.weight"], "A LoRA comes in with"),
    ],
)
def test_files_of_other_kinds_are_told_apart(names, said, tmp_path):
    import torch
    from safetensors.torch import save_file

    save_file({name: torch.zeros(4, 4) for name in names}, tmp_path / "x.safetensors")
    with pytest.raises(BadInput, match=said):
        recognised(tmp_path / "x.safetensors")


@pytest.mark.parametrize(("raw", "said"), [(b"", "damaged"), (b"nonsense that is no header", "damaged")])
def test_what_is_no_safetensors_file_is_told(raw, said, tmp_path):
    (tmp_path / "x.safetensors").write_bytes(raw)
    with pytest.raises(BadInput, match=said):
        recognised(tmp_path / "x.safetensors")


def test_a_file_that_was_cut_is_told(tiny_homes, tmp_path):
    file = whole("sd15", tiny_homes, tmp_path)
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(BadInput, match="its end is missing"):
        recognised(file)
