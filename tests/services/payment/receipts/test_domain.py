"""Whatever is paid, given and refunded in whatever order, the receipts balance to the kopeck."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samovar.kit.money import Money
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.receipts import domain
from samovar.services.payment.receipts.domain import LineState, Plan, Returned
from tests.services.payment.orders.making import NOW, make_order


class Buyer:
    """One account with a wallet and one order, and the receipts of all that happens to it.

    Attributes:
        outside: Real money that came and stayed.
        wallet: Real money in the wallet.
    """

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.outside = 0
        self.wallet = 0
        self.states: dict[UUID, LineState] = {}

    def top_up(self, amount: int) -> None:
        self.plans.append(domain.advance(uuid4(), uuid4(), Money(amount, "RUB"), NOW))
        self.outside += amount
        self.wallet += amount

    def buy(self, order: Order, lines: Sequence[OrderLine]) -> None:
        self.order = order
        self.lines = {line.id: line for line in lines}
        self.funds = {
            "bonus": order.bonus_amount,
            "wallet": order.wallet_amount,
            "provider": order.provider_amount,
        }
        states = domain.states_of(order, lines)
        self.states = {state.line_id: state for state in states}
        self.outside += order.provider_amount
        self.wallet -= order.wallet_amount
        self._keep(domain.sale(order, lines, states, NOW))

    def receive(self, line_id: UUID) -> None:
        self._keep(domain.delivery(self.order, self.lines[line_id], self.states[line_id], NOW))
        self.states[line_id] = msgspec.structs.replace(self.states[line_id], is_closed=True)

    def refund(self, amounts: dict[UUID, int], *, to_wallet: bool) -> None:
        """Give back by the rule of refunds: of each source in proportion to what is left of it."""
        total = sum(amounts.values())
        shares = Money(total, "RUB").allocate(list(self.funds.values()))
        taken = dict(zip(self.funds, (share.amount for share in shares), strict=True))
        for source, amount in taken.items():
            self.funds[source] -= amount
        instrument = 0 if to_wallet else taken["provider"]
        returned = Returned(
            instrument=instrument,
            wallet=taken["wallet"] + taken["provider"] - instrument,
            bonus=taken["bonus"],
        )
        lines = [line for line in self.lines.values() if amounts.get(line.id)]
        states = [self.states[line.id] for line in lines]
        plan, after = domain.refund(uuid4(), self.order, lines, states, amounts, returned, NOW)
        self.states |= {state.line_id: state for state in after}
        self.outside -= returned.instrument
        self.wallet += returned.wallet
        self._keep(plan)

    def check(self) -> None:
        for plan in self.plans:
            assert plan.total > 0
            assert plan.total == sum(item.amount for item in plan.items)
            assert min(plan.electronic, plan.offset_amount, *(item.amount for item in plan.items)) >= 0
            prepaid = sum(item.amount for item in plan.items if item.settlement != "full_payment")
            # A prepayment is never paid by a prepayment.
            assert prepaid <= plan.electronic
        signs = [(plan, -1 if plan.operation == "sell_refund" else 1) for plan in self.plans]
        assert sum(sign * plan.electronic for plan, sign in signs) == self.outside
        held = sum(
            sign * sum(item.amount for item in plan.items if item.settlement != "full_payment")
            - sign * plan.offset_amount
            for plan, sign in signs
        )
        waiting = sum(state.left for state in self.states.values() if not state.is_closed)
        assert held == self.wallet + waiting

    def _keep(self, plan: Plan | None) -> None:
        if plan:
            self.plans.append(plan)


@st.composite
def orders(draw: st.DrawFn) -> tuple[Order, list[OrderLine]]:
    finals = draw(st.lists(st.integers(0, 50_000), min_size=1, max_size=5))
    total = sum(finals)
    bonus = draw(st.integers(0, total))
    wallet = draw(st.integers(0, total - bonus))
    order, lines = make_order(*finals, bonus=bonus, wallet=wallet, status="paid", paid_at=NOW)
    later = draw(st.lists(st.sampled_from([None, "is_preorder", "is_gift"]), min_size=5, max_size=5))
    return order, [
        msgspec.structs.replace(line, **({kind: True} if kind else {}))
        for line, kind in zip(lines, later, strict=False)
    ]


@settings(max_examples=300, deadline=None)
@given(order=orders(), data=st.data())
def test_the_receipts_balance_whatever_happens(
    order: tuple[Order, list[OrderLine]], data: st.DataObject
) -> None:
    bought, lines = order
    buyer = Buyer()
    if bought.wallet_amount:
        buyer.top_up(bought.wallet_amount + data.draw(st.integers(0, 500)))
    buyer.buy(bought, lines)
    buyer.check()
    left = {line.id: line.final for line in lines}
    for _ in range(data.draw(st.integers(0, 6))):
        line = data.draw(st.sampled_from(lines))
        if data.draw(st.booleans()) and left[line.id]:
            buyer.receive(line.id)
        elif left[line.id]:
            amount = data.draw(st.sampled_from([left[line.id], max(1, left[line.id] // 3)]))
            amounts = {line.id: amount}
            other = data.draw(st.sampled_from(lines))
            if other.id != line.id and left[other.id]:
                amounts[other.id] = left[other.id]
            for line_id, part in amounts.items():
                left[line_id] -= part
            buyer.refund(amounts, to_wallet=data.draw(st.booleans()))
        buyer.check()


@settings(max_examples=200, deadline=None)
@given(order=orders())
def test_what_is_refunded_whole_leaves_nothing(order: tuple[Order, list[OrderLine]]) -> None:
    bought, lines = order
    buyer = Buyer()
    buyer.buy(bought, lines)
    for line in lines:
        if line.final:
            buyer.refund({line.id: line.final}, to_wallet=False)
    assert buyer.outside == 0
    assert sum(state.left for state in buyer.states.values()) == 0


@pytest.mark.parametrize(
    ("more", "settlement", "electronic", "offset"),
    [
        ({}, "full_payment", 1_000, 0),
        ({"is_preorder": True}, "full_prepayment", 1_000, 0),
        ({"is_gift": True}, "full_prepayment", 1_000, 0),
    ],
)
def test_what_is_given_later_is_a_prepayment(
    more: dict[str, bool], settlement: str, electronic: int, offset: int
) -> None:
    order, [line] = make_order(1_000, status="paid", paid_at=NOW)
    line = msgspec.structs.replace(line, **more)
    [state] = domain.states_of(order, [line])
    plan = domain.sale(order, [line], [state], NOW)
    assert plan
    assert [item.settlement for item in plan.items] == [settlement]
    assert (plan.electronic, plan.offset_amount) == (electronic, offset)


def test_a_wallet_purchase_is_an_offset_of_its_advance() -> None:
    order, lines = make_order(1_000, wallet=1_000, status="paid", paid_at=NOW)
    plan = domain.sale(order, lines, domain.states_of(order, lines), NOW)
    assert plan
    assert (plan.operation, plan.electronic, plan.offset_amount) == ("sell", 0, 1_000)
    assert plan.items[0].settlement == "full_payment"


def test_a_preorder_that_the_wallet_pays_has_a_receipt_when_it_is_given() -> None:
    order, [line] = make_order(1_000, wallet=1_000, status="paid", paid_at=NOW)
    line = msgspec.structs.replace(line, is_preorder=True)
    [state] = domain.states_of(order, [line])
    assert domain.sale(order, [line], [state], NOW) is None
    closing = domain.delivery(order, line, state, NOW)
    assert closing
    assert (closing.cause_id, closing.offset_amount, closing.electronic) == (line.id, 1_000, 0)


def test_a_bonus_lessens_the_sum_and_has_no_receipt() -> None:
    order, lines = make_order(1_000, 500, bonus=300, status="paid", paid_at=NOW)
    plan = domain.sale(order, lines, domain.states_of(order, lines), NOW)
    assert plan
    assert [item.amount for item in plan.items] == [800, 400]


def test_a_receipt_planned_twice_is_one() -> None:
    cause = uuid4()
    first, second = (domain.advance(cause, uuid4(), Money(1, "RUB"), NOW) for _ in range(2))
    assert first.id == second.id
