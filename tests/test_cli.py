"""The command line as a script meets it: exit codes, one JSON object, one clear sentence."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from studio.cli import app
from studio.publishing.provenance import source_of
from studio.rendering.notes import read_notes
from studio.rendering.source import AI_PICTURES
from studio.rights import can_be_kept
from studio.settings import ROOT, SAMPLES

STORY = "May had a red balloon in the garden. A dog named Rex ran to her. They went to the forest. At night they slept."


def run(*words: str | int | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answer(*words: str | Path) -> dict:
    """The one object on stdout of a command that ends well."""
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    (line,) = result.stdout.splitlines()
    return json.loads(line)


def told(folder: Path) -> Path:
    path = folder / "balloon.txt"
    path.write_text(f"# The balloon\n\n{STORY}", encoding="utf-8")
    return path


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return told(tmp_path)


@pytest.fixture(scope="module")
def made_once(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """A folder with the home in which a whole book was made from the command line, and what was answered."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_HOME", str(folder / "home"))
        patch.setenv("STUDIO_POCKET", str(tiny_folder))
        patch.delenv("STUDIO_DATABASE_URL", raising=False)
        return folder, answer("make", told(folder), "--pages", "2", "--out", folder / "book.pdf")


@pytest.fixture
def made(made_once: tuple[Path, dict], home: Path, tiny_pocket: Path, tmp_path: Path) -> dict:
    """That book in a home of the test's own."""
    folder, answered = made_once
    shutil.copytree(folder / "home", home)
    shutil.copy(folder / "book.pdf", tmp_path)
    return answered


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *code.split()], cwd=ROOT, capture_output=True, text=True)


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    result = python("-X importtime -m studio --help")
    imported = {line.rsplit("|", 1)[-1].strip() for line in result.stderr.splitlines()}
    assert result.returncode == 0 and "make" in result.stdout
    assert not imported & {"torch", "diffusers", "streamlit", "dbos", "pydantic", "numpy", "PIL", "studio.workshop"}
    assert len(imported) < 500  # half a second on a machine that does nothing else


def test_every_command_has_help() -> None:
    groups = {"books", "characters", "adapters", "models", "jobs", "pocket"}
    for name in ("make", "train", "write", "draw", "export", "evaluate", "erase", "verify", *(groups - {"pocket"})):
        result = run(name, "--help")
        assert result.exit_code == 0 and "--help" in result.stdout, name


def test_make_makes_a_pdf_and_keeps_the_book(made: dict, tmp_path: Path) -> None:
    assert made["title"] == "The balloon" and made["pages"] == 2
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")
    (book,) = answer("books", "list")["books"]
    assert book["id"] == made["book"] and book["drawn"]
    assert answer("books", "show", made["book"])["states"] == ["drawn", "drawn"]
    assert answer("verify") == {"checked": 3, "damaged": [], "repaired": [], "swept": []}


def test_a_made_book_is_exported_removed_and_restored(made: dict, tmp_path: Path) -> None:
    words = ("export", made["book"], "--out", tmp_path / "home.pdf", "--profile", "home")
    assert "will look blurred" in run(*words).stderr and not (tmp_path / "home.pdf").exists()
    told = answer(*words, "--accept-red")
    assert Path(told["file"]).read_bytes().startswith(b"%PDF")
    (file,) = told["files"]
    assert len(file["sha256"]) == 64 and file["boxes"][0]["trim"] == [0, 0, 612, 612]
    assert set(told["ppi"]) == {"1", "2"} and {one["level"] for one in told["findings"]} == {"red", "green"}
    answer("books", "remove", made["book"])
    assert answer("books", "list")["books"] == []
    answer("books", "restore", made["book"])
    assert len(answer("books", "list")["books"]) == 1


