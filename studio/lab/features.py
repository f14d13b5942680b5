"""The eye of style transfer: a VGG whose layers are asked for by name, from a person's file of VGG-19 or the studio's own small one.

Layers are called as in Simonyan and Zisserman 2015 (arXiv 1409.1556): conv1_1 to conv5_4, each told after its ReLU.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from ..errors import BadInput

POOL = 0
VGG19 = (64, 64, POOL, 128, 128, POOL, 256, 256, 256, 256, POOL, 512, 512, 512, 512, POOL, 512, 512, 512, 512)
SMALL = (24, 24, POOL, 48, 48, POOL, 96, 96, 96, POOL, 160, 160, POOL, 160)
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
PLAIN = ((0.5, 0.5, 0.5), (0.25, 0.25, 0.25))


@dataclass(frozen=True, slots=True)
class Plan:
    """Which layers a network has, what it takes for grey, and which layers tell content and style."""

    widths: tuple[int, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    content: tuple[str, ...]
    style: tuple[str, ...]


PLANS = {
    "vgg19": Plan(VGG19, *IMAGENET, ("conv4_2",), ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")),
    "own": Plan(SMALL, *PLAIN, ("conv3_3",), ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")),
}


class Eye(nn.Module):
    """Pictures [n, 3, h, w] in 0..1 to the features of the layers that are asked for, by name."""

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, plan: Plan, average: bool = True) -> None:
        """`average` pools by means in place of maxima, which Gatys et al. found to make smoother pictures."""
        super().__init__()
        self.plan, wide = plan, 3
        self.pool = nn.AvgPool2d(2) if average else nn.MaxPool2d(2)
        self.convolutions = nn.ModuleDict()
        for name, out in named(plan.widths):
            self.convolutions[name] = nn.Conv2d(wide, out, 3, padding=1, padding_mode="replicate")
            wide = out
        self.register_buffer("mean", torch.tensor(plan.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(plan.deviation).view(1, 3, 1, 1), persistent=False)

    def forward(self, pictures: torch.Tensor, wanted: Iterable[str]) -> dict[str, torch.Tensor]:
        missing, found = set(wanted), {}
        x, block = (pictures - self.mean) / self.deviation, 1
        for name, layer in self.convolutions.items():
            if not missing:
                break
            if int(name[4]) != block:
                x, block = self.pool(x), int(name[4])
            x = torch.relu(layer(x))
            if name in missing:
                found[name] = x
                missing.discard(name)
        return found


def named(widths: Sequence[int]) -> list[tuple[str, int]]:
    """conv1_1, conv1_2, …, each with its channels."""
    block, place, found = 1, 0, []
    for width in widths:
        if width == POOL:
            block, place = block + 1, 0
        else:
            place += 1
            found.append((f"conv{block}_{place}", width))
    return found


def own_eye(path: Path) -> Eye:
    """The studio's own small network, from its file."""
    from safetensors.torch import load_file

    eye = Eye(PLANS["own"])
    eye.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
    return eye.eval().requires_grad_(False)


def brought_eye(tensors: Mapping[str, torch.Tensor]) -> Eye:
    """A person's VGG-19, from weights as torchvision or timm name them (features.0.weight …), classifier or not.

    Raises BadInput for weights of another network, and says what was looked for.
    """
    found = {name: tensor for name, tensor in tensors.items() if re.fullmatch(r"features\.\d+\.(weight|bias)", name)}
    eye, places = Eye(PLANS["vgg19"]), _places(VGG19)
    wanted = {
        f"convolutions.{name}.{part}": f"features.{place}.{part}"
        for name, place in places.items()
        for part in ("weight", "bias")
    }
    own = eye.state_dict()
    wrong = [theirs for ours, theirs in wanted.items() if theirs not in found or found[theirs].shape != own[ours].shape]
    if wrong:
        raise BadInput(
            "These are not the weights of VGG-19: '{name}' is missing or has another shape. Give the file that torchvision or timm "
            "made (vgg19, without batch normalisation); nothing was changed.",
            name=wrong[0],
        )
    eye.load_state_dict({ours: found[theirs].float() for ours, theirs in wanted.items()})
    return eye.eval().requires_grad_(False)


def _places(widths: Sequence[int]) -> dict[str, int]:
    """At which place of torchvision's list of layers each convolution stands: it counts ReLUs and pools too."""
    place, names, found = 0, iter(named(widths)), {}
    for width in widths:
        if width == POOL:
            place += 1
        else:
            found[next(names)[0]] = place
            place += 2
    return found
