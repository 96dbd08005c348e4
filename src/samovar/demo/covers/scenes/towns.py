"""What people build: a city at night, blocks on a grid, works full of pipes and wheels."""

import math

from samovar.demo.covers.canvas import Canvas, Point, Shape, clouds, curve
from samovar.demo.covers.palettes import Colour, mix
from samovar.demo.covers.subjects import stage

_WHITE = (255, 255, 255)


def city(c: Canvas, subject: str | None) -> None:
    """Rows of towers with lit windows over a wet street."""
    p, rng = c.palette, c.rng
    c.sky(p.top, p.middle, p.horizon, mix(p.horizon, p.light, 0.3), bottom=0.8)
    smoke = clouds(rng, (c.width, c.height), 3, stretch=2.5).point(curve(lambda value: max(0, value - 0.45)))
    c.cover(smoke, p.horizon, alpha=0.6)
    c.glow(c.x, c.height * 0.5, 60 * c.unit, p.light, strength=0.75)
    moon = c.x + rng.uniform(-14, 14) * c.unit
    c.fill(
        Shape().ellipse(moon, c.y - 6 * c.unit, 8 * c.unit),
        (mix(p.light, _WHITE, 0.4), mix(p.light, p.accent, 0.3)),
        alpha=0.95,
        blur=0.1,
    )
    street = c.ground - 4 * c.unit
    for layer in range(4):
        part = layer / 3
        colour = mix(mix(p.far, p.horizon, 0.5 * (1 - part)), p.near, part * 0.85)
        _towers(c, street, colour, part)
        c.mist(street, 22 * c.unit, mix(p.horizon, p.accent, 0.2), alpha=0.34 * (1 - part))
    ground = mix(p.near, (0, 0, 0), 0.2)
    c.fill(Shape().box(0, street, c.width, c.height), (mix(ground, p.horizon, 0.3), ground))
    for _ in range(34):
        x, colour = rng.uniform(0, c.width), rng.choice((p.accent, p.light, p.horizon))
        c.glow(
            x,
            street + rng.uniform(1, 9) * c.unit,
            rng.uniform(2, 5) * c.unit,
            colour,
            strength=0.55,
            flat=rng.uniform(1.5, 4),
        )
    if subject:
        c.glow(c.x, street - 4 * c.unit, 30 * c.unit, p.accent, strength=0.6)
        stage(c, subject, street + 5 * c.unit, 12.5 * c.unit, rim=p.accent)
    rain = Shape()
    for _ in range(70):
        x, y, length = rng.uniform(0, c.width), rng.uniform(0, c.height), rng.uniform(2, 5) * c.unit
        rain.line([(x, y), (x - length * 0.15, y + length)], 0.1 * c.unit)
    c.fill(rain, p.light, alpha=0.3)


def _towers(c: Canvas, street: float, colour: Colour, part: float) -> None:
    rng, p = c.rng, c.palette
    walls, windows, signs = Shape(), Shape(), Shape()
    x = -3 * c.unit
    while x < c.width:
        width = rng.uniform(4, 9) * (0.7 + 0.7 * part) * c.unit
        near_focus = abs(x + width / 2 - c.x) < 20 * c.unit
        tall = rng.uniform(14, 44) * (1 - 0.3 * part) * c.unit * (0.45 if near_focus and part > 0.5 else 1)
        top = street - tall
        walls.box(x, top, x + width, street + c.unit)
        match rng.randrange(4):
            case 0:
                walls.box(x + width * 0.3, top - 2.5 * c.unit, x + width * 0.7, top)
            case 1:
                walls.line([(x + width / 2, top), (x + width / 2, top - 6 * c.unit)], 0.3 * c.unit)
            case 2:
                walls.polygon([(x, top), (x + width, top), (x + width, top - 3 * c.unit)])
            case _:
                pass
        cell = (0.9 + 0.7 * part) * c.unit
        for row in range(int(tall / (cell * 1.6))):
            for place in range(int(width / (cell * 1.3))):
                if rng.random() < 0.3:
                    left, upper = x + cell * (0.4 + place * 1.3), top + cell * (0.6 + row * 1.6)
                    windows.box(left, upper, left + cell * 0.7, upper + cell * 0.9)
        if part > 0.4 and rng.random() < 0.3:
            signs.box(x + width * 0.8, top + 3 * c.unit, x + width * 0.95, top + rng.uniform(6, 11) * c.unit)
        x += width * rng.uniform(0.95, 1.25)
    c.fill(walls, (mix(colour, p.light, 0.06), mix(colour, p.horizon, 0.22 * (1 - part))))
    c.fill(windows, mix(p.light, p.accent, 0.35), alpha=0.35 + 0.45 * part)
    c.fill(signs, p.accent, alpha=0.9)
    c.fill(signs, p.accent, alpha=0.45, blur=1.2)


