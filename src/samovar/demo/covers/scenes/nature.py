"""Land under an open sky: mountains, forest, fields, snow, dunes."""

import math

from PIL import Image, ImageChops

from samovar.demo.covers.canvas import Canvas, Shape, clouds, curve, ridge
from samovar.demo.covers.palettes import Colour, mix
from samovar.demo.covers.subjects import oak, pine, stage

_WHITE = (255, 255, 255)


def heavens(c: Canvas, horizon: float, *, cover: float = 0.5, sun: float = 7.0) -> None:
    """Paint the sky with its clouds, and the sun behind the focus.

    Args:
        c: The picture.
        horizon: Where the sky ends, in parts of the height.
        cover: How much of the sky the clouds take.
        sun: The radius of the sun in units; 0 for none.
    """
    p = c.palette
    c.sky(p.top, p.middle, mix(p.middle, p.horizon, 0.6), p.horizon, bottom=horizon + 0.05)
    x = c.x + c.rng.uniform(-6, 6) * c.unit
    y = c.height * horizon - c.rng.uniform(10, 26) * c.unit
    c.glow(x, y, 75 * c.unit, p.light, strength=0.55, power=2.2)
    if cover:
        veil = clouds(c.rng, (c.width, c.height), 3, stretch=3.2)
        veil = veil.point(curve(lambda value: max(0, value - (1 - cover)) * 1.6))
        fade = _fall(c, horizon)
        c.cover(ImageChops.multiply(veil, fade), mix(p.horizon, _WHITE, 0.25), alpha=0.75)
    if sun:
        c.glow(x, y, sun * 3.4 * c.unit, p.light, strength=0.8, power=1.5)
        c.fill(
            Shape().ellipse(x, y, sun * c.unit),
            (mix(p.light, _WHITE, 0.5), mix(p.light, p.accent, 0.25)),
            blur=0.12,
        )


def _fall(c: Canvas, horizon: float) -> Image.Image:
    """Return a mask that is brightest in the middle of the sky."""
    strip = Image.new("L", (1, 64))
    strip.putdata(
        [round(255 * max(0, 1 - abs(row / 64 - horizon * 0.55) / (horizon * 0.75))) for row in range(64)]
    )
    return strip.resize((c.width, c.height), Image.Resampling.BILINEAR)


def land(
    c: Canvas,
    y: float,
    height: float,
    fill: tuple[Colour, Colour],
    *,
    rough: float,
    lit: float = 0.0,
    steps: int = 7,
) -> list[tuple[float, float]]:
    """Fill everything below a ridge, and return the ridge.

    Args:
        c: The picture.
        y: The middle height of the ridge, pixels.
        height: How far it swings, pixels.
        fill: The colour of its upper edge and of the bottom.
        rough: From 0.3, soft hills, to 0.6, broken rocks.
        lit: How strongly the light touches its edge.
        steps: How fine its line is.
    """
    line = [(x, y + h * height) for x, h in ridge(c.rng, c.width, rough=rough, steps=steps)]
    bottom = min(c.height + 2.0, y + max(height * 3, c.height * 0.5))
    if lit:
        edge = [(x, top - 0.28 * c.unit) for x, top in line]
        c.fill(Shape().polygon([*edge, (c.width, bottom), (0, bottom)]), mix(fill[0], c.palette.light, lit))
    c.fill(Shape().polygon([*line, (c.width, bottom), (0, bottom)]), fill)
    if bottom < c.height:
        c.image.paste(fill[1], (0, int(bottom), c.width, c.height))
    return line


def at(line: list[tuple[float, float]], x: float) -> float:
    """Return the height of a ridge at a place."""
    return min(line, key=lambda point: abs(point[0] - x))[1]


