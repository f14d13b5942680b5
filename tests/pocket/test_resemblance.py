"""A photographed person as one of the world's: the same colours of skin, hair and clothes, and the same length of hair."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.adapters.card import AdapterCard
from studio.photos.cutout import cut_out
from studio.pocket.resemblance import resemblance
from studio.pocket.staging import Stage, drawn_lessons
from studio.pocket.world.description import Figure
from tests.photos.sitter import sitter

LIGHT, DARK_SKIN = (235, 200, 175), (110, 72, 52)
BLACK, BLOND, GINGER, GREY = (35, 30, 32), (225, 190, 110), (190, 95, 45), (190, 190, 195)
CARD = AdapterCard(
    id="lan", title="Lan", kind="subject", base_model="pocket", rank=4, alpha=4, trigger="lan", class_word="girl"
)


def seen(photo: np.ndarray, kind: str = "girl") -> Figure:
    figure = resemblance(kind, [(photo, cut_out(photo))])
    assert figure
    return figure


@pytest.mark.parametrize(("skin", "name"), [(LIGHT, "light"), (DARK_SKIN, "dark")])
def test_the_skin_is_that_of_the_photo(skin: tuple[int, int, int], name: str) -> None:
    assert seen(sitter(skin, BLACK, (60, 110, 190))).skin == name


@pytest.mark.parametrize(("hair", "name"), [(BLACK, "black"), (BLOND, "blond"), (GINGER, "ginger"), (GREY, "grey")])
def test_the_hair_is_that_of_the_photo(hair: tuple[int, int, int], name: str) -> None:
    assert seen(sitter(LIGHT, hair, (60, 110, 190))).hair_colour == name


@pytest.mark.parametrize(
    ("clothes", "name"), [((70, 125, 200), "blue"), ((215, 70, 60), "red"), ((90, 160, 90), "green")]
)
def test_the_clothes_are_those_of_the_photo(clothes: tuple[int, int, int], name: str) -> None:
    assert seen(sitter(LIGHT, BLACK, clothes)).colour == name


def test_long_hair_stays_long_and_short_hair_short() -> None:
    assert seen(sitter(LIGHT, BLACK, (60, 110, 190), long=True)).hair_style == "long"
    assert seen(sitter(LIGHT, BLACK, (60, 110, 190))).hair_style == "bob"


def test_a_grandmother_is_grey_whatever_the_light() -> None:
    assert seen(sitter(LIGHT, BLACK, (60, 110, 190)), "grandmother").hair_colour == "grey"


def test_without_a_face_nobody_is_guessed() -> None:
    wall = np.full((200, 200, 3), 180, np.uint8)
    assert resemblance("girl", [(wall, cut_out(wall))]) is None


def test_lessons_show_the_person_in_many_poses_and_say_nothing_of_their_looks(tmp_path: Path) -> None:
    figure = seen(sitter(LIGHT, BLACK, (215, 70, 60), long=True))
    lessons = drawn_lessons(figure, Stage(CARD, tmp_path), 8)
    alone = [lesson for lesson in lessons if " and " not in lesson.phrases[0]]
    assert all(" lan girl " in lesson.phrases[0] for lesson in lessons)
    assert len({lesson.phrases[0].split(" girl ")[1].split()[0] for lesson in lessons}) > 3  # poses
    assert not any(word in lesson.phrases[0] for lesson in alone for word in ("dress", "hair", "scarf"))
    red = [np.abs(np.asarray(Image.open(lesson.picture)).astype(int) - (217, 73, 63)).sum(2) < 90 for lesson in alone]
    assert max(part.mean() for part in red) > 0.005
