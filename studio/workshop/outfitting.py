"""What the workshop does for styles and for adapters as files: the shelf, what comes and goes, and pictures of each."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from ..adapters.card import SHOWN, SHOWN_SEED, STYLE_WEIGHT, AdapterCard, LoraSet, Worn
from ..errors import BadAdapter, BadInput, NotFound
from ..files import atomic_write, private_folder, slug
from ..models.table import base_model
from ..progress import Work
from . import exchange, house
from .exchange import Baked, Finding, Form
from .people import People

Origin = Literal["shipped", "own", "imported"]
ARRIVALS = "arrivals"
QUALITY = 90


class Outfitting(People):
    """The part of the workshop that knows the shelf."""

    def styles(self) -> tuple[AdapterCard, ...]:
        return tuple(card for card in self._shelf.cards() if card.kind == "style")

    def adapters(self) -> tuple[AdapterCard, ...]:
        return self._shelf.cards()

    def adapter_origin(self, card: AdapterCard) -> Origin:
        """Whether it came with the studio, was made here, or came from elsewhere."""
        if self._shelf.ships(card.id):
            return "shipped"
        return "imported" if card.source == "imported" or card.made.startswith("Imported") else "own"

    def adapter_sample(self, id: str) -> Path | None:
        """A picture that shows what it does, if there is one: sample.png or sample.jpg beside the tensors."""
        return house.sample_beside(self._shelf.tensors_path(id))

    def remove_adapter(self, id: str) -> None:
        """Takes an adapter of the user's own off the shelf."""
        self._shelf.remove(id)

    def rename_adapter(self, id: str, title: str) -> AdapterCard:
        """Another title for an adapter of the user's own; its id, which books know, stays. Raises NotFound, BadInput."""
        return self._shelf.rename(id, title)

    def check_adapter(self, file: Path, model: str = "") -> Finding:
        """Whether a file from elsewhere can be worn, by that base model or any that is here, and if not why."""
        return exchange.check(self.settings, file, model)

    def import_adapter(self, file: Path, card: AdapterCard) -> AdapterCard:
        """Stands a file from elsewhere on the shelf. Raises BadInput, BadAdapter, NoRoom."""
        return exchange.take_in(self.settings, file, card)

    def export_adapter(self, id: str, out: Path, form: Form = "peft", share: bool = False) -> Path:
        """Writes an adapter for use elsewhere; one of a person only with `share`. Raises NotFound, BadInput, NoRoom."""
        if share:
            self._agreed([id], "share")
        return exchange.give(self.settings, id, out, form, share)

    def bake_adapters(self, worn: LoraSet, name: str, rank: int = 0, out: Path | None = None) -> Baked:
        """Makes one adapter of several at their weights, exactly or of at most that rank, and stands it on the shelf or writes
        it to `out`. Raises NotFound, BadInput, NoRoom; BadInput for one of a person that would leave."""
        return exchange.bake(self.settings, worn, name, rank, out)

    def draw_sample(self, id: str) -> Work[Path]:
        """Draws what the adapter does to the scene that the cards of all looks show, and stands it beside. Raises NotFound,
        NotReady, BadInput for one that came with the studio."""
        card = self._shelf.card(id)
        who = f"{card.trigger} {card.class_word}".strip()
        words = (
            SHOWN.replace("rabbit", who) if card.kind == "subject" else ", ".join(filter(None, [SHOWN, card.trigger]))
        )
        weight = STYLE_WEIGHT if card.kind == "style" else 1.0
        model = base_model(card.base_model)
        drawing = self._easel.drawing(words, "", SHOWN_SEED, model, (Worn(id, weight),))
        with TemporaryDirectory() as room:
            (path,) = yield from self._easel.draw(model.key, [drawing], Path(room), ["sample.png"])
            return self._shelf.show(id, _jpeg(path))

    # From the browser

    def receive_adapter(self, file: str, raw: bytes, title: str, trigger: str = "") -> Finding:
        """Looks at the header of a style from elsewhere and keeps the file for `submit_bringing` if it may fit. Raises BadInput
        for a name that is taken."""
        id = slug(title)
        if any(card.id == id for card in self._shelf.cards()):
            raise BadInput("There is an adapter '{id}' already. Give another name, or remove that one first.", id=id)
        room = private_folder(self.settings.home / ARRIVALS)
        path = atomic_write(room / f"{id}{Path(file).suffix.lower()[:12]}", raw)
        finding = exchange.glance(self.settings, Path(file).name, path)
        if not finding.fits:
            path.unlink()
            return finding
        told = {"file": path.name, "title": title, "trigger": trigger, "model": finding.fits, "from": Path(file).name}
        atomic_write(room / f"{id}.json", json.dumps(told, ensure_ascii=False))
        return finding

    def submit_bringing(self, id: str) -> str:
        """Asks the worker to take in what was received, and to draw what it does; gives the job's id."""
        return self._queue.submit("bring", id)

    def _bring(self, id: str) -> Work[None]:
        room = self.settings.home / ARRIVALS
        note = room / f"{slug(id)}.json"
        if not note.is_file() and not any(card.id == id for card in self._shelf.cards()):
            raise NotFound("The file of '{id}' is not here any more. Drop it again.", id=id)
        if note.is_file():  # a worker that was killed may have taken it in already
            told = json.loads(note.read_text(encoding="utf-8"))
            file = room / Path(told["file"]).name
            asked = AdapterCard(
                id=slug(id), title=told["title"], kind="style", base_model=told["model"], rank=0, alpha=0.0,
                trigger=told["trigger"], made=f"Imported from {told['from']}.",
            )  # fmt: skip
            try:
                exchange.take_in(self.settings, file, asked)
            except BadAdapter:
                note.unlink()
                file.unlink(missing_ok=True)
                raise
            sys.audit("studio.bring.taken_in")
            note.unlink()  # first: a note whose file is gone could never be heeded
            sys.audit("studio.bring.noted")
            file.unlink(missing_ok=True)
        yield from self.draw_sample(id)


def _jpeg(path: Path) -> bytes:
    from PIL import Image

    raw = io.BytesIO()
    with Image.open(path) as picture:
        picture.convert("RGB").save(raw, "JPEG", quality=QUALITY)
    return raw.getvalue()
