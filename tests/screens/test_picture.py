"""The Picture screen: words and chips become a wish, the wish comes back, every wrong number is told beside its field."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from studio.adapters.card import STYLE_WEIGHT, Worn
from studio.progress import finish
from studio.rendering.drawing import Start
from studio.rendering.wish import Axis, Wish
from studio.workshop import Workshop


def at(found, name: str):
    """The widget of a field, whichever time the form was filled."""
    (one,) = [each for each in found if (each.key or "").startswith(f"picture_{name}_") and each.key[-1].isdigit()]
    return one


def wished(workshop: Workshop) -> Wish:
    return workshop.pieces(0, 1)[0].wish


def press(app: AppTest, key: str) -> AppTest:
    app = app.button(key=f"picture_{key}").click().run()
    assert not app.exception
    return app


@pytest.fixture
def drawn(workshop: Workshop, tiny_pocket) -> str:
    """A piece with its picture."""
    wish = Wish(
        prompt="a cat on the beach", negative="a dog", width=64, height=64, steps=2, guidance=5.5, sampler="euler", seed=2**33,
        count=2, presets=("rain",), start=Start(workshop.take_start("p.png", a_picture()), 1.0), turned=True,
    )  # fmt: skip
    id = workshop.wish_picture(wish)
    for job in workshop.jobs():
        workshop.cancel(job.id)
    finish(workshop.perform("picture", id, {}))
    return id


def a_picture(side: int = 96) -> bytes:
    raw = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).save(raw, "PNG")
    return raw.getvalue()


def test_words_and_chips_become_a_wish(studio, workshop: Workshop) -> None:
    app = studio("picture")
    at(app.text_area, "prompt").set_value("a cat on the beach").run()
    for chip in ("styles_crayon", "styles_watercolour", "presets_night"):
        app = press(app, chip)
    press(app, "draw")
    wish = wished(workshop)
    assert (wish.prompt, wish.worn, wish.presets) == (
        "a cat on the beach",
        (Worn("watercolour", STYLE_WEIGHT),),
        ("night",),
    )
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("picture", workshop.piece_ids()[0])]


def test_another_picture_comes_each_time_unless_the_seed_is_kept(studio, workshop: Workshop) -> None:
    app = studio("picture")
    at(app.text_area, "prompt").set_value("a cat").run()
    app = press(press(app, "draw"), "draw")
    assert len({piece.wish.seed for piece in workshop.pieces()}) == 2
    at(app.toggle, "fresh").set_value(False).run()
    at(app.text_input, "seed").set_value("77").run()
    press(app, "draw")
    assert wished(workshop).seed == 77


def test_an_example_is_one_click_in_the_persons_language(studio, workshop: Workshop) -> None:
    app = press(studio("picture", "vi-VN"), "example_space")
    assert wished(workshop).seed == 2 and wished(workshop).worn == (Worn("pixels", STYLE_WEIGHT),)
    assert at(app.text_area, "prompt").value == wished(workshop).prompt


def test_use_these_again_brings_every_parameter_back(studio, workshop: Workshop, drawn: str) -> None:
    app = studio("picture")
    at(app.text_area, "prompt").set_value("something else").run()
    app = press(press(app, "again"), "draw")
    assert len(workshop.piece_ids()) == 2 and wished(workshop) == workshop.piece(drawn).wish


def test_one_picture_of_several_can_be_used_again_alone(studio, workshop: Workshop, drawn: str) -> None:
    app = press(press(studio("picture"), "shot_2"), "again")
    assert at(app.text_input, "seed").value == str(2**33 + 1) and at(app.number_input, "count").value == 1


def test_the_file_of_a_picture_fills_the_form_too(studio, workshop: Workshop, drawn: str) -> None:
    shot = workshop.piece(drawn).shots[1]
    raw = workshop.picture_file(drawn, shot.file).read_bytes()
    app = studio("picture")
    at(app.file_uploader, "file").set_value(("cat.png", raw, "image/png")).run()
    assert at(app.text_area, "prompt").value == "a cat on the beach in the rain" and not app.exception
    assert at(app.text_input, "seed").value == str(2**33 + 1) and at(app.number_input, "steps").value == 2


def test_a_file_that_says_nothing_gets_one_sentence(studio) -> None:
    app = studio("picture")
    at(app.file_uploader, "file").set_value(("cat.png", a_picture(), "image/png")).run()
    assert "'cat.png' does not say" in app.error[0].value.replace("\\", "") and not app.exception


def test_what_is_typed_is_there_again_on_the_next_visit(studio) -> None:
    at(studio("picture").text_area, "prompt").set_value("a shy dragon").run()
    assert at(studio("picture").text_area, "prompt").value == "a shy dragon"


WRONG = (
    ("steps", 0, "'0' steps"),
    ("guidance", 99.0, "guidance of '99"),
    ("width", 100, "such as 96"),
    ("height", -32, "such as 96 x 32"),
    ("count", 99, "Give 1 to 16"),
    ("seed", "-1", "'-1'"),
    ("seed", str(2**64), str(2**64)),
    ("seed", "seven", "'seven'"),
)


def test_every_wrong_number_is_told_beside_its_field_and_nothing_is_asked_for(studio, workshop: Workshop) -> None:
    app = studio("picture")
    at(app.text_area, "prompt").set_value("a cat").run()
    at(app.toggle, "fresh").set_value(False).run()
    for name, value, sentence in WRONG:
        at(app.text_input if name == "seed" else app.number_input, name).set_value(value).run()
        assert any(sentence in error.value.replace("\\", "") for error in app.error), (name, value)
    fields = len(app.error)
    app = press(app, "draw")
    assert len(app.error) == 2 * fields and not workshop.piece_ids()


def test_no_words_get_one_kind_sentence(studio, workshop: Workshop) -> None:
    app = press(studio("picture"), "draw")
    assert [error.value for error in app.error] == [r"Say in a few words what shall be drawn\."] and not workshop.jobs()


def test_a_grid_is_built_with_suggested_values(studio, workshop: Workshop) -> None:
    app = studio("picture", "vi-VN")
    at(app.text_area, "prompt").set_value("a cat").run()
    app = press(app, "styles_pencil")
    at(app.selectbox, "axis_0").set_value("weight:pencil").run()
    at(app.selectbox, "axis_1").set_value("sampler").run()
    press(app, "draw")
    one, other = wished(workshop).axes
    assert (one.name, one.values, one.adapter) == ("weight", ("0", "0.4", "0.8"), "pencil")
    assert other.values == ("ddim", "euler a", "unipc") and isinstance(other, Axis) and other.title
    assert one.title == next(card.titles["vi"] for card in workshop.styles() if card.id == "pencil")


def test_an_uploaded_picture_and_its_mask_are_begun_with(studio, workshop: Workshop) -> None:
    app = studio("picture")
    at(app.text_area, "prompt").set_value("a cat").run()
    at(app.file_uploader, "upload").set_value(("p.png", a_picture(), "image/png")).run()
    app.toggle(key="picture_part").set_value(True).run()
    at(app.file_uploader, "mask_upload").set_value(("m.png", a_picture(80), "image/png")).run()
    assert "The mask has 80 x 80 px" in app.error[0].value
    app = press(app, "unmask")
    assert not app.error
    press(app, "draw")
    start = wished(workshop).start
    assert start and start.strength == 0.6 and not start.mask


def test_a_picture_of_one_pixel_is_refused_in_words(studio) -> None:
    app = studio("picture")
    at(app.file_uploader, "upload").set_value(("dot.png", a_picture(1), "image/png")).run()
    assert "1 × 1 pixels" in app.error[0].value and not app.exception


def test_a_picture_is_begun_from_removed_and_brought_back(studio, workshop: Workshop, drawn: str) -> None:
    app = press(studio("picture"), "from_this")
    press(app, "remove")
    assert not workshop.piece_ids()
    press(app, "undo")
    assert workshop.piece_ids() == (drawn,)
    press(app, "draw")
    assert wished(workshop).start


def test_a_wish_that_waits_can_be_stopped(studio, workshop: Workshop) -> None:
    app = studio("picture")
    at(app.text_area, "prompt").set_value("a cat").run()
    app = press(app, "draw")
    app.button(key="running_cancel_picture").click().run()
    assert workshop.jobs()[0].state == "cancelled" and any("Stopped" in one.value for one in app.info)
    press(app, "go_on")
    assert [job.state for job in workshop.jobs()] == ["waiting", "cancelled"]


def test_who_was_erased_is_in_the_form_no_more(studio, workshop: Workshop, taught: str) -> None:
    app = studio("picture")
    press(app, "heroes_may")
    workshop.erase_character(taught)
    app = studio("picture")
    assert not [one for one in app.button if one.key == "picture_heroes_may"] and not app.error and not app.exception
