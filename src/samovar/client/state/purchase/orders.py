"""What a status of an order means for the one who looks at it."""

from collections.abc import Iterable
from typing import Literal

Tone = Literal["info", "success", "warning", "danger"]

_TONES: dict[str, Tone] = {
    "created": "warning",
    "pending": "warning",
    "paid": "info",
    "fulfilled": "success",
    "partially_refunded": "info",
    "refunded": "info",
    "failed": "danger",
    "canceled": "info",
    "expired": "info",
}
# These change by themselves, soon.
_MOVING = frozenset({"created", "pending", "paid"})
_RETURNING = frozenset({"revoking", "paying"})
_MAKING = frozenset({"planned", "sent"})
_GIVEN = frozenset({"paid", "fulfilled", "partially_refunded"})
_FAILED = frozenset({"canceled", "expired", "failed"})
_ABLE = frozenset({"created", "pending"})


def tone_of(status: str) -> Tone:
    """Return how a status is marked."""
    return _TONES.get(status, "info")


def is_moving(status: str, refunds: Iterable[str] = (), receipts: Iterable[str] = ()) -> bool:
    """Return whether to ask for the order again in a moment, by its status, those of its refunds and of its receipts."""
    return status in _MOVING or not _RETURNING.isdisjoint(refunds) or not _MAKING.isdisjoint(receipts)


def can_give_back(status: str) -> bool:
    """Return whether asking to give it back makes sense; the rules are the platform's."""
    return status in _GIVEN


def can_cancel(status: str) -> bool:
    """Return whether it can still be canceled."""
    return status in _ABLE


def has_failed(status: str) -> bool:
    """Return whether nothing came of it: no money was taken, and the same can be ordered anew."""
    return status in _FAILED


def is_paid(status: str) -> bool:
    """Return whether money was taken for it, be it given back since."""
    return status not in _FAILED and status not in _ABLE