def mountains(c: Canvas, subject: str | None) -> None:
    """Ridges that fade into the distance, mist between them, something on the nearest rock."""
    p, rng = c.palette, c.rng
    horizon = (c.ground - 3 * c.unit) / c.height
    heavens(c, horizon, cover=0.5)
    layers = 4
    for layer in range(layers):
        part = layer / (layers - 1)
        colour = mix(mix(p.far, p.horizon, 0.5 * (1 - part)), p.near, part * 0.75)
        y = c.ground + (7.5 * layer - 18 + rng.uniform(-2, 2)) * c.unit
        land(
            c,
            y,
            (17 - 3 * layer) * c.unit,
            (colour, mix(colour, p.horizon, 0.45)),
            rough=0.52,
            lit=0.3 * (1 - part * 0.5),
        )
        c.mist(y + 13 * c.unit, 12 * c.unit, mix(p.horizon, p.light, 0.2), alpha=0.42 * (1 - part * 0.5))
    ground = c.ground + 9 * c.unit
    hill = [
        (x, ground + h * 3 * c.unit - 9 * c.unit * math.exp(-(((x - c.x) / (26 * c.unit)) ** 2)))
        for x, h in ridge(rng, c.width, rough=0.5)
    ]
    dark = mix(p.near, p.far, 0.12)
    if subject:
        c.glow(c.x, at(hill, c.x) - 12 * c.unit, 34 * c.unit, p.light, strength=0.5)
        stage(c, subject, at(hill, c.x) + 0.8 * c.unit, 13.5 * c.unit)
    trees = Shape()
    for _ in range(46):
        x = rng.uniform(0, c.width)
        if abs(x - c.x) > 15 * c.unit or not subject:
            pine(trees, x, at(hill, x) + c.unit, rng.uniform(5, 14) * c.unit, rng)
    c.fill(trees, (mix(dark, p.far, 0.1), dark))
    c.fill(Shape().polygon([*hill, (c.width, c.height), (0, c.height)]), (dark, mix(p.near, (0, 0, 0), 0.3)))


