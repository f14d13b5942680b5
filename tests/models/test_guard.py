"""The child that reads pickled weights can do nothing but compute; each wall of it stands by itself."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from studio.settings import ROOT


def process(program: str) -> subprocess.CompletedProcess[str]:
    before = "import os, socket, subprocess, ctypes, sys; from studio.models.unpickling import guard; "
    return subprocess.run([sys.executable, "-S", "-c", before + program], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("act", "event"),
    {
        "socket.socket()": "socket.__new__",
        "socket.getaddrinfo(b'localhost', 80)": "socket.getaddrinfo",
        "subprocess.run(['true'])": "subprocess.Popen",
        "os.system('true')": "os.system",
        "os.fork()": "os.fork",
        "os.execv('/bin/true', ['true'])": "os.exec",
        "open('README.md')": "open",
        "os.listdir('.')": "os.listdir",
        "os.remove('README.md.none')": "os.remove",
        "os.mkdir('canary')": "os.mkdir",
        "__import__('turtle')": "import",
        "ctypes.CDLL(None)": "ctypes.dlopen",
        "eval('1')": "compile",
        "os.kill(0, 0)": "os.kill",
    }.items(),
)
def test_a_confined_process_can_do_nothing_but_compute(act: str, event: str) -> None:
    free = process(f"print(sum(range(5)))\nif {act.startswith(('socket.', 'open', 'eval', 'os.listdir'))}: {act}")
    held = process(f"guard.confine(0); print(sum(range(5)), flush=True); {act}")
    assert free.stdout == held.stdout == "10\n" and free.returncode == 0
    assert held.returncode != 0 and f"('act', '{event}')" in held.stderr


KERNEL = """
def says(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"
print(says(lambda: open("README.md").close()), says(lambda: socket.socket().close()))
"""


def test_the_limits_hold_without_the_hook() -> None:
    assert process(f"0\n{KERNEL}").stdout == "done done\n"
    assert process(f"guard.limit_resources(0)\n{KERNEL}").stdout == "OSError OSError\n"


def test_memory_and_the_size_of_what_is_written_are_limited(tmp_path: Path) -> None:
    assert "MemoryError" in process("guard.limit_resources(0); bytearray(1 << 30)").stderr
    write = f"out = os.open({str(tmp_path / 'out')!r}, os.O_CREAT | os.O_WRONLY); guard.limit_resources(0); "
    assert "File too large" in process(write + "os.lseek(out, 200 << 20, 0); os.write(out, b'x')").stderr


def test_a_process_that_left_the_network_reaches_nobody() -> None:
    """Where the system lets a process leave (some do not), even a neighbour on the same computer is out of reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ask = f"socket.socket().connect_ex(('127.0.0.1', {server.getsockname()[1]})) == 0"
        assert process(f"print({ask})").stdout == "True\n"
        left, reached = process(f"print(guard.leave_network(), {ask})").stdout.split()
    assert (left == "True") != (reached == "True")


def test_a_process_with_closed_folders_finds_no_file(tmp_path: Path) -> None:
    """Where the kernel has Landlock, reading, making and removing files fails; what is open already goes on."""
    paths = f"folder = {str(tmp_path)!r}; out = open(folder + '/out', 'w'); closed = guard.close_folders(); "
    tries = (
        "lambda: open('README.md').close()",
        "lambda: open(folder + '/new', 'w').close()",
        "lambda: os.remove(folder + '/out')",
        "lambda: os.mkdir(folder + '/made')",
        "lambda: os.truncate(folder + '/out', 0)",
    )
    said = KERNEL.rsplit("print", 1)[0] + f"print(closed, *map(says, ({', '.join(tries)})), out.write('still'))"
    closed, *results, written = process(f"{paths}\n{said}").stdout.split()
    assert {*results} == ({"PermissionError"} if closed == "True" else {"done"}) and written == "5"
