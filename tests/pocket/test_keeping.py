"""The scenes that a hero's training leaves as they are."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from studio.pocket.keeping import SCENES, world_lessons


def test_a_scene_torn_by_a_kill_is_made_again_the_same(tmp_path: Path) -> None:
    lessons = world_lessons(tmp_path / "world", "girl")
    whole = lessons[5].picture.read_bytes()
    lessons[5].picture.write_bytes(whole[:200])
    assert world_lessons(tmp_path / "world", "girl") == lessons and lessons[5].picture.read_bytes() == whole
    assert len(lessons) == SCENES and all(lesson.phrases[0] for lesson in lessons)
    with Image.open(lessons[0].picture) as picture:
        assert picture.size == (256, 256)
