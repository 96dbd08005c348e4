"""What is read out of a notification: which object, what is said to have happened, whose payment it may be. Pure.

None of it is believed. It only says about what the provider is to be asked.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

OBJECT_ID_LENGTH_MAX: Final = 64
KIND_LENGTH_MAX: Final = 64
# Each process takes so many of them at once, and nobody else meanwhile.
TURN: Final = timedelta(seconds=60)
# No payment is asked about more often than that, whatever is told and by whomever.
REST: Final = timedelta(seconds=1)
# A payment has a handful of them, unless somebody makes them up.
EVENTS_MAX: Final = 50
# From then on only the janitor asks.
TRIES_MAX: Final = 10


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notification, read.

    Attributes:
        object_id: The provider's id of the payment or refund.
        kind: What is said to have happened to it.
        remote_payment_id: The provider's id of the payment.
        payment_id: Ours, as the notification has it.
    """

    object_id: str
    kind: str
    remote_payment_id: str
    payment_id: UUID | None


class ProviderEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A notification as it is kept, once for what it says.

    Attributes:
        processed_at: When the provider last answered to a question about it.
        next_try_at: When it is asked about; while it is being asked about, when others may.
    """

    id: UUID
    provider: str
    object_id: str
    kind: str
    payment_id: UUID
    received_at: datetime
    deliveries: int = 1
    processed_at: datetime | None = None
    next_try_at: datetime | None = None
    tries: int = 0


def read_yookassa(body: Mapping[str, Any]) -> Notice | None:
    """Return what YooKassa says; none of what is about neither a payment nor a refund.

    Raises:
        ValueError: It is no notification of YooKassa's.
    """
    kind, about = body.get("event"), body.get("object")
    if body.get("type") != "notification" or not isinstance(kind, str) or not isinstance(about, dict):
        raise ValueError("no notification")
    family = kind.partition(".")[0]
    if family not in {"payment", "refund"}:
        return None
    metadata = about.get("metadata")
    ours = metadata.get("payment_id") if isinstance(metadata, dict) else None
    return Notice(
        object_id=_id(about.get("id")),
        kind=_kind(kind),
        remote_payment_id=_id(about.get("id" if family == "payment" else "payment_id")),
        payment_id=_uuid(ours),
    )


def read_tbank(body: Mapping[str, Any]) -> Notice:
    """Return what T-Bank says.

    Raises:
        ValueError: It is no notification of T-Bank's.
    """
    remote_id, status = body.get("PaymentId"), body.get("Status")
    is_readable = (
        isinstance(status, str) and isinstance(remote_id, int | str) and not isinstance(remote_id, bool)
    )
    if not is_readable:
        raise ValueError("no notification")
    # A payment is refunded in parts, each time with the same word: the amount tells them apart.
    amount = body.get("Amount")
    kind = f"{status}:{amount}" if str(status).startswith("PARTIAL") else str(status)
    return Notice(
        object_id=_id(str(remote_id)),
        kind=_kind(kind),
        remote_payment_id=_id(str(remote_id)),
        payment_id=_uuid(body.get("OrderId")),
    )


def _id(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= OBJECT_ID_LENGTH_MAX or not value.isascii():
        raise ValueError("no id")
    if not all(letter.isalnum() or letter in "-_:." for letter in value):
        raise ValueError("no id")
    return value


def _kind(value: str) -> str:
    if not 0 < len(value) <= KIND_LENGTH_MAX or not value.isascii() or not value.isprintable():
        raise ValueError("no kind")
    return value


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
