"""One key, one effect, one answer: sent twice, in parallel, with another body, and by a process that dies."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.errors import Conflict, RateLimited
from samovar.kit.idempotency import Idempotency, InFlight, Once, StoredAnswer
from samovar.kit.identity import Caller
from samovar.kit.ids import new_id
from samovar.kit.routes import post
from samovar.kit.runtime import Kit, Service
from samovar.kit.settings import ServiceSettings
from samovar.testing.hosting import Answer, Running, running
from samovar.testing.issuer import Issuer

PATH = "/v1/payments"


class Empty(Conflict):
    """There is not enough money."""

    code = "request.conflict"


class Payment(msgspec.Struct):
    amount_minor: int


class Receipt(msgspec.Struct):
    id: UUID
    amount_minor: int


class Purse:
    """Pays once per key; may be told to fail."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.effects = 0
        self.hold = asyncio.Event()
        self.hold.set()

    async def pay(self, payment: Payment, once: Once) -> Receipt:
        await self.hold.wait()
        receipt = Receipt(new_id(), payment.amount_minor)
        async with self._database.transaction() as tx:
            answer = await once.answer(tx, receipt)
        self.effects += 1
        return answer


@post(PATH, auth="player", idempotency_key=True, raises=(Empty,))
async def pay(data: Payment, caller: Caller, purse: Purse, once: Once) -> Receipt:  # noqa: ARG001  the key is the caller's
    """Pay."""
    match data.amount_minor:
        case -1:
            raise Empty
        case -2:
            raise RateLimited
        case -3:
            raise RuntimeError("a bug")
    return await purse.pay(data, once)


purses: list[Purse] = []


async def build(kit: Kit, _settings: ServiceSettings) -> Mapping[str, object]:
    purses.append(Purse(kit.database))
    return {"purse": purses[-1]}


@pytest.fixture(scope="module")
async def bank(
    postgres: PostgresServer, redis_url: str, nats_url: str, issuer: Issuer
) -> AsyncIterator[Running]:
    service = Service(name="bank", summary="Pays", package="samovar.kit.rest", build=build, routes=(pay,))
    async with running(
        service, postgres=postgres, redis_url=redis_url, nats_url=nats_url, issuer=issuer
    ) as started:
        yield started


@pytest.fixture
def purse(bank: Running) -> Purse:
    assert bank.service.name == "bank"
    purses[-1].effects = 0
    return purses[-1]


async def send(bank: Running, account_id: UUID, amount_minor: int, key: str | None = "key") -> Answer:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return await bank.request(
        "POST", PATH, account_id=account_id, json={"amount_minor": amount_minor}, headers=headers
    )


async def test_the_same_request_again_gets_the_first_answer_and_no_second_effect(
    bank: Running, purse: Purse
) -> None:
    account_id = uuid4()
    first, second = [await send(bank, account_id, 100) for _ in range(2)]
    assert (first.status, second.status, first.body, purse.effects) == (201, 201, second.body, 1)
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"


async def test_another_body_under_the_same_key_is_refused(bank: Running, purse: Purse) -> None:
    account_id = uuid4()
    await send(bank, account_id, 100)
    other = await send(bank, account_id, 200)
    assert (other.status, other.body["code"], purse.effects) == (409, "idempotency.mismatch", 1)


async def test_a_key_belongs_to_its_account(bank: Running, purse: Purse) -> None:
    answers = [await send(bank, uuid4(), 100) for _ in range(2)]
    assert (answers[0].body["id"] != answers[1].body["id"], purse.effects) == (True, 2)


async def test_requests_in_parallel_have_one_effect(bank: Running, purse: Purse) -> None:
    account_id = uuid4()
    purse.hold.clear()
    sent = [asyncio.create_task(send(bank, account_id, 100)) for _ in range(8)]
    finished, _ = await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
    purse.hold.set()
    answers = await asyncio.gather(*sent)
    codes = {answer.body["code"] for answer in answers if answer.status == 409}
    assert finished
    assert codes == {"idempotency.in_flight"}
    assert all("retry-after" in answer.headers for answer in answers if answer.status == 409)
    assert len({answer.body["id"] for answer in answers if answer.status == 201}) == purse.effects == 1


async def test_a_refusal_is_final_and_keeps_its_words(bank: Running, purse: Purse) -> None:
    account_id = uuid4()
    first, second = [await send(bank, account_id, -1) for _ in range(2)]
    assert (first.status, first.body, purse.effects) == (409, second.body, 0)
    assert second.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("amount_minor", "status"), [(-2, 429), (-3, 500)])
async def test_a_passing_failure_is_not_kept(
    bank: Running, purse: Purse, amount_minor: int, status: int
) -> None:
    account_id = uuid4()
    answers = [await send(bank, account_id, amount_minor) for _ in range(2)]
    assert [answer.status for answer in answers] == [status, status]
    kept = await bank.database.fetch_value(
        "SELECT count(*) FROM kit.idempotency_keys WHERE scope = $1", str(account_id)
    )
    assert (kept, purse.effects) == (0, 0)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (None, (400, "idempotency.key_required")),
        ("", (400, "idempotency.key_required")),
        ("k" * 256, (422, "idempotency.key_too_long")),
    ],
)
async def test_a_key_is_needed(bank: Running, key: str | None, expected: tuple[int, str]) -> None:
    answer = await send(bank, uuid4(), 100, key)
    assert (answer.status, answer.body["code"]) == expected


async def test_a_process_that_came_back_late_cannot_answer_any_more(database: Database) -> None:
    keys = Idempotency(database, new_id)
    begin = partial(keys.begin, scope="a", route="POST /x", key="k", request=b"1", status=201)
    late = await begin()
    assert isinstance(late, Once)
    with pytest.raises(InFlight):
        await begin()
    async with database.transaction() as tx:
        await tx.execute("UPDATE kit.idempotency_keys SET locked_until = now() - interval '1 second'")
    successor = await begin()
    assert isinstance(successor, Once)
    async with database.transaction() as tx:
        await successor.answer(tx, {"by": "successor"})
    with pytest.raises(InFlight):
        async with database.transaction() as tx:
            await late.answer(tx, {"by": "late"})
    kept = await begin()
    assert isinstance(kept, StoredAnswer)
    assert msgspec.json.decode(kept.body) == {"by": "successor"}
