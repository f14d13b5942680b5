"""From a book to boxes in points: what stands where on each side of a leaf. Pure: no fonts, no PDF.

cover · endpaper · half title · dedication · title page · the story · about the hero · the reader's own page · colophon ·
endpaper · back of the cover
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from .book import Book
from .calm import Calm
from .cover import back_side, cover_side
from .design import LayoutName
from .ends import blank_side, endpaper_side, hero_side, own_side
from .geometry import Frame, frame
from .lines import Measure
from .marks import Side
from .matter import colophon_side, dedication_side, half_title_side, title_side
from .profiles import Profile, Trim
from .rhythm import choose
from .scenery import Scenery
from .setting import Words, choose_setting, words_of

Framing = Callable[[int], Frame]


def lay_out(
    book: Book, profile: Profile, trim: Trim, measure: Measure, calms: Sequence[Calm | None] = ()
) -> tuple[Side, ...]:
    """All sides of the file in order; `calms` tell of the pages' pictures. Raises BadInput when the title, the author or the
    dedication is too long for a page.

    A print service gets the inside; its cover is `cover.wrap_side`. Where the gutter grows with the number of pages, the
    book is laid out again with the number that came out.
    """
    sides = _laid(book, profile, trim, measure, calms, 24)
    if profile.gutter_pt(len(sides)) != profile.gutter_pt(24):
        sides = _laid(book, profile, trim, measure, calms, len(sides))
    return sides


def _laid(
    book: Book, profile: Profile, trim: Trim, measure: Measure, calms: Sequence[Calm | None], pages: int
) -> tuple[Side, ...]:
    @cache
    def page(side: int) -> Frame:
        return frame(trim, profile, side, pages)

    inside = list(_front(book, page, measure))
    if profile.service and book.design.endpapers:
        inside = [endpaper_side(page(1)), endpaper_side(page(2)), *_front(book, page, measure, 2)]
    inside += _story(book, page, measure, calms, len(inside) + 1)
    inside += _back(book, page, measure, len(inside) + 1)
    if profile.service:
        inside += _filled(inside, page, profile.multiple, 2 if book.design.endpapers else 0)
        ends = range(len(inside) + 1, len(inside) + 3) if book.design.endpapers else ()
        return (*inside, *(endpaper_side(page(side)) for side in ends))
    return _within_covers(book, inside, page, measure, profile.multiple)


def _within_covers(book: Book, inside: list[Side], page: Framing, measure: Measure, multiple: int) -> tuple[Side, ...]:
    """The inside between the covers: side 1 of the file is the cover, right-hand, and side 2 its inner face."""
    inside += _filled(inside, page, max(2, multiple), 4)
    inner = endpaper_side if book.design.endpapers else blank_side
    covers = cover_side(book, page(1), measure), back_side(book, page(2), measure)
    return (covers[0], inner(page(2)), *inside, inner(page(1)), covers[1])


def _front(book: Book, page: Framing, measure: Measure, before: int = 0) -> Iterator[Side]:
    if book.design.half_title:
        yield half_title_side(book, page(before + 1), measure)
        yield dedication_side(book, page(before + 2), measure)
        yield title_side(book, page(before + 3), measure, dedicated=False)
    else:
        yield title_side(book, page(before + 1), measure, dedicated=True)


def _story(book: Book, page: Framing, measure: Measure, calms: Sequence[Calm | None], first: int) -> Iterator[Side]:
    """The sides of the story from side `first` on."""
    told = words_of(book)
    apart = book.second_language is not None and book.design.second == "facing"
    beside = [Words(words.first) for words in told] if apart else told
    setting = choose_setting(beside, page(1), measure, book.design)
    scenery = Scenery(book, beside, page, setting, calms or [None] * len(told), measure, told if apart else ())
    before: tuple[LayoutName, ...] = ()
    side = first
    for number, asked in enumerate(book.pages, 1):
        layout = asked.layout or _chosen(scenery, number, side, before, apart)
        if side % 2 and (apart or layout in ("facing", "spread")):
            yield blank_side(page(side))
            side += 1
        laid = scenery.sides(number, "above" if apart and layout in ("facing", "spread") else layout, side)
        laid = (*laid, *scenery.facing_sides(number, side + len(laid)))
        yield from laid
        side += len(laid)
        before = (*before, layout)


def _chosen(scenery: Scenery, number: int, side: int, before: tuple[LayoutName, ...], apart: bool) -> LayoutName:
    words = scenery.told[number - 1]
    count = len(f"{words.first} {words.second}".split())
    if count == 0:
        return "full"

    def fits(layout: LayoutName) -> bool:
        return not (apart and layout in ("facing", "spread")) and scenery.fits(number, layout, side)

    return choose(number, len(scenery.told), count, scenery.cost(number, side), before, fits)


def _back(book: Book, page: Framing, measure: Measure, first: int) -> Iterator[Side]:
    side = first
    if book.design.hero_page and book.cast.hero:
        yield hero_side(book, page(side), measure)
        side += 1
    for _ in range(book.design.own_pages):
        yield own_side(book, page(side), measure)
        side += 1
    yield colophon_side(book, page(side), measure)


def _filled(inside: Sequence[Side], page: Framing, multiple: int, more: int) -> Iterator[Side]:
    """Blank sides until the inside and `more` are a multiple."""
    for extra in range(-(len(inside) + more) % multiple):
        yield blank_side(page(len(inside) + extra + 1))
