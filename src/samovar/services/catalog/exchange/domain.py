"""What an import does with lines: in which order they are taken, what each is named by, how far it has come. Pure."""

import hashlib
from array import array
from collections.abc import Mapping
from typing import Literal

import msgspec

from samovar.services.catalog.exchange.schemas import (
    AppLine,
    ChangelogLine,
    DiscountLine,
    Line,
    PriceHistoryLine,
    TermLine,
)

Stage = Literal[
    "terms", "creators", "apps", "belongings", "changelog", "packages", "price_history", "prices", "bundles", "discounts"
]  # fmt: skip
STAGES: tuple[Stage, ...] = (
    "terms", "creators", "apps", "belongings", "changelog", "packages", "price_history", "prices", "bundles", "discounts"
)  # fmt: skip
"""In this order everything is there before it is named. `belongings` are apps that belong to a game; `prices` are the present ones
of packages, behind what those cost in the past."""
BATCH_LINES = 500
# Of one past, which no batch parts: two hundred regions with twenty prices each.
PAST_LINES_MAX = 4_000
Verdict = Literal["new", "changed", "same"]

_STAGE_OF: Mapping[str, Stage] = {
    "term": "terms",
    "creator": "creators",
    "app": "apps",
    "changelog": "changelog",
    "package": "packages",
    "price_history": "price_history",
    "bundle": "bundles",
    "discount": "discounts",
}
_DIGEST_BYTES = 8
_FIRST_SLOTS = 1 << 10


class Position(msgspec.Struct, frozen=True, order=True):
    """How far an import has come: all lines of the stage up to this one are done with, and all stages before.

    Attributes:
        stage: The index in `STAGES`.
        line: The number of a line; 0 before the first.
    """

    stage: int = 0
    line: int = 0


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of lines so far."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """All lines that something became of."""
        return self.new + self.changed + self.same + self.refused

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            new=self.new + other.new,
            changed=self.changed + other.changed,
            same=self.same + other.same,
            refused=self.refused + other.refused,
        )


def stages_of(record: str, base: str | None, *, has_prices: bool) -> tuple[Stage, ...]:
    """Return in which stages a line is taken.

    Args:
        record: What it is.
        base: What its page belongs to, where it is an app.
        has_prices: Whether it names prices, where it is a package.
    """
    if record == "app" and base is not None:
        return ("belongings",)
    if record == "package" and has_prices:
        return ("packages", "prices")
    return (_STAGE_OF[record],) if record in _STAGE_OF else ()


def identity_of(line: Line) -> str:
    """Return what a line is named by: of two with one name the second is refused."""
    match line:
        case TermLine():
            parts: tuple[object, ...] = ("term", line.kind, line.slug)
        case AppLine():
            parts = ("app", line.page.slug)
        case ChangelogLine():
            parts = ("changelog", line.app, line.published_at.timestamp(), line.release)
        case DiscountLine():
            parts = ("discount", line.package, line.starts_at.timestamp(), line.kind)
        case PriceHistoryLine():
            parts = ("price_history", line.package, line.region, line.since.timestamp())
        case _:
            parts = (record_of(line), line.slug)
    return "\n".join(map(str, parts))


def record_of(line: Line) -> str:
    """Return what a line says that it is."""
    return str(type(line).__struct_config__.tag)


def slug_of(line: Line) -> str:
    """Return the slug that a report names a line by."""
    match line:
        case AppLine():
            return line.page.slug
        case ChangelogLine():
            return line.app
        case DiscountLine() | PriceHistoryLine():
            return line.package
        case _:
            return line.slug


class Seen:
    """A set of texts in 16 bytes each, for files of millions of lines: kept are 8 bytes of BLAKE2b.

    Two of ten million texts share them by chance once in 400,000 files.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(_DIGEST_BYTES * _FIRST_SLOTS))
        self._count = 0

    def add(self, text: str) -> bool:
        """Add a text, and return whether it was not there."""
        digest = hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()
        is_new = self._put(int.from_bytes(digest) or 1)
        if is_new:
            self._count += 1
            if 2 * self._count > len(self._slots):
                self._grow()
        return is_new

    def _put(self, number: int) -> bool:
        mask = len(self._slots) - 1
        place = number & mask
        while held := self._slots[place]:
            if held == number:
                return False
            place = (place + 1) & mask
        self._slots[place] = number
        return True

    def _grow(self) -> None:
        before = self._slots
        self._slots = array("Q", bytes(_DIGEST_BYTES * 2 * len(before)))
        for number in before:
            if number:
                self._put(number)
