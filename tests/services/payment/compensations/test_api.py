"""Support gives money: what is small at once, what is large by two persons, and never to themselves."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.ids import new_id
from samovar.services.payment.compensations.use_cases import Compensations, Limits
from samovar.services.payment.contract.compensations_events import CompensationGiven
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.testing.clock import FakeClock
from samovar.testing.hosting import Answer, Running
from tests.services.payment.market import Market, faults

PATH = "/v1/admin/payments/compensations"
SMALL, LARGE = 10_000, 200_000


class Everybody:
    """Accounts that are all there."""

    async def exists(self, account_id: UUID) -> bool:
        return account_id is not None


@pytest.fixture(scope="module")
def payment(market: Market) -> Running:
    """Return payment beside an account service that knows everybody."""
    return market.payment


async def send(
    payment: Running,
    path: str,
    body: dict[str, Any],
    *,
    by: UUID | None = None,
    role: str = "support",
    key: str | None = None,
) -> Answer:
    return await payment.request(
        "POST",
        f"{PATH}{path}",
        account_id=by or uuid4(),
        roles=(role,),
        acr="aal2",
        headers={"Idempotency-Key": key or str(uuid4())},
        json=body,
    )


def wish(amount: object, **more: object) -> dict[str, Any]:
    return {
        "account_id": str(uuid4()),
        "kind": "wallet",
        "amount": amount,
        "reason": "platform_fault",
        "note": "Пропал прогресс",
    } | more


async def balance(payment: Running, body: dict[str, Any]) -> int:
    kind = Kind.WALLET if body["kind"] == "wallet" else Kind.BONUS
    return (await posting.balance(payment.database, Account(kind, body["account_id"]))).available


async def approve(
    payment: Running, shown: Answer, *, by: UUID | None = None, role: str = "finance", **more: object
) -> Answer:
    body = {"content_hash": shown.body["content_hash"], "note": "Проверено"} | more
    return await send(payment, f"/{shown.body['id']}/approve", body, by=by, role=role)


async def test_an_account_that_nobody_has_is_given_nothing(market: Market) -> None:
    body = wish(SMALL)
    market.people.unknown.add(body["account_id"])
    answer = await send(market.payment, "", body)
    assert (answer.status, faults(answer)) == (422, {"account_id": "account_unknown"})
    assert await balance(market.payment, body) == 0
    large = await send(market.payment, "", body | {"amount": LARGE})
    assert (large.status, faults(large)) == (422, {"account_id": "account_unknown"})


async def test_nothing_is_given_while_nobody_can_say_who_exists(market: Market) -> None:
    body = wish(SMALL)
    market.people.away = True
    try:
        answer = await send(market.payment, "", body, key="later", by=UUID(int=7))
    finally:
        market.people.away = False
    assert (answer.status, answer.body["code"]) == (503, "payment.account_away")
    assert await balance(market.payment, body) == 0
    assert (await send(market.payment, "", body, key="later", by=UUID(int=7))).status == 201


@pytest.mark.parametrize("kind", ["wallet", "bonus"])
async def test_a_small_one_is_given_at_once(payment: Running, kind: str) -> None:
    body = wish(SMALL, kind=kind)
    answer = await send(payment, "", body)
    assert (answer.status, answer.body["status"]) == (201, "given")
    assert await balance(payment, body) == SMALL
    told = [
        event
        for event in await payment.events(CompensationGiven)
        if str(event.account_id) == body["account_id"]
    ]
    assert [event.amount.amount for event in told] == [SMALL]


async def test_the_same_key_gives_once(payment: Running) -> None:
    body, by = wish(SMALL), uuid4()
    answers = [await send(payment, "", body, by=by, key="once") for _ in range(3)]
    assert len({answer.body["id"] for answer in answers}) == 1
    assert await balance(payment, body) == SMALL
    assert (await send(payment, "", body | {"amount": 1}, by=by, key="once")).status == 409


async def test_a_large_one_waits_for_a_second_person_of_finance(payment: Running) -> None:
    body, proposer = wish(LARGE), uuid4()
    proposed = await send(payment, "", body, by=proposer, role="finance")
    assert proposed.body["status"] == "proposed"
    assert await balance(payment, body) == 0
    own = await approve(payment, proposed, by=proposer)
    assert (own.status, own.body["code"]) == (403, "payment.own_proposal")
    assert (await approve(payment, proposed, role="support")).status == 403
    given = await approve(payment, proposed)
    assert (given.status, given.body["status"]) == (200, "given")
    assert await balance(payment, body) == LARGE
    again = await approve(payment, proposed)
    assert (again.status, again.body["code"]) == (409, "payment.compensation_decided")
    assert await balance(payment, body) == LARGE


async def test_whoever_gets_it_neither_gives_nor_approves(payment: Running) -> None:
    me = uuid4()
    own = await send(payment, "", wish(SMALL, account_id=str(me)), by=me)
    assert (own.status, own.body["code"]) == (403, "payment.own_compensation")
    proposed = await send(payment, "", wish(LARGE, account_id=str(me)))
    assert (await approve(payment, proposed, by=me)).body["code"] == "payment.own_compensation"


async def test_an_approval_is_of_what_was_shown(payment: Running) -> None:
    proposed = await send(payment, "", wish(LARGE))
    other = await approve(payment, proposed, content_hash="0" * 64)
    assert (other.status, other.body["code"]) == (409, "payment.compensation_differs")
    async with payment.database.transaction() as tx:
        await tx.execute(
            "UPDATE compensations SET amount = amount * 2 WHERE id = $1", UUID(proposed.body["id"])
        )
    assert (await approve(payment, proposed)).body["code"] == "payment.compensation_differs"


async def test_a_rejected_one_gives_nothing(payment: Running) -> None:
    body = wish(LARGE)
    proposed = await send(payment, "", body)
    path = f"/{proposed.body['id']}/reject"
    assert (await send(payment, path, {"note": "Не за что"}, role="finance")).body["status"] == "rejected"
    assert (await approve(payment, proposed)).status == 409
    assert await balance(payment, body) == 0


async def test_of_many_approvals_at_one_moment_one_counts(payment: Running) -> None:
    body = wish(LARGE)
    proposed = await send(payment, "", body)
    answers = await asyncio.gather(*(approve(payment, proposed) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert await balance(payment, body) == LARGE


async def test_small_ones_add_up_to_the_limit_of_the_day(payment: Running) -> None:
    by = uuid4()
    answers = await asyncio.gather(*(send(payment, "", wish(100_000), by=by) for _ in range(7)))
    assert sorted(answer.body["status"] for answer in answers) == ["given"] * 5 + ["proposed"] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 2**60},
        {"amount": 1.5},
        {"kind": "cash"},
        {"reason": "because"},
        {"note": ""},
        {"note": "  \n"},
        {"note": "a\0b"},
        {"account_id": "nobody"},
        {"line_id": str(uuid4())},
        {"currency": "USD"},
        {"amount": 10_000_001},
    ],
)
async def test_nonsense_is_refused_and_gives_nothing(payment: Running, change: dict[str, object]) -> None:
    answer = await send(payment, "", wish(SMALL) | change)
    assert answer.status == 422
    assert next(iter(change)) in answer.body["errors"][0]["field"]


async def test_a_line_of_somebody_else_is_named_so(payment: Running) -> None:
    answer = await send(payment, "", wish(SMALL, line_id=str(uuid4())))
    assert [one["code"] for one in answer.body["errors"]] == ["line_foreign"]


async def test_who_gave_what_is_on_record(payment: Running) -> None:
    body = wish(SMALL)
    given = await send(payment, "", body)
    listed = await payment.request(
        "GET", f"{PATH}?account_id={body['account_id']}", account_id=uuid4(), roles=("admin",), acr="aal2"
    )
    assert listed.body["items"] == [given.body]
    assert listed.body["items"][0]["proposer_id"]
    assert (await payment.request("GET", PATH, account_id=uuid4())).status == 403


async def test_a_proposal_ends_by_itself(payment: Running) -> None:
    proposed = await send(payment, "", wish(LARGE))
    async with payment.database.transaction() as tx:
        await tx.execute(
            "UPDATE compensations SET expires_at = proposed_at WHERE id = $1", UUID(proposed.body["id"])
        )
    assert (await approve(payment, proposed)).body["code"] == "payment.compensation_expired"
    limits = Limits(alone=1, alone_per_day=1, most=1, approved_per_day=1, ttl=timedelta(1))
    late = FakeClock(datetime.now(UTC))
    await Compensations(
        payment.database, people=Everybody(), limits=limits, clock=late, new_id=new_id
    ).expire()
    shown = await payment.request(
        "GET", f"{PATH}/{proposed.body['id']}", account_id=uuid4(), roles=("finance",), acr="aal2"
    )
    assert shown.body["status"] == "expired"
