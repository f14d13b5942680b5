"""A scene as pocket is told it: `pocket.world.captions.canonical` of the same scene, in English or Vietnamese.

Only words of the world and triggers are written; for any other word stands the nearest of the world. What canonical
captions do not say, pocket is not told: looks, the view, and what others than the first figure do.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...pocket.world.description import PEOPLE, TIMELESS
from ..nearest import named, nearest
from ..scene import Scene
from ..story import Language
from ..wording import between, coloured, phrase, split_colour
from .figures import Figure
from .parts import FAIR, UNSAID, Fate, Part, Told, row, with_article

TELLS_THE_POSE = ("chasing", "fighting")
SOMEBODY = "girl"  # of a kind to which nothing is near
COLOUR = "red"  # of clothes without one: the world has no garment that it does not call by its colour
ANIMAL_WEAR = "scarf"


@dataclass(frozen=True, slots=True)
class World:
    """Tells scenes in one language and notes in `fate` what it cannot tell as it stands."""

    language: Language
    fate: Fate

    def told(self, scene: Scene, figures: tuple[Figure, ...]) -> Told:
        """The parts of the prompt by the names in the guide's order."""
        relation = self._word("relation", scene.relation) or "beside"
        who = self._who(figures, relation)
        pose = self._pose(figures, relation)
        place = self._word("place", scene.place)
        self._leave_out(scene.view if nearest("view", scene.view) != "middle" else "")
        return {
            "who": who,
            "pose": [Part(pose, 2)],
            "place": [Part(self._phrase("place", place), 1)],
            "time": [Part("" if place in TIMELESS else self._phrase("time", self._word("time", scene.time)), 3)],
            "weather": [Part(self._weather(scene.weather), 4)],
            "things": [Part(self._thing(scene.things), 6)],
        }

    def _who(self, figures: tuple[Figure, ...], relation: str) -> list[Part]:
        """Each figure and what it wears, and what is between them: two are in their relation, three in a row."""
        middle, after = between(relation if len(figures) == 2 else "beside", self.language)
        parts = []
        for figure, glue in zip(figures, row(len(figures), middle), strict=False):
            name, mood = self._name(figure), self._phrase("mood", self._word("mood", figure.mood))
            clothes = self._clothes(figure)
            if self.language == "vi":  # the mood stands last there, and stays though the clothes before it may go
                parts += [Part(name, 0, glue), Part(clothes, 5), Part(mood, 0)]
            else:
                parts += [Part(with_article(f"{mood} {name}".strip()), 0, glue), Part(clothes, 5)]
        return [*parts, Part(after.strip(), 0)]

    def _name(self, figure: Figure) -> str:
        """ "girl"; of a trained character "may girl", in Vietnamese "cô bé may"."""
        said = figure.class_word or figure.kind
        kind = phrase("kind", said, self.language) or (said if figure.class_word else self._kind(said))
        return " ".join((kind, figure.trigger) if self.language == "vi" else (figure.trigger, kind)).strip()

    def _kind(self, said: str) -> str:
        word = nearest("kind", said) or SOMEBODY
        if said and not named("kind", said):
            self.fate.note(said, word)
        return phrase("kind", word, self.language)

    def _clothes(self, figure: Figure) -> str:
        """ "in a red dress", "in blue overalls"; an animal wears a scarf, since the world drew it in nothing else."""
        colour, garment = split_colour(nearest("clothes", figure.clothes))
        if not garment:
            self._leave_out(figure.clothes)
            return ""
        kind = figure.class_word or figure.kind
        person = (nearest("kind", kind) or SOMEBODY) in PEOPLE
        worn = f"{colour or COLOUR} {garment if person else ANIMAL_WEAR}"
        if named("clothes", figure.clothes) != worn:
            self.fate.note(figure.clothes, worn)
        return coloured("clothes", worn, self.language)

    def _pose(self, figures: tuple[Figure, ...], relation: str) -> str:
        """What the first figure does, where neither the relation nor a thing in both hands says it."""
        if not figures or (len(figures) == 2 and relation in TELLS_THE_POSE):
            return ""
        pose = self._word("action", figures[0].action)
        for other in figures[1:]:
            self._leave_out(other.action if nearest("action", other.action) != pose else "")
        return "" if pose == "holding" else self._phrase("pose", pose)

    def _weather(self, said: str) -> str:
        word = "" if said in FAIR else self._word("weather", said)
        return "" if word in FAIR else self._phrase("weather", word)

    def _thing(self, things: tuple[str, ...]) -> str:
        """One thing, since pocket learnt pictures with one: the first that the world has, else the nearest to one."""
        held = [thing for thing in things if thing not in UNSAID]
        chosen = next((one for ask in (named, nearest) for one in held if ask("thing", one)), "")
        for thing in held:
            self._leave_out(thing if thing != chosen else "")
        return coloured("prop", self._word("thing", chosen), self.language) if chosen else ""

    def _word(self, field: str, said: str) -> str:
        """The world's word for what is said; another word is noted, and that nothing is near."""
        if said in UNSAID:
            return ""
        word = nearest(field, said)
        if not named(field, said):
            self.fate.note(said, word)
        return word

    def _phrase(self, field: str, word: str) -> str:
        return "" if word in UNSAID else phrase(field, word, self.language)

    def _leave_out(self, said: str) -> None:
        if said not in UNSAID:
            self.fate.note(said, "")
