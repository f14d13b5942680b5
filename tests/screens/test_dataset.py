"""The Dataset screen: pictures come, are looked at, learnt from and tried out."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from studio.progress import finish
from studio.workshop import Workshop

RECIPE = """steps = 4
rank = 2
alpha = 4.0
targets = ["to_q", "to_v"]
validate_every = 2
guidance = 12.0
"""


def packed(count: int) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as file:
        for number in range(count):
            noise = np.random.default_rng(number).integers(0, 255, (260, 260, 3), np.uint8)
            picture = io.BytesIO()
            Image.fromarray(noise).save(picture, "PNG")
            file.writestr(f"set/{number}.png", picture.getvalue())
            file.writestr(f"set/{number}.txt", f"a red dress number {number}" if number else "no")
    return raw.getvalue()


@pytest.fixture
def dresses(workshop: Workshop) -> str:
    id = workshop.receive_dataset("Dresses", [("set.zip", packed(10))])
    finish(workshop.perform("prepare", id, {"clothes": 0}))
    return id


def test_a_zip_that_was_dropped_is_looked_at(studio, workshop: Workshop) -> None:
    app = studio("dataset")
    app.text_input(key="dataset_title").set_value("Dresses").run()
    app.file_uploader(key="dataset_files").set_value([("set.zip", packed(2), "application/zip")]).run()
    app.button(key="dataset_begin").click().run()
    assert not app.exception and not app.error
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("prepare", "dresses")]
    assert app.selectbox(key="dataset_at_hand").value == "dresses"


def test_the_sample_is_one_click(studio, workshop: Workshop) -> None:
    app = studio("dataset")
    app.button(key="dataset_sample").click().run()
    assert not app.exception
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("prepare", "drawn-clothes")]


def test_files_that_are_no_pictures_are_refused_and_leave_no_set(studio, workshop: Workshop) -> None:
    app = studio("dataset")
    app.text_input(key="dataset_title").set_value("Junk").run()
    app.file_uploader(key="dataset_files").set_value([("set.zip", b"PK no zip", "application/zip")]).run()
    app.button(key="dataset_begin").click().run()
    assert len(app.error) == 1 and not workshop.datasets()


def test_what_was_left_out_is_told_with_the_reason(studio, workshop: Workshop, dresses: str) -> None:
    one = workshop.dataset(dresses)
    assert (one.taken, dict(one.left_out)) == (9, {"caption": 1})
    app = studio("dataset")
    assert any("1 without words" in caption.value for caption in app.caption)
    assert not (workshop.settings.datasets / dresses / "incoming").exists()


def test_pictures_of_a_kind_that_is_not_opened_are_told_by_name(studio, workshop: Workshop) -> None:
    id = workshop.receive_dataset(
        "Scans", [("set.zip", packed(2)), ("old scan.tif", b"II*\0"), ("film.gif", b"GIF89a")]
    )
    finish(workshop.perform("prepare", id, {"clothes": 0}))
    (told,) = [one.value for one in studio("dataset").caption if "Save them as JPEG" in one.value]
    assert "old scan" in told and "film" in told


@pytest.mark.usefixtures("tiny_pocket")
def test_learning_is_asked_for_watched_and_tried_out(studio, workshop: Workshop, dresses: str) -> None:
    app = studio("dataset")
    app.selectbox(key="dataset_recipe").set_value("own").run()
    app.text_area(key="dataset_own").set_value(RECIPE).run()
    app.button(key="dataset_teach").click().run()
    (job, _) = workshop.jobs()[0], workshop.jobs()
    assert (job.kind, job.target) == ("fit", dresses) and not app.exception
    workshop.cancel(job.id)
    finish(workshop.perform("fit", dresses, {"trigger": "", "model": "pocket"}))
    app = studio("dataset")
    assert not app.exception and [look[0].step for look in workshop.fit_looks(dresses)] == [0, 2, 4]
    assert app.slider(key="dataset_guidance").value == 12.0
    assert app.text_input(key="dataset_prompt").value.startswith("a red dress")
    app.button(key="dataset_try").click().run()
    assert workshop.jobs()[0].kind == "tryout"
    asked = {"prompt": "a red dress", "negative": "", "guidance": "12", "seed": 1}
    finish(workshop.perform("tryout", dresses, asked))
    with Image.open(workshop.try_out(dresses)) as row:
        assert row.width > 3 * row.height


@pytest.mark.usefixtures("tiny_pocket")
def test_a_stopped_learning_by_another_recipe_is_begun_anew(workshop: Workshop, dresses: str) -> None:
    asked = {"trigger": "", "model": "pocket"}
    workshop.submit_fit(dresses, RECIPE)
    work = workshop.perform("fit", dresses, asked)
    for step in work:
        if step.done >= 2:
            work.close()
    workshop.submit_fit(dresses, RECIPE.replace("rank = 2", "rank = 3"))
    finish(workshop.perform("fit", dresses, asked))
    report = workshop.fit_report(dresses)
    assert report and report["card"]["rank"] == 3 and len(report["losses"]) == 4


def test_a_recipe_that_is_wrong_is_told_before_anything_begins(studio, workshop: Workshop, dresses: str) -> None:
    app = studio("dataset")
    app.selectbox(key="dataset_recipe").set_value("own").run()
    app.text_area(key="dataset_own").set_value("steps = many").run()
    app.button(key="dataset_teach").click().run()
    assert "is no TOML" in app.error[0].value and not [job for job in workshop.jobs() if job.kind == "fit"]


def test_a_set_can_be_taken_away(studio, workshop: Workshop, dresses: str) -> None:
    studio("dataset").button(key="dataset_remove_now").click().run()
    assert not workshop.datasets()
