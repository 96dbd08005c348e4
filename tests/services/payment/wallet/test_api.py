"""A player sees what they can pay with, and each line of how it came to that."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.money import Money
from samovar.kit.personal_data.exporting import export
from samovar.services.payment.app import service
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Code, Kind, Transfer, leg_id
from samovar.testing.hosting import Running

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CLEARING, PREPAID, GOODWILL = (
    Account(Kind.CLEARING, "yookassa"),
    Account(Kind.PREPAID),
    Account(Kind.GOODWILL),
)
HISTORY = "/v1/wallet/transactions"


def transfer(debit: Account, credit: Account, amount: int, code: Code, *, held: bool = False) -> Transfer:
    cause = uuid4()
    return Transfer(
        id=leg_id(cause, code),
        debit=debit,
        credit=credit,
        amount=Money(amount, "RUB"),
        code=code,
        cause_id=cause,
        is_pending=held,
    )


@pytest.fixture
async def player(payment: Running) -> UUID:
    """Return a player who topped up, bought, got something back, has a bonus and an order that waits."""
    account_id = uuid4()
    wallet, bonus = Account(Kind.WALLET, str(account_id)), Account(Kind.BONUS, str(account_id))
    bought, half = (
        transfer(wallet, PREPAID, 30_000, "purchase", held=True),
        transfer(bonus, PREPAID, 400, "purchase", held=True),
    )
    days = [
        [transfer(CLEARING, wallet, 100_000, "top_up")],
        [bought, transfer(GOODWILL, bonus, 1_000, "compensation")],
        [half],
        [transfer(wallet, PREPAID, 20_000, "purchase", held=True)],
    ]  # fmt: skip
    for day, legs in enumerate(days):
        async with payment.database.transaction() as tx:
            await posting.post(tx, legs, now=NOW + timedelta(days=day))
    async with payment.database.transaction() as tx:
        await posting.post_pending(tx, bought.id, now=NOW + timedelta(days=5), amount=25_000)
        await posting.void(tx, half.id, now=NOW + timedelta(days=5))
    return account_id


async def history(payment: Running, player: UUID, query: str = "") -> list[tuple[str, str, str, int, int]]:
    answer = await payment.request("GET", f"{HISTORY}?{query}", account_id=player)
    assert answer.status == 200, answer.body
    return [
        (line["money"], line["code"], line["step"], line["change"]["amount"], line["balance"]["amount"])
        for line in answer.body["items"]
    ]


async def test_the_wallet_tells_bonus_money_and_what_is_set_aside(payment: Running, player: UUID) -> None:
    answer = await payment.request("GET", "/v1/wallet", account_id=player)
    assert answer.body == {
        "balance": {"amount": 55_000, "currency": "RUB"},
        "bonus": {"amount": 1_000, "currency": "RUB"},
        "pending": {"amount": 20_000, "currency": "RUB"},
    }


async def test_an_account_without_a_wallet_has_nothing(payment: Running) -> None:
    answer = await payment.request("GET", "/v1/wallet?currency=KZT", account_id=uuid4())
    assert (answer.status, answer.body["balance"]) == (200, {"amount": 0, "currency": "KZT"})


async def test_each_line_says_what_was_left(payment: Running, player: UUID) -> None:
    assert await history(payment, player) == [
        ("bonus", "purchase", "released", 400, 1_000),
        ("wallet", "purchase", "completed", 5_000, 55_000),
        ("wallet", "purchase", "set_aside", -20_000, 50_000),
        ("bonus", "purchase", "set_aside", -400, 600),
        ("bonus", "compensation", "moved", 1_000, 1_000),
        ("wallet", "purchase", "set_aside", -30_000, 70_000),
        ("wallet", "top_up", "moved", 100_000, 100_000),
    ]


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("money=bonus", 3),
        ("code=top_up", 1),
        ("code=other", 0),
        ("direction=out", 3),
        ("direction=in&money=wallet", 2),
        ("since=2026-11-28&until=2026-11-28", 2),
        ("until=9999-12-31", 7),
        ("amount_min=5000&amount_max=20000", 2),
        ("currency=USD", 0),
    ],
)
async def test_filters_leave_the_balances_as_they_are(
    payment: Running, player: UUID, query: str, lines: int
) -> None:
    whole = await history(payment, player)
    found = await history(payment, player, query)
    assert len(found) == lines
    assert set(found) <= set(whole)


async def test_pages_hold_each_line_once(payment: Running, player: UUID) -> None:
    found, cursor = [], ""
    while True:
        answer = await payment.request("GET", f"{HISTORY}?limit=2{cursor}", account_id=player)
        found += [line["id"] for line in answer.body["items"]]
        if answer.body["next_cursor"] is None:
            break
        cursor = f"&cursor={answer.body['next_cursor']}"
    assert len(found) == len(set(found)) == 7


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=zzz", "cursor"),
        ("since=2026-11-29&until=2026-11-28", "until"),
        ("amount_min=2&amount_max=1", "amount_max"),
        ("amount_min=-1", "amount_min"),
        ("money=gold", "money"),
        ("currency=rub", "currency"),
        ("since=yesterday", "since"),
    ],
)
async def test_nonsense_is_refused_by_name(payment: Running, query: str, field: str) -> None:
    answer = await payment.request("GET", f"{HISTORY}?{query}", account_id=uuid4())
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)


async def test_nobody_sees_another_ones_history(payment: Running, player: UUID) -> None:
    assert await history(payment, player)
    assert await history(payment, uuid4()) == []
    assert (await payment.request("GET", HISTORY)).status == 401


@pytest.mark.parametrize(
    ("language", "delimiter", "title", "change"),
    [("ru", ";", "Пополнение кошелька", "1000,00"), ("en", ",", "Wallet top-up", "1000.00")],
)
async def test_the_table_is_in_the_readers_language(
    payment: Running, player: UUID, language: str, delimiter: str, title: str, change: str
) -> None:
    answer = await payment.request(
        "GET", f"{HISTORY}/csv", account_id=player, headers={"Accept-Language": language}
    )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=delimiter))
    assert len(rows) == 8
    assert rows[-1][1] == title
    assert rows[-1][4] == change


async def test_ones_own_history_is_handed_over(payment: Running, player: UUID) -> None:
    document, counts = await export(payment.database, service.personal_data, player, [])
    assert counts["ledger_transfers"] == 7
    assert document
    assert msgspec.json.encode(counts)
