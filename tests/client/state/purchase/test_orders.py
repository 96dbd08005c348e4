"""How an order is followed."""

import pytest

from samovar.client.state.purchase.orders import is_moving


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
