from __future__ import annotations

import pytest

from studio.pocket.world import description as world
from studio.settings import SAMPLES
from studio.story.composer import compose
from studio.story.reader import read_story, read_story_file
from studio.story.scene import Scene
from studio.story.wording import known
from studio.story.writer import find_cast, write_scenes


def scenes(text: str, pages: int = 1) -> tuple[Scene, ...]:
    story = read_story(text)
    return write_scenes(story, find_cast(story), pages)


def page(text: str) -> Scene:
    return scenes(text)[0]


@pytest.mark.parametrize("code", ["en", "vi"])
def test_the_sample_story_gives_eight_different_pictures(code: str) -> None:
    story = read_story_file(f"story_{code}.txt", (SAMPLES / f"story_{code}.txt").read_bytes())
    cast = find_cast(story)
    plan = write_scenes(story, cast, 8)
    assert [scene.place for scene in plan] == [
        "village", "garden", "rice field", "river", "forest", "beach", "village", "bedroom",
    ]  # fmt: skip
    assert [scene.time for scene in plan] == ["day"] * 4 + ["sunset"] + ["night"] * 3
    kinds = {role.name: role.kind for role in cast.roles}
    assert [kinds[scene.who[1]] for scene in plan] == [
        "grandmother", "dog", "buffalo", "duck", "rabbit", "turtle", "grandmother", "dog",
    ]  # fmt: skip
    assert [scene.action for scene in plan][-2:] == ["waving", "sleeping"]
    assert [bool(scene.things) for scene in plan] == [True, False, False, False, False, True, True, False]
    assert len({compose(scene, cast, {}).positive for scene in plan}) == 8


def test_the_whole_story_is_on_the_pages() -> None:
    text = "Tom & Jerry <b>x</b> ran. They ran and ran. They hid in the woods all day."
    assert " ".join(scene.text for scene in scenes(text, 3)) == text


def test_all_words_are_of_the_pocket_world() -> None:
    for scene in scenes("A witch rode her pony to the castle at noon. Wow! It stormed. She held a torch and slept.", 2):
        assert scene.place in world.PLACES and scene.time in world.TIMES and scene.action in world.POSES
        assert scene.mood in world.MOODS and scene.weather in world.WEATHERS and set(scene.things) <= set(known("prop"))
        assert scene.relation in world.RELATIONS


def test_place_and_time_stay_until_the_story_changes_them() -> None:
    plan = scenes(
        "A girl named May ran to the beach at night. She sang a little song. She came to the river at noon.", 3
    )
    assert [(scene.place, scene.time) for scene in plan] == [("beach", "night"), ("beach", "night"), ("river", "day")]


def test_a_story_begins_where_it_first_says_it_is() -> None:
    assert [scene.place for scene in scenes("There once was a girl. She lived in the woods.", 2)] == [
        "forest",
        "forest",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("May left the village and ran to the river. There she met a duck, and they sang for a long time.", "river"),
        ("In the rice field May met a buffalo and they played all day. So she went to the beach.", "rice field"),
        ('In the garden May sat. "Let us go to the beach!" she said.', "garden"),
        ("Mây rời khỏi làng. Mây đi vào rừng.", "forest"),
    ],
)
def test_of_two_places_the_page_shows_where_most_of_it_happens(text: str, place: str) -> None:
    assert page(text).place == place


def test_all_who_are_there_are_on_the_page_and_the_hero_is_first() -> None:
    plan = scenes("A dog, a cat and a fox met a girl named May. May met May's dog. May sang.", 1)
    assert plan[0].who[0] == "May" and set(plan[0].who) == {"May", "dog", "cat", "fox"}


def test_a_third_is_there_when_the_page_speaks_of_it_more_than_once() -> None:
    plan = scenes("A girl named May met a dog. The dog met a cat. The cat, the dog and May sang. A fox came.", 1)
    assert plan[0].who == ("May", "dog", "cat")


def test_who_is_there_stays_while_the_scene_lasts() -> None:
    plan = scenes("A girl named May met a duck. The duck looked at her kindly. The wind blew and blew.", 3)
    assert [scene.who for scene in plan] == [("May", "duck")] * 3


def test_who_went_away_is_not_on_the_next_page() -> None:
    plan = scenes("A girl named May met a duck. Then the duck flew away. May sat down and sang a song.", 3)
    assert [scene.who for scene in plan] == [("May", "duck"), ("May", "duck"), ("May",)]


def test_somebody_else_may_have_a_page_alone() -> None:
    plan = scenes("A girl named May sang and sang in the garden.\n\nFar away in the castle an old king slept.", 2)
    assert [scene.who for scene in plan] == [("May",), ("king",)]


def test_clothes_change_when_the_story_says_so_and_change_back() -> None:
    text = "A girl named May wore a red dress. She put on her yellow pyjamas. May sang. Then she took off her pyjamas. May ran."
    plan = scenes(text, 5)
    assert [scene.bearing("May").clothes for scene in plan] == ["", "yellow pyjamas", "yellow pyjamas", "", ""]


def test_what_is_carried_stays_until_it_is_lost() -> None:
    text = "A girl named May found a red kite. May walked on. She held up the kite. The kite flew away. May ran home."
    assert [scene.things for scene in scenes(text, 5)] == [("red kite",)] * 3 + [(), ()]


