"""What is found of the finished files, which could not be told before: fonts, transparency, boxes, colours, ink, weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import N_
from ..geometry import Box
from ..profiles import Profile
from .booklet import Sheet
from .export import Corners
from .findings import Finding, Values
from .inspection import Inspection

MOST_INK = 240  # percent: IngramSpark's "File Creation Guide"
EXACT_PT = 0.01
MB = 1_000_000
AGAIN = N_("Make the file again; if it stays so, tell those who made this studio.")


def finished(
    profile: Profile, inspection: Inspection, sheets: Sequence[Sheet], size: int, ink: float
) -> tuple[Finding, ...]:
    """The findings of one file of `size` bytes; `ink`: percent where most of it lies, 0 when it is printed from RGB."""
    found = [*_boxes(inspection, sheets), _fonts(inspection), _transparency(inspection), _weight(profile, size)]
    return (*found, *_colours(inspection, ink), *_ink(profile, ink))


def _boxes(inspection: Inspection, sheets: Sequence[Sheet]) -> Iterator[Finding]:
    wanted = [(sheet.media, sheet.media, sheet.media, sheet.trim) for sheet in sheets]
    there = [(boxes.media, boxes.crop, boxes.bleed, boxes.trim) for boxes in inspection.boxes]
    exact = len(wanted) == len(there) and all(
        _same(box, corners)
        for boxes, page in zip(wanted, there, strict=True)
        for box, corners in zip(boxes, page, strict=True)
    )
    if not exact:
        yield Finding("red", "size", N_("The pages of the file are not cut where they should be."), AGAIN)


def _same(box: Box, corners: Corners) -> bool:
    wanted = (box.left, box.bottom, box.right, box.top)
    return all(abs(one - other) <= EXACT_PT for one, other in zip(wanted, corners, strict=True))


def _fonts(inspection: Inspection) -> Finding:
    if inspection.missing_fonts:
        missing = ", ".join(inspection.missing_fonts)
        return Finding("red", "fonts", N_("The font {fonts} is not in the file."), AGAIN, {"fonts": missing})
    return Finding("green", "fonts", N_("All fonts are in the file."))


def _transparency(inspection: Inspection) -> Finding:
    if inspection.seen_through:
        places = ", ".join(map(str, inspection.seen_through))
        message = N_("Something is transparent on page {places} of the file, which printers do not take.")
        return Finding("red", "transparency", message, AGAIN, {"places": places})
    return Finding("green", "transparency", N_("Nothing is transparent."))


def _weight(profile: Profile, size: int) -> Finding:
    values: Values = {"mb": round(size / MB, 1), "most": profile.most_mb, "service": profile.title}
    if profile.most_mb and size > profile.most_mb * MB:
        message = N_("The file has {mb} MB; {service} takes {most} MB at most.")
        return Finding("red", "weight", message, N_("Choose a smaller page, or tell the story on fewer pages."), values)
    return Finding("green", "weight", N_("The file has {mb} MB."), values=values)


def _colours(inspection: Inspection, ink: float) -> Iterator[Finding]:
    strange = inspection.colours - ({"CMYK"} if ink else {"RGB"}) - {"grey"}
    if strange:
        message = N_("The file holds colours of another kind: {kinds}.")
        yield Finding("red", "colours", message, AGAIN, {"kinds": ", ".join(sorted(strange))})


def _ink(profile: Profile, ink: float) -> Iterator[Finding]:
    if not ink or not profile.cmyk:
        return
    values: Values = {"ink": round(ink), "most": MOST_INK, "service": profile.title}
    if round(ink) > MOST_INK:
        message = N_("The inks lie up to {ink} % thick in places; {service} takes {most} % at most.")
        remedy = N_("Ask for an ICC profile that is limited to {most} %, and give that one with the export.")
        yield Finding("red", "ink", message, remedy, values)
    else:
        yield Finding("green", "ink", N_("The inks lie at most {ink} % thick."), values=values)
