"""An error says the same sentence in every language, wherever it was made."""

from __future__ import annotations

import pickle

import pytest

from studio import errors
from studio.errors import BadPhoto, BadStory, StudioError
from studio.photos.door import take_in
from studio.ui.language import catalogue

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, StudioError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_comes_whole_from_another_process(kind: type[StudioError]) -> None:
    error = pickle.loads(pickle.dumps(kind("{count:,} pages of '{title}' are gone.", count=1200, title="May")))
    assert type(error) is kind and str(error) == "1,200 pages of 'May' are gone."


def test_an_error_fills_its_blanks_in_vietnamese() -> None:
    with pytest.raises(BadPhoto) as refusal:
        take_in("biển.jpg", b"")
    assert str(refusal.value) == "The photo 'biển.jpg' is empty. Choose the file again; your other photos are safe."
    said = pickle.loads(pickle.dumps(refusal.value)).said(catalogue("vi").gettext)
    assert said == "Ảnh “biển.jpg” không có gì bên trong. Hãy chọn lại tệp; các ảnh khác vẫn an toàn."


def test_braces_in_a_persons_words_stay_as_they_are() -> None:
    assert str(BadStory("'{word}' is too short.", word="{word}")) == "'{word}' is too short."
    assert str(BadStory("Nothing between { and }.")) == "Nothing between { and }."
