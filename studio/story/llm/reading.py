"""How an answer is read: checked against the story, and turned into the studio's own words with the real names put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...pocket.world.description import RELATIONS
from ..reader import detect_language
from ..scene import Bearing, Cast, Role, Scene
from ..splitter import page_text
from ..story import Language, Story
from .brief import ids
from .conversation import Unfit
from .mask import HERO, Mask
from .shape import Drawn, KeptPage, KeptPlan, Member, Texts, ToldPage, ToldPlan

if TYPE_CHECKING:
    from pydantic import BaseModel

TOO_LONG = 2.5  # how much longer than was asked a page may be
SURE = 8  # words from which on the language of a text can be told


@dataclass(frozen=True, slots=True)
class Kept:
    """Reads a plan that keeps the author's words: `pieces` are the numbered sentences."""

    story: Story
    cast: Cast
    mask: Mask
    pages: int
    pieces: Sequence[str]

    shape = KeptPlan

    def check(self, reply: KeptPlan) -> None:
        """Raises Unfit unless the pages hold all sentences in order, and everybody is in the story."""
        _check_count(len(reply.pages), self.pages)
        ends = [page.last_sentence for page in reply.pages]
        if ends != sorted(set(ends)) or ends[-1] != len(self.pieces):
            raise Unfit(f"last_sentence must rise from page to page and be {len(self.pieces)} on the last page.")
        _check_people(reply.cast, reply.pages, self.cast, self.mask, self.story.text)

    def plan(self, reply: KeptPlan) -> tuple[Cast, tuple[Scene, ...]]:
        cast, names = _cast(self.cast, reply.cast, self.mask)
        return cast, self._scenes(reply.pages, names)

    def so_far(self, text: str) -> tuple[Scene, ...]:
        """The pages that are whole in an answer that is still coming."""
        pages = [page for page in _whole_pages(text, KeptPage) if page.last_sentence <= len(self.pieces)]
        return self._scenes(pages, _names(self.cast))

    def _scenes(self, pages: Sequence[KeptPage], names: Mapping[str, str]) -> tuple[Scene, ...]:
        starts = [0, *(page.last_sentence for page in pages)]
        texts = [
            "".join(self._piece(at) for at in range(a, page.last_sentence))
            for a, page in zip(starts, pages, strict=False)
        ]
        return tuple(_scene(page_text(text), page, names) for text, page in zip(texts, pages, strict=True))

    def _piece(self, at: int) -> str:
        piece = self.pieces[at]
        return piece if piece[-1:].isspace() else f"{piece} "


@dataclass(frozen=True, slots=True)
class Told:
    """Reads a plan whose words the model wrote; `source` is what it retells, empty for a story of its own."""

    cast: Cast
    mask: Mask
    pages: int
    language: Language
    words: int
    source: str = ""

    shape = ToldPlan

    def check(self, reply: ToldPlan) -> None:
        """Raises Unfit unless there are as many pages as asked, of the right length and language, with people of the story."""
        _check_count(len(reply.pages), self.pages)
        texts = [page.text for page in reply.pages]
        _check_hero(texts, self.mask)
        _check_words(texts, self.language, self.words)
        _check_people(reply.cast, reply.pages, self.cast, self.mask, self.source or self.mask.show(" ".join(texts)))

    def plan(self, reply: ToldPlan) -> tuple[Cast, tuple[Scene, ...]]:
        cast, names = _cast(self.cast, reply.cast, self.mask)
        return cast, self._scenes(reply.pages, names)

    def so_far(self, text: str) -> tuple[Scene, ...]:
        """The pages that are whole in an answer that is still coming."""
        return self._scenes(_whole_pages(text, ToldPage), _names(self.cast))

    def _scenes(self, pages: Sequence[ToldPage], names: Mapping[str, str]) -> tuple[Scene, ...]:
        return tuple(_scene(page_text(clean(self.mask.show(page.text))), page, names) for page in pages)


def check_texts(reply: Texts, count: int, language: Language, most_words: int) -> None:
    """Raises Unfit unless there is one text for each page, in order and in the language."""
    _check_count(len(reply.pages), count)
    if [page.number for page in reply.pages] != list(range(1, count + 1)):
        raise Unfit(f"The pages must be numbered 1 to {count}, in order.")
    _check_words([page.text for page in reply.pages], language, most_words)


