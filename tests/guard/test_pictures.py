"""The gate of pictures: what another model than pocket draws of a child is looked at before anybody sees it, or not drawn at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import Worn
from studio.errors import ChildBlock, NotReady
from studio.library.gallery import Piece
from studio.library.held import is_held
from studio.library.seals import whole, withhold
from studio.models.table import base_model
from studio.progress import finish
from studio.publishing.book import Book
from studio.rendering.drawing import Start
from studio.rendering.wish import Axis, Wish
from studio.settings import SAMPLES
from studio.workshop import Workshop
from tests.guard.conftest import begin
from tests.painter import plain_painter

TALE = "Lan walks to the river with her dog. They find a red boat. In the evening they go home."


@pytest.fixture
def plain(home: Path, brought_models: Path) -> Workshop:
    """A workshop with two models of a person's own, in which every picture is one colour."""
    return Workshop(illustrator=plain_painter())


@pytest.fixture
def book(plain: Workshop) -> Book:
    """Pages of a child, asked of Stable Diffusion."""
    begin(plain, "Lan", "person", "sd15")
    return plain.begin_book(plain.read_story(TALE, "The boat", "en"), 3, (Worn("lan"),), model="sd15")


def lay_checker(workshop: Workshop, threshold: float, **spoilt: float) -> Path:
    """A checker of the real class and the smallest sizes that finds all pictures bad below a threshold of -1, and none above 1."""
    import torch
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from safetensors.torch import save_file
    from transformers import CLIPConfig

    torch.manual_seed(0)
    sizes = {"hidden_size": 64, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 1, "image_size": 28,
             "patch_size": 14, "projection_dim": 16}  # fmt: skip
    state = StableDiffusionSafetyChecker(CLIPConfig(vision_config=sizes, projection_dim=16)).state_dict()
    state["concept_embeds_weights"] = torch.full((17,), threshold)
    state["special_care_embeds_weights"] = torch.full((3,), 2.0)
    state |= {name: torch.full_like(state[name], value) for name, value in spoilt.items()}
    # The file that people have was written when its CLIP was one level deeper.
    told = {name.replace("vision_model.", "vision_model.vision_model.", 1): one.half() for name, one in state.items()}
    path = workshop.settings.models / "safety_checker.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(told, path)
    return path


def pictures(workshop: Workshop, book: Book) -> list[Path]:
    return [*workshop._library.pictures(book.id).glob("*.png")]


def test_without_a_checker_nothing_is_drawn_of_a_child_and_it_is_said_what_is_missing(
    plain: Workshop, book: Book
) -> None:
    for ask in (lambda: finish(plain.draw_book(book.id)), lambda: plain.submit_drawing(book.id)):
        with pytest.raises(NotReady, match=r"'safety_checker.safetensors'.*Nothing was drawn"):
            ask()
    (plain.settings.models / "safety_checker.safetensors").write_bytes(b"no checker")
    with pytest.raises(NotReady, match="damaged or no safety checker"):
        finish(plain.draw_book(book.id))
    assert not pictures(plain, book)


def test_a_checker_that_is_broken_inside_lets_nothing_through(plain: Workshop, book: Book) -> None:
    lay_checker(plain, 2.0, concept_embeds=float("nan"))
    with pytest.raises(NotReady, match="damaged or no safety checker"):
        finish(plain.draw_book(book.id))
    assert not pictures(plain, book)


def test_pictures_that_the_checker_lets_pass_come_into_the_book(plain: Workshop, book: Book) -> None:
    lay_checker(plain, 2.0)
    assert finish(plain.draw_book(book.id)).drawn
    assert all(whole(path) for path in pictures(plain, book)) and not plain.held_pages(plain.book(book.id))


def test_a_picture_that_is_held_back_is_never_seen_or_printed(plain: Workshop, book: Book) -> None:
    lay_checker(plain, -2.0)
    with pytest.raises(ChildBlock, match="3 of the pictures were held back"):
        finish(plain.draw_book(book.id))
    now = plain.book(book.id)
    assert not pictures(plain, book) and not any(page.picture for page in now.pages)
    assert plain.held_pages(now) == (1, 2, 3)
    with pytest.raises(NotReady, match="page 1, 2, 3 was held back"):
        finish(plain.export_book(book.id))
    assert "held back and is never printed" in plain.preflight(book.id, "screen")[0].said()


def test_another_seed_is_another_picture(plain: Workshop, book: Book) -> None:
    lay_checker(plain, -2.0)
    with pytest.raises(ChildBlock):
        finish(plain.perform("pages", book.id, {"numbers": "1"}))
    assert plain.held_pages(plain.book(book.id)) == (1,)
    lay_checker(plain, 2.0)
    finish(plain.redo_page(book.id, 1))
    assert plain.book(book.id).pages[0].picture and not plain.held_pages(plain.book(book.id))


def test_what_was_drawn_but_not_looked_at_when_the_power_went_counts_as_not_there(tmp_path: Path) -> None:
    path = tmp_path / "01-a.png"
    withhold(path)
    path.write_bytes(b"a picture that nobody looked at")
    assert not whole(path) and not is_held(path)


def test_a_grown_up_may_look_in_place_of_the_checker(plain: Workshop, book: Book) -> None:
    plain.confirm("pictures", "sd15", "Mai, her mother")
    assert finish(plain.draw_book(book.id)).drawn


