"""What some tests ask of the machine: a browser, a disk that is full, and how long it really computed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

import launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A browser that talks to nobody of its own accord, and may run as root in a container.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def quiet_chromium() -> Iterator[Browser]:
    """A real browser, closed in the end."""
    from playwright.sync_api import sync_playwright

    program = launch.program("chromium")
    if not program:  # where CI is set, tests/unskipped.py makes a failure of this
        pytest.skip("This needs Chromium or Chrome, and there is none on this computer.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def computing_at_most(seconds: float) -> Iterator[None]:
    """What is inside costs this thread no more of the processor. The clock on the wall would count, too, what the machine does
    meanwhile for others: it made a failure of a tenth of a second, once in some thousand runs."""
    begun = time.thread_time()
    yield
    took = time.thread_time() - begun
    assert took <= seconds, f"computed for {took:.1f} s"


@contextmanager
def room_for_files_of(size: int) -> Iterator[None]:
    """The system itself writes no file larger than that many bytes, as on a full disk."""
    resource = pytest.importorskip("resource", reason="Windows cannot limit the size of files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
