"""The shipped fonts can print Vietnamese, are TrueType, and stand in for one another."""

import pytest

from studio.publishing.faces import FACES, STORY, TITLE
from studio.publishing.fonts import FOLDER, load_fonts

VIETNAMESE = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯàáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA0, 0x1EFA)))


def test_there_are_134_vietnamese_letters():
    assert len(set(VIETNAMESE)) == 134


@pytest.mark.parametrize("face", [face.name for face in FACES])
def test_each_face_has_every_vietnamese_letter_itself(face):
    assert load_fonts().runs(VIETNAMESE, face) == [(face, VIETNAMESE)]


@pytest.mark.parametrize("family", ["Andika", "Baloo2", "BeVietnamPro", "PatrickHand", "Quicksand"])
def test_each_family_ships_with_its_licence(family):
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / f"{family}-OFL.txt").read_text()


def test_letters_that_a_face_lacks_are_drawn_by_another():
    assert load_fonts().runs("Жар ptica", TITLE) == [("Andika-Bold", "Жар"), (TITLE, " ptica")]


def test_letters_that_no_face_has_are_named_once():
    assert load_fonts().missing("Mây 中国中 Жα 😀") == "中国😀"


def test_width_grows_with_size():
    fonts = load_fonts()
    assert fonts.width("Mây", STORY, 20) == pytest.approx(2 * fonts.width("Mây", STORY, 10))
