"""The board: pipes that turn, tea that runs. Pure."""

import random
from collections.abc import Iterator
from typing import NamedTuple

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
SIDES = (NORTH, EAST, SOUTH, WEST)
STEP = {NORTH: (0, -1), EAST: (1, 0), SOUTH: (0, 1), WEST: (-1, 0)}
BACK = {NORTH: SOUTH, SOUTH: NORTH, EAST: WEST, WEST: EAST}

Cell = tuple[int, int]
Pipes = dict[Cell, int]


class Level(NamedTuple):
    """A level: its name in both languages, its pipes as they fit, and the row in which the samovar stands, left of them."""

    ru: str
    en: str
    pipes: Pipes
    row: int

    @property
    def size(self) -> Cell:
        """Return width and height."""
        return 1 + max(x for x, _ in self.pipes), 1 + max(y for _, y in self.pipes)

    def mixed(self, seed: int) -> Pipes:
        """Return the pipes as the player finds them."""
        chance = random.Random(f"{self.en} {seed}")
        return {cell: turned(pipe, chance.randrange(4)) for cell, pipe in self.pipes.items()}


def levels_in(text: str) -> Iterator[Level]:
    """Yield the levels that are written in a file: a line with the names, then a hexadecimal digit a pipe; `>` is the samovar."""
    for block in text.split("== ")[1:]:
        names, *rows = block.rstrip().split("\n")
        ru, _, en = names.partition(" | ")
        digits = [row[2:] for row in rows]
        pipes = {(x, y): int(digit, 16) for y, row in enumerate(digits) for x, digit in enumerate(row)}
        yield Level(ru, en, pipes, next(y for y, row in enumerate(rows) if row.startswith(">")))


def turned(pipe: int, times: int = 1) -> int:
    """Return a pipe, turned by quarters with the clock."""
    for _ in range(times % 4):
        pipe = (pipe << 1 | pipe >> 3) & 15
    return pipe


def is_cup(pipe: int) -> bool:
    """Return whether it is an end: a cup stands there."""
    return pipe in SIDES


def wet(pipes: Pipes, row: int) -> set[Cell]:
    """Return where the tea runs."""
    if not pipes[0, row] & WEST:
        return set()
    reached, ahead = {(0, row)}, [(0, row)]
    while ahead:
        x, y = ahead.pop()
        for side in SIDES:
            beside = (x + STEP[side][0], y + STEP[side][1])
            if pipes[x, y] & side and pipes.get(beside, 0) & BACK[side] and beside not in reached:
                reached.add(beside)
                ahead.append(beside)
    return reached


def is_poured(pipes: Pipes, row: int) -> bool:
    """Return whether every cup is full and no drop is spilt."""
    return len(wet(pipes, row)) == len(pipes) and all(
        _fits(pipes, cell, side, row) for cell in pipes for side in SIDES
    )


def solve(pipes: Pipes, row: int) -> list[tuple[Cell, int]] | None:
    """Return which pipes to turn, and how often, until all is poured."""
    cells = sorted(pipes, key=lambda cell: (cell[1], cell[0]))
    placed: Pipes = {}

    def place(at: int) -> bool:
        if at == len(cells):
            return is_poured(placed, row)
        x, y = cells[at]
        above, left = placed.get((x, y - 1), 0), placed.get((x - 1, y), 0)
        for pipe in dict.fromkeys(turned(pipes[x, y], times) for times in range(4)):
            goes_left = (x, y) == (0, row) if x == 0 else bool(left & EAST)
            if bool(pipe & NORTH) == bool(above & SOUTH) and bool(pipe & WEST) == goes_left:
                placed[x, y] = pipe
                if place(at + 1):
                    return True
                del placed[x, y]
        return False

    if not place(0):
        return None
    needed = {
        cell: next(times for times in range(4) if turned(pipes[cell], times) == placed[cell])
        for cell in cells
    }
    return [(cell, times) for cell, times in needed.items() if times]


def _fits(pipes: Pipes, cell: Cell, side: int, row: int) -> bool:
    """Return whether what a pipe opens is opened from the other side too; the samovar is the one that pours in."""
    beside = (cell[0] + STEP[side][0], cell[1] + STEP[side][1])
    is_spout = side == WEST and cell == (0, row)
    return bool(pipes[cell] & side) == (is_spout or bool(pipes.get(beside, 0) & BACK[side]))
