"""The command line as a script calls it: words in, one JSON object out."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from studio.cli import app


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answer(*words: str | Path) -> dict:
    """The answer of a command that must go well."""
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)
