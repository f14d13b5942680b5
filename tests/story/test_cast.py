from __future__ import annotations

import pytest

from studio.pocket.world.description import SUBJECTS
from studio.story.cast import find_cast
from studio.story.reader import read_story
from studio.story.wording import coloured


def kinds(text: str) -> dict[str, str]:
    return {role.name: role.kind for role in find_cast(read_story(text)).roles}


@pytest.mark.parametrize(
    ("text", "cast"),
    [
        ("A girl named May had a dog called Rex.", {"May": "girl", "Rex": "dog"}),
        ("May's little dog, Biscuit, barked. Then May and Biscuit ran.", {"May": "girl", "Biscuit": "dog"}),
        ("One day Max lost his ball. So Max looked for it.", {"Max": "boy"}),
        ("One day Lily met Leo. Leo was a small brown bear. Lily hugged Leo.", {"Lily": "girl", "Leo": "bear"}),
        ("Tom ran. Tom sat. His puppy barked.", {"Tom": "boy", "puppy": "dog"}),
        ("I woke. I took my cat to the sea.", {"I": "girl", "cat": "cat"}),
        ("Ngày xưa có cậu bé tên là Nam. Nam có chú chó Mực.", {"Nam": "boy", "Mực": "dog"}),
        ("Hôm ấy, bé Mây gặp chú Thỏ. Bé Mây cười.", {"Mây": "girl", "chú Thỏ": "rabbit"}),
        ("Hôm nay cậu Tí vui. Sáng ra, Tí đi chợ.", {"Tí": "boy"}),
        ("One day Mary-Ann ran. Then Mary-Ann sat.", {"Mary-Ann": "girl"}),
        ("A knight named Hugo met a dragon.", {"Hugo": "knight", "dragon": "dragon"}),
        ("Mother Duck had a baby elephant.", {"mother Duck": "duck", "baby elephant": "elephant"}),
        ("Bố mẹ Lan cười. Rồi Lan ngủ.", {"Lan": "girl", "bố": "man", "mẹ": "woman"}),
        ("The wind blew all night long.", {}),
    ],
)
def test_roles_are_found_with_their_kinds(text: str, cast: dict[str, str]) -> None:
    assert kinds(text) == cast


def test_the_hero_is_the_most_spoken_of() -> None:
    assert next(iter(kinds("A duck met a rabbit. The rabbit hopped. The rabbit sang."))) == "rabbit"


@pytest.mark.parametrize(
    "text",
    [
        "One day May flew to Paris. In Paris May met Lan. May and Lan danced in Paris.",
        "On Monday May ran. On Monday May sat with Lan. Then Lan and May slept.",
    ],
)
def test_towns_and_days_are_nobody(text: str) -> None:
    assert set(kinds(text)) == {"May", "Lan"}


@pytest.mark.parametrize(
    ("text", "clothes"),
    [
        ("A girl named May wore her yellow dress.", "yellow dress"),
        ("Cô bé tên là Mây mặc áo dài đỏ thắm.", "red ao dai"),
        ("A boy named Tom put on green overalls.", "green overalls"),
        ("A girl named May met a witch in a purple gown.", "red dress"),
        ("A boy named Tom ran.", "blue shirt"),
        ("A girl named May put on a purple sweater.", "purple sweater"),
        ("A rabbit ran and ran.", "red scarf"),
        ("A grandfather sat and sat.", "green cardigan"),
        ("The princess ran and ran.", "pink gown"),
        ("A pirate ran and ran.", "red pirate coat"),
    ],
)
def test_the_hero_wears_what_the_story_says_or_a_habit_of_the_kind(text: str, clothes: str) -> None:
    hero = find_cast(read_story(text)).hero
    assert hero and hero.clothes == clothes


def test_everyone_has_something_of_the_world_to_wear() -> None:
    for kind in SUBJECTS:
        hero = find_cast(read_story(f"A {kind} ran and ran.")).hero
        assert hero and hero.kind == kind and coloured("clothes", hero.clothes)


def test_only_the_hero_is_dressed() -> None:
    assert [role.clothes for role in find_cast(read_story("A girl named May had a dog called Rex.")).roles][1:] == [""]
