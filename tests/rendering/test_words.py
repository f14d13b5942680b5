"""A text's words are counted as a person would, and those past a model's limit are told, whichever tokenizer it has."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from studio.models.table import base_model
from studio.pocket.world.captions import canonical
from studio.pocket.world.grammar import training_scenes
from studio.rendering.words import count_tokens, cut_words, words
from studio.settings import Settings, load_settings
from studio.story.guide import guide_for
from studio.story.wording import estimated_tokens

POCKET = base_model("pocket")


@pytest.fixture(params=["shipped", "tiny"])
def settings(request: pytest.FixtureRequest, home: Path) -> Settings:
    if request.param == "tiny":
        request.getfixturevalue("tiny_pocket")
    return load_settings()


def texts(text: str) -> list[str]:
    return [word.text for word in words(text)]


def test_words_are_what_a_person_calls_words():
    assert texts("A “cat”, May's ice-cream (1.5) — 🦘 中文。") == [
        "A",
        "cat",
        "May's",
        "ice-cream",
        "1.5",
        "🦘",
        "中文",
    ]
    assert texts("") == texts(" \t\n") == texts("?!…--''") == []


def test_a_word_ends_where_it_ends_in_the_text():
    text = "mèo, chó"
    assert [text[: word.end] for word in words(unicodedata.normalize("NFD", text))] == ["mèo", "mèo, chó"]


@pytest.mark.parametrize(
    "text", ["", "a cat", "a happy cat in a red scarf in the forest at night, watercolour painting"]
)
def test_what_fits_is_not_cut(settings, text):
    assert cut_words(text, POCKET, settings) == ()


def test_of_two_thousand_words_those_past_the_limit_are_told(settings):
    text = "a cat in the garden " * 400
    cut = cut_words(text, POCKET, settings)
    assert len(cut) == 2000 - 62  # one token each, and two that mark start and end
    assert list(cut) == text.split()[62:]


@pytest.mark.parametrize("filler", ["chú mèo đội nón lá ", "kangaroo Xylophon ", "a 'cat', 1.5 🦘 "])
def test_what_is_cut_is_what_the_model_does_not_read(settings, filler):
    from transformers import CLIPTokenizer

    from studio.models.loading import model_folder

    text = filler * 60
    kept = texts(text)[: -len(cut_words(text, POCKET, settings))]
    tokenizer = CLIPTokenizer.from_pretrained(model_folder(POCKET, settings) / "tokenizer")
    read = tokenizer(text, truncation=True)["input_ids"]
    whole = tokenizer(text[: words(text)[len(kept) - 1].end])["input_ids"][:-1]
    assert len(whole) > 20 and whole == read[: len(whole)]
    more = tokenizer(text[: words(text)[len(kept)].end], verbose=False)["input_ids"]
    assert len(more) > len(read) == 64


def test_one_endless_word_is_cut_as_a_whole(settings):
    assert cut_words("猫" * 500, POCKET, settings) == ("猫" * 500,)


def test_decomposed_accents_are_cut_at_the_same_word(settings):
    text = "chú mèo ngủ trong vườn " * 30
    assert cut_words(unicodedata.normalize("NFD", text), POCKET, settings) == cut_words(text, POCKET, settings)


def test_a_brought_model_in_the_older_layout_tells_its_own_limit(home, tmp_path):
    import json

    from tokenizers.pre_tokenizers import ByteLevel

    letters = sorted(ByteLevel.alphabet())
    entries = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    model = replace(base_model("sd15"), key="older")
    folder = load_settings().models / "older"
    for name in ("tokenizer", "unet"):
        (folder / name).mkdir(parents=True)
    (folder / "model_index.json").write_text("{}")
    (folder / "unet" / "x.safetensors").write_bytes(b"")
    (folder / "tokenizer" / "vocab.json").write_text(json.dumps({entry: i for i, entry in enumerate(entries)}))
    (folder / "tokenizer" / "merges.txt").write_text("#version: 0.2\n")
    (folder / "tokenizer" / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 77}))
    assert cut_words("a " * 80, model, load_settings()) == ("a",) * 5


def test_a_tokenizer_that_cannot_be_read_is_left_for_the_drawing_to_tell(home):
    folder = load_settings().models / "sd15"
    (folder / "unet").mkdir(parents=True)
    (folder / "model_index.json").write_text("{}")
    (folder / "unet" / "x.safetensors").write_bytes(b"")
    assert cut_words("a " * 80, base_model("sd15"), load_settings()) == ()


@pytest.mark.parametrize("text", ["", "a happy cat", "chú mèo ngủ, trong vườn", "xylophone 🦘 May's"])
def test_tokens_are_counted_as_the_model_reads_them_without_its_marks(settings, text):
    from transformers import CLIPTokenizer

    from studio.models.loading import model_folder

    tokenizer = CLIPTokenizer.from_pretrained(model_folder(POCKET, settings) / "tokenizer")
    assert count_tokens(text, POCKET, settings) == len(tokenizer(text)["input_ids"]) - 2


def test_a_model_reads_just_what_is_counted_up_to_its_limit(settings):
    text = "a cat in the garden " * 20
    fits = " ".join(text.split()[:62])
    assert count_tokens(fits, POCKET, settings) == guide_for("pocket").most_tokens
    assert not cut_words(fits, POCKET, settings) and cut_words(f"{fits} a", POCKET, settings)


def test_without_the_models_tokenizer_rather_too_many_are_guessed(home):
    text = "a happy girl and a dog in the forest, xylophone"
    guessed = count_tokens(text, base_model("sd15"), load_settings())
    assert 11 < guessed <= 15


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_guess_is_not_below_what_pocket_reads(home, language):
    for scene in training_scenes(5, 200):
        text = f"{canonical(scene, language)}, dong ho print, pixel art"
        assert count_tokens(text, POCKET, load_settings()) <= estimated_tokens(
            text, guide_for("pocket").tokens_per_letter
        )
