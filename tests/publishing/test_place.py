"""Words on a picture can be read, and keep off whoever is there. Pictures are scenes that pocket draws, whose silhouettes
are known; `benchmarks.layout` looks at a hundred."""

import pytest
from PIL import Image

from benchmarks.layout import COVERED, look_at
from studio.pocket.world.grammar import held_out_scenes
from studio.publishing.calm import Calm, calm_of
from studio.publishing.contrast import LEAST, PALE, contrast, luminance_of, reading
from studio.publishing.geometry import Box
from studio.publishing.marks import INK
from studio.publishing.place import best_place, place_at

BLACK, WHITE = 0.0, 1.0


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenes")
    return [look_at(scene, order, folder) for order, scene in enumerate(held_out_scenes(11, 14))]


def test_words_on_pictures_have_the_contrast_that_they_need(looked):
    assert min(one.contrast for one in looked) >= LEAST


def test_words_on_pictures_stay_inside_the_margins(looked):
    assert all(one.inside for one in looked)


def test_words_that_the_studio_puts_on_a_picture_cover_nobody(looked):
    chosen = [one for one in looked if one.chosen]
    assert len(chosen) > len(looked) / 2
    assert all(one.covered <= COVERED for one in chosen)


def test_contrast_is_counted_as_the_guidelines_do():
    assert contrast(luminance_of("#000000"), luminance_of("#FFFFFF")) == pytest.approx(21)
    assert contrast(luminance_of("#767676"), luminance_of("#FFFFFF")) == pytest.approx(4.54, abs=0.01)


def test_light_pictures_take_ink_dark_ones_pale_words_and_both_no_veil():
    assert reading(0.7, 1.0) == reading(0.6, 0.9) and reading(0.7, 1.0).colour == INK
    assert (reading(0.0, 0.05).colour, reading(0.0, 0.05).veil) == (PALE, 0.0)


@pytest.mark.parametrize(("dark", "light"), [(BLACK, WHITE), (0.1, 0.4), (0.0, 0.3), (0.2, 0.8)])
def test_a_veil_is_as_thin_as_can_be_and_enough(dark, light):
    read = reading(dark, light)
    assert 0.5 <= read.veil <= 1.0


def calm(dark: str) -> Calm:
    """A picture of eight by eight cells, restless where the drawing has an x, somebody where it has an o."""
    cells = "".join(dark.split())
    return Calm(
        8,
        8,
        8,
        (0.8,) * 64,
        (0.9,) * 64,
        tuple(float(cell == "x") for cell in cells),
        tuple(float(cell == "o") for cell in cells),
    )


def test_the_calm_corner_is_found():
    seen = calm("xxxxxxxx xxxxxxxx xxxxxxxx xxxxxxxx xxxxoooo xxxx.... xxxx.... xxxx....".replace("oooo", "xxxx"))
    place = best_place(seen, Box(0, 0, 80, 80), Box(0, 0, 80, 80), [(30, 20)], 0)
    assert place.zone.left >= 40 and place.zone.top <= 40


def test_a_restless_sky_is_better_than_somebodys_face():
    seen = calm("xxxxxxxx xxxxxxxx oooooooo oooooooo oooooooo oooooooo oooooooo oooooooo")
    place = best_place(seen, Box(0, 0, 80, 80), Box(0, 0, 80, 80), [(60, 15)], 0)
    assert place.zone.bottom >= 60 and place.covered == 0


def test_words_without_room_get_no_place():
    assert best_place(None, Box(0, 0, 80, 80), Box(0, 0, 80, 80), [(90, 10)], 0) is None


def test_of_a_picture_that_cannot_be_opened_nothing_is_known(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no")
    assert calm_of(tmp_path / "broken.png") is None
    assert place_at(None, Box(0, 0, 80, 80), Box(0, 0, 40, 40), 0).reading.veil > 0


def test_a_plain_picture_is_calm_and_empty_all_over(tmp_path):
    Image.new("RGB", (300, 200), "#88AACC").save(tmp_path / "plain.png")
    seen = calm_of(tmp_path / "plain.png")
    assert (seen.width, seen.height, seen.columns) == (300, 200, 48)
    assert max(seen.stir) == 0 and max(seen.who) < 0.5
    assert max(seen.light) - min(seen.dark) < 0.01
