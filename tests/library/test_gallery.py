"""Free pictures on disk: kept with every number, found newest first, thrown away and brought back, erased for good."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.adapters.card import Worn
from studio.errors import BadInput, NotFound
from studio.library.gallery import Gallery, Piece, Shot
from studio.library.verification import look
from studio.progress import finish
from studio.rendering.drawing import Start
from studio.rendering.wish import Axis, Wish
from studio.settings import Settings, load_settings

WISH = Wish(
    prompt="chú mèo trong vườn", negative="a dog", width=288, height=256, steps=9, guidance=3.5, sampler="euler a", seed=2**40,
    count=1, worn=(Worn("watercolour", 0.7), Worn("may", 1.1, 0.8)), presets=("night",), turned=True, pace="fast", large=True,
    axes=(Axis("weight", ("0", "0.5"), "watercolour", "Màu nước"), Axis("sampler", ("ddim", "unipc"))),
)  # fmt: skip


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings()


@pytest.fixture
def gallery(settings: Settings) -> Gallery:
    return Gallery(settings)


def drawn(gallery: Gallery, wish: Wish, pixels: str = "") -> Piece:
    """A piece with one file that stands for its picture."""
    piece = gallery.add(wish, {one.adapter for one in wish.worn if one.adapter == "may"})
    (gallery.folder(piece.id) / "01.png").write_bytes(b"picture")
    return gallery.change(piece.id, lambda it: replace(it, shots=(Shot(file="01.png", wish=wish, pixels=pixels),)))


def test_every_parameter_reads_back_as_it_was_wished(gallery: Gallery) -> None:
    assert gallery.piece(gallery.add(WISH).id).wish == WISH


def test_the_newest_come_first_a_few_at_a_time(gallery: Gallery) -> None:
    ids = [gallery.add(replace(WISH, seed=seed)).id for seed in range(5)]
    assert gallery.ids() == tuple(reversed(ids))
    assert [piece.wish.seed for piece in gallery.pieces(1, 2)] == [3, 2]


def test_a_piece_takes_along_what_it_begins_with_and_lays_it_ready_again(gallery: Gallery) -> None:
    picture, mask = gallery.lay(b"a picture"), gallery.lay(b"a mask")
    piece = gallery.add(replace(WISH, start=Start(picture, 0.5, mask)))
    for file in (gallery.place / "from").iterdir():
        file.unlink()
    assert gallery.take_up(piece.id).wish == piece.wish
    assert [gallery.source(name).read_bytes() for name in (picture, mask)] == [b"a picture", b"a mask"]


@pytest.mark.parametrize("name", ["0" * 64, "../../secret", ""])
def test_what_is_not_there_to_begin_with_is_told(gallery: Gallery, name: str) -> None:
    with pytest.raises(NotFound, match="not here any more"):
        gallery.source(name)


def test_what_was_removed_comes_back_whole(gallery: Gallery) -> None:
    piece = drawn(gallery, WISH)
    gallery.trash(piece.id)
    assert gallery.ids() == ()
    (gallery.place / piece.id).mkdir()  # a worker was still writing
    assert gallery.restore(piece.id) == piece and (gallery.folder(piece.id) / "01.png").is_file()


@pytest.mark.parametrize("id", ["../books", "from", "20261121-000000000"])
def test_a_wrong_id_is_told_and_leaves_nothing(gallery: Gallery, id: str) -> None:
    for ask in (gallery.piece, gallery.trash, gallery.restore):
        with pytest.raises(NotFound):
            ask(id)
    assert not (gallery.place.parent / "locks").exists()


def test_an_erased_character_is_in_no_free_picture(gallery: Gallery) -> None:
    kept = drawn(gallery, replace(WISH, worn=()))
    shown, thrown = drawn(gallery, WISH), drawn(gallery, WISH)
    begun = gallery.add(replace(WISH, worn=(), start=Start(gallery.lay(b"May", shown.shows))))
    again = gallery.add(replace(WISH, worn=(), start=begun.wish.start))
    gallery.trash(thrown.id)
    (gallery.place / "loose.png").write_bytes(b"drawn by the command line")
    assert begun.shows == again.shows == ("may",)
    assert gallery.erase(("may",)) == 4
    files = {path.relative_to(gallery.place).parts[0] for path in gallery.place.rglob("*") if path.is_file()}
    assert files == {kept.id} and not list((gallery.place.parent / "trash").rglob("*.png"))


def test_a_record_that_nobody_can_read_is_erased_too(gallery: Gallery) -> None:
    piece = drawn(gallery, WISH)
    (gallery.folder(piece.id) / "picture.json").write_text("{")
    with pytest.raises(BadInput, match="The record of picture"):
        gallery.piece(piece.id)
    assert gallery.pieces() == () and [id for id, _ in gallery.damaged()] == [piece.id]
    assert gallery.erase(("somebody",)) == 1


def test_pictures_and_records_are_verified(gallery: Gallery, settings: Settings) -> None:
    piece = drawn(gallery, WISH)
    assert [flaw.sentence for flaw in finish(look(settings)).flaws] == [f"01.png of picture '{piece.id}' is damaged."]
    (gallery.folder(piece.id) / "picture.json").write_text('{"wings": 2}')
    (told,) = (flaw.sentence for flaw in finish(look(settings)).flaws)
    assert told.startswith("The record of picture")
