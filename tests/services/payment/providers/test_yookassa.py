"""YooKassa's dialect, as its documentation shows it: what is sent, and what each answer means."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import Unavailable
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
    Unknown,
)
from samovar.services.payment.providers.yookassa import YooKassa
from tests.services.payment.providers.recorded import Recorded, recorded

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OURS = UUID("0193b0c0-0000-7000-8000-000000000001")
THEIRS = "2f1d1c5a-000f-5000-8000-1b68e7b15f3f"
PRICE = Money(129_900, "RUB")


@pytest.fixture
async def server() -> AsyncIterator[Recorded]:
    async with recorded("yookassa") as running:
        yield running


@pytest.fixture
async def shop(server: Recorded) -> AsyncIterator[YooKassa]:
    async with open_session() as session:
        yield YooKassa(session, url=server.url, shop_id="500001", secret_key=Secret("test_key"))


def new(method: PayMethod = "card", **more: Any) -> NewPayment:
    return NewPayment(
        id=OURS,
        method=method,
        amount=PRICE,
        description="Заказ 7",
        return_url="https://play.example/orders/7",
        notify_url="https://play.example/v1/payments/webhooks/yookassa",
        expires_at=NOW + timedelta(hours=1),
        customer=uuid4(),
        **more,
    )


async def test_a_card_is_asked_for_in_two_stages(shop: YooKassa, server: Recorded) -> None:
    server.will("card_pending")
    key = uuid4()
    outcome = await shop.create(new(), key)
    where, headers, body = server.requests[0]
    assert where == "POST /payments"
    assert headers["idempotence-key"] == str(key)
    assert headers["authorization"] == "Basic NTAwMDAxOnRlc3Rfa2V5"
    assert body["amount"] == {"value": "1299.00", "currency": "RUB"}
    assert body["capture"] is False
    assert body["payment_method_data"] == {"type": "bank_card"}
    assert body["metadata"] == {"payment_id": str(OURS)}
    assert "receipt" not in body
    assert isinstance(outcome, Pending)
    assert outcome.what.payment_id == OURS
    assert outcome.what.confirmation
    assert outcome.what.confirmation.kind == "redirect"


async def test_fast_payments_have_no_hold_and_a_code_to_show(shop: YooKassa, server: Recorded) -> None:
    server.will("sbp_pending")
    outcome = await shop.create(new("sbp"), uuid4())
    _, _, body = server.requests[0]
    assert body["capture"] is True
    assert body["confirmation"] == {"type": "qr", "locale": "ru_RU"}
    assert isinstance(outcome, Pending)
    assert outcome.what.confirmation
    assert outcome.what.confirmation.url.startswith("https://qr.nspk.ru/")


@pytest.mark.parametrize(("method", "kind"), [("sberpay", "sberbank"), ("tpay", "tinkoff_bank")])
async def test_banks_apps_are_asked_for_by_their_names(
    shop: YooKassa, server: Recorded, method: PayMethod, kind: str
) -> None:
    server.will("card_pending")
    await shop.create(new(method), uuid4())
    _, _, body = server.requests[0]
    assert (body["payment_method_data"], body["capture"]) == ({"type": kind}, True)


async def test_a_kept_instrument_needs_no_page(shop: YooKassa, server: Recorded) -> None:
    server.will("held")
    outcome = await shop.create(new(token="2f-kept"), uuid4())
    _, _, body = server.requests[0]
    assert body["payment_method_id"] == "2f-kept"
    assert "confirmation" not in body
    assert isinstance(outcome, Done)
    assert outcome.what.status == "authorised"


async def test_captured_money_is_told_with_what_was_kept_of_it(shop: YooKassa, server: Recorded) -> None:
    server.will("captured")
    outcome = await shop.capture(THEIRS, PRICE, uuid4())
    where, _, body = server.requests[0]
    assert where == f"POST /payments/{THEIRS}/capture"
    assert body == {"amount": {"value": "1299.00", "currency": "RUB"}}
    assert isinstance(outcome, Done)
    assert (outcome.what.captured, outcome.what.income) == (PRICE, Money(125_463, "RUB"))
    assert outcome.what.instrument
    assert outcome.what.instrument.title == "Bank card *4477"


@pytest.mark.parametrize(
    ("answer", "code"),
    [("declined", "insufficient_funds"), ("expired", "expired"), ("reason_of_tomorrow", "declined")],
)
async def test_a_canceled_payment_says_why(shop: YooKassa, server: Recorded, answer: str, code: str) -> None:
    server.will(answer)
    outcome = await shop.get(THEIRS)
    assert isinstance(outcome, Declined)
    assert outcome.code == code


@pytest.mark.parametrize(
    "answer",
    [
        "internal_server_error",
        "processing",
        "lost",
        "no_json",
        "amount_as_number",
        "status_of_tomorrow",
    ],
)
async def test_what_cannot_be_understood_is_unknown(shop: YooKassa, server: Recorded, answer: str) -> None:
    server.will(answer, answer, answer)
    assert isinstance(await shop.create(new(), uuid4()), Unknown)
    assert isinstance(await shop.get(THEIRS), Unknown)
    assert isinstance(await shop.refund(THEIRS, uuid4(), PRICE, uuid4()), Unknown)


@pytest.mark.parametrize(
    ("answer", "is_answer"),
    [
        ("invalid_request", True),
        ("not_found", True),
        ("invalid_credentials", False),
        ("forbidden", False),
        ("too_many_requests", False),
    ],
)
async def test_a_refusal_made_nothing(
    shop: YooKassa, server: Recorded, answer: str, *, is_answer: bool
) -> None:
    server.will(answer)
    outcome = await shop.create(new(), uuid4())
    assert isinstance(outcome, NotMade)
    assert outcome.is_answer is is_answer


async def test_nobody_at_the_address_made_nothing() -> None:
    async with open_session() as session:
        shop = YooKassa(session, url="http://127.0.0.1:9", shop_id="1", secret_key=Secret("k"))
        assert await shop.create(new(), uuid4()) == NotMade(
            "it was not reached: ClientConnectorError", is_answer=False
        )


async def test_an_answer_that_does_not_come_in_time_is_unknown() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with silent, open_session(0.2) as session:
        shop = YooKassa(session, url=f"http://127.0.0.1:{port}", shop_id="1", secret_key=Secret("k"))
        assert isinstance(await shop.get(THEIRS), Unknown)


@pytest.mark.parametrize(
    ("answer", "kind"), [("refund_done", Done), ("refund_pending", Pending), ("refund_canceled", Declined)]
)
async def test_a_refund_names_the_payment_and_the_exact_sum(
    shop: YooKassa, server: Recorded, answer: str, kind: type
) -> None:
    server.will(answer, answer)
    outcome = await shop.refund(THEIRS, uuid4(), Money(29_901, "RUB"), uuid4())
    _, _, body = server.requests[0]
    assert (body["payment_id"], body["amount"]["value"]) == (THEIRS, "299.01")
    assert isinstance(outcome, kind)
    assert isinstance(await shop.get_refund(THEIRS, "r", Money(29_901, "RUB")), kind)


@pytest.mark.parametrize("answer", ["invalid_request", "not_found"])
async def test_a_refund_beyond_what_is_left_is_refused_for_good(
    shop: YooKassa, server: Recorded, answer: str
) -> None:
    server.will(answer)
    assert await shop.refund(THEIRS, uuid4(), PRICE, uuid4()) == Declined("refund_refused")


async def test_the_register_is_read_to_its_end(shop: YooKassa, server: Recorded) -> None:
    server.will("register_1", "register_2", "register_refunds")
    rows = [row async for row in shop.register(NOW, NOW + timedelta(days=1))]
    assert [(row.kind, row.amount.amount) for row in rows] == [
        ("payment", 129_900),
        ("payment", 1_050),
        ("refund", 29_901),
    ]
    assert "captured_at.gte=2026-11-27T12:00:00.000Z" in server.requests[0][0]
    assert "cursor=37a5c87d" in server.requests[1][0]


async def test_a_register_that_breaks_off_is_no_register(shop: YooKassa, server: Recorded) -> None:
    server.will("register_1", "internal_server_error")
    with pytest.raises(Unavailable):
        _ = [row async for row in shop.register(NOW, NOW + timedelta(days=1))]
