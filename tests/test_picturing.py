"""Free pictures from wish to file: what is asked for is drawn, kept and told; whoever is erased is gone from them too."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from studio.adapters.card import AdapterCard, Worn
from studio.adapters.shelf import Shelf
from studio.errors import BadInput, BadPhoto
from studio.library.gallery import Piece
from studio.models.table import base_model
from studio.progress import finish
from studio.rendering.drawing import Start
from studio.rendering.notes import read_notes
from studio.rendering.wish import Axis, Wish
from studio.settings import SAMPLES
from studio.workshop import Workshop
from studio.workshop.grids import GAP_PX, cells, sheet
from studio.workshop.speaking import spoken
from tests.elder import as_of_old

pytestmark = pytest.mark.usefixtures("tiny_pocket")
MAY = AdapterCard(
    id="may", title="May", kind="subject", base_model="pocket", rank=4, alpha=4.0, trigger="may", class_word="girl"
)
PAINT = AdapterCard(
    id="paint", title="Paint", kind="style", base_model="pocket", rank=4, alpha=4.0, trigger="wet paint"
)


@pytest.fixture
def wish(workshop: Workshop) -> Wish:
    return replace(workshop.usual_wish(), prompt="a cat on the beach", width=128, height=128, steps=2, seed=7)


@pytest.fixture
def may(workshop: Workshop) -> str:
    """A character with a photo, taught so far that she can be worn."""
    photo = SAMPLES / "may" / "01.png"
    begun = workshop.begin_character("May", "drawn", [(photo.name, photo.read_bytes())], "girl")
    as_of_old(workshop.settings, begun.character)
    return worn_by_tiny(workshop, MAY)


def worn_by_tiny(workshop: Workshop, card: AdapterCard) -> str:
    import torch
    from peft import LoraConfig

    from studio.adapters.tensors import save_adapter

    module = "mid_block.attentions.0.transformer_blocks.0.attn1.to_v"
    state = {f"{module}.lora_A.weight": torch.randn(4, 64), f"{module}.lora_B.weight": torch.randn(64, 4)}
    path = save_adapter(workshop.settings.home / "made.safetensors", state, LoraConfig(r=4, lora_alpha=4), "pocket")
    return Shelf(workshop.settings).put(card, path).id


def draw(workshop: Workshop, wish: Wish) -> Piece:
    id = workshop.wish_picture(wish)
    finish(workshop.perform("picture", id, {}))
    return workshop.piece(id)


def a_picture(width: int = 96, height: int = 80, shade: int = 90) -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 120, 60)).save(raw, "PNG")
    return raw.getvalue()


def told_in(workshop: Workshop, piece: Piece) -> dict[str, str]:
    return read_notes(workshop.picture_file(piece.id, piece.shots[0].file).read_bytes())


def test_a_wish_gives_as_many_pictures_each_with_the_next_seed(workshop: Workshop, wish: Wish) -> None:
    piece = draw(workshop, replace(wish, count=2))
    assert [shot.wish.seed for shot in piece.shots] == [7, 8] and piece.wish == replace(wish, count=2)
    assert len({shot.pixels for shot in piece.shots}) == 2
    assert all(shot.sharpness is not None for shot in piece.shots) and piece.read == "a cat on the beach"


def test_one_click_asks_once_and_progress_is_told_in_parts_of_the_whole(workshop: Workshop, wish: Wish) -> None:
    id = workshop.wish_picture(wish)
    assert [(job.kind, job.target) for job in workshop.jobs()] == [("picture", id)]
    steps = list(workshop.perform("picture", id, {}))
    shares = [step.done / step.total for step in steps]
    assert shares == sorted(shares) and shares[-1] == 1.0 and any(0 < share < 1 for share in shares)


def test_the_file_tells_how_it_was_drawn_and_the_same_can_be_wished_again(workshop: Workshop, wish: Wish) -> None:
    piece = draw(workshop, replace(wish, negative="a dog"))
    raw = workshop.picture_file(piece.id, piece.shots[0].file).read_bytes()
    assert workshop.wish_in("cat.png", raw, workshop.usual_wish()) == piece.wish == workshop.wish_again(piece.id)
    finish(workshop.perform("picture", piece.id, {}))  # nothing is drawn again for the note in it
    assert workshop.picture_file(piece.id, piece.shots[0].file).read_bytes() == raw


def test_a_picture_with_a_personal_character_carries_no_words(workshop: Workshop, wish: Wish, may: str) -> None:
    piece = draw(workshop, replace(wish, prompt="a girl on the beach", worn=(Worn(may),), large=True))
    assert piece.read == "a may girl on the beach" and piece.shows == ("may",)
    notes = "".join(told_in(workshop, piece).values())
    assert "studio" not in told_in(workshop, piece) and "beach" not in notes and "may" not in notes
    named = draw(workshop, replace(wish, prompt="May on the beach"))
    assert named.shows == () and "beach" not in "".join(told_in(workshop, named).values())


def test_an_erased_character_is_in_no_free_picture(workshop: Workshop, wish: Wish, may: str, tmp_path: Path) -> None:
    shown = draw(workshop, replace(wish, worn=(Worn(may),)))
    download = workshop.picture_file(shown.id, shown.shots[0].file).read_bytes()
    again = draw(workshop, replace(wish, start=Start(workshop.take_start("x.png", download), 1.0)))
    begun = draw(workshop, replace(wish, start=Start(workshop.start_from(shown.id, shown.shots[0].file), 1.0)))
    finish(workshop.draw_picture("a cat", tmp_path / "mine.png", adapters=(Worn(may),), width=128, height=128, steps=2))
    other = draw(workshop, wish)
    assert again.shows == begun.shows == ("may",)
    assert workshop.erase_character(may).pictures == 3
    assert workshop.piece_ids() == (other.id,)
    pictures = {path.parent.name for path in (workshop.settings.home / "pictures").rglob("*.png")}
    assert pictures == {other.id}


def test_drawing_begins_with_a_picture_and_only_where_the_mask_is_white(workshop: Workshop, wish: Wish) -> None:
    mask = Image.new("L", (96, 80))
    mask.paste(255, (0, 0, 48, 80))
    raw = io.BytesIO()
    mask.save(raw, "PNG")
    start = Start(workshop.take_start("p.png", a_picture()), 1.0, workshop.take_start("mask.png", raw.getvalue()))
    piece = draw(workshop, replace(wish, start=start))
    with Image.open(workshop.picture_file(piece.id, piece.shots[0].file)) as drawn:
        assert drawn.getpixel((120, 60)) == (90, 120, 60) != drawn.getpixel((6, 60))


def test_a_large_copy_lies_beside_the_picture_when_it_is_asked_for(workshop: Workshop, wish: Wish) -> None:
    piece = draw(workshop, wish)
    workshop.enlarge_picture(piece.id)
    finish(workshop.perform("picture", piece.id, {}))
    assert workshop.piece(piece.id).wish.large  # the tiny model has no upscaler; the enlarger is tested where it lives
    assert workshop.piece(piece.id).shots == piece.shots


def test_what_was_removed_comes_back(workshop: Workshop, wish: Wish) -> None:
    piece = draw(workshop, wish)
    workshop.remove_picture(piece.id)
    assert workshop.pieces() == () and workshop.restore_picture(piece.id) == piece


def test_a_worker_that_was_killed_goes_on_where_it_stood(workshop: Workshop, wish: Wish) -> None:
    id = workshop.wish_picture(replace(wish, count=9))
    work = workshop.perform("picture", id, {})
    while not workshop.piece(id).shots:
        next(work)
    work.close()
    first = workshop.piece(id).shots[0]
    finish(workshop.perform("picture", id, {}))
    assert len(workshop.piece(id).shots) == 9 and workshop.piece(id).shots[0].pixels == first.pixels


def test_nothing_stays_of_a_piece_that_was_erased_while_it_was_drawn(workshop: Workshop, wish: Wish) -> None:
    id = workshop.wish_picture(replace(wish, count=9))
    work = workshop.perform("picture", id, {})
    next(work)
    workshop.remove_picture(id)
    work.close()
    assert not (workshop.settings.home / "pictures" / id).exists()


# Bad input


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("prompt", {"prompt": " "}, "Say in a few words"),
        ("size", {"width": 100}, "such as 96 x 128"),
        ("size", {"height": 5000}, "such as 128 x 512"),
        ("size", {"width": 64.5}, "divide by 32"),
        ("steps", {"steps": 0}, "Give 1 to 200"),
        ("steps", {"steps": "many"}, "'many' steps"),
        ("guidance", {"guidance": 99.0}, "Give 0 to 30"),
        ("guidance", {"guidance": float("nan")}, "Give 0 to 30"),
        ("seed", {"seed": -1}, "'-1'"),
        ("seed", {"seed": 2**64}, "'18446744073709551616'"),
        ("seed", {"seed": "abc"}, "'abc'"),
        ("sampler", {"sampler": "magic"}, "no sampler 'magic'"),
        ("count", {"count": 0}, "Give 1 to 16"),
        ("count", {"count": 17}, "Give 1 to 16"),
        ("worn", {"worn": (Worn("nobody"),)}, "There is no character 'nobody'"),
        ("worn", {"worn": (Worn("watercolour", 3.0),)}, "Give 0 to 2"),
        ("start", {"start": Start("0" * 64)}, "not here any more"),
        ("strength", {"start": Start("0" * 64, 1.5)}, "at most 1"),
        ("strength", {"start": Start("0" * 64, 0.0)}, "more than 0"),
        ("axes", {"axes": (Axis("wings", ("1",)),)}, "'wings'"),
        ("axes", {"axes": (Axis("steps", ("8", "x")),)}, "'x' cannot stand on the axis"),
        ("axes", {"axes": (Axis("steps", ("8", "900")),)}, "'900' steps"),
        ("axes", {"axes": (Axis("steps", ()),)}, "at most 12 values"),
        ("axes", {"axes": (Axis("sampler", ("ddim", "magic")),)}, "no sampler 'magic'"),
        ("axes", {"axes": (Axis("weight", ("1",)),)}, "No style or character is worn"),
        ("axes", {"axes": (Axis("seed", ("1",)), Axis("seed", ("2",)))}, "Both axes"),
        ("axes", {"axes": (Axis("seed", ("1",) * 12), Axis("steps", ("2",) * 5))}, "at most 2 axes and 48 pictures"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told_by_its_field(
    workshop: Workshop, wish: Wish, field: str, changes: dict, sentence: str
) -> None:
    faults = workshop.picture_faults(replace(wish, **changes))
    assert sentence in str(faults[field]) and not set(faults) - {field, "start"}
    with pytest.raises(type(next(iter(faults.values())))):
        workshop.wish_picture(replace(wish, **changes))
    assert workshop.piece_ids() == () and workshop.jobs() == ()


def test_a_picture_of_one_pixel_and_a_mask_of_another_size_are_refused(workshop: Workshop, wish: Wish) -> None:
    with pytest.raises(BadPhoto, match="at least 64"):
        workshop.take_start("dot.png", a_picture(1, 1))
    picture, mask = workshop.take_start("p.png", a_picture()), workshop.take_start("m.png", a_picture(80, 96))
    faults = workshop.picture_faults(replace(wish, start=Start(picture, 0.5, mask)))
    assert "The mask has 80 x 96 px and the picture 96 x 80 px" in str(faults["mask"])


# What the model is told


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("May running in the garden", "a may girl running in the garden, wet paint"),
        ("a happy girl and a cat", "a happy may girl and a cat, wet paint"),
        ("a cat on the beach", "a may girl and a cat on the beach, wet paint"),
        ("sleeping in the garden, Wet Paint", "a may girl sleeping in the garden, Wet Paint"),
        ("a may girl at night", "a may girl at night, wet paint"),
        ("cô bé chạy trong vườn", "cô bé may chạy trong vườn, wet paint"),
        ("May chạy trong vườn đầy hoa", "cô bé may chạy trong vườn đầy hoa, wet paint"),
    ],
)
def test_whoever_plays_is_called_once_and_the_style_named(workshop: Workshop, prompt: str, told: str) -> None:
    wish = replace(workshop.usual_wish(), prompt=prompt)
    assert spoken(wish, (MAY, PAINT), base_model("pocket")) == told


def test_words_of_one_click_are_added_in_the_language_of_the_prompt(workshop: Workshop) -> None:
    wish = replace(workshop.usual_wish(), prompt="a cat at night", presets=("night", "rain", "ink"))
    assert spoken(wish, (), base_model("pocket")) == "a cat at night in the rain"
    assert (
        spoken(replace(wish, prompt="chú mèo trong vườn"), (), base_model("pocket"))
        == "chú mèo trong vườn ban đêm dưới mưa"
    )
    assert spoken(wish, (), base_model("sd15")).startswith("a cat at night, ink and wash")


# Grids


def test_a_grid_has_a_picture_for_each_pair_of_values(workshop: Workshop, wish: Wish) -> None:
    axes = (Axis("guidance", ("4", "7"), title="Bám lời"), Axis("steps", ("2", "3", "4")))
    piece = draw(workshop, replace(wish, axes=axes, count=5))
    assert [shot.at for shot in piece.shots] == [(g, s) for s in ("2", "3", "4") for g in ("4", "7")]
    assert [(shot.wish.guidance, shot.wish.steps) for shot in piece.shots][:2] == [(4.0, 2), (7.0, 2)]
    with Image.open(workshop.picture_file(piece.id, piece.sheet)) as drawn:
        assert drawn.width > 2 * 128 + GAP_PX and drawn.height > 3 * 128 + 2 * GAP_PX


def test_the_weight_of_one_adapter_is_an_axis(wish: Wish) -> None:
    worn = (Worn("may", 1.1, 0.8), Worn("paint", 0.5, 1.0))
    found = cells(replace(wish, worn=worn, axes=(Axis("weight", ("0.25", "1"), "paint"),)))
    assert [cell.wish.worn for cell in found] == [
        (worn[0], Worn("paint", 0.25, 0.5)), (worn[0], Worn("paint", 1.0, 2.0)),
    ]  # fmt: skip


def test_the_labels_of_a_grid_know_vietnamese_and_stay_in_their_room(tmp_path: Path) -> None:
    files = []
    for number in range(2):
        files.append(tmp_path / f"{number}.png")
        files[-1].write_bytes(a_picture(64, 64))
    words = ("Tranh Đông Hồ ặỹ", "Hạt giống rất là dài dòng và không thể nào vừa một bức tranh nhỏ xíu như thế này")
    with Image.open(io.BytesIO(sheet(files, (Axis("seed", words, title="Hạt giống"),)))) as drawn:
        assert drawn.width < 4 * 64 and len(drawn.crop((0, 0, drawn.width, 12)).getcolors(9999)) > 2


def test_two_axes_on_one_thing_or_too_many_pictures_are_refused(wish: Wish) -> None:
    with pytest.raises(BadInput, match="at most 2 axes"):
        cells(replace(wish, axes=(Axis("seed", ("1",)), Axis("steps", ("1",)), Axis("guidance", ("1",)))))
