"""The icon in all its sizes, drawn from the one source, `assets/icons/icon.svg`: no other picture of it is kept anywhere.

It reads what that file uses of SVG: a rounded square behind, strokes with round ends, paths of `M`, `h`, `v`, `l`, `a` and `z`.
"""

import math
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from PIL import Image, ImageDraw

SOURCE = Path(str(resources.files("samovar.client") / "assets" / "icons" / "icon.svg"))
WHOLE = 1_024
WINDOWS_SIZES = (16, 24, 32, 48, 64, 128, 256)
# Android cuts a circle out of the middle of an adaptive icon: what matters fits into two thirds of it.
_ADAPTIVE = 0.66
_FINER = 4
_ARC_STEPS = 16
_WORD = re.compile(r"[Mhvlaz]|-?[\d.]+")

Point = tuple[float, float]


class Drawing(NamedTuple):
    """The icon: its side, the square behind it, and its lines with their width and colour."""

    side: float
    back: str
    radius: float
    lines: list[tuple[list[Point], float, str]]


def read(source: Path = SOURCE) -> Drawing:
    """Read the source."""
    root = ET.fromstring(source.read_bytes())  # noqa: S314  Our own file.
    space = "{http://www.w3.org/2000/svg}"
    square = root.find(f"{space}rect")
    if square is None:
        raise ValueError(f"{source} has no square behind the icon")
    lines: list[tuple[list[Point], float, str]] = []
    for holder in (root, *root.iter(f"{space}g")):
        for path in holder.findall(f"{space}path"):
            said = {**holder.attrib, **path.attrib}
            lines.append((list(points(said["d"])), float(said["stroke-width"]), said["stroke"]))
    return Drawing(
        float(root.attrib["viewBox"].split()[2]), square.attrib["fill"], float(square.attrib["rx"]), lines
    )


def points(path: str) -> Iterator[Point]:
    """Yield the points of a path; an arc becomes short lines."""
    words = _WORD.findall(path)
    at = start = (0.0, 0.0)
    while words:
        match words.pop(0):
            case "M":
                at = start = (float(words.pop(0)), float(words.pop(0)))
            case "h":
                at = (at[0] + float(words.pop(0)), at[1])
            case "v":
                at = (at[0], at[1] + float(words.pop(0)))
            case "l":
                at = (at[0] + float(words.pop(0)), at[1] + float(words.pop(0)))
            case "a":
                values = [float(words.pop(0)) for _ in range(7)]
                end = (at[0] + values[5], at[1] + values[6])
                yield from _arc(at, end, values[0], clockwise=values[4] == 1)
                at = end
            case "z":
                at = start
        yield at


def _arc(start: Point, end: Point, radius: float, *, clockwise: bool) -> Iterator[Point]:
    """Yield points of the smaller arc of a circle between two points."""
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    across = math.dist(start, end)
    radius = max(radius, across / 2)
    away = math.sqrt(radius**2 - (across / 2) ** 2) * (1 if clockwise else -1)
    along = ((end[0] - start[0]) / across, (end[1] - start[1]) / across)
    centre = (middle[0] - along[1] * away, middle[1] + along[0] * away)
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = math.atan2(end[1] - centre[1], end[0] - centre[0]) - first
    if clockwise and turn < 0:
        turn += 2 * math.pi
    if not clockwise and turn > 0:
        turn -= 2 * math.pi
    for step in range(1, _ARC_STEPS):
        angle = first + turn * step / _ARC_STEPS
        yield (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))


def draw(
    drawing: Drawing, size: int, *, square: bool = True, rounded: bool = True, share: float = 1.0
) -> Image.Image:
    """Draw the icon.

    Args:
        drawing: What.
        size: Of a side, pixels.
        square: Whether the square stands behind it.
        rounded: Whether the square's corners are round; iOS and macOS round them by themselves.
        share: How much of the side the icon takes.
    """
    side = size * _FINER
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if square:
        radius = drawing.radius / drawing.side * side if rounded else 0
        pen.rounded_rectangle((0, 0, side - 1, side - 1), radius, fill=drawing.back)
    scale, edge = side * share / drawing.side, side * (1 - share) / 2
    for line, width, color in drawing.lines:
        placed = [(edge + x * scale, edge + y * scale) for x, y in line]
        pen.line(placed, fill=color, width=round(width * scale), joint="curve")
        half = width * scale / 2
        for x, y in placed:
            pen.ellipse((x - half, y - half, x + half, y + half), fill=color)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def write(folder: Path) -> list[Path]:
    """Write the pictures that `flet build` looks for; out of each it makes the sizes of its system.

    Args:
        folder: The assets of the application.
    """
    drawing = read()
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {
        "icon.png": draw(drawing, WHOLE),
        "icon_linux.png": draw(drawing, WHOLE // 2),
        "icon_macos.png": draw(drawing, WHOLE, rounded=False),
        "icon_ios.png": draw(drawing, WHOLE, rounded=False).convert("RGB"),
        "icon_android.png": draw(drawing, WHOLE, square=False, share=_ADAPTIVE),
        "splash.png": draw(drawing, WHOLE, square=False, share=_ADAPTIVE),
    }
    for name, picture in pictures.items():
        picture.save(folder / name, optimize=True)
    windows = folder / "icon_windows.ico"
    pictures["icon.png"].save(windows, sizes=[(size, size) for size in WINDOWS_SIZES])
    return [*(folder / name for name in pictures), windows]
