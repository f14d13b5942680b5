"""What a decoder that is taken over by a picture can do, and a worker: less than the person whose programs they are.

Where the system's kernel has no Landlock they keep their rights, and the same tests say so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from socket import create_server

import pytest

from studio.cli.jobs import rights_of_worker
from studio.jobs.reach import ANEW as ENDED
from studio.jobs.reach import places
from studio.photos.door import KEPT_ENVIRONMENT
from studio.rights import can_be_kept
from studio.settings import ROOT, Settings
from studio.training.dataset import _begin_looking
from studio.training.lookers import Lookers
from studio.workshop import Workshop
from tests.guard.reaching_worker import outcome

REFUSED = "PermissionError" if can_be_kept() else "done"
# A JPEG that takes over whoever decodes it, with Pillow's own means: a reader of that format which does as it was told.
TAKEN_OVER = """
import sys
from PIL import Image
from studio.photos import decoder
from tests.guard.test_rights import reached
Image.preinit()
def taken_over(file, name):
    sys.stderr.write(reached(*sys.argv[1:]))
    raise SystemExit(9)
Image.register_open("JPEG", taken_over)
decoder.main()
"""
# A kernel that does not know the call, told by the real kernel: it refuses it.
WITHOUT = """
import sys
from pathlib import Path
from studio.rights import CREATE_RULES, can_be_kept, confine, programs, refuse_calls
from studio.jobs.reach import keep_to_folders
from studio.cli.jobs import rights_of_worker
from studio.photos.door import take_in
from studio.settings import load_settings
assert refuse_calls(CREATE_RULES) and not can_be_kept()
assert not confine((), programs(), connect=False) and not keep_to_folders(load_settings())
Path(sys.argv[1]).write_text("written")
assert take_in("photo.jpg", Path(sys.argv[2]).read_bytes()).startswith(b"\\x89PNG")
print(rights_of_worker())
"""
# A worker that begins anew twenty times, which is more than the kernel lets a process give up rights, and waits to be told before the last.
ANEW = """
import os, sys
from studio.jobs.reach import keep_to_folders, moved
from studio.settings import load_settings
begun = int(sys.argv.pop())
keep_to_folders(load_settings())
if begun == 20:
    print("kept", flush=True)
    sys.stdin.readline()
    print(moved(load_settings()), flush=True)
os.execv(sys.executable, [sys.executable, "-c", sys.orig_argv[2], str(begun + 1)]) if begun <= 20 else print("went on")
"""


def jpeg(path: Path) -> Path:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_noise((300, 300), 60).convert("RGB").save(path, "JPEG")
    return path


def reached(photo: str, folder: str, port: str) -> str:
    """What came of all that a thief would try, as JSON."""
    from socket import AF_INET, SOCK_DGRAM, create_connection, socket

    def send() -> None:
        with socket(AF_INET, SOCK_DGRAM) as one:
            one.sendto(b"a photo", ("127.0.0.1", int(port)))

    acts: dict[str, Callable[[], object]] = {
        "read": Path(photo).read_bytes,
        "look around": lambda: list(Path(folder).iterdir()),
        "write": lambda: Path(folder, "left").write_text("x"),
        "delete": lambda: os.unlink(Path(folder, "to delete")),
        "connect": lambda: create_connection(("127.0.0.1", int(port))).close(),
        "send": send,
        "run": lambda: subprocess.run(["true"], check=True),
        "signal": lambda: os.kill(os.getppid(), 0),
    }
    return json.dumps({name: outcome(act) for name, act in acts.items()})


def reached_beside(one: tuple[str, str, str]) -> str:
    return reached(*one)


def begin_beside(folder: Path, copies: Path) -> None:
    """As every looker begins, in a process that has read this file before, for it could not afterwards."""
    _begin_looking(folder, copies)


@contextmanager
def listening() -> Iterator[int]:
    with closing(create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_a_decoder_that_is_taken_over_reads_no_photo_writes_nothing_and_sends_nothing(tmp_path: Path) -> None:
    photo = jpeg(tmp_path / "home" / "characters" / "may" / "photo.jpg")
    (tmp_path / "to delete").write_text("kept")
    environment = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    with listening() as port:
        told = subprocess.run(
            [sys.executable, "-c", TAKEN_OVER, str(photo), str(tmp_path), str(port)],
            input=photo.read_bytes(), capture_output=True, cwd=ROOT, env=environment, check=False,
        )  # fmt: skip
    assert set(json.loads(told.stderr).values()) == {REFUSED}


def test_who_looks_at_a_dataset_reads_that_folder_alone_and_sends_nothing(tmp_path: Path) -> None:
    photo, other = jpeg(tmp_path / "set" / "photo.jpg"), jpeg(tmp_path / "home" / "photo.jpg")
    (tmp_path / "to delete").write_text("kept")
    copies = tmp_path / "out" / "images"
    copies.mkdir(parents=True)
    begin = partial(begin_beside, photo.parent, copies)
    with listening() as port, closing(Lookers(1, begin)) as lookers:
        asked = [(str(other), str(tmp_path), str(port)), (str(photo), str(copies), str(port))]
        far, near = map(json.loads, lookers.look(reached_beside, asked, str))
    assert set(far.values()) == {REFUSED}
    assert [near[act] for act in ("read", "look around", "write")] == ["done"] * 3
    assert {near[act] for act in ("connect", "send", "run", "signal")} == {REFUSED}


@pytest.mark.parametrize("child", [["studio.photos.decoder"], ["studio.story.documents.opener", "pdf", "9"]])
def test_who_opens_what_is_given_has_given_up_its_rights_before_it_reads(child: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", *child],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        wait(lambda: not can_be_kept() or "Seccomp:\t2" in Path(f"/proc/{process.pid}/status").read_text())


@pytest.fixture
def studio(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """A home that does not lie in the folder for temporary files, which is open to workers."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    workshop = Workshop()
    yield workshop
    workshop._queue.close()


