"""The list of bad inputs that every careful studio should know: where each of the sixty-two is tried."""

from __future__ import annotations

import re

import pytest

from studio.settings import ROOT

HERE = "hostile/"
PHOTO = f"{HERE}test_photos.py::test_dropped_in_the_browser_each_is_told_and_the_good_ones_are_taken"
WHOLE_PHOTO = f"{HERE}test_photos.py::test_what_is_unusual_and_whole_comes_in_without_what_was_hidden_in_it"
PICKLE = f"{HERE}test_pickles.py::test_given_to_a_command_it_is_not_run"
HEADER = f"{HERE}test_weights.py::test_what_the_header_tells_is_told_in_the_browser_at_once"
NUMBERS = f"{HERE}test_weights.py::test_what_only_the_numbers_tell_is_told_by_the_worker"
WORDS = f"{HERE}test_texts.py::test_an_epub_tells_all_of_them_letter_by_letter"
NO_STORY = f"{HERE}test_texts.py::test_what_no_book_can_be_made_of_is_told_everywhere"
WISH = f"{HERE}test_numbers.py::test_on_the_screen_each_is_told_beside_its_field"
TRIED: dict[str, str] = {
    **dict.fromkeys(map(str, range(1, 10)), PHOTO),
    "10 bombs of words": PHOTO,
    "11 a tail": WHOLE_PHOTO,
    "12 a page": PHOTO,
    "13 other formats": PHOTO,
    "14 HEIC": WHOLE_PHOTO,
    "15 colours": WHOLE_PHOTO,
    "16 orientations": "photos/test_door.py::test_however_the_camera_was_held_the_same_picture_comes_in",
    "17 the place": "photos/test_door.py::test_a_photo_is_turned_upright_and_tells_nothing_of_place_or_camera",
    "18 the same": "photos/test_coach.py::test_of_two_that_show_the_same_the_crisper_one_is_kept",
    "19 too many": "test_workshop.py::test_four_hundred_photos_are_too_many_but_the_first_are_taken",
    "20 faces": "photos/test_coach.py::test_two_faces_matter_only_with_people",
    "21 names": f"{HERE}test_photos.py::test_a_name_that_harms_is_shown_without_harm_and_used_for_nothing",
    "22 a pickle": PICKLE,
    "23 renamed": PICKLE,
    "24 an honest one": "models/test_conversion.py::test_the_command_converts_and_says_what_comes_next",
    **dict.fromkeys(("25 cut", "26 a header of 2^62", "27 holes", "28 doubles", "29 many tensors"), HEADER),
    "30 no numbers": NUMBERS,
    "31 all zero": NUMBERS,
    **dict.fromkeys(
        ("32 empty", "33 of FLUX", "35 half of it", "36 one factor", "37 other shapes", "38 bytes"), HEADER
    ),
    "34 of SDXL": "adapters/test_wrong.py::test_a_wrong_lora_is_never_worn_in_silence",
    "39 a whole model": HEADER,
    "41 a packed bomb": f"{HERE}test_pickles.py::test_its_numbers_are_taken_out_where_nothing_can_run",
    "42 more than tensors": f"{HERE}test_pickles.py::test_its_numbers_are_taken_out_where_nothing_can_run",
    **dict.fromkeys(("43 marks", "44 addresses", "45 colours that are programs", "47 composed letters"), WORDS),
    "46 what is not seen": NO_STORY,
    "48 letters of the world": "publishing/ebook/test_webbook.py::test_letters_that_no_font_has_are_named_and_nothing_is_written",
    "49 very long": NO_STORY,
    "50 nothing": NO_STORY,
    "51 a command": f"{HERE}test_texts.py::test_a_story_about_commands_is_a_story",
    "54 of a drawing": WISH,
    "55 of paper": f"{HERE}test_numbers.py::test_a_design_that_cannot_be_is_told_and_the_book_stays",
    "56 an address": f"{HERE}test_addresses.py::test_a_hidden_or_foreign_address_is_refused_before_anybody_is_called",
    "57 a key": f"{HERE}test_numbers.py::test_a_key_that_is_none_is_told_and_never_said_again",
    "58 a full disk": "crash/test_mended.py::test_a_full_or_faulty_disk_is_told_in_words",
    "59 a model that is gone": "models/test_loading.py::test_half_a_model_says_which_part_is_missing",
    "60 a locked list": "jobs/test_rescue.py::test_a_locked_list_is_told_soon_and_goes_on_when_it_is_free",
    "61 two windows": "jobs/test_queue.py::test_asking_twice_gives_the_same_job",
    "62 the clock": "library/test_retention.py::test_a_clock_a_day_back_harms_nothing",
}
# What a child must not be shown, and what must not be told of it, is asked in tests/guard and tests/safety.
OF_THE_GUARD = {40, 52, 53}


def test_each_of_the_sixty_two_is_tried() -> None:
    assert {int(name.split()[0]) for name in TRIED} | OF_THE_GUARD == set(range(1, 63))


@pytest.mark.parametrize("place", sorted(set(TRIED.values())))
def test_the_trial_is_where_the_list_says(place: str) -> None:
    file, _, name = place.partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.MULTILINE)
