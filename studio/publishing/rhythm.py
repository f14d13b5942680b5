"""Which layout each page gets: what suits its picture and its words, and never the same one page after another."""

from __future__ import annotations

from collections.abc import Callable

from .design import LAYOUTS, LayoutName

LIKING: dict[LayoutName, float] = {"full": 1.0, "above": 0.8, "facing": 0.62, "vignette": 0.72, "spread": 0.86}
AGAIN, AGAIN_SOON = 0.45, 0.15  # what it costs to look like the page before, and like the one before that
QUIET_END = 0.5  # what a vignette gains on the last page: the story fades out
CLIMAX = (0.55, 0.85)  # of the story: where a picture may break out across two pages
MANY_WORDS = 45  # that want a page of their own
FEW_WORDS = 16  # that a vignette likes


def liking(layout: LayoutName, page: int, pages: int, words: int, cost: float, before: tuple[LayoutName, ...]) -> float:
    """How well a layout suits page `page` of so many: `cost` of words on its picture, and the layouts `before` it."""
    liked = (
        LIKING[layout] - (AGAIN if before[-1:] == (layout,) else 0) - (AGAIN_SOON if before[-2:-1] == (layout,) else 0)
    )
    if layout == "full":
        return liked - cost
    if layout == "facing":
        return liked + (0.5 if words > MANY_WORDS else 0.0)
    if layout == "vignette":
        return liked + (0.15 if words <= FEW_WORDS else -0.1) + (QUIET_END if page == pages else 0.0)
    if layout == "spread":
        there = CLIMAX[0] <= page / pages <= CLIMAX[1] and "spread" not in before and pages > 3
        return liked + (0.4 if there else -1.0)
    return liked


def choose(
    page: int, pages: int, words: int, cost: float, before: tuple[LayoutName, ...], fits: Callable[[LayoutName], bool]
) -> LayoutName:
    """The layout that is liked best of those that fit; above its words when none does."""
    ordered = sorted(LAYOUTS, key=lambda layout: -liking(layout, page, pages, words, cost, before))
    return next((layout for layout in ordered if fits(layout)), "above")
