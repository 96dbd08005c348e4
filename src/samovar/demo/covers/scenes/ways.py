"""Ways into the depth: a road, a corridor, a vault under the ground."""

import math

from samovar.demo.covers.canvas import Canvas, Point, Shape, clouds, curve
from samovar.demo.covers.palettes import mix
from samovar.demo.covers.scenes.nature import heavens, land
from samovar.demo.covers.subjects import pine, stage

_WHITE = (255, 255, 255)


def road(c: Canvas, subject: str | None) -> None:
    """A road that runs to the horizon; something drives away on it."""
    p, rng = c.palette, c.rng
    horizon = (c.ground - 11 * c.unit) / c.height
    heavens(c, horizon, cover=0.45, sun=9)
    y = c.height * horizon
    land(
        c,
        y - 2 * c.unit,
        8 * c.unit,
        (mix(p.far, p.horizon, 0.35), mix(p.far, p.horizon, 0.5)),
        rough=0.5,
        lit=0.3,
    )
    c.fill(Shape().box(0, y, c.width, c.height), (mix(p.far, p.horizon, 0.35), mix(p.far, p.near, 0.7)))
    bend = rng.choice((-1, 1)) * rng.uniform(8, 20) * c.unit
    asphalt, lines, edges = Shape(), Shape(), Shape()

    def across(part: float) -> tuple[float, float, float]:
        depth = part**2.2
        middle = c.x + bend * (1 - part) ** 2 + (c.width * 0.5 - c.x) * depth * 0.5
        return middle, y + (c.height - y + 2) * depth, (0.5 + 34 * depth) * c.unit

    steps = [across(step / 40) for step in range(41)]
    asphalt.polygon(
        [(x - half, h) for x, h, half in steps] + [(x + half, h) for x, h, half in reversed(steps)]
    )
    for one, other in zip(steps[::2], steps[1::2], strict=False):
        for side, width in ((0.0, 0.025), (-0.93, 0.03), (0.93, 0.03)):
            target = lines if not side else edges
            pair = (
                ((one[0], one[1], one[2]), (other[0], other[1], other[2]))
                if not side
                else ((one[0], one[1], one[2]), (steps[min(len(steps) - 1, steps.index(other) + 1)]))
            )
            (x1, y1, h1), (x2, y2, h2) = pair
            target.polygon(
                [
                    (x1 + h1 * (side - width), y1),
                    (x1 + h1 * (side + width), y1),
                    (x2 + h2 * (side + width), y2),
                    (x2 + h2 * (side - width), y2),
                ]
            )
    c.fill(asphalt, (mix(p.near, p.horizon, 0.5), mix(p.near, p.top, 0.3)))
    c.fill(edges, mix(p.light, _WHITE, 0.3), alpha=0.75)
    c.fill(lines, mix(p.accent, p.light, 0.4), alpha=0.9)
    roadside = Shape()
    for _ in range(40):
        middle, h, half = across(rng.uniform(0.12, 0.9))
        side = rng.choice((-1, 1))
        x = middle + side * (half * rng.uniform(1.35, 3.2) + 3 * c.unit)
        pine(roadside, x, h, (1.5 + (h - y) * 0.25 / c.unit) * c.unit * rng.uniform(0.8, 1.5), rng)
    c.fill(roadside, (mix(p.near, p.far, 0.5), p.near))
    c.mist(y, 7 * c.unit, mix(p.horizon, p.light, 0.3), alpha=0.5)
    if subject:
        middle, h, _ = across(0.72)
        _vehicle(c, subject, middle, h)


def _vehicle(c: Canvas, subject: str, middle: float, h: float) -> None:
    p = c.palette
    c.fill(Shape().ellipse(middle, h, 13 * c.unit, 1.8 * c.unit), p.near, alpha=0.7, blur=0.8)
    stage(
        c,
        subject,
        h + 0.5 * c.unit,
        11 * c.unit,
        x=middle,
        fill=(mix(p.accent, p.near, 0.2), mix(p.near, p.accent, 0.15)),
        rim=mix(p.light, _WHITE, 0.4),
    )
    for side in (-0.85, 0.85):
        c.glow(middle + side * 10 * c.unit, h - 3.4 * c.unit, 5 * c.unit, p.accent, strength=0.9)


def arena(c: Canvas, subject: str | None) -> None:
    """A corridor of another age: ribs of metal and light to a bright end."""
    p, rng = c.palette, c.rng
    c.sky(p.near, mix(p.near, p.top, 0.6), p.near)
    sides = rng.choice((4, 6, 8))
    turn = math.pi / sides
    rings = 13

    def corner(index: int, part: float) -> Point:
        angle = 2 * math.pi * index / sides + turn
        reach = (5 + 95 * part**2.4) * c.unit
        return c.x + math.cos(angle) * reach * 1.25, c.y + math.sin(angle) * reach

    for ring in range(rings, 0, -1):
        part, inner = ring / rings, (ring - 1) / rings
        for index in range(sides):
            facing = 0.5 + 0.5 * math.sin(2 * math.pi * (index + 0.5) / sides + turn)
            colour = mix(
                mix(p.far, p.middle, 0.4 * (1 - part)), p.near, 0.25 + 0.5 * part * facing + 0.2 * (ring % 2)
            )
            colour = mix(colour, p.horizon, 0.55 * (1 - part) ** 2)
            c.fill(
                Shape().polygon(
                    [
                        corner(index, part),
                        corner(index + 1, part),
                        corner(index + 1, inner),
                        corner(index, inner),
                    ]
                ),
                colour,
            )
        outline = [corner(index, inner) for index in range(sides + 1)]
        bright = p.accent if ring % 3 == 0 else mix(p.horizon, p.light, 0.2)
        width = (0.2 + 1.3 * inner**1.5) * c.unit
        if ring % 3 == 0:
            c.fill(Shape().line(outline, width * 2), bright, alpha=0.5, blur=1.1)
        c.fill(Shape().line(outline, width), bright, alpha=0.95 if ring % 3 == 0 else 0.35)
    c.glow(c.x, c.y, 42 * c.unit, p.light, strength=1.0, power=1.9)
    c.glow(c.x, c.y, 90 * c.unit, p.accent, strength=0.35, power=1.6)
    smoke = clouds(rng, (c.width, c.height), 2.4, stretch=1.6).point(curve(lambda value: max(0, value - 0.5)))
    c.shade(smoke, mix(p.horizon, p.accent, 0.3), strength=0.55)
    if subject:
        stage(c, subject, c.y + 16 * c.unit, 13 * c.unit, rim=p.accent)
    for _ in range(26):
        angle, reach = rng.uniform(0, 6.3), rng.uniform(12, 60) * c.unit
        x, y = c.x + math.cos(angle) * reach, c.y + math.sin(angle) * reach
        c.glow(x, y, rng.uniform(0.6, 1.8) * c.unit, rng.choice((p.accent, p.light)), strength=0.9)


