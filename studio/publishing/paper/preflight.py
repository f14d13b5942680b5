"""What a printer would find of a book, found before: sizes, pages, margins, pictures, colours, cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...errors import N_, NotReady
from ..book import Book
from ..cover import barcode_box
from ..geometry import Box
from ..lines import Measure
from ..marks import CAP, Picture, Side, Text
from ..profiles import CM_PT, INCH_PT, Profile
from .booklet import sheets_of
from .findings import Finding, Values, worst_first
from .proof import Proof

MM_PT = CM_PT / 10
GOOD_PPI, FAIR_PPI = 300, 200
KDP_PAGES = (4.0, 6.0, 8.5, 11.69)  # inches: KDP's "Set Trim Size, Bleed, and Margins", least and most width and height
HARDCOVER_FROM = {"lulu": 24}  # pages; fewer than a paperback's, but the cover is made with the service's template
LANGUAGES_UNSURE = {"kdp": "vi"}  # a list of KDP's languages that we saw leaves this one out
BELOW = 0.2  # of a size: how far a letter may reach over the line where margins begin
NOT_ACCEPTED = N_(
    "'{title}' is not ready for '{service}': {findings} Mend this, or say that the file shall be made all the same. "
    "Nothing was written; the book and the files made before are safe."
)


def preflight(proof: Proof, measure: Measure, press: str = "", held: tuple[int, ...] = ()) -> tuple[Finding, ...]:
    """All that can be told before a file is made, the worst first. `press` is the title of the press whose inks are taken, and
    `held` are the pages whose picture was held back."""
    found = [_size(proof), *_pages(proof), _margins(proof, measure), *_pictures(proof)]
    if held:
        message = N_("The picture of page {places} was held back and is never printed.")
        remedy = N_("Draw it with another seed.")
        found.append(Finding("red", "pictures", message, remedy, {"places": ", ".join(map(str, held))}, held))
    if proof.profile.service:
        found += [*_cover(proof, measure), *_language(proof), _colours(proof.profile, press)]
    if proof.profile.sheet:
        found.append(_folding(proof))
    return worst_first(tuple(found))


def stop_at_red(book: Book, profile: Profile, findings: Iterable[Finding], accepted: bool) -> None:
    """Raises NotReady that lists what is red, unless a person accepted it."""
    red = [finding.said() for finding in findings if finding.level == "red"]
    if red and not accepted:
        raise NotReady(NOT_ACCEPTED, title=book.title, service=profile.title, findings=" ".join(red))


def _size(proof: Proof) -> Finding:
    trim, profile = proof.trim, proof.profile
    values: Values = {
        "width": round(trim.width_pt / MM_PT, 1),
        "height": round(trim.height_pt / MM_PT, 1),
        "bleed": round(profile.bleed_pt / MM_PT, 1),
        "service": profile.title,
    }
    wide, high = trim.width_pt / INCH_PT, trim.height_pt / INCH_PT
    low, short, broad, tall = KDP_PAGES
    if profile.name == "kdp" and not (low <= wide <= broad and short <= high <= tall):
        message = N_("The pages are {width} × {height} mm, a size that {service} may not bind.")
        return Finding("amber", "size", message, N_("Choose 8.5x8.5in or 8x10in, or ask there first."), values)
    if profile.bleed_pt:
        message = N_("The pages are {width} × {height} mm when cut, with {bleed} mm of colour around to be cut off.")
        return Finding("green", "size", message, values=values)
    return Finding("green", "size", N_("The pages are {width} × {height} mm."), values=values)


def _pages(proof: Proof) -> Iterator[Finding]:
    """How many there are, and how many there must be."""
    profile, count = proof.profile, len(proof.inside)
    values: Values = {"pages": count, "service": profile.title, "least": profile.least_pages, "most": profile.most_pages,
              "more": profile.least_pages - count, "multiple": profile.multiple}  # fmt: skip
    hard = HARDCOVER_FROM.get(profile.name, profile.least_pages)
    if profile.most_pages and count > profile.most_pages:
        message = N_("The book has {pages} pages; at most {most} can be bound this way.")
        yield Finding("red", "pages", message, N_("Tell the story on fewer pages, or choose another printer."), values)
    elif count % profile.multiple:
        message = N_("The book has {pages} pages, which is no multiple of {multiple}.")
        yield Finding("red", "pages", message, N_("Add a page for drawing to the design of the book."), values)
    elif count < hard:
        message = N_("The book has {pages} pages; {service} binds from {least} pages on.")
        remedy = N_("Add {more} pages for drawing in the design of the book, or tell the story on more pages.")
        yield Finding("red", "pages", message, remedy, values)
    elif count < profile.least_pages:
        message = N_("With {pages} pages {service} binds hardcovers only; paperbacks have {least} or more.")
        remedy = N_("Order a hardcover with the cover template of {service}, or add {more} pages for drawing.")
        yield Finding("amber", "pages", message, remedy, values)
    else:
        yield Finding("green", "pages", N_("The book has {pages} pages, as many as it may."), values=values)


def _margins(proof: Proof, measure: Measure) -> Finding:
    near = [side for side in proof.sides if not all(side.frame.safe.holds(box) for box in _word_boxes(side, measure))]
    if not near:
        return Finding("green", "margins", N_("All words keep clear of the edges and of where the pages are bound."))
    message = N_("Words come too near to the edge or to where the pages are bound: {places}.")
    remedy = N_("Let the studio place the words there, or choose another layout for it.")
    places = ", ".join(dict.fromkeys(_place(side) for side in near))
    return Finding("red", "margins", message, remedy, {"places": places}, _numbers(near))


def _word_boxes(side: Side, measure: Measure) -> Iterator[Box]:
    """Around each line that is not on a spine; what hangs a little out of it may."""
    for text in (mark for mark in side.marks if isinstance(mark, Text) and not mark.turned):
        slack = BELOW * text.size
        for line in text.lines:
            width = measure(line.words, text.face, text.size)
            yield Box(line.x + slack, line.y + slack, max(0.0, width - 2 * slack), (CAP - BELOW) * text.size)


def _pictures(proof: Proof) -> Iterator[Finding]:
    if proof.profile.name == "screen":
        if proof.ppi:
            message = N_("The pictures have {ppi} pixels to an inch, made for reading on a screen.")
            yield Finding("green", "pictures", message, values={"ppi": round(min(proof.ppi.values()))})
        return
    coarse = {number: ppi for number, ppi in proof.ppi.items() if round(ppi) < FAIR_PPI}
    fair = {number: ppi for number, ppi in proof.ppi.items() if FAIR_PPI <= round(ppi) < GOOD_PPI}
    remedy = N_("Choose a smaller page, a layout with a smaller picture, or draw it with a model that draws larger.")
    if coarse:
        message = N_(
            "On page {places} the picture will look blurred on paper: {ppi} pixels to an inch where {good} are wanted."
        )
        yield Finding("red", "pictures", message, remedy, _coarsest(coarse), tuple(coarse))
    if fair:
        message = N_("On page {places} the picture is a little soft: {ppi} pixels to an inch where {good} are wanted.")
        yield Finding("amber", "pictures", message, remedy, _coarsest(fair), tuple(fair))
    if proof.ppi and not coarse and not fair:
        yield Finding("green", "pictures", N_("All pictures have {good} pixels to an inch."), values={"good": GOOD_PPI})


def _coarsest(ppi: dict[int, float]) -> Values:
    return {"ppi": round(min(ppi.values())), "good": GOOD_PPI, "places": ", ".join(map(str, ppi))}


def _cover(proof: Proof, measure: Measure) -> Iterator[Finding]:
    spine, pages = proof.profile.spine, len(proof.inside)
    values: Values = {"service": proof.profile.title}
    if spine is None or proof.wrap is None:
        message = N_(
            "There is no file for the cover: {service} gives a template, with the spine as thick as its paper."
        )
        remedy = N_("Get the template there, and lay the title and the first picture into it.")
        yield Finding("amber", "cover", message, remedy, values)
        return
    values = {**values, "spine": round(spine.width_pt(pages) / MM_PT, 1), "least": spine.text_from}
    message = N_("The cover is a file of its own: back, front, and a spine of {spine} mm between them.")
    yield Finding("green", "cover", message, values=values)
    lettered = any(isinstance(mark, Text) and mark.turned for mark in proof.wrap.marks)
    if lettered and pages < spine.text_from:
        message = N_("There are words on the spine, which {service} prints from {least} pages on.")
        yield Finding("red", "spine", message, N_("Add pages, or make the file again with this studio."), values)
    elif not lettered:
        message = N_("The spine is without words; {service} prints them from {least} pages on.")
        yield Finding("green", "spine", message, values=values)
    yield _barcode(proof, proof.wrap, measure)


def _barcode(proof: Proof, wrap: Side, measure: Measure) -> Finding:
    place = barcode_box(proof.trim, proof.profile)
    pictures = (mark.seen for mark in wrap.marks if isinstance(mark, Picture))
    if any(box.within(place).area for box in (*_word_boxes(wrap, measure), *pictures)):
        message = N_("Something stands on the back of the cover where the barcode is printed.")
        return Finding("red", "barcode", message, N_("Write less on the back of the cover."))
    return Finding("green", "barcode", N_("The place of the barcode on the back of the cover is free."))


def _language(proof: Proof) -> Iterator[Finding]:
    unsure = LANGUAGES_UNSURE.get(proof.profile.name)
    if unsure and unsure in (proof.book.story.language, proof.book.second_language):
        message = N_("{service} may not take books in Vietnamese: a list of its languages that we know leaves it out.")
        remedy = N_("Ask there before you order, or choose Lulu or a print shop near you.")
        yield Finding("amber", "language", message, remedy, {"service": proof.profile.title})


def _colours(profile: Profile, press: str) -> Finding:
    values: Values = {"service": profile.title, "press": press}
    if profile.cmyk and not press:
        message = N_("{service} asks for the inks of its press (CMYK); these colours are those of screens (sRGB).")
        remedy = N_(
            "Get its ICC profile and give it with the export; else bright colours may come out duller than here."
        )
        return Finding("amber", "colours", message, remedy, values)
    if press and not profile.cmyk:
        message = N_("{service} takes the colours of screens (sRGB); these are the inks of '{press}'.")
        return Finding("amber", "colours", message, N_("Leave the ICC profile out."), values)
    message = (
        N_("The colours are the inks of '{press}'.") if press else N_("The colours are sRGB, as {service} takes them.")
    )
    return Finding("green", "colours", message, values=values)


def _folding(proof: Proof) -> Finding:
    sheets = len(sheets_of(proof.inside, proof.profile)) // 2
    message = N_(
        "Print {sheets} sheets of A4 on both sides, turned on the short edge and in actual size; fold them in the middle "
        "and staple them there."
    )
    return Finding("green", "folding", message, values={"sheets": sheets})


def _place(side: Side) -> str:
    return str(side.number or side.name or side.part)


def _numbers(sides: Iterable[Side]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(side.number for side in sides if side.number))
