"""Inside: a room with a window, a stage with lamps."""

import math

from PIL import Image, ImageChops

from samovar.demo.covers.canvas import Canvas, Shape, clouds, curve, ridge
from samovar.demo.covers.palettes import mix
from samovar.demo.covers.subjects import stage

_WHITE = (255, 255, 255)


def room(c: Canvas, subject: str | None) -> None:
    """A dark room; a tall window throws its bars of light over the floor."""
    p, rng = c.palette, c.rng
    floor = c.ground - 4 * c.unit
    c.sky(mix(p.near, p.far, 0.35), mix(p.far, p.near, 0.45), mix(p.near, p.far, 0.3))
    paper = Shape()
    for column in range(math.ceil(c.width / (5 * c.unit)) + 1):
        paper.box(column * 5 * c.unit, 0, column * 5 * c.unit + 2.2 * c.unit, floor)
    c.fill(paper, mix(p.far, p.near, 0.25), alpha=0.35)
    half, top = 17 * c.unit, c.y - 27 * c.unit
    _window(c, half, top, c.y + 5 * c.unit)
    c.fill(Shape().box(0, floor, c.width, c.height), (mix(p.near, p.far, 0.3), mix(p.near, (0, 0, 0), 0.3)))
    beam = Shape()
    for index in range(4):
        left, right = c.x - half + index * half / 2, c.x - half + (index + 0.86) * half / 2
        beam.polygon(
            [
                (left, floor),
                (right, floor),
                (right + (right - c.x) * 0.9, c.height),
                (left + (left - c.x) * 0.9, c.height),
            ]
        )
    c.fill(beam, mix(p.light, p.horizon, 0.3), alpha=0.5, blur=0.5)
    haze = Shape().polygon(
        [(c.x - half, top), (c.x + half, top), (c.x + half * 2.2, c.height), (c.x - half * 2.2, c.height)]
    )
    c.fill(haze, p.light, alpha=0.13, blur=2.4)
    _furniture(c, floor)
    if subject:
        c.fill(
            Shape().ellipse(c.x, floor + 5 * c.unit, 12 * c.unit, 1.6 * c.unit),
            (0, 0, 0),
            alpha=0.5,
            blur=0.8,
        )
        stage(c, subject, floor + 5.5 * c.unit, 13 * c.unit)
    dust = Shape()
    for _ in range(60):
        dust.ellipse(
            c.x + rng.gauss(0, 20) * c.unit,
            rng.uniform(0.1, 0.95) * c.height,
            rng.uniform(0.08, 0.25) * c.unit,
        )
    c.fill(dust, p.light, alpha=0.6)


def _window(c: Canvas, half: float, top: float, bottom: float) -> None:
    p, rng = c.palette, c.rng
    c.glow(c.x, c.y - 7 * c.unit, 62 * c.unit, p.light, strength=0.7, power=1.5)
    c.fill(
        Shape().box(
            c.x - half - 1.4 * c.unit, top - 1.4 * c.unit, c.x + half + 1.4 * c.unit, bottom + 1.4 * c.unit
        ),
        mix(p.near, p.far, 0.25),
    )
    c.fill(
        Shape().box(c.x - half, top, c.x + half, bottom),
        (mix(p.middle, p.horizon, 0.5), mix(p.horizon, p.light, 0.6)),
    )
    outside = [
        (c.x - half + x, bottom - 8 * c.unit + h * 6 * c.unit)
        for x, h in ridge(rng, half * 2, rough=0.5, steps=4)
    ]
    c.fill(
        Shape().polygon([*outside, (c.x + half, bottom), (c.x - half, bottom)]), mix(p.far, p.horizon, 0.35)
    )
    bars = Shape().box(c.x - 0.5 * c.unit, top, c.x + 0.5 * c.unit, bottom)
    for row in (0.33, 0.66):
        y = top + (bottom - top) * row
        bars.box(c.x - half, y - 0.4 * c.unit, c.x + half, y + 0.4 * c.unit)
    c.fill(bars, mix(p.near, p.far, 0.2))


