"""A person's own captioned pictures, laid out as Oxford-102, with all that goes wrong in such folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import BadInput
from studio.lab.blossoms import lessons, look
from studio.progress import finish


def reader(texts: list[str]) -> np.ndarray:
    return np.array([[len(text), text.count("e")] for text in texts], np.float32)


@pytest.fixture
def oxford(tmp_path: Path) -> Path:
    """Twenty pictures in jpg/, their captions in a folder for each class below text/."""
    for number in range(20):
        picture = tmp_path / "jpg" / f"image_{number:05}.jpg"
        picture.parent.mkdir(exist_ok=True)
        Image.new("RGB", (90 + number, 120), (10 * number, 80, 90)).save(picture)
        text = tmp_path / "text" / f"class_{number % 3:05}" / f"{picture.stem}.txt"
        text.parent.mkdir(parents=True, exist_ok=True)
        text.write_text(f"flower number {number}\nthe same flower once more\n")
    return tmp_path


def test_pictures_and_their_captions_are_found(oxford: Path) -> None:
    learnt, found = finish(lessons(reader, oxford))
    assert learnt.pictures.shape == (20, 3, 64, 64) and learnt.texts.shape == (20, 10, 2)
    assert found.captions[3] == ("flower number 3", "the same flower once more")
    assert found.told == {"pictures": 20, "wordless": 0, "pictureless": 0, "broken": 0}
    assert np.array_equal(learnt.texts[0, 0], learnt.texts[0, 2])  # two captions, told in turn


def test_what_is_missing_or_broken_is_left_out_and_counted(oxford: Path) -> None:
    (oxford / "text" / "class_00000" / "image_00000.txt").unlink()
    (oxford / "jpg" / "image_00001.jpg").unlink()
    (oxford / "jpg" / "image_00002.jpg").write_bytes(b"no picture")
    learnt, found = finish(lessons(reader, oxford))
    assert len(learnt) == 17 and found.told == {"pictures": 17, "wordless": 1, "pictureless": 1, "broken": 1}


def test_embeddings_that_lie_there_are_taken(oxford: Path) -> None:
    rows = {f"image_{number:05}": np.full((4, 7), number) for number in range(20)}
    np.savez(oxford / "embeddings.npz", **rows)
    learnt, _ = finish(lessons(reader, oxford))
    assert learnt.texts.shape == (20, 10, 7) and (learnt.texts[9] == 9).all()
    rows.pop("image_00003")
    np.savez(oxford / "embeddings.npz", **rows)
    with pytest.raises(BadInput, match="does not hold an embedding for each picture"):
        finish(lessons(reader, oxford))


def test_captions_that_are_all_the_same_teach_nothing(oxford: Path) -> None:
    for text in oxford.rglob("*.txt"):
        text.write_text("a flower\n")
    with pytest.raises(BadInput, match="All captions .* are the same"):
        look(oxford)


def test_too_few_pictures_and_no_folder_are_told(oxford: Path, tmp_path: Path) -> None:
    for picture in sorted(oxford.rglob("*.jpg"))[5:]:
        picture.unlink()
    with pytest.raises(BadInput, match="5 pictures have captions; 16 are needed"):
        look(oxford)
    with pytest.raises(BadInput, match="no folder 'nowhere'"):
        look(tmp_path / "nowhere")


def test_a_set_that_the_studio_made_ready_is_learnt_from(oxford: Path) -> None:
    for text in oxford.rglob("*.txt"):
        text.unlink()
    rows = [f'jpg/image_{number:05}.jpg,"[""dress {number}""]",' for number in range(20)]
    (oxford / "manifest.csv").write_text("file,captions,reason\n" + "\n".join(rows))
    assert look(oxford).captions[7] == ("dress 7",)
