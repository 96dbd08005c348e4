"""Forgetting somebody: their rows alone, in the service's tables and the kit's, in the stream and in Redis; twice is once."""

import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
import nats
import pytest
from redis.asyncio import Redis

from samovar.kit.bus import Bus
from samovar.kit.database import Database, Transaction
from samovar.kit.events import Event
from samovar.kit.ids import new_id
from samovar.kit.messages import Mail, Outgoing
from samovar.kit.outbox import Relay
from samovar.kit.personal_data import PersonalData, Table
from samovar.kit.personal_data.erasing import Eraser
from samovar.kit.personal_data.exporting import export
from tests.kit.eventing import connected

TABLES = (
    "CREATE TABLE people (id uuid PRIMARY KEY, name text, age int)",
    "CREATE TABLE notes (account_id uuid, text text)",
    "CREATE TABLE letters (sender_id uuid, recipient_id uuid, text text)",
    "CREATE TABLE receipts (account_id uuid, amount int)",
    "CREATE TABLE resets (login text)",
)
DECLARED = PersonalData(
    tables=(
        Table(name="people", person=("id",), becomes={"name": "nobody"}),
        Table(name="letters", person=("sender_id", "recipient_id")),
        Table(name="receipts", kept_because="a law"),
        Table(name="resets", person=(), address="login"),
    )
)


class Renamed(Event, frozen=True, kw_only=True, subject="test.v1.renamed"):
    """Somebody has another name."""

    personal: ClassVar = {"name": ""}

    account_id: UUID
    name: str
    count: int = 7


class Person:
    """Somebody with a row everywhere."""

    def __init__(self) -> None:
        self.id = uuid4()
        self.address = f"{uuid4().hex}@example.org"
        self.name = f"name-{uuid4().hex}"


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[Bus]:
    async with connected(nats_url) as connection:
        yield connection


async def settle(database: Database, bus: Bus, redis: Redis, person: Person, other: Person) -> None:
    """Let somebody leave traces."""
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO people VALUES ($1, $2, 30)", person.id, person.name)
        await tx.execute("INSERT INTO notes VALUES ($1, $2)", person.id, person.name)
        await tx.execute("INSERT INTO letters VALUES ($1, $2, 'hello')", person.id, other.id)
        await tx.execute("INSERT INTO receipts VALUES ($1, 5)", person.id)
        await tx.execute("INSERT INTO resets VALUES ($1)", person.address)
        await tx.execute(
            """
            INSERT INTO kit.idempotency_keys (scope, route, key, fingerprint, attempt, locked_until, status, media_type, body)
            VALUES ($1, 'r', 'k', '', gen_random_uuid(), now(), 200, 'x', $2)
            """,
            str(person.id),
            person.name.encode(),
        )
        await tx.execute(
            """
            INSERT INTO kit.dead_letters (consumer, event_id, subject, headers, payload, error, attempts)
            VALUES ('c', gen_random_uuid(), 's', '{}', $1, 'e', 8)
            """,
            f'{{"account_id": "{person.id}", "name": "{person.name}"}}'.encode(),
        )
        mail = Mail(to=person.address, subject="x", text=person.name)
        await Outgoing(new_id).send(tx, mail, expires_at=datetime.now(UTC) + timedelta(hours=1))
        await tx.publish(Renamed(account_id=person.id, name=person.name))
    await Relay(database, bus).send_batch()
    await redis.set(f"{{test}}:cache:{person.id}", person.name)


def eraser(database: Database, bus: Bus, redis: Redis, before: Any = None) -> Eraser:
    return Eraser(database, DECLARED, (Renamed,), before=before, bus=bus, redis=redis)


async def where(database: Database, redis: Redis, nats_url: str, word: str) -> set[str]:
    """Return where a word stands."""
    found = set()
    for table in (
        *("people", "notes", "letters", "receipts", "resets"),
        *("kit.outbox", "kit.idempotency_keys", "kit.dead_letters", "kit.outgoing_messages"),
    ):
        sql = f"SELECT count(*) FROM {table} AS row WHERE row::text LIKE '%' || $1 || '%' OR row::text LIKE '%' || $2 || '%'"
        if await database.fetch_value(sql, word, word.encode().hex()):
            found.add(table)
    found |= {"redis" async for key in redis.scan_iter() if word in str(await redis.get(key))}
    client = await nats.connect(nats_url)
    jetstream = client.jetstream()
    for sequence in range(1, (await jetstream.stream_info("SAMOVAR_TEST")).state.last_seq + 1):
        try:
            message = await jetstream.get_msg("SAMOVAR_TEST", sequence)
        except nats.js.errors.NotFoundError:
            continue
        if word in (message.data or b"").decode():
            found.add("stream")
    await client.close()
    return found


