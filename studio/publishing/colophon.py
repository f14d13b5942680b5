"""The book's own words beside the story, in the language of the story: headings, and how the book was made."""

from __future__ import annotations

from dataclasses import dataclass

from .. import __version__
from ..models.table import known_models
from ..story.story import Language
from .book import Book
from .faces import FACES

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "cover": "Cover",
        "cover alt": "The cover of “{title}”",
        "back": "Back of the cover",
        "half title": "Half title",
        "dedication": "Dedication",
        "about heading": "About {name}",
        "about": "This is {name}. Can you find {name} on every page?",
        "own page": "Draw your own page",
        "title page": "Title page",
        "colophon": "How it was made",
        "page": "Page {number}",
        "by": "A story by {author}",
        "untitled": "A book without a name",
        "heading": "How this book was made",
        "pictures": "The pictures were drawn by software (AI) on the family's own computer.",
        "model": "Picture model",
        "character": "Character",
        "style": "Drawing style",
        "plain style": "the model's own",
        "writer": "Scenes found by",
        "plain": "the studio's plain writer, without AI",
        "llm": "a language model (AI)",
        "seed": "Seed",
        "made": "Begun on",
        "day": "{year}-{month}-{day}",
        "studio": "Made with",
        "fonts": "Fonts",
        "font licence": "{families} (SIL Open Font License)",
    },
    "vi": {
        "cover": "Bìa",
        "cover alt": "Bìa sách “{title}”",
        "back": "Bìa sau",
        "half title": "Tên sách",
        "dedication": "Lời đề tặng",
        "about heading": "Về {name}",
        "about": "Đây là {name}. Em có tìm thấy {name} ở mỗi trang không?",
        "own page": "Em hãy vẽ trang của mình",
        "title page": "Trang tên sách",
        "colophon": "Lời cuối sách",
        "page": "Trang {number}",
        "by": "Truyện của {author}",
        "untitled": "Cuốn sách chưa có tên",
        "heading": "Cuốn sách này được làm như thế nào",
        "pictures": "Tranh trong sách do phần mềm (AI) vẽ trên máy tính của chính gia đình.",
        "model": "Mô hình vẽ",
        "character": "Nhân vật",
        "style": "Phong cách vẽ",
        "plain style": "của chính mô hình",
        "writer": "Chia cảnh",
        "plain": "bộ chia cảnh của xưởng, không dùng AI",
        "llm": "mô hình ngôn ngữ (AI)",
        "seed": "Số ngẫu nhiên (seed)",
        "made": "Bắt đầu ngày",
        "day": "{day}/{month}/{year}",
        "studio": "Làm bằng",
        "fonts": "Phông chữ",
        "font licence": "{families} (giấy phép SIL Open Font License)",
    },
}

STYLES: dict[Language, dict[str, str]] = {  # those of the studio; one's own is called by its id
    "en": {
        "watercolour": "watercolour",
        "crayon": "crayon",
        "cutout": "paper cut-out",
        "pixels": "pixel art",
        "pencil": "pencil",
        "gouache": "gouache by night",
        "dongho": "Đông Hồ print",
        "lacquer": "lacquer",
    },
    "vi": {
        "watercolour": "màu nước",
        "crayon": "sáp màu",
        "cutout": "cắt giấy",
        "pixels": "tranh điểm ảnh",
        "pencil": "bút chì",
        "gouache": "bột màu đêm",
        "dongho": "tranh Đông Hồ",
        "lacquer": "sơn mài",
    },
}


@dataclass(frozen=True, slots=True)
class Colophon:
    """The last page: a heading, a sentence, and rows of a label and what it says."""

    heading: str
    sentence: str
    rows: tuple[tuple[str, str], ...]


def colophon(book: Book) -> Colophon:
    """How `book` was made, from its own record only, so that the same book always says the same."""
    words = WORDS[book.story.language]
    families = dict.fromkeys(face.family for face in FACES)
    titles = {model.key: model.title for model in known_models()}
    rows = (
        (words["model"], titles.get(book.look.model, book.look.model)),
        (words["character"], _characters(book)),
        (words["style"], _styles(book) or words["plain style"]),
        (words["writer"], words.get(book.writer, book.writer)),
        (words["seed"], str(book.look.seed)),
        (words["made"], _day(book)),
        (words["studio"], f"Storybook Studio {__version__}"),
        (words["fonts"], words["font licence"].format(families=", ".join(families))),
    )
    return Colophon(words["heading"], words["pictures"], tuple(row for row in rows if row[1]))


def title(book: Book) -> str:
    """What stands on the cover."""
    return book.title.strip() or book.story.title.strip() or WORDS[book.story.language]["untitled"]


def _characters(book: Book) -> str:
    """Names as the story tells them, of those who were drawn from the family's own pictures."""
    names = {role.character: role.name for role in book.cast.roles if role.character}
    return ", ".join(names.get(worn.adapter, worn.adapter) for worn in book.look.characters)


def _styles(book: Book) -> str:
    known = STYLES[book.story.language]
    return ", ".join(known.get(worn.adapter, worn.adapter) for worn in book.look.styles)


def _day(book: Book) -> str:
    year, month, day = book.created[:10].split("-")
    return WORDS[book.story.language]["day"].format(year=year, month=month, day=day)
