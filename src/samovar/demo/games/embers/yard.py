"""The yard: cones and drops that fall, a samovar that runs under them. Pure: the same seed and moves give the same game."""

import random
import tomllib
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT = 32, 16
BOIL = 100
LIVES = 3
CONE, DROP, HONEY = "cone", "drop", "honey"
_WARMTH = {CONE: 7, DROP: -12, HONEY: 0}
# Without wood the water cools by itself.
COOLS_EVERY = 12


class Evening(NamedTuple):
    """One evening: its name, in how many ticks something falls, and how likely it is a drop or honey, in percent."""

    ru: str
    en: str
    every: int
    drops: int
    honey: int


class Thing(NamedTuple):
    """Something that falls."""

    x: int
    y: int
    kind: str


def evenings() -> list[Evening]:
    """Return all evenings; every file of them is read, so that an update may bring a season."""
    files = sorted(Path(__file__).parent.glob("evenings*.toml"))
    return [Evening(**one) for file in files for one in tomllib.loads(file.read_text("utf-8"))["evening"]]


class Yard:
    """One evening as it goes.

    Attributes:
        x: Where the samovar is.
        warmth: Of the water; at `BOIL` the evening is won.
        lives: Fewer by each drop into the chimney; without any the fire is out.
    """

    def __init__(self, evening: Evening, seed: str) -> None:
        self.evening = evening
        self.x = WIDTH // 2
        self.warmth, self.lives, self.cones, self.drops, self.tick = 20, LIVES, 0, 0, 0
        self.things: list[Thing] = []
        self._chance = random.Random(f"{evening.en} {seed}")

    @property
    def is_over(self) -> bool:
        """Return whether the water boils or the fire is out."""
        return self.warmth >= BOIL or self.lives <= 0

    def step(self, move: int) -> str | None:
        """Let one tick pass; return what fell into the chimney.

        Args:
            move: -1 to the left, 1 to the right, 0 not at all.
        """
        self.tick += 1
        self.x = max(1, min(WIDTH - 2, self.x + move))
        if self.tick % COOLS_EVERY == 0:
            self.warmth = max(0, self.warmth - 1)
        if self.tick % self.evening.every == 0:
            self.things.append(Thing(self._chance.randrange(1, WIDTH - 1), 0, self._kind()))
        fallen = [thing._replace(y=thing.y + 1) for thing in self.things]
        caught = next((one for one in fallen if one.y == HEIGHT - 1 and abs(one.x - self.x) <= 1), None)
        self.things = [one for one in fallen if one.y < HEIGHT - 1]
        if caught:
            self._catch(caught.kind)
        return caught.kind if caught else None

    def _kind(self) -> str:
        number = self._chance.randrange(100)
        if number < self.evening.drops:
            return DROP
        return HONEY if number < self.evening.drops + self.evening.honey else CONE

    def _catch(self, kind: str) -> None:
        self.warmth = max(0, min(BOIL, self.warmth + _WARMTH[kind]))
        self.cones += kind == CONE
        if kind == DROP:
            self.drops += 1
            self.lives -= 1
        elif kind == HONEY:
            self.lives = min(LIVES, self.lives + 1)


def bot(yard: Yard) -> int:
    """Return the move of somebody careful: away from drops first, then to the nearest good thing that can be reached."""
    near = [
        one for one in yard.things if one.kind == DROP and one.y >= HEIGHT - 3 and abs(one.x - yard.x) <= 2
    ]
    if near:
        away = -1 if near[0].x >= yard.x else 1
        return -away if not 1 <= yard.x + away <= WIDTH - 2 else away
    good = [one for one in yard.things if one.kind != DROP and abs(one.x - yard.x) <= HEIGHT - one.y]
    if not good:
        return 0
    goal = max(good, key=lambda one: one.y)
    return (goal.x > yard.x) - (goal.x < yard.x)
