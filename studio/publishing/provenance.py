"""Where pictures come from, said in the files themselves so that machines can read it: made by a trained model (IPTC digital source type
in XMP; IPTC Photo Metadata Standard 2025.1), as EU law asks of who offers such pictures (AI Act, article 50). Nothing else is said:
prompts and names stay in the project. Where somebody gave a key of their own, pictures and PDFs are signed too (C2PA 2.2)."""

from __future__ import annotations

import io
import json
import os
import re
import struct
from pathlib import Path

from .. import __version__
from ..errors import NotReady
from ..files import atomic_write
from ..rendering.notes import SIGNATURE, put_notes, read_notes
from ..rendering.source import AI_PICTURES, NOTE, PACKET
from .credentials import signed_pdf

JPEG, PDF, APP1, XAP = b"\xff\xd8", b"%PDF", 0xFFE1, b"http://ns.adobe.com/xap/1.0/\0"
KEY, CHAIN = (
    "STUDIO_C2PA_KEY",
    "STUDIO_C2PA_CERTIFICATES",
)  # files: a private key, and the certificates for it, both PEM
SAID = re.compile(r"DigitalSourceType\s*(?:>|=\s*[\"'])\s*(http://cv\.iptc\.org/newscodes/digitalsourcetype/\w+)")


def mark(*files: Path) -> None:
    """Puts the mark into these files, see `marked`. Raises NotReady, NoRoom."""
    for file in files:
        atomic_write(file, marked(file.read_bytes()))


def marked(picture: bytes) -> bytes:
    """The same picture, a PNG or JPEG, or PDF with nothing told yet, with the mark in it and not a pixel changed; signed where a key was
    given. Other bytes are given back as they are. Raises NotReady for a key that cannot be used."""
    if picture.startswith(SIGNATURE):
        picture = put_notes(picture, {NOTE: PACKET})
    elif picture.startswith(JPEG):
        body = XAP + PACKET.encode()
        picture = JPEG + struct.pack(">HH", APP1, len(body) + 2) + body + picture[2:]
    elif picture.startswith(PDF):
        picture = _told(picture)
    else:
        return picture
    return _signed(picture) if os.environ.get(KEY) else picture


def _told(pdf: bytes) -> bytes:
    """The same PDF with the mark as its XMP."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        stream = opened.make_stream(PACKET.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        opened.Root.Metadata, out = stream, io.BytesIO()
        opened.save(out, deterministic_id=True)
    return out.getvalue()


def source_of(picture: bytes) -> str:
    """The digital source type that a picture or PDF tells; empty when it tells none."""
    told = read_notes(picture).get(NOTE, "") if picture.startswith(SIGNATURE) else picture.decode("latin-1")
    found = SAID.search(told)
    return found[1] if found else ""


def with_credentials(pdf: bytes) -> bytes:
    """The same PDF, signed where a key was given. It holds a file then, and no two signings are the same bytes. Raises NotReady."""
    return _signed(pdf) if os.environ.get(KEY) else pdf


def _signed(content: bytes) -> bytes:
    """With a C2PA manifest that says the same, bound to the bytes of the file. The certificates are the person's own, and no clock
    elsewhere is asked."""
    import c2pa

    kind = "image/png" if content.startswith(SIGNATURE) else "image/jpeg"
    made = {"action": "c2pa.created", "digitalSourceType": AI_PICTURES, "softwareAgent": {"name": "Storybook Studio"}}
    manifest = {
        "claim_generator_info": [{"name": "Storybook Studio", "version": __version__}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [made]}}],
    }
    try:
        key, chain = (Path(os.environ.get(name, "")).read_bytes() for name in (KEY, CHAIN))
        signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None))
        if content.startswith(PDF):
            return signed_pdf(content, json.dumps(manifest), signer)
        with c2pa.Builder(json.dumps(manifest)) as builder:
            out = io.BytesIO()
            builder.sign(signer, kind, io.BytesIO(content), out)
    except (OSError, c2pa.C2paError) as error:
        raise NotReady(
            "The pictures could not be signed with the key that is set up ({key}, {chain}): it has to be an ES256 key with its "
            "certificates, both as PEM. Take the setting away or mend it; nothing was written.",
            key=KEY,
            chain=CHAIN,
        ) from error
    return out.getvalue()
