"""What a teaching will take on this machine, told before it begins."""

from __future__ import annotations

from ..library.characters import Characters
from ..models.loading import model_revision
from ..models.table import BaseModel
from ..progress import Work
from ..settings import Settings
from ..training.measure import Estimate, estimate, measure, read_measure
from ..training.recipe import subject_recipe
from .portraits import PLACES
from .teaching import KEPT, RANK, STAGES


def estimated(settings: Settings, characters: Characters, id: str, effort: str, model: BaseModel) -> Estimate | None:
    """Seconds and memory; nothing before the machine was measured with that model."""
    known = read_measure(settings, model, model_revision(model, settings))
    if known is None:
        return None
    photos = len(characters.kept_photos(characters.get(id).id))
    recipe = subject_recipe(effort, photos, model, flip=False)
    staged, kept = (STAGES[effort], KEPT[effort]) if model.key == "pocket" else (0, 0)
    return estimate(known, recipe, photos * recipe.variants + staged, kept, len(PLACES) * model.steps)


def measured(settings: Settings, model: BaseModel) -> Work[None]:
    """Measures the machine."""
    yield from measure(model, subject_recipe("good", 6, model, flip=False), RANK, settings)