def clean(text: str) -> str:
    """A text of a model as a story holds it: NFC, without marks that print as nothing."""
    from ..reader import cleaned

    return cleaned(text)


def _check_count(count: int, wanted: int) -> None:
    if count != wanted:
        raise Unfit(f"There must be exactly {wanted} pages; there are {count}.")


def _check_hero(texts: Sequence[str], mask: Mask) -> None:
    if any(map(mask.speaks_of_nobody, texts)):
        raise Unfit(f"The cast is empty, so {{{HERO}}} stands for nobody: give the hero a name.")


def _check_words(texts: Sequence[str], language: Language, most: int) -> None:
    for at, text in enumerate(texts, 1):
        if most and len(text.split()) > TOO_LONG * most:
            raise Unfit(f"Page {at} has {len(text.split())} words; about {most} are wanted.")
    together = " ".join(texts)
    if len(together.split()) >= SURE and detect_language(together) != language:
        raise Unfit(f"The texts must be in the language '{language}'.")


def _check_people(members: Sequence[Member], pages: Sequence[Drawn], cast: Cast, mask: Mask, text: str) -> None:
    """Raises Unfit for somebody who is not in the story, or not in the cast."""
    known, told = set(ids(cast)), mask.hide(text).casefold()
    for member in members:
        if member.id not in known and member.called.casefold() not in told:
            raise Unfit(f"'{member.id}' is not in the story: its text nowhere says '{member.called}'.")
    everybody = known | {member.id for member in members}
    for at, page in enumerate(pages, 1):
        for figure in page.who:
            if figure.id not in everybody:
                raise Unfit(f"'{figure.id}' on page {at} is not in the cast.")


def _cast(cast: Cast, members: Sequence[Member], mask: Mask) -> tuple[Cast, dict[str, str]]:
    """The cast with what the model tells of looks, and with who is new; and the names by id."""
    names, told = _names(cast), {member.id: member for member in members}
    roles = [_known(role, told.get(id)) for id, role in zip(ids(cast), cast.roles, strict=True)]
    for member in members:
        if member.id not in names:
            names[member.id] = clean(mask.show(member.called))
            roles.append(Role(names[member.id], member.kind, clothes=member.clothes, look=member.look))
    return Cast(tuple(roles)), names


def _known(role: Role, member: Member | None) -> Role:
    if member is None:
        return role
    return replace(role, look=member.look, clothes=member.clothes or role.clothes)


def _names(cast: Cast) -> dict[str, str]:
    return dict(zip(ids(cast), (role.name for role in cast.roles), strict=True))


def _scene(text: str, page: Drawn, names: Mapping[str, str]) -> Scene:
    here = [(names[figure.id], figure) for figure in page.who if figure.id in names]
    first = here[0][1] if here else None
    bearings = (
        Bearing(name, figure.action if at else "", figure.mood if at else "", figure.clothes)
        for at, (name, figure) in enumerate(here)
    )
    return Scene(
        text=text,
        who=tuple(dict.fromkeys(name for name, _ in here)),
        action=(first.action if first else "") or "standing",
        place=page.place or "garden",
        time=page.time or "day",
        weather=page.weather or "sun",
        mood=(first.mood if first else "") or "happy",
        things=tuple(filter(None, page.things)),
        relation=page.relation if page.relation in RELATIONS else "beside",
        view=page.view,
        without=tuple(filter(None, page.without)),
        bearings=tuple(one for one in bearings if one.action or one.mood or one.clothes),
    )


def _whole_pages(text: str, shape: type[BaseModel]) -> list[Any]:
    """The pages at the beginning of an unfinished answer that are of the right shape; the last may still grow."""
    from pydantic import ValidationError
    from pydantic_core import from_json

    try:
        so_far = from_json(text[max(text.find("{"), 0) :], allow_partial="trailing-strings")
    except ValueError:
        return []
    pages = so_far.get("pages") if isinstance(so_far, dict) else None
    found: list[Any] = []
    for page in pages[:-1] if isinstance(pages, list) else ():
        try:
            found.append(shape.model_validate(page))
        except ValidationError:
            break
    return found