def test_a_worker_draws_a_page_and_writes_nowhere_else(studio: Workshop, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "letter.txt").write_text("dear")
    book = studio.begin_book(studio.read_story("May went to the forest.", "A day"), 1)
    job = studio.submit_drawing(book.id)
    with listening() as port, working(outside, port) as worker:
        wait(lambda: studio.job(job).over)
        threads = [status.read_text() for status in Path(f"/proc/{worker.pid}/task").glob("*/status")]
    assert studio.job(job).state == "done" and studio.book(book.id).drawn
    told = json.loads((studio.settings.home / "reached.json").read_text())
    allowed = {"read outside", "write at home", "write a key", "ask a server"}
    assert {act for act, came in told.items() if came == "done"} >= allowed
    if can_be_kept():
        assert {act for act, came in told.items() if came == "done"} == allowed
        assert [file.name for file in outside.iterdir()] == ["letter.txt"]
        assert (outside / "letter.txt").read_text() == "dear"
        assert len(threads) > 2 and all("NoNewPrivs:\t1" in status for status in threads)


def test_a_link_in_the_home_leads_a_worker_where_the_person_wanted(home: Path, tmp_path: Path) -> None:
    (elsewhere := tmp_path / "large disk").mkdir()
    home.mkdir()
    (home / "models").symlink_to(elsewhere)
    assert {home, elsewhere, tmp_path / "lists"} <= set(
        places(Settings(home, f"sqlite:///{tmp_path}/lists/jobs.sqlite"))
    )


def test_a_worker_begins_anew_any_number_of_times_and_ends_for_its_launcher_when_the_home_was_replaced(
    studio: Workshop,
) -> None:
    house = studio.settings.house
    command = [sys.executable, "-c", ANEW, "0"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout and worker.stdout.readline() == "kept\n"
        house.rename(house.with_name("former"))
        house.mkdir()
        said, _ = worker.communicate("go on\n")
    assert (worker.returncode, said) == ((ENDED, "True\n") if can_be_kept() else (0, "False\nwent on\n"))


def test_without_the_means_everything_works_and_it_is_told(home: Path, tmp_path: Path) -> None:
    photo, written = jpeg(tmp_path / "photo.jpg"), tmp_path / "outside.txt"
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(written), str(photo)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "has all your rights" in told.stdout and not told.stderr
    assert written.read_text() == "written"
    assert ("has all your rights" in rights_of_worker()) is not can_be_kept()


@contextmanager
def working(outside: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The worker as the launcher begins it: with a thread that watches whether the launcher lives."""
    command = [
        sys.executable,
        str(ROOT / "launch.py"),
        "tethered",
        "tests.guard.reaching_worker",
        str(outside),
        str(port),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def wait(true: Callable[[], object], seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
