"""The caretaker of the web process: what nobody can reach any more is freed, and sessions that are over end."""

from __future__ import annotations

import gc
import inspect
import weakref

from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from studio.ui import caretaker


class Session:
    """Something that hangs together in a circle, as Streamlit's sessions do."""

    def __init__(self) -> None:
        self.self = self


def test_what_hangs_together_in_a_circle_is_freed() -> None:
    gc.disable()
    try:
        left = weakref.ref(Session())
        assert left() is not None
        caretaker.give_back()
        assert left() is None
    finally:
        gc.enable()


def test_the_sessions_of_this_streamlit_can_be_ended() -> None:
    """What `end_sessions` reaches for is Streamlit's own affair; a new version that has it no more is noticed here."""
    storage = MemorySessionStorage(ttl_seconds=0)
    storage._cache["over"] = object()  # type: ignore[assignment]
    storage._cache.expire()  # type: ignore[attr-defined]
    assert len(storage._cache) == 0
    assert "self._session_storage" in inspect.getsource(
        __import__("streamlit.runtime.websocket_session_manager", fromlist=["x"])
    )
    assert hasattr(Runtime, "_get_async_objs") and "self._session_mgr" in inspect.getsource(Runtime)


def test_where_no_server_runs_there_is_nothing_to_end() -> None:
    assert not Runtime.exists()
    caretaker.end_sessions()


def test_one_caretaker_is_hired() -> None:
    assert caretaker.hire() is caretaker.hire() and caretaker.hire().daemon
