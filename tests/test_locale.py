"""Every word on the screens and every error is in both languages."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import streamlit as st

from studio import errors
from studio.pocket.world import description
from studio.story.scene import Scene
from studio.story.telling import FIELDS, TOGETHER
from studio.story.wording import phrase
from studio.ui.scene import CHOICES, told

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*ROOT.glob("pages/*.py"), *ROOT.glob("studio/ui/*.py")])
STUDIO = sorted(ROOT.glob("studio/**/*.py"))
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
SILENT = {"html", "page_link", "switch_page", "fragment", "Page", "set_page_config", "container", "grid", "space"}
SHOWN = {"label", "help", "placeholder", "caption", "alt", "text"}
LETTERS = re.compile(r"[^\W\d_]{2,}")


@pytest.fixture(scope="module")
def refresh() -> ModuleType:
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "assets" / "locale" / "refresh.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_catalogues_are_whole_and_compiled(refresh: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert refresh.main(check=True) == 0, capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_translation_keeps_the_blanks_to_fill(refresh: ModuleType, language: str) -> None:
    blanks = re.compile(r"{\w+(?::[^}]*)?}")  # {name}, {count:,}
    for message in refresh.refreshed(language):
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            assert {frozenset(blanks.findall(text)) for text in texts} == {
                frozenset(blanks.findall(text)) for text in said
            }


def test_nothing_exclaims(refresh: ModuleType) -> None:
    for language in ("en", "vi"):
        assert not [message.id for message in refresh.refreshed(language) if message.id and "!" in str(message.string)]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_word_of_the_pocket_world_can_be_said(language: str) -> None:
    assert set(CHOICES["kind"]) == set(description.SUBJECTS)
    assert set(CHOICES["relation"]) == set(TOGETHER)
    silent = [
        (field, word)
        for field, words in CHOICES.items()
        for word in words
        if field != "relation" and word != "none" and not phrase(FIELDS.get(field, field), word, language)
    ]
    assert not silent


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "May and Rex running in the forest, at night, in the rain, holding a red balloon"),
        ("vi", "May và Rex chạy trong rừng, ban đêm, dưới mưa, cầm quả bóng bay màu đỏ"),
    ],
)
def test_a_scene_is_told_in_one_line(language: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(st.session_state, "language", language)
    scene = Scene("", ("May", "Rex"), "running", "forest", "night", "rain", things=("red balloon",))
    assert told(scene) == line
    assert told(replace(scene, relation="chasing")).startswith(
        {"en": "May chasing Rex in", "vi": "May đuổi theo Rex t"}[language]
    )
    assert told(replace(scene, place="sea", weather="clear", things=())) in (
        "May and Rex running under the sea", "May và Rex chạy dưới biển",
    )  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_words_reach_the_screen_untranslated(path: Path) -> None:
    found = [
        f"{path.name}:{line} {words!r}" for line, words in _bare_words(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_messages_do_not_hide_in_f_strings(path: Path) -> None:
    """The gatherer does not look into f-strings, so a message there would never be translated."""
    inside = [node for joined in _all(path, ast.JoinedStr) for node in ast.walk(joined) if isinstance(node, ast.Call)]
    assert not [node.lineno for node in inside if isinstance(node.func, ast.Name) and node.func.id in ("_", "n_")]


def test_every_error_can_be_said_in_both_languages(refresh: ModuleType) -> None:
    """An error's message stands there whole; one that a constant or variable gives was marked with N_."""
    known = {language: {message.id for message in refresh.refreshed(language)} for language in refresh.LANGUAGES}
    made = [(path, call) for path in STUDIO for call in _all(path, ast.Call) if _called(call) in ERRORS | {"N_"}]
    pieced = [f"{path.name}:{call.lineno}" for path, call in made if _pieced_together(call.args[0])]
    lost = [
        f"{language}: {path.name}:{call.lineno}"
        for path, call in made
        if isinstance(call.args[0], ast.Constant)
        for language in refresh.LANGUAGES
        if call.args[0].value not in known[language]
    ]
    assert len(made) > 100 and not pieced and not lost
    assert set(refresh.ERRORS) == ERRORS


def _called(call: ast.Call) -> str:
    """The name of what is called: 'BadStory' of `BadStory(…)` and of `errors.BadStory(…)`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _pieced_together(message: ast.expr) -> bool:
    """Whether the message is more than one literal, or values that hold one: an f-string, a sum, `.format(`, a choice."""
    if isinstance(message, ast.Constant):
        return False
    made = (ast.JoinedStr, ast.BinOp, ast.Call, ast.Constant)
    return any(isinstance(node, made) for node in ast.walk(message))


def _all(path: Path, kind: type[ast.AST]) -> list[ast.AST]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kind)]


def _bare_words(tree: ast.AST) -> list[tuple[int, str]]:
    """Literal words with letters that are given to `st.*` to be shown, without passing through the catalogues."""
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _widget(call):
            shown = [*call.args[:1], *(word.value for word in call.keywords if word.arg in SHOWN)]
            found += [(call.lineno, part) for argument in shown for part in _literals(argument) if LETTERS.search(part)]
    return found


def _widget(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "st"
        and function.attr not in SILENT
    )


def _literals(argument: ast.expr) -> list[str]:
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return [re.sub(r":material/\w*:?|\bpx\b|\bKB\b", "", text) for text in texts]


def test_the_refresher_is_importable_without_side_effects(refresh: ModuleType) -> None:
    assert refresh.__name__ not in sys.modules and set(refresh.LANGUAGES) == {"en", "vi"}
