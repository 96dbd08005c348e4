"""Games that lie on a table: a map of hexagons, cards and dice, shapes and tiles."""

import math

from PIL import ImageChops

from samovar.demo.covers.canvas import Canvas, Point, Shape, clouds, curve
from samovar.demo.covers.palettes import Colour, luminance, mix
from samovar.demo.covers.subjects import pine, silhouette, stage

_WHITE = (255, 255, 255)


def hexes(c: Canvas, subject: str | None) -> None:
    """A map of hexagons seen at a slant: seas, plains, woods, mountains, towns with flags."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.middle, p.top, 0.4), mix(p.middle, p.top, 0.6), p.top)
    size, flat = 6.0 * c.unit, 0.62
    rise = clouds(rng, (64, 64), 4, octaves=3)
    rows = round(c.height / (size * 1.5 * flat)) + 3
    columns = round(c.width / (size * 1.732)) + 2
    places: list[tuple[float, float, float]] = []
    for row in range(-1, rows):
        for column in range(-1, columns):
            x = (column + 0.5 * (row % 2)) * size * 1.732
            y = row * size * 1.5 * flat
            level = rise.getpixel((int(column * 63 / columns) % 64, int(row * 63 / rows) % 64))
            places.append((x, y, (level if isinstance(level, int) else 0) / 255))
    for x, y, level in places:
        _hex(c, (x, y), size, flat, level, near=math.hypot(x - c.x, (y - c.y) / flat) < 13 * c.unit)
    c.glow(c.x, c.y, 60 * c.unit, p.light, strength=0.5)
    if subject:
        c.fill(Shape().ellipse(c.x, c.y + 12 * c.unit, 12 * c.unit, 3 * c.unit), p.near, alpha=0.6, blur=1)
        stage(
            c,
            subject,
            c.y + 13 * c.unit,
            11.5 * c.unit,
            fill=(mix(p.near, p.accent, 0.4), p.near),
            rim=mix(p.light, _WHITE, 0.5),
        )
    shadows = clouds(rng, (c.width, c.height), 1.6, stretch=1.5).point(
        curve(lambda value: max(0, value - 0.55) * 1.1)
    )
    c.cover(shadows, p.near, alpha=0.5)


def _hex(c: Canvas, at: Point, size: float, flat: float, level: float, *, near: bool) -> None:
    p, rng = c.palette, c.rng
    water = level < 0.4 and not near
    lift = 0.0 if water else (0.9 + 2.4 * max(0.0, level - 0.5)) * c.unit
    x, y = at[0], at[1] - lift
    corners = [
        (x + size * 0.97 * math.sin(math.pi * k / 3), y + size * 0.97 * flat * math.cos(math.pi * k / 3))
        for k in range(6)
    ]
    if water:
        colour = mix(mix(p.top, p.middle, 0.65), p.horizon, max(0.0, level - 0.2))
    elif level < 0.6:
        colour = mix(mix(p.far, p.accent, 0.14), p.horizon, 0.3 * rng.random())
    else:
        colour = mix(p.far, p.near, 0.2 + 0.25 * rng.random())
    if lift:
        side = [
            corners[1],
            corners[0],
            corners[5],
            (corners[5][0], corners[5][1] + lift + c.unit),
            (corners[0][0], corners[0][1] + lift + c.unit),
            (corners[1][0], corners[1][1] + lift + c.unit),
        ]
        c.fill(Shape().polygon(side), (mix(colour, p.near, 0.5), mix(colour, p.near, 0.8)))
    c.fill(Shape().polygon(corners), (mix(colour, p.light, 0.2), mix(colour, p.light, 0.06)))
    if near or water:
        return
    chance = rng.random()
    if level > 0.66:
        peak = size * rng.uniform(0.8, 1.2)
        c.fill(
            Shape().polygon(
                [(x - size * 0.62, y + size * 0.2), (x, y - peak), (x + size * 0.62, y + size * 0.2)]
            ),
            (mix(p.light, colour, 0.3), mix(colour, p.near, 0.4)),
        )
        c.fill(
            Shape().polygon(
                [(x, y - peak), (x + size * 0.62, y + size * 0.2), (x + size * 0.1, y + size * 0.2)]
            ),
            p.near,
            alpha=0.35,
        )
    elif level > 0.55 or chance < 0.14:
        trees = Shape()
        for _ in range(5):
            pine(
                trees,
                x + rng.uniform(-0.55, 0.55) * size,
                y + rng.uniform(-0.1, 0.3) * size,
                size * rng.uniform(0.45, 0.75),
                rng,
            )
        c.fill(trees, (mix(p.far, p.near, 0.45), mix(p.near, p.far, 0.15)))
    elif chance < 0.24:
        c.fill(
            silhouette(rng.choice(("house", "castle", "tower")), x, y + size * 0.25, size * 0.42),
            (mix(p.accent, p.light, 0.25), mix(p.accent, p.near, 0.5)),
        )


def cards(c: Canvas, subject: str | None) -> None:
    """A fan of cards on a cloth under a lamp, dice and tokens around it."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.near, p.far, 0.4), mix(p.far, p.middle, 0.4), mix(p.near, p.far, 0.5))
    weave = clouds(rng, (c.width, c.height), 40, octaves=2).point(curve(lambda value: value * 0.5))
    c.shade(weave, p.far, strength=0.28)
    c.glow(c.x, c.y - 8 * c.unit, 80 * c.unit, p.light, strength=0.65, power=1.8)
    count = 5
    for index in (0, 4, 1, 3, 2):
        turn = (index - (count - 1) / 2) * 0.24
        x, y = c.x + math.sin(turn) * 44 * c.unit, c.y + 36 * c.unit - math.cos(turn) * 38 * c.unit
        front = index == count // 2
        _card(c, x, y, turn, 12 * c.unit, subject if front else None, index)
    for _ in range(5):
        x, y = rng.uniform(0.04, 0.96) * c.width, rng.uniform(0.55, 0.96) * c.height
        if abs(x - c.x) > 34 * c.unit:
            die(c, x, y, rng.uniform(3, 4.6) * c.unit, rng.choice((p.accent, p.light, p.horizon)))
    for _ in range(9):
        x, y, radius = (
            rng.uniform(0, c.width),
            rng.uniform(0.1, 0.97) * c.height,
            rng.uniform(1.6, 2.8) * c.unit,
        )
        if abs(x - c.x) > 30 * c.unit:
            _token(c, x, y, radius)


