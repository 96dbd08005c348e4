"""Above the ground: space and the sea of clouds."""

import math

from PIL import Image, ImageChops, ImageFilter

from samovar.demo.covers.canvas import Canvas, Shape, clouds, curve, ridge
from samovar.demo.covers.palettes import Colour, mix
from samovar.demo.covers.scenes.nature import heavens
from samovar.demo.covers.subjects import oak, stage

_WHITE = (255, 255, 255)


def space(c: Canvas, subject: str | None) -> None:
    """Stars, clouds of gas, a planet half in shadow with its ring, a ship before it."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.top, (0, 0, 0), 0.35), p.top, mix(p.top, p.middle, 0.35))
    size = (c.width, c.height)
    for colour, share in ((p.middle, 0.95), (p.horizon, 0.6), (p.accent, 0.28)):
        gas = clouds(rng, size, rng.uniform(1.4, 2.4), octaves=5, stretch=1.5)
        hole = clouds(rng, size, 1.2, octaves=2)
        cloud = ImageChops.multiply(gas, hole).point(curve(lambda value: max(0, value - 0.16) ** 1.25 * 1.5))
        c.shade(cloud, colour, strength=share)
    stars = Shape()
    for _ in range(260):
        stars.ellipse(
            rng.uniform(0, c.width), rng.uniform(0, c.height), rng.choice((0.09, 0.12, 0.14, 0.2)) * c.unit
        )
    c.fill(stars, mix(p.light, _WHITE, 0.5), alpha=0.85)
    for _ in range(12):
        _star(c, rng.uniform(0, c.width), rng.uniform(0, c.height), rng.uniform(1.5, 4.5) * c.unit)
    side = 1 if rng.random() < 0.5 else -1
    radius = rng.uniform(19, 30) * c.unit if subject else rng.uniform(26, 40) * c.unit
    x, y = c.x + side * rng.uniform(6, 14) * c.unit, c.y - rng.uniform(-6, 8) * c.unit
    planet(c, x, y, radius, side, ring=rng.random() < 0.55)
    planet(c, x - side * radius * 1.7, y - radius * 0.75, radius * 0.17, side, ring=False)
    if subject:
        lower = c.y + 16 * c.unit
        tilt = (
            rng.uniform(0.25, 0.6) * -side if subject in {"fighter", "rocket"} else rng.uniform(-0.15, 0.15)
        )
        shipx = c.x - side * 9 * c.unit
        c.glow(shipx, lower - 6 * c.unit, 24 * c.unit, p.accent, strength=0.5)
        if subject in {"fighter", "rocket"}:
            _engine(c, shipx, lower, tilt)
        stage(
            c,
            subject,
            lower,
            10 * c.unit,
            x=shipx,
            tilt=tilt,
            fill=(mix(p.far, p.light, 0.35), mix(p.near, p.far, 0.25)),
            rim=mix(p.light, _WHITE, 0.4),
        )


def _engine(c: Canvas, x: float, y: float, tilt: float) -> None:
    for step in range(9):
        length = step * 2.1 * c.unit
        c.glow(
            x - math.sin(tilt) * length,
            y + math.cos(tilt) * length - 2 * c.unit,
            (3.6 - 0.3 * step) * c.unit,
            c.palette.accent,
            strength=0.9 - 0.08 * step,
            power=1.4,
        )


def _star(c: Canvas, x: float, y: float, size: float) -> None:
    c.glow(x, y, size, c.palette.light, strength=0.85, power=2.5)
    c.glow(x, y, size * 1.8, c.palette.light, strength=0.8, power=3.5, flat=0.06)
    c.glow(x, y, size * 0.11, c.palette.light, strength=0.8, power=3.5, flat=16)


def planet(c: Canvas, x: float, y: float, radius: float, side: int, *, ring: bool) -> None:
    """Paint a planet lit from one side, with bands of cloud and a rim of air."""
    p, rng = c.palette, c.rng
    c.glow(
        x + side * radius * 0.2,
        y - radius * 0.1,
        radius * 1.55,
        mix(p.horizon, p.light, 0.35),
        strength=0.55,
        power=1.7,
    )
    extent = max(4, round(radius * 2))
    disc = Image.new("RGB", (extent, extent), p.far)
    bands = clouds(rng, disc.size, 5, octaves=4, stretch=rng.choice((1.0, 4.0)))
    disc.paste(
        mix(p.horizon, p.light, 0.35), (0, 0), bands.point(curve(lambda value: max(0, value - 0.3) * 1.3))
    )
    disc.paste(mix(p.accent, p.far, 0.35), (0, 0), bands.point(curve(lambda value: max(0, 0.35 - value) * 2)))
    light = Image.new("L", disc.size)
    big = round(radius * 2.9)
    source = (
        Image.radial_gradient("L")
        .point(curve(lambda value: max(0, 1 - value * 1.35) ** 0.8))
        .resize((big, big))
    )
    light.paste(source, (round(radius * (1 + side * 0.62)) - big // 2, round(radius * 0.62) - big // 2))
    disc = ImageChops.multiply(disc, Image.merge("RGB", (light, light, light)))
    shine = [
        light.point([max(0, round((value - 153) * band / 255)) for value in range(256)]) for band in p.light
    ]
    disc = ImageChops.screen(disc, Image.merge("RGB", shine))
    mask = Shape().ellipse(radius, radius, radius - 1).mask((0, 0, extent, extent))
    if ring:
        _ring(c, x, y, radius, front=False)
    c.image.paste(disc, (round(x - radius), round(y - radius)), mask)
    if ring:
        _ring(c, x, y, radius, front=True)


def _ring(c: Canvas, x: float, y: float, radius: float, *, front: bool) -> None:
    for outer, width, alpha in ((2.05, 0.16, 0.5), (1.82, 0.1, 0.7), (1.66, 0.2, 0.4)):
        shape = Shape()
        for index in range(60):
            angle, following = math.pi * index / 60, math.pi * (index + 1.15) / 60
            if not front:
                angle, following = angle + math.pi, following + math.pi
            corners = []
            for turn, reach in (
                (angle, outer),
                (following, outer),
                (following, outer - width),
                (angle, outer - width),
            ):
                px, py = math.cos(turn) * reach * radius, math.sin(turn) * reach * radius * 0.26
                corners.append((x + px - py * 0.55, y + py + px * -0.22))
            shape.polygon(corners)
        c.fill(shape, mix(c.palette.light, c.palette.horizon, 0.4), alpha=alpha)


def skies(c: Canvas, subject: str | None) -> None:
    """A sea of clouds with floating islands."""
    p, rng = c.palette, c.rng
    heavens(c, (c.ground + 6 * c.unit) / c.height, cover=0.4, sun=6)
    for layer in range(4):
        part = layer / 3
        y = c.ground + (9 * layer - 16) * c.unit
        if layer in {1, 2}:
            for _ in range(2):
                x = rng.uniform(0.05, 0.95) * c.width
                if abs(x - c.x) > 30 * c.unit or not subject:
                    island(
                        c,
                        x,
                        y - rng.uniform(4, 22) * c.unit,
                        (4 + 5 * part) * c.unit,
                        mix(p.far, p.horizon, 0.5 - 0.35 * part),
                    )
        _bank(c, y, part)
        if layer == 2 and subject:
            top = c.y + 6 * c.unit
            c.glow(c.x, top - 6 * c.unit, 38 * c.unit, p.light, strength=0.5)
            if subject not in {"airship", "plane", "bird", "fighter"}:
                island(c, c.x, top, 17 * c.unit, mix(p.far, p.near, 0.25))
                stage(c, subject, top + 0.8 * c.unit, 11 * c.unit)
            else:
                stage(c, subject, top + 10 * c.unit, 15 * c.unit, tilt=rng.uniform(-0.12, 0.12))


def _bank(c: Canvas, y: float, part: float) -> None:
    rng, p = c.rng, c.palette
    puffs = Shape()
    x = -5 * c.unit
    while x < c.width + 9 * c.unit:
        radius = rng.uniform(3, 8) * (0.6 + part) * c.unit
        puffs.ellipse(x, y + rng.uniform(0, 5) * c.unit, radius * 1.25, radius)
        x += radius * 0.8
    puffs.box(0, y + 5 * c.unit, c.width, y + 30 * c.unit)
    white = mix(mix(p.horizon, p.light, 0.55), _WHITE, 0.15 + 0.25 * part)
    c.fill(puffs, (white, mix(p.horizon, p.middle, 0.35 + 0.3 * part)), alpha=0.92, blur=0.5 + 0.3 * part)


def island(c: Canvas, x: float, y: float, half: float, rock: Colour) -> None:
    """Paint an island that floats: grass above, rock that narrows below."""
    rng, p = c.rng, c.palette
    under = [
        (
            x + half * (1 - 2 * index / 14),
            y + half * (1.35 * math.sin(math.pi * index / 14) ** 1.4 * rng.uniform(0.75, 1.15)),
        )
        for index in range(1, 14)
    ]
    c.fill(
        Shape().polygon([(x - half, y), (x + half, y), *under]),
        (mix(rock, p.light, 0.2), mix(rock, p.near, 0.65)),
    )
    top = [
        (
            x - half * 1.05 + half * 2.1 * index / 16,
            y - half * 0.16 * math.sin(math.pi * index / 16) - rng.uniform(0, 0.05) * half,
        )
        for index in range(17)
    ]
    c.fill(
        Shape().polygon([*top, (x + half, y + half * 0.14), (x - half, y + half * 0.14)]),
        (mix(p.accent, p.light, 0.4), mix(rock, p.accent, 0.25)),
    )
    trees = Shape()
    for _ in range(4):
        oak(trees, x + rng.uniform(-0.8, 0.8) * half, y, half * rng.uniform(0.3, 0.6), rng)
    c.fill(trees, (mix(rock, p.light, 0.25), mix(rock, p.near, 0.5)))


def storm(c: Canvas, subject: str | None) -> None:
    """Dark towers of cloud with lightning; what flies is small before them."""
    p, rng = c.palette, c.rng
    c.sky(p.top, mix(p.top, p.middle, 0.6), p.horizon, p.far)
    for share in (0.9, 0.6):
        mass = clouds(rng, (c.width, c.height), 2.4, octaves=6, stretch=1.8)
        c.cover(
            mass.point(curve(lambda value: max(0, value - 0.35) * 1.5)),
            (mix(p.middle, p.light, 0.25 * share), mix(p.near, p.top, 0.5)),
            alpha=0.85,
        )
    x, y = c.x + rng.uniform(-26, 26) * c.unit, 0.0
    bolt = [(x, y)]
    while y < c.height * 0.75:
        x, y = x + rng.uniform(-4, 4) * c.unit, y + rng.uniform(2, 5) * c.unit
        bolt.append((x, y))
    c.glow(bolt[len(bolt) // 2][0], c.height * 0.35, 60 * c.unit, p.light, strength=0.6)
    c.fill(Shape().line(bolt, 1.4 * c.unit), p.accent, alpha=0.6, blur=0.9)
    c.fill(Shape().line(bolt, 0.4 * c.unit), mix(p.light, _WHITE, 0.6))
    line = [(px, c.height * 0.86 + h * 5 * c.unit) for px, h in ridge(rng, c.width, rough=0.5)]
    c.fill(
        Shape().polygon([*line, (c.width, c.height), (0, c.height)]), (p.near, mix(p.near, (0, 0, 0), 0.4))
    )
    if subject:
        c.glow(c.x, c.y, 32 * c.unit, p.light, strength=0.5)
        stage(c, subject, c.y + 12 * c.unit, 14 * c.unit, tilt=rng.uniform(-0.15, 0.15))
    rain = Shape()
    for _ in range(90):
        px, py, length = rng.uniform(0, c.width * 1.1), rng.uniform(0, c.height), rng.uniform(2, 5) * c.unit
        rain.line([(px, py), (px - length * 0.3, py + length)], 0.12 * c.unit)
    c.fill(rain, p.light, alpha=0.28)
    c.image = ImageChops.soft_light(c.image, c.image.filter(ImageFilter.BoxBlur(2)))
