"""Bright and small: a world of large pixels, glossy balls."""

import math

from PIL import Image, ImageDraw

from samovar.demo.covers.canvas import Canvas, Shape, ridge
from samovar.demo.covers.palettes import Colour, mix
from samovar.demo.covers.subjects import oak, pine, silhouette, stage

_WHITE = (255, 255, 255)
_BAYER = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))


def pixels(c: Canvas, subject: str | None) -> None:
    """A landscape in large pixels: a dithered sky, hills, trees, platforms."""
    p, rng = c.palette, c.rng
    dot = max(2, round(c.unit * 0.72))
    width, height = math.ceil(c.width / dot), math.ceil(c.height / dot)
    small = Canvas((width, height), p, rng, focus=(c.x / c.width, c.y / c.height), view=c.view)
    small.image = _dithered(
        width, height, (p.top, mix(p.top, p.middle, 0.5), p.middle, mix(p.middle, p.horizon, 0.6), p.horizon)
    )
    pen = ImageDraw.Draw(small.image)
    x, y = small.x + rng.uniform(-14, 14), height * 0.3
    for radius, colour in (
        (11, mix(p.middle, p.light, 0.35)),
        (8, mix(p.horizon, p.light, 0.6)),
        (6, p.light),
    ):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    for _ in range(5):
        left, top = rng.uniform(0, width), rng.uniform(0.06, 0.4) * height
        for _ in range(4):
            long = rng.uniform(5, 13)
            across, down = left + rng.uniform(-8, 8), top + rng.randrange(-2, 3)
            pen.rectangle((across, down, across + long, down + 2), fill=mix(p.light, p.horizon, 0.25))
    for layer in range(3):
        part = layer / 2
        colour = mix(mix(p.far, p.horizon, 0.5 * (1 - part)), p.near, 0.55 * part)
        base = _level(small) + 9 * layer - 20
        line = [
            (px, round((base + h * (9 - 2 * layer)) / 2) * 2)
            for px, h in ridge(rng, width, rough=0.5, steps=5)
        ]
        trees = Shape()
        for px, py in line[1:-1]:
            if rng.random() < 0.55 and abs(px - small.x) > 15:
                (pine if layer % 2 else oak)(trees, px, py + 2, rng.uniform(6, 11) * (0.6 + 0.5 * part), rng)
        _hard(small, trees, mix(colour, p.near, 0.35))
        _hard(small, Shape().polygon([*line, (width, height), (0, height)]), colour)
        _hard(
            small,
            Shape().polygon([*line, *[(px, py + 2) for px, py in reversed(line)]]),
            mix(colour, p.light, 0.4),
        )
    _platforms(small, width, height)
    if subject:
        ground = _level(small)
        rim, dark = mix(p.light, p.accent, 0.3), mix(p.near, p.far, 0.1)
        _hard(small, silhouette(subject, small.x, ground, 15, grow=1), rim)
        _hard(small, silhouette(subject, small.x, ground, 15), dark)
    c.image = small.image.resize((width * dot, height * dot), Image.Resampling.NEAREST).crop(
        (0, 0, c.width, c.height)
    )


def _level(c: Canvas) -> int:
    """Return the row of the ground."""
    return round(c.y + 20)


def _dithered(width: int, height: int, stops: tuple[Colour, ...]) -> Image.Image:
    rows = []
    for y in range(height):
        place = y / height * (len(stops) - 1) / 0.85
        for x in range(4):
            index = min(len(stops) - 1, int(place + _BAYER[y % 4][x] / 16))
            rows.append(stops[index])
    strip = Image.new("RGB", (4, height))
    strip.putdata(rows)
    sky = Image.new("RGB", (width, height))
    for left in range(0, width, 4):
        sky.paste(strip, (left, 0))
    return sky


def _hard(c: Canvas, shape: Shape, colour: Colour) -> None:
    """Fill a shape without soft edges."""
    box = shape.bounds(c.width, c.height)
    if box:
        c.cover(
            shape.mask(box).point([255 if value > 110 else 0 for value in range(256)]),
            colour,
            (box[0], box[1]),
        )


