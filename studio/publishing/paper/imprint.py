"""What a PDF says about itself: XMP with title, author and where its pictures come from, the colours that it was made
for, how it opens, and the labels of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ... import __version__
from ...rendering.source import AI_PICTURES
from ..book import Book
from ..colophon import colophon, title
from ..lines import clean
from ..marks import Side, Text
from ..profiles import Profile

if TYPE_CHECKING:
    from pikepdf import Pdf

    from .press import Press

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
{told}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
SRGB = "sRGB IEC61966-2.1"
DATED = slice(24, 36)  # of an ICC profile: when it was made
NEW_YEAR = bytes.fromhex("07d0 0001 0001 0000 0000 0000")


def imprint(pdf: Pdf, book: Book, profile: Profile, sides: Sequence[Side], press: Press | None) -> None:
    """Adds all of it. The same book gives the same words, dates included."""
    _date(pdf, book)
    _describe(pdf, book)
    _colours(pdf, press)
    _opening(pdf, profile)
    for page in pdf.pages:
        if "/Trans" in page.obj:  # how slides change: reportlab always names it, and a page of paper has none
            del page.obj["/Trans"]
    if profile.sheet is None:
        _label(pdf, sides)


def srgb_profile() -> bytes:
    """The colours of screens as an ICC profile, without the time at which it was made."""
    from PIL import ImageCms

    icc = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    icc[DATED] = NEW_YEAR
    return bytes(icc)


def _date(pdf: Pdf, book: Book) -> None:
    """The day on which the book was begun: that of the file would be another each time."""
    from pikepdf import String

    told = "".join(sign for sign in book.created[:19] if sign.isdigit())
    for key in ("/CreationDate", "/ModDate"):
        pdf.docinfo[key] = String(f"D:{told}Z")


def _describe(pdf: Pdf, book: Book) -> None:
    """Written by hand: pikepdf puts several languages in whatever order, and the bytes must be the same each time."""
    from pikepdf import Name

    languages = dict.fromkeys((book.story.language, *filter(None, [book.second_language])))
    author = clean(book.story.author)
    told = {
        "dc:title": _alternatives(clean(title(book))),
        "dc:creator": _list("Seq", [author]) if author else "",
        "dc:description": _alternatives(colophon(book).sentence),
        "dc:language": _list("Bag", languages),
        "xmp:CreatorTool": escape(f"Storybook Studio {__version__}"),
        "xmp:CreateDate": f"{book.created[:19]}Z",
        "xmp:ModifyDate": f"{book.created[:19]}Z",
        "pdf:Producer": escape(str(pdf.docinfo["/Producer"])),
        "Iptc4xmpExt:DigitalSourceType": AI_PICTURES,
    }
    lines = "\n".join(f"<{name}>{said}</{name}>" for name, said in told.items() if said)
    pdf.Root.Metadata = pdf.make_stream(XMP.replace("{told}", lines).encode())
    pdf.Root.Metadata.Type, pdf.Root.Metadata.Subtype = Name.Metadata, Name.XML


def _alternatives(words: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(words)}</rdf:li></rdf:Alt>'


def _list(kind: str, words: Iterable[str]) -> str:
    items = "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in words)
    return f"<rdf:{kind}>{items}</rdf:{kind}>"


def _colours(pdf: Pdf, press: Press | None) -> None:
    from pikepdf import Array, Dictionary, Name, String

    icc = pdf.make_stream(press.icc if press else srgb_profile())
    icc.N = 4 if press else 3
    told = String(press.title if press else SRGB)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX if press else Name.GTS_PDFA1,
        OutputConditionIdentifier=told,
        Info=told,
        DestOutputProfile=icc,
    )
    pdf.Root.OutputIntents = Array([intent])


def _opening(pdf: Pdf, profile: Profile) -> None:
    """Spreads on a screen as in the hand; sheets to fold as they must come out of the printer."""
    from pikepdf import Dictionary, Name

    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if profile.sheet:
        pdf.Root.ViewerPreferences.Duplex = Name.DuplexFlipShortEdge
        pdf.Root.ViewerPreferences.PrintScaling = Name("/None")
    elif not profile.service:
        pdf.Root.PageLayout = Name.TwoPageRight


def _label(pdf: Pdf, sides: Sequence[Side]) -> None:
    """Pages are called by the number that is printed on them, others by their name."""
    from pikepdf import Array, Dictionary, String

    numbers: Any = Array()
    for at, side in enumerate(sides):
        folio = next((mark.words for mark in side.marks if isinstance(mark, Text) and mark.role == "folio"), "")
        numbers.extend([at, Dictionary(P=String(folio or side.name or "·"))])
    pdf.Root.PageLabels = Dictionary(Nums=numbers)
