"""Silhouettes of what stands in the middle of a cover: castles, ships, wanderers, machines. They are drawn in `subjects.toml`."""

import math
import tomllib
from pathlib import Path
from random import Random

from samovar.demo.covers.canvas import Canvas, Fill, Point, Shape
from samovar.demo.covers.palettes import Colour, mix

_DRAWN = Path(__file__).with_name("subjects.toml")


class _Part:
    """One line of a drawing."""

    def __init__(self, line: str) -> None:
        self.kind, *numbers = line.split()
        self.width = float(numbers.pop(0)) if self.kind == "L" else 0.0
        self.numbers = [tuple(float(value) for value in group.split(",")) for group in numbers]


_PARTS = {
    name: [_Part(line) for line in text.strip().splitlines()]
    for name, text in tomllib.loads(_DRAWN.read_text("utf-8")).items()
}
SUBJECTS = frozenset(_PARTS)


def silhouette(
    name: str, x: float, y: float, size: float, *, flip: bool = False, tilt: float = 0, grow: float = 0
) -> Shape:
    """Return the outline of a subject.

    Args:
        name: One of `SUBJECTS`.
        x: Where its middle stands, pixels.
        y: Where its feet stand, pixels.
        size: Half of its width, pixels.
        flip: It looks the other way.
        tilt: How far it leans, radians.
        grow: Moves it up by so many pixels, for the light at its edge.
    """
    side = -1 if flip else 1
    sine, cosine = math.sin(tilt), math.cos(tilt)

    def place(px: float, py: float) -> Point:
        px, py = px * side, py - 0.8
        return (x + size * (px * cosine + py * sine), y - size * (py * cosine - px * sine + 0.8) - grow)

    shape = Shape()
    for part in _PARTS[name]:
        cut = part.kind.islower()
        if part.kind in "Pp":
            shape.polygon([place(px, py) for px, py in part.numbers], cut=cut)
        elif part.kind in "Ee":
            px, py, rx, ry = part.numbers[0]
            shape.ellipse(*place(px, py), rx * size, ry * size, cut=cut)
        else:
            shape.line([place(px, py) for px, py in part.numbers], part.width * size)
    return shape


def stage(
    c: Canvas,
    name: str,
    y: float,
    size: float,
    *,
    fill: Fill | None = None,
    rim: Colour | None = None,
    x: float | None = None,
    flip: bool = False,
    tilt: float = 0,
) -> None:
    """Put a subject into a picture, with light along its upper edge."""
    x = c.x if x is None else x
    edge = max(1.0, 0.3 * c.unit)
    c.fill(
        silhouette(name, x, y, size, flip=flip, tilt=tilt, grow=edge),
        rim or mix(c.palette.light, c.palette.accent, 0.4),
        alpha=0.75,
    )
    dark = mix(c.palette.near, (0, 0, 0), 0.15)
    c.fill(silhouette(name, x, y, size, flip=flip, tilt=tilt), fill or (mix(dark, c.palette.far, 0.18), dark))


def pine(shape: Shape, x: float, y: float, height: float, rng: Random) -> None:
    """Add a conifer to a shape."""
    width = height * rng.uniform(0.2, 0.28)
    shape.box(x - height * 0.02, y - height * 0.2, x + height * 0.02, y + height * 0.05)
    tiers = 4
    for tier in range(tiers):
        top = y - height * (1 - tier * 0.19)
        low = top + height * 0.36
        half = width * (0.42 + tier * 0.2)
        shape.polygon(
            [
                (x, top),
                (x + half, low),
                (x + half * 0.35, low - height * 0.04),
                (x - half * 0.35, low - height * 0.04),
                (x - half, low),
            ]
        )


def oak(shape: Shape, x: float, y: float, height: float, rng: Random) -> None:
    """Add a leafy tree to a shape."""
    shape.polygon(
        [
            (x - height * 0.05, y),
            (x + height * 0.05, y),
            (x + height * 0.025, y - height * 0.5),
            (x - height * 0.025, y - height * 0.5),
        ]
    )
    for _ in range(9):
        shape.ellipse(
            x + rng.uniform(-0.26, 0.26) * height,
            y - height * rng.uniform(0.5, 0.85),
            height * rng.uniform(0.13, 0.2),
        )