def _furniture(c: Canvas, floor: float) -> None:
    p, rng = c.palette, c.rng
    for side in (-1, 1):
        x = c.x + side * rng.uniform(34, 42) * c.unit
        shelf, books = Shape(), []
        wide, tall = rng.uniform(8, 11) * c.unit, rng.uniform(30, 40) * c.unit
        shelf.box(x - wide, floor - tall, x + wide, floor + 1.5 * c.unit)
        c.fill(shelf, (mix(p.near, p.far, 0.2), p.near))
        for row in range(4):
            base = floor - tall + (row + 1) * tall / 4.2
            left = x - wide * 0.88
            while left < x + wide * 0.75:
                thick, high = rng.uniform(0.6, 1.5) * c.unit, rng.uniform(3.4, 6) * c.unit
                books.append(
                    (
                        left,
                        base - high,
                        left + thick,
                        base,
                        rng.choice((p.accent, p.far, p.middle, p.horizon)),
                    )
                )
                left += thick * 1.12
        for left, upper, right, base, colour in books:
            c.fill(Shape().box(left, upper, right, base), mix(colour, p.near, 0.5))
        c.glow(x - side * wide, floor - tall * 0.7, 14 * c.unit, p.light, strength=0.2)


def stagelight(c: Canvas, subject: str | None) -> None:
    """A stage: beams of coloured light, smoke, a floor that mirrors them."""
    p, rng = c.palette, c.rng
    c.sky(p.near, mix(p.near, p.top, 0.8), mix(p.top, p.middle, 0.5))
    floor = c.ground - c.unit
    smoke = clouds(rng, (c.width, c.height), 2.6, octaves=5, stretch=1.6)
    for index in range(7):
        x = c.width * (index + 0.5) / 7 + rng.uniform(-3, 3) * c.unit
        target = c.x + rng.uniform(-26, 26) * c.unit
        beam = Shape().polygon(
            [
                (x - 0.7 * c.unit, -5),
                (x + 0.7 * c.unit, -5),
                (target + 9 * c.unit, floor),
                (target - 9 * c.unit, floor),
            ]
        )
        colour = rng.choice((p.accent, p.horizon, p.light, p.middle))
        c.fill(beam, mix(colour, p.light, 0.2), alpha=0.26, blur=0.7)
        c.glow(x, 0, 14 * c.unit, colour, strength=0.9)
    c.shade(
        smoke.point(curve(lambda value: max(0, value - 0.35))), mix(p.horizon, p.accent, 0.3), strength=0.6
    )
    bars = Shape()
    count = 46
    for index in range(count):
        x = c.width * (index + 0.5) / count
        tall = (3 + 15 * abs(math.sin(index * 0.7 + c.rng.uniform(0, 0.6))) * rng.uniform(0.4, 1)) * c.unit
        bars.box(x - 0.32 * c.width / count, floor - tall, x + 0.32 * c.width / count, floor)
    c.fill(bars, (p.accent, mix(p.horizon, p.near, 0.4)), alpha=0.55)
    c.fill(Shape().box(0, floor, c.width, c.height), (mix(p.middle, p.near, 0.5), p.near))
    mirror = c.image.crop((0, max(0, int(2 * floor - c.height)), c.width, int(floor))).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    shine = mirror.convert("L").point(curve(lambda value: value * 0.4))
    c.image.paste(mirror, (0, int(floor)), shine)
    c.glow(c.x, floor - 9 * c.unit, 42 * c.unit, p.light, strength=0.7)
    if subject:
        stage(c, subject, floor + 2.5 * c.unit, 14 * c.unit, rim=p.accent)
    c.image = ImageChops.screen(c.image, c.image.point(curve(lambda value: max(0, value - 0.75) * 0.4) * 3))
