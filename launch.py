"""Sets up and starts Storybook Studio, or sets up and tests it. It needs Python 3.11 or newer and nothing else.

    python3 launch.py                  the web studio and its worker, until Ctrl-C
    python3 launch.py test [...]       all tests; what follows is given to pytest

Libraries live in `.venv` beside this file. They are installed when the list of them changed, so a second start takes
seconds. The studio's two processes hold one end of a pipe from here and stop when it closes: neither a closed window nor
a killed launcher leaves them behind.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from contextlib import closing, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PIP = (str(PYTHON), "-m", "pip", "--disable-pip-version-check")
HOST = "127.0.0.1"
START_S = 90.0  # for the web studio to answer, from a slow disk that reads its libraries for the first time
STOP_S = 10.0  # between a request to stop and a kill
STEADY_S = 60.0  # a worker that lived longer is started again at once, others after a growing pause, at most this one
TETHERED = "tethered"  # the launcher's own word for a process that is tied to it

# Debian's packages that some tests need, and the programs by which they are known here and elsewhere.
PACKAGES = {
    "build-essential": ("cc", "gcc"),  # and what C programs include, which gcc alone does not bring
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "default-jre-headless": ("java",),
    "espeak-ng": ("espeak-ng",),
    "poppler-utils": ("pdftotext",),
    "postgresql": ("pg_ctlcluster", "pg_ctl"),
    "qpdf": ("qpdf",),
}


class Trouble(Exception):
    """What the person can mend, in one or two sentences."""


def main(words: list[str]) -> int:
    """Does what the command line asks and gives the exit code."""
    try:
        check_python(sys.version_info[:2])
        if words[:1] == [TETHERED]:
            return tethered(words[1:])
        if words[:1] == ["test"]:
            return test(words[1:])
        return start(options(words))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="launch.py",
        description="Sets up and starts Storybook Studio.",
        epilog="python3 launch.py test [...] sets up and runs the tests; what follows is given to pytest.",
    )
    parser.add_argument("--port", type=port_number, default=8501, help="where the studio listens (default 8501)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    return parser.parse_args(words)


def port_number(word: str) -> int:
    if word.isdecimal() and 0 < int(word) < 65536:
        return int(word)
    raise argparse.ArgumentTypeError(f"'{word}' is not a port. Give a number from 1024 to 65535, such as 8502.")


def say(words: str) -> None:
    print(words, flush=True)


def check_python(version: tuple[int, ...]) -> None:
    """Raises Trouble for a Python that is too old."""
    if version < (3, 11):
        raise Trouble(
            f"Storybook Studio needs Python 3.11 or newer; this is Python {version[0]}.{version[1]}. "
            "Get a newer one from https://www.python.org/downloads/ and start launch.py with it."
        )


# Setting up


def install(*lists: str) -> None:
    """Makes `.venv` and installs these lists of requirements, unless they are what was installed last. Raises Trouble."""
    digests = {VENV / f"{name}.installed": hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in lists}
    if PYTHON.exists() and all(mark.is_file() and mark.read_text() == digest for mark, digest in digests.items()):
        return
    make_venv()
    say("Installing the studio's libraries into '.venv'. This happens once and takes a few minutes.")
    wanted = [word for name in lists for word in ("--requirement", name)]
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    if subprocess.call([*PIP, "install", "--no-input", *quiet, *wanted], cwd=ROOT):
        raise Trouble(
            "The libraries could not be installed; the lines above say why. Most often the internet was away or the disk "
            "is full. Mend that and start launch.py again; it goes on where it stopped."
        )
    for mark, digest in digests.items():
        mark.write_text(digest)


def make_venv() -> None:
    """Makes `.venv`, anew when the one that is there was not finished or its Python is gone. Raises Trouble."""
    silent = subprocess.DEVNULL
    if PYTHON.exists() and not subprocess.call([*PIP, "--version"], stdout=silent, stderr=silent):
        return
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        raise Trouble(
            "The folder '.venv' for the libraries could not be made; the lines above say why. "
            "On Debian and Ubuntu 'sudo apt install python3-venv' helps most often; then start launch.py again."
        )


# Starting


class Service:
    """A Python module that runs beside the launcher and ends with it."""

    def __init__(self, *module: str) -> None:
        self._module = module
        self._pause_s = 0.0
        self._due: float | None = None

    def __enter__(self) -> Service:
        # A group of their own: Ctrl-C in the terminal reaches the launcher only, which then stops them in order.
        apart: dict[str, int] = {"start_new_session": True}
        if os.name == "nt":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        command = [str(PYTHON), str(ROOT / "launch.py"), TETHERED, *self._module]
        # What goes wrong they tell on stderr, which is this terminal; their greetings are for programmers.
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **apart)
        self._started, self._due = time.monotonic(), None
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def keep_up(self) -> None:
        """Starts it again when it died, after a pause that doubles while it keeps dying young. To be called often."""
        now = time.monotonic()
        if self.alive:
            return
        if self._due is None:
            young = now - self._started < STEADY_S
            self._pause_s = min(max(1.0, 2 * self._pause_s), STEADY_S) if young else 0.0
            self._due = now + self._pause_s
            say(f"The worker stopped and starts again in {self._pause_s:.0f} s. What it had finished is safe.")
        elif now >= self._due:
            self.process.stdin.close()
            self.__enter__()


def tethered(module: list[str]) -> int:
    """Runs `python -m module …` in this process, and ends it when the launcher at the other end of stdin is gone."""
    threading.Thread(target=stop_when_alone, daemon=True).start()
    sys.argv = module
    runpy.run_module(module[0], run_name="__main__", alter_sys=True)
    return 0


def stop_when_alone() -> None:
    os.read(0, 1)  # not sys.stdin, whose lock would be in the way when Python shuts down
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_S)
    os._exit(1)


def web_studio(port: int, *more: str) -> Service:
    """The screens, on this computer only and without sending usage statistics; `more` are further words to Streamlit."""
    address = ["--server.address", HOST, "--server.port", str(port)]
    quiet = ["--server.headless", "true", "--browser.gatherUsageStats", "false", "--logger.level", "warning"]
    return Service("streamlit", "run", "studio/web.py", *address, *quiet, *more)


def worker() -> Service:
    """The process that draws, trains and binds, and lets everything else go first."""
    return Service("studio", "jobs", "work")


def start(wanted: argparse.Namespace) -> int:
    """Runs the studio until Ctrl-C or a request to end. Raises Trouble."""
    for name in {"SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, name), signal.default_int_handler)
    check_free(wanted.port)
    install("requirements.txt")
    address = f"http://{HOST}:{wanted.port}"
    try:
        with web_studio(wanted.port) as web, worker() as drawing:
            wait_until_it_answers(web, wanted.port)
            say(f"Storybook Studio is open at {address} . To close it, press Ctrl-C here.")
            if not wanted.no_browser and has_a_screen():
                webbrowser.open(address)
            while web.alive:
                drawing.keep_up()
                time.sleep(0.5)
    except KeyboardInterrupt:
        say("Closed. Work that was going on continues when you start the studio again.")
        return 0
    raise Trouble("The web studio stopped by itself. Your books are safe; start launch.py again.")


def check_free(port: int) -> None:
    """Raises Trouble when somebody listens at `port`."""
    with socket.socket() as knock:
        knock.settimeout(1)
        if knock.connect_ex((HOST, port)) == 0:
            raise Trouble(
                f"Port '{port}' is taken, perhaps by a studio that is already open: look at http://{HOST}:{port} . "
                f"To start beside it: python3 launch.py --port {port + 1}"
            )


def wait_until_it_answers(web: Service, port: int) -> None:
    """Returns as soon as the web studio is ready. Raises Trouble when it ends or stays silent."""
    give_up = time.monotonic() + START_S
    while web.alive and time.monotonic() < give_up:
        refused = suppress(OSError, http.client.HTTPException)
        with refused, closing(http.client.HTTPConnection(HOST, port, timeout=2)) as knock:
            knock.request("GET", "/_stcore/health")
            if knock.getresponse().status == http.client.OK:
                return
        time.sleep(0.1)
    raise Trouble("The web studio did not start; the lines above say why. Your books are safe.")


def has_a_screen() -> bool:
    """Whether a browser can show itself; without a display, Linux would open a text browser in this terminal."""
    shown = not sys.platform.startswith("linux") or {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ)
    return bool(shown) and not os.environ.get("CI")


# Testing


def test(words: list[str]) -> int:
    """Installs what tests need, runs them and gives pytest's exit code. Where CI is set, a skipped test has failed."""
    install("requirements.txt", "requirements-test.txt")
    strict = bool(os.environ.get("CI"))
    if missing := install_packages():
        advice = f"The tests need {' and '.join(missing)}, which this computer does not have."
        if strict:
            raise Trouble(advice)
        say(f"{advice} Until they are installed, the tests that need them are skipped.")
    plugin = ["-p", "tests.unskipped"] if strict else []
    # Two processes share the tests, a file at a time and in their order: a file's costly preparations are made once.
    shared = [] if words else ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    return subprocess.call([str(PYTHON), "-m", "pytest", *plugin, *shared, *words], cwd=ROOT)


def install_packages() -> list[str]:
    """Installs the packages that tests need where that can be done without asking; gives what is still missing."""
    missing = [package for package in PACKAGES if not program(package)]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Installing {' and '.join(missing)} for the tests.")
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
            subprocess.call(["apt-get", "-qq", *step], env=quietly, stdout=subprocess.DEVNULL)
    return [package for package in missing if not program(package)]


def program(package: str) -> str:
    """Where the program of a package lies, or an empty text."""
    return next(filter(None, map(shutil.which, PACKAGES[package])), "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