def test_a_book_is_designed_and_its_pages_are_laid_out(made: dict, tmp_path: Path) -> None:
    words = ("--trim", "18x18cm", "--face", "patrick hand", "--age", "0-3", "--drop-cap", "--own-pages", "3")
    design = answer("books", "design", made["book"], *words)["design"]
    assert (design["trim"], design["face"], design["age"]) == ("18x18cm", "PatrickHand-Regular", "0-3")
    assert design["drop_cap"] and design["own_pages"] == 3 and design["endpapers"]
    answer("books", "lay", made["book"], "2", "full")
    layouts = [page["layout"] for page in answer("books", "show", made["book"])["book"]["pages"]]
    assert layouts == [None, "full"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("design", "--face", "Comic"), "Patrick Hand"), (("design", "--trim", "1x1mm"), "10 to 36 cm"),
        (("design", "--own-pages", "900"), "900"), (("design", "--second", "above"), "below, facing"),
        (("lay", "1", "upside-down"), "vignette"), (("lay", "9", "full"), "9"), (("design", "--cover", "9"), "9"),
    ],
)  # fmt: skip
def test_a_design_that_cannot_be_is_refused_with_what_can(made: dict, words: tuple[str, ...], said: str) -> None:
    command, *rest = words
    result = run("books", command, made["book"], *rest)
    assert result.exit_code == 1 and said in result.stderr


def test_write_plans_without_drawing(home: Path, story: Path, tmp_path: Path) -> None:
    plan = answer("write", story, "--pages", "2", "--out", tmp_path / "plan.json")
    assert [len(plan["scenes"]), plan["language"], plan["title"]] == [2, "en", "The balloon"]
    assert json.loads((tmp_path / "plan.json").read_text()) == plan
    assert " ".join(scene["text"] for scene in plan["scenes"]) == STORY


def test_a_story_may_stand_in_quotes(home: Path) -> None:
    assert len(answer("write", STORY, "--pages", "2")["scenes"]) == 2


def test_draw_makes_as_many_pictures_as_asked(home: Path, tiny_pocket: Path, tmp_path: Path) -> None:
    files = answer("draw", "a cat on the beach", "--steps", "2", "--count", "2", "--out", tmp_path / "cat.png")["files"]
    assert [Path(file).name for file in files] == ["cat-1.png", "cat-2.png"]
    assert Path(files[0]).read_bytes() != Path(files[1]).read_bytes()


def test_draw_says_what_it_did_not_know_in_words_and_to_scripts(home: Path, tiny_pocket: Path, tmp_path: Path) -> None:
    result = run("draw", "a kangaroo at night", "--steps", "2", "--out", tmp_path / "x.png", "--json")
    assert "Pocket does not know: 'kangaroo'. It drew the rest." in result.stderr
    made = json.loads(result.stdout)
    assert (made["unknown_words"], made["cut_words"], made["calmed"]) == (["kangaroo"], [], False)
    assert answer("draw", "", "--steps", "2", "--out", tmp_path / "y.png")["calmed"]


def test_draw_begins_from_a_picture_and_tells_in_the_file_how_it_was_drawn(
    home: Path, tiny_pocket: Path, tmp_path: Path
) -> None:
    numbers = ("--steps", "2", "--init", SAMPLES / "may" / "01.png", "--strength", "1", "--upscale")
    answer("draw", "a cat on the beach", "--out", tmp_path / "cat.png", *numbers)
    told = read_notes((tmp_path / "cat.png").read_bytes())["parameters"]
    assert told.startswith("a cat on the beach\nSteps: 2, Sampler: DDIM") and "Denoising strength: 1" in told


def test_a_grid_may_have_two_axes(home: Path, tiny_pocket: Path, tmp_path: Path) -> None:
    grid = ("--grid", "sampler=ddim,euler", "--grid", "steps=2,3", "--width", "64", "--height", "64")
    files = answer("draw", "a cat on the beach", "--out", tmp_path / "grid.png", *grid)["files"]
    assert len(files) == 5 and Path(files[1]).name.startswith("sampler-ddim-steps-2-")
    assert {source_of(Path(file).read_bytes()) for file in files} == {AI_PICTURES}


