"""Pictures with a few bytes changed, as many as wanted, each told by its format and number alone.

A change that breaks only a checksum says nothing of the decoder behind it, so that half of the PNGs get theirs mended.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
PNG = b"\x89PNG\r\n\x1a\n"
TELLING = (
    0,
    1,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
)  # where counting goes wrong
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def scene(size: tuple[int, int] = (96, 80), mode: str = "RGB") -> Image.Image:
    """A small picture in which a decoder has something to do."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste("red", (8, 8, 40, 40))
    image.paste("blue", (30, 20, 90, 70))
    return image.convert(mode)


def told() -> bytes:
    """What a camera writes beside a picture."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER], exif[GPS] = 6, "Camera", {1: "N", 2: (10.0, 46.0, 37.0)}
    return exif.tobytes()


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    raw = io.BytesIO()
    image.save(raw, kind, **options)
    return raw.getvalue()


@cache
def honest(kind: str) -> tuple[bytes, ...]:
    """Small pictures of one format in several of its manners; each is taken in."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    profile = _profile()
    plain = written(scene(), kind, exif=told(), icc_profile=profile)
    match kind:
        case "JPEG":
            manners: tuple[bytes, ...] = (
                written(
                    scene(), kind, progressive=True, comment=b"words", xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
                ),
                written(scene(mode="CMYK"), kind),
                written(scene(mode="L"), kind, restart_marker_blocks=2),
            )
        case "PNG":
            grey = Image.new("I;16", (80, 80), 32768)
            manners = (
                written(scene(mode="RGBA"), kind),
                written(scene(mode="P"), kind, transparency=3),
                written(scene(mode="1"), kind),
                written(grey, kind),
                written(scene(), kind, save_all=True, append_images=[scene(mode="RGB")], duration=40),
            )
        case "WEBP":
            manners = (
                written(scene(mode="RGBA"), kind, lossless=True),
                written(scene(), kind, save_all=True, append_images=[scene().rotate(90)], duration=40),
            )
        case _:
            manners = (written(scene(mode="RGBA"), kind), written(scene(), kind, quality=10))
    return (plain, *manners)


def _profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def mutant(kind: str, number: int) -> bytes:
    """The picture of this number; the same for all time that Pillow writes the same honest one."""
    dice = random.Random(f"{kind} {number}")
    raw = bytearray(dice.choice(honest(kind)))
    for _ in range(dice.choice((1, 1, 1, 2, 4, 16))):
        dice.choice(CHANGES)(dice, raw)
        if len(raw) < 16:
            break
    return with_checksums(bytes(raw)) if kind == "PNG" and dice.random() < 0.5 else bytes(raw)


def _place(dice: random.Random, raw: bytearray) -> int:
    """Anywhere; half of the time near the beginning, where sizes and tables lie."""
    return dice.randrange(min(len(raw), 400) if dice.random() < 0.5 else len(raw))


def _turn_bit(dice: random.Random, raw: bytearray) -> None:
    raw[_place(dice, raw)] ^= 1 << dice.randrange(8)


def _set_byte(dice: random.Random, raw: bytearray) -> None:
    raw[_place(dice, raw)] = dice.randrange(256)


def _set_number(dice: random.Random, raw: bytearray) -> None:
    at, number = _place(dice, raw), dice.choice(TELLING)
    packed = struct.pack(dice.choice("<>") + "I", number)
    raw[at : at + 4] = packed if number > 0xFFFF or dice.random() < 0.3 else packed.strip(b"\0")[:2] or b"\0"


def _cut_off(dice: random.Random, raw: bytearray) -> None:
    del raw[_place(dice, raw) :]


def _cut_out(dice: random.Random, raw: bytearray) -> None:
    at = _place(dice, raw)
    del raw[at : at + dice.randint(1, 64)]


def _say_twice(dice: random.Random, raw: bytearray) -> None:
    at = _place(dice, raw)
    raw[at:at] = raw[at : at + dice.randint(1, 400)]


def _put_in(dice: random.Random, raw: bytearray) -> None:
    at = _place(dice, raw)
    raw[at:at] = dice.randbytes(dice.randint(1, 64))


def _exchange(dice: random.Random, raw: bytearray) -> None:
    at, other, long = _place(dice, raw), _place(dice, raw), dice.randint(1, 64)
    raw[at : at + long], raw[other : other + long] = raw[other : other + long], raw[at : at + long]


CHANGES: tuple[Callable[[random.Random, bytearray], None], ...] = (
    *(_turn_bit, _set_byte, _set_byte, _set_number, _set_number),
    *(_cut_off, _cut_out, _say_twice, _put_in, _exchange),
)


def with_checksums(raw: bytes) -> bytes:
    """A PNG whose chunks are whole again, as far as their lengths can be believed."""
    parts, at = [raw[:8]], 8
    while at + 12 <= len(raw):
        long = int.from_bytes(raw[at : at + 4], "big")
        if at + 12 + long > len(raw):
            break
        chunk = raw[at + 4 : at + 8 + long]
        parts.append(struct.pack(">I", long) + chunk + struct.pack(">I", zlib.crc32(chunk)))
        at += 12 + long
    return b"".join([*parts, raw[at:]])


def chunks(raw: bytes) -> list[bytes]:
    """The kinds of the chunks of a whole PNG."""
    kinds, at = [], 8
    while at + 12 <= len(raw):
        kinds.append(raw[at + 4 : at + 8])
        at += 12 + int.from_bytes(raw[at : at + 4], "big")
    return kinds
