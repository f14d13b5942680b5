"""One training that may be interrupted at any moment: its clock, its checkpoint, and the log of its losses.

`build/NAME.ckpt` holds everything that going on needs and is replaced once a minute or two; `build/log/NAME.jsonl` gets a
line every few seconds. Seconds count training only, over all interruptions.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..progress import Progress
from .team import Team

if TYPE_CHECKING:
    import torch

SAVE_SECONDS = 90
TELL_SECONDS = 10


class Part(Protocol):
    """What a checkpoint holds: models, optimizers, averages."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> Any: ...


class Run:
    """The training `name` in the folder `build`, to last `seconds` in all."""

    def __init__(self, build: Path, name: str, seconds: float) -> None:
        self.build, self.name, self.seconds = build, name, seconds
        self.team, self.step, self.pictures, self.spent = Team(), 0, 0, 0.0
        self._parts: dict[str, Part] = {}
        self._before, self._told, self._saved, self._shown = 0.0, 0.0, 0.0, 0.0
        self._figures: dict[str, list[float]] = {}
        build.mkdir(parents=True, exist_ok=True)

    @property
    def device(self) -> torch.device:
        return self.team.device

    @property
    def share(self) -> float:
        """How much of the time is over, 0..1."""
        return min(1.0, self.spent / self.seconds)

    @property
    def checkpoint(self) -> Path:
        return self.build / f"{self.name}.ckpt"

    def resume(self, **parts: Part) -> None:
        """Takes the parts from the checkpoint, if there is one; from now on they are saved in it."""
        import torch

        self._parts = parts
        if self.checkpoint.is_file():
            saved = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
            for name, part in parts.items():
                part.load_state_dict(saved[name])
            self.step, self.pictures, self._before = saved["step"], saved["pictures"], saved["spent"]
        self.team.start()
        self.spent = self._told = self._saved = self._shown = self._before

    def going(self) -> bool:
        """Whether there is time left."""
        return self.spent < self.seconds

    def agree(self, parameters: Iterable[torch.Tensor]) -> None:
        """Averages the gradients over the processes and moves the clock; once a step."""
        self.spent = self._before + self.team.agree(p.grad for p in parameters if p.grad is not None)

    def tell(self, pictures: int, **figures: float) -> Iterator[Progress]:
        """Ends a step of so many pictures: sums up its figures, and now and then tells, logs and saves."""
        self.step, self.pictures = self.step + 1, self.pictures + pictures
        for name, value in figures.items():
            self._figures.setdefault(name, []).append(value)
        if self.team.leads and (self.spent - self._saved > SAVE_SECONDS or not self.going()):
            self.save()
        if self.spent - self._told > TELL_SECONDS or not self.going():
            means = {name: round(sum(values) / len(values), 5) for name, values in self._figures.items()}
            self._log(means)
            self._told, self._figures = self.spent, {}
            note = " ".join(f"{name} {value:.4f}" for name, value in means.items())
            yield Progress(int(self.spent), int(self.seconds), f"{self.name} step {self.step} {note}")

    def due(self, seconds: float) -> bool:
        """Whether that much time has passed since this last said so; for sample sheets and the like."""
        if self.spent - self._shown < seconds:
            return False
        self._shown = self.spent
        return True

    def save(self) -> None:
        """Replaces the checkpoint; a kill in between leaves the former one."""
        import torch

        saved = {name: part.state_dict() for name, part in self._parts.items()}
        tmp = self.checkpoint.with_suffix(".tmp")
        torch.save(saved | {"step": self.step, "pictures": self.pictures, "spent": self.spent}, tmp)
        os.replace(tmp, self.checkpoint)
        self._saved = self.spent

    def _log(self, means: dict[str, float]) -> None:
        if not self.team.leads:
            return
        line = {"step": self.step, "pictures": self.pictures, "seconds": round(self.spent), **means}
        log = self.build / "log" / f"{self.name}.jsonl"
        log.parent.mkdir(exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line | {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}) + "\n")
