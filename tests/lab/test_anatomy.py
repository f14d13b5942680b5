"""The parts of a diffusion model, looked into on a tiny one with random weights."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.errors import BadInput, BadPhoto
from studio.lab.anatomy.attention import by_word, watching
from studio.lab.anatomy.course import Told, clean_from, course, guided, noise_for, noise_from, predictions, shares
from studio.lab.anatomy.mirror import decoded, encoded, fit, mean_square, mirrored, psnr, ssim
from studio.lab.anatomy.solvers import Solved, solved
from studio.lab.anatomy.vocabulary import tokenizer_from
from studio.lab.anatomy.words import read_states, read_words, reading

STEPS = 5


@pytest.fixture(scope="module")
def pipeline(tiny_folder: Path):
    from diffusers import StableDiffusionPipeline

    return StableDiffusionPipeline.from_pretrained(tiny_folder, local_files_only=True, safety_checker=None)


@pytest.fixture(scope="module")
def told(pipeline) -> Told:
    return Told(read_states(pipeline, "a cat"), read_states(pipeline, ""), 3.0)


@pytest.fixture(scope="module")
def steps(pipeline, told):
    return list(course(pipeline, told, noise_for(pipeline, 1), STEPS))


def digest(network: torch.nn.Module) -> str:
    told = hashlib.sha256()
    for name, tensor in network.state_dict().items():
        told.update(name.encode() + tensor.numpy().tobytes())
    return told.hexdigest()


def test_pieces_are_joined_to_the_words_that_stand_there(pipeline) -> None:
    words = read_words(pipeline.tokenizer, "A xylophonist, con mèo nhỏ!")
    assert words.words == ("A", "xylophonist", ",", "con", "mèo", "nhỏ", "!")
    assert len(words.tokens) > len(words.words) and not words.cut
    assert [token.id for token in words.tokens] == pipeline.tokenizer("A xylophonist, con mèo nhỏ!").input_ids[1:-1]
    assert words.places(1) == tuple(range(2, 2 + len(words.places(1))))


def test_words_past_the_end_are_told(pipeline) -> None:
    words = read_words(pipeline.tokenizer, "cat " * 70 + "moon")
    room = pipeline.tokenizer.model_max_length - 2
    assert len(words.tokens) == room and words.cut[-1] == "moon" and len(words.cut) == 71 - room


def test_the_same_piece_is_the_same_alone_and_another_in_its_sentence(pipeline) -> None:
    words = read_words(pipeline.tokenizer, "a cat and a dog")
    read = reading(pipeline, words, read_states(pipeline, "a cat and a dog"))
    first, second = words.places(0)[0], words.places(3)[0]
    assert read.alone[first].equal(read.alone[second]) and not torch.allclose(read.heard[first], read.heard[second])


def test_it_draws_what_the_studio_draws(pipeline, steps) -> None:
    from studio.rendering.conditioning import Conditioning
    from studio.rendering.denoising import Denoising
    from studio.rendering.drawing import Drawing

    numbers = {"seed": 1, "width": 256, "height": 256, "steps": STEPS, "guidance": 3.0, "sampler": "ddim"}
    drawing = Drawing(prompt="a cat", negative="", model="pocket", revision="", **numbers)
    denoising = Denoising(pipeline, Conditioning(pipeline), [drawing])
    assert len(list(denoising)) == STEPS
    (pixels,) = denoising.pixels()
    shown = decoded(pipeline, steps[-1].latents).astype(int)
    assert abs((pixels * 255).round().numpy() - shown).max() <= 1


def test_the_last_expected_picture_is_the_finished_one(steps) -> None:
    assert torch.allclose(steps[-1].clean, steps[-1].latents, atol=1e-5)
    assert not torch.allclose(steps[0].clean, steps[-1].latents, atol=1e-2)
    assert [step.number for step in steps] == [*range(1, STEPS + 1)]


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction", "sample"])
def test_clean_and_noise_together_are_what_was_seen(kind) -> None:
    clean, noise, kept = torch.randn(1, 4, 5, 5), torch.randn(1, 4, 5, 5), torch.tensor(0.3)
    seen = kept.sqrt() * clean + (1 - kept).sqrt() * noise
    says = {"epsilon": noise, "sample": clean, "v_prediction": kept.sqrt() * noise - (1 - kept).sqrt() * clean}[kind]
    assert torch.allclose(clean_from(kind, seen, says, kept), clean, atol=1e-5)
    assert torch.allclose(noise_from(kind, seen, says, kept), noise, atol=1e-5)


def test_the_listening_adds_up_to_one_in_every_cell(pipeline, steps) -> None:
    for step in steps:
        assert torch.allclose(step.attention.sum(0), torch.ones(step.attention.shape[1:]), atol=1e-4)
    words = by_word(steps[0].attention, read_words(pipeline.tokenizer, "a cat"))
    assert len(words) == 4 and torch.allclose(words.sum(0), torch.ones(words.shape[1:]), atol=1e-4)


def test_watching_changes_nothing(pipeline, told) -> None:
    before, usual = digest(pipeline.unet), pipeline.unet.attn_processors
    latents = noise_for(pipeline, 2)
    with torch.inference_mode():
        plain = predictions(pipeline.unet, latents, torch.tensor(500), told)
        with watching(pipeline.unet) as heard:
            watched = predictions(pipeline.unet, latents, torch.tensor(500), told)
    assert heard and all(one.equal(other) for one, other in zip(plain, watched, strict=True))
    with pytest.raises(KeyError), watching(pipeline.unet):
        raise KeyError
    assert pipeline.unet.attn_processors == usual and digest(pipeline.unet) == before


def test_guidance_goes_on_from_the_guess_without_words(pipeline, told, steps) -> None:
    without, wanted = torch.zeros(1), torch.ones(1)
    assert guided((without, wanted), 3.0) == 3 and guided((wanted,), 1.0) == 1
    assert all(step.pull is not None and step.reach > 0 for step in steps)
    plain = next(course(pipeline, Told(told.wanted, told.unwanted, 1.0), noise_for(pipeline, 1), 2))
    assert plain.pull is None and plain.reach == 0


def test_the_shares_of_picture_and_noise_go_from_all_to_nothing(pipeline) -> None:
    signal, noise = shares(pipeline)
    assert torch.allclose(signal**2 + noise**2, torch.ones(len(signal))) and (signal.diff() < 0).all()
    assert signal[0] > 0.99 and signal[-1] < 0.01


def test_the_solvers_without_chance_meet_when_the_steps_are_many(pipeline, told) -> None:
    def end(name: str, count: int, seed: int = 1) -> torch.Tensor:
        *numbers, last = solved(pipeline, told, noise_for(pipeline, 1), name, count, seed)
        assert numbers == [*range(1, count + 1)] and isinstance(last, Solved)
        return last.latents

    few, many = (float((end("DDIM", count) - end("DPM++", count)).abs().mean()) for count in (5, 50))
    assert many < few
    assert end("DDPM", 5).equal(end("DDPM", 5)) and not end("DDPM", 5).equal(end("DDPM", 5, 2))


def test_the_loss_of_the_mirror_is_that_of_its_pictures(pipeline) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (90, 160, 3), np.uint8)
    found = mirrored(pipeline, photo)
    assert found.photo.shape == found.back.shape == (144, 256, 3) and found.latents.shape == (16, 9, 16)
    assert np.array_equal(found.back, decoded(pipeline, encoded(pipeline, found.photo)))
    assert found.mse == pytest.approx(np.mean((found.photo / 255 - found.back / 255) ** 2))
    assert found.psnr == pytest.approx(10 * math.log10(1 / found.mse))
    assert found.ssim == pytest.approx(ssim(found.photo, found.back)) and found.ssim < 0.9
    with pytest.raises(BadPhoto, match="400 x 20 px.*too small"):
        mirrored(pipeline, photo[:20].repeat(3, 1)[:, :400])


def test_measures_of_pictures_that_are_known() -> None:
    flat = np.full((40, 40, 3), 100, np.uint8)
    assert mean_square(flat, flat) == 0 and psnr(0.0) == 99 and ssim(flat, flat) == pytest.approx(1)
    assert mean_square(flat, flat + 51) == pytest.approx(0.04) and psnr(0.01) == pytest.approx(20)
    means = (100 / 255, 151 / 255)  # SSIM of two flat pictures is that of their lightness alone
    light = (2 * means[0] * means[1] + 1e-4) / (means[0] ** 2 + means[1] ** 2 + 1e-4)
    assert ssim(flat, flat + 51) == pytest.approx(light, abs=1e-6)
    assert fit(np.zeros((100, 4000, 3), np.uint8), 256, 8).shape == (16, 256, 3)


def files(pieces: dict[str, object] | None = None, merges: str = "c a\nca t</w>\n") -> tuple[bytes, bytes]:
    names = [*"cat", "t</w>", "ca", "cat</w>", "<|startoftext|>", "<|endoftext|>"]
    usual = {name: number for number, name in enumerate(names)}
    return json.dumps(pieces or usual).encode(), f"#version: 0.2\n{merges}".encode()


def test_a_tokenizer_comes_from_its_two_files() -> None:
    tokenizer = tokenizer_from(*files())
    assert tokenizer("cat").input_ids == [6, 5, 7] and tokenizer.model_max_length == 77
    assert read_words(tokenizer, "cat cat").words == ("cat", "cat")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ((b"{broken", files()[1]), "vocab.json is damaged"),
        ((b"[1, 2]", files()[1]), "no list of words"),
        (files({"a": 0, "b": "1"}), "no list of words"),
        (files({"a": 0, "b": 2}), "missing or stands twice"),
        (files({"a": 0, "b": 1}), r"lacks the mark '<\|startoftext\|>'"),
        ((files()[0], b"\xff\xfe\x00"), "merges.txt is damaged"),
        (files(merges="c a\nwhole\n"), "Line 3 of merges.txt is damaged"),
        (files(merges="c a\nq u\n"), "Line 3 of merges.txt joins 'q u'.*do not belong together"),
    ],
)
def test_damaged_words_are_refused(raw, said) -> None:
    with pytest.raises(BadInput, match=said):
        tokenizer_from(*raw)
