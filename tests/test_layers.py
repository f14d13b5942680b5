"""The house keeps its order: imports point down, rooms mind their own business, nothing heavy is loaded in passing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((*ROOT.glob("studio/**/*.py"), *ROOT.glob("pages/*.py")))
EVERYTHING = sorted((*SOURCES, *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/**/*.py"), ROOT / "launch.py"))

GROUND = {
    "studio", "studio.errors", "studio.settings", "studio.files", "studio.progress", "studio.vault", "studio.rights",
}  # fmt: skip
WORDS = {
    "studio.story.story", "studio.story.scene", "studio.story.prompt", "studio.story.guide",
    "studio.adapters.card", "studio.models.table", "studio.models.families", "studio.rendering.drawing", "studio.rendering.origin", "studio.rendering.pace", "studio.rendering.wish", "studio.publishing.book", "studio.publishing.design",
    "studio.jobs.job", "studio.photos.photo", "studio.photos.advice", "studio.pocket.world.description", "studio.pocket.world.parts", "studio.pocket.world.grammar",
}  # fmt: skip
FACES = ("studio.cli", "studio.ui", "studio.app", "studio.web", "studio.__main__")
RANKS = {"ground": 0, "word": 1, "work": 2, "workshop": 3, "face": 4, "screen": 5}

# The flow of a book and of a training: whose workers a room may call beside its own.
ROADS = {
    "rendering": {"story", "models", "adapters"},
    "publishing": {"story", "rendering", "photos"},  # words keep off whoever the spotter sees
    "evaluation": {"photos", "story"},
    "lab": {"training", "pocket", "models"},  # its checkpoints; the world that its eye learns from
    "training": {"models", "adapters", "rendering", "evaluation", "photos"},  # one list of what is opened
    "pocket": {
        "models",
        "training",
        "adapters",
        "rendering",
        "photos",
    },  # making the embedded model is above the rooms that use it
}
HEAVY = {
    "torch", "diffusers", "transformers", "peft", "accelerate", "reportlab", "pikepdf", "dbos", "numpy", "PIL", "pydantic",
}  # fmt: skip
DRAWERS = {"utils", "util", "common", "helpers", "helper", "manager", "misc", "core", "base", "tools"}


def module_name(path: Path) -> str:
    """studio/story/reader.py → studio.story.reader; a folder's __init__ stands for the folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in SOURCES}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(module: str, at_load: bool = False) -> set[str]:
    """The modules it imports, its own package's by full name; with `at_load` only what runs when it is loaded."""
    path = MODULES[module]
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    found: set[str] = set()
    for node in statements(tree(path), into_functions=not at_load):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            inner = {f"{source}.{alias.name}" for alias in node.names} & MODULES.keys()
            found |= inner or {source}
    return found


def statements(node: ast.AST, into_functions: bool) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker reads and, if asked, those that run later."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not into_functions:
            continue
        yield child
        yield from statements(child, into_functions)


def rank(module: str) -> int:
    if module in GROUND:
        return RANKS["ground"]
    if module in WORDS or (MODULES[module].name == "__init__.py" and not imports(module)):
        return RANKS["word"]
    if module.startswith("studio.workshop"):
        return RANKS["workshop"]
    if module.startswith("pages."):
        return RANKS["screen"]
    return RANKS["face"] if module.startswith(FACES) else RANKS["work"]


def room(module: str) -> str:
    """The folder that a module lives in, which may be deeper: story, pocket, ui."""
    return (module.split(".") + [""])[1]


def inside(module: str, at_load: bool = False) -> set[str]:
    return imports(module, at_load) & MODULES.keys()


def test_imports_point_down() -> None:
    upward = [
        f"{module} ({rank(module)}) imports {other} ({rank(other)})"
        for module in MODULES
        for other in inside(module)
        if rank(other) > rank(module) or (rank(other) == rank(module) == RANKS["screen"])
    ]
    assert not upward


def test_rooms_call_one_another_only_along_the_flow() -> None:
    work = [module for module in MODULES if rank(module) == RANKS["work"]]
    strays = [
        f"{module} imports {other}"
        for module in work
        for other in inside(module)
        if rank(other) == RANKS["work"] and room(other) not in ROADS.get(room(module), set()) | {room(module)}
    ]
    assert not strays


def test_command_line_and_screens_do_not_know_each_other() -> None:
    faces = [module for module in MODULES if rank(module) >= RANKS["face"]]
    crossed = [m for m in faces for other in inside(m) if {room(m), room(other)} == {"cli", "ui"}]
    assert not crossed


def test_nothing_imports_in_a_circle() -> None:
    packages = {module for module, path in MODULES.items() if path.name == "__init__.py"}
    TopologicalSorter({module: inside(module) - packages for module in MODULES}).prepare()


@pytest.mark.parametrize("module", sorted(GROUND | WORDS))
def test_ground_and_words_load_the_standard_library_only(module: str) -> None:
    outside = {name.split(".")[0] for name in imports(module, at_load=True)} - {"studio"}
    assert outside <= sys.stdlib_module_names


def test_streamlit_stays_with_the_screens() -> None:
    allowed = ("pages.", "studio.ui", "studio.app", "studio.web")
    assert not [module for module in MODULES if "streamlit" in tops(module) and not module.startswith(allowed)]


def test_loading_a_face_loads_nothing_heavy() -> None:
    reached = [module for module in MODULES if rank(module) >= RANKS["face"]]
    for module in reached:
        reached += [other for other in inside(module, at_load=True) if other not in reached]
    assert not {module: heavy for module in reached if (heavy := tops(module, at_load=True) & HEAVY)}


@pytest.mark.parametrize("module", ["studio.workshop", "studio.cli"])
def test_importing_the_front_desk_and_the_command_line_loads_neither_torch_nor_streamlit(module: str) -> None:
    program = (
        f"import sys, {module}; print(*{{'torch', 'diffusers', 'streamlit', 'dbos', 'reportlab'}} & sys.modules.keys())"
    )
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == ""


def tops(module: str, at_load: bool = False) -> set[str]:
    return {name.split(".")[0] for name in imports(module, at_load)}


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_fits_in_the_head(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    assert path.stem not in DRAWERS and not DRAWERS & set(path.relative_to(ROOT).parts)
    assert not re.search(r"\b(TO" "DO|FIX" r"ME)\b", source)


@pytest.mark.parametrize("module", sorted(module for module in MODULES if not module.startswith(FACES)))
def test_engines_neither_print_nor_assert_nor_swallow(module: str) -> None:
    nodes = list(ast.walk(tree(MODULES[module])))
    assert not [node for node in nodes if isinstance(node, ast.Assert)]
    assert "print" not in {
        node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    caught = [
        ast.unparse(node.type) if node.type else "everything" for node in nodes if isinstance(node, ast.ExceptHandler)
    ]
    assert not {"everything", "Exception", "BaseException"} & set(caught)
