"""Both adapters against the simulated providers, which lose answers, fail and lie."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.payment.providers.calls import open_session
from samovar.services.payment.providers.port import (
    Declined,
    Done,
    NewPayment,
    NotMade,
    PayMethod,
    Pending,
    Provider,
    Unknown,
)
from samovar.services.payment.providers.tbank import TBank
from samovar.services.payment.providers.yookassa import YooKassa
from samovar.testing.money import SimulatedMoney

PRICE = Money(129_900, "RUB")
BOTH = pytest.mark.parametrize("name", ["yookassa", "tbank"])


class Counter:
    """Both providers, as the service has them."""

    def __init__(self, money: SimulatedMoney, providers: dict[str, Provider]) -> None:
        self.money = money
        self.providers = providers

    async def made(self, payment: NewPayment, name: str) -> list[dict[str, Any]]:
        """Return what a provider has by our id and is not canceled."""
        return [
            one
            for one in await self.money.payments()
            if one["provider"] == name
            and one["description"] == payment.description
            and one["status"] != "canceled"
        ]


@pytest.fixture
async def counter(money: SimulatedMoney) -> AsyncIterator[Counter]:
    s = money.settings
    async with open_session(1.0) as session:
        yield Counter(
            money,
            {
                "yookassa": YooKassa(
                    session,
                    url=s["yookassa_url"],
                    shop_id=s["yookassa_shop_id"],
                    secret_key=Secret(s["yookassa_secret_key"]),
                ),
                "tbank": TBank(
                    session,
                    url=s["tbank_url"],
                    terminal_key=s["tbank_terminal_key"],
                    password=Secret(s["tbank_password"]),
                ),
            },
        )


def new(method: PayMethod = "card") -> NewPayment:
    payment_id = uuid4()
    return NewPayment(
        id=payment_id,
        method=method,
        amount=PRICE,
        description=f"Заказ {payment_id}",
        return_url="https://play.example/orders/7",
        notify_url="http://127.0.0.1:9/nowhere",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
        customer=uuid4(),
    )


@BOTH
async def test_a_card_is_held_captured_and_refunded(counter: Counter, name: str) -> None:
    provider = counter.providers[name]
    pending = await provider.create(new(), uuid4())
    assert isinstance(pending, Pending)
    assert pending.what.confirmation
    remote_id = pending.what.id
    await counter.money.pay(remote_id)
    held = await provider.get(remote_id)
    assert isinstance(held, Done)
    assert (held.what.status, held.what.amount, held.what.payment_id) == (
        "authorised",
        PRICE,
        pending.what.payment_id,
    )
    captured = await provider.capture(remote_id, PRICE, uuid4())
    assert isinstance(captured, Done)
    assert (captured.what.status, captured.what.captured) == ("captured", PRICE)
    key, part = uuid4(), Money(29_900, "RUB")
    for _ in range(3):
        refunded = await provider.refund(remote_id, uuid4() if name == "tbank" else key, part, key)
        assert isinstance(refunded, Done)
        assert refunded.what.amount == part
    (kept,) = [one for one in await counter.money.payments() if one["id"] == remote_id]
    assert kept["refunded"] == part.amount
    too_much = await provider.refund(remote_id, uuid4(), PRICE, uuid4())
    assert too_much == Declined("refund_refused")


@BOTH
async def test_fast_payments_are_taken_at_once(counter: Counter, name: str) -> None:
    provider = counter.providers[name]
    pending = await provider.create(new("sbp"), uuid4())
    assert isinstance(pending, Pending)
    assert pending.what.confirmation
    assert pending.what.confirmation.kind == "qr"
    await counter.money.pay(pending.what.id, method="sbp")
    taken = await provider.get(pending.what.id)
    assert isinstance(taken, Done)
    assert taken.what.captured == PRICE
    assert (taken.what.income is not None) == (name == "yookassa")


@BOTH
async def test_a_hold_is_let_go(counter: Counter, name: str) -> None:
    provider = counter.providers[name]
    pending = await provider.create(new(), uuid4())
    assert isinstance(pending, Pending)
    await counter.money.pay(pending.what.id)
    gone = await provider.cancel(pending.what.id, uuid4())
    assert isinstance(gone, Declined)
    assert gone.code == "canceled"
    refused = await provider.capture(pending.what.id, PRICE, uuid4())
    assert isinstance(refused, NotMade)
    assert refused.is_answer


@BOTH
async def test_a_decline_says_why(counter: Counter, name: str) -> None:
    provider = counter.providers[name]
    pending = await provider.create(new(), uuid4())
    assert isinstance(pending, Pending)
    await counter.money.decline(pending.what.id, "insufficient_funds")
    declined = await provider.get(pending.what.id)
    assert isinstance(declined, Declined)
    assert declined.code == "insufficient_funds"


@BOTH
@pytest.mark.parametrize("fault", ["error_500_after", "lost_answer", "error_500", "not_json", "down"])
async def test_a_payment_is_made_once_whatever_becomes_of_answers(
    counter: Counter, name: str, fault: str
) -> None:
    provider, wanted, key = counter.providers[name], new("sbp"), uuid4()
    await counter.money.fault(name, fault, on="create")
    first = await provider.create(wanted, key)
    assert isinstance(first, Unknown | NotMade)
    again = await provider.create(msgspec.structs.replace(wanted, is_repeated=True), key)
    assert isinstance(again, Pending)
    assert len(await counter.made(wanted, name)) == 1


@BOTH
@pytest.mark.parametrize("fault", ["error_500_after", "lost_answer", "error_500"])
async def test_a_refund_is_made_once_whatever_becomes_of_answers(
    counter: Counter, name: str, fault: str
) -> None:
    provider = counter.providers[name]
    pending = await provider.create(new("sbp"), uuid4())
    assert isinstance(pending, Pending)
    await counter.money.pay(pending.what.id, method="sbp")
    key, refund_id, part = uuid4(), uuid4(), Money(29_900, "RUB")
    await counter.money.fault(name, fault, on="cancel" if name == "tbank" else "refund")
    assert isinstance(await provider.refund(pending.what.id, refund_id, part, key), Unknown)
    assert isinstance(await provider.refund(pending.what.id, refund_id, part, key), Done)
    (kept,) = [one for one in await counter.money.payments() if one["id"] == pending.what.id]
    assert kept["refunded"] == part.amount


async def test_a_key_with_another_body_tells_nothing_of_the_first(counter: Counter) -> None:
    provider, key = counter.providers["yookassa"], uuid4()
    assert isinstance(await provider.create(new(), key), Pending)
    assert isinstance(await provider.create(new(), key), Unknown)


async def test_too_many_questions_made_nothing(counter: Counter) -> None:
    await counter.money.fault("yookassa", "too_many", on="create")
    outcome = await counter.providers["yookassa"].create(new(), uuid4())
    assert isinstance(outcome, NotMade)
    assert not outcome.is_answer


async def test_the_register_shows_what_was_taken_and_given_back(counter: Counter) -> None:
    provider = counter.providers["yookassa"]
    pending = await provider.create(new("sbp"), uuid4())
    assert isinstance(pending, Pending)
    await counter.money.pay(pending.what.id, method="sbp")
    refund = await provider.refund(pending.what.id, uuid4(), Money(100, "RUB"), uuid4())
    assert isinstance(refund, Done)
    now = datetime.now(UTC)
    register = provider.register(now - timedelta(hours=1), now + timedelta(hours=1))
    assert register is not None
    rows = {row.id: row async for row in register}
    assert rows[pending.what.id].amount == PRICE
    assert rows[refund.what.id].amount == Money(100, "RUB")