async def test_a_person_is_forgotten_everywhere_and_the_others_stay(
    database: Database, bus: Bus, redis: Redis, nats_url: str
) -> None:
    async with database.transaction() as tx:
        for table in TABLES:
            await tx.execute(table)
    one, other = Person(), Person()
    await settle(database, bus, redis, one, other)
    await settle(database, bus, redis, other, one)
    everywhere = {
        *("people", "notes", "redis", "stream"),
        *("kit.outbox", "kit.idempotency_keys", "kit.dead_letters", "kit.outgoing_messages"),
    }
    assert await where(database, redis, nats_url, one.name) == everywhere
    counts = await eraser(database, bus, redis).erase(one.id, [one.address])
    assert counts == {
        "people": 1,
        "notes": 1,
        "letters": 2,
        "kept:receipts": 1,
        "resets": 1,
        "kit.outgoing_messages": 1,
        "kit.idempotency_keys": 1,
        "kit.dead_letters": 1,
        "outbox:samovar.test.v1.renamed": 1,
        "stream:samovar.test.v1.renamed": 1,
        "redis": 1,
    }
    assert await where(database, redis, nats_url, one.name) == set()
    assert await where(database, redis, nats_url, one.address) == set()
    assert await where(database, redis, nats_url, other.name) == everywhere
    again = await eraser(database, bus, redis).erase(one.id, [one.address])
    assert {name for name, count in again.items() if count} == {
        "people",
        "kept:receipts",
        "outbox:samovar.test.v1.renamed",
    }


async def test_what_a_service_does_before_is_part_of_the_erasure(
    database: Database, bus: Bus, redis: Redis
) -> None:
    async with database.transaction() as tx:
        for table in TABLES:
            await tx.execute(table)
    who = Person()
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO notes VALUES ($1, 'x')", who.id)

    async def refuse(tx: Transaction, account_id: UUID) -> None:
        assert await tx.fetch_value("SELECT count(*) FROM notes WHERE account_id = $1", account_id) == 1
        raise KeyError

    with pytest.raises(KeyError):
        await eraser(database, bus, redis, refuse).erase(who.id, [])
    assert await database.fetch_value("SELECT count(*) FROM notes") == 1


async def test_an_export_has_the_persons_rows_alone_and_names_empty_tables(database: Database) -> None:
    async with database.transaction() as tx:
        for table in TABLES:
            await tx.execute(table)
    one, other = Person(), Person()
    async with database.transaction() as tx:
        for who in (one, other):
            await tx.execute("INSERT INTO notes VALUES ($1, $2)", who.id, who.name)
            await tx.execute("INSERT INTO resets VALUES ($1)", who.address)
    document, rows = await export(database, DECLARED, one.id, [one.address])
    assert rows == {"people": 0, "notes": 1, "letters": 0, "receipts": 0, "resets": 1}
    assert msgspec.json.decode(gzip.decompress(document)) == {
        "people": [],
        "notes": [{"account_id": str(one.id), "text": one.name}],
        "letters": [],
        "receipts": [],
        "resets": [{"login": one.address}],
    }


async def test_what_others_noted_of_somebody_is_erased_with_them_and_not_theirs_to_read(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await tx.execute("CREATE TABLE remarks (account_id uuid, other_id uuid, text text)")
        await tx.execute("CREATE TABLE pairs (low_id uuid, high_id uuid, low_says text, high_says text)")
        await tx.execute(
            """
            CREATE VIEW sides AS SELECT low_id AS account_id, low_says AS says FROM pairs
            UNION ALL SELECT high_id, high_says FROM pairs
            """
        )
    declared = PersonalData(
        tables=(
            Table(name="remarks", person=("account_id", "other_id"), exported_by=("account_id",)),
            Table(name="pairs", person=("low_id", "high_id"), exported_from="sides"),
        )
    )
    one, other = uuid4(), uuid4()
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO remarks VALUES ($1, $2, 'mine'), ($2, $1, 'theirs')", one, other)
        await tx.execute("INSERT INTO pairs VALUES ($1, $2, 'mine', 'theirs')", one, other)
    document, rows = await export(database, declared, one, [])
    assert rows == {"remarks": 1, "pairs": 1}
    assert msgspec.json.decode(gzip.decompress(document)) == {
        "remarks": [{"account_id": str(one), "other_id": str(other), "text": "mine"}],
        "pairs": [{"account_id": str(one), "says": "mine"}],
    }
