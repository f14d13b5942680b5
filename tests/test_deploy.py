"""The folder deploy/: what it opens, shares and hides, and that what it calls exists. No container is started here."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import streamlit
import yaml
from streamlit import config

from studio.settings import ROOT
from tests.test_docs import commands

DEPLOY = ROOT / "deploy"
BLANK = re.compile(r"\$\{(\w+)(:[-?][^}]*)?\}")
FILES = ("compose.yaml", "compose.lan.yaml", "compose.worker.yaml")


def read(name: str) -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


SERVICES: dict[str, dict[str, Any]] = read("compose.yaml")["services"]
WORKERS = [SERVICES["worker"], read("compose.worker.yaml")["services"]["worker"]]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["database"]["networks"] == ["inside"] and read("compose.yaml")["networks"]["inside"]["internal"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_looked_after_and_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped" and service["healthcheck"]["test"][0] == "CMD"
    if name != "database":  # which gives up its rights itself
        assert service["read_only"] and service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_of_one_version(name: str) -> None:
    service = SERVICES[name]
    assert "build" in service or re.search(r":\d+\.\d+", service["image"])
    assert re.search(r"^FROM python:3\.11\.\d+-\S+$", (DEPLOY / "Dockerfile").read_text(), re.M)


def test_screens_and_workers_share_one_library_and_one_list_of_jobs() -> None:
    web, *workers = SERVICES["web"], *WORKERS
    assert all(one["volumes"] == web["volumes"] == ["library:/library", "keys:/keys"] for one in workers)
    assert SERVICES["worker"]["environment"] == web["environment"]
    assert {volume.split(":")[0] for one in SERVICES.values() for volume in one["volumes"] if volume[0] != "."} == set(
        read("compose.yaml")["volumes"]
    )


def test_workers_give_way() -> None:
    assert all(one["cpu_shares"] < 1024 for one in WORKERS)


def test_a_dead_machine_is_noticed_by_the_database_within_seconds() -> None:
    told = dict(word.split("=") for word in SERVICES["database"]["command"] if "=" in word)
    idle, every, count = (int(told[f"tcp_keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + every * count <= 15


def test_no_secret_is_written_down_and_every_blank_is_explained() -> None:
    text = "".join((DEPLOY / name).read_text(encoding="utf-8") for name in FILES)
    example = (DEPLOY / ".env.example").read_text(encoding="utf-8")
    assert {name for name, _ in BLANK.findall(text)} <= set(re.findall(r"^(?:# )?(\w+)=", example, re.M))
    assert re.search(r"^DATABASE_PASSWORD=$", example, re.M)
    auth = tomllib.loads((DEPLOY / "secrets.example.toml").read_text(encoding="utf-8"))["auth"]
    assert not (auth["cookie_secret"] or auth["client_id"] or auth["client_secret"])
    kept_out = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"deploy/.env", "deploy/secrets.toml"} <= set(kept_out)


@pytest.mark.parametrize("worker", WORKERS)
@pytest.mark.parametrize("where", ["command", "healthcheck"])
def test_the_commands_of_the_workers_are_understood(worker: dict[str, Any], where: str) -> None:
    words = worker[where] if where == "command" else worker[where]["test"][1:]
    assert words[:3] == ["python", "-m", "studio"]
    group, name, *options = words[3:]
    commands()[group].commands[name].make_context(name, list(options))


def test_the_command_of_the_screens_is_understood() -> None:
    *start, app = SERVICES["web"]["command"][:5]
    assert start == ["python", "-m", "streamlit", "run"] and (ROOT / app).is_file()
    options = [word.removeprefix("--").split("=")[0] for word in SERVICES["web"]["command"][5:]]
    assert set(options) <= set(config.get_config_options())
    compile(SERVICES["web"]["healthcheck"]["test"][-1], "health", "exec")


def test_the_image_has_all_that_the_studio_needs_and_nothing_secret() -> None:
    left_out = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    assert {".git", ".streamlit/secrets.toml", "deploy"} <= set(left_out)
    assert not {"studio", "pages", "adapters", "assets", ".streamlit"} & set(left_out)


def caddyfile() -> str:
    return (DEPLOY / "Caddyfile").read_text(encoding="utf-8")


def test_the_proxy_knows_the_one_script_in_the_first_page() -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    sums = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    assert sums and all(f"'sha256-{one}'" in caddyfile() for one in sums)


def test_the_proxy_lets_a_photo_in_and_not_much_more() -> None:
    largest = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]["maxUploadSize"]
    limit = int(re.search(r"max_size (\d+)MB", caddyfile())[1])
    assert largest < limit <= largest + 5


@pytest.mark.parametrize(
    "header",
    ["Strict-Transport-Security", "frame-ancestors 'self'", "X-Content-Type-Options nosniff", "Referrer-Policy"],
)
def test_the_proxy_sends_what_keeps_browsers_careful(header: str) -> None:
    assert header in caddyfile() and "unsafe-eval" not in caddyfile()


@pytest.mark.soak  # where Caddy is installed: its own opinion
def test_the_proxy_understands_its_file() -> None:
    if not shutil.which("caddy"):
        pytest.skip("This needs Caddy, and there is none on this computer.")
    asked = shlex.split("caddy validate --adapter caddyfile --config") + [str(DEPLOY / "Caddyfile")]
    blanks = {**os.environ, "SITE": "books.example.org", "STUDIO": "web:8501"}
    assert subprocess.run(asked, env=blanks, capture_output=True).returncode == 0
