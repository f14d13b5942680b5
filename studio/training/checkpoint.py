"""A training on disk: whole or absent, at one step, and only for the training it belongs to.

`checkpoint-000040/` holds adapter.safetensors (raw PEFT keys), optimizer.safetensors (AdamW's moments) and manifest.json
(step, losses, seconds, identity, hashes of the two). It is staged in a hidden folder and renamed into place; the one
before is kept until the next is whole. Chance needs no saving: it follows from the seed and the step.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import vault
from ..errors import BadInput
from ..files import atomic_folder, atomic_write, remove_folder, room_for

if TYPE_CHECKING:
    import torch

KEPT = 2
MANIFEST, ADAPTER, OPTIMIZER = "manifest.json", "adapter.safetensors", "optimizer.safetensors"
WORDS = {  # of what a training is, for the person, in the order in which they are told
    "model": "the base model",
    "revision": "the weights of the base model",
    "pictures": "the photos or their captions",
    "card": "the trigger, rank or alpha",
    "recipe": "the effort",
    "seed": "the seed",
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a training stood after `step` steps. `moments` are keyed by factor and moment: '<factor>/exp_avg'."""

    step: int
    losses: tuple[float, ...]
    seconds: float
    factors: Mapping[str, torch.Tensor]
    moments: Mapping[str, torch.Tensor]


class Checkpoints:
    """The checkpoints of one training, told from others by its identity (plain JSON values by the names in WORDS)."""

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self._folder = folder
        self._identity = json.loads(json.dumps(identity))  # as it will be read again: tuples become lists

    def save(self, checkpoint: Checkpoint) -> None:
        """Writes it whole, then lets go of all but the last two. Raises NoRoom; what was saved before is safe."""
        from safetensors.torch import save

        sys.audit("studio.checkpoint.begin")
        place = self._folder / f"checkpoint-{checkpoint.step:06}"
        shutil.rmtree(place, ignore_errors=True)  # a damaged one that `latest` passed over
        self._sweep()
        files = {ADAPTER: save(_plain(checkpoint.factors)), OPTIMIZER: save(_plain(checkpoint.moments))}
        manifest = {
            "version": 1,
            "step": checkpoint.step,
            "losses": checkpoint.losses,
            "seconds": round(checkpoint.seconds, 1),
            "identity": self._identity,
            "sha256": {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()},
        }
        with room_for(place.name):
            with atomic_folder(place) as part:
                for name, raw in files.items():
                    vault.write(part / name, raw)
                    sys.audit("studio.checkpoint.file")
                atomic_write(part / MANIFEST, json.dumps(manifest))
                sys.audit("studio.checkpoint.manifest")
            sys.audit("studio.checkpoint.placed")
            self._prune(KEPT)
            sys.audit("studio.checkpoint.pruned")

    def latest(self) -> Checkpoint | None:
        """The newest whole one; damaged ones are passed over. Raises BadInput when it belongs to another training."""
        for place in reversed(self._places()):
            manifest = _manifest(place)
            if manifest is not None:
                self._refuse_other(manifest["identity"])
                return _open(place, manifest)
        return None

    def clear(self) -> None:
        """Removes all of them, and what a killed process left half written."""
        self._prune(0)
        sys.audit("studio.checkpoint.cleared")
        self._sweep()

    def _places(self) -> list[Path]:
        return sorted(self._folder.glob("checkpoint-*"))

    def _prune(self, kept: int) -> None:
        places = self._places()
        for place in places[: len(places) - kept]:
            sys.audit("studio.checkpoint.prune")
            remove_folder(place)

    def _sweep(self) -> None:
        """Removes what a killed process left half written."""
        for left in self._folder.glob(".*.tmp*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)

    def _refuse_other(self, identity: Mapping[str, Any]) -> None:
        changed = [words for name, words in WORDS.items() if identity.get(name) != self._identity.get(name)]
        if changed:
            raise BadInput(
                "The training that was begun cannot go on, because something changed since: {changed}. "
                "Begin anew without --resume, or set it back; what was saved is still there.",
                changed=", ".join(changed),
            )


def begun(folder: Path) -> float:
    """How much of the training in `folder` was done when it was stopped, 0..1; 0 when there is none to go on with."""
    for place in sorted(folder.glob("checkpoint-*"), reverse=True):
        with suppress(OSError, ValueError, KeyError):  # whether the tensors are whole is found out when it goes on
            manifest = json.loads((place / MANIFEST).read_text())
            return min(1.0, manifest["step"] / manifest["identity"]["recipe"]["steps"])
    return 0.0


def losses(folder: Path) -> tuple[float, ...]:
    """Of every step of the training in `folder` up to its newest checkpoint."""
    for place in sorted(folder.glob("checkpoint-*"), reverse=True):
        with suppress(OSError, ValueError, KeyError):
            return tuple(json.loads((place / MANIFEST).read_text())["losses"])
    return ()


def _manifest(place: Path) -> dict[str, Any] | None:
    """The manifest of a checkpoint whose files are all as they were written, else nothing."""
    try:
        manifest = json.loads((place / MANIFEST).read_text())
        for name, digest in manifest["sha256"].items():
            if hashlib.sha256(vault.read(place / name)).hexdigest() != digest:
                return None
    except (OSError, ValueError, KeyError, BadInput):
        return None
    return manifest


def _open(place: Path, manifest: Mapping[str, Any]) -> Checkpoint:
    from safetensors.torch import load

    return Checkpoint(
        step=manifest["step"],
        losses=tuple(manifest["losses"]),
        seconds=manifest["seconds"],
        factors=load(vault.read(place / ADAPTER)),
        moments=load(vault.read(place / OPTIMIZER)),
    )


def _plain(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
