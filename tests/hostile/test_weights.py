"""Tensors that deceive: the right word for each, from its header at once or from its numbers in the worker, and nothing is worn."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.progress import finish
from studio.workshop import Workshop
from tests.commands import run

from .photos import noise
from .routes import brought, plain, refusal, tree, unchanged
from .weights import READ, SEEN, TOLD, WHOLE

AT_ONCE_S = 0.2


@pytest.fixture
def warm(workshop: Workshop) -> Workshop:
    """What a studio that runs has read already."""
    workshop.receive_adapter("a.safetensors", b"", "Warm")
    return workshop


def test_there_are_twenty_five_and_more() -> None:
    assert len(TOLD) + len(SEEN) + len(WHOLE) >= 60


@pytest.mark.parametrize("kind", TOLD)
def test_what_the_header_tells_is_told_in_the_browser_at_once(kind: str, warm: Workshop) -> None:
    said, make = TOLD[kind]
    raw = make()
    with unchanged(warm.settings.home, AT_ONCE_S + len(raw) / 2e8):  # and the time to lay it on the disk
        finding = warm.receive_adapter("evil.safetensors", raw, "Mine")
    assert not finding.fits
    plain(finding.why, said)


@pytest.mark.parametrize("kind", TOLD)
def test_the_command_says_the_same(kind: str, home: Path, tmp_path: Path) -> None:
    said, make = TOLD[kind]
    (file := tmp_path / "evil.safetensors").write_bytes(make())
    home.mkdir()
    with unchanged(home, 1.0):
        answer = run("adapters", "import", file, "--name", "Mine")
    assert answer.exit_code == 1
    plain(answer.stderr, said)


@pytest.mark.parametrize("kind", TOLD)
def test_the_worker_says_the_same_of_what_nobody_glanced_at(kind: str, workshop: Workshop) -> None:
    said, make = TOLD[kind]
    plain(brought(workshop, "evil.safetensors", make()), said)


def test_as_an_eye_for_the_lab_each_is_refused_by_the_worker(workshop: Workshop) -> None:
    workshop.settings.models.mkdir(parents=True)
    file, photo = workshop.settings.models / "vgg19-evil.safetensors", ("a.png", noise())
    id = workshop.ask_style(photo, [photo], network=file.name)
    for kind in TOLD.keys() - {"200,000 tensors"}:  # three seconds, and no other words
        file.write_bytes(TOLD[kind][1]())
        said = refusal(lambda: finish(workshop.perform("lab", id, {})))
        assert "not the weights of VGG-19" in said or "is no .safetensors file" in said, f"{kind}: {said}"
        plain(said)


@pytest.mark.parametrize("kind", [kind for kind in SEEN if SEEN[kind][0]])
def test_what_only_the_numbers_tell_is_told_by_the_worker(kind: str, workshop: Workshop) -> None:
    said, make = SEEN[kind]
    before = tree(workshop.settings.home)
    assert workshop.receive_adapter("evil.safetensors", make(), "Mine").fits == "pocket"
    plain(refusal(lambda: finish(workshop.perform("bring", "mine", {}))), said)
    assert tree(workshop.settings.home) == before and all(card.id != "mine" for card in workshop.adapters())


@pytest.mark.parametrize("kind", SEEN)
def test_the_command_looks_at_the_numbers_too(kind: str, home: Path, tmp_path: Path) -> None:
    said, make = SEEN[kind]
    (file := tmp_path / "evil.safetensors").write_bytes(make())
    answer = run("adapters", "check", file)
    assert answer.exit_code == (1 if said else 0)
    plain(answer.stdout + answer.stderr, said)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_model_that_is_none_is_refused_by_its_header(kind: str, workshop: Workshop, tmp_path: Path) -> None:
    said, make = WHOLE[kind]
    workshop.settings.models.mkdir(parents=True)
    (file := workshop.settings.models / "evil.safetensors").write_bytes(make())
    with unchanged(workshop.settings.home):
        plain(refusal(lambda: finish(workshop.perform("import", file.name, {"title": "Mine"}))), said)
        answer = run("models", "import", file, "--name", "Mine")
    assert answer.exit_code == 1
    plain(answer.stderr, said)


@pytest.mark.parametrize("kind", READ)
def test_a_whole_model_whose_numbers_lie_is_refused_when_they_are_read(
    kind: str, brought_models: Path, workshop: Workshop, tmp_path: Path
) -> None:
    said, make = READ[kind]
    (file := tmp_path / "evil.safetensors").write_bytes(make())
    with unchanged(workshop.settings.home, 10):
        plain(refusal(lambda: finish(workshop.import_model(file, "Mine"))), said)
