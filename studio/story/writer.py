"""The plain writer: scenes from page texts by the lexicon alone, without any language model.

Place and time stay as they were until the story changes them; mood, weather and things hold for one page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ..pocket.world.description import INDOORS, TIMELESS
from .cast import Appearance, appearances, companions, find_cast
from .doing import colours_of_things, doing, leads, things_there
from .lexicon import Mention, inside, listed, mentions, sentence_spans
from .scene import Cast, Role, Scene
from .splitter import split_pages
from .story import Language, Story

__all__ = ["find_cast", "write_scenes"]

PLACE, TIME = "garden", "day"  # of a story that speaks of none
NEWS = 2  # a place that the page names weighs twice as much per word as the one from the page before
DRY = (*INDOORS, *TIMELESS)
FIGURES = 3


def write_scenes(story: Story, cast: Cast, pages: int) -> tuple[Scene, ...]:
    """One scene for each of `pages` pages. Raises BadStory when the story cannot fill them."""
    texts = split_pages(story, pages)
    colours = colours_of_things(story.text, mentions(story.text, story.language, cast.names), story.language)
    scenes, before = [], Scene("", place=_first_place(story, cast), time=TIME)
    for text in texts:
        scene, before = _scene(text, cast, story.language, before, colours)
        scenes.append(scene)
    return tuple(scenes)


def _scene(text: str, cast: Cast, language: Language, before: Scene, colours: Mapping[str, str]) -> tuple[Scene, Scene]:
    """The scene of a page, and where, when and with whom the page ends."""
    told = [mention for mention in mentions(text, language, cast.names) if not mention.spoken]
    people = appearances(text, cast, language)
    who = _who(text, people, cast, language, before)
    does = doing(text, told, people, who, things_there(text, told, colours) if who else ())
    places, times = _places(told, language), [mention for mention in told if mention.field == "time"]
    time = _prevailing(times, before.time, text)
    asleep = does.action == "sleeping" and _in_bed(places, time)
    place = "bedroom" if asleep else _prevailing(places, before.place, text)
    mood = "angry" if does.relation == "fighting" else "happy"
    scene = Scene(
        text=text,
        who=tuple(role.name for role in does.who),
        action=does.action,
        place=place,
        time=time,
        weather="sun" if place in DRY else _last(told, "weather", "sun"),
        mood=_last([each for each in told if leads(each, text, people, does.who)], "mood", mood),
        things=does.things,
        relation=does.relation,
    )
    return scene, Scene("", scene.who, place=_last(places, "place", place), time=_last(times, "time", time))


def _places(found: Sequence[Mention], language: Language) -> list[Mention]:
    """The places where something happens: not those that somebody leaves or only speaks of."""
    leaving = listed(language, "leaving")
    return [each for each in found if each.field == "place" and not each.spoken and not each.follows(leaving)]


def _first_place(story: Story, cast: Cast) -> str:
    """Where a story begins that does not say it at once: the first place that it names."""
    places = _places(mentions(story.text, story.language, cast.names), story.language)
    return places[0].word if places else PLACE


def _who(text: str, people: Sequence[Appearance], cast: Cast, language: Language, before: Scene) -> tuple[Role, ...]:
    """The hero if the page speaks of it or of nobody, then who is spoken of most; a third only if more than once."""
    told = [each for each in people if not each.spoken]
    if people and not told and before.who:  # nothing but speech: those who were here go on talking
        return tuple(role for role in cast.roles if role.name in before.who)
    counts = Counter(each.role for each in told)
    others = [role for role, _ in counts.most_common() if role != cast.hero]
    if not others and companions(text, language):
        others = [role for role in cast.roles if role.name in before.who and role != cast.hero]
    hero_is_here = cast.hero and (cast.hero in counts or not others)
    here = [cast.hero, *others] if hero_is_here and cast.hero else others
    return (*here[:2], *(role for role in here[2:FIGURES] if counts[role] > 1))


def _prevailing(found: Sequence[Mention], before: str, text: str) -> str:
    """The place or time in which most of the page happens.

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


def _in_bed(places: Sequence[Mention], time: str) -> bool:
    """Whether somebody who sleeps is in bed: the page says so, or it is night and the page names no other place."""
    return any(each.word == "bedroom" for each in places) or (time == "night" and not places)


def _last(found: Sequence[Mention], field: str, otherwise: str) -> str:
    return next((mention.word for mention in reversed(found) if mention.field == field), otherwise)
