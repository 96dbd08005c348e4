"""What a scene paints on: fills with soft edges, light, mist, grain.

Edges are smooth because shapes are drawn at twice the size and brought down. All of it is Pillow's own C code and a seeded
`random.Random`, so the same seed gives the same picture.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from samovar.demo.covers.palettes import Colour, Palette, mix

Point = tuple[float, float]
Fill = Colour | tuple[Colour, Colour]
_SHARP = 2
_GRAIN_TILE = 256
_NOISE_SHRINK = 4


class Shape:
    """A silhouette in the making, in pixels of the canvas; it grows by polygons, ellipses and lines."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, Sequence[Point], float, int]] = []

    def polygon(self, points: Iterable[Point], *, cut: bool = False) -> "Shape":
        """Add an area, or cut it out."""
        self._parts.append(("polygon", list(points), 0, 0 if cut else 255))
        return self

    def ellipse(
        self, x: float, y: float, rx: float, ry: float | None = None, *, cut: bool = False
    ) -> "Shape":
        """Add an ellipse around a centre, or cut it out."""
        ry = rx if ry is None else ry
        self._parts.append(("ellipse", [(x - rx, y - ry), (x + rx, y + ry)], 0, 0 if cut else 255))
        return self

    def box(self, left: float, top: float, right: float, bottom: float, *, cut: bool = False) -> "Shape":
        """Add a rectangle, or cut it out."""
        return self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], cut=cut)

    def line(self, points: Iterable[Point], width: float) -> "Shape":
        """Add a line."""
        self._parts.append(("line", list(points), width, 255))
        return self

    def bounds(self, width: int, height: int) -> tuple[int, int, int, int] | None:
        """Return the rectangle of the canvas that the shape touches; none when it lies outside."""
        xs: list[float] = []
        ys: list[float] = []
        for _, points, pen, _ in self._parts:
            xs += [x + side * pen for x, _ in points for side in (-1, 1)]
            ys += [y + side * pen for _, y in points for side in (-1, 1)]
        if not xs:
            return None
        left, top = max(0, math.floor(min(xs)) - 1), max(0, math.floor(min(ys)) - 1)
        right, bottom = min(width, math.ceil(max(xs)) + 1), min(height, math.ceil(max(ys)) + 1)
        return (left, top, right, bottom) if right > left and bottom > top else None

    def mask(self, box: tuple[int, int, int, int]) -> Image.Image:
        """Return the shape as a mask of a rectangle."""
        left, top, right, bottom = box
        large = Image.new("L", ((right - left) * _SHARP, (bottom - top) * _SHARP))
        pen = ImageDraw.Draw(large)
        for kind, points, width, value in self._parts:
            placed = [((x - left) * _SHARP, (y - top) * _SHARP) for x, y in points]
            if kind == "polygon":
                pen.polygon(placed, fill=value)
            elif kind == "ellipse":
                pen.ellipse(placed, fill=value)
            else:
                pen.line(placed, fill=value, width=max(1, round(width * _SHARP)), joint="curve")
        return large.reduce(_SHARP)


def column(stops: Sequence[Colour], size: tuple[int, int]) -> Image.Image:
    """Return a vertical gradient over evenly spaced colours."""
    strip = Image.new("RGB", (1, len(stops)))
    strip.putdata(list(stops))
    steps = 64
    fine = Image.new("RGB", (1, steps))
    fine.putdata([_between(stops, row / (steps - 1)) for row in range(steps)])
    return fine.resize(size, Image.Resampling.BILINEAR)


def _between(stops: Sequence[Colour], part: float) -> Colour:
    place = part * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    ease = place - index
    return mix(stops[index], stops[index + 1], ease)


