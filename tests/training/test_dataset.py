"""A folder of captioned pictures becomes a set to learn from: what is good is copied, the rest is told of."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import BadInput
from studio.progress import finish
from studio.training.captions import read_captions
from studio.training.dataset import Demands, prepare

TEXT = "a woman in a red dress in a garden"


def picture(path: Path, size: tuple[int, int] = (300, 300), mode: str = "RGB", sharp: bool = True, **save) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(len(path.name)).integers(0, 255, (size[1], size[0], 3), np.uint8)
    image = Image.fromarray(noise if sharp else np.full_like(noise, 120)).convert(mode)
    image.save(path, **save)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(6):
        picture(tmp_path / f"set/{number}.png")
    return tmp_path / "set"


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LAYOUTS = {
    "a.json": json.dumps({f"{number}.png": [TEXT, f"{TEXT} {number}"] for number in range(6)}),
    "b.json": json.dumps([{"image": f"{number}.png", "caption": TEXT} for number in range(6)]),
    "c.jsonl": "\n".join(json.dumps({"file_name": f"{number}.png", "text": TEXT}) for number in range(6)),
    "d.csv": "filename,caption\n" + "\n".join(f'{number}.png,"{TEXT}, by day"' for number in range(6)),
    "e.tsv": "image\tdescription\n" + "\n".join(f"{number}.png\t{TEXT}" for number in range(6)),
    "results.csv": "image_name| comment_number| comment\n"
    + "\n".join(f'{number}.png| {turn}| {TEXT}, "so" {turn} .' for number in range(6) for turn in range(5)),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_captions_are_found_in_every_layout(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(LAYOUTS[name], encoding="utf-8")
    found = read_captions(folder, tmp_path / name)
    assert set(found) == {f"{number}.png" for number in range(6)}
    assert all(texts[0].startswith(TEXT) for texts in found.values())
    assert len(found["0.png"]) == {"results.csv": 5, "a.json": 2}.get(name, 1)


def test_captions_beside_the_pictures_are_found(folder: Path) -> None:
    (folder / "3.txt").write_text(f"{TEXT}\n\n")
    assert read_captions(folder)["3.png"] == (TEXT,) and read_captions(folder)["4.png"] == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{"),
        ("b.json", '{"0.png": null}'),
        ("c.json", '["0.png"]'),
        ("d.json", "7"),
        ("a.csv", "when,where\n1,2"),
        ("a.jsonl", "no"),
    ],
)
def test_captions_that_cannot_be_understood_are_refused(folder: Path, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInput, match=f"The captions in '{name}' cannot be understood"):
        read_captions(folder, tmp_path / name)


def test_each_picture_is_taken_or_left_out_for_its_reason(folder: Path, tmp_path: Path) -> None:
    picture(folder / "small.png", (200, 400))
    picture(folder / "grey.png", mode="L")
    picture(folder / "narrow.png", (260, 900))
    picture(folder / "even.png", sharp=False)
    picture(folder / "mute.png")
    (folder / "text.jpg").write_text("no picture")
    (folder / "cut.png").write_bytes((folder / "0.png").read_bytes()[:900])
    captions = {path.name: TEXT for path in folder.iterdir()} | {
        "mute.png": "red",
        "gone.png": TEXT,
        "../out.png": TEXT,
    }
    picture(tmp_path / "out.png")
    (tmp_path / "c.json").write_text(json.dumps(captions))
    counts = finish(prepare(folder, tmp_path / "ready", Demands(), tmp_path / "c.json"))
    assert counts == {
        "taken": 6, "small": 1, "channels": 1, "narrow": 1, "blurred": 1, "caption": 1, "format": 2, "missing": 2,
    }  # fmt: skip
    told = {row["source"]: row for row in rows(tmp_path / "ready")}
    assert told["../out.png"]["reason"] == "missing"  # what lies outside the folder is not looked at
    assert json.loads(told["0.png"]["captions"]) == [TEXT] and told["0.png"]["width"] == "300"
    assert {row["file"] for row in told.values() if row["file"]} == {
        path.name for path in (tmp_path / "ready" / "images").iterdir()
    }


def test_what_the_door_for_photos_does_not_open_a_set_does_not_either(folder: Path, tmp_path: Path) -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    for name in ("a.bmp", "b.gif", "c.tif", "d.avif", "e.heic"):
        picture(folder / name)
    (folder / "hidden.jpg").write_bytes((folder / "c.tif").read_bytes())  # whatever its name says
    (folder / "named.gif").write_bytes((folder / "0.png").read_bytes())
    (tmp_path / "c.json").write_text(json.dumps({path.name: TEXT for path in folder.iterdir()}))
    assert finish(prepare(folder, tmp_path / "ready", Demands(), tmp_path / "c.json")) == {
        "taken": 9, "foreign": 3, "format": 1,
    }  # fmt: skip
    told = {row["source"]: row["reason"] for row in rows(tmp_path / "ready")}
    assert {name for name, why in told.items() if why == "foreign"} == {"a.bmp", "b.gif", "c.tif"}
    assert told["hidden.jpg"] == "format" and not told["d.avif"] and not told["e.heic"] and not told["named.gif"]


def test_the_sample_follows_from_the_seed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(json.dumps({f"{number}.png": TEXT for number in range(6)}))

    def taken(out: str, seed: int) -> set[str]:
        finish(prepare(folder, tmp_path / out, Demands(most=3, seed=seed), tmp_path / "c.json"))
        assert len(list((tmp_path / out / "images").iterdir())) == 3
        return {row["source"] for row in rows(tmp_path / out) if not row["reason"]}

    first = taken("one", 1)
    assert first == taken("two", 1) and len(first) == 3
    assert any(first != taken(f"other{seed}", seed) for seed in (2, 3, 4))
    assert Counter(row["reason"] for row in rows(tmp_path / "one"))["enough"] == 3


def test_about_eight_in_a_hundred_are_kept_for_validation() -> None:
    from studio.training.dataset import split_of

    parts = Counter(split_of(f"{number}.jpg") for number in range(5000))
    assert 0.06 < parts["validation"] / 5000 < 0.10 and parts.keys() == {"train", "validation"}


def test_copies_are_upright_and_say_nothing_of_where_they_were_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    picture(tmp_path / "set/a.jpg", (400, 300), exif=exif)
    (tmp_path / "set/a.txt").write_text(TEXT)
    finish(prepare(tmp_path / "set", tmp_path / "ready", Demands(size_px=256), archive=True))
    (copy,) = (tmp_path / "ready" / "images").iterdir()
    with Image.open(copy) as found:
        assert found.size == (256, 341) and not found.getexif() and "exif" not in found.info
    with zipfile.ZipFile(tmp_path / "ready" / "dataset.zip") as archive:
        assert sorted(archive.namelist()) == [f"images/{copy.name}", "manifest.csv"]
        assert archive.read(f"images/{copy.name}") == copy.read_bytes()
        assert next(csv.reader(io.TextIOWrapper(archive.open("manifest.csv"), encoding="utf-8")))[0] == "source"


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(BadInput, match="There are no pictures in 'none'"):
        next(prepare(tmp_path / "none", tmp_path / "ready", Demands()))


def test_enhanced_copies_are_a_little_sharper_and_richer_and_no_more(folder: Path, tmp_path: Path) -> None:
    for number in range(6):
        rows_, columns = np.mgrid[0:300, 0:300]
        soft = np.stack([120 + 40 * np.sin(rows_ / 20), 130 + 30 * np.cos(columns / 25), 90 + rows_ / 9], 2)
        Image.fromarray(soft.astype(np.uint8)).save(folder / f"{number}.png")
        (folder / f"{number}.txt").write_text(TEXT)
    demands = {"least_sharpness": 0.0}
    finish(prepare(folder, tmp_path / "plain", Demands(**demands)))
    finish(prepare(folder, tmp_path / "rich", Demands(**demands, enhanced=True)))
    for row in rows(tmp_path / "plain"):
        plain, rich = (
            np.asarray(Image.open(tmp_path / kind / "images" / row["file"]).convert("HSV"), float)
            for kind in ("plain", "rich")
        )
        assert rich[..., 1].mean() > plain[..., 1].mean() and rich[..., 2].std() > plain[..., 2].std()
        assert np.abs(rich[..., 2] - plain[..., 2]).mean() < 8
