"""The first ten minutes of a new person: one click makes the sample book, one page is drawn again, the PDF comes home."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

import launch
from studio.settings import SAMPLES

PAGES = 8
DRAWN_S = 1500  # for all pages by the embedded model, on two busy cores
AGAIN = 3  # the page that is drawn again
MB = 1 << 20

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Made:
    """What the person has in the end."""

    pdf: Path
    before: str  # address of the picture that was drawn again
    after: str


@pytest.fixture(scope="module")
def made(studio, visit, tmp_path_factory: pytest.TempPathFactory) -> Made:
    from playwright.sync_api import expect

    page = visit.page
    picture = page.locator(f".st-key-leaf_picture_{AGAIN} img")
    all_drawn = page.locator(".st-key-pages_next button")
    page.goto(studio.address)
    visit.press("bookshelf_sample")
    with visit.told():
        expect(all_drawn).to_be_visible(timeout=1000 * DRAWN_S)
    before = picture.get_attribute("src")
    visit.press(f"pages_redo_{AGAIN}")
    with visit.told():
        expect(picture).not_to_have_attribute("src", before, timeout=1000 * DRAWN_S)
        expect(all_drawn).to_be_visible(timeout=1000 * DRAWN_S)
    after = picture.get_attribute("src")
    visit.press("pages_next")
    visit.press("print_make")
    with page.expect_download(timeout=1000 * DRAWN_S) as download:
        visit.press("print_download_0", within_s=DRAWN_S)
    pdf = tmp_path_factory.mktemp("download") / "book.pdf"
    download.value.save_as(pdf)
    return Made(pdf, before, after)


def output(package: str, *words: str) -> str:
    program = shutil.which(words[0])
    if not program:  # where CI is set, tests/unskipped.py makes a failure of this
        pytest.skip(f"This needs {words[0]} of {package}, and it is not on this computer.")
    return subprocess.run([program, *words[1:]], capture_output=True, text=True, check=True).stdout


def test_every_page_has_a_picture_of_its_own_and_one_was_drawn_again(made: Made, studio) -> None:
    pictures = [path.read_bytes() for path in studio.home.glob("books/*/pictures/*.png")]
    assert len(set(pictures)) == len(pictures) >= PAGES
    assert made.before != made.after


def test_the_pdf_holds_every_word_of_the_story(made: Made) -> None:
    story = (SAMPLES / "story_en.txt").read_text(encoding="utf-8").replace("#", " ")
    printed = output("poppler-utils", "pdftotext", "-enc", "UTF-8", str(made.pdf), "-").split()
    assert len(printed) > PAGES
    assert not set(story.split()) - set(printed)


def test_the_pdf_is_sound_and_brings_its_fonts(made: Made) -> None:
    output("qpdf", "qpdf", "--check", str(made.pdf))
    fonts = output("poppler-utils", "pdffonts", str(made.pdf)).splitlines()[2:]
    assert fonts and all(line.split()[-5] == "yes" for line in fonts)


def test_nothing_was_asked_of_another_computer(made: Made, studio, visit) -> None:
    hosts = {urlsplit(address).hostname for address in visit.asked} - {None}  # data: and blob: have no host
    assert hosts == {launch.HOST}
    for service in (studio.web, studio.worker):
        lines = psutil.Process(service.process.pid).net_connections()
        assert {line.raddr.ip for line in lines if line.raddr} <= {launch.HOST}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="peak memory and loaded libraries are read from /proc")
@pytest.mark.parametrize(("name", "most_mb"), [("web", 250), ("worker", 2560)])
def test_the_processes_stay_small(made: Made, studio, name: str, most_mb: int) -> None:
    assert peak_mb(getattr(studio, name).process.pid) <= most_mb


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="peak memory and loaded libraries are read from /proc")
def test_the_web_process_never_loads_torch(made: Made, studio) -> None:
    maps = Path(f"/proc/{studio.web.process.pid}/maps")
    assert "libtorch" not in maps.read_text()


def peak_mb(pid: int) -> float:
    """The most memory that the process ever held."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) * 1024 / MB
