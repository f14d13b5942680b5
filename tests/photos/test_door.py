from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from studio.errors import BadPhoto
from studio.photos.door import take_in

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F
HOW_IT_LIES = {  # by EXIF orientation, how the pixels of an upright scene lie in the file
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def photo(kind: str = "JPEG", size: tuple[int, int] = (120, 80), mode: str = "RGB", **options: object) -> bytes:
    """A small picture, red on the left and blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    image.convert(mode).save(written, kind, **options)
    return written.getvalue()


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"])


def png_header_only(width: int, height: int) -> bytes:
    """57 bytes that claim to be a picture of this size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    end = b"IEND"
    chunks = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (header, end)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def one_colour(side_px: int) -> bytes:
    """A whole PNG of a grey square, so even that 144 million pixels fit in 160 KB."""
    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(side_px + 1)) for _ in range(side_px)) + packer.flush()
    chunks = [b"IHDR" + header, b"IDAT" + packed, b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_each_format_comes_in_as_rgb_png_whatever_its_name(kind: str) -> None:
    if kind == "HEIF":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    image = opened(take_in("photo.txt", photo(kind)))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (120, 80))
    assert image.getpixel((20, 40))[0] > 200 and image.getpixel((100, 40))[2] > 200


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"Once upon a time there was a text file.", "is not a photo"),
        (photo("GIF"), "is not a photo"),
        (photo("GIF", save_all=True, append_images=[Image.new("RGB", (120, 80))] * 3), "is not a photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "is not a photo"),
        (photo("JPEG", (900, 900))[:2000], "damaged or incomplete"),
        (photo("PNG", (900, 900))[:1500], "damaged or incomplete"),
        (png_header_only(50_000, 50_000), "40 million pixels"),
        (one_colour(12_000), "40 million pixels"),
        (photo("PNG", (40, 30)), "only 40 × 30 pixels"),
        (photo("PNG", (1, 1)), "only 1 × 1 pixels"),
        (photo("JPEG", (1, 30_000)), "only 1 × 30000 pixels"),
        (photo("PNG", (70, 9000)), "long and narrow"),
    ],
    ids=[
        *("empty", "text", "gif", "film", "svg", "half jpeg", "half png"),
        *("bomb", "144 megapixels", "tiny", "point", "line", "strip"),
    ],
)
def test_a_bad_photo_gets_one_clear_sentence_that_names_it(raw: bytes, words: str) -> None:
    with pytest.raises(BadPhoto, match="'beach.jpg'") as refusal:
        take_in("/home/lan/../beach.jpg", raw)
    assert words in str(refusal.value) and "/home" not in str(refusal.value)


def test_a_photo_is_turned_upright_and_tells_nothing_of_place_or_camera() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER], exif[GPS] = 6, "SecretCam", {1: "N", 2: (10.0, 46.0, 37.0)}
    png = take_in("may.jpg", photo("JPEG", exif=exif.tobytes(), comment=b"SecretWords"))
    image = opened(png)
    assert image.size == (80, 120) and image.getpixel((40, 20))[0] > 200
    assert not image.info and not image.getexif() and b"Secret" not in png


def test_a_photo_whose_notes_are_torn_comes_in_as_it_lies() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    torn = photo("WEBP", exif=exif.tobytes()).replace(b"II*\0", b"torn").replace(b"MM\0*", b"torn")
    assert b"torn" in torn and opened(take_in("may.webp", torn)).size == (120, 80)


def test_a_torn_avif_is_told_as_damaged() -> None:
    raw = photo("AVIF")
    with pytest.raises(BadPhoto, match="damaged or incomplete"):
        take_in("may.avif", raw[:-40] + bytes(40))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_however_the_camera_was_held_the_same_picture_comes_in(orientation: int) -> None:
    scene = Image.new("RGB", (120, 80), "blue")
    scene.paste("red", (0, 0, 60, 40))
    scene.paste("white", (0, 40, 60, 80))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    written = io.BytesIO()
    held = scene if orientation == 1 else scene.transpose(HOW_IT_LIES[orientation])
    held.save(written, "PNG", exif=exif)
    assert opened(take_in("may.png", written.getvalue())).tobytes() == scene.tobytes()


def test_a_large_photo_is_made_small_without_stretching() -> None:
    assert opened(take_in("wide.jpg", photo("JPEG", (3000, 1500)))).size == (1024, 512)


def test_what_was_transparent_becomes_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (80, 80), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(take_in("cut-out.png", written.getvalue())).getpixel((40, 40)) == (255, 255, 255)


def test_a_photo_for_the_printer_keeps_its_colours() -> None:
    image = opened(take_in("print.jpg", photo("JPEG", mode="CMYK")))
    assert image.getpixel((20, 40)) == pytest.approx((255, 0, 0), abs=12)
    assert image.getpixel((100, 40)) == pytest.approx((0, 0, 255), abs=12)


def test_sixteen_bits_of_colour_come_in_as_eight() -> None:
    import cv2
    import numpy

    blue, green, red = (numpy.full((80, 120), value, numpy.uint16) for value in (65535, 32768, 0))
    raw = cv2.imencode(".png", numpy.dstack([blue, green, red]))[1].tobytes()
    assert opened(take_in("scan.png", raw)).getpixel((60, 40)) == pytest.approx((0, 128, 255), abs=1)


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("L", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG")])
def test_unusual_colour_modes_come_in_as_rgb(mode: str, kind: str) -> None:
    assert opened(take_in("scan", photo(kind, mode=mode))).mode == "RGB"


def test_sixteen_bit_grey_keeps_its_brightness() -> None:
    written = io.BytesIO()
    Image.new("I;16", (80, 80), 32768).save(written, "PNG")
    assert opened(take_in("scan.png", written.getvalue())).getpixel((40, 40))[0] == pytest.approx(128, abs=2)
