"""What no line of the studio may ask of the libraries beneath it, and what its processes forbid them."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from studio.models.offline import FORBIDDEN
from studio.settings import ROOT

SOURCES = [ROOT / "launch.py", *sorted(ROOT.glob("studio/**/*.py")), *sorted(ROOT.glob("pages/**/*.py"))]
UNPICKLING = (
    *("pickle.load", "pickle.loads", "pickle.Unpickler", "cPickle.loads", "dill.load", "joblib.load", "marshal.loads"),
    *(
        "shelve.open",
        "torch.hub.load",
        "torch.jit.load",
        "torch.package.PackageImporter",
        "yaml.load",
        "yaml.unsafe_load",
    ),
)
# Looked for in all sources, of which none may hold one.
WORDS = ("weights_only=False", "trust_remote_code=True", "allow_pickle=True", "shell=True", "use_safetensors=False")
NAMED = ("custom_pipeline", "custom_revision", "trust_remote_code")
# Where a library reads a folder by itself, and why nobody but the studio or the computer's owner can have written into it.
FOLDERS = {
    "studio/evaluation/likeness.py": "the eye that ships with pocket",
    "studio/evaluation/match.py": "pocket's own pair",
    "studio/evaluation/standard.py": "judges that the owner laid into the folder of the models, read by fixed classes",
    "studio/lab/embedding.py": "pocket's own reader of words",
    "studio/models/checkpoint.py": "tokenizers of models that are here; weights by names, built by the designs that ship",
    "studio/models/loading.py": "pocket; and models that the owner brought, part by part, by fixed classes, .safetensors only",
    "studio/rendering/words.py": "tokenizers of models that are here",
    **{
        f"studio/pocket/{name}.py": "what the making of pocket wrote itself"
        for name in ("autoencoder", "clip", "decoder", "denoiser", "drafts", "hand", "pairs", "sheet", "upscaler")
    },
    "studio/pocket/shipping.py": "what the making of pocket wrote itself",
}
LOADED = {"studio/pocket/run.py": "where the making of pocket goes on, written by itself, weights_only"}


@cache
def trees() -> dict[str, list[ast.AST]]:
    """Every node of every source. Read when a test asks, for both processes that share the tests collect them."""
    return {path.relative_to(ROOT).as_posix(): list(ast.walk(ast.parse(path.read_bytes()))) for path in SOURCES}


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for path, found in trees().items():
        yield from ((path, node) for node in found if isinstance(node, kinds))


@cache
def calls() -> list[tuple[str, ast.Call]]:
    return [*nodes(ast.Call)]


def test_nothing_in_the_studio_unpickles_what_it_is_given() -> None:
    """No second way, should the first one fail."""
    for path, call in calls():
        said = {f"{word.arg}={ast.unparse(word.value)}" for word in call.keywords} | {ast.unparse(call.func)}
        assert not said & {*UNPICKLING, *WORDS}, f"{path}:{call.lineno}"
        assert not {word.arg for word in call.keywords} & {*NAMED}, f"{path}:{call.lineno}"


def test_nobody_imports_what_unpickles() -> None:
    """But the child that reads pickled weights without running them, which knows the instructions alone."""
    never = {"pickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
    for path, node in nodes(ast.Import, ast.ImportFrom):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) and not node.level else []
        assert not {name.split(".")[0] for name in names} & never, path


def test_torch_opens_files_in_one_place_only() -> None:
    found = {path for path, call in calls() if ast.unparse(call.func) == "torch.load"}
    assert found == LOADED.keys()
    for path, call in calls():
        if ast.unparse(call.func) == "torch.load":
            assert "weights_only=True" in ast.unparse(call), path


def test_a_library_reads_a_folder_by_itself_only_where_that_is_known_and_never_from_the_network() -> None:
    readers = ("from_pretrained", "from_single_file", "from_config", "load_lora_weights", "load_textual_inversion")
    found = {}
    for path, call in calls():
        called = [call.func, *call.args[:1]]  # `_part(Model.from_pretrained, folder)` as well
        if any(isinstance(one, ast.Attribute) and one.attr in readers[:2] for one in called):
            found[path] = ast.unparse(call)
            assert not any(isinstance(one, ast.Constant) for one in call.args[:1]), f"{path}: a name of the hub"
        assert not (isinstance(call.func, ast.Attribute) and call.func.attr in readers[3:]), path
    assert found.keys() == FOLDERS.keys()


def test_nothing_evaluates_text() -> None:
    for path, call in calls():
        assert ast.unparse(call.func) not in ("eval", "exec", "compile", "os.system", "os.popen"), (
            f"{path}:{call.lineno}"
        )


PROBE = """
import contextlib, io, json, os, resource, runpy, sys
sys.argv = ["studio", "jobs", "--help"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    runpy.run_module("studio", run_name="__main__", alter_sys=True)
from huggingface_hub import constants as hub
words = os.environ["DIFFUSERS_DISABLE_REMOTE_CODE"]
dump = resource.getrlimit(resource.RLIMIT_CORE)
print(json.dumps([os.umask(0), dump, hub.HF_HUB_OFFLINE, hub.HF_HUB_DISABLE_TELEMETRY, words]))
"""


def outside() -> dict[str, str]:
    """The environment of a person who knows nothing of all this."""
    return {name: word for name, word in os.environ.items() if name not in FORBIDDEN and name != "HF_HUB_OFFLINE"}


def test_the_command_line_and_the_worker_forbid_the_libraries_everything_but_drawing(tmp_path: Path) -> None:
    """Both begin with `python -m studio`; what they begin themselves inherits it."""
    environment = outside() | {"STUDIO_HOME": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.stdout.strip() == '[63, [0, 0], true, true, "true"]', ended.stderr[-2000:]  # 63 is 077


def test_what_the_web_process_and_its_libraries_write_is_their_owners_alone(home: Path) -> None:
    program = (
        "from streamlit.testing.v1 import AppTest; import os; "
        f"AppTest.from_file({str(ROOT / 'studio' / 'app.py')!r}, default_timeout=60).run(); print(oct(os.umask(0)))"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, env=outside(), capture_output=True, text=True
    )
    assert ended.stdout.splitlines()[-1:] == ["0o77"], ended.stderr[-2000:]
    written = [home, *home.rglob("*")]
    assert all(not stat.S_IMODE(path.stat().st_mode) & 0o077 for path in written), [
        path.name for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another thing there")
def test_the_list_of_jobs_that_a_command_begins_is_its_owners_alone(tmp_path: Path) -> None:
    """SQLite makes its files itself."""
    environment = outside() | {"STUDIO_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "studio", "jobs", "list"]
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    written = [path for path in (tmp_path / "home").rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert not written
