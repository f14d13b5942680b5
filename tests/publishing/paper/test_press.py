"""The inks of a press: taken by its own profile, black words in black alone, and never more ink than is told."""

import io
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image, ImageCms

from studio.errors import BadInput
from studio.progress import finish
from studio.publishing.marks import PAPER
from studio.publishing.paper.inspection import inspect
from studio.publishing.paper.pdf import bind
from studio.publishing.paper.press import load_press
from tests.publishing.paper.presses import press_profile


@pytest.fixture(scope="module")
def icc(tmp_path_factory):
    file = tmp_path_factory.mktemp("press") / "press.icc"
    file.write_bytes(press_profile())
    return file


@pytest.fixture(scope="module")
def inked(book, pictures, icc, tmp_path_factory):
    """Two pages for IngramSpark, in the inks of the press."""
    short = replace(book, pages=book.pages[:2])
    out = tmp_path_factory.mktemp("inked") / "book.pdf"
    return finish(bind(short, pictures, out, "ingram", icc=icc, accept_red=True))


def test_a_press_is_called_as_its_profile_says_and_makes_white_of_nothing(icc):
    press = load_press(icc)
    assert press.title == "A press for tests"
    assert press.colour("#FFFFFF") == pytest.approx((0, 0, 0, 0), abs=0.02)
    cyan, magenta, yellow, black = press.colour("#C4532B")
    assert yellow > magenta > cyan and black > 0.1


def test_words_of_a_dark_grey_are_printed_in_black_alone(icc):
    press = load_press(icc)
    assert press.colour("#2B2430", words=True) == pytest.approx((0, 0, 0, 1), abs=0.02)
    assert press.colour("#625A63", words=True)[3] == pytest.approx(0.73, abs=0.05)
    assert press.colour("#1F7A74", words=True)[0] > 0.5


def test_paper_is_laid_in_the_same_inks_that_pictures_fade_into(icc):
    press = load_press(icc)
    faded = press.inked(Image.new("RGB", (4, 4), PAPER)).tobytes()[:4]
    assert press.colour(PAPER) == pytest.approx([ink / 255 for ink in faded], abs=1e-4)


def test_pictures_come_back_as_they_were_through_the_same_profile(icc):
    colours = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    inks = load_press(icc).inked(colours)
    back = ImageCms.profileToProfile(inks, str(icc), ImageCms.createProfile("sRGB"), outputMode="RGB")
    pairs = zip(back.convert("L").tobytes(), colours.convert("L").tobytes(), strict=True)
    assert inks.mode == "CMYK" and max(abs(one - other) for one, other in pairs) < 16


def test_a_file_in_inks_holds_nothing_else_and_names_its_press(inked, tool):
    assert inspect(inked.file).colours <= {"CMYK", "grey"}
    with pikepdf.open(inked.file) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert (str(intent.S), str(intent.Info)) == ("/GTS_PDFX", "A press for tests")
        assert intent.DestOutputProfile.read_bytes() == press_profile()
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", inked.file)


def test_a_file_in_inks_looks_as_it_does_on_a_screen(inked, book, pictures, tmp_path, tool):
    """poppler reads inks without their profile, so that colours are near and not the same; inverted ones would be far."""
    plain = finish(bind(replace(book, pages=book.pages[:2]), pictures, tmp_path / "rgb.pdf", "ingram", accept_red=True))
    seen = []
    for export in (inked, plain):
        tool("pdftoppm", "-r", 12, "-f", 6, "-l", 6, "-singlefile", "-png", export.file, tmp_path / "page")
        with Image.open(tmp_path / "page.png") as page:
            seen.append(list(page.convert("RGB").resize((8, 8)).tobytes()))
    assert sum(abs(one - other) for one, other in zip(*seen, strict=True)) / len(seen[0]) < 30


def test_ink_is_measured_and_too_much_of_it_is_red(inked, book, pictures, tmp_path):
    assert [one.level for one in inked.findings if one.check == "ink"] == ["green"]
    (tmp_path / "thick.icc").write_bytes(press_profile(black=False))
    Image.new("RGB", (256, 256), "black").save(tmp_path / "01.png")
    short = replace(book, pages=book.pages[:1])
    work = bind(short, tmp_path, tmp_path / "x.pdf", "ingram", icc=tmp_path / "thick.icc", accept_red=True)
    (ink,) = (one for one in finish(work).findings if one.check == "ink")
    assert ink.level == "red" and ink.values["ink"] > 240 and "240 %" in ink.said()


def test_without_a_profile_ingram_gets_the_colours_of_screens_and_is_told_so(book, pictures, tmp_path):
    made = finish(bind(replace(book, pages=book.pages[:2]), pictures, tmp_path / "x.pdf", "ingram", accept_red=True))
    assert any(one.check == "colours" and one.level == "amber" and "sRGB" in one.said() for one in made.findings)
    assert "RGB" in inspect(made.file).colours


def test_what_is_no_profile_of_a_press_is_refused_with_its_reason(tmp_path):
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    files = {"picture.icc": b"\x89PNG", "screen.icc": screen, "half.icc": press_profile(both_ways=False)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    told = {
        "picture.icc": "is no ICC profile",
        "screen.icc": "other colours than the four inks",
        "half.icc": "not which inks to take",
        "x.icc": "There is no colour profile",
    }
    for name, why in told.items():
        with pytest.raises(BadInput, match=why) as error:
            load_press(tmp_path / name)
        assert f"'{name}'" in str(error.value) and str(tmp_path) not in str(error.value)


def test_pixels_in_inks_are_a_jpeg_of_four_parts(inked):
    with pikepdf.open(inked.file) as pdf:
        images = [image for page in pdf.pages for image in page.get_images().values()]
        raw = images[0].read_raw_bytes()
    with Image.open(io.BytesIO(raw)) as jpeg:
        assert (jpeg.format, jpeg.mode) == ("JPEG", "CMYK")