def _token(c: Canvas, x: float, y: float, radius: float) -> None:
    p = c.palette
    colour = c.rng.choice((p.accent, p.horizon, mix(p.light, p.far, 0.3)))
    c.fill(
        Shape().ellipse(x + radius * 0.3, y + radius * 0.6, radius * 1.05, radius * 0.7),
        p.near,
        alpha=0.6,
        blur=0.5,
    )
    c.fill(Shape().ellipse(x, y + radius * 0.28, radius, radius * 0.66), mix(colour, p.near, 0.55))
    c.fill(Shape().ellipse(x, y, radius, radius * 0.66), (mix(colour, _WHITE, 0.2), colour))
    c.fill(
        Shape()
        .ellipse(x, y, radius * 0.66, radius * 0.42)
        .ellipse(x, y, radius * 0.54, radius * 0.34, cut=True),
        mix(colour, p.near, 0.5),
        alpha=0.7,
    )


def _card(c: Canvas, x: float, y: float, turn: float, half: float, subject: str | None, index: int) -> None:
    p = c.palette
    sine, cosine = math.sin(turn), math.cos(turn)

    def spot(px: float, py: float) -> Point:
        return x + (px * cosine - py * sine) * half, y + (px * sine + py * cosine) * half

    def sheet(inset: float) -> list[Point]:
        points = []
        for cx, cy, start in ((1, -1.42, -90), (1, 1.42, 0), (-1, 1.42, 90), (-1, -1.42, 180)):
            sx, sy = math.copysign(1, cx), math.copysign(1, cy)
            for step in range(5):
                angle = math.radians(start + step * 22.5)
                points.append(
                    spot(
                        cx - sx * (0.12 + inset) + 0.12 * math.cos(angle),
                        cy - sy * (0.12 + inset) + 0.12 * math.sin(angle),
                    )
                )
        return points

    c.fill(
        Shape().polygon([(px + 0.8 * c.unit, py + 1.2 * c.unit) for px, py in sheet(0)]),
        (0, 0, 0),
        alpha=0.6,
        blur=1,
    )
    c.fill(Shape().polygon(sheet(0)), (mix(p.light, _WHITE, 0.45), mix(p.light, p.horizon, 0.25)))
    hue = (p.far, p.horizon, p.middle, p.accent, mix(p.far, p.accent, 0.5))[index % 5]
    dark = mix(hue, p.near, 0.5)
    c.fill(Shape().polygon(sheet(0.1)), (mix(hue, p.light, 0.2), dark))
    heart = spot(0, -0.1)
    c.glow(*heart, half * 1.1, p.light, strength=0.55)
    if subject:
        stage(c, subject, spot(0, 0.75)[1], half * 0.66, x=spot(0, 0.75)[0], fill=mix(p.near, hue, 0.15))
    else:
        star = Shape()
        spikes = 4 + index
        ring = [
            spot(
                (0.55 if k % 2 else 0.24) * math.sin(math.pi * k / spikes),
                -0.1 + (0.55 if k % 2 else 0.24) * math.cos(math.pi * k / spikes),
            )
            for k in range(2 * spikes)
        ]
        c.fill(star.polygon(ring), mix(p.light, hue, 0.15), alpha=0.9)
    for px, py in ((-0.74, -1.12), (0.74, 1.12)):
        c.fill(Shape().ellipse(*spot(px, py), half * 0.15), mix(p.light, _WHITE, 0.4))


