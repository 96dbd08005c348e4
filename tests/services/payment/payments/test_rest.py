"""Paying into a wallet over REST, with the simulated providers and their notifications; and what is refused on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.services.account.contract.v1_pb2_grpc import add_FamiliesServicer_to_server
from samovar.services.payment.app import service
from samovar.services.payment.contract.events import WalletToppedUp
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.testing.hosting import WAIT_S, Answer, Running, running
from samovar.testing.issuer import Issuer
from samovar.testing.money import SimulatedMoney
from tests.services.payment.children.families import FamilyPeer
from tests.services.payment.conftest import SIGNING_SECRET

AMOUNT = {"amount": 50_000, "currency": "RUB"}


@asynccontextmanager
async def families() -> AsyncIterator[str]:
    """Run an account service that knows of no family; yields its address."""
    server = grpc.aio.server()
    add_FamiliesServicer_to_server(FamilyPeer(), server)  # type: ignore[abstract]  # the rest is not asked here
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    yield address
    await server.stop(None)


@pytest.fixture(scope="module")
async def paying(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer, money_simulator: SimulatorServer
) -> AsyncIterator[Running]:
    """Return payment with providers that answer."""
    settings: Any = SimulatedMoney.of(money_simulator).settings
    async with (
        families() as address,
        running(
            service,
            peers={"account": address},
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats_url,
            issuer=issuer,
            signing_secret=SIGNING_SECRET,
            top_up_monthly_max="120000",
            **settings,
        ) as started,
    ):
        yield started


@pytest.fixture
async def told(paying: Running, money: SimulatedMoney) -> SimulatedMoney:
    """Return the providers, who tell payment what happens."""
    await money.webhooks_to(f"http://{paying.host.rest_address}/v1/payments/webhooks")
    return money


async def top_up(paying: Running, account_id: UUID, *, key: str | None = None, **more: Any) -> Answer:
    body = {"amount": AMOUNT, "method": "sbp"} | more
    headers = {"Idempotency-Key": key or str(uuid4())}
    return await paying.request(
        "POST", "/v1/wallet/topups", account_id=account_id, json=body, headers=headers
    )


async def remote_of(paying: Running, top_up_id: str) -> str:
    found: str = await paying.until(
        "SELECT p.provider_payment_id FROM payments p WHERE p.purpose_id = $1", UUID(top_up_id)
    )
    return found


async def shown(paying: Running, account_id: UUID, top_up_id: str, status: str) -> dict[str, Any]:
    """Wait until a top-up has a status."""
    async with asyncio.timeout(WAIT_S):
        while True:
            answer = await paying.request("GET", f"/v1/wallet/topups/{top_up_id}", account_id=account_id)
            if answer.body["status"] == status:
                return dict(answer.body)
            await asyncio.sleep(0.05)


async def wallet_of(paying: Running, account_id: UUID) -> int:
    return (await posting.balance(paying.database, Account(Kind.WALLET, str(account_id)))).available


async def test_a_top_up_is_in_the_wallet_once(paying: Running, told: SimulatedMoney) -> None:
    account_id, key = uuid4(), str(uuid4())
    answer = await top_up(paying, account_id, key=key)
    assert answer.status == 201
    assert answer.body["status"] == "pending"
    assert answer.body["confirmation"]["type"] == "qr"
    again = await top_up(paying, account_id, key=key)
    assert again.body == answer.body
    await told.fault("webhooks", "duplicate")
    await told.pay(await remote_of(paying, answer.body["id"]), method="sbp")
    credited = await shown(paying, account_id, answer.body["id"], "credited")
    assert credited["confirmation"] == {"type": "none", "url": None}
    assert await wallet_of(paying, account_id) == 50_000
    events = [e for e in await paying.events(WalletToppedUp) if e.account_id == account_id]
    assert [event.amount.amount for event in events] == [50_000]


async def test_an_untouched_top_up_goes_back(paying: Running, told: SimulatedMoney) -> None:
    account_id = uuid4()
    made = (await top_up(paying, account_id)).body
    await told.pay(await remote_of(paying, made["id"]), method="sbp")
    await shown(paying, account_id, made["id"], "credited")
    path, headers = f"/v1/wallet/topups/{made['id']}/refunds", {"Idempotency-Key": str(uuid4())}
    assert (await paying.request("POST", path, account_id=uuid4(), headers=headers)).status == 404
    answer = await paying.request("POST", path, account_id=account_id, headers=headers)
    assert (answer.status, answer.body["status"]) == (201, "refunding")
    assert await wallet_of(paying, account_id) == 0
    back = await shown(paying, account_id, made["id"], "refunded")
    assert [(one["kind"], one["total"]) for one in back["receipts"]] == [
        ("advance", AMOUNT),
        ("refund", AMOUNT),
    ]
    again = await paying.request(
        "POST", path, account_id=account_id, headers={"Idempotency-Key": str(uuid4())}
    )
    assert (again.status, again.body["code"]) == (409, "payment.top_up_not_refundable")


async def credited(paying: Running, told: SimulatedMoney, account_id: UUID) -> dict[str, Any]:
    """Pay into a wallet, and wait until it is there."""
    made = (await top_up(paying, account_id)).body
    await told.pay(await remote_of(paying, made["id"]), method="sbp")
    return await shown(paying, account_id, made["id"], "credited")


async def send_back(paying: Running, account_id: UUID, top_up_id: str) -> Answer:
    return await paying.request(
        "POST",
        f"/v1/wallet/topups/{top_up_id}/refunds",
        account_id=account_id,
        headers={"Idempotency-Key": str(uuid4())},
    )


async def test_a_top_up_goes_back_after_a_later_one_did(paying: Running, told: SimulatedMoney) -> None:
    account_id = uuid4()
    first, second = await credited(paying, told, account_id), await credited(paying, told, account_id)
    for one in (second, first):
        answer = await send_back(paying, account_id, one["id"])
        assert (answer.status, answer.body["status"]) == (201, "refunding"), answer.body
        await shown(paying, account_id, one["id"], "refunded")
    assert await wallet_of(paying, account_id) == 0
    history = await paying.request("GET", "/v1/wallet/transactions?direction=out", account_id=account_id)
    assert {one["code"] for one in history.body["items"]} == {"top_up_refund"}


async def test_a_top_up_that_was_refused_once_goes_back_the_next_time(
    paying: Running, told: SimulatedMoney
) -> None:
    account_id = uuid4()
    made = await credited(paying, told, account_id)
    await told.control("PUT", "/control/refunds", wait=True)
    assert (await send_back(paying, account_id, made["id"])).status == 201
    remote_id: str = await paying.until(
        "SELECT r.provider_refund_id FROM payment_refunds r JOIN payments p ON p.id = r.payment_id WHERE p.purpose_id = $1",
        UUID(made["id"]),
    )
    await told.control("POST", f"/control/refunds/{remote_id}/cancel", reason="insufficient_funds")
    await shown(paying, account_id, made["id"], "credited")
    assert (await send_back(paying, account_id, made["id"])).status == 201


async def test_a_canceled_top_up_that_is_paid_all_the_same_goes_back(
    paying: Running, told: SimulatedMoney
) -> None:
    account_id = uuid4()
    made = (await top_up(paying, account_id)).body
    remote_id = await remote_of(paying, made["id"])
    path = f"/v1/wallet/topups/{made['id']}/cancel"
    answer = await paying.request(
        "POST", path, account_id=account_id, headers={"Idempotency-Key": str(uuid4())}
    )
    assert (answer.status, answer.body["status"]) == (200, "canceled")
    await told.pay(remote_id, method="sbp")
    await paying.until(
        "SELECT refunded = captured AND captured > 0 FROM payments WHERE purpose_id = $1", UUID(made["id"])
    )
    assert await wallet_of(paying, account_id) == 0


async def test_a_declined_top_up_fails_and_says_why(paying: Running, told: SimulatedMoney) -> None:
    account_id = uuid4()
    made = (await top_up(paying, account_id, method="card")).body
    assert made["confirmation"]["type"] == "redirect"
    await told.decline(await remote_of(paying, made["id"]))
    failed = await shown(paying, account_id, made["id"], "failed")
    assert failed["failure_code"] == "insufficient_funds"


async def test_a_kept_card_pays_the_next_time(paying: Running, told: SimulatedMoney) -> None:
    account_id = uuid4()
    made = (await top_up(paying, account_id, method="card", save_method=True)).body
    await told.pay(await remote_of(paying, made["id"]))
    await shown(paying, account_id, made["id"], "credited")
    kept = (await paying.request("GET", "/v1/payment-methods", account_id=account_id)).body["saved"]
    assert [one["method"] for one in kept] == ["card"]
    second = (await top_up(paying, account_id, method="card", saved_method_id=kept[0]["id"])).body
    await shown(paying, account_id, second["id"], "credited")
    assert await wallet_of(paying, account_id) == 100_000
    for owner, method in ((uuid4(), "card"), (account_id, "sbp")):
        refused = await top_up(paying, owner, method=method, saved_method_id=kept[0]["id"])
        assert (refused.status, refused.body["errors"][0]["field"]) == (422, "saved_method_id")
    stranger = await paying.request("DELETE", f"/v1/payment-methods/{kept[0]['id']}", account_id=uuid4())
    assert stranger.status == 404
    gone = await asyncio.gather(
        *(
            paying.request("DELETE", f"/v1/payment-methods/{kept[0]['id']}", account_id=account_id)
            for _ in range(4)
        )
    )
    assert sorted(answer.status for answer in gone) == [204, 404, 404, 404]
    left = (await paying.request("GET", "/v1/payment-methods", account_id=account_id)).body["saved"]
    assert left == []


async def test_the_limit_of_a_month_holds_for_all_at_once(paying: Running) -> None:
    account_id = uuid4()
    answers = await asyncio.gather(*(top_up(paying, account_id) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [201, 201, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status == 409)
    assert refused.body["code"] == "payment.top_up_limit_reached"
    listed = (await paying.request("GET", "/v1/wallet/topups?limit=1", account_id=account_id)).body
    assert len(listed["items"]) == 1
    rest = await paying.request(
        "GET", f"/v1/wallet/topups?cursor={listed['next_cursor']}", account_id=account_id
    )
    assert (len(rest.body["items"]), rest.body["next_cursor"]) == (1, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": {"amount": -5, "currency": "RUB"}}, "amount.amount"),
        ({"amount": {"amount": 0, "currency": "RUB"}}, "amount.amount"),
        ({"amount": {"amount": 999, "currency": "RUB"}}, "amount.amount"),
        ({"amount": {"amount": 1_500_001, "currency": "RUB"}}, "amount.amount"),
        ({"amount": {"amount": 10**18, "currency": "RUB"}}, "amount.amount"),
        ({"amount": {"amount": 50_000, "currency": "USD"}}, "amount.currency"),
        ({"amount": {"amount": 500.5, "currency": "RUB"}}, "amount.amount"),
        ({"method": "wallet"}, "method"),
        ({"return_url": "https://evil.example/"}, "return_url"),
        ({"saved_method_id": "x"}, "saved_method_id"),
    ],
)
async def test_nonsense_names_its_field_and_moves_nothing(
    paying: Running, wrong: dict[str, Any], field: str
) -> None:
    account_id = uuid4()
    answer = await top_up(paying, account_id, **wrong)
    assert answer.status == 422
    assert field in {fault["field"] for fault in answer.body["errors"]}
    assert (await paying.request("GET", "/v1/wallet/topups", account_id=account_id)).body["items"] == []


@pytest.mark.parametrize(
    ("amount", "language", "detail"),
    [
        (999, "ru", "Слишком мало: можно от 10\u00a0₽."),
        (999, "en", "Too small: ₽10 is the least."),
        (1_500_001, "ru", "Слишком много: можно до 15\u202f000\u00a0₽."),
    ],
)
async def test_limits_of_amounts_are_told_as_money(
    paying: Running, amount: int, language: str, detail: str
) -> None:
    answer = await paying.request(
        "POST",
        "/v1/wallet/topups",
        account_id=uuid4(),
        json={"amount": {"amount": amount, "currency": "RUB"}, "method": "sbp"},
        headers={"Idempotency-Key": str(uuid4()), "Accept-Language": language},
    )
    (fault,) = answer.body["errors"]
    assert fault["detail"] == detail
    assert (fault["limit"], fault["currency"]) == ("1000" if amount < 1_000 else "1500000", "RUB")


async def test_only_top_ups_that_were_begun_count_for_the_hour(paying: Running) -> None:
    account_id, least = uuid4(), {"amount": 1_000, "currency": "RUB"}
    for _ in range(21):
        assert (await top_up(paying, account_id, method="wallet")).status == 422
    key = str(uuid4())
    begun = [await top_up(paying, account_id, amount=least, key=key)]
    begun += await asyncio.gather(*(top_up(paying, account_id, amount=least) for _ in range(21)))
    assert [answer.status for answer in begun].count(201) == 20
    refused = next(answer for answer in begun if answer.status != 201)
    assert (refused.status, refused.body["code"]) == (429, "payment.too_many_top_ups")
    assert int(refused.headers["retry-after"]) > 3_000
    assert (await top_up(paying, account_id, amount=least, key=key)).status == 201


async def test_where_no_provider_is_there_nothing_waits_for_one(
    postgres: PostgresServer, redis_url: str, issuer: Issuer, tmp_path: Path
) -> None:
    async with (
        NatsServer(tmp_path) as nats,
        families() as address,
        running(
            service,
            peers={"account": address},
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            signing_secret=SIGNING_SECRET,
        ) as poor,
    ):
        account_id, key = uuid4(), str(uuid4())
        answer = await top_up(poor, account_id, key=key)
        assert (answer.status, answer.body["code"]) == (503, "payment.no_provider")
        assert (await poor.request("GET", "/v1/wallet/topups", account_id=account_id)).body["items"] == []
        open_now = (await poor.request("GET", "/v1/payment-methods", account_id=account_id)).body
        # What is in the wallet already can be spent.
        assert (open_now["methods"], open_now["saved"]) == (
            [{"method": "wallet", "least": None, "most": None, "can_save": False}],
            [],
        )


async def test_the_same_key_with_another_body_is_refused(paying: Running) -> None:
    account_id, key = uuid4(), str(uuid4())
    assert (await top_up(paying, account_id, key=key)).status == 201
    other = await top_up(paying, account_id, key=key, amount={"amount": 60_000, "currency": "RUB"})
    assert (other.status, other.body["code"]) == (409, "idempotency.mismatch")


async def test_anothers_top_up_is_not_there(paying: Running) -> None:
    made = (await top_up(paying, uuid4())).body
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/refunds")):
        answer = await paying.request(
            method,
            f"/v1/wallet/topups/{made['id']}{path}",
            account_id=uuid4(),
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert (answer.status, answer.body["code"]) == (404, "payment.top_up_not_found")


async def test_ways_to_pay_depend_on_where_and_how_much(paying: Running) -> None:
    async def methods(query: str) -> set[str]:
        answer = await paying.request("GET", f"/v1/payment-methods{query}", account_id=uuid4())
        assert answer.status == 200
        return {one["method"] for one in answer.body["methods"]}

    assert await methods("") == {"wallet", "sbp", "card", "sberpay", "tpay"}
    assert await methods("?country=KZ") == {"wallet"}
    assert await methods("?amount=60000000") == {"wallet", "sbp", "sberpay", "tpay"}
    bad = await paying.request("GET", "/v1/payment-methods?amount=-1", account_id=uuid4())
    assert bad.status == 422


@pytest.mark.parametrize(
    ("address", "body", "status", "code"),
    [
        ("203.0.113.9", b"{}", 403, "payment.webhook_refused"),
        ("8.8.8.8, 203.0.113.9", b"{}", 403, "payment.webhook_refused"),
        ("127.0.0.1", b"{", 400, "payment.webhook_malformed"),
        ("127.0.0.1", b"", 400, "payment.webhook_malformed"),
        (
            "185.71.76.1",
            b'{"type":"notification","event":"payment.succeeded","object":{"id":"x"}}',
            404,
            "payment.payment_unknown",
        ),
    ],
)
async def test_a_notification_that_is_none_is_refused(
    paying: Running, address: str, body: bytes, status: int, code: str
) -> None:
    answer = await paying.request(
        "POST",
        "/v1/payments/webhooks/yookassa",
        data=body,
        headers={"X-Forwarded-For": address, "Content-Type": "application/json"},
    )
    assert (answer.status, answer.body["code"]) == (status, code)


async def test_an_unsigned_notification_is_refused(paying: Running) -> None:
    answer = await paying.request("POST", "/v1/payments/webhooks/tbank", data=b'{"PaymentId": 1}')
    assert (answer.status, answer.body["code"]) == (403, "payment.webhook_refused")
