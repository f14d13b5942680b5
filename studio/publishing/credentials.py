"""A PDF signed with a key of one's own: a C2PA manifest as an embedded file (C2PA 2.2, A.4 "Embedding manifests into PDFs").

The library signs a PDF only in parts: a place for the manifest is made first, the hash is taken of all that lies around it, and
what the library signs for that hash goes into the place. These two calls of its C interface have no Python form (0.38.1)."""

from __future__ import annotations

import ctypes
import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from c2pa import Builder, Signer

PDF = b"application/pdf"
TITLE = "Content Credentials"  # what readers call it among the files that a PDF holds


def signed_pdf(raw: bytes, manifest: str, signer: Signer) -> bytes:
    """The same pages in a PDF that holds `manifest`, JSON, signed and bound to every other byte. Raises C2paError."""
    import c2pa

    with c2pa.Builder(manifest) as builder:
        place = _place(builder, signer)
        held = _holding(raw, place)
        start = held.index(place)  # it bears an id of its own, so it is there once
        told = _manifest(builder, signer, held, slice(start, start + len(place)))
    if len(told) != len(place):  # other bytes would move, and the hash tells where each lies
        raise c2pa.C2paError(f"a manifest of {len(told)} bytes for a place of {len(place)}")
    return b"".join((held[:start], told, held[start + len(place) :]))


def _holding(raw: bytes, content: bytes) -> bytes:
    """The PDF with `content` in it as a file, not packed as everything else is: nobody could fill it in otherwise."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    with pikepdf.open(io.BytesIO(raw)) as pdf:
        stream = pdf.make_stream(content, Type=Name.EmbeddedFile, Subtype=Name("/application/c2pa"))
        told = Dictionary(Type=Name.Filespec, F=TITLE, UF=TITLE, Desc=TITLE, EF=Dictionary(F=stream, UF=stream))
        told.AFRelationship = Name.C2PA_Manifest
        file = pdf.make_indirect(told)
        pdf.Root.AF = Array([file])
        if "/Names" not in pdf.Root:
            pdf.Root.Names = Dictionary()
        pdf.Root.Names.EmbeddedFiles = Dictionary(Names=Array([TITLE, file]))
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none, deterministic_id=True)
    return out.getvalue()


def _place(builder: Builder, signer: Signer) -> bytes:
    """As many bytes as the signed manifest will have."""
    import c2pa

    size = ctypes.c_size_t(signer.reserve_size())
    return _told(c2pa.c2pa._lib.c2pa_builder_data_hashed_placeholder, builder._handle, size, PDF)


def _manifest(builder: Builder, signer: Signer, held: bytes, place: slice) -> bytes:
    """Signed for the bytes of `held` without those of its own place."""
    import c2pa

    around = {"start": place.start, "length": place.stop - place.start}
    bound = {"name": "jumbf manifest", "alg": "sha256", "exclusions": [around], "hash": [], "pad": []}
    with c2pa.Stream(io.BytesIO(held)) as stream:
        call = c2pa.c2pa._lib.c2pa_builder_sign_data_hashed_embeddable
        return _told(call, builder._handle, signer._handle, json.dumps(bound).encode(), PDF, stream._stream)


def _told(call: Any, *given: Any) -> bytes:
    """What the call puts at the pointer behind its arguments; its own value is how many bytes, or −1. Raises C2paError."""
    import c2pa

    told = ctypes.POINTER(ctypes.c_ubyte)()
    call.restype = ctypes.c_int64
    size = call(*given, ctypes.byref(told))
    c2pa.c2pa._check_ffi_operation_result(size, "no manifest", check=lambda size: size < 0)
    try:
        return ctypes.string_at(told, size)
    finally:
        c2pa.c2pa._lib.c2pa_free(told)
