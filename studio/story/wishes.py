"""What a wish for one picture asks, read by the lexicon alone: "make it night", "with a red kite", "không có chó".

A wish is read piece by piece; in each piece things are either wanted or not. What nobody knows is left alone, but for
"without clouds", whose words go into what must not be there as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..pocket.world.grammar import props
from .cast import Appearance, appearances
from .lexicon import FIELDS, Mention, mentions
from .nearest import nearest
from .outfits import dressed, garments
from .scene import Bearing, Cast, Role, Scene
from .story import Language
from .wording import split_colour

Told = tuple[str, str]  # what of a scene, and the word that it becomes

LONGEST = 500  # letters
FIGURES = 5
UNLIKE = {  # what stands in place of what is not wanted
    "time": {"night": "day", "day": "night", "sunset": "day"}, "weather": {"sun": "rain"}, "mood": {"happy": "sad"},
    "action": {"standing": "walking"}, "relation": {},
}  # fmt: skip
OTHERWISE = {"weather": "sun", "mood": "happy", "action": "standing", "relation": "beside"}
AWAY = ("sleeping", "flying")  # hold nothing
FALLEN = ("snow", "tuyết")  # the place by name; as a wish, what falls
MOST_UNKNOWN = 4  # words of what must not be there
_DENIED = {
    "en": r"without|with no|no longer|instead of|take away|take out|leave out|get rid of|remove|minus|not|no|don't|never",
    "vi": r"không có|không còn|không phải|không|thay vì|thay cho|bỏ|xóa|xoá|bớt|đừng|chẳng",
}
_WANTED = {"en": r"but|with|add|make|let|put|show", "vi": r"chỉ có|nhưng|với|thêm|cho|vẽ|hãy|có|mà"}
_INDOORS_OF = {"en": ("in", "in the", "into the", "on the", "to the"), "vi": ("trong", "ngoài", "trên", "giữa", "ở")}
_INDEFINITE = {
    "en": ("a", "an", "another", "one", "some", "add", "with"), "vi": ("một", "thêm", "có", "với", "cùng", "con", "chú"),
}  # fmt: skip
# What must stand before a word for its kin to be meant: of any word at all, "please" would be pleased and "colour" sit.
_KIN = {
    "thing": re.compile(r"\s*(?:with|add|more|some|an?|hold\w*|carry\w*|bring\w*|có|thêm|cầm|với)\s+", re.I),
    "place": re.compile(r"\s*(?:in|at|on|under|by|near|ở|trong|trên|dưới|tại|bên|ngoài)\s+", re.I),
    "weather": re.compile(r"\s*(?:(?:make|let) it\s+(?:be\s+)?|cho\s+|trời\s+)?(?=\w+\s*$)", re.I),
}
_ALONE = {
    "en": re.compile(r"\b(?:only|just|alone|by (?:him|her|it)self)\b", re.I), "vi": re.compile(r"(?<!\w)(?:chỉ|một mình)(?!\w)", re.I),
}  # fmt: skip
_NO_THING = re.compile(r"(?:be|so|very|too|that|this|it|like|want|thích|muốn|được|phải|nên|như|quá)(?!\w)", re.I)
_SMALL = re.compile(r"^(?:any|the|a|an|more|her|his|their|nào|những|các|cái|con|chiếc)\s+", re.I)
_JOINED = re.compile(r"\s+(?:and|or|và|hay|hoặc)\s+", re.I)


@dataclass(frozen=True, slots=True)
class Understood:
    """Fields of a Scene with their new values, who joins the cast for it, and each thing that was understood."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    newcomers: tuple[Role, ...] = ()
    told: tuple[
        Told, ...
    ] = ()  # ("time", "night"), ("thing", "red kite"), ("without", "dog"), ("who", "Rex"), ("gone", "Rex")


def read_wish(wish: str, scene: Scene, cast: Cast) -> Understood:
    """What the wish asks of a scene, in the likelier language or else in the other; nothing told when nothing is understood."""
    languages: tuple[Language, Language] = ("en", "vi") if wish.isascii() else ("vi", "en")
    readings = (_Reading(wish[:LONGEST], language, scene, cast).read() for language in languages)
    return next((reading for reading in readings if reading.told), Understood())


