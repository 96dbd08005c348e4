"""What is news. Pure."""

from datetime import date, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from samovar.services.catalog.domain import AppKind, Stage

Reason = Literal["discount", "released", "left_early_access"]
Stagewise = Literal["released", "left_early_access", "creator"]

ACCOUNTS_PER_EVENT_MAX = 500
CREATOR = "creator"
_DISCOUNT = "discount:"
# A demo or a soundtrack is no release of its own.
_RELEASES: frozenset[AppKind] = frozenset({"game", "dlc", "tool"})
# What came out long ago and is new in this store alone is no news.
_NEW_FOR = timedelta(days=60)


class Seen(msgspec.Struct, frozen=True):
    """How far an app has come.

    Attributes:
        is_shown: Its page is in the store.
    """

    is_shown: bool
    stage: Stage

    @property
    def is_out(self) -> bool:
        """Whether it can be played."""
        return self.is_shown and self.stage != "coming_soon"


def discount_cause(discount_id: UUID) -> str:
    """Return what names the beginning of a discount."""
    return f"{_DISCOUNT}{discount_id}"


def reason_of(cause: str) -> Reason:
    """Return what people are told of a cause."""
    if cause.startswith(_DISCOUNT):
        return "discount"
    return "released" if cause == "released" else "left_early_access"


def news_of(
    before: Seen | None, after: Seen, *, kind: AppKind, released_on: date | None, today: date
) -> list[Stagewise]:
    """Return what is news in a step of an app.

    Args:
        before: How far it was; none: it is seen for the first time.
        after: How far it is.
        kind: What it is.
        released_on: When it came out.
        today: The day of the step.
    """
    if not after.is_out:
        return []
    found: list[Stagewise] = []
    if before is not None and before.stage == "coming_soon":
        found.append("released")
    if before is not None and (before.stage, after.stage) == ("early_access", "released"):
        found.append("left_early_access")
    is_new = released_on is None or today - released_on <= _NEW_FOR
    if kind in _RELEASES and is_new and (before is None or not before.is_out):
        found.append("creator")
    return found
