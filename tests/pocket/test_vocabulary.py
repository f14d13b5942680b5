"""Pocket tells which words it was never taught, in any script, and does not complain of those it knows."""

from __future__ import annotations

import unicodedata

import pytest

from studio.pocket.text import EXTRA_WORDS
from studio.pocket.vocabulary import CALM, names_something, unknown_words
from studio.pocket.world.captions import canonical
from studio.pocket.world.grammar import training_scenes
from studio.rendering.words import words


def named(text: str, *extra: str) -> bool:
    return names_something([word.text for word in words(text)], extra)


def test_a_word_it_never_saw_is_told_and_the_others_are_not():
    assert unknown_words("a happy kangaroo in the forest at night") == ("kangaroo",)
    assert unknown_words("chú kangaroo và con mèo trong rừng") == ("kangaroo",)


def test_the_captions_it_learnt_from_are_known_in_both_languages():
    for scene in training_scenes(5, 300):
        for text in (canonical(scene, sides=True), canonical(scene, "vi", sides=True)):
            assert unknown_words(text) == (), text


def test_every_phrase_of_the_world_is_known_with_a_colour_in_its_gap():
    said = "a children's book illustration of two friends, {} are holding an orange book"
    assert unknown_words(said.format("a lion with a big mane and a hen in falling snow, seen from far away,")) == (
        "two",
        "friends",
    )
    assert (
        unknown_words("minh họa truyện thiếu nhi với cô bé mặc áo dài xanh dương đang đọc sách, bên trái là chú cún")
        == ()
    )


@pytest.mark.parametrize("text", EXTRA_WORDS)
def test_what_the_tokenizer_learnt_beside_captions_is_known(text):
    assert unknown_words(text) == ()


def test_unknown_words_come_once_in_order_as_they_were_written():
    assert unknown_words("Zebra, cat, kangaroo! ZEBRA zebra") == ("Zebra", "kangaroo")


def test_large_letters_and_decomposed_accents_make_no_difference():
    said = "CHÚ MÈO Trong Vườn"
    assert unknown_words(said) == unknown_words(unicodedata.normalize("NFD", said)) == ()


@pytest.mark.parametrize(
    "text", ['a "cat"', "a 'dog'", "“cat” – ‘dog’", "(cat), [dog]; cat... dog?", "cat/dog_cat\ndog"]
)
def test_quotes_and_punctuation_do_not_hide_a_word(text):
    assert unknown_words(text) == ()


def test_compounds_and_possessives_are_known_by_their_parts():
    assert unknown_words("May's ice-cream, the witch’s hat, a fairy-tale") == ()
    assert unknown_words("kangaroo's hat, a cat-kangaroo") == ("kangaroo's", "cat-kangaroo")


def test_numbers_and_other_forms_of_a_word_are_told_because_pocket_reads_them_as_something_else():
    assert unknown_words("3 cats (cat:1.3)") == ("3", "cats", "1.3")


@pytest.mark.parametrize("word", ["中文", "العربية", "हिन्दी", "Київ", "🦘", "👩‍🚀", "👍🏽", "1️⃣"])
def test_other_scripts_and_emoji_are_told_as_they_stand(word):
    assert unknown_words(f"a cat {word}, in the garden") == (word,)


def test_triggers_of_what_is_worn_are_known():
    assert unknown_words("a happy zorb girl, crayon scribble") == ("zorb", "crayon", "scribble")
    assert unknown_words("a happy Zorb girl, crayon scribble", ("zorb", "Crayon scribble")) == ()


@pytest.mark.parametrize(
    "text", ["", " \n", "...", "a kangaroo", "Blurry, ugly", "the and of", "un gato con botas", "中文", "lorem ipsum"]
)
def test_articles_alone_name_nothing_to_draw(text):
    assert not named(text)


@pytest.mark.parametrize("text", [CALM, "a cat", "mèo", "kangaroo in the forest", "đỏ"])
def test_one_known_word_is_enough_to_draw(text):
    assert named(text)


def test_the_calm_scene_is_in_pockets_own_words():
    assert unknown_words(CALM) == ()


def test_a_trigger_is_enough_to_draw():
    assert not named("zorb") and named("zorb", "zorb")