def test_everybody_wears_the_same_on_every_page() -> None:
    cast = find_cast(
        read_story("A girl named May met her grandmother. Her grandmother wore a purple dress. They sang.")
    )
    assert {role.name: role.clothes for role in cast.roles} == {"May": "red dress", "grandmother": "purple shawl dress"}


def test_they_are_the_hero_and_the_companion_of_the_page_before() -> None:
    assert scenes("A girl named May met a fox. They ran to the sea.", 2)[1].who == ("May", "fox")


def test_only_spoken_of_is_not_there() -> None:
    assert page('A girl named May met a duck. "Ask the turtle and the bear," said the duck to May.').who == (
        "May",
        "duck",
    )


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("A girl named May took her kite.", ("kite",)),
        ("A girl named May took her kite. The kite flew away.", ()),
        ("A girl named May looked for her lantern.", ()),
        ("A girl named May sat down. Where was the ball?", ()),
        ("A girl named May had no umbrella.", ()),
        ("Bé Mây cầm đèn ông sao.", ("lantern",)),
        ("Bé Mây đi tìm chiếc đèn.", ()),
        ("A duck had a balloon.", ("balloon",)),
        ("A girl named May took her red kite.", ("red kite",)),
        ("A girl named May had a red star lantern.", ("lantern",)),  # it comes in one colour
        ("Bé Mây cầm con diều xanh.", ("blue kite",)),
        ("Bé Mây cầm con diều. Trời xanh.", ("kite",)),
    ],
)
def test_a_thing_is_shown_when_it_is_there(text: str, things: tuple[str, ...]) -> None:
    assert page(text).things == things


def test_a_thing_has_the_colour_in_which_the_story_first_told_it() -> None:
    plan = scenes("A girl named May had a red kite. She ran with her kite.", 2)
    assert [scene.things for scene in plan] == [("red kite",), ("red kite",)]


def test_who_holds_a_thing_does_nothing_busy() -> None:
    assert page("A girl named May ran with her kite.").action == "walking"
    assert page("A girl named May waved with her kite.").action == "waving"
    assert page("A girl named May slept beside her kite.").things == ()
    assert page("A girl named May sat down with a cake.").action == "holding"


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("A dragon named Puff flew over the hills.", "flying"),
        ("A dragon named Puff spread its wings and flew.", "flying"),
        ("A girl named May ran. Her hair flew in the wind.", "running"),
        ("A girl named May ran. The leaves flew and flew.", "running"),
        ("A girl named May danced.", "dancing"),
        ("A girl named May fought bravely.", "standing"),
        ("Bé Mây đọc sách trong vườn.", "reading"),
        ("Bé Mây nhảy múa.", "dancing"),
        ("Bé Mây đi dạo.", "walking"),
    ],
)
def test_actions(text: str, action: str) -> None:
    assert page(text).action == action


def test_who_reads_has_a_book() -> None:
    assert page("A girl named May read all day.").things == ("book",)


@pytest.mark.parametrize(
    ("text", "relation", "who"),
    [
        ("A girl named May chased a dog.", "chasing", ("May", "dog")),
        ("A girl named May met a dog. The dog chased May.", "chasing", ("dog", "May")),
        ("A girl named May was chased by a dog.", "chasing", ("dog", "May")),
        ("A girl named May had a dog. May chased a butterfly.", "beside", ("May", "dog")),
        ("A girl named May and her grandmother walked hand in hand.", "holding hands", ("May", "grandmother")),
        ("A girl named May hid behind her mother.", "behind", ("May", "mother")),
        ("A girl named May met a fox. She hid behind a tree.", "beside", ("May", "fox")),
        ("A knight named Hugo fought the dragon.", "fighting", ("Hugo", "dragon")),
        ("A girl named May met a dragon. She did not fight.", "beside", ("May", "dragon")),
        ("Có cô bé tên là Mây. Mây và bà nắm tay nhau.", "holding hands", ("Mây", "bà")),
        ("Bé Mây gặp chú chó. Chú chó đuổi theo Mây.", "chasing", ("chú chó", "Mây")),
        ("Hiệp sĩ đánh nhau với con rồng.", "fighting", ("hiệp sĩ", "con rồng")),
    ],
)
def test_how_two_are_together(text: str, relation: str, who: tuple[str, ...]) -> None:
    assert (page(text).relation, page(text).who) == (relation, who)


def test_action_and_mood_are_the_heros_own() -> None:
    assert page("A girl named May met a duck. The duck was sad and sat in a nest. May laughed.").mood == "happy"
    assert page("A girl named May stood by. The duck slept.").action == "standing"
    assert page("A girl named May and her dog ran and ran. May had a dog.").action == "running"


def test_rain_falls_only_outside_and_only_while_it_is_told() -> None:
    assert page("A girl named May walked in the rain to the village.").weather == "rain"
    assert page("A girl named May lay in bed and heard the rain.").weather == "sun"
    assert page("A girl named May ran in the rain by the river. Then the rain stopped.").weather == "sun"


def test_snow_and_storms_are_weather() -> None:
    assert page("A girl named May walked to the village. Snow fell softly.").weather == "snow"
    assert page("A girl named May was at the market when the storm came.").weather == "storm"
    assert page("A girl named May was at school when the storm came.").weather == "sun"


def test_who_sleeps_at_night_is_in_bed_unless_the_page_says_where() -> None:
    assert page("A girl named May slept all night.").place == "bedroom"
    assert page("A rabbit slept in the forest at night.").place == "forest"
