"""What is shipped is careful by itself: who starts the studio without a word of configuration is safe."""

from __future__ import annotations

import tomllib

import pytest
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

import launch
from studio.settings import ROOT

SHIPPED = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
CAREFUL = {
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["localhost", "127.0.0.1", "::1"],
    "server.enableCORS": True,  # the protection, not the leave
    "server.enableXsrfProtection": True,
    "server.xsrfCookieSameSite": "strict",
    "server.enableAgentApi": False,
    "server.maxUploadSize": 25,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "browser.gatherUsageStats": False,
}


@pytest.mark.parametrize("name", CAREFUL)
def test_the_shipped_configuration_is_careful_and_known_to_streamlit(name: str) -> None:
    section, key = name.split(".")
    assert SHIPPED[section][key] == CAREFUL[name] and name in config.get_config_options()


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:8501", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost@evil.example", False),
        ("", False),
        (None, False),
    ],
)
def test_the_studio_answers_to_its_own_names_only(host: str | None, known: bool) -> None:
    before = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", SHIPPED["server"]["allowedHosts"])
    try:
        assert is_host_allowed(host) == known
    finally:
        config.set_option("server.allowedHosts", before)


def test_the_launcher_opens_the_gate_on_this_computer_only() -> None:
    words = launch.web_studio(8501)._module
    assert (
        words[:3] == ("streamlit", "run", "studio/web.py") and words[words.index("--server.address") + 1] == "127.0.0.1"
    )
    assert words[words.index("--browser.gatherUsageStats") + 1] == "false"
