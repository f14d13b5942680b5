"""No library is older than the version in which what is known against it was mended. What is known is looked up every quarter."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib.metadata import version

import pytest

from studio.settings import ROOT

REVIEWED = date(2026, 11, 22)  # when somebody last looked for newer reports of each of these
LONGEST = timedelta(days=90)
FLOORS = {
    "torch": ("2.10.0", "CVE-2025-32434 and CVE-2026-24747: weights_only ran programs all the same"),
    "transformers": ("5.3.0", "CVE-2026-4372, CVE-2026-5241: a config.json alone ran programs; CVE-2026-1839"),
    "diffusers": ("0.38.0", "CVE-2026-44513, CVE-2026-45804: the same; and there is the word that forbids remote code"),
    "safetensors": ("0.8.0", "saves beside the old file and renames"),
    "pillow": ("13.0.0", "CVE-2026-112893, CVE-2026-112396, and the overflows mended in 12.2 and 12.3"),
    "reportlab": ("5.1.0", "CVE-2023-33733, CVE-2020-28463: colours that are programs, addresses that are fetched"),
    "streamlit": ("1.54.0", "CVE-2026-33682, CVE-2024-42474, CVE-2022-35918: files beside those that are served"),
}


def numbers(written: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", written.partition("+")[0])[:3]))


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_installed_and_what_would_be_is_not_older(name: str) -> None:
    floor, why = FLOORS[name]
    pinned = re.search(rf"^{name}(?:\[[a-z,]+\])?==([\d.]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert pinned and numbers(pinned[1]) >= numbers(floor), why
    assert numbers(version(name)) >= numbers(floor), why


def test_somebody_looked_for_new_reports_this_quarter() -> None:
    """When this fails, look up the advisories of each library above, raise its floor where one was found, and set the day."""
    assert date.today() - REVIEWED <= LONGEST, f"last looked at on {REVIEWED}"
