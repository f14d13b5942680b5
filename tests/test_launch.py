"""The launcher: it runs on bare Python, installs only when it must, and leaves no process behind."""

from __future__ import annotations

import ast
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import launch

LAUNCHER = Path(launch.__file__)
LISTS = "'requirements.txt', 'requirements-test.txt'"
SLEEPER = "import time\ntime.sleep(60)\n"


def run(*words: str, folder: Path = launch.ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {name: value for name, value in os.environ.items() if name != "CI"} | environment
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=settings, capture_output=True, text=True, check=False, timeout=300
    )


def soon(happened: Callable[[], object], seconds: float = 10) -> bool:
    """Whether it happens in time."""
    give_up = time.monotonic() + seconds
    while not happened() and time.monotonic() < give_up:
        time.sleep(0.05)
    return bool(happened())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the launcher and with lists of requirements that hold nothing."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "launch.py").write_bytes(LAUNCHER.read_bytes())
    for name in ("requirements.txt", "requirements-test.txt"):
        (folder / name).touch()
    (folder / "sleeper.py").write_text(SLEEPER)
    return folder


def test_it_needs_the_standard_library_only() -> None:
    nodes = list(ast.walk(ast.parse(LAUNCHER.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_can_read_it_and_hears_what_to_do() -> None:
    ast.parse(LAUNCHER.read_text(), feature_version=(3, 8))
    with pytest.raises(launch.Trouble, match="needs Python 3.11 or newer; this is Python 3.9"):
        launch.check_python((3, 9))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_requirement_is_pinned_with_its_reason(name: str) -> None:
    lines = [line for line in (launch.ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert not [line for line in lines if not re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+ +# \S.+", line)]


def test_every_library_that_the_studio_imports_is_required() -> None:
    tops: set[str] = set()
    for path in (*launch.ROOT.glob("studio/**/*.py"), *launch.ROOT.glob("pages/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                tops |= {alias.name.split(".")[0] for alias in node.names}
            if isinstance(node, ast.ImportFrom) and not node.level:
                tops.add((node.module or "").split(".")[0])
    homes = packages_distributions()
    required = plain_names((launch.ROOT / "requirements.txt").read_text())
    assert not {
        top for top in tops - sys.stdlib_module_names - {"studio"} if not required & plain(homes.get(top, [top]))
    }


def plain_names(requirements: str) -> set[str]:
    return plain(re.findall(r"^[\w.-]+", requirements, re.M))


def plain(names: Iterable[str]) -> set[str]:
    """Names of distributions as the index compares them."""
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with socket.create_server((launch.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        told = run("launch.py", "--port", str(port), "--no-browser")
    assert told.returncode == 1
    assert f"Port '{port}' is taken" in told.stderr and f"--port {port + 1}" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("words", [("--prot", "8501"), ("--port", "90000"), ("--port", "web")])
def test_wrong_words_end_with_2(words: tuple[str, ...]) -> None:
    told = run("launch.py", *words)
    assert told.returncode == 2 and "Traceback" not in told.stderr


@pytest.mark.slow
def test_libraries_are_installed_again_only_when_their_list_changed(place: Path) -> None:
    install = ("-c", "import launch; launch.install('requirements.txt')")
    first, second = run(*install, folder=place), run(*install, folder=place)
    (place / "requirements.txt").write_text("# another list\n")
    third = run(*install, folder=place)
    assert ["Installing" in told.stdout for told in (first, second, third)] == [True, False, True]


def test_after_the_tests_the_studio_starts_without_installing(place: Path) -> None:
    both, own = (f"import launch; launch.install({lists})" for lists in (LISTS, LISTS.split(", ")[0]))
    assert run("-c", both, folder=place).returncode == 0
    assert "Installing" not in run("-c", own, folder=place).stdout


@pytest.mark.slow
def test_tests_without_their_programs_run_aloud_and_where_ci_is_set_not_at_all(place: Path) -> None:
    (place / "pytest.py").write_text("import sys\nprint(*sys.argv[1:])\nsys.exit(5)\n")
    nowhere = str(place / "nowhere")  # a PATH with nothing on it, not even what could install something
    told = run("launch.py", "test", "-k", "story", folder=place, PATH=nowhere)
    assert told.returncode == 5  # pytest's own, passed through
    assert "tests that need them are skipped" in told.stdout and told.stdout.endswith("-k story\n")
    told = run("launch.py", "test", folder=place, PATH=nowhere, CI="true")
    assert told.returncode == 1
    assert f"The tests need {' and '.join(launch.PACKAGES)}" in told.stderr


@pytest.mark.parametrize(
    "place_of_skip", ["pytest.skip('no browser', allow_module_level=True)", "def test_it(): pytest.skip('no browser')"]
)
def test_where_nothing_may_be_left_out_a_skipped_test_has_failed(tmp_path: Path, place_of_skip: str) -> None:
    (tmp_path / "test_it.py").write_text(f"import pytest\n{place_of_skip}\n")
    told = run("-m", "pytest", "-p", "tests.unskipped", "--rootdir", str(tmp_path), str(tmp_path))
    assert told.returncode != 0
    assert "Not run, and here every test must: Skipped: no browser" in told.stdout


@pytest.mark.skipif(os.name == "nt", reason="a process group of its own is left by other signals on Windows")
def test_a_killed_launcher_leaves_no_process_behind(place: Path) -> None:
    (place / "parent.py").write_text(
        "import sys, pathlib, launch\n"
        "launch.PYTHON = pathlib.Path(sys.executable)\n"
        "with launch.Service('sleeper') as child:\n"
        "    print(child.process.pid, flush=True)\n"
        "    child.process.wait()\n"
    )
    with subprocess.Popen([sys.executable, "parent.py"], cwd=place, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert soon(lambda: not running(child))


def test_a_worker_that_dies_is_started_again_after_growing_pauses(capfd: pytest.CaptureFixture[str]) -> None:
    with launch.Service("this") as poet:  # a module that ends at once
        first = poet.process
        assert soon(lambda: poet.keep_up() or poet.process is not first)
        second = poet.process
        assert soon(lambda: poet.keep_up() or poet.process is not second)
    told = capfd.readouterr().out
    assert told.index("starts again in 1 s") < told.index("starts again in 2 s")


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not (status.exists() and "State:\tZ" in status.read_text())  # nobody may be there to bury it
