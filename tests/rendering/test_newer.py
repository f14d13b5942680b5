"""The newer families draw what diffusers draws, one by one or together, wear what fits them, and can be stopped."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.errors import BadAdapter, BadInput
from studio.models.loading import load_pipeline, network_of
from studio.models.table import BASE_MODELS, BaseModel
from studio.rendering.drawing import Box, Drawing, Region, Start
from studio.rendering.newer import Newer
from studio.settings import Settings
from tests.newest import MAKERS, PX, save_tiny

FAMILIES = list(MAKERS)
QUICK = "sd3"  # for what is the same with all of them
BOX: Box = (0.0, 0.0, 0.5, 1.0)


@pytest.fixture(scope="session")
def newest(tmp_path_factory: pytest.TempPathFactory):
    """Gives a pipeline of a family, loaded as a person's own folder."""

    @cache
    def made(family: str) -> tuple[Any, BaseModel, Path]:
        home = tmp_path_factory.mktemp(family)
        model = next(model for model in BASE_MODELS if model.family == family)
        folder = save_tiny(family, home / "models" / model.key)
        return load_pipeline(model, Settings(home, "")), model, folder

    return made


def drawing(model: BaseModel, **numbers: Any) -> Drawing:
    usual = {
        "prompt": "a cat", "negative": "ugly", "seed": 4, "width": PX, "height": PX, "steps": 2,
        "guidance": model.guidance, "sampler": model.sampler, "model": model.key, "revision": "",
    }  # fmt: skip
    return Drawing(**usual | numbers)


def painted(pipeline: Any, model: BaseModel, *drawings: Drawing) -> np.ndarray:
    work = Newer(pipeline, model).paint(drawings)
    steps = []
    while True:
        try:
            steps.append(next(work))
        except StopIteration as end:
            assert steps == list(range(1, drawings[0].steps + 1))
            return end.value


def plainly(folder: Path, family: str, one: Drawing) -> np.ndarray:
    """The picture as somebody would draw it with diffusers alone."""
    import torch
    from diffusers import DiffusionPipeline

    own: dict[str, dict[str, Any]] = {
        "flux2": {"guidance_scale": 1.0},
        "zimage": {"guidance_scale": 0.0},
        "qwen": {"true_cfg_scale": 4.0, "negative_prompt": one.negative},
        "sd3": {"guidance_scale": 4.5, "negative_prompt": one.negative},
        "sana": {"guidance_scale": 4.5, "negative_prompt": one.negative, "use_resolution_binning": False},
    }
    pipeline = DiffusionPipeline.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    source = torch.Generator().manual_seed(one.seed)
    sizes = {"width": one.width, "height": one.height, "num_inference_steps": one.steps}
    return pipeline(prompt=one.prompt, generator=source, output_type="np", **sizes, **own[family]).images[0]


@pytest.mark.parametrize("family", FAMILIES)
def test_it_draws_what_diffusers_draws_alone_and_in_company(family, newest):
    pipeline, model, folder = newest(family)
    cat, dog = drawing(model), drawing(model, prompt="a dog on a green hill by the sea", seed=5)
    together = painted(pipeline, model, cat, dog).astype(int)
    assert together.shape == (2, PX, PX, 3)
    assert np.abs(together[0] - np.round(plainly(folder, family, cat) * 255)).max() <= 1
    assert np.abs(together[1] - painted(pipeline, model, dog)[0]).max() <= 1
    assert np.abs(together[0] - together[1]).mean() > 2


def test_closing_it_between_two_steps_leaves_nothing_running(newest):
    pipeline, model, _ = newest(QUICK)
    before = painted(pipeline, model, drawing(model))
    work = Newer(pipeline, model).paint([drawing(model, steps=50)])
    assert [next(work), next(work)] == [1, 2]
    work.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("drawing")]
    assert (painted(pipeline, model, drawing(model)) == before).all()