def die(c: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """Paint a die with three faces in sight."""
    p = c.palette
    c.fill(
        Shape().ellipse(x + size * 0.3, y + size * 1.1, size * 1.3, size * 0.5),
        (0, 0, 0),
        alpha=0.55,
        blur=0.7,
    )
    top = [(x, y - size), (x + size, y - size * 0.5), (x, y), (x - size, y - size * 0.5)]
    left = [(x - size, y - size * 0.5), (x, y), (x, y + size * 1.1), (x - size, y + size * 0.6)]
    right = [(x + size, y - size * 0.5), (x, y), (x, y + size * 1.1), (x + size, y + size * 0.6)]
    c.fill(Shape().polygon(top), mix(colour, _WHITE, 0.35))
    c.fill(Shape().polygon(left), (colour, mix(colour, p.near, 0.35)))
    c.fill(Shape().polygon(right), (mix(colour, p.near, 0.35), mix(colour, p.near, 0.6)))
    dot = p.near if luminance(colour) > 0.4 else _WHITE
    pips = Shape().ellipse(x, y - size * 0.5, size * 0.2, size * 0.1)
    for px, py in ((-0.75, -0.05), (-0.25, 0.65), (0.25, 0.25), (0.5, 0.3), (0.75, 0.35)):
        pips.ellipse(x + px * size, y + py * size, size * 0.09, size * 0.13)
    c.fill(pips, dot, alpha=0.85)


def puzzle(c: Canvas, subject: str | None) -> None:
    """Plain shapes in a strict order, laid over one another like coloured paper."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.top, p.middle, 0.3), mix(p.middle, p.top, 0.5), p.top)
    c.glow(c.x, c.y, 80 * c.unit, p.horizon, strength=0.4, power=1.4)
    cell = 9.5 * c.unit
    inks = (p.accent, p.horizon, p.light, p.far, mix(p.accent, p.horizon, 0.5), p.middle)
    columns, rows = math.ceil(c.width / cell) + 1, math.ceil(c.height / cell) + 1
    left, top = (c.x % cell) - cell * 1.5, (c.y % cell) - cell * 1.5
    for column in range(columns + 1):
        for row in range(rows + 1):
            x, y = left + column * cell, top + row * cell
            distance = math.hypot(x + cell / 2 - c.x, y + cell / 2 - c.y) / c.unit
            if rng.random() < (0.95 - distance / 95) and not (subject and distance < 12):
                _motif(c, x, y, cell, rng.choice(inks))
    if subject:
        c.fill(Shape().ellipse(c.x + c.unit, c.y + 1.6 * c.unit, 17 * c.unit), (0, 0, 0), alpha=0.5, blur=1.6)
        c.fill(
            Shape().ellipse(c.x, c.y, 17 * c.unit), (mix(p.light, _WHITE, 0.3), mix(p.light, p.horizon, 0.35))
        )
        c.fill(
            Shape().ellipse(c.x, c.y, 15 * c.unit), (mix(p.accent, p.light, 0.25), mix(p.accent, p.far, 0.3))
        )
        stage(c, subject, c.y + 10 * c.unit, 10.5 * c.unit, fill=p.near)


def _motif(c: Canvas, x: float, y: float, cell: float, colour: Colour) -> None:
    rng, p = c.rng, c.palette
    middle = (x + cell / 2, y + cell / 2)
    gap = cell * 0.05
    tile = [
        (x + gap, y + gap),
        (x + cell - gap, y + gap),
        (x + cell - gap, y + cell - gap),
        (x + gap, y + cell - gap),
    ]
    c.fill(
        Shape().polygon([(px + 0.5 * c.unit, py + 0.8 * c.unit) for px, py in tile]),
        (0, 0, 0),
        alpha=0.4,
        blur=0.5,
    )
    ground = mix(colour, p.near, 0.5 if rng.random() < 0.5 else 0.1)
    c.fill(Shape().polygon(tile), (mix(ground, p.light, 0.12), ground))
    ink = mix(colour, p.light, 0.4) if luminance(ground) < 0.5 else mix(colour, p.near, 0.65)
    shape = Shape()
    match rng.randrange(6):
        case 0:
            shape.ellipse(*middle, cell * 0.32)
        case 1:
            corner = rng.choice(tile)
            points = [corner]
            sx, sy = math.copysign(1, middle[0] - corner[0]), math.copysign(1, middle[1] - corner[1])
            points += [
                (
                    corner[0] + sx * cell * 0.88 * math.cos(k * math.pi / 20),
                    corner[1] + sy * cell * 0.88 * math.sin(k * math.pi / 20),
                )
                for k in range(11)
            ]
            shape.polygon(points)
        case 2:
            shape.polygon(rng.sample(tile, 3))
        case 3:
            shape.ellipse(*middle, cell * 0.36).ellipse(*middle, cell * 0.2, cut=True)
        case 4:
            for k in range(3):
                shape.box(
                    x + gap * 2,
                    y + cell * (0.16 + 0.26 * k),
                    x + cell - gap * 2,
                    y + cell * (0.27 + 0.26 * k),
                )
        case _:
            shape.polygon(
                [
                    (middle[0], y + gap * 2),
                    (x + cell - gap * 2, middle[1]),
                    (middle[0], y + cell - gap * 2),
                    (x + gap * 2, middle[1]),
                ]
            )
    c.fill(shape, ink)


def paper(c: Canvas, subject: str | None) -> None:
    """Layers of cut paper around a lit hollow."""
    p, rng = c.palette, c.rng
    c.sky(mix(p.light, _WHITE, 0.3), p.light, mix(p.light, p.horizon, 0.5))
    c.glow(c.x, c.y, 50 * c.unit, p.light, strength=0.6)
    layers = 6
    hues = (
        p.horizon,
        mix(p.horizon, p.accent, 0.45),
        mix(p.accent, p.far, 0.4),
        p.far,
        mix(p.far, p.middle, 0.6),
        mix(p.near, p.top, 0.4),
    )
    for layer in range(layers):
        if layer == 2 and subject:
            stage(c, subject, c.y + 14 * c.unit, 13 * c.unit, fill=(mix(p.near, p.far, 0.4), p.near))
        radius = (17 + 8.5 * layer) * c.unit
        phases = [rng.uniform(0, 6) for _ in range(3)]
        hole = []
        for step in range(90):
            angle = step * 2 * math.pi / 90
            wave = sum(
                math.sin(angle * (index + 2) + phase) / (index + 2) for index, phase in enumerate(phases)
            )
            reach = radius * (1 + 0.2 * wave)
            hole.append((c.x + math.cos(angle) * reach * 1.35, c.y + math.sin(angle) * reach))
        cut = Shape().box(-9, -9, c.width + 9, c.height + 9).polygon(hole, cut=True)
        shadow = (
            Shape()
            .box(-9, -9, c.width + 9, c.height + 9)
            .polygon([(x + 0.5 * c.unit, y + 1.5 * c.unit) for x, y in hole], cut=True)
        )
        c.fill(shadow, (0, 0, 0), alpha=0.35, blur=1.1)
        c.fill(cut, (mix(hues[layer], p.light, 0.1), hues[layer]))
    fibre = clouds(rng, (c.width, c.height), 50, octaves=2)
    c.image = ImageChops.soft_light(
        c.image, fibre.point(curve(lambda value: 0.42 + value * 0.16)).convert("RGB")
    )
