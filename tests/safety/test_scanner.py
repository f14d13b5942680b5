"""Nothing leaves that should stay: one planted leak in each file is found, and clean files pass."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.errors import Leaking
from studio.publishing.book import Book, Look, Page
from studio.safety.scanner import Leak, Secrets, check_export, gather, scan
from studio.settings import load_settings
from studio.story.prompt import Prompt
from studio.story.scene import Cast, Role, Scene
from studio.story.story import Story

PROMPT = "a happy small girl in a red dress standing in the garden by day"
KEY = "sk-proj-4fJ2kd93LmQ0aZx81bTvnW7y"
TEXT = "Lan read /home/sweet/home on the door and wrote to fox@forest.org. Then she met Marvin."
SECRETS = Secrets(
    folders=("/srv/family/books", "C:\\Data\\Books", "/tmp/pytest-of-lena"),
    user="marvin",
    host="kitchen-pc",
    prompts=(PROMPT, "blurry, ugly, letters, watermark"),
    triggers=("mayling",),
    keys=("local-secret-key-1",),
    said=(TEXT, "Lan and Marvin", "Nguyễn Thuỳ Linh <linh@nha.vn>", "Mây"),
)


def picture(kind: str = "JPEG", **options: object) -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (24, 24), "teal").save(raw, kind, **options)
    return raw.getvalue()


def exif(gps: bool = False, words: str = "Fairphone 5") -> Image.Exif:
    tags = Image.Exif()
    tags[272] = words
    if gps:
        tags.get_ifd(0x8825)[1] = "N"
        tags.get_ifd(0x8825)[2] = (21.0, 1.0, 42.0)
    return tags


def noted(name: str, words: str, **options: object) -> bytes:
    notes = PngInfo()
    notes.add_text(name, words, **options)
    return picture("PNG", pnginfo=notes)


SPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
        "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
        "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    }.items()
)


def xmp(inner: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f"<rdf:Description {SPACES}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def pdf(*, info: dict[str, str] | None = None, note: str = "", jpeg: bytes = b"", stream: bytes = b"", **root: object):
    paper, out = pikepdf.new(), io.BytesIO()
    page = paper.add_blank_page(page_size=(200, 200))
    for name, value in (info or {}).items():
        paper.docinfo[f"/{name}"] = value
    if note:
        paper.Root.Metadata = paper.make_stream(xmp(note), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    if jpeg:
        image = paper.make_stream(jpeg, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=24, Height=24)
        image.ColorSpace, image.BitsPerComponent, image.Filter = pikepdf.Name.DeviceRGB, 8, pikepdf.Name.DCTDecode
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im1=image))
    if stream:
        paper.Root.Extra = paper.make_stream(stream)
    for name, value in root.items():
        paper.Root[f"/{name}"] = value
    paper.save(out, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def spoken(words: str) -> bytes:
    """A PDF that shows these words in a font."""
    from reportlab.pdfgen.canvas import Canvas

    raw = io.BytesIO()
    canvas = Canvas(raw, pageCompression=1)
    for line, part in enumerate(words.split("|")):
        canvas.drawString(20, 700 - 20 * line, part)
    canvas.save()
    return raw.getvalue()


def zipped(comment: str = "", **entries: bytes | str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        package.comment = comment.encode()
        for name, body in entries.items():
            package.writestr(name.replace("__", "."), body)
    return raw.getvalue()


def named(name: str) -> bytes:
    return zipped(**{name: "x"})


def web(inner: str) -> bytes:
    return f"<!doctype html><html><head><title>Lan and Marvin</title></head><body>{inner}</body></html>".encode()


def data(raw: bytes, kind: str = "image/jpeg") -> str:
    return f'<img src="data:{kind};base64,{base64.b64encode(raw).decode()}">'


OPF = "<package><metadata><dc:title>Lan and Marvin</dc:title>{}</metadata></package>"
PLANTED: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "camera in a JPEG": ("exif", ".jpg", lambda: picture(exif=exif())),
    "place in a JPEG": ("gps", ".jpg", lambda: picture(exif=exif(gps=True))),
    "place in a PNG": ("gps", ".png", lambda: picture("PNG", exif=exif(gps=True))),
    "place in a WebP": ("gps", ".webp", lambda: picture("WEBP", exif=exif(gps=True))),
    "camera behind a JPEG": ("exif", ".jpg", lambda: picture() + picture(exif=exif())),
    "comment in a JPEG": ("note", ".jpg", lambda: picture(comment=b"our kitchen, Sunday")),
    "place in XMP of a JPEG": ("gps", ".jpg", lambda: picture(xmp=xmp("<exif:GPSLatitude>21,1N</exif:GPSLatitude>"))),
    "history in XMP of a WebP": ("note", ".webp", lambda: picture("WEBP", xmp=xmp("<xmpMM:History>saved</xmpMM:History>"))),
    "numbers of the drawing in a PNG": ("note", ".png", lambda: noted("parameters", "Steps: 24, Seed: 7")),
    "prompt packed in a PNG": ("prompt", ".png", lambda: noted("Description", f"It was {PROMPT}.", zip=True)),
    "path in a PNG": ("path", ".png", lambda: noted("Title", "/home/lena/kite.png")),
    "user in a PNG": ("user", ".png", lambda: noted("Author", "Marvin (laptop)")),
    "trigger in a PNG": ("trigger", ".png", lambda: noted("Title", "Mayling, third try")),
    "path in the notes of a PDF": ("path", ".pdf", lambda: pdf(info={"Keywords": "C:\\Users\\Lena\\book.docx"})),
    "home of the studio in a PDF": ("path", ".pdf", lambda: pdf(info={"Title": "/srv/family/books/lan"})),
    "user in the notes of a PDF": ("user", ".pdf", lambda: pdf(info={"Author": "marvin"})),
    "computer in the notes of a PDF": ("host", ".pdf", lambda: pdf(info={"Producer": "Writer on kitchen-pc 3"})),
    "address in XMP of a PDF": ("email", ".pdf", lambda: pdf(note="<dc:creator>me@example.org</dc:creator>")),
    "tool's own note in XMP of a PDF": ("note", ".pdf", lambda: pdf(note="<crs:RawFileName>DSC_1</crs:RawFileName>")),
    "place in a picture of a PDF": ("gps", ".pdf", lambda: pdf(jpeg=picture(exif=exif(gps=True)))),
    "key in a packed stream of a PDF": ("key", ".pdf", lambda: pdf(stream=b"x " * 99 + KEY.encode() + b" y")),
    "prompt on a page of a PDF": ("prompt", ".pdf", lambda: spoken(PROMPT.replace(" in ", "|in "))),
    "prompt as a string of a PDF": ("prompt", ".pdf", lambda: pdf(Alt=pikepdf.String(PROMPT.upper()))),
    "file name in a PDF": ("user", ".pdf", lambda: pdf(Spec=pikepdf.Dictionary(UF="marvin-draft.odt"))),
    "PDF with a password": ("closed", ".pdf", lambda: locked()),
    "PDF that is none": ("closed", ".pdf", lambda: b"%PDF-1.7 and no more"),
    "path in a web page": ("path", ".html", lambda: web("<script>open('file:///Users/lena/x.js')</script>")),
    "folder of Windows in a program": ("path", ".html", lambda: web('<script>f="C:\\\\Data\\\\Books"</script>')),
    "user's folder in a web page": ("path", ".html", lambda: web("<p>/mnt/disk/marvin/book</p>")),
    "temporary folder in a comment": ("path", ".html", lambda: web("<!-- made in /tmp/pytest-of-lena -->")),
    "prompt between tags": ("prompt", ".html", lambda: web(f"<p>{PROMPT.replace(' in ', '</b> <i>in</i> ')}</p>")),
    "prompt not wanted": ("prompt", ".html", lambda: web("<p>Blurry, ugly,\n letters, watermark</p>")),
    "user as generator of a web page": ("user", ".html", lambda: web('<meta name="author" content="marvin">')),
    "place in a picture of a web page": ("gps", ".html", lambda: web(data(picture(exif=exif(gps=True))))),
    "key in a page inside a page": ("key", ".html", lambda: web(data(web(KEY), "text/html"))),
    "key that is configured": ("key", ".html", lambda: web("<p>local-secret-key-1</p>")),
    "camera in a picture of an EPUB": ("exif", ".epub", lambda: zipped(images_1__jpg=picture(exif=exif()))),
    "user in the package of an EPUB": ("user", ".epub", lambda: zipped(c__opf=OPF.format("<dc:source>marvin</dc:source>"))),
    "address in the package of an EPUB": ("email", ".epub", lambda: zipped(c__opf=OPF.format("<!-- a@b.example -->"))),
    "token in a style sheet": ("key", ".epub", lambda: zipped(a__css=f"/* hf_{'aB3dE' * 7} */")),
    "private key in a ZIP": ("key", ".zip", lambda: zipped(a__bin=b"\0-----BEGIN RSA PRIVATE KEY-----\n")),
    "token of a code host in a ZIP": ("key", ".zip", lambda: zipped(a__txt=f"ghp_{'a1B2' * 9}")),
    "account of a cloud in a ZIP": ("key", ".zip", lambda: zipped(a__json='{"id": "AKIAIOSFODNN7EXAMPLE"}')),
    "address as comment of a ZIP": ("email", ".zip", lambda: zipped("by me@example.org", a__txt="x")),
    "user as name of an entry": ("user", ".zip", lambda: named("01-marvins-kite/marvin.png.txt")),
    "trigger as name of an entry": ("trigger", ".zip", lambda: named("mayling_01.txt")),
    "absolute name of an entry": ("path", ".zip", lambda: named("/etc/kite.txt")),
    "camera in a ZIP in a ZIP": ("exif", ".zip", lambda: zipped(a__zip=zipped(b__jpg=picture(exif=exif())))),
    "ZIP that is none": ("closed", ".zip", lambda: b"PK\3\4 and no more"),
    "user in the tags of a recording": ("user", ".epub", lambda: zipped(a__mp3=tagged("TPE1", "marvin's voice"))),
    "photo in the tags of a recording": ("note", ".epub", lambda: zipped(a__mp3=tagged("APIC", "us"))),
    "place in a recording": (
        "gps",
        ".epub",
        lambda: zipped(a__m4a=b"\0\0\0\x1e\xa9xyz\0\x12\x15\xc7+21.0285+105.8542/"),
    ),
    "path in the tags of a recording": ("path", ".epub", lambda: zipped(a__mp3=tagged("TSSE", "/home/lena/voice.wav"))),
}  # fmt: skip


def tagged(frame: str, words: str) -> bytes:
    """The beginning of an MP3 with one ID3v2.4 frame."""
    body = b"\1" + words.encode("utf-16")
    tag = frame.encode() + len(body).to_bytes(4, "big") + b"\0\0" + body
    return b"ID3\4\0\0" + len(tag).to_bytes(4, "big") + tag + b"\xff\xfb\x90\x64"


def locked() -> bytes:
    paper, out = pikepdf.new(), io.BytesIO()
    paper.add_blank_page()
    paper.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def kinds(raw: bytes, suffix: str, secrets: Secrets = SECRETS) -> set[str]:
    return {leak.kind for leak in scan(raw, suffix, secrets)}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_leak_is_found(planted: str) -> None:
    kind, suffix, make = PLANTED[planted]
    if planted == "user as name of an entry":  # where the story does not tell of him
        assert kinds(make(), suffix, replace(SECRETS, said=())) == {kind}
    else:
        assert kinds(make(), suffix) == {kind}


SOURCE = "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>"
CLEAN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "plain JPEG": (".jpg", picture),
    "plain PNG that names the studio": (".png", lambda: noted("Software", "Storybook Studio")),
    "plain WebP": (".webp", lambda: picture("WEBP")),
    "source, title and author in XMP": (
        ".jpg",
        lambda: picture(xmp=xmp(f"<dc:title>Lan and Marvin</dc:title><dc:language>vi</dc:language>{SOURCE}")),
    ),
    "PDF with title and author": (
        ".pdf",
        lambda: pdf(
            info={"Title": "Lan and Marvin", "Author": "Nguyễn Thuỳ Linh <linh@nha.vn>"},
            note=f"<dc:title>Lan and Marvin</dc:title>{SOURCE}",
            jpeg=picture(),
        ),
    ),
    "story that tells of a path and an address": (".pdf", lambda: spoken(TEXT)),
    "web page of that story": (".html", lambda: web(f"<p>{TEXT.replace(' the ', ' <b>the</b> ')}</p>{data(picture())}")),
    "EPUB of that story": (
        ".epub",
        lambda: zipped(c__opf=OPF.format("<dc:creator>Nguyễn Thuỳ Linh &lt;linh@nha.vn&gt;</dc:creator>"), p__xhtml=web(TEXT)),
    ),
    "ZIP named after the story": (".zip", lambda: named("01-lan-and-marvin-met-may.txt")),
    "chance in packed bytes": (".zip", lambda: zipped(a__bin=b"\x81sk-ab\x00hf_9 AKIA1 /home \x00@x.y" * 50)),
    "words of a program that look like keys": (".html", lambda: web('<p class="task-loading-bar-of-the-whole-page">x</p>')),
    "recording that names its encoder": (".epub", lambda: zipped(a__mp3=tagged("TSSE", "Lavf61.7.100"))),
    "empty ZIP": (".zip", zipped),
}  # fmt: skip


@pytest.mark.parametrize("clean", CLEAN)
def test_a_clean_file_passes(clean: str) -> None:
    suffix, make = CLEAN[clean]
    assert scan(make(), suffix, SECRETS) == ()


@pytest.mark.parametrize("suffix", [".pdf", ".jpg", ".png", ".webp", ".zip", ".html"])
def test_a_damaged_file_is_looked_into_as_far_as_it_goes(suffix: str) -> None:
    kinds = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
    whole = {".pdf": pdf(info={"Title": "x"}, jpeg=picture(), note="<dc:title>x</dc:title>"), ".zip": zipped(a__png=picture("PNG")),
             ".html": web(data(picture()))}  # fmt: skip
    raw = whole.get(suffix) or picture(kinds[suffix], exif=exif(gps=True))
    for at in range(0, len(raw), 1 + len(raw) // 60):
        scan(raw[:at] + bytes([raw[at] ^ 0xA5]) + raw[at + 1 :], suffix, SECRETS)
        scan(raw[:at], suffix, SECRETS)


def a_book() -> Book:
    page = Page(Scene(TEXT), Prompt(PROMPT, "blurry, ugly, letters, watermark"), 1, "01.png", translation="Lan đọc.")
    return Book(
        id="lan", title="Lan and Marvin", story=Story(TEXT, "en", author="Linh"), cast=Cast((Role("Lan", "girl"),)),
        look=Look(), pages=(page,), created="2026-11-20T08:00:00Z",
    )  # fmt: skip


def test_secrets_are_those_of_the_book_and_of_this_computer(home: Path) -> None:
    found = gather(load_settings(), a_book(), keys=["short", "k" * 20], triggers=["mayling", ""], said=["Tặng Na"])
    assert str(home) in found.folders and str(Path.home()) in found.folders
    assert found.prompts == (PROMPT, "blurry, ugly, letters, watermark")
    assert (found.keys, found.triggers) == (("k" * 20,), ("mayling",))
    assert {"Lan and Marvin", "Linh", "Tặng Na", "Lan đọc.", TEXT} <= set(found.said)


def test_a_leak_blocks_the_export_in_one_sentence_that_shows_it_masked(home: Path) -> None:
    with pytest.raises(Leaking) as refusal:
        check_export(web(f"<p>{KEY}</p>"), "lan.html", SECRETS)
    said = str(refusal.value)
    assert said.startswith("'lan.html' was not written: in it (HTML) stands a secret key ('sk-p…7y').")
    assert KEY not in said


def test_a_leak_says_in_which_part_and_the_worst_comes_first() -> None:
    found = scan(zipped(a__txt=PROMPT, b__txt=KEY), ".zip", SECRETS)
    assert found == (Leak("key", "b.txt", "sk-p…7y"), Leak("prompt", "a.txt", "a ha…ay"))


def test_a_picture_of_a_pdf_is_told_by_its_page() -> None:
    (leak,) = scan(pdf(jpeg=picture(exif=exif())), ".pdf", SECRETS)
    assert leak.where == "page 1"


def test_a_name_that_the_story_says_is_still_a_leak_in_a_folder() -> None:
    assert kinds(web("<p>/data/marvin/kite.png</p>"), ".html") == {"path"}
