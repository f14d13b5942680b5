"""The child process that opens untrusted pictures: raw bytes on stdin, a clean PNG on stdout.

    python -m studio.photos.decoder < photo.jpg > clean.png

It ends with 0 and the picture, or with `REFUSED` and one line on stderr: a reason of `door.SENTENCES`, then the width and
height where they are known. It imports nothing of the studio but `rights`, so that it starts fast, and gives up all that a
decoder does not need, so that a broken one harms nothing else: it can read programs only, write nothing and ask nobody.
"""

from __future__ import annotations

import io
import struct
import sys
import warnings
import zlib
from typing import TYPE_CHECKING

from ..rights import confine, programs

if TYPE_CHECKING:
    from PIL import Image

REFUSED = 3
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")  # rare formats are where nearly every decoder bug has been
MOST_PIXELS = 40_000_000
LONG_SIDE_PX = 1024
SHORT_SIDE_PX = 64
MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 15
ORIENTATION = 0x0112
TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # of EXIF, to the Image.Transpose that makes it upright


class Refused(Exception):
    """Why a picture is not taken in; the first word is a key of `door.SENTENCES`."""


def limit_resources() -> None:
    """Caps memory and processor time of this process, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    if sys.platform == "linux":  # macOS refuses to lower its address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def clean(raw: bytes) -> bytes:
    """The picture as a PNG of RGB pixels, upright, long side at most `LONG_SIDE_PX`, with no metadata. Raises Refused."""
    image = flat(upright(opened(raw)))
    image.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX))
    if min(image.size) < SHORT_SIDE_PX:
        raise Refused(f"narrow {image.width} {image.height}")
    return as_png(image)


def opened(raw: bytes) -> Image.Image:
    """The decoded picture, its format told by content. Size is read from the header before any pixel is decoded."""
    from PIL import Image, UnidentifiedImageError
    from pillow_heif import register_heif_opener

    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(io.BytesIO(raw), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Refused("format") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused("huge") from error
    except (OSError, ValueError, SyntaxError, RuntimeError) as error:  # the last is the AVIF decoder's word
        raise Refused("damaged") from error
    if min(image.size) < SHORT_SIDE_PX:
        raise Refused(f"small {image.width} {image.height}")
    if image.format == "PNG" and not whole_png(raw):
        raise Refused("damaged")
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError) as error:
        raise Refused("damaged") from error
    return image


def whole_png(raw: bytes) -> bool:
    """Whether the pixels of a PNG are what their checksums say; Pillow looks at those of the other chunks only."""
    at = 8
    while at + 12 <= len(raw) and raw[at + 4 : at + 8] != b"IEND":
        end = at + 8 + int.from_bytes(raw[at : at + 4], "big")
        if raw[at + 4 : at + 8] == b"IDAT" and raw[end : end + 4] != zlib.crc32(raw[at + 4 : end]).to_bytes(4, "big"):
            return False
        at = end + 4
    return True


def upright(image: Image.Image) -> Image.Image:
    """The picture turned as its EXIF orientation says; as it lies when its EXIF cannot be read, for the pixels are whole.

    Pillow's own `exif_transpose` writes the EXIF anew as well, and falls over numbers that are none.
    """
    from PIL import Image

    try:
        orientation = image.getexif().get(ORIENTATION)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, struct.error):
        return image
    return image.transpose(Image.Transpose(TURNS[orientation])) if orientation in TURNS else image


def flat(image: Image.Image) -> Image.Image:
    """RGB, 8 bits; what was transparent is white."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16-bit grey would be clipped to white, not scaled
        return image.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


def as_png(image: Image.Image) -> bytes:
    """PNG bytes of the pixels alone: a new picture, so nothing hidden in the old one can come along."""
    from PIL import Image

    pixels = Image.new("RGB", image.size)
    pixels.paste(image)
    written = io.BytesIO()
    pixels.save(written, "PNG")
    return written.getvalue()


def main() -> int:
    """Reads stdin, writes stdout, and gives the exit status."""
    confine((), programs(), connect=False)
    limit_resources()
    try:
        png = clean(sys.stdin.buffer.read())
    except Refused as refusal:
        sys.stderr.write(str(refusal))
        return REFUSED
    except MemoryError:
        sys.stderr.write("huge")
        return REFUSED
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main())
