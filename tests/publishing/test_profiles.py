"""Places to print and page sizes are found by name, and wrong names get the whole list."""

import pytest

from studio.errors import BadInput
from studio.publishing.profiles import PROFILES, TRIMS, find_profile, find_trim


def test_a_trim_is_found_however_it_is_written():
    assert find_trim("8.5 × 8.5 in") == find_trim("8.5X8.5IN") == TRIMS[0]
    assert find_trim("a5").width_pt == pytest.approx(419.53, abs=0.01)


def test_an_unknown_trim_gets_the_list_of_those_there_are():
    with pytest.raises(BadInput, match="'7x7in'") as error:
        find_trim("7x7in")
    assert all(trim.name in str(error.value) for trim in TRIMS)


def test_an_unknown_profile_gets_the_list_of_those_there_are():
    with pytest.raises(BadInput, match="'fridge'") as error:
        find_profile("fridge")
    assert all(profile.name in str(error.value) for profile in PROFILES)


def test_print_services_get_an_eighth_of_an_inch_of_bleed_and_home_gets_none():
    bleeds = {profile.name: profile.bleed_pt for profile in PROFILES}
    assert bleeds == {"screen": 0, "home": 0, "kdp": 9, "lulu": 9, "ingram": 9}
