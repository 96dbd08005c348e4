"""What a line that was bought in advance waits for."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.orders.pages.domain import AppRelease, Awaited, awaited_of, is_awaited
from tests.services.payment.orders.making import make_order

FIRST, SECOND = uuid4(), uuid4()
MARCH, APRIL = date(2027, 3, 15), date(2027, 4, 1)
SPRING = {"ru": "весна 2027"}


def preorder(**fields: Any) -> tuple[Order, OrderLine]:
    order, (line,) = make_order(100, status="paid", paid_at=datetime(2026, 11, 27, tzinfo=UTC))
    advance: dict[str, Any] = {"is_preorder": True, "app_ids": (FIRST, SECOND)}
    return order, msgspec.structs.replace(line, **advance | fields)


@pytest.mark.parametrize(
    ("first", "second", "awaited"),
    [
        (None, None, Awaited(code="unknown")),
        (AppRelease(is_out=True), AppRelease(is_out=True), Awaited(code="out")),
        (AppRelease(is_out=False, on=MARCH), None, Awaited(code="unknown")),
        (
            AppRelease(is_out=False, on=APRIL),
            AppRelease(is_out=False, on=MARCH),
            Awaited(code="day", on=APRIL),
        ),
        (
            AppRelease(is_out=True, on=APRIL),
            AppRelease(is_out=False, on=MARCH),
            Awaited(code="day", on=MARCH),
        ),
        (
            AppRelease(is_out=False, on=MARCH),
            AppRelease(is_out=False, promise=SPRING),
            Awaited(code="promise", promise=SPRING),
        ),
    ],
)
def test_a_line_waits_for_the_last_of_its_apps(
    first: AppRelease | None, second: AppRelease | None, awaited: Awaited
) -> None:
    _, line = preorder()
    known = {app_id: one for app_id, one in ((FIRST, first), (SECOND, second)) if one}
    assert awaited_of(line, known) == awaited


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({}, True),
        ({"is_preorder": False}, False),
        ({"delivered_at": datetime(2027, 3, 15, tzinfo=UTC)}, False),
        ({"refunded": 100, "refunded_at": datetime(2026, 12, 1, tzinfo=UTC)}, False),
        ({"refund_pending": 100}, False),
        ({"refund_pending": 40}, True),
        ({"final": 0}, True),
    ],
)
def test_what_goes_back_waits_for_nothing(fields: dict[str, Any], *, waits: bool) -> None:
    order, line = preorder(**fields)
    assert is_awaited(order, line) == waits
    assert not is_awaited(msgspec.structs.replace(order, paid_at=None), line)
