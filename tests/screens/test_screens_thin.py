"""Screens hold no logic, and the web process loads no drawing library."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREENS = sorted((ROOT / "pages").glob("*.py"))
HEAVY = {"torch", "diffusers", "transformers", "peft", "reportlab"}
OPEN_ALL = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("studio/app.py", default_timeout=120).run()
for name in sys.argv[1:]:
    assert not app.switch_page(f"../pages/{name}.py").run().exception
app.switch_page("../pages/characters.py").run()
assert not app.button(key="characters_open_may").click().run().exception
print(*sys.modules)
"""


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_a_screen_is_thin(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    banned = (ast.ClassDef, ast.FunctionDef, ast.Try, ast.While, ast.Global)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, banned)]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_a_screen_imports_only_streamlit_and_its_pieces(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not {name for name in names if name != "streamlit" and not name.startswith("studio.ui")}


def test_the_web_process_loads_no_drawing_library(home: Path, workshop, taught: str) -> None:
    workshop.begin_book(workshop.read_story("A girl ran in the forest. A cat slept."), pages=2)
    command = [sys.executable, "-c", OPEN_ALL, *(path.stem for path in SCREENS)]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert not HEAVY & set(done.stdout.split())