class Grid:
    """An isometric grid: where a cell of it stands in the picture."""

    def __init__(self, c: Canvas, cell: float) -> None:
        self._c, self.cell = c, cell

    def spot(self, column: float, row: float, height: float = 0) -> Point:
        """Return where a corner of a cell is seen."""
        return (
            self._c.x + (column - row) * self.cell,
            self._c.y + (column + row) * self.cell * 0.5 - height * self.cell,
        )

    def block(
        self,
        column: float,
        row: float,
        height: float,
        colour: Colour,
        *,
        inset: float = 0.0,
        base: float = 0.0,
    ) -> None:
        """Paint a block: its roof in the light, its left side, its right side in the shade."""
        c, p = self._c, self._c.palette
        near, far = 1 - inset, inset
        corners = [
            (column + far, row + far),
            (column + near, row + far),
            (column + near, row + near),
            (column + far, row + near),
        ]
        roof = [self.spot(x, y, base + height) for x, y in corners]
        _, east, south, west = roof
        drop = [self.spot(x, y, base) for x, y in corners]
        c.fill(
            Shape().polygon([west, south, drop[2], drop[3]]),
            (mix(colour, p.near, 0.3), mix(colour, p.near, 0.5)),
        )
        c.fill(
            Shape().polygon([south, east, drop[1], drop[2]]),
            (mix(colour, p.near, 0.55), mix(colour, p.near, 0.75)),
        )
        c.fill(Shape().polygon(roof), (mix(colour, p.light, 0.32), mix(colour, p.light, 0.12)))


def isometric(c: Canvas, subject: str | None) -> None:
    """A small world on a grid seen from above: ground, water, roads, houses, trees."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.top, p.middle, 0.5), mix(p.middle, p.horizon, 0.4), mix(p.top, p.middle, 0.6))
    c.glow(c.x, c.y, 85 * c.unit, p.light, strength=0.55, power=1.5)
    grid = Grid(c, 5.2 * c.unit)
    reach = 7
    wave, turn = rng.uniform(0, 6), rng.uniform(0, 6)
    c.fill(
        Shape().polygon(
            [
                grid.spot(-reach, -reach, -2),
                grid.spot(reach + 1, -reach, -2),
                grid.spot(reach + 1, reach + 1, -2),
                grid.spot(-reach, reach + 1, -2),
            ]
        ),
        p.near,
        alpha=0.5,
        blur=2.5,
    )
    road = rng.randrange(-2, 3)
    for column in range(-reach, reach + 1):
        for row in range(-reach, reach + 1):
            if abs(column) + abs(row) > reach + 3:
                continue
            level = math.sin(column * 0.55 + wave) + math.cos(row * 0.6 + turn)
            _tile(grid, c, (column, row), level, road)
    if subject:
        x, y = grid.spot(0.5, 0.5, 0.3)
        c.glow(x, y - 4 * c.unit, 24 * c.unit, p.light, strength=0.55)
        c.fill(Shape().ellipse(x, y, 10 * c.unit, 2.4 * c.unit), p.near, alpha=0.5, blur=0.8)
        stage(
            c,
            subject,
            y + 1.5 * c.unit,
            10 * c.unit,
            x=x,
            fill=(mix(p.accent, p.near, 0.35), mix(p.near, p.accent, 0.12)),
        )


def _tile(grid: Grid, c: Canvas, place: tuple[int, int], level: float, road: int) -> None:
    p, rng = c.palette, c.rng
    column, row = place
    if level < -0.9:
        grid.block(column, row, 0.12, mix(p.middle, p.accent, 0.12), base=-0.5)
        return
    ground = mix(p.far, p.horizon, min(0.5, max(0.0, level * 0.2 + 0.15)))
    height = 0.35 + 0.28 * max(0, round(level))
    if column == road or row == -road:
        grid.block(column, row, 0.34, mix(p.near, p.horizon, 0.35), base=-0.3)
        return
    grid.block(column, row, height, ground, base=-0.3)
    free = max(abs(column), abs(row)) > 1
    chance = rng.random()
    top = height - 0.3
    if free and chance < 0.2:
        tall = rng.uniform(0.5, 2.1)
        grid.block(
            column,
            row,
            tall,
            rng.choice((p.horizon, p.accent, mix(p.light, p.far, 0.3))),
            inset=0.18,
            base=top,
        )
        x, y = grid.spot(column + 0.5, row + 0.82, top + tall * 0.55)
        c.glow(x - 0.9 * c.unit, y, 1.4 * c.unit, p.accent, strength=0.8)
    elif free and chance < 0.42:
        x, y = grid.spot(column + 0.5, row + 0.5, top)
        size = rng.uniform(1.1, 1.9) * c.unit
        c.fill(
            Shape()
            .ellipse(x, y - size * 1.2, size, size * 1.15)
            .box(x - size * 0.15, y - size * 0.5, x + size * 0.15, y),
            (mix(p.far, p.light, 0.3), mix(p.far, p.near, 0.65)),
        )


def works(c: Canvas, subject: str | None) -> None:
    """Great wheels, pipes and steam, lit by a furnace."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.top, p.near, 0.3), p.middle, mix(p.middle, p.horizon, 0.5), p.top)
    c.glow(c.x, c.height * 0.55, 66 * c.unit, mix(p.horizon, p.light, 0.3), strength=0.95, power=1.5)
    for layer in range(3):
        part = layer / 2
        colour = mix(mix(p.far, p.horizon, 0.3 * (1 - part)), p.near, 0.3 + 0.65 * part)
        for _ in range(4 - layer):
            x, y = rng.uniform(0, c.width), rng.uniform(0.05, 0.8) * c.height
            if part > 0.4 and math.hypot(x - c.x, y - c.y) < 34 * c.unit:
                x = c.x + (38 if x > c.x else -38) * c.unit
            gear(c, x, y, rng.uniform(9, 19) * c.unit * (0.7 + 0.5 * part), colour)
        _pipes(c, colour, part)
        steam = clouds(rng, (c.width, c.height), 2.2, stretch=1.4).point(
            curve(lambda value: max(0, value - 0.5) * 1.3)
        )
        c.cover(steam, mix(p.horizon, p.light, 0.4), alpha=0.4 * (1 - part))
    floor = c.ground
    c.fill(
        Shape().box(0, floor, c.width, c.height), (mix(p.near, p.horizon, 0.22), mix(p.near, (0, 0, 0), 0.3))
    )
    c.fill(Shape().box(0, floor, c.width, floor + 0.35 * c.unit), mix(p.accent, p.light, 0.3), alpha=0.6)
    if subject:
        c.glow(c.x, floor - 10 * c.unit, 36 * c.unit, p.light, strength=0.5)
        stage(c, subject, floor + 0.6 * c.unit, 14 * c.unit)
    for _ in range(40):
        c.glow(
            c.x + rng.gauss(0, 22) * c.unit,
            rng.uniform(0.2, 0.95) * c.height,
            rng.uniform(0.5, 1.4) * c.unit,
            p.accent,
            strength=0.9,
        )


