"""A whole anatomy: plates, anatomy.json and the lesson, of the tiny model and of a checkpoint in one file."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import deque
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import BadInput, BadPhoto, NotFound
from studio.lab.anatomy.dissection import dissected
from studio.lab.anatomy.explanation import LANGUAGES, caption, explanation
from studio.lab.anatomy.lesson import FOOT, PAGE, SMALLEST, Block, laid, lesson
from studio.lab.anatomy.record import FILE, PARTS, PICTURE, Anatomy, Question, read_anatomy
from studio.progress import Progress, finish
from studio.settings import ROOT

PROMPT = "a cat and a dog on the moon"


@pytest.fixture(scope="module")
def pipeline(tiny_folder: Path):
    from diffusers import StableDiffusionPipeline

    return StableDiffusionPipeline.from_pretrained(tiny_folder, local_files_only=True, safety_checker=None)


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    ramp = np.linspace(0, 255, 96).astype(np.uint8)
    return np.stack([np.tile(ramp, (64, 1)), np.full((64, 96), 90, np.uint8), np.tile(ramp[::-1], (64, 1))], -1)


@pytest.fixture(scope="module")
def folder(pipeline, photo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole anatomy of the tiny model."""
    folder, seen = tmp_path_factory.mktemp("anatomy"), []
    finish(dissected(pipeline, Question(PROMPT, seed=3, steps=4, photo=photo), folder), seen.append)
    assert [one.done for one in seen] == [*range(1, seen[-1].total + 1)], "progress counts to its end"
    return folder


def test_every_part_is_there_with_its_plates(folder) -> None:
    anatomy = read_anatomy(folder)
    assert tuple(part.name for part in anatomy.parts) == PARTS and anatomy.prompt == PROMPT
    names = {PICTURE, *(name for part in anatomy.parts for name in part.files)}
    assert names | {FILE} == {path.name for path in folder.iterdir()}
    for name in names:
        with Image.open(folder / name) as plate:
            plate.verify()


def test_the_figures_tell_what_was_found(folder) -> None:
    anatomy = read_anatomy(folder)
    tokens = anatomy.part("tokens").figures["tokens"]
    assert [token["text"] for token in tokens] == ["‹start›", *PROMPT.split(), "‹end›"]
    assert all(token["norm"] > 0 for token in tokens)
    heard = anatomy.part("attention").figures
    assert sum(word["share"] for word in heard["words"]) + heard["start"] + heard["rest"] == pytest.approx(1, abs=1e-3)
    assert anatomy.part("solvers").figures["off"]["DDIM"][-1] == 0
    assert len(anatomy.part("guidance").figures["pull"]) == 4


def test_what_was_written_reads_back_and_damage_is_told(folder, tmp_path) -> None:
    told = json.loads((folder / FILE).read_text())
    assert told["version"] == 1 and isinstance(read_anatomy(folder), Anatomy)
    with pytest.raises(NotFound, match="no finished anatomy"):
        read_anatomy(tmp_path)
    for wrong in ({**told, "more": 1}, {**told, "picture": "../x.png"}, {**told, "version": 2}, {**told, "parts": [1]}):
        (tmp_path / FILE).write_text(json.dumps(wrong))
        with pytest.raises(BadInput, match="damaged or from another studio"):
            read_anatomy(tmp_path)


def test_closing_it_early_leaves_whole_plates_and_a_bare_model(pipeline, folder, tmp_path) -> None:
    usual = pipeline.unet.attn_processors
    (tmp_path / FILE).write_bytes((folder / FILE).read_bytes())
    work = dissected(pipeline, Question(PROMPT, steps=4, solvers=False), tmp_path)
    assert isinstance(deque((next(work) for _ in range(5)), maxlen=1)[0], Progress)
    work.close()
    assert {path.name for path in tmp_path.iterdir()} == {"tokens.png"}, "what an earlier one told is gone with it"
    assert pipeline.unet.attn_processors == usual


def test_a_tiny_photo_is_refused_before_anything_is_touched(pipeline, folder) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    with pytest.raises(BadPhoto, match="too small to see anything"):
        finish(dissected(pipeline, Question(PROMPT, photo=np.zeros((8, 200, 3), np.uint8)), folder))
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_what_a_part_has_left_stays_together_on_its_new_page() -> None:
    def blocks(*heights: int) -> list[Block]:
        return [Block((), Path(), (1600, height), ()) for height in heights]

    pages = laid([blocks(600), blocks(1100, 1100), blocks(400)], 320.0)
    assert [len(page) for page in pages] == [1, 2, 1]
    assert pages[1][0].scale == pages[1][1].scale > SMALLEST and pages[0][0].scale == 1
    last = pages[1][1]
    assert last.top + last.block.height(last.scale) <= PAGE[1] - FOOT + 1e-6


