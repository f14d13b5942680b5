"""What this process gives up before it looks at the file: the network, other files, other processes, most memory and time.

The kernel holds the limits wherever it can: no file or socket beside the three streams (RLIMIT_NOFILE), no other process
(RLIMIT_NPROC, which does not bind root), nothing written beyond a size; on Linux the process is alone in a network without
a wire, and Landlock (https://docs.kernel.org/userspace-api/landlock.html) closes all folders. An audit hook refuses the
same once more inside Python, on every system.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

from .refusal import Refused

if sys.platform != "win32":
    import resource

MEMORY_BYTES = 512 << 20  # the interpreter, the pickle's values, and pieces of tensors
CPU_SECONDS = 20
BYTES_PER_SECOND = 20_000_000  # slower than any disk that weights are kept on
STREAMS = 3  # stdin, stdout, stderr
HARMLESS = {"cpython._PySys_ClearAuditHooks"}  # the interpreter's own end

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
NO_NEW_PRIVILEGES = 38
CREATE_RULES, RESTRICT_SELF = 444, 446  # system calls, the same numbers on every machine
WORDS_OF_FILES = {1: 13, 2: 14}  # how many kinds of access Landlock knows, by its version; later ones 15
TCP = 0b11  # bind and connect, from version 4


def confine(size: int) -> None:
    """Gives up all that converting a file of `size` bytes does not need. There is no way back."""
    leave_network()
    close_folders()
    limit_resources(size)
    refuse_all_else()


def most_written(size: int) -> int:
    """Bytes that can come of a file of `size` bytes: tied weights are stored once and written twice."""
    return 2 * size + (16 << 20)


def leave_network() -> bool:
    """Whether this process is now alone in a network of its own, which has no way out (Linux only)."""
    if sys.platform != "linux":
        return False
    return ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK) == 0


def close_folders() -> bool:
    """Whether no path can be opened, made, removed or run any more; what is open stays open (Linux from 5.13)."""
    if sys.platform != "linux":
        return False
    system = ctypes.CDLL(None)
    version = system.syscall(CREATE_RULES, None, 0, 1)
    if version < 1 or system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    files = (1 << WORDS_OF_FILES.get(version, 15)) - 1
    wanted = (files, TCP) if version >= 4 else (files,)
    rules = system.syscall(CREATE_RULES, (ctypes.c_uint64 * len(wanted))(*wanted), 8 * len(wanted), 0)
    if rules < 0:
        return False
    closed = system.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return closed


def limit_resources(size: int) -> None:
    """Caps memory, time, files and processes, where the system can (not on Windows)."""
    if sys.platform == "win32":
        return
    seconds = CPU_SECONDS + size // BYTES_PER_SECOND
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: most_written(size) + (100 << 20),  # and a header
        resource.RLIMIT_NOFILE: STREAMS,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":  # macOS refuses to lower its address space
        limits[resource.RLIMIT_AS] = MEMORY_BYTES + 3 * size
    for limit, most in limits.items():
        hard = resource.getrlimit(limit)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))


def refuse_all_else() -> None:
    """From now on Python raises Refused for whatever it would announce: open, import, exec, socket, fork, ctypes …"""

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in HARMLESS:
            raise Refused("act", event)

    sys.addaudithook(watch)
