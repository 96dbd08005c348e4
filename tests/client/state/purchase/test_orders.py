"""How an order is followed."""

import pytest

from samovar.client.state.purchase.orders import has_failed, is_moving, is_paid


@pytest.mark.parametrize(
    ("status", "refunds", "moves"),
    [
        ("pending", [], True),
        ("paid", [], True),
        ("fulfilled", [], False),
        ("fulfilled", ["revoking"], True),
        ("partially_refunded", ["settled", "paying"], True),
        ("refunded", ["settled"], False),
        ("fulfilled", ["refused"], False),
    ],
)
def test_an_order_is_followed_until_it_and_its_refunds_rest(
    status: str, refunds: list[str], *, moves: bool
) -> None:
    assert is_moving(status, refunds) is moves


@pytest.mark.parametrize(("receipt", "moves"), [("planned", True), ("sent", True), ("registered", False)])
def test_an_order_is_followed_until_its_receipts_are_there(receipt: str, *, moves: bool) -> None:
    assert is_moving("fulfilled", [], [receipt]) is moves


@pytest.mark.parametrize(
    ("status", "failed", "paid"),
    [("pending", False, False), ("failed", True, False), ("expired", True, False), ("refunded", False, True)],
)
def test_what_failed_took_no_money_and_can_be_ordered_anew(status: str, *, failed: bool, paid: bool) -> None:
    assert (has_failed(status), is_paid(status)) == (failed, paid)
