"""What the workshop does for captioned sets of pictures: made ready, learnt from, watched, tried out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..adapters.card import AdapterCard, Worn
from ..errors import BadAdapter, BadInput
from ..files import atomic_write, private_folder, remove_folder, slug
from ..library.thumbnails import thumbnail
from ..models.table import base_model, teachable_model
from ..progress import Work
from ..rendering.wish import Axis, Wish
from ..training import checkpoint
from ..training.crew import crew
from ..training.examples import MANIFEST
from ..training.fitting import parsed, preset_text, presets, read_fitting
from ..training.validation import Check
from . import domains, grids, wishing
from .domains import FIT, Dataset
from .outfitting import Outfitting

CLOTHES = 600  # pictures of the sample
INCOMING, OWN_RECIPE, TRIES = "incoming", "recipe.toml", "tries"


class Learning(Outfitting):
    """The part of the workshop that knows sets of pictures."""

    # Sets of pictures

    def datasets(self) -> tuple[Dataset, ...]:
        """The sets that were made ready on the screen, by title."""
        return domains.datasets(self.settings)

    def dataset(self, id: str) -> Dataset:
        """Raises NotFound."""
        return domains.dataset(self.settings, id)

    def remove_dataset(self, id: str) -> None:
        """Deletes the copies of a set and what was kept of its training; what was learnt stays. Raises NotFound."""
        domains.remove(self.settings, id)

    def prepare_dataset(
        self, folder: Path, out: Path, captions: Path | None = None, archive: bool = False, **demands: Any
    ) -> Work[dict[str, int]]:
        """Copies a sample of the good pictures of a folder, captioned in a file or beside them, with a manifest; gives how many
        were taken, and left out for which reason. `demands` are fields of Demands. Raises BadInput, NoRoom.
        """
        from ..training.dataset import Demands, prepare

        return prepare(folder, out, Demands(**demands), captions, archive)

    def receive_dataset(self, title: str, files: Sequence[tuple[str, bytes]]) -> str:
        """Notes a new set of which these files came (pictures, captions, or a ZIP of both); gives its id. They are looked at by
        the worker. Raises BadInput for a name that is taken, and for files that are no pictures, captions or ZIP; NoRoom."""
        from ..training.arrival import receive

        with domains.note(self.settings, title) as folder:
            receive(files, private_folder(folder / INCOMING))
        return slug(title)

    def receive_clothes(self, title: str) -> str:
        """Notes a new set of drawn clothes, which the worker draws; gives its id. Raises BadInput for a name that is taken."""
        with domains.note(self.settings, title):
            return slug(title)

    def submit_preparing(self, id: str, clothes: bool = False) -> str:
        """Asks the worker to look at what came, or to draw the clothes; gives the job's id."""
        return self._queue.submit("prepare", slug(id), {"clothes": CLOTHES if clothes else 0})

    def _prepare_received(self, id: str, clothes: int) -> Work[None]:
        from ..pocket.clothes.dataset import write_clothes
        from ..training.arrival import captions_of

        folder = self.settings.datasets / slug(id)
        incoming = folder / INCOMING
        if not incoming.is_dir() and (folder / MANIFEST).is_file():  # all was done but telling that it was
            return
        private_folder(incoming)
        if clothes:
            yield from write_clothes(incoming, clothes)
        yield from self.prepare_dataset(incoming, folder, captions_of(incoming))
        sys.audit("studio.dataset.prepared")
        remove_folder(incoming)

    def dataset_pictures(self, id: str, most: int) -> tuple[tuple[Path, str], ...]:
        """Small copies of some pictures of a set, each with its first caption."""
        folder = self.settings.datasets / self.dataset(id).id
        found = domains.examples(folder, most)
        small = ((thumbnail(one.picture, private_folder(folder / "thumbnails")), one.captions[0]) for one in found)
        return tuple((path, words) for path, words in small if path)

    def left_out_pictures(self, id: str, reason: str, most: int) -> tuple[str, ...]:
        """The names of some pictures of a set that were left out for that reason. Raises NotFound."""
        return domains.left_out(self.settings.datasets / self.dataset(id).id, reason, most)

    def dataset_prompt(self, id: str) -> str:
        """Words to begin a try-out with: those of a picture that was never learnt from."""
        found = domains.examples(self.settings.datasets / self.dataset(id).id, 1, kept=True)
        return found[0].captions[0] if found else ""

    # Teaching

    def recipe_text(self, preset: str) -> str:
        """The text of a preset, to begin a recipe of one's own with."""
        return preset_text(preset)

    def presets(self) -> tuple[str, ...]:
        """The recipes that come with the studio."""
        return presets()

    def check_recipe(self, recipe: str | Path) -> None:
        """Raises BadInput for a recipe that cannot be used."""
        read_fitting(recipe)

    def fit_dataset(
        self,
        folder: Path,
        name: str,
        recipe: str | Path = "fashion",
        model: str = "pocket",
        trigger: str = "",
        seed: int = 0,
        resume: bool = False,
    ) -> Work[AdapterCard]:
        """Teaches a prepared set and stands what was learnt on the shelf. Raises BadInput, BadAdapter, NotReady, NoRoom."""
        fitting = read_fitting(recipe)
        return domains.teach(
            self.settings, folder, name, fitting,
            room=self._fit_room(name), model=model, trigger=trigger, seed=seed, resume=resume,
        )  # fmt: skip

    def follow_fit(
        self, folder: Path, name: str, recipe: str | Path, model: str, trigger: str = "", seed: int = 0
    ) -> Work[None]:
        """For a process that `accelerate launch` started beside one that teaches: learns its part, and ends the process. Gives
        nothing at once where this process leads."""
        if not crew().leads:
            with TemporaryDirectory() as room:
                yield from domains.follow(
                    self.settings,
                    folder,
                    name,
                    read_fitting(recipe),
                    room=Path(room),
                    model=model,
                    trigger=trigger,
                    seed=seed,
                )
                crew().leave()

    def submit_fit(self, id: str, recipe: str, trigger: str = "", model: str = "pocket") -> str:
        """Asks the worker to learn from a set; `recipe` is a preset's name or the text of a recipe file. Raises NotFound,
        BadInput."""
        one = self.dataset(id)
        if recipe not in presets():
            parsed(recipe, OWN_RECIPE)
        atomic_write(self._fit_note(one.id), recipe)
        return self._queue.submit("fit", one.id, {"trigger": trigger, "model": teachable_model(model).key})

    def _fit_on(self, id: str, trigger: str, model: str) -> Work[None]:
        """Goes on from the checkpoint of a killed worker; one of another training is let go."""
        one, recipe = self.dataset(id), self._fit_note(id).read_text(encoding="utf-8")
        fitting = read_fitting(recipe) if recipe in presets() else parsed(recipe, OWN_RECIPE)
        folder, room = self.settings.datasets / one.id, self._fit_room(one.id)
        teach = partial(
            domains.teach, self.settings, folder, one.title, fitting, room=room, model=model, trigger=trigger
        )
        if checkpoint.begun(room):
            try:
                yield from teach(resume=True)
                return
            except BadAdapter:  # the training itself went wrong; to do it all again would end the same
                raise
            except BadInput:
                pass  # the checkpoint was another training's
        yield from teach()

    def fit_looks(self, id: str) -> tuple[tuple[Check, tuple[Path, ...]], ...]:
        """Every look of the latest training of that name, with its pictures, the earliest first."""
        return domains.looks(self._fit_room(id))

    def fit_losses(self, id: str) -> tuple[float, ...]:
        """The loss of every step of the latest training so far."""
        return domains.losses(self._fit_room(id))

    def fit_report(self, id: str) -> Mapping[str, Any] | None:
        """What the latest finished training did; nothing before there is one."""
        return domains.report(self._fit_room(id))

    def _fit_room(self, name: str) -> Path:
        return self.settings.datasets / slug(name) / FIT

    def _fit_note(self, id: str) -> Path:
        return self.settings.datasets / slug(id) / OWN_RECIPE

    # Trying out

    def draw_grid(self, wish: Wish, out: Path) -> Work[tuple[Path, ...]]:
        """The same picture over one or two axes, side by side in the file `out` with both written beside them; gives the single
        ones too, beside it. The prompt is told as it stands. Raises BadInput for axes that cannot be drawn."""
        return wishing.draw_grid(self._easel, self._wardrobe, wish, out)

    def submit_try_out(self, id: str, prompt: str, negative: str, guidance: float, seed: int) -> str:
        """Asks the worker for the try-out of what a set taught."""
        asked: dict[str, str | int]
        asked = {"prompt": prompt, "negative": negative, "guidance": f"{guidance:g}", "seed": seed}
        return self._queue.submit("tryout", self.dataset(id).id, asked)

    def _try_out(self, id: str, prompt: str, negative: str, guidance: str, seed: int) -> Work[None]:
        card = self._shelf.card(id)
        room = private_folder(self.settings.datasets / slug(id) / TRIES)
        wish = replace(
            wishing.usual(base_model(card.base_model)),
            prompt=", ".join(filter(None, [prompt, card.trigger])),
            negative=negative,
            guidance=float(guidance),
            seed=seed,
            worn=(Worn(card.id, 1.0),),
            axes=(Axis("steps", tuple(map(str, grids.STEPS))),),
        )
        yield from self.draw_grid(wish, room / "grid.png")

    def try_out(self, id: str) -> Path | None:
        """The latest try-out of what a set taught, if there is one."""
        path = self.settings.datasets / slug(id) / TRIES / "grid.png"
        return path if path.is_file() else None

    def try_out_guidance(self, id: str) -> float:
        """The guidance that the recipe of the latest training asks for, or the base model's own."""
        told = (self.fit_report(id) or {}).get("recipe", {}).get("captions", {})
        return float(told.get("guidance", base_model("pocket").guidance))
