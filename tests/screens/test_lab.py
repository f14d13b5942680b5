"""The lab's three tabs: pictures repainted, flowers from words with painters of one's own, the inside of the model."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from studio.progress import finish
from studio.workshop import Workshop
from tests.painter import plain_painter
from tests.travelling import png

TABS = ("Repaint in a style", "Flowers from words", "Inside the model")


def asked(workshop: Workshop) -> list[str]:
    """The kinds of what the worker was asked for, the newest first."""
    assert {job.kind for job in workshop.jobs()} <= {"lab"}
    return [workshop.experiment(job.target).kind for job in workshop.jobs()]


def on(app, tab: str):
    app.session_state["lab_tabs"] = tab
    return app.run()


def over(workshop: Workshop, id: str, files: dict[str, bytes], **figures: object) -> None:
    """The experiment as the worker would leave it."""
    for name, raw in files.items():
        (workshop.experiment_folder(id) / name).write_bytes(raw)
    for job in workshop.live_jobs():
        workshop.cancel(job.id)
    workshop._experiments.change(id, lambda now: replace(now, files=tuple(files), figures=figures))


def test_the_sample_is_repainted_with_one_click(studio, workshop: Workshop) -> None:
    app = studio("lab")
    app.button(key="lab_style_sample").click().run()
    assert not app.exception and not app.error and asked(workshop) == ["style"]
    assert workshop.experiments()[0].asked["way"] == "careful"


def test_two_styles_are_mixed_as_strong_as_the_sliders_say(studio, workshop: Workshop) -> None:
    app = studio("lab")
    assert app.button(key="lab_style_begin").disabled
    large = [(f"{colour}.png", _large(colour), "image/png") for colour in ("red", "blue", "green")]
    app.file_uploader(key="lab_style_content").set_value(large[0]).run()
    app.file_uploader(key="lab_style_styles").set_value(large[1:]).run()
    app.slider(key="lab_style_weight_0").set_value(0.8).run()
    app.button(key="lab_style_begin").click().run()
    assert not app.exception and not app.error
    one = workshop.experiments()[0]
    assert (one.asked["weight style-1"], one.asked["weight style-2"]) == (0.8, 0.5)
    assert len(workshop.experiment_given(one.id)) == 3


def test_vgg_19_can_look_when_its_file_lies_with_the_models(studio, workshop: Workshop) -> None:
    place = workshop.settings.models / "vgg19.safetensors"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"weights")
    app = studio("lab")
    app.selectbox(key="lab_style_network").set_value("vgg19.safetensors").run()
    app.button(key="lab_style_sample").click().run()
    assert not app.exception and workshop.experiments()[0].asked["network"] == str(place)


def test_the_result_shows_what_it_began_with_and_how_far_the_style_came(studio, workshop: Workshop) -> None:
    id = workshop.ask_style(("cat.png", _large("red")), [("dots.png", _large("blue"))])
    over(workshop, id, {"result.png": _large("purple")}, **{"style fell": 0.93, "edges kept": 0.71, "seconds": 41.0})
    app = studio("lab")
    assert not app.exception and any("fell by 93%" in one.value for one in app.caption)
    app.button(key="lab_remove_sure_style").click().run()
    assert workshop.experiments() == ()


def test_a_book_with_pictures_can_be_repainted(studio, workshop: Workshop, photos) -> None:
    assert not [one for one in studio("lab").subheader if "whole book" in one.value]
    drawing = Workshop(workshop.settings, illustrator=plain_painter())
    book = drawing.begin_book(
        drawing.read_story(
            "A girl ran in the forest. She saw a cat. The cat slept in the garden. At night they went home.",
            "The cat",
            "en",
        ),
        2,
    )
    finish(drawing.draw_book(book.id))
    app = studio("lab")
    app.file_uploader(key="lab_book_style").set_value(("red.png", _large("red"), "image/png")).run()
    app.button(key="lab_book_begin").click().run()
    assert not app.exception and asked(workshop) == ["book"]
    assert workshop.experiments("book")[0].asked["copy"] == "The cat, repainted"


def test_flowers_are_asked_for_in_words(studio, workshop: Workshop) -> None:
    app = on(studio("lab"), TABS[1])
    app.text_input(key="lab_flowers_text").set_value("a purple flower").run()
    app.text_input(key="lab_flowers_to").set_value("a white flower").run()
    app.button(key="lab_flowers_paint").click().run()
    assert not app.exception and not app.error and asked(workshop) == ["flowers"]
    assert workshop.experiments()[0].asked["to"] == "a white flower"


def test_what_the_judge_sees_stands_below_the_flowers(studio, workshop: Workshop) -> None:
    id = workshop.ask_flowers("a red flower")
    seen = {
        "colour": "red",
        "colour share": 1.0,
        "centre": "yellow",
        "centre share": 0.75,
        "ground": "dark",
        "ground share": 0.9,
    }
    over(workshop, id, {"result.png": png("red"), "strip.png": png("blue")}, **seen)
    app = on(studio("lab"), TABS[1])
    assert any("**red** in 100 %" in one.value for one in app.markdown)
    vietnamese = on(studio("lab", "vi-VN"), "Hoa từ lời")
    assert any("**đỏ**" in one.value for one in vietnamese.markdown)


def test_a_painter_is_taught_and_then_chosen(studio, workshop: Workshop) -> None:
    app = on(studio("lab"), TABS[1])
    app.slider(key="lab_school_minutes").set_value(2).run()
    app.button(key="lab_school_begin").click().run()
    assert not app.exception and asked(workshop) == ["school"]
    one = workshop.experiments()[0]
    assert one.asked["minutes"] == 2
    numbers = {"pictures": 8192, "steps": 400, "learning seconds": 120.0}
    over(
        workshop,
        one.id,
        {"generator.safetensors": b"", "losses.json": b'{"generator": [2, 1], "critic": [1, 2]}'},
        **numbers,
    )
    app = on(studio("lab"), TABS[1])
    assert (
        one.id in app.selectbox(key="lab_flowers_school").options
        or len(app.selectbox(key="lab_flowers_school").options) == 2
    )
    assert any("8192 pictures, 400 steps" in caption.value for caption in app.caption)


def test_a_look_inside_is_asked_for(studio, workshop: Workshop) -> None:
    app = on(studio("lab"), TABS[2])
    app.text_input(key="lab_anatomy_prompt").set_value("a dog in the rain").run()
    app.file_uploader(key="lab_anatomy_photo").set_value(("me.png", _large("red"), "image/png")).run()
    app.button(key="lab_anatomy_begin").click().run()
    assert not app.exception and not app.error and asked(workshop) == ["anatomy"]
    one = workshop.experiments()[0]
    assert one.asked["steps"] == 20 and [path.name for path in workshop.experiment_given(one.id)] == ["photo.png"]


@pytest.mark.parametrize("tab", range(3))
def test_every_tab_opens_in_vietnamese(studio, tab: int) -> None:
    names = ("Vẽ lại theo phong cách", "Hoa từ lời", "Bên trong mô hình")
    app = on(studio("lab", "vi-VN"), names[tab])
    assert not app.exception and app.title[0].value == "Phòng thí nghiệm"


def _large(colour: str) -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (96, 96), colour).save(raw, "PNG")
    return raw.getvalue()
