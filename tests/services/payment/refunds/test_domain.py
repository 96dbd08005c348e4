"""The money of a refund is divided over where it came from, to the kopeck."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.payment.refunds.domain import Fund, Source, parts_of

ORDER = uuid4()
AMOUNTS = st.integers(min_value=1, max_value=1_000_000)


def fund(source: Source, paid: int) -> Fund:
    payment_id = UUID(int=7) if source == "provider" else None
    return Fund.of(ORDER, source, paid, payment_id=payment_id, provider="yookassa" if payment_id else None)


def take(funds: list[Fund], amount: int) -> list[Fund]:
    """Return the sources after a refund, and check what was taken of each."""
    parts = parts_of(uuid4(), amount, funds, currency="RUB", destination="instrument")
    taken = {part.fund_id: part.amount for part in parts}
    assert sum(taken.values()) == amount
    after = []
    for one in funds:
        part = taken.get(one.id, 0)
        assert 0 <= part <= one.left
        after.append(
            Fund(
                id=one.id,
                order_id=ORDER,
                source=one.source,
                payment_id=one.payment_id,
                provider=one.provider,
                paid=one.paid,
                taken=one.taken + part,
            )
        )
    return after


@given(st.lists(AMOUNTS, min_size=3, max_size=3), st.lists(AMOUNTS, max_size=8))
def test_refunds_one_after_another_take_exactly_what_came(paid: list[int], amounts: list[int]) -> None:
    funds = [fund("bonus", paid[0]), fund("wallet", paid[1]), fund("provider", paid[2])]
    for amount in amounts:
        left = sum(one.left for one in funds)
        funds = take(funds, min(amount, left)) if left else funds
    left = sum(one.left for one in funds)
    funds = take(funds, left) if left else funds
    assert all(one.left == 0 for one in funds)


def test_each_source_gets_its_own_money() -> None:
    funds = [fund("bonus", 100), fund("wallet", 200), fund("provider", 700)]
    parts = parts_of(uuid4(), 100, funds, currency="RUB", destination="instrument")
    assert [(part.destination, part.amount) for part in parts] == [
        ("bonus", 10),
        ("wallet", 20),
        ("instrument", 70),
    ]


def test_bonus_money_never_becomes_money() -> None:
    parts = parts_of(uuid4(), 100, [fund("bonus", 100)], currency="RUB", destination="wallet")
    assert [part.destination for part in parts] == ["bonus"]


def test_more_than_is_left_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        parts_of(uuid4(), 101, [fund("bonus", 100)], currency="RUB", destination="wallet")
