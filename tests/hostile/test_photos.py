"""Photos that are none: told by name and reason on each way in, and the photos beside them are taken.

A worker reads foreign pictures in sets alone. Pictures to begin with, photos of heroes and those of the lab go through the door before
the worker is asked, and all that it finds is what the door wrote.
"""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from studio.errors import BadPhoto
from studio.progress import finish
from studio.workshop import Workshop
from tests.commands import run

from .photos import NAMES, REFUSED, TAKEN, noise, opened
from .routes import LONGEST_S, plain, refusal, unchanged


def test_dropped_in_the_browser_each_is_told_and_the_good_ones_are_taken(workshop: Workshop) -> None:
    """As the screen for a new hero calls it, with all files of one drop."""
    dropped = [("good.png", noise()), *((name, make()) for name, (_, make) in REFUSED.items()), ("other.png", noise())]
    begun = workshop.begin_character("Bo", "toy", dropped[:40])
    told = {name: said for said in map(str, begun.refused) for name in REFUSED if f"'{name}'" in said}
    assert told.keys() == REFUSED.keys()
    for name, said in told.items():
        plain(said, REFUSED[name][0], "other photos are safe" if "empty" not in said else "safe")
    assert len(workshop.photos(begun.character.id)) == 2


@pytest.mark.parametrize("name", list(REFUSED)[::3])  # through the same door as all of them above
def test_given_to_a_command_it_is_told_and_nothing_is_drawn(name: str, home: Path, tmp_path: Path) -> None:
    said, make = REFUSED[name]
    (file := tmp_path / name).write_bytes(make())
    home.mkdir()
    with unchanged(home):
        answer = run("draw", "a cat", "--init", file, "--out", tmp_path / "out.png")
    assert answer.exit_code == 1 and not (tmp_path / "out.png").exists()
    plain(answer.stderr, said, f"'{name}'")


@pytest.mark.parametrize("name", list(REFUSED)[1::3])
def test_for_the_lab_it_is_told_before_the_worker_is_asked(name: str, workshop: Workshop) -> None:
    said, make = REFUSED[name]
    good, bad = ("good.png", noise()), (name, make())
    with unchanged(workshop.settings.home):
        for ask in (
            lambda: workshop.ask_style(good, [bad]),
            lambda: workshop.ask_style(bad, [good]),
            lambda: workshop.ask_anatomy("a fox", bad),
            lambda: workshop.take_start(*bad),
        ):
            plain(refusal(ask), said, f"'{name}'")
    assert workshop.jobs() == () and workshop.experiments() == ()


def test_in_a_set_that_the_worker_looks_at_each_is_left_out_and_the_good_ones_are_taken(workshop: Workshop) -> None:
    packed = io.BytesIO()
    files = {name: make() for name, (_, make) in REFUSED.items()}
    files = {f"{Path(name).stem}.png": raw for name, raw in files.items()}  # whatever their names say
    with zipfile.ZipFile(packed, "w") as package:
        for name, raw in {**files, "good.png": noise(), "other.png": noise()}.items():
            package.writestr(name, raw)
            package.writestr(f"{Path(name).stem}.txt", "a picture of something that is worth a caption")
    id = workshop.receive_dataset("My set", [("set.zip", packed.getvalue())])
    begun = time.monotonic()
    finish(workshop.perform("prepare", id, {"clothes": 0}))
    assert time.monotonic() - begun < LONGEST_S
    assert workshop.dataset(id).taken == 2


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_unusual_and_whole_comes_in_without_what_was_hidden_in_it(name: str, workshop: Workshop) -> None:
    begun = time.monotonic()
    source = workshop.start_picture(workshop.take_start(name, TAKEN[name]()))
    raw = source.read_bytes()
    assert opened(raw).mode == "RGB" and not opened(raw).info and b"SECRET" not in raw
    assert time.monotonic() - begun < LONGEST_S


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_that_harms_is_shown_without_harm_and_used_for_nothing(name: str, workshop: Workshop) -> None:
    with unchanged(workshop.settings.home):
        said = refusal(lambda: workshop.take_start(name, b""))
        assert "\n" not in said and "\0" not in said and "\u202e" not in said and len(said) < 250
        said.encode()
        workshop.read_story_file("a" + name.removesuffix(".png") + ".txt", b"May ran home. The kite flew.")
        refusal(lambda: workshop.read_story_file(name + ".docx", b"no document"))
        finding = workshop.receive_adapter(name + ".safetensors", b"", "Mine")
        assert not finding.fits


def test_too_many_and_too_heavy_are_told(workshop: Workshop) -> None:
    with unchanged(workshop.settings.home):
        plain(refusal(lambda: workshop.take_start("heavy.jpg", bytes(50_000_001))), "larger than 50 MB")
        with pytest.raises(BadPhoto, match="is empty"):
            workshop.begin_character("Bo", "toy", [("a.png", b"")] * 60)
