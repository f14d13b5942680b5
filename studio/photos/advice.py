"""The photo coach's judgement, in plain words: which photos to learn from and why, and which one more would help most.

It is pure: everything it knows was measured by `studio.photos.coach`. The limits were set on 23 photos of five subjects
and on blurred, darkened and doubled copies of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt

from ..errors import N_
from .photo import Look, Photo

FEW, ENOUGH = 4, 6  # photos
SHORT_SIDE_PX = 256
CRISP = 6.0
DARK, BRIGHT = 0.3, 0.7  # the brightest and the darkest grey of a photo that shows anything
SEEN, LOST = (0.02, 0.92)  # the share of a photo that a subject covers
TWINS = 24  # of 256 bits that differ
NEAR, FAR = 0.45, 0.12  # the share of a photo that is covered by a subject seen from near, and from far
SAME_SHAPE = 0.8  # of two outlines lies in both
SAME_BACKDROP = 0.12  # apart, of 1
STRANGE = 0.52  # how far the hues of two groups of photos lie apart, 0..1; within five subjects it was 0.49 at most

REASONS = {  # the gravest first; those in FAULTS leave the photo out
    "blurred": N_("It is blurred. A sharp one helps far more."),
    "dark": N_("It is too dark to see much. Take one by daylight."),
    "bright": N_("It is too bright; most of it is white."),
    "several": N_("Several faces are in it. Cut it so that only one is left."),
    "twin": N_("It shows nearly the same as photo {twin}."),
    "other": N_("It may show somebody else than most of the photos. Leave it out if it does."),
    "hidden": N_("It is hard to tell who is meant in it. One where they stand out would help more."),
    "small": N_("It is small. From 256 pixels on the shorter side they are learnt better."),
}
FAULTS = frozenset(("blurred", "dark", "bright", "several", "twin"))

WISHES = {
    "more": N_("A few more photos would help most: six, each a little different."),
    "near": N_("One more from near would help most, so that the face is seen well."),
    "whole": N_("One more that shows all of them, from head to foot, would help most."),
    "turned": N_("One more from the side, or doing something else, would help most. All show the same pose."),
    "elsewhere": N_("One more in front of something else would help most. All have the same background."),
    "none": N_("These are good photos. They show enough."),
}


def advise(looks: Sequence[Look], person: bool) -> tuple[Photo, ...]:
    """What to think of each photo, in the order given; photo n lies in the file of that number.

    Of photos that show nearly the same the crispest is kept.
    """
    photos: dict[int, Photo] = {}
    strange = _strange(looks)
    for at in sorted(range(len(looks)), key=lambda at: -looks[at].crispness):
        kept = sorted(other for other, photo in photos.items() if photo.kept)
        twin = next((other + 1 for other in kept if _apart(looks[other], looks[at]) <= TWINS), 0)
        reasons = _reasons(looks[at], person, twin, at in strange)
        photos[at] = Photo(
            file=f"{at + 1:02}.png",
            kept=not FAULTS.intersection(reasons),
            reasons=reasons,
            twin=twin,
            subject=looks[at].subject,
        )
    return tuple(photos[at] for at in range(len(looks)))


def wish(looks: Sequence[Look]) -> str:
    """The key of WISHES for the photo that would help most beside these, which are those that are kept."""
    if len(looks) < FEW:
        return "more"
    if max(look.share for look in looks) < FAR:
        return "near"
    if min(look.share for look in looks) > NEAR:
        return "whole"
    if all(_overlap(one.outline, other.outline) > SAME_SHAPE for one, other in combinations(looks, 2)):
        return "turned"
    if all(_between(one.backdrop, other.backdrop) < SAME_BACKDROP for one, other in combinations(looks, 2)):
        return "elsewhere"
    return "more" if len(looks) < ENOUGH else "none"


def _reasons(look: Look, person: bool, twin: int, strange: bool) -> tuple[str, ...]:
    """The keys of REASONS that hold for this photo."""
    found = {
        "blurred": look.crispness < CRISP,
        "dark": look.brightest < DARK,
        "bright": look.darkest > BRIGHT,
        "several": person and look.faces > 1,
        "twin": twin > 0,
        "other": strange,
        "hidden": not SEEN < look.share < LOST,
        "small": look.short_side_px < SHORT_SIDE_PX,
    }
    return tuple(reason for reason in REASONS if found[reason])


def _strange(looks: Sequence[Look]) -> set[int]:
    """Which photos fall into smaller groups of other colours than the largest group: a hint that two are shown.

    Photos hang together where a chain of others links them. It overlooks two of like colour, and is a hint only.
    """
    groups: list[set[int]] = []
    for at, look in enumerate(looks):
        near = [group for group in groups if any(_unlike(look.hues, looks[other].hues) <= STRANGE for other in group)]
        groups = [group for group in groups if group not in near] + [{at}.union(*near)]
    largest = max(groups, key=len, default=set())
    return set(range(len(looks))) - largest


def _unlike(one: Sequence[float], other: Sequence[float]) -> float:
    """How far two shares of hues lie apart, 0..1 (Hellinger)."""
    return sqrt(max(0.0, 1.0 - sum(sqrt(a * b) for a, b in zip(one, other, strict=True))))


def _apart(one: Look, other: Look) -> int:
    """In how many bits the prints of two photos differ, 0..256."""
    return (one.print ^ other.print).bit_count()


def _overlap(one: int, other: int) -> float:
    """How much of two outlines lies in both, 0..1."""
    return (one & other).bit_count() / max(1, (one | other).bit_count())


def _between(one: Sequence[float], other: Sequence[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
