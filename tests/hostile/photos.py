"""Photos that are none, or too much of one: bytes made here, and a piece of what a person is told of each."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from tests.photos.test_door import one_colour, png_header_only

from .mutants import PNG, honest, scene, with_checksums, written

DAMAGED, FOREIGN, LARGE = "damaged or incomplete", "is not a photo the studio can read", "more than 40 million pixels"


def with_chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG with one more chunk behind its header."""
    whole = written(scene(), "PNG")
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return whole[:33] + chunk + whole[33:]


def film(kind: str) -> bytes:
    return written(scene(), kind, save_all=True, append_images=[scene().rotate(9 * one) for one in range(1, 30)])


def other(kind: str, mode: str = "RGB") -> bytes:
    return written(scene(mode=mode), kind)


def large(kind: str, size: tuple[int, int]) -> bytes:
    return written(Image.new("L", size), kind)


def wrong_size() -> bytes:
    """A JPEG whose header says another size than its pixels have."""
    raw = bytearray(written(scene(), "JPEG"))
    at = raw.index(b"\xff\xc0")
    raw[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(raw)


def wrong_sum() -> bytes:
    """A PNG whose pixels are not what their checksum says."""
    raw = bytearray(written(scene((300, 300)), "PNG"))
    at = raw.index(b"IDAT")
    long = int.from_bytes(raw[at - 4 : at], "big")
    raw[at + 4 + long] ^= 0xFF
    return bytes(raw)


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing.jpg": ("is empty", bytes),
    "a text.jpg": (FOREIGN, lambda: b"Once upon a time there was a text file."),
    "zeros.png": (FOREIGN, lambda: bytes(5000)),
    "half.jpg": (DAMAGED, lambda: written(scene((900, 900)), "JPEG")[:3000]),
    "half.png": (DAMAGED, lambda: written(scene((300, 300)), "PNG")[:700]),
    "half.webp": (DAMAGED, lambda: honest("WEBP")[0][:-200]),
    "half.heic": (FOREIGN, lambda: honest("HEIF")[0][:-300]),
    "half.avif": ("", lambda: honest("AVIF")[0][:-300]),
    "a wrong sum.png": (DAMAGED, wrong_sum),
    "a bomb of 57 bytes.png": (LARGE, lambda: png_header_only(50_000, 50_000)),
    "144 megapixels.png": (LARGE, lambda: one_colour(12_000)),
    "65000 square.jpg": (LARGE, wrong_size),
    "one row.png": ("only 30000 × 1 pixels", lambda: large("PNG", (30_000, 1))),
    "one column.png": ("only 1 × 30000 pixels", lambda: large("PNG", (1, 30_000))),
    "a strip.png": ("long and narrow", lambda: large("PNG", (70, 9_000))),
    "a point.png": ("only 1 × 1 pixels", lambda: large("PNG", (1, 1))),
    "a stamp.png": ("only 63 × 63 pixels", lambda: large("PNG", (63, 63))),
    "a film.gif": (FOREIGN, lambda: film("GIF")),
    "a scan.tif": (FOREIGN, lambda: other("TIFF")),
    "paint.bmp": (FOREIGN, lambda: other("BMP")),
    "a brush.pcx": (FOREIGN, lambda: other("PCX")),
    "old.tga": (FOREIGN, lambda: other("TGA")),
    "an icon.ico": (FOREIGN, lambda: other("ICO")),
    "a map.ppm": (FOREIGN, lambda: other("PPM")),
    "a silicon.sgi": (FOREIGN, lambda: other("SGI")),
    "jpeg2000.jp2": (FOREIGN, lambda: other("JPEG2000")),
    "print.eps": (FOREIGN, lambda: other("EPS")),
    "a page.pdf": (FOREIGN, lambda: other("PDF")),
    "stars.fits": (FOREIGN, lambda: b"SIMPLE  =                    T".ljust(2880) + bytes(2880)),
    "layers.psd": (FOREIGN, lambda: b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 80, 80, 8, 3) + bytes(100)),
    "a drawing.svg": (FOREIGN, lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "a page.html.jpg": (FOREIGN, lambda: b"<html><script>alert(1)</script><!--" + written(scene(), "JPEG") + b"-->"),
    "an archive.jpg": (FOREIGN, lambda: b"PK\3\4" + bytes(200)),
    "a program.png": (FOREIGN, lambda: b"\x7fELF" + bytes(200)),
    "a long word.png": (DAMAGED, lambda: with_chunk(b"zTXt", b"words\0\0" + zlib.compress(bytes(80_000_000), 9))),
    "a wide word.png": (DAMAGED, lambda: with_chunk(b"iTXt", b"words\0\1\0\0\0" + zlib.compress(bytes(80_000_000), 9))),
    "a heavy profile.png": (DAMAGED, lambda: with_chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(80_000_000), 9))),
    "many pixels too few.png": (DAMAGED, lambda: with_checksums(PNG + written(scene(), "PNG")[8:33] + bytes(4) + b"IDAT" + bytes(4))),
}  # fmt: skip


def followed(raw: bytes, tail: bytes) -> bytes:
    return raw + tail


TAKEN: dict[str, Callable[[], bytes]] = {
    "a picture and an archive.jpg": lambda: followed(written(scene(), "JPEG"), b"PK\3\4SECRET" + bytes(200)),
    "a picture and a page.png": lambda: followed(written(scene(), "PNG"), b"<script>SECRET</script>"),
    "a telephone.heic": lambda: honest("HEIF")[0],
    "new.avif": lambda: honest("AVIF")[0],
    "for print.jpg": lambda: written(scene(mode="CMYK"), "JPEG"),
    "sixteen bits.png": lambda: written(Image.new("I;16", (80, 80), 32768), "PNG"),
    "palette.png": lambda: written(scene(mode="P"), "PNG", transparency=1),
    "one bit.png": lambda: written(scene(mode="1"), "PNG"),
    "moving.png": lambda: film("PNG"),
    "moving.webp": lambda: film("WEBP"),
    "with its place.jpg": lambda: honest("JPEG")[0],
}

# Names that a browser or another computer may give a file.
NAMES = (
    "../../../etc/passwd.png",
    "..\\..\\evil.png",
    "/etc/cron.d/evil.png",
    "C:\\Windows\\evil.png",
    "CON.png",
    "a\0b.png",
    "\u202egnp.live.png",
    "x" * 300 + ".png",
    "<img src=x onerror=alert(1)>.png",
    "{name} {0} %s.png",
    "😀👨‍👩‍👧.png",
    ".png",
    "",
    "\ud800.png",
    "a\nb\r\n.png",
)


def noise() -> bytes:
    """A good photo, no other of which looks the same."""
    return written(Image.effect_noise((320, 280), 90).convert("RGB"), "PNG")


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"])
