from __future__ import annotations

import random

import pytest

from studio.errors import BadStory
from studio.settings import SAMPLES
from studio.story.reader import read_story, read_story_file
from studio.story.splitter import MOST_PAGES, most_pages, sentences, split_pages
from studio.story.story import Story

TEXTS = {
    "english": 'Dr. Smith came at 3 p.m. with 2.5 kg of rice... "Where is it?" asked May. "Gone!" she cried—and ran. '
    "(Really?) Yes. Wait… what?\n\n'Hello!' said Tom. He smiled; then, slowly, he sat down: it was over.",
    "vietnamese": "Bé Na ở TP. HCM. GS. Lê là ông của bé… “Đi thôi!” bé nói. “Ông ơi, chờ con với!”\n– Dạ! – bé gọi.\n"
    "- Mây ơi! - bà gọi to.\n- Con đây ạ.\n\nRồi bé ngủ. Hết, thật rồi!",
    "no punctuation": "the cat sat on the mat and the dog sat on the log and all of them were glad " * 5,
    "verse": "Twinkle little star\nHow I wonder what you are\nUp above the world so high\nLike a diamond in the sky\n"
    * 3,
    "one long sentence": "Go. " + "and then they walked, " * 60 + "and slept. The end. Good night.",
    "unclosed quote": '"Go on, he said. They went. They came. They sat. They slept. They woke. They ate. They left.',
    "odd spaces": "May\u00a0ran.   She  fell.\t\tShe rose.\n\n\n \n She ran on, and on, and on.\r\nThe   end is here.",
    "emoji and markup": 'Tom & Jerry <b>x</b> 👨‍👩‍👧 <img src="/etc/passwd"> ran. They hid. & that was it, folks.',
}
SAMPLE = {
    code: read_story_file(f"story_{code}.txt", (SAMPLES / f"story_{code}.txt").read_bytes()) for code in ("en", "vi")
}


@pytest.mark.parametrize("story", [*map(read_story, TEXTS.values()), *SAMPLE.values()])
def test_pages_joined_are_the_whole_story_for_every_count(story: Story) -> None:
    most = most_pages(story.text)
    for count in sorted({most, *(few for few in (1, 2, 3, 4, 5, 8, 12, 20, 32) if few < most)}):
        pages = split_pages(story, count)
        assert len(pages) == count and all(page.strip() for page in pages)
        assert " ".join(pages).split() == story.text.split()


def test_pages_joined_are_the_whole_story_for_random_marks() -> None:
    rng = random.Random(0)
    pieces = [
        "May",
        "đồng lúa",
        "ran",
        '"',
        "“",
        "”",
        "- ",
        "– ",
        "… ",
        ". ",
        "! ",
        ", ",
        "\n",
        "\n\n",
        " ",
        "TP. ",
        "1.5",
    ]
    for _ in range(60):
        story = read_story("One two three four. " + "".join(rng.choices(pieces, k=120)))
        pages = split_pages(story, rng.randint(1, most_pages(story.text)))
        assert " ".join(pages).split() == story.text.split()


@pytest.mark.parametrize("story", SAMPLE.values(), ids=SAMPLE)
def test_the_sample_breaks_at_its_paragraphs(story: Story) -> None:
    assert split_pages(story, 8) == tuple(story.text.split("\n\n"))


@pytest.mark.parametrize("story", SAMPLE.values(), ids=SAMPLE)
@pytest.mark.parametrize("count", [2, 3, 5, 6, 7, 10, 12])
def test_pages_end_at_sentence_ends_and_are_balanced(story: Story, count: int) -> None:
    pages = split_pages(story, count)
    assert all(page.endswith((".", "!", "?", "”", '"')) for page in pages)
    mean = len(story.text) / count
    assert all(0.5 * mean < len(page) < 1.5 * mean for page in pages), [len(page) for page in pages]


def _cut(text: str, language: str) -> list[str]:
    ends = sentences(text, language)
    return [text[start:end].strip() for start, end in zip([0, *ends], ends, strict=False)]


def test_abbreviations_and_speech_tags_do_not_end_a_sentence() -> None:
    assert _cut("Bé Na ở TP. HCM. GS. Lê là ông của bé. Ông cười.", "vi") == [
        "Bé Na ở TP. HCM.",
        "GS. Lê là ông của bé.",
        "Ông cười.",
    ]
    assert _cut("- Mây ơi! - bà gọi.\n- Dạ!", "vi") == ["- Mây ơi! - bà gọi.", "- Dạ!"]
    assert _cut("'Wait!' May called. Dr. No came.", "en") == ["'Wait!' May called.", "Dr. No came."]


def test_a_short_story_is_cut_at_a_comma_before_a_word() -> None:
    story = read_story("May ran down the green hill, and Tom went slowly after her")
    assert split_pages(story, 2) == ("May ran down the green hill,", "and Tom went slowly after her")


@pytest.mark.parametrize("count", [0, -1, 200, 61])
def test_too_many_or_no_pages_are_refused_with_what_is_possible(count: int) -> None:
    with pytest.raises(BadStory, match=f"'{count}' pages .* 1 to {MOST_PAGES} pages"):
        split_pages(read_story("one two three four. " * 200), count)


def test_a_short_story_says_how_many_pages_it_fills() -> None:
    with pytest.raises(BadStory, match="words for 1 to 2 pages"):
        split_pages(read_story("May ran home again. She was very happy."), 3)
    with pytest.raises(BadStory, match="words for 1 page"):
        split_pages(read_story("May ran."), 2)


def test_a_long_story_is_split_quickly() -> None:
    pages = split_pages(read_story("May ran to the sea. " * 9000), 60)
    assert max(map(len, pages)) < 1.1 * min(map(len, pages))
