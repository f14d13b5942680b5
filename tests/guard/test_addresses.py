"""One real studio, two people signed in at a real provider: copied addresses, windows that were left open, and what is asked after
signing out open nothing of anybody else's."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import launch
from studio.library.members import change, members
from studio.settings import Settings
from tests.browser.demonstrations import free_port
from tests.guard.belongings import SECRET, Belongings, fill, fingerprint, studio_for
from tests.guard.browsing import Browser, Screen
from tests.identity import Provider, running_provider

SCREENS = (
    "bookshelf", "story", "characters", "styles", "pages", "print", "picture", "dataset", "lab", "jobs", "settings",
)  # fmt: skip
PICTURED = ("bookshelf", "characters", "pages", "picture")
LEAST = 100  # cells beside the three hundred of `test_matrix.py`
CELLS: list[str] = []


@dataclass(slots=True)
class School:
    """`seen` are addresses of Lan's pictures and files, by the screen that spoke of them."""

    address: str
    settings: Settings
    provider: Provider
    lan_id: str
    has: Belongings
    seen: dict[str, list[str]] = field(default_factory=dict)
    shipped: set[str] = field(default_factory=set)  # those of the studio's own drawings, which everybody is shown

    async def browser(self, subject: str, name: str) -> Browser:
        self.provider.subject, self.provider.name = subject, name
        browser = Browser(self.address)
        await browser.sign_in()
        return browser


def person(provider: Provider, subject: str) -> str:
    return hashlib.sha256(f"{provider.address}\n{subject}".encode()).hexdigest()[:16]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder, port = tmp_path_factory.mktemp("school"), free_port()
    address, home = f"http://localhost:{port}", folder / "home"
    with ExitStack() as stack:
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        environment.setenv("STUDIO_HOME", str(home))
        environment.delenv("STUDIO_DATABASE_URL", raising=False)
        provider = stack.enter_context(running_provider())
        roles = '\n[roles]\nadministrators = ["head@school.example"]\nteachers = ["Teacher@school.example"]\n'
        (folder / "secrets.toml").write_text(provider.secrets(address) + roles)
        settings, lan = Settings(home, f"sqlite:///{home}/jobs.sqlite"), person(provider, "lan")
        shared = studio_for(settings, lan)
        has = fill(shared.of(lan))
        shared._queue.close()
        web = stack.enter_context(launch.web_studio(port, "--secrets.files", str(folder / "secrets.toml")))
        launch.wait_until_it_answers(web, port)
        yield School(address, settings, provider, lan, has)


def told(screen: Screen) -> bytes:
    """What came over the line since this was last asked."""
    found = bytes(screen.told)
    screen.told.clear()
    return found


async def open_all(lan: Browser, school: School, stack: AsyncExitStack) -> list[Screen]:
    """Has a window of Lan's stay at each screen that shows pictures, and notes the addresses that it is told."""
    windows = []
    for name in PICTURED:
        window = await stack.enter_async_context(lan.screen())
        await window.open(name)
        school.seen[name] = [one for one in window.media() if one not in school.shipped]
        assert school.seen[name], name
        windows.append(window)
    return windows


async def refused(school: School, way: str, browser: Browser, status: int = 404, **headers: str) -> None:
    for name, addresses in school.seen.items():
        for number, address in enumerate(addresses[:3]):
            answer = await asyncio.to_thread(browser.get, address, **headers)
            assert answer.status == status and not answer.body, (way, name)
            CELLS.append(f"address {number} of {name}, {way}")


async def silent(way: str, screen: Screen, *, first: bool = True) -> None:
    """No screen says a word of what Lan has."""
    await screen.open("bookshelf") if first else None
    for name in SCREENS:
        if name in screen._screens:
            await screen.go(name)
        raw = told(screen)
        assert SECRET.encode() not in raw and SECRET.lower().encode() not in raw, (way, name)
        CELLS.append(f"screen {name}, {way}")


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())  # type: ignore[arg-type]


def test_what_one_person_is_shown_opens_for_nobody_else_and_for_them_no_longer_than_they_are_here(
    school: School,
) -> None:
    async def story() -> None:
        lan, minh = await school.browser("lan", "Lan"), await school.browser("minh", "Minh")
        elsewhere = await school.browser("lan", "Lan")
        async with AsyncExitStack() as stack, minh.screen() as other:
            await other.open("bookshelf")
            for name in PICTURED:
                await other.go(name)
            school.shipped = set(other.media())
            told(other)
            await open_all(lan, school, stack)
            for address in (one for found in school.seen.values() for one in found[:3]):
                answer = await asyncio.to_thread(lan.get, address)
                assert answer.status == 200 and answer.body and "no-store" in answer.headers["cache-control"]
                part = await asyncio.to_thread(lan.get, address, Range="bytes=0-3")
                assert part.status == 206 and len(part.body) == 4
            await silent("by another person", other, first=False)
            await refused(school, "by another person", minh)
            await refused(school, "without a cookie", Browser(school.address))
            await refused(school, "in another browser of hers", elsewhere)
            account = {name: value for name, value in lan.cookies.items() if name.startswith("_streamlit")}
            await refused(school, "with her account alone", Browser(school.address, account))
            visit = Browser(school.address, {"studio_visit": lan.cookies["studio_visit"]})
            await refused(school, "with her visit alone", visit)
            mixed = Browser(school.address, {**minh.cookies, "studio_visit": lan.cookies["studio_visit"]})
            await refused(school, "by another person with her visit", mixed)
            await refused(school, "by another name", lan, 403, Host="evil.example")
        await asyncio.sleep(0.3)
        await refused(school, "after her window was closed", lan)

    run(story)


