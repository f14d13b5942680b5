"""The plain writer: scenes from page texts by the lexicon alone, without any language model.

Place, time, people, clothes and what the hero carries stay as they were until the story changes them; mood and weather
hold for one page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..pocket.world.description import INDOORS, TIMELESS
from .cast import Appearance, appearances, find_cast
from .doing import Doing, Thing, colours_of_things, doing, leads, things_of, things_there
from .lexicon import Mention, inside, mentions, sentence_spans
from .outfits import Change, changes
from .scene import Bearing, Cast, Role, Scene
from .splitter import split_pages
from .stage import Moment, moments
from .story import Language, Story

__all__ = ["find_cast", "scenes_of", "write_scenes"]

TIME = "day"  # of a story that speaks of none
NEWS = 2  # a time that the page names weighs twice as much per word as the one from the page before
DRY = (*INDOORS, *TIMELESS)
SHARE = 0.25  # of a page's letters for which somebody must be there to be on its picture
FIGURES = 5


def write_scenes(story: Story, cast: Cast, pages: int) -> tuple[Scene, ...]:
    """One scene for each of `pages` pages. Raises BadStory when the story cannot fill them."""
    return scenes_of(split_pages(story, pages), story, cast)


def scenes_of(texts: Sequence[str], story: Story, cast: Cast) -> tuple[Scene, ...]:
    """One scene for each page text of the story."""
    whole = "\n\n".join(texts)
    found = mentions(whole, story.language, cast.names)
    told = _Told(
        cast,
        story.language,
        moments(whole, cast, story.language),
        colours_of_things(whole, found, story.language),
        changes(
            whole, story.language, found, [(each.start, each.role) for each in _told_of(whole, cast, story.language)]
        ),
        things_of(whole, found),
    )
    scenes, time, start = [], TIME, 0
    for text in texts:
        scene, time = _scene(text, told, start, time)
        scenes.append(scene)
        start += len(text) + 2
    return tuple(scenes)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the whole story tells, from which each page takes its part."""

    cast: Cast
    language: Language
    played: tuple[Moment, ...]
    colours: Mapping[str, str]
    outfits: tuple[Change, ...]
    things: tuple[Thing, ...]

    def on_page(self, start: int, end: int) -> list[tuple[Moment, int]]:
        """The moments of a page, each with how many of its letters are on it."""
        return [
            (each, min(each.end, end) - max(each.start, start))
            for each in self.played
            if each.start < end and each.end > start
        ]

    def clothes(self, who: Sequence[str], end: int) -> tuple[Bearing, ...]:
        """What those on a page wear at its end, where it is not what they wore at first."""
        worn: dict[str, str] = {}
        for change in self.outfits:
            if change.start < end:
                worn[change.who] = change.clothes
        first = {role.name: role.clothes for role in self.cast.roles}
        return tuple(
            Bearing(name, clothes=worn[name]) for name in who if worn.get(name, "") not in ("", first.get(name))
        )

    def carried(self, start: int, end: int) -> tuple[str, ...]:
        """The thing that was there before the page and is there again after it, if the page names none."""
        before = [thing for thing in self.things if thing.start < end]
        after = [thing for thing in self.things if thing.start >= end]
        if not before or before[-1].start >= start or not before[-1].there:
            return ()
        last = before[-1].word
        back = any(thing.word == last for thing in after[:3])
        return (f"{self.colours.get(last, '')} {last}".strip(),) if back else ()


def _told_of(whole: str, cast: Cast, language: Language) -> list[Appearance]:
    return [each for each in appearances(whole, cast, language) if not each.spoken]


def _scene(text: str, story: _Told, start: int, before: str) -> tuple[Scene, str]:
    """The scene of a page that begins at `start`, and the time at which it ends."""
    cast, language, end = story.cast, story.language, start + len(text)
    told = [mention for mention in mentions(text, language, cast.names) if not mention.spoken]
    people, on_page = appearances(text, cast, language), story.on_page(start, end)
    who = _who(on_page, people, cast)
    things = things_there(text, told, story.colours) or story.carried(start, end)
    does = doing(text, told, people, who, things if who else ())
    times = [mention for mention in told if mention.field == "time"]
    time, place = _prevailing(times, before, text), _place(on_page)
    if does.action == "sleeping" and time == "night" and not any(each.field == "place" for each in told):
        place = "bedroom"
    names = tuple(role.name for role in does.who)
    scene = Scene(
        text=text,
        who=names,
        action=does.action,
        place=place,
        time=time,
        weather="sun" if place in DRY else _last(told, "weather", "sun"),
        mood=_mood(text, told, people, does),
        things=does.things,
        relation=does.relation,
        bearings=story.clothes(names, end),
    )
    return scene, _last(times, "time", time)


def _mood(text: str, told: Sequence[Mention], people: Sequence[Appearance], does: Doing) -> str:
    """How the first figure feels: as the page says last."""
    own = [each for each in told if leads(each, text, people, does.who)]
    return _last(own, "mood", "angry" if does.relation == "fighting" else "happy")


def _who(on_page: Sequence[tuple[Moment, int]], people: Sequence[Appearance], cast: Cast) -> tuple[Role, ...]:
    """Those who are there for a good part of the page: the hero first, then who is told of most."""
    there: Counter[Role] = Counter()
    for moment, letters in on_page:
        there.update(dict.fromkeys(moment.who, letters))
    least = SHARE * sum(letters for _, letters in on_page)
    named = Counter(each.role for each in people if not each.spoken)
    here = [role for role in cast.roles if there[role] >= least and there[role]]
    rest = sorted((role for role in here if role != cast.hero), key=lambda role: -named[role])
    return (*(role for role in here if role == cast.hero), *rest)[:FIGURES]


def _place(on_page: Sequence[tuple[Moment, int]]) -> str:
    """Where most of the page happens."""
    places: Counter[str] = Counter()
    for moment, letters in on_page:
        places[moment.place] += letters
    return places.most_common(1)[0][0]


def _prevailing(found: Sequence[Mention], before: str, text: str) -> str:
    """The time in which most of the page happens.

    A mention rules until the next, the first of a sentence from where that sentence begins.
    """
    if not found:
        return before
    spans = sentence_spans(text)
    begins = []
    for at, mention in enumerate(found):
        start = (inside(mention.start, spans) or (mention.start,))[0]
        begins.append(start if at == 0 or found[at - 1].start < start else mention.start)
    shares: Counter[str] = Counter({before: begins[0]})
    for mention, start, end in zip(found, begins, [*begins[1:], len(text)], strict=True):
        shares[mention.word] += NEWS * (end - start)
    return shares.most_common(1)[0][0]


def _last(found: Sequence[Mention], field: str, otherwise: str) -> str:
    return next((mention.word for mention in reversed(found) if mention.field == field), otherwise)
