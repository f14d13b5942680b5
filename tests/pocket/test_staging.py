"""A hero cut out of photos stands on pocket's stages, alone and beside others."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from studio.adapters.card import AdapterCard
from studio.photos.cartoon import INK, flattened
from studio.photos.coach import opened
from studio.photos.cutout import Cutout, cut_out, lifted
from studio.pocket.recolouring import recoloured
from studio.pocket.staging import Stage, drawn_lessons, stage_lessons
from studio.pocket.world.description import Description
from studio.pocket.world.picture import render, silhouette
from studio.settings import SAMPLES

CARD = AdapterCard(
    id="may", title="May", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="may", class_word="girl"
)
CARD_OF_A_BEAR = replace(CARD, class_word="bear")


def cutouts() -> list[Cutout]:
    pictures = [opened(path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))[:2]]
    return [lifted(picture, cut_out(picture, drawn=True)) for picture in pictures]


def test_words_say_where_the_hero_is_and_who_is_beside(tmp_path: Path) -> None:
    lessons = stage_lessons(cutouts(), Stage(CARD, tmp_path), 8)
    said = [lesson.phrases[0] for lesson in lessons]
    assert len(said) == 16 and all(one.startswith("a may girl") for one in said)
    assert sum(" and a" in one or "on the left" in one for one in said) >= 6
    assert all(lesson.mask and lesson.cuts == 1 for lesson in lessons)


def test_the_mask_is_where_the_hero_was_put(tmp_path: Path) -> None:
    (lesson, *_) = stage_lessons(cutouts(), Stage(CARD, tmp_path), 1)
    picture = np.asarray(Image.open(lesson.picture).convert("RGB")).astype(int)
    inside = np.asarray(Image.open(lesson.mask)) > 200
    yellow = (picture[..., 0] > 200) & (picture[..., 2] < 110)  # May's coat
    assert 0.02 < inside.mean() < 0.6 and yellow[inside].mean() > 0.15


def test_some_places_can_be_left_out(tmp_path: Path) -> None:
    but = {("snow", "day"), ("castle", "sunset")}
    said = [lesson.phrases[0] for lesson in stage_lessons(cutouts(), Stage(CARD, tmp_path, True, but), 40)]
    assert not [one for one in said if "in the snow by day" in one or "at the castle at sunset" in one]
    assert [one for one in said if "in the snow" in one] and [one for one in said if "at the castle" in one]


def test_stages_are_made_again_the_same(tmp_path: Path) -> None:
    first = [lesson.picture.read_bytes() for lesson in stage_lessons(cutouts(), Stage(CARD, tmp_path, True), 2)]
    assert first == [lesson.picture.read_bytes() for lesson in stage_lessons(cutouts(), Stage(CARD, tmp_path, True), 2)]


def test_somebody_cut_off_by_the_photos_edge_stands_at_the_pictures_edge(tmp_path: Path) -> None:
    half = Cutout(cutouts()[0].picture[:200], cut_off=True)
    (lesson, *_) = stage_lessons([half], Stage(CARD, tmp_path), 1)
    assert (np.asarray(Image.open(lesson.mask))[-2:] > 100).any()


def test_a_photo_becomes_flat_colours_with_an_ink_line() -> None:
    noise = np.random.default_rng(0).normal(0, 12, (300, 200, 3))
    photo = np.clip(np.full((300, 200, 3), (180, 120, 60)) + noise, 0, 255).astype(np.uint8)
    solid = np.zeros((300, 200, 1), np.uint8)
    solid[40:260, 40:160] = 255
    drawn = flattened(Cutout(np.dstack([photo, solid]), cut_off=False)).picture
    inside = drawn[
        drawn.shape[0] // 2 - 20 : drawn.shape[0] // 2 + 20, drawn.shape[1] // 2 - 20 : drawn.shape[1] // 2 + 20
    ]
    assert inside[..., :3].std((0, 1)).max() < 8 and (inside[..., 3] == 255).all()
    assert (np.abs(drawn[..., :3].astype(int) - INK).sum(2)[drawn[..., 3] > 200] < 30).any()


def test_the_pose_of_a_drawn_hero_is_said(tmp_path: Path) -> None:
    said = [lesson.phrases[0] for lesson in stage_lessons(cutouts(), Stage(CARD, tmp_path), 4, poses=True)]
    assert any(" waving " in one for one in said[1::2]) and not any(" waving " in one for one in said[::2])


def test_a_photographed_animal_is_drawn_as_its_kind_in_its_own_colours(tmp_path: Path) -> None:
    fur = np.full((200, 200, 4), (60, 140, 90, 255), np.uint8)
    fur[120:150, 60:140, :3] = (235, 235, 220)
    bear = recoloured("bear", [Cutout(fur, cut_off=False)], tmp_path)
    lessons = drawn_lessons(bear, Stage(CARD_OF_A_BEAR, tmp_path), 6)
    assert all(" may bear " in lesson.phrases[0] for lesson in lessons)
    assert not any("scarf" in lesson.phrases[0].split(" and ")[0] for lesson in lessons[::2])
    by_day = next(lesson for lesson in lessons[::2] if "day" in lesson.phrases[0] or "sea" in lesson.phrases[0])
    picture = np.asarray(Image.open(by_day.picture).convert("RGB")).astype(int)
    inside = np.asarray(Image.open(by_day.mask)) > 127
    green = np.abs(picture - (60, 140, 90)).sum(2) < 60
    assert green[inside].mean() > 0.25


def test_fur_in_two_shades_outweighs_a_white_chest(tmp_path: Path) -> None:
    fur = np.full((200, 200, 4), (176, 93, 50, 255), np.uint8)
    fur[70:130, :, :3] = (210, 145, 88)
    fur[130:, :, :3] = (250, 225, 200)  # more than either
    dog = recoloured("dog", [Cutout(fur, cut_off=False)], tmp_path)
    scene = Description((dog,), "sea", seed=1)
    seen = render(scene)[silhouette(scene)].astype(int)
    tan = (seen[:, 0] - seen[:, 2] > 60) & (seen[:, 0] > 150)
    white = seen.min(1) > 190
    assert tan.mean() > white.mean() > 0.05


def test_a_deep_red_stays_in_what_pocket_can_draw(tmp_path: Path) -> None:
    red = np.full((100, 100, 4), (208, 0, 0, 255), np.uint8)
    monster = recoloured("monster", [Cutout(red, cut_off=False)], tmp_path)
    colours = re.findall(r"#([0-9a-f]{6})", Path(f"{monster.sheet}.svg").read_text())
    reds = [bytes.fromhex(one) for one in colours if one.startswith(("d", "e", "f")) and int(one[2:4], 16) < 90]
    assert reds and all(min(one) >= 45 for one in reds)
