"""The plain writer: scenes from page texts by the lexicon alone, without any language model.

Place and time stay as they were until the story changes them; mood, weather and things hold for one page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ..pocket.world.description import PEOPLE
from .cast import Appearance, appearances, companions, find_cast
from .lexicon import Mention, inside, listed, mentions, sentence_spans
from .scene import Cast, Role, Scene
from .splitter import split_pages
from .story import Language, Story

__all__ = ["find_cast", "write_scenes"]

PLACE, TIME = "garden", "day"  # of a story that speaks of none
NEWS = 2  # a place that the page names weighs twice as much per word as the one from the page before
TELLING = ("sleeping", "waving", "sitting", "running", "standing")  # the most telling action first
HOLDERS = (*PEOPLE, "cat", "dog", "rabbit", "bear", "fox", "pig")  # who has a hand for a thing
DRY = ("space", "bedroom", "snow")
_AND = re.compile(r",?\s+(?:and|with|và|với|cùng)\s+(?:\w+\s+){0,3}")


def write_scenes(story: Story, cast: Cast, pages: int) -> tuple[Scene, ...]:
    """One scene for each of `pages` pages. Raises BadStory when the story cannot fill them."""
    texts = split_pages(story, pages)
    scenes, before = [], Scene("", place=_first_place(story, cast), time=TIME)
    for text in texts:
        scene, before = _scene(text, cast, story.language, before)
        scenes.append(scene)
    return tuple(scenes)


def _scene(text: str, cast: Cast, language: Language, before: Scene) -> tuple[Scene, Scene]:
    """The scene of a page, and where, when and with whom the page ends."""
    found = mentions(text, language, cast.names)
    people = appearances(text, cast, language)
    who = _who(text, people, cast, language, before)
    told = [mention for mention in found if not mention.spoken]
    places = _places(told, language)
    times = [mention for mention in told if mention.field == "time"]
    place, time = _prevailing(places, before.place, text), _prevailing(times, before.time, text)
    leads = [mention for mention in told if _leads(mention, text, people, who)]
    things = _things(text, told) if who and who[0].kind in HOLDERS else ()
    action = _action([mention.word for mention in leads if mention.field == "action"], bool(things))
    if action == "sleeping" and _in_bed(places, time):
        place = "bedroom"
    scene = Scene(
        text=text,
        who=tuple(role.name for role in who),
        action=action,
        place=place,
        time=time,
        weather="clear" if place in DRY else _last(told, "weather", "clear"),
        mood=_last(leads, "mood", "happy"),
        things=() if action == "sleeping" else things,
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
    """At most two: the hero if the page speaks of it or of nobody, then those of whom it speaks most."""
    told = [each for each in people if not each.spoken]
    if people and not told and before.who:  # nothing but speech: those who were here go on talking
        return tuple(role for role in cast.roles if role.name in before.who)
    counts = Counter(each.role for each in told)
    others = [role for role, _ in counts.most_common() if role != cast.hero]
    if not others and companions(text, language):
        others = [role for role in cast.roles if role.name in before.who and role != cast.hero]
    hero_is_here = cast.hero and (cast.hero in counts or not others)
    return tuple([cast.hero, *others][:2] if hero_is_here and cast.hero else others[:2])


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


def _leads(mention: Mention, text: str, people: Sequence[Appearance], who: Sequence[Role]) -> bool:
    """Whether an action or mood is the first figure's: named last before it in its sentence, or joined by "and"."""
    start = (inside(mention.start, sentence_spans(text)) or (0,))[0]
    earlier = [each for each in people if start <= each.start < mention.start and not each.spoken]
    if not earlier or earlier[-1].role in who[:1]:
        return True
    together = (_AND.fullmatch(text, each.end, earlier[-1].start) for each in earlier if each.role in who[:1])
    return any(together)


def _action(found: Sequence[str], holds: bool) -> str:
    """The most telling action. Whoever holds a thing stands or waves: the pocket world draws nothing in busy hands."""
    action = next((telling for telling in TELLING if telling in found), "standing")
    return "standing" if holds and action in ("running", "sitting") else action


def _things(text: str, told: Sequence[Mention]) -> tuple[str, ...]:
    """The thing that the page names last and that is still there: not lost, looked for or asked about."""
    absent = [
        (start, end)
        for start, end in sentence_spans(text)
        if "?" in text[start:end] or any(each.field == "lost" and start <= each.start < end for each in told)
    ]
    there = {each.word: not inside(each.start, absent) for each in told if each.field == "thing"}
    return tuple(thing for thing, is_there in there.items() if is_there)[-1:]