def clouds(
    rng: Random, size: tuple[int, int], cells: float, *, octaves: int = 4, stretch: float = 1.0
) -> Image.Image:
    """Return soft noise from black to white.

    Args:
        rng: The source of chance.
        size: Width and height.
        cells: How many lumps fit into the height.
        octaves: How many layers of ever finer lumps.
        stretch: How much wider than high the lumps are.
    """
    width, height = max(2, size[0] // _NOISE_SHRINK), max(2, size[1] // _NOISE_SHRINK)
    result: Image.Image | None = None
    for octave in range(octaves):
        rows = max(2, round(cells * 2**octave) + 1)
        columns = max(2, round(rows * width / height / stretch) + 1)
        grid = Image.frombytes("L", (columns, rows), rng.randbytes(columns * rows))
        layer = grid.resize((width, height), Image.Resampling.BICUBIC)
        result = layer if result is None else Image.blend(result, layer, 0.5**octave * 0.9)
    assert result is not None  # noqa: S101  At least one octave.
    return ImageOps.autocontrast(result, cutoff=1).resize(size, Image.Resampling.BICUBIC)


def curve(function: Callable[[float], float]) -> list[int]:
    """Return a table for `Image.point` of a function from 0…1 to 0…1."""
    return [max(0, min(255, round(255 * function(value / 255)))) for value in range(256)]


_RADIAL: dict[float, Image.Image] = {}


def spot(power: float) -> Image.Image:
    """Return a round light that fades to its rim; the higher the power, the smaller its heart."""
    if power not in _RADIAL:
        half = 128
        distances = Image.radial_gradient("L")
        # The gradient reaches white in the corners; a light ends at the sides.
        edge = distances.getpixel((0, half))
        rim = edge if isinstance(edge, int) else half
        table = [
            max(0, round(255 * (1 - value / rim) ** power)) if value < rim else 0 for value in range(256)
        ]
        _RADIAL[power] = distances.point(table)
    return _RADIAL[power]


class Canvas:
    """One picture of a world.

    Args:
        size: Width and height.
        palette: Its colours.
        rng: The source of all chance in it.
        focus: Where the eye should rest, from 0 to 1 across and down.
        view: 0 for the key art, 1 and more for other views of the same world.

    Attributes:
        unit: A hundredth of the picture's size, whatever its form.
        ground: Where something in the focus stands, pixels.
    """

    def __init__(
        self, size: tuple[int, int], palette: Palette, rng: Random, *, focus: Point, view: int = 0
    ) -> None:
        self.width, self.height = size
        self.palette = palette
        self.rng = rng
        self.view = view
        self.unit = math.sqrt(self.width * self.height) / 100
        self.x, self.y = focus[0] * self.width, focus[1] * self.height
        self.ground = self.y + 13 * self.unit
        self.image = Image.new("RGB", size, palette.near)

    def sky(self, *stops: Colour, bottom: float = 1.0) -> None:
        """Paint a gradient from the top down to a part of the height."""
        self.image.paste(column(stops, (self.width, max(1, round(self.height * bottom)))), (0, 0))

    def fill(self, shape: Shape, fill: Fill, *, alpha: float = 1.0, blur: float = 0) -> None:
        """Fill a shape with a colour, or with a gradient from its top to its bottom.

        Args:
            shape: What to fill.
            fill: A colour, or the upper and the lower one.
            alpha: How much covers what is below.
            blur: How soft its edge is, in units.
        """
        box = shape.bounds(self.width, self.height)
        if box is None:
            return
        if blur:
            spread = math.ceil(blur * self.unit * 2.5)
            box = (
                max(0, box[0] - spread),
                max(0, box[1] - spread),
                min(self.width, box[2] + spread),
                min(self.height, box[3] + spread),
            )
        mask = shape.mask(box)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * self.unit))
        self.cover(mask, fill, (box[0], box[1]), alpha=alpha)

    def cover(
        self, mask: Image.Image, fill: Fill, at: tuple[int, int] = (0, 0), *, alpha: float = 1.0
    ) -> None:
        """Paint through a mask."""
        if alpha < 1:
            mask = mask.point([round(value * alpha) for value in range(256)])
        if isinstance(fill[0], tuple):
            upper, lower = fill
            paint = column((upper, lower), mask.size)
            self.image.paste(paint, at, mask)
        else:
            self.image.paste(fill, (at[0], at[1], at[0] + mask.width, at[1] + mask.height), mask)

    def glow(
        self,
        x: float,
        y: float,
        radius: float,
        colour: Colour,
        *,
        strength: float = 1.0,
        power: float = 2.0,
        flat: float = 1.0,
    ) -> None:
        """Add light around a point: it brightens, it never covers.

        Args:
            x: Pixels from the left.
            y: Pixels from the top.
            radius: Where it has faded, in pixels.
            colour: Of the light.
            strength: From 0 to 1.
            power: The higher, the smaller the heart.
            flat: The height of the light in parts of its width.
        """
        rx, ry = max(1, round(radius)), max(1, round(radius * flat))
        left, top, right, bottom = round(x) - rx, round(y) - ry, round(x) + rx, round(y) + ry
        seen = (max(0, left), max(0, top), min(self.width, right), min(self.height, bottom))
        if seen[2] <= seen[0] or seen[3] <= seen[1]:
            return
        source = spot(power)
        scale_x, scale_y = source.width / (right - left), source.height / (bottom - top)
        part = (
            (seen[0] - left) * scale_x, (seen[1] - top) * scale_y,
            (seen[2] - left) * scale_x, (seen[3] - top) * scale_y,
        )  # fmt: skip
        light = source.resize((seen[2] - seen[0], seen[3] - seen[1]), Image.Resampling.BILINEAR, box=part)
        bands = [
            light.point([round(value * band / 255 * strength) for value in range(256)]) for band in colour
        ]
        patch = self.image.crop(seen)
        self.image.paste(ImageChops.screen(patch, Image.merge("RGB", bands)), seen[:2])

    def shade(self, mask: Image.Image, colour: Colour, *, strength: float = 1.0) -> None:
        """Add light of a colour through a mask of the whole picture."""
        bands = [
            mask.point([round(value * band / 255 * strength) for value in range(256)]) for band in colour
        ]
        self.image = ImageChops.screen(self.image, Image.merge("RGB", bands))

    def mist(self, y: float, thickness: float, colour: Colour, *, alpha: float = 0.6) -> None:
        """Lay mist that is densest at a height."""
        top, bottom = max(0, round(y - thickness)), min(self.height, round(y + thickness))
        if bottom - top < 2:
            return
        span = range(bottom - top)
        strip = Image.new("L", (1, bottom - top))
        strip.putdata(
            [round(255 * alpha * math.cos((top + row - y) / thickness * math.pi / 2) ** 2) for row in span]
        )
        self.cover(strip.resize((self.width, bottom - top)), colour, (0, top))

    def finish(self, *, vignette: float = 0.34, grain: float = 0.055) -> Image.Image:
        """Darken the corners, lay grain over all, and return the picture."""
        corners = Image.radial_gradient("L").resize((self.width, self.height), Image.Resampling.BILINEAR)
        dark = corners.point(curve(lambda value: max(0, value - 0.45) ** 1.6 * vignette * 2.6))
        self.image.paste(mix(self.palette.near, (0, 0, 0), 0.6), (0, 0), dark)
        self.image = ImageEnhance.Color(ImageEnhance.Contrast(self.image).enhance(1.07)).enhance(1.14)
        tile = Image.frombytes("L", (_GRAIN_TILE, _GRAIN_TILE), self.rng.randbytes(_GRAIN_TILE**2))
        noise = Image.new("L", (self.width, self.height))
        for left in range(0, self.width, _GRAIN_TILE):
            for top in range(0, self.height, _GRAIN_TILE):
                noise.paste(tile, (left, top))
        grey = noise.point([round(128 + (value - 128) * grain) for value in range(256)])
        self.image = ImageChops.overlay(self.image, Image.merge("RGB", (grey, grey, grey)))
        return self.image


def ridge(rng: Random, width: float, *, rough: float, steps: int = 7, span: float = 1.0) -> list[Point]:
    """Return the line of a ridge: heights from about -1 to 1 over a width, by midpoints that are moved ever less."""
    heights = [rng.uniform(-0.6, 0.6) for _ in range(3)]
    amount = span
    for _ in range(steps):
        longer: list[float] = []
        for left, right in pairwise(heights):
            longer += [left, (left + right) / 2 + rng.uniform(-amount, amount) * 0.5]
        heights = [*longer, heights[-1]]
        amount *= rough
    count = len(heights) - 1
    return [(width * index / count, height) for index, height in enumerate(heights)]
