"""The front desk, with a tiny model of the real classes in place of pocket."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from safetensors.torch import save_file

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.errors import BadInput, BadPhoto, BadStory, NotFound, NotReady
from studio.library.library import Library
from studio.progress import finish
from studio.publishing.book import Book
from studio.rendering.enlarger import WEIGHTS
from studio.rendering.upscaler import new_upscaler
from studio.settings import ROOT, SAMPLES
from studio.training import recipe
from studio.workshop import Workshop, teaching

TEXT = (
    "May had a red balloon in the garden. A dog named Rex ran to her. They went to the forest together. "
    "It began to rain in the city. At night they slept in the bedroom. May was happy."
)
STEPS = 2


@pytest.fixture
def book(workshop: Workshop, tiny_pocket: Path) -> Iterator[Book]:
    """A written book of three pages that draws in a blink."""
    book = workshop.begin_book(workshop.read_story(TEXT, "The balloon"), pages=3)
    return workshop.change_look(book.id, steps=STEPS)


def put_adapter(workshop: Workshop, id: str, kind: str = "subject", model: str = "pocket") -> None:
    """Stands a card without usable tensors on the shelf: enough to be chosen, not to be worn."""
    tensors = workshop.settings.home / "empty.safetensors"
    tensors.parent.mkdir(exist_ok=True)
    tensors.write_bytes(id.encode())
    words = {"trigger": id, "class_word": "girl"} if kind == "subject" else {"trigger": f"{id} painting"}
    card = AdapterCard(id=id, title=id.title(), kind=kind, base_model=model, rank=4, alpha=4, **words)
    Shelf(workshop.settings).put(card, tensors)


def drawn(workshop: Workshop, book: Book) -> Book:
    return finish(workshop.draw_book(book.id))


def test_a_begun_book_is_on_the_shelf_with_prompts_and_seeds_and_no_picture(workshop: Workshop, book: Book) -> None:
    assert workshop.books() == (book,)
    assert [page.seed for page in book.pages] == [1001, 1002, 1003]
    assert all(page.prompt.positive and not page.picture for page in book.pages)
    assert workshop.page_states(book) == ("missing",) * 3


def test_the_same_book_asked_for_again_is_begun_once(workshop: Workshop, tiny_pocket: Path) -> None:
    story = workshop.read_story(TEXT, "The balloon")
    first = workshop.begin_book(story, 3, reuse=True)
    assert workshop.begin_book(story, 3, reuse=True) == first
    assert workshop.begin_book(story, 3).id != first.id
    assert workshop.begin_book(story, 3, seed=2, reuse=True).id not in {first.id, f"{first.id}-2"}


def test_pages_appear_in_the_book_as_they_are_drawn(workshop: Workshop, book: Book) -> None:
    counts = [sum(bool(page.picture) for page in workshop.book(book.id).pages) for _ in workshop.draw_book(book.id)]
    assert counts == sorted(counts) and (counts[0], counts[-1]) == (0, 3)
    assert workshop.page_states(workshop.book(book.id)) == ("drawn",) * 3


def test_a_stopped_drawing_goes_on_with_what_is_missing(workshop: Workshop, book: Book) -> None:
    work = workshop.draw_book(book.id)
    while next(work).done < 1:
        pass
    work.close()
    first = workshop.picture(workshop.book(book.id), 1)
    made = first.stat().st_mtime_ns
    steps = list(workshop.draw_book(book.id))
    assert steps[0].done >= 1 and steps[-1].done == steps[-1].total == 3
    assert first.stat().st_mtime_ns == made


def test_a_drawn_book_is_not_drawn_again(workshop: Workshop, book: Book) -> None:
    drawn(workshop, book)
    assert [step.done for step in workshop.draw_book(book.id)] == [3]


def test_another_place_makes_the_page_out_of_date_and_the_old_one_brings_its_picture_back(
    workshop: Workshop, book: Book
) -> None:
    book = drawn(workshop, book)
    place = book.pages[1].scene.place
    edited = workshop.edit_page(book.id, 2, place="space")
    assert "space" in edited.pages[1].prompt.positive
    assert workshop.page_states(edited) == ("drawn", "out of date", "drawn")
    assert workshop.picture(edited, 2) is not None
    assert workshop.page_states(workshop.edit_page(book.id, 2, place=place)) == ("drawn",) * 3


def test_other_words_leave_the_picture_as_it_is(workshop: Workshop, book: Book) -> None:
    book = workshop.edit_page(drawn(workshop, book).id, 1, text="Once upon a time.")
    assert book.pages[0].scene.text == "Once upon a time."
    assert workshop.page_state(book, 1) == "drawn"


def test_a_page_drawn_anew_gets_another_seed_and_picture(workshop: Workshop, book: Book) -> None:
    before = drawn(workshop, book)
    after = finish(workshop.redo_page(book.id, 2))
    assert after.pages[1].seed != before.pages[1].seed and after.pages[1].picture != before.pages[1].picture
    assert after.pages[0] == before.pages[0] and workshop.page_states(after) == ("drawn",) * 3
    assert finish(workshop.redo_page(book.id, 2, before.pages[1].seed)) == before


def test_a_page_drawn_anew_and_stopped_leaves_the_book_as_it_was(workshop: Workshop, book: Book) -> None:
    before = drawn(workshop, book)
    work = workshop.redo_page(book.id, 2)
    next(work)
    work.close()
    assert workshop.book(book.id) == before


def test_another_seed_of_the_look_moves_all_pages_but_those_drawn_anew(workshop: Workshop, book: Book) -> None:
    book = finish(workshop.redo_page(drawn(workshop, book).id, 2))
    own = book.pages[1].seed
    changed = workshop.change_look(book.id, seed=7)
    assert [page.seed for page in changed.pages] == [7001, own, 7003]
    assert workshop.page_states(changed) == ("out of date", "drawn", "out of date")


def test_a_page_that_is_not_in_the_book_is_not_found(workshop: Workshop, book: Book) -> None:
    for ask in (workshop.edit_page, workshop.submit_redo):
        with pytest.raises(NotFound, match="Choose 1 to 3"):
            ask(book.id, 4)


def test_a_chosen_character_plays_its_namesake_and_speaks_in_the_prompts(workshop: Workshop, book: Book) -> None:
    put_adapter(workshop, "rex")
    put_adapter(workshop, "wool", "style")
    book = workshop.change_look(book.id, characters=(Worn("rex", 0.9),), styles=(Worn("wool"),))
    assert {role.name: role.character for role in book.cast.roles}["Rex"] == "rex"
    assert any("rex girl" in page.prompt.positive for page in book.pages)
    assert all(page.prompt.positive.endswith("wool painting") for page in book.pages)


def test_a_character_without_a_role_plays_the_hero_and_leaves_again(workshop: Workshop, book: Book) -> None:
    put_adapter(workshop, "lan")
    assert workshop.change_look(book.id, characters=(Worn("lan"),)).cast.hero.character == "lan"
    assert workshop.change_look(book.id, characters=()) == book


def test_a_story_about_nobody_gets_its_hero_from_the_look(workshop: Workshop, tiny_pocket: Path) -> None:
    put_adapter(workshop, "lan")
    story = workshop.read_story("It was raining in the village. The river was high. Then the night came.")
    book = workshop.begin_book(story, 2, characters=(Worn("lan"),))
    assert [role.character for role in book.cast.roles] == ["lan"]
    assert all("lan girl" in page.prompt.positive for page in book.pages)
    assert workshop.change_look(book.id, characters=()).cast.roles == ()


def test_what_cannot_be_worn_is_told_with_what_there_is(workshop: Workshop, book: Book) -> None:
    put_adapter(workshop, "lan")
    put_adapter(workshop, "wool", "style")
    put_adapter(workshop, "other", "style", model="sdxl")
    story = workshop.read_story(TEXT)
    for look, error, words in (
        ({"characters": (Worn("nobody"),)}, NotFound, "There are: 'lan'.*studio train"),
        ({"styles": (Worn("oil"),)}, NotFound, "no style 'oil'.*'wool'"),
        ({"styles": (Worn("lan"),)}, BadInput, "'lan' is a character"),
        ({"styles": (Worn("other"),)}, BadInput, "'sdxl'"),
        ({"styles": (Worn("wool", 50.0),)}, BadInput, "weight of '50'"),
        ({"model": "nothing"}, NotFound, "'nothing'"),
    ):
        with pytest.raises(error, match=words):
            workshop.begin_book(story, 2, **look)
    assert workshop.books() == (book,)


def test_bad_stories_make_no_book(workshop: Workshop) -> None:
    for text, pages in (("", 8), ("   ", 8), (TEXT, 200), (TEXT, 0)):
        with pytest.raises(BadStory):
            workshop.begin_book(workshop.read_story(text), pages)
    assert workshop.books() == ()


def test_a_character_that_is_not_taught_says_how_to_teach_it(workshop: Workshop, may: str) -> None:
    with pytest.raises(NotReady, match="Teach it first"):
        workshop.begin_book(workshop.read_story(TEXT), 2, characters=(Worn(may),))


def test_photos_that_are_none_make_no_character(workshop: Workshop) -> None:
    good = may_photos()[0]
    for photos in ([], [("letter.jpg", b"Dear aunt")]):
        with pytest.raises(BadPhoto):
            workshop.begin_character("May", "person", photos, consent="her mother")
    with pytest.raises(BadInput, match="cannot draw a 'whale'"):
        workshop.begin_character("May", "person", [good], class_word="whale")
    assert workshop.characters() == ()


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    raw = io.BytesIO()
    picture.save(raw, kind, save_all="append_images" in options, **options)
    return raw.getvalue()


BAD_PHOTOS = {
    "empty.jpg": (b"", "is empty"),
    "letter.jpg": (b"Dear aunt", "is not a photo"),
    "half.jpg": (saved(Image.effect_noise((300, 300), 90), "JPEG")[:9000], "damaged"),
    "point.png": (saved(Image.new("L", (1, 1)), "PNG"), "only 1 × 1 pixels"),
    "line.png": (saved(Image.new("L", (1, 30_000)), "PNG"), "only 1 × 30000 pixels"),
    "huge.png": (saved(Image.new("1", (12_000, 12_000)), "PNG"), "40 million pixels"),
    "film.gif": (saved(Image.new("L", (99, 99)), "GIF", append_images=[Image.new("L", (99, 99), 9)]), "is not a photo"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a photo"),
}


def test_each_bad_photo_is_told_and_the_others_are_kept(workshop: Workshop) -> None:
    good, better = may_photos()[:2]
    photos = [good, *((name, raw) for name, (raw, _) in BAD_PHOTOS.items()), better]
    begun = workshop.begin_character("May", "drawn", photos)
    assert begun.character.photos == len(begun.character.album) == 2
    for refused, (name, (_, words)) in zip(begun.refused, BAD_PHOTOS.items(), strict=True):
        assert f"'{name}'" in str(refused) and words in str(refused) and str(refused).endswith(".")


def test_one_photo_is_enough_to_begin_and_more_are_wished_for(workshop: Workshop) -> None:
    begun = workshop.begin_character("May", "drawn", may_photos()[:1])
    assert (begun.character.photos, begun.character.wish, begun.refused) == (1, "more", ())


def test_a_name_that_is_taken_leaves_the_first_as_they_were(workshop: Workshop, may: str) -> None:
    before = workshop.character(may)
    with pytest.raises(BadInput, match="A character 'MAY!' is here already"):
        workshop.begin_character("MAY!", "drawn", may_photos()[2:3])
    assert workshop.character(may) == before


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../Mây", "may"),
        ("C:\\May/Lan", "c-may-lan"),
        ("🐉 Bé Mây 🐉", "be-may"),
        ("The very brave little dragon of the old hills", "the-very-brave-little-dragon-of-the-old"),
        ("Con", "con-1"),
    ],
)
def test_any_name_with_a_letter_makes_a_character_in_a_folder_of_its_own(
    workshop: Workshop, name: str, plain: str
) -> None:
    character = workshop.begin_character(name, "drawn", may_photos()[:1]).character
    assert character.name == name
    assert workshop.character(name) == workshop.character(plain) == workshop.character(character.id) == character
    assert [place.name for place in workshop.settings.characters.iterdir()] == [character.id]


@pytest.mark.parametrize("name", ["🐉", "../..", "", " "])
def test_a_name_without_a_letter_makes_no_character(workshop: Workshop, name: str) -> None:
    with pytest.raises(BadInput, match="has no letter or digit"):
        workshop.begin_character(name, "drawn", may_photos()[:1])
    assert not workshop.settings.characters.exists()


def test_the_person_has_the_last_word_on_a_photo(workshop: Workshop, may: str) -> None:
    assert workshop.keep_photo(may, "02.png", False).album[1].kept is False
    workshop.keep_photo(may, "01.png", False)
    with pytest.raises(NotReady, match="no photo to learn from"):
        next(workshop.train_character(may))
    with pytest.raises(NotFound, match="has no photo '03.png'"):
        workshop.keep_photo(may, "03.png", True)


def test_four_hundred_photos_are_too_many_but_the_first_are_taken(workshop: Workshop) -> None:
    raw = io.BytesIO()
    Image.radial_gradient("L").resize((80, 80)).save(raw, "PNG")
    begun = workshop.begin_character("May", "drawn", [("may.png", raw.getvalue())] * 400)
    assert begun.character.photos == 40 and "400 photos" in str(begun.refused[-1])


def test_a_taught_hero_is_drawn_in_eight_scenes_and_again_when_taught_again(
    workshop: Workshop, tiny_pocket: Path, may: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(recipe.STEPS, "draft", 4)
    monkeypatch.setitem(teaching.STAGES, "draft", 2)
    monkeypatch.setitem(teaching.KEPT, "draft", 2)
    assert workshop.portraits(may) == ()
    shares = []
    assert finish(workshop.train_character(may, "draft"), lambda step: shares.append(step.done / step.total)).ready
    assert shares == sorted(shares)  # the bar never goes back
    first = workshop.portraits(may)
    assert len(first) == 8 and finish(workshop.draw_portraits(may)) == first
    workshop.keep_photo(may, "02.png", False)
    finish(workshop.train_character(may, "draft"))
    again = workshop.portraits(may)
    assert len(again) == 8 and not set(again) & set(first)


def test_an_erased_character_leaves_the_books_too(workshop: Workshop, book: Book, may: str) -> None:
    put_adapter(workshop, may)
    workshop.change_look(book.id, characters=(Worn(may),))
    receipt = workshop.erase_character(may)
    assert (receipt.photos, receipt.taught, receipt.books) == (2, True, ("The balloon",))
    assert workshop.characters() == () and all(card.kind == "style" for card in workshop.adapters())
    assert may not in json.dumps([page.prompt.positive for page in workshop.book(book.id).pages])


def test_a_style_that_went_leaves_the_pictures_good(workshop: Workshop, book: Book) -> None:
    book = drawn(workshop, book)
    Library(workshop.settings).save(replace(book, look=replace(book.look, styles=(Worn("gone"),))))
    assert workshop.page_states(workshop.book(book.id)) == ("drawn",) * 3
    with pytest.raises(NotFound, match="'gone'"):
        drawn(workshop, book)


def test_thumbnails_are_there_for_drawn_pages_only(workshop: Workshop, book: Book) -> None:
    assert workshop.thumbnail(book, 1) is None
    assert workshop.thumbnail(drawn(workshop, book), 1).stat().st_size <= 60_000


def test_a_drawn_book_is_bound_and_an_undrawn_one_says_what_is_missing(workshop: Workshop, book: Book) -> None:
    with pytest.raises(NotReady, match="page 1, 2, 3 has no picture"):
        finish(workshop.export_book(book.id))
    made = finish(workshop.export_book(drawn(workshop, book).id)).file
    assert made.name == "the-balloon-screen.pdf" and made.read_bytes().startswith(b"%PDF")
    assert workshop.exports(book.id) == (made,)


def test_a_bound_book_shows_small_pictures_enlarged_and_keeps_the_copies(
    workshop: Workshop, book: Book, tiny_pocket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pocket = shutil.copytree(tiny_pocket, tmp_path / "pocket")
    monkeypatch.setenv("STUDIO_POCKET", str(pocket))
    book = drawn(workshop, book)
    (pocket / WEIGHTS).parent.mkdir()
    save_file({name: one.contiguous() for name, one in new_upscaler().state_dict().items()}, pocket / WEIGHTS)
    assert workshop.page_states(book) == ("drawn",) * 3  # an upscaler that came later makes no picture out of date
    finish(workshop.export_book(book.id))
    copies = sorted(Library(workshop.settings).pictures(book.id).glob("*.print.png"))
    assert [copy.name[:2] for copy in copies] == ["01", "02", "03"]
    for copy in copies:
        with Image.open(copy) as opened:
            assert opened.size == (1024, 1024)


def test_a_free_picture_is_drawn_once_and_copied(workshop: Workshop, tiny_pocket: Path, tmp_path: Path) -> None:
    made = [
        finish(workshop.draw_picture("a cat on the beach", tmp_path / name, steps=STEPS)) for name in ("a.png", "b.png")
    ]
    assert made[0].path.read_bytes() == made[1].path.read_bytes()
    assert len(list((workshop.settings.home / "pictures").glob("*.png"))) == 1


def test_the_sample_stories_can_be_read(workshop: Workshop) -> None:
    for language in ("en", "vi"):
        story = workshop.sample_story(language)
        assert story.language == language and story.title


def test_a_book_is_renamed_trashed_and_restored(workshop: Workshop, book: Book) -> None:
    assert workshop.rename_book(book.id, "  Mây và\nRex ").title == "Mây và Rex"
    with pytest.raises(BadInput):
        workshop.rename_book(book.id, " ")
    job = workshop.submit_drawing(book.id)
    workshop.trash_book(book.id)
    assert workshop.books() == () and workshop.job(job).state == "cancelled"
    assert workshop.restore_book(book.id).title == "Mây và Rex"


def test_all_but_drawing_and_training_goes_without_torch(book: Book) -> None:
    code = (
        "import sys; from studio.workshop import Workshop; w = Workshop(); (book,) = w.books(); "
        "w.edit_page(book.id, 1, place='space'); w.page_states(book); w.styles(); w.characters(); w.models(); "
        "w.submit_drawing(book.id); w.jobs(); w.worker(); w.begin_book(book.story, 2); "
        "sys.exit(bool({'torch', 'diffusers', 'streamlit'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@pytest.fixture
def may(workshop: Workshop) -> str:
    return workshop.begin_character("May", "drawn", may_photos()[:2]).character.id


def may_photos() -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))]
