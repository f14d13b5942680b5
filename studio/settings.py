"""Where things lie and how the studio is set up, read from the environment once per process."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import NotFound

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
SHIPPED_ADAPTERS = ROOT / "adapters"
SAMPLES = ASSETS / "samples"


PEOPLE = "people"  # in the house: a home of their own for each person who signs in
PERSON = re.compile("[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's folder and the address of the job database. Where people sign in, each has a home of their own in the house, and
    `owner` says whose this one is; models, locks of programs and the list of jobs are the house's."""

    home: Path
    database_url: str
    owner: str = ""

    def of(self, person: str) -> Settings:
        """The same house, at home with that person. Raises NotFound for what is nobody's id."""
        if not PERSON.fullmatch(person):
            raise NotFound("There is nobody here with the id '{id}'.", id=person[:64])
        return Settings(self.house / PEOPLE / person, self.database_url, person)

    @property
    def house(self) -> Path:
        return self.home.parent.parent if self.owner else self.home

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
        return self.house / "models"


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