def gear(c: Canvas, x: float, y: float, radius: float, colour: Colour) -> None:
    """Paint a toothed wheel with spokes."""
    teeth, turn = 14, c.rng.uniform(0, 1)
    shape = Shape()
    points = []
    for tooth in range(teeth):
        for step, reach in ((0.0, 0.86), (0.14, 1.0), (0.42, 1.0), (0.56, 0.86)):
            angle = (tooth + step) * 2 * math.pi / teeth + turn
            points.append((x + math.cos(angle) * radius * reach, y + math.sin(angle) * radius * reach))
    shape.polygon(points).ellipse(x, y, radius * 0.62, cut=True).ellipse(x, y, radius * 0.24)
    for spoke in range(5):
        angle = spoke * 2 * math.pi / 5 + turn
        shape.line(
            [(x, y), (x + math.cos(angle) * radius * 0.7, y + math.sin(angle) * radius * 0.7)], radius * 0.13
        )
    shape.ellipse(x, y, radius * 0.09, cut=True)
    c.fill(shape, (mix(colour, c.palette.light, 0.3), mix(colour, c.palette.near, 0.45)))


def _pipes(c: Canvas, colour: Colour, part: float) -> None:
    rng, p = c.rng, c.palette
    for _ in range(3):
        thick = (1.2 + 2.2 * part) * c.unit
        x = rng.uniform(0, c.width)
        if part > 0.4 and abs(x - c.x) < 24 * c.unit:
            continue
        y = rng.uniform(0.1, 0.5) * c.height
        pipe = (
            Shape()
            .box(x - thick, -2, x + thick, y)
            .box(x - thick, y - thick, c.width + 2 if x > c.x else -2, y + thick)
        )
        pipe.box(x - thick * 1.35, y * 0.5, x + thick * 1.35, y * 0.5 + thick)
        c.fill(pipe, (mix(colour, p.light, 0.14), mix(colour, p.near, 0.35)))
        c.fill(
            Shape().box(x - thick * 0.6, 0, x - thick * 0.25, y - thick),
            mix(colour, p.light, 0.5),
            alpha=0.55,
        )
