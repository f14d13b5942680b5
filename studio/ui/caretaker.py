"""Gives memory back: what a session leaves when its browser has gone, uploaded photos above all, is let go of within three minutes.

Streamlit keeps a session for two minutes, in case its browser comes back, and looks whether those are over only when the next one
leaves: in a house at night the photos would lie in memory until morning. And a session hangs together in circles, so that only a
search for garbage frees it. Streamlit's own search runs after every run of every part of every screen and cost 60 ms each time
(`postScriptGC` is off); Python's comes when many small things were made, and a photo is one thing.
"""

from __future__ import annotations

import ctypes
import gc
import os
import threading
import time
from contextlib import suppress
from functools import cache
from typing import Any

from ..library.record import forget_gone

ROUND_S = 60.0


@cache
def hire(round_s: float = ROUND_S) -> threading.Thread:
    """Starts the caretaker, once a process."""
    caretaker = threading.Thread(target=_rounds, args=(round_s,), name="caretaker", daemon=True)
    caretaker.start()
    return caretaker


def give_back() -> None:
    """Frees what nobody can reach any more, and hands empty memory to the system where the C library can (glibc)."""
    gc.collect()
    if os.name == "posix" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def end_sessions() -> None:
    """Lets Streamlit let go of the sessions whose time is over, in its own thread; elsewhere than in its server does nothing."""
    from streamlit.runtime import Runtime

    if not Runtime.exists():
        return
    runtime: Any = Runtime.instance()  # what follows is Streamlit's own affair; should it change, sessions end later
    with suppress(AttributeError, RuntimeError):
        cache = runtime._session_mgr._session_storage._cache
        runtime._get_async_objs().eventloop.call_soon_threadsafe(cache.expire)


def _rounds(round_s: float) -> None:
    while True:
        time.sleep(round_s)
        end_sessions()
        time.sleep(round_s / 60)
        forget_gone()  # whoever was erased, by whichever process
        give_back()
