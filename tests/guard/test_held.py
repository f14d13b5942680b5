"""What a person sees of a page whose picture was held back: why, and a way on; never a black picture."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from studio.library.held import REASON, hold
from studio.workshop import Workshop

TALE = "A girl walks to the river with her dog. They find a red boat. In the evening they go home."


def shown() -> None:
    from studio.ui.desk import workshop
    from studio.ui.spreads import spreads

    spreads(workshop().books()[0].id, False)


def test_a_held_page_says_why_and_another_seed_can_be_tried(workshop: Workshop, tiny_pocket: Path) -> None:
    book = workshop.begin_book(workshop.read_story(TALE, "The boat", "en"), 2)
    drawing = workshop._easel.drawings(book)[0]
    picture = workshop._library.pictures(book.id) / drawing.file_name(1)
    picture.write_bytes(b"what nobody gets to see")
    hold(picture)
    assert not picture.exists() and workshop.held_pages(book) == (1,)

    app = AppTest.from_function(shown, default_timeout=60).run()
    assert [one.value for one in app.markdown if one.value == REASON] == [REASON] and not app.exception
    app.button(key="pages_other_seed_1").click().run()
    (job,) = workshop.jobs()
    assert job.kind == "redo" and job.arguments["seed"] != book.pages[0].seed
