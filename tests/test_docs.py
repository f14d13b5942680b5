"""What is written about the studio is true: the tree, the commands, the links, the version."""

from __future__ import annotations

import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import pytest

from studio.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
PAPERS = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@cache
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def commands() -> dict:
    """The commands of `python -m studio` by name; groups have `commands` of their own."""
    import typer.main

    return typer.main.get_command(app).commands


def tree() -> str:
    """The block of the README that shows the house."""
    return next(block for block in re.findall(r"^```\n(.*?)^```", readme(), re.M | re.S) if "studio/" in block)


def sample_commands() -> list[str]:
    """The lines of the README that call the command line."""
    return [
        line.strip().removeprefix("python -m studio ")
        for line in re.findall(r"^ +python -m studio .+$", readme(), re.M)
    ]


def test_the_tree_shows_every_room_and_every_module_beside_them() -> None:
    studio = ROOT / "studio"
    rooms = {f"{path.parent.name}/" for path in studio.glob("*/*.py")}
    modules = [path.name for path in studio.glob("*.py") if not path.name.startswith("__")]
    corridors = ["studio/", "pages/", "adapters/", "assets/", "tests/", "benchmarks/", "docs/", "launch.py"]
    missing = {*rooms, *modules, *corridors} - set(tree().split())
    assert not missing


@pytest.mark.parametrize("line", tree().splitlines())
def test_each_line_of_the_tree_says_what_is_there_and_it_is_there(line: str) -> None:
    names = re.match(r"\s*((?:\S+ )*\S+)  +\S", line)
    assert names, "a name, two spaces, and what it is for"
    for name in names[1].split():
        assert (ROOT / name).exists() or (ROOT / "studio" / name).exists(), name


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    command = commands()[name]
    assert re.search(rf"`{name}\b", readme()), f"the README does not tell of '{name}'"
    assert all(one.help for one in (command, *getattr(command, "commands", {}).values()))


@pytest.mark.parametrize("line", sample_commands())
def test_the_commands_of_the_readme_are_understood(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    name, *words = shlex.split(line)
    commands()[name].make_context(name, words)  # raises for an option or a sample that is not there


def test_the_readme_says_how_to_start_and_how_to_test() -> None:
    assert "python3 launch.py\n" in readme() and "python3 launch.py test\n" in readme()
    assert sample_commands()


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.relative_to(ROOT).as_posix())
def test_links_and_pictures_are_there(paper: Path) -> None:
    missing = [link for link in LINK.findall(paper.read_text(encoding="utf-8")) if not (paper.parent / link).exists()]
    assert not missing


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)[1] == version