def test_a_grid_begins_from_a_picture_and_two_that_are_alike_are_drawn_once(
    home: Path, tiny_pocket: Path, tmp_path: Path
) -> None:
    grid = ("--grid", "steps=2,3,2", "--init", SAMPLES / "may" / "01.png", "--strength", "0.5", "--seed", 3)
    _, first, other, again = answer("draw", "a cat on the beach", "--out", tmp_path / "grid.png", *grid)["files"]
    raw = [Path(file).read_bytes() for file in (first, other, again)]
    assert raw[0] == raw[2] != raw[1] and len([*(home / "pictures").glob("*.png")]) == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("draw", "a cat", "--out", "x.png", "--seed", 2**64), str(2**64)),
        (("draw", "a cat", "--out", "x.png", "--width", "100"), "such as 96"),
        (("draw", "a cat", "--out", "x.png", "--sampler", "magic"), "There is no sampler 'magic'"),
        (("draw", "a cat", "--out", "x.png", "--init", "missing.png"), "There is no picture 'missing.png'"),
        (("draw", "a cat", "--out", "x.png", "--mask", "mask.png"), "Give it with --init"),
        (("draw", "a cat", "--out", "x.png", "--grid", "weight=1,2"), "No style or character is worn"),
        (("make", "missing.txt", "--out", "x.pdf"), "There is no story file 'missing.txt'"),
        (("make", STORY, "--out", "x.docx"), "'x.docx' cannot be made"),
        (
            ("make", STORY, "--out", "x.pdf", "--character", "nobody"),
            "no character 'nobody'. There are none yet. Teach",
        ),
        (("make", STORY, "--out", "x.pdf", "--style", "oil"), "There is no style 'oil'"),
        (("make", STORY, "--out", "x.pdf", "--model", "none"), "There is no base model 'none'"),
        (("make", STORY, "--out", "x.pdf", "--language", "vi"), "written in English, not in Vietnamese"),
        (("make", STORY, "--out", "x.pdf", "--pages", "200"), "200"),
        (("make", STORY, "--out", "x.pdf", "--trim", "huge"), "huge"),
        (("write", " "), "story"),
        (("train", "missing", "--name", "may"), "There is no photo or folder 'missing'"),
        (("train", ROOT / "studio" / "story", "--name", "may"), "No photo of 'may' was given"),
        (("train", SAMPLES / "may", "--name", "兔"), "has no letter or digit"),
        (("export", "nobook", "--out", "x.pdf"), "There is no book 'nobook'. There are no books yet"),
        (("books", "show", "../x"), "There is no book '../x'"),
        (("characters", "show", "nobody"), "There is no character 'nobody'"),
        (("adapters", "show", "nobody"), "There is no adapter 'nobody'"),
        (("adapters", "remove", "nobody"), "'nobody'"),
        (("jobs", "cancel", "nojob"), "There is no job 'nojob'"),
        (("erase", "nobody"), "There is no character 'nobody'"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence_and_exit_code_1(
    home: Path, tiny_pocket: Path, words: tuple[str | int | Path, ...], sentence: str
) -> None:
    result = run(*words, "--json")
    assert result.exit_code == 1
    assert sentence in result.stderr and str(home) not in result.stderr and "Traceback" not in result.stderr
    assert json.loads(result.stdout) == {"error": result.stderr.strip()}


@pytest.mark.parametrize(
    "words",
    [
        ("make",),
        ("make", STORY),
        ("dance",),
        ("make", STORY, "--out", "x.pdf", "--pages", "many"),
        ("make", STORY, "--out", "x.pdf", "--language", "fr"),
        ("make", STORY, "--out", "x.pdf", "--style", "wool:heavy"),
        ("make", STORY, "--out", "x.pdf", "--writer", "poet"),
        ("evaluate",),
    ],
)
def test_wrong_usage_ends_with_2(home: Path, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_an_error_has_no_traceback_outside_the_tests_too(home: Path) -> None:
    result = python("-m studio books show nobook --json")
    assert result.returncode == 1 and json.loads(result.stdout)["error"] == result.stderr.strip()


def test_erase_gives_a_receipt(home: Path) -> None:
    from studio.library.receipts import is_genuine
    from studio.workshop import Workshop

    photo = SAMPLES / "may" / "01.png"
    Workshop().begin_character("May", "drawn", [(photo.name, photo.read_bytes())])
    assert answer("characters", "list")["characters"][0]["name"] == "May"
    erased = answer("erase", "May", "--yes")["erased"]
    assert (erased["name"], erased["photos"], erased["taught"], erased["books"]) == ("May", 1, False, [])
    went = {store["place"]: store["count"] for store in erased["stores"] if store["count"]}
    assert went["photos"] == went["cut-outs"] == 1 and went["records"] >= 2
    assert is_genuine(json.dumps(erased).encode()) and not is_genuine(json.dumps(erased | {"number": "0"}).encode())
    assert answer("characters", "list") == {"characters": []}


def test_train_says_how_to_go_on_with_a_name_that_is_taken(home: Path) -> None:
    from studio.workshop import Workshop

    photo = SAMPLES / "may" / "01.png"
    Workshop().begin_character("May", "drawn", [(photo.name, photo.read_bytes())])
    result = run("train", photo, "--name", "May", "--kind", "drawn")
    assert result.exit_code == 1 and "--resume" in result.stderr


def test_teaching_tells_its_numbers_and_they_can_be_measured_again(
    home: Path, tiny_pocket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training import recipe
    from studio.workshop import teaching

    monkeypatch.setitem(recipe.STEPS, "draft", 6)
    monkeypatch.setitem(teaching.STAGES, "draft", 2)
    monkeypatch.setitem(teaching.KEPT, "draft", 2)
    told = answer("train", SAMPLES / "may", "--name", "May", "--kind", "drawn", "--effort", "draft")
    assert told["character"]["ready"] and told["steps"] == 6 and 0 < told["chosen_step"] <= 6
    for name in ("seconds", "likeness_before", "likeness_after", "peak_memory_mb"):
        assert told[name] > 0, name
    assert 0 <= told["copy"] <= 1 and told["light"] in ("more", "ready", "much")
    again = answer("evaluate", "adapter", "may")
    assert {"likeness_before", "likeness_after", "share", "leak", "copy", "obeyed"} <= again.keys()
    assert abs(again["leak"]) <= 20  # a share of nothing would be anything
    assert "Say which character" in run("evaluate", "adapter").stderr


def test_models_list_names_pocket(home: Path, tiny_pocket: Path) -> None:
    (pocket,) = [model for model in answer("models", "list")["models"] if model["key"] == "pocket"]
    assert (pocket["title"], pocket["here"]) == ("Pocket", True)


def test_damage_makes_verify_end_with_1(home: Path) -> None:
    broken = home / "books" / "bad" / "book.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    result = run("verify", "--json")
    assert result.exit_code == 1 and len(json.loads(result.stdout)["damaged"]) == 1
    assert answer("books", "list")["damaged"]["bad"].startswith("The file of book 'bad' is damaged (it is not whole). ")


def test_jobs_are_listed_with_the_worker(home: Path) -> None:
    assert answer("jobs", "list") == {
        "jobs": [],
        "worker": {"alive": False, "machine": "", "kind": "", "target": "", "done": 0, "total": 0, "note": ""},
        "workers": [],
        "kept_to_folders": can_be_kept(),
    }


def test_a_book_is_measured_and_told_page_by_page(made: dict) -> None:
    told = answer("evaluate", made["book"])
    assert [page["page"] for page in told["pages"]] == [1, 2] and told["summary"]["measured"] == 2
    assert {one["name"] for one in told["pages"][0]["measures"]} >= {"match", "figures", "print"}
    assert "ppi" in run("evaluate", made["book"]).stderr
    assert "There is no book 'everything'" in run("evaluate", "everything").stderr
