"""Where each figure of a scene stands, as boxes in shares of the picture. Pure: a scene in, boxes out.

The words of a prompt name two who are beside each other from the left to the right, so that is how the boxes lie. They are
stages rather than outlines: a figure may move in its own, and is nowhere else.
"""

from __future__ import annotations

from ..rendering.drawing import Box
from .composer.figures import drawn_roles
from .scene import Cast, Scene

Boxes = tuple[tuple[str, Box], ...]  # names of roles, each with its box

MOVED = 0.75  # of the way of two to the middle; with all of it the outer ones of three stood at the edges
LEAST = 0.15  # of a side, that a box has
TOP = {"near": 0.0, "middle": 0.0, "far": 0.2}


def proposed(scene: Scene, cast: Cast) -> Boxes:
    """A box for each figure that is drawn, from the left to the right in the order in which the prompt names them."""
    roles = drawn_roles(scene, cast)
    wide, top = 1 / max(1, len(roles)), TOP.get(scene.view, 0.0)
    return tuple((role.name, fitted((at * wide, top, (at + 1) * wide, 1.0))) for at, role in enumerate(roles))


def placed(scene: Scene, cast: Cast, own: Boxes = ()) -> Boxes:
    """The boxes that are proposed, in place of which a person may have put others; who is not in the scene has none."""
    return tuple((name, dict(own).get(name, box)) for name, box in proposed(scene, cast))


def shift(name: str, boxes: Boxes) -> float:
    """By what share of its width a picture of three is moved to the right so that the figure and who is told with them, see
    `composer.regional`, stand about in the middle. `boxes` are those of all figures from the left to the right."""
    at = [each for each, _ in boxes].index(name)
    pair = [box for _, box in boxes[max(at - 1, 0) :][:2]]
    return round(MOVED * (0.5 - sum(left + right for left, _, right, _ in pair) / 4), 3) if len(boxes) > 2 else 0.0


def fitted(box: Box) -> Box:
    """The box with its corners in their order and inside of the picture, no smaller than a figure that can be told."""
    left, right = _side(box[0], box[2])
    top, bottom = _side(box[1], box[3])
    return left, top, right, bottom


def _side(low: float, high: float) -> tuple[float, float]:
    low, high = sorted(min(1.0, max(0.0, share)) for share in (low, high))
    low = min(low, 1.0 - LEAST)
    return round(low, 3), round(max(high, low + LEAST), 3)
