"""Teaches the decoder of the fast way: what to paint when features of a content wear the look of a style.

The losses of Huang and Belongie 2017 (equations 11 to 13): the painted picture is looked at again and should show the features that were
asked for and have the means and deviations of the style in all its layers; and what wears its own look should come back as it was.
What is by chance follows from seed and step, so that a training that was stopped ends as if it had not been.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import mse_loss

from ..progress import Progress, Work
from ..training.checkpoint import Checkpoint, Checkpoints
from .fast import Decoder, content_features, statistics, wearing, write_decoder
from .features import Eye
from .schooling import gone_wrong
from .transfer import total_variation

FILE = "decoder.safetensors"
EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Timetable:
    """How many pictures of what size a step sees, how fast it goes, and the weights of the terms."""

    batch: int = 8
    side_px: int = 128
    rate: float = 1e-3
    style: float = 1.0
    identity: float = 2.0
    smooth: float = 1.0
    seed: int = 0
    save_steps: int = 300


class Pupil:
    """The decoder with its optimizer, at one step."""

    def __init__(self, eye: Eye, table: Timetable, steps: int) -> None:
        torch.manual_seed(table.seed)
        self.eye, self.table, self.steps, self.step = eye, table, steps, 0
        self.losses: list[float] = []
        self.decoder = Decoder(eye.plan)
        for layer in self.decoder.steps:
            if isinstance(layer, torch.nn.Conv2d):
                torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                torch.nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
        self.optimizer = torch.optim.Adam(self.decoder.parameters(), table.rate)

    def learn(self, contents: torch.Tensor, styles: torch.Tensor) -> float:
        """One step on batches [n, 3, h, w] in 0..1; the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        loss = self._loss(contents, styles)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.decoder.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        return loss.item()

    def _rate(self) -> float:
        """Up within fifty steps, then down along a cosine."""
        return (
            self.table.rate
            * min(1.0, (self.step + 1) / 50)
            * (0.02 + 0.49 * (1 + math.cos(math.pi * self.step / self.steps)))
        )

    def _loss(self, contents: torch.Tensor, styles: torch.Tensor) -> torch.Tensor:
        layers = self.eye.plan.style
        with torch.no_grad():
            shown, wanted = content_features(self.eye, contents), self.eye(styles, {*layers, *self.eye.plan.content})
            asked = wearing(shown, statistics(wanted[self.eye.plan.content[-1]]))
        painted, again = self.decoder(asked), self.decoder(shown)
        seen = self.eye(painted, {*layers, *self.eye.plan.content})
        content = mse_loss(seen[self.eye.plan.content[-1]], asked) / (asked.var() + EPSILON)
        style = torch.stack([_apart(seen[name], wanted[name]) for name in layers]).mean()
        same = mse_loss(again, contents) / 0.05  # the variance of pictures
        table = self.table
        return content + table.style * style + table.identity * same + table.smooth * total_variation(painted)

    def kept(self) -> Checkpoint:
        """All that going on needs."""
        moments = {
            f"{place}/{key}": torch.as_tensor(value)
            for place, state in self.optimizer.state_dict()["state"].items()
            for key, value in state.items()
        }
        return Checkpoint(self.step, tuple(self.losses), 0.0, self.decoder.state_dict(), moments)

    def go_on(self, checkpoint: Checkpoint) -> None:
        """Stands where that one stood."""
        self.step, self.losses = checkpoint.step, list(checkpoint.losses)
        self.decoder.load_state_dict(dict(checkpoint.factors))
        state: dict[int, dict[str, torch.Tensor]] = {}
        for key, tensor in checkpoint.moments.items():
            place, what = key.split("/")
            state.setdefault(int(place), {})[what] = tensor
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": state})


def _apart(seen: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far means and deviations of the channels are apart: equation 13, relative to how far channels spread in the style."""
    own, other = statistics(seen), statistics(wanted)
    scale = other.deviation.square().mean() + EPSILON
    return (mse_loss(own.mean, other.mean) + mse_loss(own.deviation, other.deviation)) / scale


def teach_decoder(
    eye: Eye, contents: np.ndarray, styles: np.ndarray, steps: int, folder: Path, table: Timetable = Timetable()
) -> Work[Decoder]:
    """Teaches on pictures uint8 [n, 3, h, w], from the newest checkpoint in `folder` if there is one of this training, and writes
    `decoder.safetensors` beside it.

    Raises NotReady when the numbers go wrong; the checkpoint before that stays. Raises BadInput for another training's folder, NoRoom.
    """
    pupil, checkpoints = Pupil(eye, table, steps), Checkpoints(folder, _identity(eye, contents, styles, steps, table))
    if begun := checkpoints.latest():
        pupil.go_on(begun)
    saved = pupil.step
    while pupil.step < steps:
        rng = np.random.default_rng([table.seed, pupil.step])
        loss = pupil.learn(cut(contents, table, rng), cut(styles, table, rng))
        if not math.isfinite(loss):
            raise gone_wrong(pupil.step, saved)
        pupil.losses.append(round(loss, 4))
        if pupil.step % table.save_steps == 0 or pupil.step == steps:
            checkpoints.save(pupil.kept())
            saved = pupil.step
        yield Progress(pupil.step, steps, f"loss {loss:.3f}")
    write_decoder(pupil.decoder, folder / FILE)
    return pupil.decoder.eval().requires_grad_(False)


def cut(pictures: np.ndarray, table: Timetable, rng: np.random.Generator) -> torch.Tensor:
    """A batch float32 [batch, 3, side, side] in 0..1: squares out of pictures by chance, mirrored as often as not."""
    count, _, height, width = pictures.shape
    side, found = min(table.side_px, height, width), []
    for row in rng.choice(count, table.batch, replace=count < table.batch):
        down, right = (int(rng.integers(0, room - side + 1)) for room in (height, width))
        piece = pictures[row, :, down : down + side, right : right + side]
        found.append(piece[..., ::-1] if rng.random() < 0.5 else piece)
    batch = torch.from_numpy(np.stack(found)).float() / 255
    return batch.contiguous(memory_format=torch.channels_last)


def _identity(eye: Eye, contents: np.ndarray, styles: np.ndarray, steps: int, table: Timetable) -> dict[str, object]:
    seen = [[len(some), int(some[:: max(1, len(some) // 64)].astype(np.int64).sum())] for some in (contents, styles)]
    weights = sum(parameter.double().abs().sum().item() for parameter in eye.parameters())
    return {
        "model": f"eye {eye.plan.widths} {weights:.3f}",
        "pictures": seen,
        "recipe": {
            "steps": steps,
            "batch": table.batch,
            "side": table.side_px,
            "rate": table.rate,
            "style": table.style,
            "identity": table.identity,
            "smooth": table.smooth,
        },
        "seed": table.seed,
    }