def _platforms(c: Canvas, width: int, height: int) -> None:
    p, rng = c.palette, c.rng
    pen = ImageDraw.Draw(c.image)
    ground = _level(c)
    pen.rectangle((0, ground, width, height), fill=mix(p.near, p.far, 0.35))
    pen.rectangle((0, ground, width, ground + 2), fill=mix(p.accent, p.light, 0.15))
    for x in range(0, width, 6):
        for y in range(ground + 5, height, 5):
            pen.rectangle(
                (x + (y % 2) * 3, y, x + 3 + (y % 2) * 3, y + 2),
                fill=mix(p.near, p.far, 0.12 + 0.2 * rng.random()),
            )
    for _ in range(4):
        left, top, long = rng.randrange(0, width), ground - rng.randrange(12, 34), rng.randrange(10, 20)
        if abs(left + long / 2 - c.x) < 26:
            continue
        pen.rectangle((left, top, left + long, top + 3), fill=mix(p.near, p.far, 0.4))
        pen.rectangle((left, top, left + long, top), fill=mix(p.accent, p.light, 0.2))
        for coin in range(3):
            pen.rectangle((left + 2 + coin * 5, top - 6, left + 4 + coin * 5, top - 3), fill=p.accent)


def orbs(c: Canvas, subject: str | None) -> None:
    """Glossy balls, near and far, some of them soap bubbles."""
    p, rng = c.palette, c.rng
    c.sky(p.top, p.middle, mix(p.middle, p.horizon, 0.7))
    c.glow(c.x, c.y - 10 * c.unit, 85 * c.unit, p.light, strength=0.6, power=1.5)
    inks = (p.accent, p.horizon, p.far, mix(p.light, p.horizon, 0.3), mix(p.accent, p.middle, 0.5))
    for layer in range(3):
        part = layer / 2
        for _ in range(13 - 3 * layer):
            x, y = rng.uniform(-0.03, 1.03) * c.width, rng.uniform(0, 1) * c.height
            radius = (2 + 5.5 * part) * c.unit * rng.uniform(0.6, 1.5)
            if math.hypot(x - c.x, y - c.y) > 19 * c.unit + radius:
                orb(
                    c, x, y, radius, mix(rng.choice(inks), p.middle, 0.45 * (1 - part)), soft=0.7 * (1 - part)
                )
    big = 18 * c.unit
    orb(c, c.x, c.y, big, p.accent, soft=0)
    if subject:
        stage(
            c,
            subject,
            c.y + 9.5 * c.unit,
            9 * c.unit,
            fill=(mix(p.near, p.top, 0.3), p.near),
            rim=mix(p.light, _WHITE, 0.4),
        )
        c.fill(
            Shape().ellipse(c.x - big * 0.36, c.y - big * 0.5, big * 0.34, big * 0.18),
            _WHITE,
            alpha=0.55,
            blur=0.8,
        )


def orb(c: Canvas, x: float, y: float, radius: float, colour: Colour, *, soft: float) -> None:
    """Paint a ball: its shadow side, its lit side, the window it mirrors."""
    p = c.palette
    c.fill(
        Shape().ellipse(x + radius * 0.12, y + radius * 0.3, radius * 1.02), p.near, alpha=0.35, blur=1 + soft
    )
    c.fill(Shape().ellipse(x, y, radius), (mix(colour, p.light, 0.15), mix(colour, p.near, 0.6)), blur=soft)
    c.glow(
        x - radius * 0.25,
        y - radius * 0.3,
        radius * 0.95,
        mix(colour, p.light, 0.6),
        strength=0.75,
        power=1.3,
    )
    c.glow(
        x + radius * 0.2, y + radius * 0.55, radius * 0.5, mix(colour, p.accent, 0.4), strength=0.5, power=1.5
    )
    c.fill(
        Shape().ellipse(x - radius * 0.34, y - radius * 0.44, radius * 0.26, radius * 0.16),
        _WHITE,
        alpha=0.8,
        blur=0.15 + soft,
    )