def forest(c: Canvas, subject: str | None) -> None:
    """Trunks in ever darker rows, shafts of light, fireflies."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.middle, p.top, 0.4), p.middle, mix(p.horizon, p.light, 0.25), mix(p.horizon, p.far, 0.3))
    c.glow(c.x, c.height * 0.4, 62 * c.unit, p.light, strength=0.95, power=1.6)
    layers = 5
    for layer in range(layers):
        part = layer / (layers - 1)
        colour = mix(mix(p.far, p.horizon, 0.55 * (1 - part)), p.near, part)
        trunks = Shape()
        for _ in range(round(15 - 9 * part)):
            x = rng.uniform(-0.05, 1.05) * c.width
            if part > 0.6 and abs(x - c.x) < 22 * c.unit:
                continue
            half = (0.7 + 3.4 * part**1.7) * c.unit * rng.uniform(0.7, 1.3)
            lean = rng.uniform(-3, 3) * c.unit
            trunks.polygon(
                [
                    (x - half * 1.8, c.height),
                    (x - half + lean, -5),
                    (x + half + lean, -5),
                    (x + half * 1.7, c.height),
                ]
            )
            for _ in range(3):
                y, side, reach = (
                    rng.uniform(0.05, 0.6) * c.height,
                    rng.choice((-1, 1)),
                    rng.uniform(4, 10) * (0.5 + part) * c.unit,
                )
                trunks.polygon(
                    [
                        (x, y + half),
                        (x + side * reach, y - reach * 0.8),
                        (x + side * reach * 0.9, y - reach * 0.9),
                        (x, y - half),
                    ]
                )
        c.fill(trunks, (mix(colour, p.near, 0.35), colour), blur=0 if part > 0.3 else 0.5)
        ground = c.ground + (4.5 * layer - 13) * c.unit
        land(
            c, ground, 2.2 * c.unit, (mix(colour, p.horizon, 0.1), colour), rough=0.55, lit=0.22 * (1 - part)
        )
        c.mist(ground, 15 * c.unit, mix(p.horizon, p.light, 0.35), alpha=0.4 * (1 - part))
        if layer == layers - 2:
            _shafts(c)
            if subject:
                c.glow(c.x, ground - 8 * c.unit, 36 * c.unit, p.light, strength=0.45)
                stage(c, subject, ground + 1.5 * c.unit, 11.5 * c.unit)
    leaves = Shape()
    for _ in range(70):
        side = rng.choice((0, c.width))
        leaves.ellipse(
            side + rng.gauss(0, 18) * c.unit,
            abs(rng.gauss(0, 7)) * c.unit,
            rng.uniform(2, 5) * c.unit,
            rng.uniform(1, 3) * c.unit,
        )
    c.fill(leaves, mix(p.near, (0, 0, 0), 0.2), alpha=0.9)
    fireflies(c, 30)


def fireflies(c: Canvas, count: int) -> None:
    """Scatter small lights."""
    for _ in range(count):
        x, y, radius = (
            c.rng.uniform(0, c.width),
            c.rng.uniform(0.25, 0.95) * c.height,
            c.rng.uniform(0.5, 2.1) * c.unit,
        )
        c.glow(x, y, radius * 1.6, c.palette.accent, strength=0.95, power=1.6)


def _shafts(c: Canvas) -> None:
    shafts = Shape()
    for _ in range(6):
        x, width, lean = (
            c.x + c.rng.uniform(-34, 34) * c.unit,
            c.rng.uniform(1.5, 5) * c.unit,
            c.rng.uniform(10, 22) * c.unit,
        )
        shafts.polygon([(x, -9), (x + width, -9), (x + width * 2.4 - lean, c.height), (x - lean, c.height)])
    c.fill(shafts, mix(c.palette.light, _WHITE, 0.3), alpha=0.16, blur=1.4)


def fields(c: Canvas, subject: str | None) -> None:
    """Rolling hills in stripes, a village, trees in the hedges."""
    p, rng = c.palette, c.rng
    heavens(c, (c.ground - 14 * c.unit) / c.height, cover=0.62, sun=5)
    for layer in range(4):
        part = layer / 3
        colour = mix(mix(p.far, p.horizon, 0.45 * (1 - part)), mix(p.far, p.near, 0.55), part)
        y = c.ground + (9 * layer - 19) * c.unit
        line = land(
            c, y, (6 + 2 * layer) * c.unit, (mix(colour, p.light, 0.28), colour), rough=0.3, lit=0.35, steps=6
        )
        _furrows(c, line, y, part)
        trees = Shape()
        for _ in range(9):
            x = rng.uniform(0, c.width)
            if layer < 3 or abs(x - c.x) > 20 * c.unit:
                oak(trees, x, at(line, x) + c.unit, (3 + 7 * part) * c.unit * rng.uniform(0.7, 1.3), rng)
        dark = mix(p.near, colour, 0.45 - 0.3 * part)
        c.fill(trees, (mix(dark, p.light, 0.2), dark))
        if layer == 2 and subject:
            ground = at(line, c.x)
            c.glow(c.x, ground - 8 * c.unit, 32 * c.unit, p.light, strength=0.35)
            stage(
                c,
                subject,
                ground + 1.2 * c.unit,
                12.5 * c.unit,
                fill=(mix(p.near, p.accent, 0.3), mix(p.near, p.far, 0.1)),
            )


def _furrows(c: Canvas, line: list[tuple[float, float]], y: float, part: float) -> None:
    """Draw rows of a field that run together far away."""
    rng = c.rng
    rows = Shape()
    middle = rng.uniform(0.1, 0.9) * c.width
    spread = c.width * rng.uniform(0.25, 0.4)
    for row in range(-7, 8):
        near = middle + row * spread * 0.16 * 1.9
        far = middle + row * spread * 0.16
        far = min(max(far, 0), c.width)
        rows.line(
            [(far, at(line, far) + 0.8 * c.unit), (near, y + (16 + 14 * part) * c.unit)],
            (0.35 + 0.6 * part) * c.unit,
        )
    c.fill(rows, mix(c.palette.near, c.palette.far, 0.4), alpha=0.22)


def snow(c: Canvas, subject: str | None) -> None:
    """A white slope with tracks, conifers under snow, northern lights, falling flakes."""
    p, rng = c.palette, c.rng
    heavens(c, (c.ground - 5 * c.unit) / c.height, cover=0, sun=0 if c.palette.top[2] < 90 else 5)
    for band in range(3):
        veil = clouds(rng, (c.width, c.height), 1.2, octaves=2, stretch=1.4).point(
            curve(lambda value: max(0, 1 - abs(value - 0.5) * 9))
        )
        c.shade(
            ImageChops.multiply(veil, _fall(c, 0.42 + 0.1 * band)),
            mix(p.horizon, p.accent, 0.35 * band),
            strength=0.4,
        )
    white = mix(p.light, p.horizon, 0.12)
    for layer in range(3):
        part = layer / 2
        colour = mix(p.far, white, 0.25 + 0.4 * part)
        y = c.ground + (8 * layer - 18) * c.unit
        line = land(
            c,
            y,
            (13 - 4 * layer) * c.unit,
            (mix(colour, white, 0.6), mix(colour, p.far, 0.4)),
            rough=0.5 - 0.06 * layer,
            lit=0.7,
        )
        trees = Shape()
        for _ in range(34):
            x = rng.uniform(0, c.width)
            if layer < 2 or abs(x - c.x) > 20 * c.unit:
                pine(trees, x, at(line, x) + c.unit, (3.5 + 8 * part) * c.unit * rng.uniform(0.7, 1.4), rng)
        c.fill(trees, (mix(p.near, white, 0.55 - 0.25 * part), mix(p.near, p.far, 0.5 - 0.4 * part)))
    ground = c.ground
    slope = land(c, ground, 4 * c.unit, (white, mix(p.far, white, 0.45)), rough=0.35, lit=0.9)
    tracks = Shape()
    for side in (-1.0, 1.0):
        tracks.line(
            [
                (
                    c.x + side * c.unit + 12 * c.unit * math.sin(step / 5) * (step / 14),
                    ground + step * c.unit * 1.2,
                )
                for step in range(16)
            ],
            0.5 * c.unit,
        )
    c.fill(tracks, mix(p.far, p.near, 0.3), alpha=0.5)
    if subject:
        c.glow(c.x, at(slope, c.x) - 8 * c.unit, 30 * c.unit, p.light, strength=0.4)
        stage(
            c,
            subject,
            at(slope, c.x) + c.unit,
            10.5 * c.unit,
            rim=_WHITE,
            fill=(mix(p.near, p.accent, 0.3), p.near),
        )
    flakes = Shape()
    for _ in range(110):
        flakes.ellipse(rng.uniform(0, c.width), rng.uniform(0, c.height), rng.uniform(0.12, 0.55) * c.unit)
    c.fill(flakes, _WHITE, alpha=0.75, blur=0.12)


def dunes(c: Canvas, subject: str | None) -> None:
    """Waves of sand under a large sun."""
    p, rng = c.palette, c.rng
    heavens(c, (c.ground - 10 * c.unit) / c.height, cover=0.35, sun=13)
    c.mist(c.ground - 11 * c.unit, 10 * c.unit, p.horizon, alpha=0.6)
    for layer in range(5):
        part = layer / 4
        colour = mix(mix(p.far, p.horizon, 0.55 * (1 - part)), p.near, part * 0.6)
        y = c.ground + (5.5 * layer - 17) * c.unit
        phase, length = rng.uniform(0, 6), rng.uniform(0.7, 1.3) * c.width / 5
        crest = [
            (
                x,
                y
                + 4.5
                * c.unit
                * (math.sin(x / length + phase) + 0.4 * math.sin(2.3 * x / length + phase * 2)),
            )
            for x in range(0, c.width + 9, 8)
        ]
        if layer == 3 and subject:
            c.glow(c.x, y - 9 * c.unit, 36 * c.unit, p.light, strength=0.4)
            stage(c, subject, y + 2.5 * c.unit, 13 * c.unit)
        c.fill(
            Shape().polygon(
                [(x, top - 0.35 * c.unit) for x, top in crest] + [(c.width, c.height), (0, c.height)]
            ),
            mix(colour, p.light, 0.55),
        )
        c.fill(
            Shape().polygon([*crest, (c.width, c.height), (0, c.height)]),
            (mix(colour, p.light, 0.16), mix(colour, p.near, 0.45)),
        )
        shadow = [(x, top + max(0, math.cos(x / length + phase)) * 7 * c.unit) for x, top in crest]
        c.fill(Shape().polygon([*crest, *reversed(shadow)]), mix(colour, p.near, 0.6), alpha=0.5, blur=0.25)