def dungeon(c: Canvas, subject: str | None) -> None:
    """Vaults one behind the other, torches on the pillars, somebody in the doorway."""
    p, rng = c.palette, c.rng
    c.sky(p.near, mix(p.near, p.far, 0.35), p.near)
    floor = c.ground - c.unit
    c.glow(c.x, c.y - 2 * c.unit, 30 * c.unit, p.light, strength=0.95, power=1.4)
    for depth in range(5):
        part = depth / 4
        half, spring, crown = (
            (9 + 40 * part**1.5) * c.unit,
            c.y - (7 + 9 * part) * c.unit,
            (9 + 22 * part) * c.unit,
        )
        colour = mix(mix(p.far, p.horizon, 0.35 * (1 - part)), p.near, 0.15 + 0.75 * part)
        base = floor + 15 * part**1.4 * c.unit
        arch = [
            (c.x + half * math.cos(math.pi * step / 20), spring - crown * math.sin(math.pi * step / 20))
            for step in range(21)
        ]
        wall = Shape().box(-4, -4, c.width + 4, c.height + 4)
        wall.polygon([(c.x + half, base), *arch, (c.x - half, base)], cut=True)
        c.fill(wall, (mix(colour, p.near, 0.4), colour))
        _stones(c, arch, half, spring, base, part)
        ground = [
            (c.x - half, base),
            (c.x + half, base),
            (c.x + half * 1.5, base + 9 * c.unit),
            (c.x - half * 1.5, base + 9 * c.unit),
        ]
        c.fill(Shape().polygon(ground), (mix(colour, p.horizon, 0.25), colour), alpha=0.6)
        if depth in {1, 3}:
            for side in (-1, 1):
                torch(c, c.x + side * (half + 2.2 * c.unit), spring + 2 * c.unit, (0.6 + 0.9 * part) * c.unit)
        if depth == 1:
            c.glow(c.x, floor - 5 * c.unit, 24 * c.unit, p.light, strength=0.6)
            if subject:
                stage(c, subject, floor + 2.5 * c.unit, 9.5 * c.unit)
    c.mist(floor + 12 * c.unit, 12 * c.unit, mix(p.horizon, p.accent, 0.3), alpha=0.22)
    for _ in range(24):
        c.glow(
            c.x + rng.gauss(0, 22) * c.unit,
            rng.uniform(0.2, 0.9) * c.height,
            rng.uniform(0.4, 1.2) * c.unit,
            p.accent,
            strength=0.85,
        )


def _stones(c: Canvas, arch: list[Point], half: float, spring: float, base: float, part: float) -> None:
    """Draw the joints of an arch and of the pillars that bear it."""
    joints = Shape()
    thick = (2 + 3.5 * part) * c.unit
    for x, y in arch[::2]:
        reach = math.hypot(x - c.x, y - spring) or 1
        joints.line(
            [(x, y), (x + (x - c.x) / reach * thick, y + (y - spring) / reach * thick)],
            (0.12 + 0.2 * part) * c.unit,
        )
    y = spring
    while y < base:
        y += thick * 0.9
        for side in (-1, 1):
            joints.line(
                [(c.x + side * half, y), (c.x + side * (half + thick), y)], (0.12 + 0.2 * part) * c.unit
            )
    c.fill(joints, c.palette.near, alpha=0.75)
    rim = Shape().line([(x, y - 0.12 * c.unit) for x, y in arch], 0.35 * c.unit)
    c.fill(rim, mix(c.palette.light, c.palette.horizon, 0.5), alpha=0.5 * (1 - part) + 0.15)


def torch(c: Canvas, x: float, y: float, size: float) -> None:
    """Paint a burning torch."""
    p = c.palette
    c.glow(x, y, size * 17, p.accent, strength=0.75, power=2.2)
    c.fill(
        Shape().polygon(
            [
                (x - size * 0.6, y),
                (x + size * 0.6, y),
                (x + size * 0.25, y + size * 5),
                (x - size * 0.25, y + size * 5),
            ]
        ),
        p.near,
    )
    c.fill(
        Shape().polygon(
            [
                (x, y - size * 3.2),
                (x + size * 0.9, y - size * 0.6),
                (x, y + size * 0.3),
                (x - size * 0.9, y - size * 0.6),
            ]
        ),
        (p.accent, mix(p.light, _WHITE, 0.5)),
        blur=0.12,
    )
