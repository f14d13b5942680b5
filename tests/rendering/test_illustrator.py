"""The illustrator draws what is missing, the same picture each time, and leaves whole files and a bare base model."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import AdapterCard
from studio.adapters.shelf import Shelf
from studio.errors import BadAdapter, BadInput, NotFound, NotReady
from studio.models.loading import model_revision
from studio.models.table import base_model
from studio.progress import finish
from studio.rendering.drawing import Drawing, Start
from studio.rendering.illustrator import DRAFTS, Illustrator
from studio.settings import Settings

POCKET = base_model("pocket")
MAY = AdapterCard(id="may", title="May", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="may")


@pytest.fixture(scope="module")
def settings(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"), database_url="")


@pytest.fixture(scope="module")
def illustrator(tiny_folder: Path, settings: Settings):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_POCKET", str(tiny_folder))
        yield Illustrator(POCKET, settings)


@pytest.fixture(scope="module")
def cat(illustrator: Illustrator, settings: Settings) -> Drawing:
    return Drawing(
        prompt="a happy cat in the forest by day",
        negative="",
        seed=1,
        width=64,
        height=64,
        steps=3,
        guidance=5.0,
        sampler="ddim",
        model="pocket",
        revision=model_revision(POCKET, settings),
    )


@pytest.fixture(scope="module")
def may(tiny_folder: Path, settings: Settings) -> tuple[str, str, float]:
    """A LoRA strong enough to be seen, as a drawing wears it."""
    import torch
    from peft import LoraConfig

    from studio.adapters.tensors import save_adapter

    torch.manual_seed(3)
    module = "mid_block.attentions.0.transformer_blocks.0.attn1.to_v"
    state = {f"{module}.lora_A.weight": torch.randn(4, 64), f"{module}.lora_B.weight": torch.randn(64, 4)}
    path = save_adapter(settings.home / "may.safetensors", state, LoraConfig(r=4, lora_alpha=4), "pocket")
    return "may", Shelf(settings).put(MAY, path).sha256, 1.0


def draw(illustrator: Illustrator, folder: Path, *drawings: Drawing) -> list[bytes]:
    paths = finish(illustrator.draw(drawings, folder, [drawing.file_name() for drawing in drawings]))
    return [path.read_bytes() for path in paths]


def test_a_picture_has_its_size_and_tells_no_story(illustrator, cat, tmp_path):
    from PIL import Image

    draw(illustrator, tmp_path, cat)
    with Image.open(tmp_path / cat.file_name()) as picture:
        assert (picture.size, picture.mode) == ((64, 64), "RGB")
        assert picture.info["key"] == cat.key
        assert "forest" not in str(picture.info)


def test_the_same_drawing_is_the_same_file_alone_or_in_company(illustrator, cat, may, tmp_path):
    dog, worn = replace(cat, prompt="a dog", sampler="dpm++ 2m sde"), replace(cat, worn=(may,))
    alone = draw(illustrator, tmp_path / "alone", cat)
    company = draw(illustrator, tmp_path / "company", dog, worn, cat)
    assert company[2] == alone[0]
    assert len(set(company)) == 3


def test_another_illustrator_draws_the_same_file(illustrator, cat, settings, tmp_path):
    assert draw(Illustrator(POCKET, settings), tmp_path / "b", cat) == draw(illustrator, tmp_path / "a", cat)


def test_another_seed_is_another_picture(illustrator, cat, tmp_path):
    first, second = draw(illustrator, tmp_path, cat, replace(cat, seed=2))
    assert first != second


def test_a_draft_wears_the_few_step_lora_and_leaves_the_model_bare(
    illustrator, cat, may, settings, tiny_folder, tmp_path
):
    (plain,) = draw(illustrator, tmp_path / "before", cat)
    drafts = tiny_folder / DRAFTS
    drafts.parent.mkdir()
    try:
        shutil.copy(Shelf(settings).tensors_path("may"), drafts)
        (draft,) = draw(illustrator, tmp_path / "draft", replace(cat, draft=True, steps=2, guidance=1.0))
    finally:
        shutil.rmtree(drafts.parent)
    assert draft != plain
    assert draw(illustrator, tmp_path / "after", cat) == [plain]


def test_a_draft_from_a_model_that_has_none_is_refused(illustrator, cat, tmp_path):
    with pytest.raises(NotReady, match="no drafts"):
        draw(illustrator, tmp_path, replace(cat, draft=True))


def test_pictures_from_before_there_were_drafts_keep_their_key(cat):
    known = replace(cat, revision="1")
    assert known.key == "6fcea3b87594725e"
    assert replace(known, draft=True).key != known.key


def test_only_missing_pictures_are_drawn(illustrator, cat, tmp_path):
    dog = replace(cat, prompt="a dog")
    draw(illustrator, tmp_path, cat, dog)
    before = (tmp_path / cat.file_name()).stat().st_mtime_ns
    (tmp_path / dog.file_name()).unlink()
    draw(illustrator, tmp_path, cat, dog)
    assert (tmp_path / cat.file_name()).stat().st_mtime_ns == before
    assert (tmp_path / dog.file_name()).is_file()


@pytest.mark.parametrize("harm", [lambda raw: raw[:-20], lambda raw: b"", lambda raw: raw[:60] + b"\0" + raw[61:]])
def test_a_damaged_picture_is_drawn_again(illustrator, cat, tmp_path, harm):
    (whole,) = draw(illustrator, tmp_path, cat)
    (tmp_path / cat.file_name()).write_bytes(harm(whole))
    assert draw(illustrator, tmp_path, cat) == [whole]


def test_another_drawings_picture_under_the_name_is_replaced(illustrator, cat, tmp_path):
    (tmp_path / "cover.png").write_bytes(draw(illustrator, tmp_path, replace(cat, seed=9))[0])
    finish(illustrator.draw([cat], tmp_path, ["cover.png"]))
    assert (tmp_path / "cover.png").read_bytes() == draw(illustrator, tmp_path, cat)[0]


def test_progress_counts_pictures_and_tells_steps(illustrator, cat, tmp_path):
    seen = list(illustrator.draw([cat, replace(cat, seed=2)], tmp_path, ["1.png", "2.png"]))
    assert [step.done for step in seen] == sorted(step.done for step in seen)
    assert (seen[0].done, seen[-1].done) == (0, 2)  # both files may be there at the same look
    assert {step.total for step in seen} == {2}
    assert "step 2 of 3" in [step.note for step in seen]


def test_the_pictures_are_there_that_progress_counts(illustrator, cat, tmp_path):
    for step in illustrator.draw([cat, replace(cat, seed=2)], tmp_path, ["1.png", "2.png"]):
        assert len(list(tmp_path.glob("*.png"))) >= step.done
    assert step.done == 2


def test_stopping_between_steps_keeps_whole_pictures_and_a_bare_base(illustrator, cat, may, tmp_path):
    (bare,) = draw(illustrator, tmp_path / "bare", cat)
    work = illustrator.draw(
        [replace(cat, worn=(may,)), replace(cat, worn=(may,), steps=4)], tmp_path, ["1.png", "2.png"]
    )
    for step in work:
        if step.note == "step 1 of 4":
            break
    work.close()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["1.png"]
    assert draw(illustrator, tmp_path / "after", cat) == [bare]


def test_weight_zero_draws_the_bases_picture(illustrator, cat, may, tmp_path):
    from PIL import Image

    bare, worn = cat, replace(cat, worn=((may[0], may[1], 0.0),))
    draw(illustrator, tmp_path, bare, worn)
    with Image.open(tmp_path / bare.file_name()) as one, Image.open(tmp_path / worn.file_name()) as other:
        assert one.tobytes() == other.tobytes()


def test_without_guidance_the_negative_does_not_count(illustrator, cat, tmp_path):
    from PIL import Image

    plain = replace(cat, guidance=1.0)
    draw(illustrator, tmp_path, plain, replace(plain, negative="a dog"))
    pixels = [Image.open(path).convert("RGB").tobytes() for path in sorted(tmp_path.iterdir())]
    assert pixels[0] == pixels[1]


def test_an_adapter_that_changed_is_refused(illustrator, cat, may, tmp_path):
    with pytest.raises(BadAdapter, match="'may' has changed"):
        draw(illustrator, tmp_path, replace(cat, worn=((may[0], "0" * 64, 1.0),)))


def test_an_unknown_adapter_is_refused(illustrator, cat, tmp_path):
    with pytest.raises(NotFound, match="'nobody'"):
        draw(illustrator, tmp_path, replace(cat, worn=(("nobody", "0" * 64, 1.0),)))


def test_numbers_out_of_range_are_no_picture(illustrator, cat, may, tmp_path):
    with pytest.raises(BadAdapter, match=r"'may' at 1e\+38"):
        draw(illustrator, tmp_path, replace(cat, worn=((may[0], may[1], 1e38),)))
    assert not list(tmp_path.glob("**/*.*"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"width": 100}, "100 x 64 px cannot be drawn"),
        ({"height": 4096}, "64 x 4096 px cannot be drawn"),
        ({"steps": 0}, "'0' steps"),
        ({"guidance": 99.0}, "guidance of '99.0'"),
        ({"guidance": float("nan")}, "guidance of 'nan'"),
        ({"seed": -1}, "seed '-1'"),
        ({"seed": 2**64}, "seed '18446744073709551616'"),
        ({"width": 100, "height": 70}, "such as 96 x 64"),
        ({"width": 10**9}, "such as 512 x 64"),
        ({"steps": 2.5}, "'2.5' steps"),
        ({"steps": True}, "'True' steps"),
        ({"start": Start("0" * 64, 0.0)}, "strength of '0.0'"),
        ({"start": Start("0" * 64, float("nan"))}, "strength of 'nan'"),
        ({"sampler": "magic"}, "no sampler 'magic'"),
    ],
    ids=str,
)
def test_numbers_that_cannot_be_drawn_are_refused_first(illustrator, cat, tmp_path, change, words):
    with pytest.raises(BadInput, match=words):
        draw(illustrator, tmp_path, cat, replace(cat, **change))
    assert not list(tmp_path.iterdir())


def test_weights_that_change_in_the_middle_give_a_picture_of_their_own(illustrator, cat, may, tmp_path):
    steady = replace(cat, worn=(may,))
    waning = replace(steady, late=(0.0,))
    waxing = replace(cat, worn=((may[0], may[1], 0.0),), late=(1.0,))
    pictures = draw(illustrator, tmp_path, steady, waning, waxing, cat)
    assert len({*pictures}) == 4
    alone = draw(illustrator, tmp_path / "alone", waning)
    assert alone[0] == pictures[1]


def test_late_weights_that_are_the_same_change_no_key(cat):
    assert replace(cat, late=(), style_only=(), finish="").key == cat.key
    assert replace(cat, finish="pixels").key != cat.key


def test_a_finish_is_on_the_file(illustrator, cat, tmp_path):
    import numpy as np
    from PIL import Image

    from studio.rendering.finish import grid

    for wanted, side in (("", 0), ("pixels", 4)):
        drawing = replace(cat, finish=wanted)
        draw(illustrator, tmp_path, drawing)
        assert grid(np.asarray(Image.open(tmp_path / drawing.file_name()))) == side


def test_style_blocks_are_refused_where_nobody_knows_them(illustrator, cat, may, tmp_path):
    with pytest.raises(BadInput, match="'may'"):
        draw(illustrator, tmp_path, replace(cat, worn=(may,), style_only=("may",)))
