"""Where things lie and how the studio is set up, read from the environment once per process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
SHIPPED_ADAPTERS = ROOT / "adapters"
SAMPLES = ASSETS / "samples"


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's folder and the address of the job database."""

    home: Path
    database_url: str

    @property
    def books(self) -> Path:
        return self.home / "books"

    @property
    def characters(self) -> Path:
        return self.home / "characters"

    @property
    def adapters(self) -> Path:
        return self.home / "adapters"

    @property
    def datasets(self) -> Path:
        return self.home / "datasets"

    @property
    def models(self) -> Path:
        return self.home / "models"


def load_settings() -> Settings:
    """Settings from STUDIO_HOME and STUDIO_DATABASE_URL, with the platform's user-data folder as default."""
    return _settings(os.environ.get("STUDIO_HOME", ""), os.environ.get("STUDIO_DATABASE_URL", ""))


@cache
def _settings(home: str, database: str) -> Settings:
    place = Path(home or _default_home()).expanduser().resolve()
    return Settings(place, database or f"sqlite:///{(place / 'jobs.sqlite').as_posix()}")


def _default_home() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("storybook-studio", appauthor=False)
