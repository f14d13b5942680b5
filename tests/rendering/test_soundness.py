"""No black, blank or numberless picture is ever kept, whatever breaks, and everything else is."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.errors import StudioError
from studio.models.loading import load_pipeline, model_revision
from studio.models.table import base_model
from studio.progress import finish
from studio.rendering.drawing import Drawing
from studio.rendering.illustrator import Illustrator
from studio.rendering.soundness import is_sound
from studio.settings import Settings

POCKET = base_model("pocket")
PAGES, STEPS = 5, 1
PROMPT = "a happy cat with {} kites"
NAMES = [f"{at}.png" for at in range(PAGES)]
FAULTS = ("nan", "inf", "black", "one colour", "no memory")


def strong(*told: Any) -> Any:
    """The tiny model, whose random pictures are nearly of one colour, with strong ones."""
    pipeline = load_pipeline(*told)
    decode = pipeline.vae.decode

    def painted(latents: Any, **told: Any) -> Any:
        (made,) = decode(latents, **told)
        return ((made - made.mean()) * 30,)

    pipeline.vae.decode = painted
    return pipeline


class Faulty:
    """A loader of the tiny model that breaks for one page: every time, or once only."""

    def __init__(self, fault: str, page: int, for_good: bool) -> None:
        self.fault, self.page, self.for_good = fault, page, for_good
        self.decoded = 0
        self.broke = False

    def __call__(self, *told: Any) -> Any:
        self.pipeline = strong(*told)
        self.pipeline.unet.register_forward_hook(self.predicted, with_kwargs=True)
        self.decode = self.pipeline.vae.decode
        self.pipeline.vae.decode = self.painted
        return self.pipeline

    def predicted(self, unet: Any, seen: Any, told: Any, made: Any) -> Any:
        """What the network says, wrong in the rows of the page."""
        import torch

        words = self.pipeline.encode_prompt(PROMPT.format(self.page), "cpu", 1, False)[0].to(unet.dtype)
        rows = (told["encoder_hidden_states"] == words).all((1, 2))
        if not rows.any() or self.fault in ("black", "one colour") or (self.broke and not self.for_good):
            return made
        self.broke = True
        if self.fault == "no memory":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        wrong = torch.where(rows[:, None, None, None], float(self.fault), 0.0)
        return (made[0] + wrong,)

    def painted(self, latents: Any, **told: Any) -> Any:
        """The picture, or one colour when it is the page's turn: pages come in order, and what is tried again comes last."""
        import torch

        (made,) = self.decode(latents, **told)
        turn, self.decoded = self.decoded, self.decoded + 1
        plain = {"black": -1.0, "one colour": 0.3}.get(self.fault)
        again = self.for_good and turn >= PAGES
        return (torch.full_like(made, plain) if plain and (turn == self.page or again) else made,)


@pytest.fixture(scope="module", autouse=True)
def what_stays() -> None:
    """What is there already is left alone when memory is given back: the tests' own process holds far more than a studio."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def settings(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_POCKET", str(tiny_folder))
        yield Settings(home=tmp_path_factory.mktemp("home"), database_url="")


@pytest.fixture(scope="module")
def pages(settings: Settings) -> list[Drawing]:
    bare = Drawing(
        prompt="a cat", negative="", seed=0, width=64, height=64, steps=STEPS, guidance=5.0, sampler="ddim",
        model="pocket", revision=model_revision(POCKET, settings),
    )  # fmt: skip
    return [replace(bare, prompt=PROMPT.format(at), seed=at) for at in range(PAGES)]


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize(("page", "guidance"), [(page, (5.0, 1.0)[page % 2]) for page in range(PAGES)])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ships_no_bad_picture_and_keeps_all_others(
    settings, pages, tmp_path, fault: str, page: int, for_good: bool, guidance: float
) -> None:
    drawings = [replace(one, guidance=guidance) for one in pages]
    illustrator = Illustrator(POCKET, settings, Faulty(fault, page, for_good))
    work = illustrator.draw(drawings, tmp_path, NAMES)
    if for_good:
        with pytest.raises(StudioError, match="are safe"):
            finish(work)
    else:
        finish(work)
    kept = sorted(path.name for path in tmp_path.glob("*.png"))
    stopped = for_good and fault == "no memory"  # nobody knows whether memory is there for the pages after it
    assert kept == [name for at, name in enumerate(NAMES) if not for_good or (at < page if stopped else at != page)]
    assert all(sound(tmp_path / name) for name in kept)
    assert not list((tmp_path / "previews").glob("*"))


def sound(path: Path) -> bool:
    import torch
    from PIL import Image

    return is_sound(torch.from_numpy(np.array(Image.open(path))).float() / 255)


@pytest.mark.parametrize("plain", [0.0, 0.5, float("nan")])
def test_one_colour_is_no_picture(plain: float) -> None:
    import torch

    assert not is_sound(torch.full((8, 8, 3), plain))


def test_the_darkest_and_emptiest_scenes_are_pictures() -> None:
    import torch

    from studio.pocket.world.grammar import held_out_scenes
    from studio.pocket.world.picture import render

    dark = [scene for scene in held_out_scenes(3, 200) if scene.time == "night"][:20]
    assert all(is_sound(torch.from_numpy(render(scene)).float() / 255) for scene in dark)


def test_memory_that_is_short_for_all_at_once_draws_fewer_at_a_time(settings, pages, tmp_path) -> None:
    whole = drawn(settings, pages, tmp_path / "whole")
    assert drawn(settings, pages, tmp_path / "few", Small(4)) == whole


class Small:
    """A loader of the tiny model on a machine with room for so many rows at once."""

    def __init__(self, rows: int) -> None:
        self.rows = rows

    def __call__(self, *told: Any) -> Any:
        import torch

        def refuse(unet: Any, seen: Any) -> None:
            if len(seen[0]) > self.rows:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

        pipeline = strong(*told)
        pipeline.unet.register_forward_pre_hook(refuse)
        return pipeline


def drawn(settings: Settings, pages: list[Drawing], folder: Path, load: Callable[..., Any] = strong) -> list[bytes]:
    paths = finish(Illustrator(POCKET, settings, load).draw(pages, folder, NAMES))
    return [path.read_bytes() for path in paths]
