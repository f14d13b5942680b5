"""Every file that leaves says in words that machines read that its pictures are made by a model, and says nothing else of them."""

from __future__ import annotations

import base64
import datetime
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import c2pa
import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from studio.errors import NotReady
from studio.progress import finish
from studio.publishing.provenance import CHAIN, JPEG, KEY, marked, source_of, with_credentials
from studio.rendering.notes import read_notes
from studio.rendering.source import AI_PICTURES
from studio.workshop import Workshop
from tests.painter import plain_painter

STORY = "Bitterleaf finds a red kite in the garden. The wind takes it to the sea."


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workshop, str]]:
    """A book with all its pictures, and where it is kept."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        workshop = Workshop(illustrator=plain_painter())
        book = workshop.begin_book(workshop.read_story(STORY), pages=2)
        finish(workshop.draw_book(book.id))
        yield workshop, book.id


@pytest.fixture(scope="module")
def files(drawn: tuple[Workshop, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The book in every form, and one free picture."""
    (workshop, book), room = drawn, tmp_path_factory.mktemp("out")
    for suffix in (".pdf", ".epub", ".html", ".zip"):
        finish(workshop.export_book(book, room / f"book{suffix}", accept_red=True))
    finish(workshop.export_archive(book, room / "book.storybook"))
    finish(workshop.draw_picture("a fox in the garden", room / "free.png"))
    return {path.suffix: path.read_bytes() for path in room.glob("*.*")}


def pictures(files: dict[str, bytes]) -> Iterator[bytes]:
    """The pictures in the files that hold them as they are."""
    yield files[".png"]
    for suffix in (".zip", ".epub"):
        with zipfile.ZipFile(io.BytesIO(files[suffix])) as package:
            yield from (package.read(name) for name in package.namelist() if name.endswith((".png", ".jpg", ".jpeg")))
    for found in re.findall(rb"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", files[".html"]):
        yield base64.b64decode(found)


def test_every_file_and_every_picture_in_it_says_so(files: dict[str, bytes]) -> None:
    assert {*files} == {".pdf", ".epub", ".html", ".zip", ".storybook", ".png"}
    assert source_of(files[".pdf"]) == AI_PICTURES and AI_PICTURES.encode() in files[".html"]
    with zipfile.ZipFile(io.BytesIO(files[".epub"])) as package:
        assert any(b"TrainedAlgorithmicMediaDigitalSource" in package.read(name) for name in package.namelist())
    with zipfile.ZipFile(
        io.BytesIO(files[".storybook"])
    ) as package:  # the project itself, which keeps how each was drawn
        packed = [package.read(name) for name in package.namelist() if name.endswith(".png")]
    every = [*pictures(files), *packed]
    assert len(packed) == 2 and len(every) >= 8 and all(source_of(picture) == AI_PICTURES for picture in every)


def test_the_mark_is_read_back_after_the_picture_was_made_smaller_and_packed_anew(files: dict[str, bytes]) -> None:
    for raw in pictures(files):
        for form in ("JPEG", "PNG"):
            with Image.open(io.BytesIO(raw)) as picture:
                note, smaller, again = picture.info["xmp"], picture.convert("RGB").resize((96, 96)), io.BytesIO()
            if form == "JPEG":
                smaller.save(again, form, quality=80, xmp=note)
                assert source_of(again.getvalue()) == AI_PICTURES
            else:
                smaller.save(again, form)
                assert source_of(marked(again.getvalue())) == AI_PICTURES


def test_nothing_else_is_said_of_a_picture(files: dict[str, bytes]) -> None:
    told = [json.dumps(read_notes(picture)) + str(Image.open(io.BytesIO(picture)).info) for picture in pictures(files)]
    assert not any(word in one.casefold() for one in told[1:] for word in ("bitterleaf", "kite", "seed", "steps"))


@pytest.fixture
def signing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key of one's own with its certificates, as an authority would give them."""
    root, mine = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    chain = b"".join(
        certificate(name, key, root, name == "Authority").public_bytes(serialization.Encoding.PEM)
        for name, key in (("Family", mine), ("Authority", root))
    )
    plain = serialization.NoEncryption()
    raw = mine.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    for name, content in ((KEY, raw), (CHAIN, chain)):
        (tmp_path / name).write_bytes(content)
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


def certificate(name: str, key, root, authority: bool) -> x509.Certificate:
    def called(who: str) -> x509.Name:
        return x509.Name(
            [x509.NameAttribute(NameOID.COMMON_NAME, who), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Home")]
        )

    uses = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
                          "decipher_only"), False)  # fmt: skip
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(called("Authority"), called(name), key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(1))
        .not_valid_after(now + datetime.timedelta(9))
        .add_extension(x509.BasicConstraints(authority, None), True)
        .add_extension(
            x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **uses), True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), False)
    )
    if not authority:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    return made.sign(root, hashes.SHA256())


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_with_a_key_of_ones_own_a_picture_is_signed_and_a_changed_one_is_found_out(signing: Path, form: str) -> None:
    raw = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(raw, form)
    signed, kind = marked(raw.getvalue()), f"image/{form.lower()}"
    assert state(signed, kind) == ("Valid", {"signingCredential.untrusted"}) and source_of(signed) == AI_PICTURES
    altered = signed[:-40] + bytes([signed[-40] ^ 1]) + signed[-39:]
    assert state(altered, kind)[0] == "Invalid"