def test_without_guidance_photo_and_solvers_there_are_fewer_parts(pipeline, tmp_path) -> None:
    anatomy = finish(dissected(pipeline, Question("a cat", steps=2, guidance=1.0, solvers=False), tmp_path))
    assert [part.name for part in anatomy.parts] == ["tokens", "schedule", "latents", "clean", "attention"]
    assert lesson(tmp_path, tmp_path / "short.pdf", "en").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"prompt": "  "}, "no words to look into"),
        ({"prompt": "a cat", "steps": 1}, "1 steps cannot be looked into"),
        ({"prompt": "a cat", "guidance": 0.0}, "guidance scale 0.0 is not between"),
    ],
)
def test_what_cannot_be_looked_into_is_refused(asked, said) -> None:
    with pytest.raises(BadInput, match=said):
        Question(**asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lesson_can_be_read_and_carries_its_letters(folder, tmp_path, language) -> None:
    path = lesson(folder, tmp_path / "lesson.pdf", language)
    words = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    running = " ".join(words.split())
    for part in read_anatomy(folder).parts:
        told = explanation(part.name, language)
        assert told.title in running and told.text in running and caption(part, language) in running
    assert PROMPT in running
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert len(fonts) == 3 and all(line.split()[-5] == "yes" for line in fonts), "all embedded"


def test_a_lesson_in_another_language_or_without_its_plates_is_refused(folder, tmp_path) -> None:
    with pytest.raises(BadInput, match="not written in 'fr'"):
        lesson(folder, tmp_path / "lesson.pdf", "fr")
    (tmp_path / FILE).write_bytes((folder / FILE).read_bytes())
    with pytest.raises(NotFound, match="plate 'picture.png' is missing"):
        lesson(tmp_path, tmp_path / "lesson.pdf", "en")
    assert not (tmp_path / "lesson.pdf").exists()


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_explained_and_the_code_that_it_names_exists(part) -> None:
    english, vietnamese = (explanation(part, language) for language in LANGUAGES)
    assert english.code == vietnamese.code and english.text != vietnamese.text
    assert all(2 <= told.text.count(". ") + told.text.count("; ") + 1 <= 6 for told in (english, vietnamese))
    for reference in english.code.split(", "):
        file, _, name = reference.partition(":")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}, reference


def test_the_lesson_and_the_words_load_no_torch() -> None:
    program = (
        "import sys, studio.lab.anatomy.lesson, studio.lab.anatomy.dissection as d;"
        "print({'torch', 'numpy', 'PIL', 'reportlab', 'pydantic'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_a_checkpoint_in_one_file_with_its_two_files_of_words(tiny_models, home, photo, tmp_path) -> None:
    from studio.lab.anatomy.vocabulary import tokenizer_from
    from studio.models.checkpoint import bring
    from studio.models.loading import load_pipeline
    from studio.models.table import base_model
    from studio.settings import Settings, load_settings
    from tests.models.original import one_file

    tiny = tmp_path / "tiny"
    (tiny / "models").parent.mkdir()
    (tiny / "models").symlink_to(tiny_models)
    file = one_file(load_pipeline(base_model("sd15"), Settings(tiny, "")), tmp_path / "v1-5-pruned-emaonly.safetensors")
    vocab, merges = ((tiny_models / "letters" / name).read_bytes() for name in ("vocab.json", "merges.txt"))
    model = finish(bring(file, "Mine", load_settings(), beside=tiny_models / "letters", designs=tiny_models))
    pipeline = load_pipeline(model, load_settings())
    made = tokenizer_from(vocab, merges)
    assert made("a cat").input_ids == pipeline.tokenizer("a cat").input_ids
    pipeline.tokenizer = made
    question = Question("một con mèo", steps=3, guidance=7.5, photo=photo, solvers=False)
    anatomy = finish(dissected(pipeline, question, tmp_path / "found"))
    tokens = anatomy.part("tokens").figures
    assert tokens["words"] == ["một", "con", "mèo"] and tokens["places"] == 77
    assert len(tokens["tokens"]) > 3 + 2, "letters are joined to words"
    assert anatomy.part("schedule").figures["kind"] == "epsilon" and anatomy.part("mirror").figures["mse"] > 0
    assert lesson(tmp_path / "found", tmp_path / "lesson.pdf", "vi").stat().st_size > 10_000
