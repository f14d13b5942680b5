"""A tiny model of random numbers where a person would put the one that they brought."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database_url="")


@pytest.fixture
def tiny_sdxl(settings: Settings, tiny_models: Path) -> Path:
    return shutil.copytree(tiny_models / "sdxl", settings.models / "sdxl")
