"""Who may ask the front desk for what. A person's Workshop looks at their record at each question and each deed, whichever screen,
stale tab or queued job it comes from: who was let go can do nothing from that moment on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ..errors import NotAllowed
from ..library.members import Member, admit, check_bytes, home_of
from ..settings import Settings

# What concerns all who share the studio: its models, and the language model with its key.
OF_THE_HOUSE = frozenset(
    {
        "choose_language_model",
        "forget_language_model",
        "get_model",
        "submit_download",
        "import_model",
        "submit_import",
        "remove_model",
        "convert_model",
        "people",
        "change_person",
        "let_go",
        "let_in",
        "remove_person",
    }
)
GROWING = ("submit_", "receive_", "take_")  # how methods begin that bring something new onto the disk


class Admission:
    """The look at one person's record."""

    def __init__(self, settings: Settings, person: str) -> None:
        self._settings, self.person = settings, person

    def member(self) -> Member:
        """Raises NotAllowed for who was let go."""
        return admit(self._settings, self.person)

    def asked(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method of the front desk, behind the look at the record at the moment at which it is called."""

        @wraps(method)
        def looked_at(*given: Any, **named: Any) -> Any:
            found = self.member()
            check(found, name)
            if name.startswith(GROWING) and not found.administrator:
                check_bytes(home_of(self._settings, found), found)
            return method(*given, **named)

        return looked_at


def check(member: Member, name: str) -> None:
    """Raises NotAllowed where the method `name` is not for this person."""
    if name in OF_THE_HOUSE and not member.administrator:
        raise NotAllowed(
            "This changes the studio for everybody, so only an administrator can do it. Nothing was changed; ask one of them."
        )


def keep_weights(settings: Settings) -> None:
    """What was learnt of a class of children stays in the studio. Raises NotAllowed for a teacher."""
    if settings.owner and admit(settings, settings.owner).role == "teacher":
        raise NotAllowed(
            "What the studio learnt of the children of a class stays here, so a teacher cannot take it out. Books can be "
            "exported without it; nothing was written."
        )
