"""Places to print and page sizes are found by name, and wrong names get the whole list."""

import pytest

from studio.errors import BadInput
from studio.publishing.profiles import PROFILES, TRIMS, find_profile, find_trim


def test_a_trim_is_found_however_it_is_written():
    assert find_trim("8.5 × 8.5 in") == find_trim("8.5X8.5IN") == TRIMS[0]
    assert find_trim("a5").width_pt == pytest.approx(419.53, abs=0.01)


def test_an_unknown_trim_gets_the_list_of_those_there_are():
    with pytest.raises(BadInput, match="'quarto'") as error:
        find_trim("quarto")
    assert all(trim.name in str(error.value) for trim in TRIMS)


def test_an_unknown_profile_gets_the_list_of_those_there_are():
    with pytest.raises(BadInput, match="'fridge'") as error:
        find_profile("fridge")
    assert all(profile.name in str(error.value) for profile in PROFILES)


def test_print_services_get_an_eighth_of_an_inch_of_bleed_and_home_gets_none():
    bleeds = {profile.name: profile.bleed_pt for profile in PROFILES}
    assert bleeds == {"screen": 0, "home": 0, "booklet": 0, "kdp": 9, "lulu": 9, "ingram": 9}


def test_a_page_may_have_a_size_of_ones_own():
    assert find_trim("18 x 18 cm").width_pt == pytest.approx(18 * 72 / 2.54)
    assert find_trim("200x200mm").height_pt == pytest.approx(find_trim("20x20cm").height_pt)


@pytest.mark.parametrize(
    "size", ["1x1mm", "2000x2000mm", "0x20cm", "9.9x20cm", "20x37cm", "1e9x1cm", "-5x20cm", ".x2cm"]
)
def test_a_page_that_nobody_binds_is_refused(size):
    with pytest.raises(BadInput, match="10 to 36 cm|no page size"):
        find_trim(size)


def test_a_printer_round_the_corner_gets_the_bleed_it_asks_for():
    assert find_profile("lulu", "3mm").bleed_pt == pytest.approx(8.504, abs=0.001)


@pytest.mark.parametrize("bleed", ["30mm", "-1mm", "much", "3", "10in"])
def test_a_bleed_larger_than_a_margin_is_refused(bleed):
    with pytest.raises(BadInput, match="bleed of"):
        find_profile("lulu", bleed)


def test_kdp_binds_deeper_the_more_pages_there_are():
    kdp = find_profile("kdp")
    assert [kdp.gutter_pt(pages) / 72 for pages in (24, 150, 300, 500, 700, 828)] == [0.5, 0.5, 0.5, 0.625, 0.75, 0.875]