def test_signing_out_in_one_window_ends_all_others_and_every_copy_of_the_cookies(school: School) -> None:
    async def story() -> None:
        lan = await school.browser("lan", "Lan")
        copied = Browser(school.address, dict(lan.cookies))
        async with AsyncExitStack() as stack:
            window, *_ = await open_all(lan, school, stack)
            stale = window.press(f"bookshelf_restore_{school.has.thrown}")
            before = fingerprint(school.settings.of(school.lan_id).home)
            await asyncio.to_thread(lan.sign_out)
            await refused(school, "in a window left open after signing out", copied)
            told(window)
            await window.act(stale)
            assert fingerprint(school.settings.of(school.lan_id).home) == before  # no book came back
            await silent("in a window left open after signing out", window, first=False)
        async with copied.screen() as back:
            await silent("with copied cookies after signing out", back)
            await refused(school, "with copied cookies after signing out", copied)
        beside = {**copied.cookies, "_streamlit_user__9": "more"}
        async with Browser(school.address, beside).screen() as back:
            await silent("with copied cookies and one more", back)

    run(story)


def test_who_is_let_go_sees_and_does_nothing_within_one_round_of_the_window(school: School) -> None:
    async def story() -> None:
        lan = await school.browser("lan", "Lan")
        async with lan.screen() as window:
            await window.open("bookshelf")
            assert SECRET.encode() in told(window)
            stale = window.press(f"bookshelf_restore_{school.has.thrown}")
            change(school.settings, school.lan_id, revoked=True)
            before = fingerprint(school.settings.of(school.lan_id).home)
            for _ in range(50):  # the panel looks every two seconds
                if b"has closed this studio for you" in window.told:
                    break
                await asyncio.sleep(0.1)
            assert b"has closed this studio for you" in told(window)
            await window.act(stale)
            await silent("by who was let go", window, first=False)
            assert fingerprint(school.settings.of(school.lan_id).home) == before
        change(school.settings, school.lan_id, revoked=False)

    run(story)


def test_roles_come_from_the_secrets_and_an_administrator_works_in_the_house(school: School) -> None:
    async def story() -> None:
        for subject, name in (("head", "The head"), ("teacher", "The teacher"), ("minh", "Minh")):
            browser = await school.browser(subject, name)
            async with browser.screen() as window:
                await window.open("bookshelf")
                assert SECRET.encode() not in window.told

    run(story)
    roles = {one.id: one.role for one in members(school.settings)}
    assert roles[person(school.provider, "head")] == "administrator"
    assert roles[person(school.provider, "teacher")] == "teacher" and roles[person(school.provider, "minh")] == "parent"
    assert not (school.settings.of(person(school.provider, "head")).home / "screens.json").exists()


@pytest.mark.parametrize(
    ("host", "origin"), [("", "http://evil.example"), ("evil.example", "http://evil.example"), ("", "")]
)
def test_a_line_from_another_site_or_from_no_site_is_refused(school: School, host: str, origin: str) -> None:
    async def story() -> None:
        from websockets.asyncio.client import connect
        from websockets.exceptions import InvalidStatus

        named: dict[str, Any] = {"additional_headers": {"Host": host}} if host else {}
        with pytest.raises(InvalidStatus):
            await connect(f"{school.address.replace('http', 'ws')}/_stcore/stream", origin=origin or None, **named)

    run(story)


def test_browsers_are_told_to_be_careful_and_programs_get_no_counts(school: School) -> None:
    nobody = Browser(school.address)
    page = nobody.get("/")
    assert page.headers["x-frame-options"] == "SAMEORIGIN" and page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin" and "geolocation=()" in page.headers["permissions-policy"]
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy and "unsafe-eval" not in policy
    assert "HttpOnly; SameSite=Lax" in page.headers["set-cookie"]
    assert nobody.get("/_stcore/metrics").status == nobody.get("/_stcore/agent/openapi.json").status == 404
    assert nobody.get("/", Host="evil.example").status == 403


def test_the_addresses_are_counted_too() -> None:
    assert len(CELLS) == len(set(CELLS)) >= LEAST


def test_a_studio_of_several_people_shows_nothing_without_its_gate(tmp_path: Path, school: School) -> None:
    async def story() -> None:
        port = free_port()
        (tmp_path / "secrets.toml").write_text(school.provider.secrets(f"http://localhost:{port}"))
        words = ["--server.port", str(port), "--secrets.files", str(tmp_path / "secrets.toml")]
        with launch.Service("streamlit", "run", "studio/app.py", *words) as web:
            launch.wait_until_it_answers(web, port)
            bare = School(f"http://localhost:{port}", school.settings, school.provider, school.lan_id, school.has)
            lan = await bare.browser("lan", "Lan")
            async with lan.screen() as window:
                await window.open("bookshelf")
                assert b"started without its gate" in window.told and SECRET.encode() not in window.told

    run(story)