def test_it_wears_a_lora_that_fits_and_is_bare_again_afterwards(newest, tmp_path):
    import torch
    from peft import LoraConfig

    from studio.adapters.tensors import save_adapter
    from studio.adapters.wearing import wearing

    pipeline, model, _ = newest(QUICK)
    network, module = network_of(pipeline), "transformer_blocks.0.attn.to_q"
    torch.manual_seed(1)
    state = {f"{module}.lora_A.weight": torch.randn(2, 16), f"{module}.lora_B.weight": torch.randn(16, 2)}
    path = save_adapter(tmp_path / "mine.safetensors", state, LoraConfig(r=2, lora_alpha=2), model.key)
    assert f"transformer.{module}.lora_A.weight".encode() in path.read_bytes()  # as diffusers calls it
    bare = painted(pipeline, model, drawing(model))
    with wearing(network, [(path, 1.0)], model.title):
        assert (painted(pipeline, model, drawing(model)) != bare).any()
    assert (painted(pipeline, model, drawing(model)) == bare).all()


def test_a_lora_of_a_unet_is_refused_in_words(newest, tmp_path):
    import torch
    from peft import LoraConfig

    from studio.adapters.tensors import save_adapter
    from studio.adapters.wearing import wearing

    pipeline, model, _ = newest(QUICK)
    module = "mid_block.attentions.0.transformer_blocks.0.attn1.to_v"
    state = {f"{module}.lora_A.weight": torch.randn(4, 64), f"{module}.lora_B.weight": torch.randn(64, 4)}
    path = save_adapter(tmp_path / "paint.safetensors", state, LoraConfig(r=4, lora_alpha=4), "sdxl")
    with (
        pytest.raises(BadAdapter, match=r"made for sdxl and does not fit Stable Diffusion 3.5 medium"),
        wearing(network_of(pipeline), [(path, 1.0)], model.title),
    ):
        pass


def test_a_network_that_gives_no_numbers_gives_a_black_picture(newest):
    import torch

    pipeline, model, _ = newest(QUICK)
    weight = network_of(pipeline).proj_out.weight
    kept = weight.detach().clone()
    with torch.no_grad():
        weight.fill_(torch.nan)
    try:
        assert not painted(pipeline, model, drawing(model)).any()
    finally:
        with torch.no_grad():
            weight.copy_(kept)


@pytest.mark.parametrize(
    ("family", "changes", "said"),
    [
        ("sd3", {"sampler": "ddim"}, "Choose 'euler', which is its own"),
        ("sana", {"sampler": "euler"}, r"Choose 'dpm\+\+ 2m'"),
        ("sd3", {"start": Start("0" * 64)}, "cannot start from a picture"),
        ("sd3", {"regions": (Region("may", BOX),)}, "cannot keep characters to their own places"),
        ("flux2", {"guidance": 4.0}, "draws without guidance"),
    ],
)
def test_what_they_cannot_do_is_refused_before_anything_is_drawn(family, changes, said):
    model = next(model for model in BASE_MODELS if model.family == family)
    with pytest.raises(BadInput, match=said):
        next(Newer(None, model).paint([replace(drawing(model), **changes)]))


def test_classes_named_in_a_newer_folder_do_not_count(newest, tmp_path):
    _, model, folder = newest(QUICK)
    settings = Settings(tmp_path, "")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / model.key).symlink_to(folder)
    index = folder / "model_index.json"
    words = index.read_text()
    index.write_text(json.dumps(json.loads(words) | {"transformer": ["builtins", "exec"], "_class_name": "Evil"}))
    try:
        assert type(network_of(load_pipeline(model, settings))).__name__ == "SD3Transformer2DModel"
    finally:
        index.write_text(words)


def test_the_illustrator_draws_files_with_them(newest, tmp_path):
    from PIL import Image

    from studio.progress import finish
    from studio.rendering.illustrator import Illustrator

    pipeline, model, folder = newest(QUICK)
    illustrator = Illustrator(model, Settings(folder.parents[1], ""), lambda *_, **__: pipeline)
    asked = [drawing(model), drawing(model, prompt="a dog", guidance=3.0)]  # two guidances: two at once would mix them
    paths = finish(illustrator.draw(asked, tmp_path, ["1.png", "2.png"]))
    for path, one in zip(paths, asked, strict=True):
        assert (np.asarray(Image.open(path)) == painted(pipeline, model, one)[0]).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_words_that_a_model_does_not_read_are_known(family, newest):
    from studio.rendering.words import count_tokens, cut_words
    from studio.story.guide import guide_for

    _, model, folder = newest(family)
    settings, most = Settings(folder.parents[1], ""), guide_for(family).most_tokens
    assert 0 < count_tokens("a cat", model, settings) <= 10 and cut_words("a cat", model, settings) == ()
    assert cut_words("a cat " * most, model, settings)[-1] == "cat"
