"""From photos to hero on the Characters screen: the four steps of the wizard, as a person goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from studio.library.consent import Consent
from studio.progress import finish
from studio.settings import SAMPLES
from studio.ui.privacy import page
from studio.workshop import Workshop

Photos = Sequence[tuple[str, bytes, str]]


def opened(studio, id: str, locale: str = "en-GB") -> AppTest:
    """The wizard with this character at hand."""
    app = studio("characters", locale)
    return app.button(key=f"characters_open_{id}").click().run()


def named(studio, name: str, locale: str = "en-GB") -> AppTest:
    """The wizard for somebody new whose name was typed."""
    app = studio("characters", locale)
    app.button(key="characters_begin").click().run()
    return app.text_input(key="characters_name").set_value(name).run()


def has(app: AppTest, key: str) -> bool:
    return any(button.key == key for button in app.button)


def said(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption, *app.info))


# Photos


def test_a_persons_photos_wait_for_who_agreed_and_to_what(studio, workshop: Workshop, photos: Photos) -> None:
    app = named(studio, "Mây")
    assert not any(box.value for box in app.checkbox)
    steps = (
        lambda: app.text_input(key="characters_who").set_value("Lan's mother"),
        lambda: app.selectbox(key="characters_role").set_value("parent"),
        lambda: app.checkbox(key="characters_for_train").check(),
    )
    for step in steps:
        assert app.file_uploader(key="characters_photos").disabled
        step().run()
    app.file_uploader(key="characters_photos").set_value(photos).run()
    (one,) = workshop.characters()
    assert (one.name, one.kind, one.photos) == ("Mây", "person", 3)
    held = workshop.consent(one.id)
    assert held and (held.who, held.role, held.purposes, held.adult) == ("Lan's mother", "parent", ("train",), False)
    assert app.button(key="characters_teach") and not app.exception


def test_before_the_first_photo_it_is_told_what_happens_to_it_and_how_to_erase(studio) -> None:
    app = studio("characters")
    app.button(key="characters_begin").click().run()
    assert app.file_uploader(key="characters_photos").disabled and "30 days" in said(app) and "Erase" in said(app)
    app.button(key="characters_privacy_all").click().run()
    assert page("en")[1] in [one.value for one in app.markdown] and not app.exception


def test_the_page_on_privacy_is_whole_in_each_language() -> None:
    (english, told), (vietnamese, noi) = page("en"), page("vi")
    assert (english, vietnamese) == (
        "What is kept of you, and how to erase it",
        "Những gì được giữ về bạn, và cách xóa",
    )
    assert "**Old copies.**" in told and "**Bản sao cũ.**" in noi and "Bản" not in told and "backup" not in noi
    assert all(text.count("\n|") == 9 and "](#" not in text for text in (told, noi))


def test_what_was_agreed_is_changed_and_taken_back_where_the_photos_are(
    studio, workshop: Workshop, photos: Photos
) -> None:
    held = Consent(who="Lan's mother", role="parent", purposes=("train",))
    id = workshop.begin_character("Mây", "person", [photo[:2] for photo in photos], consent=held).character.id
    app = studio("characters")
    app.button(key=f"characters_open_{id}").click().run()
    assert "Lan's mother" in said(app) and "Their mother or father" in said(app)
    app.text_input(key=f"characters_agree_{id}_who").set_value("Lan's father")
    app.selectbox(key=f"characters_agree_{id}_role").set_value("parent")
    app.checkbox(key=f"characters_agree_{id}_for_print").check().run()
    app.button(key=f"characters_agree_now_{id}").click().run()
    assert workshop.consent(id).purposes == ("print",) and len(workshop.consents(id)) == 2
    app.button(key=f"characters_withdraw_now_{id}").click().run()
    assert not workshop.characters() and "3 photos of Mây are erased for good" in app.success[0].value


def test_a_toys_photos_wait_for_its_name_only(studio, workshop: Workshop, photos: Photos) -> None:
    app = named(studio, "")
    app.segmented_control(key="characters_kind").set_value("toy").run()
    assert app.file_uploader(key="characters_photos").disabled
    app.text_input(key="characters_name").set_value("Teddy").run()
    app.file_uploader(key="characters_photos").set_value(photos).run()
    assert [(one.kind, one.consent) for one in workshop.characters()] == [("toy", "")]


def test_a_file_that_is_no_photo_is_named_and_the_others_are_kept(studio, workshop: Workshop, photos: Photos) -> None:
    app = named(studio, "Teddy")
    app.segmented_control(key="characters_kind").set_value("toy").run()
    app.file_uploader(key="characters_photos").set_value([*photos, ("torn.png", b"no photo", "image/png")]).run()
    assert workshop.characters()[0].photos == 3
    assert ["torn" in error.value for error in app.error] == [True] and not app.exception


def test_the_camera_is_off_until_its_section_is_opened(studio) -> None:
    app = named(studio, "Mây")
    assert not app.get("camera_input")
    app.session_state["characters_camera_open"] = True
    assert app.run().get("camera_input")


def test_who_has_no_photos_tries_the_drawings_of_may(studio, workshop: Workshop) -> None:
    app = studio("characters")
    app.button(key="characters_sample").click().run()
    assert workshop.character("may").photos == 6
    assert app.button(key="characters_teach") and not app.exception


# Check


def test_the_coach_speaks_under_each_photo_and_the_person_decides(studio, workshop: Workshop) -> None:
    photo = (SAMPLES / "may" / "01.png").read_bytes()
    id = workshop.begin_character("May", "drawn", [("one.png", photo), ("two.png", photo)], "girl").character.id
    app = opened(studio, id, "vi-VN")
    assert any("gần giống hệt ảnh 1" in caption.value for caption in app.caption)
    assert not app.toggle(key=f"characters_keep_{id}_2").value
    assert workshop.photos_go_on(id).keys() == {"02.png"}
    app.toggle(key=f"characters_keep_{id}_2").set_value(True).run()
    assert workshop.character(id).album[1].kept and not app.exception


def test_the_person_cuts_a_photo_and_the_cut_is_kept(studio, workshop: Workshop, may: str) -> None:
    app = opened(studio, may)
    app.session_state[f"characters_cut_{may}_1"] = True
    app.run()
    app.toggle(key=f"characters_part_{may}_1_whole").set_value(True)
    app.slider(key=f"characters_part_{may}_1_across").set_value((25, 75))
    app.slider(key=f"characters_part_{may}_1_down").set_value((50, 100)).run()
    assert workshop.character(may).album[0].subject == pytest.approx((0.25, 0.5, 0.75, 1.0), abs=0.01)
    assert app.slider(key=f"characters_part_{may}_1_across").value == (25, 75) and not app.exception


def test_a_part_that_is_too_small_gets_one_kind_sentence(studio, workshop: Workshop, may: str) -> None:
    before = workshop.character(may)
    app = opened(studio, may)
    app.session_state[f"characters_cut_{may}_1"] = True
    app.run()
    app.slider(key=f"characters_part_{may}_1_across").set_value((50, 51)).run()
    assert "too small" in app.error[0].value and workshop.character(may) == before and not app.exception


# Teach


def test_minutes_are_told_when_the_machine_was_measured(
    studio, workshop: Workshop, may: str, tiny_pocket: Path
) -> None:
    finish(workshop.measure_machine())
    assert "GB of memory on this computer" in said(opened(studio, may))
    assert not workshop.jobs()


def test_a_measuring_is_asked_for_once_and_quietly(studio, workshop: Workshop, may: str) -> None:
    app = opened(studio, may)
    assert "on most computers" in said(app)
    workshop.cancel(workshop.jobs()[0].id)
    app.run()
    assert [job.kind for job in workshop.jobs()] == ["measure"] and not app.exception


def test_nothing_is_measured_while_something_is_being_done(studio, workshop: Workshop, may: str) -> None:
    workshop.submit_drawing(workshop.begin_book(workshop.sample_story("en")).id)
    opened(studio, may)
    assert [job.kind for job in workshop.jobs()] == ["draw"]


def test_teaching_is_asked_for_and_can_be_stopped(studio, workshop: Workshop, may: str) -> None:
    app = opened(studio, may)
    app.segmented_control(key="characters_effort").set_value("draft").run()
    app.button(key="characters_teach").click().run()
    assert workshop.jobs()[0].kind == "train" and not has(app, "characters_teach")
    assert all(toggle.disabled for toggle in app.toggle)
    app.button(key="running_cancel_train").click().run()
    assert workshop.jobs()[0].state == "cancelled" and has(app, "characters_teach") and not app.exception


def test_a_stopped_teaching_goes_on(studio, workshop: Workshop, stopped: str) -> None:
    app = opened(studio, stopped)
    assert not has(app, "characters_teach")
    app.button(key="characters_go_on").click().run()
    assert workshop.jobs()[0].kind == "train" and workshop.begun_training(stopped) == 0.5
    assert not app.exception


def test_a_stopped_teaching_begins_anew_only_when_it_is_taught(studio, workshop: Workshop, stopped: str) -> None:
    app = opened(studio, stopped)
    app.button(key="characters_anew_button").click().run()
    app.button(key="characters_go_on_instead").click().run()
    assert has(app, "characters_go_on") and workshop.begun_training(stopped) == 0.5
    app.button(key="characters_anew_button").click().run()
    app.button(key="characters_teach").click().run()
    assert workshop.jobs()[0].kind == "train" and workshop.begun_training(stopped) == 0
    assert not app.exception


# Meet


@pytest.mark.parametrize(
    ("locale", "ready", "likeness"), [("en-GB", "Ready to play", "good"), ("vi-VN", "Sẵn sàng vào truyện", "tốt")]
)
def test_the_light_is_on_the_card_and_beside_the_portraits(
    studio, taught: str, locale: str, ready: str, likeness: str
) -> None:
    assert ready in said(studio("characters", locale))
    app = opened(studio, taught, locale)
    assert ready in said(app) and likeness in said(app)
    assert len(app.image) == 8 and has(app, "characters_play") and not app.exception


def test_another_moment_can_be_chosen_and_its_portraits_are_asked_for(studio, workshop: Workshop, taught: str) -> None:
    app = opened(studio, taught)
    app.session_state[f"characters_others_{taught}"] = True
    app.run()
    assert has(app, "characters_take_12") and not has(app, "characters_take_24")
    app.button(key="characters_take_36").click().run()
    chosen = workshop.training_report(taught)["chosen"]
    assert (chosen["step"], chosen["light"], chosen["by"]) == (36, "much", "person")
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("portraits", taught)]
    assert "Taught too much" in said(app) and app.button(key="running_cancel_portraits") and not app.exception


def test_portraits_that_were_stopped_can_be_asked_for_again(studio, workshop: Workshop, taught: str) -> None:
    workshop.cancel(workshop.submit_portraits(taught))
    app = opened(studio, taught)
    app.button(key="characters_draw_portraits").click().run()
    assert [(job.kind, job.state) for job in workshop.jobs()][0] == ("portraits", "waiting") and not app.exception


def test_a_hero_whom_an_older_studio_taught_is_ready(studio, workshop: Workshop, taught: str) -> None:
    (workshop.settings.characters / taught / "adapter" / "report.json").unlink()
    app = opened(studio, taught)
    assert "Ready to play" in said(app) and not app.exception


def test_the_numbers_are_one_click_away(studio, taught: str) -> None:
    assert "0.002" in said(opened(studio, taught))


def test_an_erased_character_leaves_the_wizard(studio, workshop: Workshop, may: str) -> None:
    app = opened(studio, may)
    workshop.erase_character(may)
    assert has(app.run(), "characters_begin") and not app.exception and not app.error