@dataclass(slots=True)
class _Reading:
    wish: str
    language: Language
    scene: Scene
    cast: Cast
    told: list[Told] = field(default_factory=list)
    asked: dict[str, Any] = field(default_factory=dict)  # fields of one word
    things: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    who: list[str] = field(default_factory=list)
    newcomers: list[Role] = field(default_factory=list)
    named: list[str] = field(default_factory=list)  # who was on the page before
    bearings: dict[str, Bearing] = field(default_factory=dict)

    def read(self) -> Understood:
        self.who = list(self.scene.who)
        self.bearings = {one.who: one for one in self.scene.bearings}
        for words, wanted in _pieces(self.wish, self.language):
            understood = len(self.told)
            self._want(words) if wanted else self._deny(words)
            if wanted and len(self.told) == understood:
                self._nearby(words)
        if not self.told:
            self.told += [("who", name) for name in self.named]
        return Understood(self._changes(), tuple(self.newcomers), tuple(dict.fromkeys(self.told)))

    # What is wanted

    def _want(self, words: str) -> None:
        found = mentions(words, self.language, self.cast.names, (*FIELDS, "site"))
        people = [one for one in appearances(words, self.cast, self.language) if one.by != "pronoun"]
        for one in people:
            self._join(one.role.name)
        if people and _ALONE[self.language].search(words):
            for name in set(self.who).difference(one.role.name for one in people):
                self._go(name)
        self._newcomers(words, found, people)
        coloured = garments(words, found)
        for garment, colour in coloured:
            self._dress(garment, colour, people)
        self._hold(words, found, {colour.start for _, colour in coloured})
        for mention in found:
            self._one(mention, words, people)

    def _one(self, mention: Mention, words: str, people: Sequence[Appearance]) -> None:
        """A word of a field that a scene has one of; what somebody else than the first does or feels is theirs."""
        name, word = mention.field, mention.word
        if name == "site" or name == "place":
            if words[mention.start : mention.end].lower() in FALLEN and not mention.follows(_INDOORS_OF[self.language]):
                self._ask("weather", "snow")
            elif "place" not in self.asked:  # "in the garden by the river": the first is the head
                self._ask("place", word)
        elif name in ("action", "mood"):
            owner = next((one.role.name for one in reversed(people) if one.start < mention.start), "")
            if owner and owner != next(iter(self.who), owner):
                self._bear(owner, **{name: word})
                self.told.append((name, word))
            else:
                self._ask(name, word)
        elif name in ("time", "weather", "relation"):
            self._ask(name, word)

    def _ask(self, name: str, word: str) -> None:
        self.told = [one for one in self.told if one[0] != name]
        self.told.append((name, word))
        self.asked[name] = word

    def _hold(self, words: str, found: Sequence[Mention], taken: set[int]) -> None:
        """Things, each with the colour beside it: "red kite", "con diều đỏ"."""
        for at, mention in enumerate(found):
            if mention.field != "thing":
                continue
            beside = found[at - 1 : at] if self.language == "en" else found[at + 1 : at + 2]
            colours = [one for one in beside if one.field == "colour" and one.start not in taken]
            near = [one.word for one in colours if _apart(words, one, mention) < 2]
            thing = " ".join([*near[:1], mention.word])
            self.things.append(thing)
            self.told.append(("thing", thing))

    def _join(self, name: str) -> None:
        if name in self.who:
            self.named.append(name)
        elif len(self.who) < FIGURES:
            self.who.append(name)
            self.told.append(("who", name))

    def _newcomers(self, words: str, found: Sequence[Mention], people: Sequence[Appearance]) -> None:
        """Somebody whom the story does not know joins its cast: "with a cat"."""
        here = [role.kind for role in self.cast.roles]
        for mention in (one for one in found if one.field == "kind" and one.word not in here):
            known = any(one.start <= mention.start < one.end for one in people)
            if not known and (mention.before.isspace() or mention.follows(_INDEFINITE[self.language])):
                name = words[mention.start : mention.end].lower()
                self.newcomers.append(Role(name, mention.word))
                self._join(name)

    def _dress(self, garment: Mention, colour: Mention, people: Sequence[Appearance]) -> None:
        owner = next((one.role.name for one in reversed(people) if one.start < garment.start), next(iter(self.who), ""))
        role = next((role for role in self.cast.roles if role.name == owner), None)
        if role:
            clothes = dressed(role, garment, colour)
            self._bear(owner, clothes=clothes)
            self.told.append(("clothes", clothes))

    def _bear(self, who: str, **how: str) -> None:
        self.bearings[who] = replace(self.bearings.get(who, Bearing(who)), **how)

    # What is not

    def _deny(self, words: str) -> None:
        for said in _JOINED.split(words):
            people = [one for one in appearances(said, self.cast, self.language) if one.by != "pronoun"]
            gone = [one.role.name for one in people if one.role.name in self.who]
            for name in gone:
                self._go(name)
            found = mentions(said, self.language, self.cast.names)
            told = [self._unlike(one) for one in found if not (one.field == "kind" and gone)]
            if not gone and not any(told):
                self._unwanted(said)

    def _go(self, name: str) -> None:
        """Somebody leaves; the last one stays, since a page without anybody shows the hero."""
        if len(self.who) > 1:
            self.who.remove(name)
            self.told.append(("gone", name))

    def _unlike(self, mention: Mention) -> bool:
        name, word = mention.field, mention.word
        if name in UNLIKE:
            self._ask(name, UNLIKE[name].get(word) or OTHERWISE.get(name, word))
        elif name in ("thing", "kind"):
            self._away(word)
        else:
            return False
        return True

    def _unwanted(self, said: str) -> None:
        bare = _SMALL.sub("", said.strip(" .,;:!?"))
        if bare and len(bare.split()) <= MOST_UNKNOWN and not _NO_THING.match(bare):
            self._away(bare)

    def _away(self, said: str) -> None:
        self.unwanted.append(said)
        self.told.append(("without", said))

    # What is near

    def _nearby(self, words: str) -> None:
        """The kin of what a piece says that names nothing of the world itself: "at the lighthouse", "có ô"."""
        for name, before in _KIN.items():
            asked = before.match(words)
            word = nearest(name, words[asked.end() :]) if asked else ""
            if word and name == "thing":
                self.things.append(word)
                self.told.append(("thing", word))
                return
            if word:
                return self._ask(name, word)

    # What becomes of the scene

    def _changes(self) -> dict[str, Any]:
        scene = replace(self.scene, who=tuple(self.who), bearings=tuple(self.bearings.values()), **self.asked)
        scene = self._with_hands(scene)
        return {name: new for name in CHANGED if (new := getattr(scene, name)) != getattr(self.scene, name)}

    def _with_hands(self, scene: Scene) -> Scene:
        """Things and actions that go together; what the wish names itself stays."""
        kept = [thing for thing in scene.things if split_colour(thing)[1] not in self.unwanted]
        scene = replace(scene, things=tuple(self.things or kept), without=self._without(scene))
        if self.things and "action" not in self.asked:
            both = split_colour(self.things[0])[1] in props("both")
            busy = scene.action in (*AWAY, "reading") and scene.things != ("book",)
            return replace(scene, action="holding" if both else "standing" if busy else scene.action)
        if "action" in self.asked and not self.things:
            return replace(scene, things=_left(scene.action, scene.things))
        held = scene.things or scene.action not in ("holding", "reading")
        return scene if held else replace(scene, action="standing")

    def _without(self, scene: Scene) -> tuple[str, ...]:
        wanted = {split_colour(thing)[1] for thing in self.things} | {role.kind for role in self.newcomers}
        return tuple(dict.fromkeys(one for one in (*scene.without, *self.unwanted) if one not in wanted))


CHANGED = ("who", "action", "place", "time", "weather", "mood", "things", "relation", "without", "bearings")


def _left(action: str, things: tuple[str, ...]) -> tuple[str, ...]:
    """What is still held by who does that."""
    if action == "reading":
        return ("book",)
    full = bool(things) and split_colour(things[0])[1] in props("both") and action not in ("holding", "standing")
    return () if full or action in AWAY else things


def _apart(words: str, one: Mention, other: Mention) -> int:
    """How many words stand between two mentions."""
    first, last = sorted((one, other), key=lambda mention: mention.start)
    return len(words[first.end : last.start].split())


def _pieces(wish: str, language: Language) -> Iterator[tuple[str, bool]]:
    """The parts of a wish, and whether what they name is wanted."""
    both = "|".join((_DENIED[language], _WANTED[language]))
    for sentence in re.split(r"[,.;:!?\n]+", wish):
        wanted, begin = True, 0
        for mark in re.finditer(rf"(?<!\w)(?:{both})(?!\w)", sentence, re.I):
            yield sentence[begin : mark.start()], wanted
            wanted = not re.fullmatch(_DENIED[language], mark[0], re.I)
            begin = mark.start() if wanted else mark.end()
        yield sentence[begin:], wanted
