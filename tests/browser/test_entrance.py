"""A studio with a door: nobody sees a book before signing in with a real account of a real provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import launch
from studio.jobs.queue import JobQueue
from studio.settings import Settings
from tests.browser.conftest import Visit
from tests.browser.demonstrations import free_port
from tests.identity import Provider, running_provider


@dataclass(frozen=True, slots=True)
class Guarded:
    address: str
    home: Path


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Guarded]:
    """A studio whose secrets name the provider."""
    folder, port = tmp_path_factory.mktemp("guarded"), free_port()
    address = f"http://localhost:{port}"
    (folder / "secrets.toml").write_text(provider.secrets(address))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(folder / "home"))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        with launch.web_studio(port, "--secrets.files", str(folder / "secrets.toml")) as web:
            launch.wait_until_it_answers(web, port)
            yield Guarded(address, folder / "home")


def sign_in(visit: Visit) -> None:
    visit.press("entrance_sign_in")
    visit.page.get_by_role("link", name="I am").click()
    visit.page.locator(".st-key-entrance_sign_out").wait_for()


def test_a_person_signs_in_sees_the_shelf_and_signs_out(visit: Visit, guarded: Guarded, provider: Provider) -> None:
    visit.page.goto(f"{guarded.address}/story")
    with visit.told():
        visit.page.get_by_role("heading", name="Welcome").wait_for()
        assert visit.page.locator("[data-testid=stSidebarNav]").count() == 0
        sign_in(visit)
        visit.press("bookshelf_sample")
        visit.page.wait_for_url("**/pages")
        visit.press("entrance_sign_out")
        visit.page.get_by_role("heading", name="Welcome").wait_for()
    assert visit.page.locator("[data-testid=stSidebarNav]").count() == 0
    queue = JobQueue(Settings(guarded.home, f"sqlite:///{guarded.home}/jobs.sqlite"))
    (job,) = queue.jobs()
    queue.close()
    assert job.kind == "draw" and re.fullmatch("[0-9a-f]{16}", job.person)  # their turn, without their name
    origins = {found[0].replace("ws:", "http:") for url in visit.asked if (found := re.match(r"\w+://[^/]+", url))}
    assert origins <= {guarded.address, provider.address}
