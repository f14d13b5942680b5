"""A studio with a door: nobody sees a book before signing in with a real account of a real provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import launch
from tests.browser.conftest import Visit
from tests.browser.demonstrations import free_port
from tests.identity import Provider, running_provider

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[str]:
    """The address of a studio whose secrets name the provider."""
    folder, port = tmp_path_factory.mktemp("guarded"), free_port()
    address = f"http://localhost:{port}"
    (folder / "secrets.toml").write_text(provider.secrets(address))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(folder / "home"))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        with launch.web_studio(port, "--secrets.files", str(folder / "secrets.toml")) as web:
            launch.wait_until_it_answers(web, port)
            yield address


def sign_in(visit: Visit) -> None:
    visit.press("entrance_sign_in")
    visit.page.get_by_role("link", name="I am").click()
    visit.page.locator(".st-key-entrance_sign_out").wait_for()


def shelf(page: Page) -> int:
    return page.locator("[class*='st-key-bookshelf_']").count()


def test_a_person_signs_in_sees_the_shelf_and_signs_out(visit: Visit, guarded: str, provider: Provider) -> None:
    visit.page.goto(f"{guarded}/story")
    with visit.told():
        visit.page.get_by_role("heading", name="Welcome").wait_for()
        assert visit.page.locator("[data-testid=stSidebarNav]").count() == 0
        sign_in(visit)
        visit.page.locator("[class*='st-key-bookshelf_']").first.wait_for()
        visit.press("entrance_sign_out")
        visit.page.get_by_role("heading", name="Welcome").wait_for()
    assert not shelf(visit.page)
    origins = {re.match(r"\w+://[^/]+", url)[0].replace("ws:", "http:") for url in visit.asked if ":" in url[:6]}
    assert origins <= {guarded, provider.address}
