"""The lab on the command line and as work of the queue: pictures repainted, flowers painted, painters taught, a book repainted."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import BadInput, NotFound
from studio.files import atomic_write
from studio.lab.textures import TEXTURES
from studio.lab.transfer import STEPS
from studio.library.experiments import Experiment
from studio.library.seals import whole
from studio.progress import finish
from studio.publishing.provenance import source_of
from studio.rendering.source import AI_PICTURES
from studio.workshop import Workshop
from studio.workshop.laboratory import read_rgb, timetable
from tests.commands import answer, run
from tests.painter import plain_painter

STORY = "A girl ran in the forest. She saw a cat."
SMALL = {"side_px": 64, "way": "careful"}


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Path, Path]:
    """A content of two planes and a circle, and a style of dots."""
    yy, xx = np.mgrid[:96, :96]
    content = np.where((xx - 48) ** 2 + (yy - 48) ** 2 < 900, 220, np.where(yy > 60, 90, 160)).astype(np.uint8)
    places = tmp_path / "content.png", tmp_path / "style.png"
    Image.fromarray(content).convert("RGB").save(places[0])
    Image.fromarray(TEXTURES["dots"](np.random.default_rng(3))).save(places[1])
    return places


def done(workshop: Workshop, id: str) -> Experiment:
    """The experiment after the worker did what was asked."""
    job = next(job for job in workshop.live_jobs() if job.target == id)
    finish(workshop.perform(job.kind, job.target, dict(job.arguments)))
    return workshop.experiment(id)


# On the command line


@pytest.mark.usefixtures("home")
def test_a_picture_is_repainted_and_its_losses_are_told(pictures: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "x.png"
    told = answer("style", *pictures, "--out", out, "--side", 64)
    assert told["style before"] > told["style after"] > 0 and told["seconds"] > 0
    assert 0 < told["edges kept"] <= 1 and read_rgb(out).shape == (64, 64, 3)
    assert source_of(out.read_bytes()) == AI_PICTURES


@pytest.mark.usefixtures("home")
def test_the_quick_way_gives_a_picture_of_the_same_size(pictures: tuple[Path, Path], tmp_path: Path) -> None:
    told = answer(
        "style", *pictures, pictures[1], "--out", tmp_path / "x.png", "--way", "quick", "--weight", 1, "--weight", 3
    )
    assert read_rgb(tmp_path / "x.png").shape == (96, 96, 3) and told["style after"] < told["style before"]


@pytest.mark.usefixtures("home")
def test_pictures_that_cannot_be_repainted_are_refused_in_words(pictures: tuple[Path, Path], tmp_path: Path) -> None:
    content, style = pictures
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    Image.new("RGB", (96, 96), "red").save(tmp_path / "red.png")
    (tmp_path / "net.safetensors").write_bytes(b"nothing")
    out = tmp_path / "x.png"
    for words, sentence in (
        ((tmp_path / "dot.png", style), "only 1 × 1 pixels"),
        ((content, tmp_path / "red.png"), "all of one colour"),
        ((content, content), "same picture"),
        ((content, tmp_path / "gone.png"), "no picture 'gone.png'"),
        ((content, style, "--network", tmp_path / "net.safetensors"), "is no .safetensors file"),
        ((content, style, "--side", 9000), "Choose one from 64 to 1024"),
        ((content, style, style, "--weight", 0, "--weight", 0), "cannot be mixed by the weights 0, 0"),
        ((content, style, "--weight", 1, "--weight", 2), "1 styles cannot be mixed"),
    ):
        result = run("style", *words, "--out", out)
        assert result.exit_code == 1 and sentence in result.stderr, result.stderr
    assert not out.exists()


@pytest.mark.usefixtures("home")
def test_flowers_are_painted_from_words_and_read_back(tmp_path: Path) -> None:
    told = answer(
        "gan", "draw", "a red flower with a yellow centre", "--out", tmp_path / "x.png", "--to", "a blue flower"
    )
    assert (told["colour"], told["centre"]) == ("red", "yellow") and told["colour share"] >= 0.9
    assert read_rgb(tmp_path / "x.png").shape[1] > 600 and read_rgb(tmp_path / told["film"]).shape[1] > 800
    assert {source_of((tmp_path / name).read_bytes()) for name in ("x.png", told["film"])} == {AI_PICTURES}
    assert run("gan", "draw", " ", "--out", tmp_path / "y.png").exit_code == 1


@pytest.mark.usefixtures("home")
def test_a_folder_without_captions_teaches_nobody(tmp_path: Path) -> None:
    result = run("gan", "train", tmp_path, "--out", tmp_path / "painter")
    assert result.exit_code == 1 and "0 pictures have captions" in result.stderr


# As work of the queue


def test_an_experiment_leaves_its_picture_and_figures(home, pictures: tuple[Path, Path]) -> None:
    workshop = Workshop()
    given = [(path.name, path.read_bytes()) for path in pictures]
    one = done(workshop, workshop.ask_style(given[0], given[1:], **SMALL))
    assert one.files == ("result.png",) and one.figures["style before"] > one.figures["style after"]
    assert workshop.experiment_file(one.id, "result.png") and not workshop.experiment_file(one.id, "preview.jpg")


def test_all_manners_of_a_style_come_on_one_sheet(
    home, pictures: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STEPS, 128, 4)  # fourteen pictures, each in a few strokes
    workshop = Workshop()
    given = [(path.name, path.read_bytes()) for path in pictures]
    id = workshop.ask_style(given[0], given[1:], way="sheet", side_px=64, titles={"mirrored": "Lật gương"})
    one = done(workshop, id)
    assert one.files == ("result.png", "sheet.png") and one.figures["manners"] >= 8


def test_a_painter_that_was_taught_paints(home, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = Workshop()
    folder = workshop.settings.datasets / "dots"
    for number in range(20):
        atomic_write(folder / f"{number}.txt", f"a {('red', 'blue')[number % 2]} dot {number}")
        Image.new("RGB", (64, 64), ("red", "blue")[number % 2]).save(folder / f"{number}.png")
    atomic_write(folder / "dataset.json", json.dumps({"version": 1, "title": "Dots"}))
    id = workshop.ask_school(dataset="dots")
    workshop._experiments.change(id, lambda now: replace(now, asked={**now.asked, "minutes": 0.02, "width": 8}))
    one = done(workshop, id)
    assert one.files == ("generator.safetensors", "result.png") and one.figures["pictures"] == 20
    assert len(workshop.experiment_samples(id)) >= 1 and not [*workshop.experiment_folder(id).glob("checkpoint-*")]
    assert done(workshop, workshop.ask_flowers("a red dot", school=id)).files == ("result.png", "strip.png")


def test_a_painter_is_taught_for_as_long_as_was_asked() -> None:
    table = timetable({"minutes": 3, "l1": 0.0, "features": 2.0, "seed": 4})
    assert (table.seconds, dict(table.terms), table.seed) == (180.0, {"features": 2.0}, 4)


def test_a_whole_book_is_repainted_in_a_copy(
    home, pictures: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for side in (128, 256):
        monkeypatch.setitem(STEPS, side, 4)
    workshop = Workshop(illustrator=plain_painter())
    book = workshop.begin_book(workshop.read_story(STORY, "The cat", "en"), 2)
    book = finish(workshop.draw_book(book.id))
    before = [workshop.picture(book, number).read_bytes() for number in (1, 2)]
    id = workshop.ask_repainting(book.id, ("dots.png", pictures[1].read_bytes()), side_px=64, copy="The dotted cat")
    copy = workshop.book(str(done(workshop, id).figures["book"]))
    assert copy.title == "The dotted cat" and workshop.page_states(copy) == ("drawn", "drawn")
    painted = [workshop.picture(copy, number) for number in (1, 2)]
    assert all(one.read_bytes() != raw for one, raw in zip(painted, before, strict=True))
    assert [workshop.picture(book, number).read_bytes() for number in (1, 2)] == before
    assert all(whole(one) for one in painted) and finish(workshop.verify()).damaged == ()
    assert read_rgb(painted[0]).shape == read_rgb(workshop.picture(book, 1)).shape


def test_what_cannot_be_asked_for_is_refused_and_leaves_nothing(home, pictures: tuple[Path, Path]) -> None:
    workshop = Workshop()
    with pytest.raises(BadInput, match="no words to paint from"):
        workshop.ask_flowers(" ")
    with pytest.raises(NotFound):
        workshop.ask_flowers("a red flower", school="20260101-000000000")
    with pytest.raises(BadInput, match="no style picture"):
        workshop.ask_style(("a.png", pictures[0].read_bytes()), [])
    with pytest.raises(BadInput, match="no words to look into"):
        workshop.ask_anatomy(" ")
    assert workshop.experiments() == () and workshop.live_jobs() == ()


def test_an_experiment_that_goes_on_is_stopped_and_goes_for_good(home) -> None:
    workshop = Workshop()
    id = workshop.ask_flowers("a red flower")
    workshop.remove_experiment(id)
    assert workshop.experiments() == () and [job.state for job in workshop.jobs()] == ["cancelled"]


@pytest.mark.usefixtures("home", "tiny_pocket")
def test_the_inside_of_the_model_is_laid_out_in_files_and_a_lesson(tmp_path: Path, pictures: tuple[Path, Path]) -> None:
    out = tmp_path / "inside"
    out.mkdir()
    own = Path(shutil.copy(pictures[0], out / "mine.png"))
    told = answer(
        "anatomy", "a cat on the moon", "--out", out, "--steps", 3, "--photo", pictures[0], "--language", "vi"
    )
    names = [part["name"] for part in told["parts"]]
    assert {"tokens", "schedule", "latents", "clean", "attention", "guidance", "mirror", "solvers"} == {*names}
    assert all((out / file).is_file() for part in told["parts"] for file in part["files"])
    made = {out / "lesson.pdf", *out.glob("*.png")} - {own}
    assert {source_of(path.read_bytes()) for path in made} == {AI_PICTURES}
    assert own.read_bytes() == pictures[0].read_bytes()  # what lay there before is not touched
    assert run("anatomy", "a cat", "--out", out, "--language", "fr").exit_code == 1


@pytest.mark.usefixtures("tiny_pocket")
def test_a_look_inside_as_work_of_the_queue_can_be_read_as_a_lesson_in_both_languages(home) -> None:
    workshop = Workshop()
    one = done(workshop, workshop.ask_anatomy("a cat on the moon", steps=3))
    assert len(one.files) >= 8 and all(workshop.experiment_file(one.id, name) for name in one.files)
    english, vietnamese = (workshop.lesson(one.id, language) for language in ("en", "vi"))
    assert source_of(english) == source_of(vietnamese) == AI_PICTURES and english != vietnamese