def begun(workshop: Workshop, *worn: str, model: str = "pocket") -> Wish:
    """A wish that begins with a photo from elsewhere."""
    start = Start(workshop.take_start("photo.png", (SAMPLES / "may" / "02.png").read_bytes()), 0.3)
    wish = workshop.usual_wish(model)
    return replace(wish, prompt="a girl at the river", worn=tuple(map(Worn, worn)), start=start, steps=2)


def drawn(workshop: Workshop, wish: Wish) -> Piece:
    piece = workshop.wish_picture(wish)
    finish(workshop.perform("picture", piece, {}))
    return workshop.piece(piece)


def ways_to(workshop: Workshop, piece: Piece) -> tuple[Start, Start]:
    """To begin with what was drawn: taken up in the studio, or saved and dropped in."""
    file = piece.shots[0].file
    saved = workshop.picture_file(piece.id, file).read_bytes()
    return Start(workshop.start_from(piece.id, file), 0.3), Start(workshop.take_start("mine.png", saved), 0.3)


def test_a_child_over_a_picture_from_elsewhere_is_looked_at_whatever_draws(plain: Workshop, tmp_path: Path) -> None:
    lan = begin(plain, "Lan", "person")
    wish = begun(plain, lan)
    with pytest.raises(NotReady, match=r"from elsewhere .*'safety_checker.safetensors'.*Nothing was drawn"):
        plain.wish_picture(wish)
    with pytest.raises(NotReady, match="from elsewhere"):
        finish(plain.draw_picture(wish.prompt, tmp_path / "out.png", adapters=wish.worn, start=wish.start))
    lay_checker(plain, 2.0)
    assert drawn(plain, wish).shots
    assert plain.wish_again(plain.pieces()[0].id).start == wish.start  # where it came from is known of it still
    lay_checker(plain, -2.0)
    with pytest.raises(ChildBlock, match="held back"):
        drawn(plain, replace(wish, seed=7))
    with pytest.raises(ChildBlock, match="held back"):
        finish(plain.draw_picture(wish.prompt, tmp_path / "out.png", adapters=wish.worn, start=wish.start))
    assert not plain.pieces()[0].shots and not (tmp_path / "out.png").exists()
    plain.confirm("pictures", "pocket", "Mai, her mother")
    assert drawn(plain, replace(wish, seed=8)).shots


def test_pictures_of_this_studio_and_those_without_a_child_are_begun_with_as_ever(plain: Workshop) -> None:
    lan, may = begin(plain, "Lan", "person"), begin(plain, "May", "drawn")
    nobody = drawn(plain, replace(begun(plain), start=None, seed=3))
    assert nobody.shots and drawn(plain, begun(plain, may)).shots
    assert all(drawn(plain, replace(begun(plain, lan), start=start)).shots for start in ways_to(plain, nobody))


def test_a_picture_from_elsewhere_stays_one_after_it_was_drawn_over_without_a_child(plain: Workshop) -> None:
    lan = begin(plain, "Lan", "person")
    for start in ways_to(plain, drawn(plain, begun(plain))):
        with pytest.raises(NotReady, match="from elsewhere"):
            plain.wish_picture(replace(begun(plain, lan), start=start))


def test_a_child_whom_nobody_wears_but_who_is_in_what_it_begins_with_is_looked_at(plain: Workshop) -> None:
    lan = begin(plain, "Lan", "person", "sd15")
    lay_checker(plain, 2.0)
    one = drawn(plain, replace(begun(plain, lan, model="sd15"), start=None))
    lay_checker(plain, -2.0)
    with pytest.raises(ChildBlock, match="held back"):
        drawn(plain, replace(begun(plain, model="sd15"), start=Start(plain.start_from(one.id, one.shots[0].file), 0.3)))


def test_words_over_a_picture_with_a_child_in_it_are_those_of_a_picture_of_a_child(
    plain: Workshop, tmp_path: Path
) -> None:
    one = drawn(plain, replace(begun(plain, begin(plain, "Lan", "person")), start=None))
    over = Start(plain.start_from(one.id, one.shots[0].file), 0.3)
    wish = replace(begun(plain), prompt="naked at the river", start=over, axes=(Axis("steps", ("1", "2")),))
    with pytest.raises(ChildBlock):
        finish(plain.draw_grid(wish, tmp_path / "grid.png"))
    assert not [*tmp_path.glob("grid*.png")]
    finish(plain.draw_grid(replace(wish, prompt="a girl at the river"), tmp_path / "grid.png"))
    assert (tmp_path / "grid.png").is_file()


def test_who_is_no_child_needs_no_checker(plain: Workshop) -> None:
    begin(plain, "May", "drawn", "sd15")
    book = plain.begin_book(plain.read_story(TALE, "The boat", "en"), 2, (Worn("may"),), model="sd15")
    assert finish(plain.draw_book(book.id)).drawn


def test_what_is_wished_away_of_a_child_is_told_to_models_that_know_such_words(plain: Workshop, book: Book) -> None:
    negative = plain._easel.drawings(book)[0].negative
    assert negative.endswith("nude, underwear, cleavage, gore, blood") and len(negative) < 160
    nobody = replace(book, look=replace(book.look, characters=()))
    assert plain._easel.drawings(nobody)[0].negative == book.pages[0].prompt.negative
    pocket = plain._easel.drawing("a girl", "blurry", 1, base_model("pocket"), ())
    assert pocket.negative == "blurry"
