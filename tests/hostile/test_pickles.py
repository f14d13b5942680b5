"""Files that carry programs: whichever way they come in, none is run, and a person is told why they are not taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.progress import finish
from studio.workshop import Workshop
from tests.commands import run

from .pickles import CARRIED, RUNNING, archive
from .routes import brought, plain, refusal, unchanged

AT_ONCE_S = 1.0  # for what needs no closed room
CHILD_S = 3.0  # to begin a Python and end it
REFUSALS = (
    *("programs", "damaged", "no weight file", "no weights need", "not packed", "safetensors file already"),
    *("as torch never does", "no tensors with names", "is empty"),
)


def carried(kind: str, canary: Path) -> tuple[str, bytes]:
    """The name and the bytes of a file that leaves the canary when it is opened without care."""
    if kind in RUNNING:
        return "style.pt", archive(RUNNING[kind][0](str(canary)))
    ending, wrap = CARRIED[kind]
    return f"style{ending}", wrap(RUNNING["os.mkdir"][0](str(canary)))


KINDS = (*RUNNING, *CARRIED)


def test_there_are_forty_of_them() -> None:
    assert len(RUNNING) >= 40 and len(CARRIED) >= 20


def told(said: str) -> None:
    plain(said)
    assert any(word in said for word in REFUSALS), said


@pytest.mark.parametrize("kind", KINDS)
def test_dropped_in_the_browser_it_is_not_run(kind: str, workshop: Workshop, tmp_path: Path) -> None:
    name, raw = carried(kind, canary := tmp_path / "canary")
    with unchanged(workshop.settings.home, AT_ONCE_S):
        finding = workshop.receive_adapter(name, raw, "My style")
    assert not finding.fits and not canary.exists()
    told(finding.why)


@pytest.mark.parametrize("kind", KINDS)
def test_given_to_a_command_it_is_not_run(kind: str, home: Path, tmp_path: Path) -> None:
    name, raw = carried(kind, canary := tmp_path / "canary")
    (file := tmp_path / name).write_bytes(raw)
    home.mkdir()
    with unchanged(home, 3 * AT_ONCE_S):
        commands = [("adapters", "import", file, "--name", "Mine"), ("models", "import", file)]
        for words in commands[: 1 if kind in RUNNING else 2]:
            answer = run(*words)
            assert answer.exit_code == 1
            plain(answer.stderr)
    assert not canary.exists() and file.read_bytes() == raw


@pytest.mark.parametrize("kind", KINDS)
def test_taken_in_by_the_worker_it_is_not_run(kind: str, workshop: Workshop, tmp_path: Path) -> None:
    said = brought(workshop, *carried(kind, canary := tmp_path / "canary"))
    assert not canary.exists()
    told(said)


@pytest.mark.parametrize("kind", CARRIED)  # the others go through the same door in tests/models
def test_its_numbers_are_taken_out_where_nothing_can_run(kind: str, home: Path, tmp_path: Path) -> None:
    name, raw = carried(kind, canary := tmp_path / "canary")
    (file := tmp_path / name).write_bytes(raw)
    home.mkdir()
    with unchanged(home, CHILD_S):
        answer = run("models", "import", file, "--convert", "--out", tmp_path / "out.safetensors")
    assert not canary.exists() and answer.exit_code == 1 and not (tmp_path / "out.safetensors").exists()
    told(answer.stderr)


@pytest.mark.parametrize(
    "kind",
    [kind for kind, (ending, _) in CARRIED.items() if ending in (".pt", ".bin", ".ckpt", ".pth", ".safetensors")],
)
def test_laid_among_the_models_the_worker_does_not_run_it(kind: str, workshop: Workshop, tmp_path: Path) -> None:
    name, raw = carried(kind, canary := tmp_path / "canary")
    workshop.settings.models.mkdir(parents=True)
    (workshop.settings.models / name).write_bytes(raw)
    assert workshop.laid_models() == (name,)
    with unchanged(workshop.settings.home, CHILD_S):
        said = refusal(lambda: finish(workshop.perform("import", name, {"title": "Mine"})))
    assert not canary.exists()
    plain(said)
