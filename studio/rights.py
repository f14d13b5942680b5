"""What a process gives up for good, by the Linux kernel's own means: it takes no administrator, and nobody can give it back.

Landlock (https://docs.kernel.org/userspace-api/landlock.html, numbers of include/uapi/linux/landlock.h) closes folders, the
ways to other programs and TCP; a filter of system calls (https://docs.kernel.org/userspace-api/seccomp_filter.html) refuses
every new socket. Both bind the thread that asks and all that it begins later: call it before there are others. What is open
stays open. On older kernels and other systems nothing changes, and `kernel_words` tells so.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # not from `settings`: a decoder is to start fast
CREATE_RULES, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls, the same numbers on every machine
WORDS_OF_FILES = {1: 13, 2: 14, 3: 15, 4: 15}  # kinds of access to files that it knows, by its version; later ones 16
EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
OF_A_FILE = EXECUTE | 1 << 1 | READ_FILE | 1 << 14 | 1 << 15  # with write, truncate, ioctl; all else is of a folder
TCP = 0b11  # bind and connect, from version 4
OTHERS = 0b11  # signals to processes outside, and their nameless sockets, from version 6
MOVING = 2  # the version from which files can be moved between folders
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # as audit.h names them, and the call of socket
RING = 425  # io_uring_setup, a second way to sockets
FOREIGN = 0x40000000  # numbers from here on are a second way to all calls on x86_64
LOAD, EQUAL, AT_LEAST, ANSWER = 0x20, 0x15, 0x35, 0x06  # of the filter's small machine: linux/filter.h
ALLOWED, REFUSED = 0x7FFF0000, 0x00050001  # the latter as EPERM
SYSTEM = (
    "/usr", "/lib", "/lib64", "/lib32", "/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/localtime",
    "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",
    "/sys/devices/system/cpu",
)  # fmt: skip


@cache
def kernel_words() -> int:
    """The version of Landlock that this system's kernel speaks; 0 when it has none, or has it switched off."""
    if sys.platform != "linux":
        return 0
    return max(0, ctypes.CDLL(None).syscall(CREATE_RULES, None, 0, 1))


def can_be_kept() -> bool:
    """Whether this system can keep a worker to its folders."""
    return kernel_words() >= MOVING


def confine(writable: Iterable[Path], readable: Iterable[Path] | None, connect: bool) -> bool:
    """From now on this thread and all that it begins can write only in `writable`, which can be read too, read only in `readable`
    (None: wherever it could before, and run programs there), and with `connect` False open no socket and signal nobody outside.
    Gives whether the kernel closed the folders; what is not there is passed over."""
    if sys.platform != "linux":
        return False
    system = ctypes.CDLL(None)
    words = kernel_words()
    if system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    if not connect:
        refuse_calls()
    if words == 0 or (readable is None and words < MOVING):
        return False
    every = (1 << WORDS_OF_FILES.get(words, 16)) - 1
    handled = every & ~(EXECUTE | READ_FILE | READ_DIR) if readable is None else every
    asked = [handled]
    if not connect and words >= 4:
        asked += [TCP, OTHERS] if words >= 6 else [TCP]
    rules = system.syscall(CREATE_RULES, (ctypes.c_uint64 * len(asked))(*asked), 8 * len(asked), 0)
    if rules < 0:
        return False
    try:
        for place in writable:
            _open_up(system, rules, place, handled & ~EXECUTE)
        for place in readable or ():
            _open_up(system, rules, place, READ_FILE | READ_DIR)
        return bool(system.syscall(RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def programs() -> tuple[Path, ...]:
    """Where Python, this program and the libraries of both lie: all that a process needs to read which is given bytes."""
    named = (sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, *os.environ.get("LD_LIBRARY_PATH", "").split(":"))
    found = {Path(name).absolute() for name in named if name} | {Path(name) for name in SYSTEM}
    private = (ROOT, Path.home())  # nothing that holds these as a whole
    return (ROOT / "studio", *(place for place in found if not any(one.is_relative_to(place) for one in private)))


def _open_up(system: ctypes.CDLL, rules: int, place: Path, access: int) -> None:
    with suppress(OSError):
        handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
        try:
            access &= ~0 if place.is_dir() else OF_A_FILE
            system.syscall(ADD_RULE, rules, 1, struct.pack("=Qi", access, handle), 0)
        finally:
            os.close(handle)


def refuse_calls(*extra: int) -> bool:
    """Whether the kernel refuses this thread every new socket from now on, for TCP is not all: UDP and the sockets of other programs
    are closed as well; and the system calls of those numbers."""
    if sys.platform != "linux" or os.uname().machine not in MACHINES or struct.calcsize("P") != 8:
        return False
    machine, socket = MACHINES[os.uname().machine]
    refused = (socket, RING, *extra)
    last = len(refused)
    steps = [(LOAD, 0, 0, 4), (EQUAL, 0, last + 2, machine), (LOAD, 0, 0, 0), (AT_LEAST, last, 0, FOREIGN)]
    steps += [(EQUAL, last - at - 1, int(at == last - 1), number) for at, number in enumerate(refused)]
    steps += [(ANSWER, 0, 0, REFUSED), (ANSWER, 0, 0, ALLOWED)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program, system = struct.pack("@HP", len(steps), ctypes.addressof(code)), ctypes.CDLL(None)
    allowed = system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    return allowed and bool(system.prctl(SECCOMP, FILTER, program, 0, 0) == 0)
