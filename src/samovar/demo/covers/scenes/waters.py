"""Water: the open sea and what is below it."""

import math

from PIL import ImageChops

from samovar.demo.covers.canvas import Canvas, Shape, clouds, curve
from samovar.demo.covers.palettes import mix
from samovar.demo.covers.scenes.nature import heavens, land
from samovar.demo.covers.subjects import silhouette, stage

_WHITE = (255, 255, 255)


def sea(c: Canvas, subject: str | None) -> None:
    """Waves to the horizon, the sun's path on them, islands far away."""
    p, rng = c.palette, c.rng
    horizon = c.ground / c.height - 13 * c.unit / c.height + 0.02
    heavens(c, horizon, cover=0.6, sun=6.5)
    y = c.height * horizon
    land(
        c, y - 1.5 * c.unit, 5 * c.unit, (mix(p.far, p.horizon, 0.55), mix(p.far, p.horizon, 0.65)), rough=0.5
    )
    water = mix(p.far, p.top, 0.35)
    c.fill(Shape().box(0, y, c.width, c.height), (mix(p.horizon, water, 0.45), mix(water, p.near, 0.75)))
    glints = Shape()
    for _ in range(150):
        depth = rng.random() ** 1.6
        glints.ellipse(
            c.x + rng.gauss(0, 5 + 16 * depth) * c.unit,
            y + depth * (c.height - y),
            rng.uniform(0.6, 3.6) * (0.3 + depth) * c.unit,
            (0.1 + 0.22 * depth) * c.unit,
        )
    c.fill(glints, mix(p.light, p.horizon, 0.2), alpha=0.7)
    if subject:
        c.glow(c.x, y + 2 * c.unit, 36 * c.unit, p.light, strength=0.4, flat=0.8)
        shadow = Shape().ellipse(c.x, y + 12.5 * c.unit, 17 * c.unit, 1.6 * c.unit)
        c.fill(shadow, p.near, alpha=0.55, blur=0.7)
        stage(c, subject, y + 13 * c.unit, 14 * c.unit)
    for layer in range(6):
        part = (layer + 1) / 6
        base = y + (c.height - y) * (0.12 + 0.82 * part**1.25)
        phase, length = rng.uniform(0, 6), (4 + 15 * part) * c.unit
        crest = []
        for step in range(-4, c.width + 8, 5):
            x = float(step)
            swell = math.sin(x / length + phase) + 0.35 * math.sin(x / length * 2.7 + phase * 3)
            crest.append((x, base + swell * (0.35 + 2.1 * part) * c.unit))
        low = [(x, top + (1.6 + 5 * part) * c.unit) for x, top in crest]
        c.fill(
            Shape().polygon([*crest, *reversed(low)]),
            (mix(water, p.horizon, 0.3), mix(water, p.near, 0.6)),
            alpha=0.55,
        )
        foam = [(x, top + 0.22 * c.unit * part) for x, top in crest]
        c.fill(Shape().polygon([*crest, *reversed(foam)]), mix(p.light, _WHITE, 0.3), alpha=0.5)
    birds = Shape()
    for _ in range(6):
        x, top, size = (
            rng.uniform(0, c.width),
            rng.uniform(0.1, 0.42) * c.height,
            rng.uniform(0.7, 1.7) * c.unit,
        )
        birds.line([(x - size, top - size * 0.5), (x, top), (x + size, top - size * 0.5)], 0.28 * c.unit)
    c.fill(birds, p.near, alpha=0.7)


def abyss(c: Canvas, subject: str | None) -> None:
    """Under water: rays from above, rocks and weed, bubbles, a school of fish."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.horizon, p.light, 0.25), p.horizon, p.middle, mix(p.middle, p.top, 0.7), p.top)
    c.glow(c.x, -5 * c.unit, 95 * c.unit, p.light, strength=0.85, power=1.8)
    rays = Shape()
    for _ in range(11):
        x, spread = c.x + rng.uniform(-45, 45) * c.unit, rng.uniform(-25, 25) * c.unit
        width = rng.uniform(1.5, 5) * c.unit
        rays.polygon(
            [
                (x, -9),
                (x + width, -9),
                (x + spread + width * 2.6, c.height * 0.9),
                (x + spread, c.height * 0.9),
            ]
        )
    c.fill(rays, p.light, alpha=0.14, blur=1.8)
    light = clouds(rng, (c.width, c.height), 7, octaves=2, stretch=2).point(
        curve(lambda value: max(0, 1 - abs(value - 0.5) * 14) ** 2)
    )
    top = clouds(rng, (c.width, c.height), 1, octaves=1)
    c.shade(ImageChops.multiply(light, top), p.light, strength=0.22)
    for layer in range(3):
        part = layer / 2
        colour = mix(mix(p.middle, p.far, 0.5), p.near, 0.25 + 0.7 * part)
        y = c.ground + (6 * layer - 2) * c.unit
        if layer == 2 and subject:
            c.glow(c.x, c.y, 42 * c.unit, mix(p.light, p.accent, 0.3), strength=0.55)
            stage(c, subject, c.y + 9 * c.unit, 14 * c.unit)
            c.glow(c.x + 13 * c.unit, c.y + 1.5 * c.unit, 9 * c.unit, p.accent, strength=0.9)
        land(c, y, 9 * c.unit, (mix(colour, p.horizon, 0.12), colour), rough=0.55, lit=0.25 * (1 - part))
        weeds = Shape()
        for _ in range(14):
            x, tall, phase = (
                rng.uniform(0, c.width),
                (6 + 12 * part) * c.unit * rng.uniform(0.5, 1.2),
                rng.uniform(0, 6),
            )
            weeds.line(
                [
                    (x + math.sin(step / 2 + phase) * 0.8 * c.unit, y + 4 * c.unit - tall * step / 9)
                    for step in range(10)
                ],
                (0.5 + 0.5 * part) * c.unit,
            )
        c.fill(weeds, (mix(colour, p.accent, 0.22), colour))
    _living(c)
    if not subject or c.view:
        c.fill(
            silhouette("whale", c.width * rng.uniform(0.2, 0.8), c.height * 0.4, 9 * c.unit),
            mix(p.middle, p.top, 0.5),
            alpha=0.7,
            blur=0.3,
        )


def _living(c: Canvas) -> None:
    """Add a school of fish, and bubbles."""
    p, rng = c.palette, c.rng
    school = Shape()
    left, height = rng.uniform(0.05, 0.5) * c.width, rng.uniform(0.2, 0.45) * c.height
    for _ in range(26):
        x, y, size = (
            left + rng.gauss(0, 11) * c.unit,
            height + rng.gauss(0, 4.5) * c.unit,
            rng.uniform(0.6, 1.2) * c.unit,
        )
        school.ellipse(x, y, size, size * 0.42).polygon(
            [(x - size * 0.7, y), (x - size * 1.5, y - size * 0.45), (x - size * 1.5, y + size * 0.45)]
        )
    c.fill(school, mix(p.top, p.near, 0.4), alpha=0.75)
    for _ in range(26):
        x, y, radius = rng.uniform(0, c.width), rng.uniform(0, c.height), rng.uniform(0.3, 1.3) * c.unit
        c.fill(
            Shape()
            .ellipse(x, y, radius)
            .ellipse(x + radius * 0.12, y + radius * 0.12, radius * 0.82, cut=True),
            p.light,
            alpha=0.6,
        )
