"""What a person answers when a printer asks which parts of a book were made with AI: ready to copy, in both languages."""

from __future__ import annotations

from ...models.table import known_models
from ...story.story import Language
from ..book import Book
from ..colophon import title
from ..lines import clean
from ..profiles import Profile

ASKS = {"kdp"}  # who asks for texts, pictures and translations one by one
LANGUAGES: tuple[Language, ...] = ("en", "vi")
WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "asked": "{service} asks three questions about AI. For '{title}' the answers are:",
        "head": "Did AI help with '{title}'? The answers are:",
        "own text": "Texts: none. The story was written by people, and it was split into pages without AI.",
        "text": (
            "Texts: some sections. A language model ({writer}) split the story into pages and may have worded them. "
            "If you wrote every word yourself, answer: none."
        ),
        "pictures": (
            "Images: many AI-generated images, with minimal or no editing. All pictures, those on the cover too, were "
            "drawn by the picture model {model} in Storybook Studio."
        ),
        "no translation": "Translations: none.",
        "translation": (
            "Translations: the pages are also told in {second}. If a language model translated them, answer: entire work; "
            "if a person did, answer: none."
        ),
        "en": "English",
        "vi": "Vietnamese",
    },
    "vi": {
        "asked": "{service} hỏi ba câu về AI. Với cuốn “{title}”, câu trả lời là:",
        "head": "AI có giúp làm cuốn “{title}” không? Câu trả lời là:",
        "own text": "Lời văn (Texts): không. Truyện do người viết, và được chia trang không dùng AI.",
        "text": (
            "Lời văn (Texts): một số đoạn. Một mô hình ngôn ngữ ({writer}) đã chia truyện thành trang và có thể đã đặt lời. "
            "Nếu mọi lời đều do bạn viết, hãy trả lời: không."
        ),
        "pictures": (
            "Hình ảnh (Images): nhiều hình do AI tạo, ít hoặc không chỉnh sửa. Mọi bức tranh, kể cả trên bìa, đều do mô hình "
            "vẽ {model} trong Storybook Studio vẽ."
        ),
        "no translation": "Bản dịch (Translations): không.",
        "translation": (
            "Bản dịch (Translations): các trang còn được kể bằng {second}. Nếu mô hình ngôn ngữ dịch, hãy trả lời: toàn bộ "
            "tác phẩm; nếu người dịch, hãy trả lời: không."
        ),
        "en": "tiếng Anh",
        "vi": "tiếng Việt",
    },
}


def disclosure(book: Book, profile: Profile | None = None) -> str:
    """The answers in English, which the printers' forms speak, and then in Vietnamese."""
    return "\n\n".join(_answers(book, profile, language) for language in LANGUAGES)


def _answers(book: Book, profile: Profile | None, language: Language) -> str:
    words, titles = WORDS[language], {model.key: model.title for model in known_models()}
    values = {
        "service": profile.title if profile else "",
        "title": " ".join(clean(title(book)).split()),
        "model": titles.get(book.look.model, book.look.model),
        "writer": book.writer,
        "second": words[book.second_language] if book.second_language else "",
    }
    text = words["own text" if book.writer == "plain" else "text"].format(**values)
    head = words["asked" if profile and profile.name in ASKS else "head"].format(**values)
    translated = words["translation" if book.second_language else "no translation"]
    lines = (head, text, words["pictures"].format(**values), translated.format(**values))
    return "\n".join(lines)
