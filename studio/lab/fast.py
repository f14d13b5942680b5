"""Style transfer within a second: no picture is learnt, a small network was taught once to paint whatever features are handed to it.

Huang and Belongie 2017 (arXiv 1703.06868): the eye looks at the content up to its layer of content, the features take mean and
deviation of those of the style, channel by channel (equation 8), and a decoder that mirrors the eye makes a picture of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import interpolate

from ..errors import BadInput
from ..files import atomic_path
from .features import POOL, Eye, Plan, named
from .transfer import scaled, with_colour_of

EPSILON = 1e-5
STYLE_PX = 256  # the longer side at which a style is looked at: strokes come out as large as at the pages of pocket


@dataclass(frozen=True, slots=True)
class Look:
    """Of a style all that is used here: mean and deviation of each channel, [1, c, 1, 1]."""

    mean: torch.Tensor
    deviation: torch.Tensor


class Decoder(nn.Module):
    """Features of the layer of content back to pictures [n, 3, h, w]: the eye's convolutions in reverse, nearest neighbours
    for its pools, which leave no chessboard behind."""

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        steps: list[nn.Module] = []
        for wide, out in reversed(_seen(plan)):
            if out == POOL:
                steps.append(nn.Upsample(scale_factor=2, mode="nearest"))
            else:
                steps += [nn.Conv2d(out, wide, 3, padding=1, padding_mode="replicate"), nn.ReLU(inplace=True)]
        self.steps = nn.Sequential(*steps[:-1])
        self.register_buffer("mean", torch.tensor(plan.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(plan.deviation).view(1, 3, 1, 1), persistent=False)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.steps(features) * self.deviation + self.mean


def _seen(plan: Plan) -> list[tuple[int, int]]:
    """Channels in and out of each step of the eye up to its layer of content; out of a pool is POOL."""
    names, wide, found = iter(named(plan.widths)), 3, []
    for width in plan.widths:
        found.append((wide, width))
        if width != POOL:
            wide = width
            if next(names)[0] == plan.content[-1]:
                break
    return found


def own_decoder(path: Path, plan: Plan) -> Decoder:
    """The studio's own, from its file. Raises BadInput for one that was taught with another eye."""
    from safetensors.torch import load_file

    decoder, tensors = Decoder(plan), load_file(path)
    wanted = {name: tensor.shape for name, tensor in decoder.state_dict().items()}
    if {name: tensor.shape for name, tensor in tensors.items()} != wanted:
        raise BadInput(
            "The decoder of the fast way does not fit this eye. Paint without the fast way; nothing was changed."
        )
    decoder.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    return decoder.eval().requires_grad_(False)


def write_decoder(decoder: Decoder, path: Path) -> Path:
    """Its weights in float16, half a megabyte for the own eye. Raises NoRoom."""
    from safetensors.torch import save_file

    with atomic_path(path) as part:
        save_file({name: tensor.half().contiguous() for name, tensor in decoder.state_dict().items()}, part)
    return path


# Looks


def look(eye: Eye, style: torch.Tensor) -> Look:
    """Of a style [n, 3, h, w] in 0..1."""
    with torch.no_grad():
        return statistics(content_features(eye, scaled(style, min(STYLE_PX, max(style.shape[2:])))))


def statistics(features: torch.Tensor) -> Look:
    return Look(features.mean((2, 3), keepdim=True), (features.var((2, 3), keepdim=True) + EPSILON).sqrt())


def mixed_looks(looks: Sequence[Look], weights: Sequence[float]) -> Look:
    """Several as one. Equation 15 mixes the features that each gives, which is the same: they are linear in mean and deviation."""
    shares = [weight / sum(weights) for weight in weights]

    def sum_of(parts: Sequence[torch.Tensor]) -> torch.Tensor:
        return torch.stack([share * part for share, part in zip(shares, parts, strict=True)]).sum(0)

    return Look(sum_of([one.mean for one in looks]), sum_of([one.deviation for one in looks]))


def wearing(features: torch.Tensor, worn: Look) -> torch.Tensor:
    """Features with the mean and deviation of another look: equation 8."""
    own = statistics(features)
    return worn.deviation * (features - own.mean) / own.deviation + worn.mean


def content_features(eye: Eye, picture: torch.Tensor) -> torch.Tensor:
    layer = eye.plan.content[-1]
    return eye(picture.contiguous(memory_format=torch.channels_last), [layer])[layer]


# The picture


def repainted_at_once(
    eye: Eye,
    decoder: Decoder,
    content: torch.Tensor,
    worn: Look,
    strength: float = 1.0,
    keep_colour: bool = False,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """A picture [1, 3, h, w] in 0..1 in that look, same size; `strength` 0..1 between its own features and the look's (equation 14),
    `mask` [1, 1, h, w] in 0..1 where it goes."""
    height, width = content.shape[2:]
    with torch.inference_mode():
        features = content_features(eye, _whole(content))
        painted = decoder(features.lerp(wearing(features, worn), strength))[..., :height, :width].clamp(0, 1)
        if keep_colour:
            painted = with_colour_of(painted, content)
        if mask is not None:
            painted = content.lerp(painted, interpolate(mask, (height, width), mode="area"))
    return painted.clone()


def _whole(picture: torch.Tensor, step: int = 8) -> torch.Tensor:
    """With sides that pools divide evenly: the last row and column again as often as needed."""
    height, width = picture.shape[2:]
    return nn.functional.pad(picture, (0, -width % step, 0, -height % step), mode="replicate")
