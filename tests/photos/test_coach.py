"""The photo coach tells good photos from bad ones and says why."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from studio.photos.advice import REASONS, WISHES, advise, wish
from studio.photos.coach import look
from studio.photos.photo import Look

MAY = sorted((Path(__file__).resolve().parents[2] / "assets" / "samples" / "may").glob("*.png"))


def png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.convert("RGB").save(written, "PNG")
    return written.getvalue()


def spoilt(how: Callable[[Image.Image], Image.Image]) -> Look:
    with Image.open(MAY[1]) as picture:
        return look(png(how(picture.convert("RGB"))))


@pytest.fixture(scope="module")
def looks() -> list[Look]:
    return [look(photo.read_bytes()) for photo in MAY]


def test_good_pictures_are_all_kept_and_enough(looks: list[Look]) -> None:
    assert all(photo.kept and not photo.reasons for photo in advise(looks, person=True))
    assert wish(looks) == "none"


@pytest.mark.parametrize(
    ("reason", "how"),
    [
        ("blurred", lambda it: it.filter(ImageFilter.GaussianBlur(4))),
        ("dark", lambda it: ImageEnhance.Brightness(it).enhance(0.25)),
        ("bright", lambda it: Image.blend(it, Image.new("RGB", it.size, "white"), 0.85)),
        ("small", lambda it: it.resize((200, 200), Image.Resampling.LANCZOS)),
        ("hidden", lambda it: Image.new("RGB", it.size, "grey")),
    ],
)
def test_a_spoilt_picture_is_told_why(reason: str, how: Callable[[Image.Image], Image.Image]) -> None:
    (photo,) = advise([spoilt(how)], person=True)
    assert reason in photo.reasons
    assert photo.kept == (reason in ("small", "hidden") and photo.reasons == (reason,))


def test_of_two_that_show_the_same_the_crisper_one_is_kept(looks: list[Look]) -> None:
    soft = spoilt(lambda it: it.filter(ImageFilter.GaussianBlur(0.6)).resize((480, 480)))
    photos = advise([soft, *looks], person=True)
    assert (photos[0].kept, photos[0].twin) == (False, 3)
    assert all(photo.kept for photo in photos[1:])


def test_the_subject_is_found_where_it_stands() -> None:
    backdrop = Image.effect_noise((400, 300), 30).convert("RGB")
    backdrop.paste((200, 40, 30), (60, 90, 180, 250))
    left, top, right, bottom = look(png(backdrop)).subject
    assert (left, top, right, bottom) == pytest.approx((60 / 400, 90 / 300, 180 / 400, 250 / 300), abs=0.03)


def test_the_wish_says_what_is_missing(looks: list[Look]) -> None:
    assert wish(looks[:3]) == "more"
    assert wish([looks[0]] * 6) in ("turned", "elsewhere")
    assert set(WISHES) >= {"near", "whole"} and all(
        text.endswith(".") for text in (*WISHES.values(), *REASONS.values())
    )


def test_two_faces_matter_only_with_people(looks: list[Look]) -> None:
    from dataclasses import replace

    pair = replace(looks[0], faces=2)
    assert not advise([pair], person=True)[0].kept and advise([pair], person=False)[0].kept


def test_a_photo_of_somebody_else_is_pointed_out_and_stays(looks: list[Look], tmp_path: Path) -> None:
    from benchmarks.heroes import HEROES, photos

    luna = next(hero for hero in HEROES if hero.name == "Luna")
    strangers = [look(path.read_bytes(), drawn=True) for path in photos(luna, tmp_path)[:2]]
    album = advise([*looks, strangers[0]], person=False)
    assert [("other" in photo.reasons) for photo in album] == [False] * len(looks) + [True]
    assert album[-1].kept
    assert not any("other" in photo.reasons for photo in advise(strangers, person=False))
