"""The child lock: what a person is told when words are stopped, and the one way to stop them. Nobody can switch it off.

What is a child's is decided by who calls: see `workshop.guard`.
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import N_, ChildBlock
from .gate import Category, judged

NOT_SHOWN = N_(
    "'{said}' is nothing that the studio draws or writes where a child is worn: nobody may be shown like that. "
    "Say what happens in other words; everything you wrote is safe."
)
BLOCKED: dict[Category, str] = {
    "sexual": NOT_SHOWN,
    "nudity": NOT_SHOWN,
    "gore": N_(
        "'{said}' is too cruel for a picture or a book with a child in it. Tell it more gently, as fairy tales do; "
        "everything you wrote is safe."
    ),
    "self-harm": N_(
        "'{said}' speaks of somebody who hurts themselves, which is not drawn or written where a child is worn. Everything "
        "you wrote is safe. If this is about you or somebody you know: a grown-up whom you trust can help, and so can a "
        "helpline such as 111 in Vietnam."
    ),
    "hate": N_(
        "'{said}' speaks of people with hatred, which has no place in a book with a child in it. Leave it out; everything "
        "else you wrote is safe."
    ),
    "drugs": N_(
        "'{said}' is about drugs or drink, which are not drawn or written where a child is worn. Say it in other words; "
        "everything you wrote is safe."
    ),
    "weapons": N_(
        "'{said}' is about people who are hurt or killed, which is not drawn or written where a child is worn. Tell it "
        "more gently; everything you wrote is safe."
    ),
    "photoreal": N_(
        "'{said}' asks for a picture like a photo. A child is drawn in illustration styles only, so that nobody can take the "
        "picture for a real photo. Choose a style such as watercolour; what you wrote is safe."
    ),
    "minors": N_(
        "'{said}' together with somebody young is never drawn or written here, for nobody. Say something else; what you "
        "wrote before is safe."
    ),
}
ON_PAGE = N_(
    "Page {number} says '{said}', which is not for a book with a child in it. Tell it in other words; everything you wrote is "
    "safe."
)
HURT_ON_PAGE = N_(
    "Page {number} says '{said}' and speaks of somebody who hurts themselves, which is not for a book with a child in it. "
    "Everything you wrote is safe. If this is about you or somebody you know: a grown-up whom you trust can help, and so can "
    "a helpline such as 111 in Vietnam."
)


def refuse(text: str, child: bool, *, drawn: bool = True, number: int = 0, photos: Callable[[], bool] = bool) -> None:
    """Raises ChildBlock for words that are stopped, see `judged`; `number` is the page that they stand on, and `photos` tells
    whether a grown-up allowed pictures like photos, and is asked only then."""
    verdict = judged(text, child, drawn)
    if verdict is None or (verdict.category == "photoreal" and photos()):
        return
    if number and verdict.category not in ("photoreal", "minors"):
        message = HURT_ON_PAGE if verdict.category == "self-harm" else ON_PAGE
        raise ChildBlock(message, number=number, said=verdict.said)
    raise ChildBlock(BLOCKED[verdict.category], said=verdict.said)