def state(signed: bytes, kind: str) -> tuple[str, set[str]]:
    """What the library reads of a file, and what it holds against it; the authority of these tests is known to nobody."""
    with c2pa.Reader(kind, io.BytesIO(signed)) as reader:
        told = json.loads(reader.json())
    assert AI_PICTURES in json.dumps(told["manifests"][told["active_manifest"]]["assertions"])
    return told["validation_state"], {one["code"] for one in told["validation_status"]}


def test_a_pdf_is_signed_and_every_changed_byte_around_the_manifest_is_found_out(
    signing: Path, files: dict[str, bytes]
) -> None:
    signed = with_credentials(files[".pdf"])
    assert state(signed, "application/pdf") == ("Valid", {"signingCredential.untrusted"})
    for at in (10, signed.index(JPEG) + 900, signed.index(b"trainedAlgorithmicMedia")):  # the head, a picture, the XMP
        altered = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        assert state(altered, "application/pdf") == (
            "Invalid",
            {"signingCredential.untrusted", "assertion.dataHash.mismatch"},
        )


def test_a_pdf_that_told_nothing_is_marked_and_signed_too(signing: Path) -> None:
    raw = io.BytesIO()
    lesson = Canvas(raw, invariant=1)
    lesson.drawString(72, 72, "how noise becomes a picture")
    lesson.save()
    signed = marked(raw.getvalue())
    assert state(signed, "application/pdf") == ("Valid", {"signingCredential.untrusted"})
    assert source_of(signed) == AI_PICTURES


def test_a_signed_pdf_holds_its_manifest_as_a_file_and_shows_the_same_pages(
    signing: Path, files: dict[str, bytes]
) -> None:
    signed = with_credentials(files[".pdf"])
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        assert pdf.check_pdf_syntax() == []
        (file,), names = pdf.Root.AF, pdf.Root.Names.EmbeddedFiles.Names
        assert file.AFRelationship == "/C2PA_Manifest" and "/Filter" not in file.EF.F and names[1].objgen == file.objgen
        assert source_of(signed) == AI_PICTURES and "/StructTreeRoot" in pdf.Root and "/Outlines" in pdf.Root
    for name, raw in (("plain", files[".pdf"]), ("signed", signed)):
        (signing / f"{name}.pdf").write_bytes(raw)
        subprocess.run(["pdftoppm", "-r", "20", signing / f"{name}.pdf", signing / name], check=True)
    subprocess.run(["qpdf", "--check", signing / "signed.pdf"], check=True)
    sides = [sorted(signing.glob(f"{name}-*.ppm")) for name in ("plain", "signed")]
    assert len(sides[0]) == len(sides[1]) >= 2
    assert all(one.read_bytes() == other.read_bytes() for one, other in zip(*sides, strict=True))


@pytest.mark.parametrize(("profile", "signed"), [("screen", True), ("booklet", True), ("kdp", False)])
def test_a_book_leaves_signed_except_for_a_press(
    signing: Path, drawn: tuple[Workshop, str], tmp_path: Path, profile: str, signed: bool
) -> None:
    workshop, book = drawn
    export = finish(workshop.export_book(book, tmp_path / "book.pdf", profile=profile, accept_red=True))
    told = {finding.message for finding in export.findings if finding.level == "green"}
    assert {"All fonts are in the file.", "Nothing is transparent."} <= told
    raw = (tmp_path / "book.pdf").read_bytes()
    assert (b"C2PA_Manifest" in raw) is signed
    if signed:
        assert state(raw, "application/pdf")[0] == "Valid"


def test_a_key_that_cannot_be_used_is_told_and_nothing_goes_out_unsigned(signing: Path) -> None:
    (signing / KEY).write_text("no key")
    raw = io.BytesIO()
    Image.new("RGB", (64, 64)).save(raw, "PNG")
    with pytest.raises(NotReady, match="could not be signed"):
        marked(raw.getvalue())


def test_no_pdf_leaves_with_a_key_that_cannot_be_used(
    signing: Path, drawn: tuple[Workshop, str], tmp_path: Path
) -> None:
    (signing / CHAIN).write_text("no certificates")
    with pytest.raises(NotReady, match="could not be signed"):
        finish(drawn[0].export_book(drawn[1], tmp_path / "book.pdf", accept_red=True))
    assert not [*tmp_path.glob("*.pdf*")]
