"""The screens of the studio, as tests/screens opens them."""

from __future__ import annotations

from tests.screens.conftest import studio  # noqa: F401 - a fixture
