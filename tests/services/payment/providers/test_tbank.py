"""T-Bank's dialect, as its documentation shows it: signatures, states, and a second `Init` that must not be."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

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
    Unknown,
)
from samovar.services.payment.providers.tbank import TBank, token_of
from tests.services.payment.providers.recorded import Recorded, recorded

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OURS = UUID("0193b0c0-0000-7000-8000-000000000001")
PRICE = Money(129_900, "RUB")


@pytest.fixture
async def server() -> AsyncIterator[Recorded]:
    async with recorded("tbank") as running:
        yield running


@pytest.fixture
async def terminal(server: Recorded) -> AsyncIterator[TBank]:
    async with open_session() as session:
        yield TBank(
            session, url=server.url, terminal_key="TinkoffBankTest", password=Secret("TinkoffBankTest")
        )


def new(method: PayMethod = "card", *, is_repeated: bool = False) -> NewPayment:
    return NewPayment(
        id=OURS,
        method=method,
        amount=PRICE,
        description="Заказ 7",
        return_url="https://play.example/orders/7",
        notify_url="https://play.example/v1/payments/webhooks/tbank",
        expires_at=NOW + timedelta(hours=1),
        customer=uuid4(),
        is_repeated=is_repeated,
    )


def asked(server: Recorded) -> list[str]:
    return [where.removeprefix("POST /") for where, _, _ in server.requests]


def test_the_signature_is_that_of_the_documentation() -> None:
    """The example of developer.tbank.ru/eacq/intro/developer/token."""
    body: dict[str, Any] = {
        "TerminalKey": "MerchantTerminalKey",
        "Amount": 19200,
        "OrderId": "00000",
        "Description": "Подарочная карта на 1000 рублей",
        "DATA": {"Phone": "+71234567890", "Email": "a@test.com"},
        "Receipt": {"Email": "a@test.ru", "Items": []},
    }
    assert token_of(body, Secret("11111111111111")) == (
        "72dd466f8ace0a37a1f740ce5fb78101712bc0665d91a8108c7c8a0ccd426db2"
    )


async def test_a_card_is_held_on_a_page(terminal: TBank, server: Recorded) -> None:
    server.will("init")
    outcome = await terminal.create(new(), uuid4())
    _, _, body = server.requests[0]
    assert (body["Amount"], body["OrderId"], body["PayType"]) == (129_900, str(OURS), "T")
    assert body["Token"] == token_of(body, Secret("TinkoffBankTest"))
    assert "Password" not in body
    assert isinstance(outcome, Pending)
    assert outcome.what.confirmation
    assert outcome.what.confirmation.url == "https://securepay.tinkoff.ru/new/fU1ppgqa"


async def test_fast_payments_have_a_code_to_show(terminal: TBank, server: Recorded) -> None:
    server.will("init", "qr")
    outcome = await terminal.create(new("sbp"), uuid4())
    assert asked(server) == ["Init", "GetQr"]
    assert server.requests[0][2]["PayType"] == "O"
    assert isinstance(outcome, Pending)
    assert outcome.what.confirmation
    assert outcome.what.confirmation.kind == "qr"


async def test_a_lost_answer_is_looked_for_before_anything_is_made_anew(
    terminal: TBank, server: Recorded
) -> None:
    server.will("lost")
    assert isinstance(await terminal.create(new("sbp"), uuid4()), Unknown)
    server.will("order_with_new", "qr")
    outcome = await terminal.create(new("sbp", is_repeated=True), uuid4())
    assert isinstance(outcome, Pending)
    assert asked(server) == ["Init", "CheckOrder", "GetQr"]


async def test_a_page_whose_address_was_lost_makes_room(terminal: TBank, server: Recorded) -> None:
    server.will("order_with_new", "canceled", "init")
    assert isinstance(await terminal.create(new(is_repeated=True), uuid4()), Pending)
    assert asked(server) == ["CheckOrder", "Cancel", "Init"]


async def test_money_that_is_held_already_is_not_asked_for_again(terminal: TBank, server: Recorded) -> None:
    server.will("order_with_held", "held")
    outcome = await terminal.create(new(is_repeated=True), uuid4())
    assert isinstance(outcome, Done)
    assert asked(server) == ["CheckOrder", "GetState"]


@pytest.mark.parametrize("answer", ["away", "no_json", "lost", "wrong_token", "their_trouble"])
async def test_while_it_is_not_known_what_there_is_nothing_is_made(
    terminal: TBank, server: Recorded, answer: str
) -> None:
    server.will(answer)
    assert isinstance(await terminal.create(new(is_repeated=True), uuid4()), Unknown)
    assert asked(server) == ["CheckOrder"]


async def test_where_there_is_nothing_their_trouble_made_nothing(terminal: TBank, server: Recorded) -> None:
    server.will("their_trouble", "no_order")
    assert await terminal.create(new(), uuid4()) == NotMade("ErrorCode 9999", is_answer=True)


@pytest.mark.parametrize(
    ("answer", "kind", "status"),
    [
        ("shown", Pending, "pending"),
        ("held", Done, "authorised"),
        ("captured", Done, "captured"),
        ("rejected", Declined, "canceled"),
        ("expired", Declined, "canceled"),
        ("canceled", Declined, "canceled"),
    ],
)
async def test_states_are_told_in_our_words(
    terminal: TBank, server: Recorded, answer: str, kind: type, status: str
) -> None:
    server.will(answer)
    outcome = await terminal.get("13660")
    assert type(outcome) is kind
    assert isinstance(outcome, Done | Pending | Declined)
    assert outcome.what
    assert outcome.what.status == status
    assert outcome.what.payment_id == OURS


async def test_a_declined_card_says_why(terminal: TBank, server: Recorded) -> None:
    server.will("rejected")
    outcome = await terminal.get("13660")
    assert isinstance(outcome, Declined)
    assert outcome.code == "insufficient_funds"


async def test_a_capture_heard_twice_is_refused(terminal: TBank, server: Recorded) -> None:
    server.will("confirmed", "wrong_status")
    assert isinstance(await terminal.capture("13660", PRICE, uuid4()), Done)
    assert await terminal.capture("13660", PRICE, uuid4()) == NotMade("ErrorCode 8", is_answer=True)


async def test_a_hold_is_let_go(terminal: TBank, server: Recorded) -> None:
    server.will("reversed")
    outcome = await terminal.cancel("13660", uuid4())
    assert isinstance(outcome, Declined)
    assert outcome.code == "canceled"


async def test_a_refund_goes_by_its_key(terminal: TBank, server: Recorded) -> None:
    server.will("refunding", "partly_refunded", "wrong_status")
    key, amount = uuid4(), Money(29_901, "RUB")
    first = await terminal.refund("13660", uuid4(), amount, key)
    assert isinstance(first, Pending)
    assert first.what.id == str(key)
    assert isinstance(await terminal.get_refund("13660", first.what.id, amount), Done)
    assert {body["ExternalRequestId"] for _, _, body in server.requests} == {str(key)}
    assert await terminal.refund("13660", uuid4(), amount, uuid4()) == Declined("refund_refused")


def test_a_notification_is_believed_only_when_signed(terminal: TBank) -> None:
    body: dict[str, Any] = {"TerminalKey": "TinkoffBankTest", "PaymentId": 13660, "Success": True}
    signed = body | {"Token": token_of(body, Secret("TinkoffBankTest"))}
    assert terminal.is_genuine(signed)
    assert not terminal.is_genuine(signed | {"PaymentId": 13661})
    assert not terminal.is_genuine(signed | {"TerminalKey": "another"})
    assert not terminal.is_genuine(body)
    assert not terminal.is_genuine(body | {"Token": None})
