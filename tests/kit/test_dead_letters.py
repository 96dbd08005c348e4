"""Dead letters: kept once, looked at, mended, asked for again, forgotten."""

import pytest

from samovar.kit import dead_letters
from samovar.kit.database import Database
from samovar.kit.dead_letters import PAGE_MAX, BrokenPayload, DeadLetter, NoSuchLetter
from samovar.kit.ids import new_id


async def bury(database: Database, consumer: str = "greet", *, payload: bytes = b'{"n": 1}') -> DeadLetter:
    event_id = new_id()
    async with database.transaction() as tx:
        assert await dead_letters.bury(
            tx,
            consumer=consumer,
            event_id=event_id,
            subject="samovar.auth.v1.account_registered",
            headers={"ce-id": str(event_id), "ce-time": "2026-11-23T10:00:00+00:00"},
            payload=payload,
            error="KeyError: 'n'",
            attempts=8,
        )
    return (await dead_letters.waiting(database))[-1]


async def test_a_letter_keeps_all_that_came(database: Database) -> None:
    letter = await bury(database, payload=b"\xff\x00")
    assert await dead_letters.get(database, letter.id) == letter
    assert (letter.consumer, letter.payload, letter.error, letter.attempts) == (
        "greet",
        b"\xff\x00",
        "KeyError: 'n'",
        8,
    )
    assert letter.event_time.isoformat() == letter.headers["ce-time"]


async def test_a_letter_without_a_readable_time_is_as_old_as_its_burial(database: Database) -> None:
    letter = await bury(database)
    async with database.transaction() as tx:
        await tx.execute("UPDATE kit.dead_letters SET headers = '{}'")
    assert (await dead_letters.get(database, letter.id)).event_time == letter.created_at


async def test_an_event_that_fails_again_keeps_its_letter_and_what_was_mended(database: Database) -> None:
    letter = await bury(database)
    async with database.transaction() as tx:
        await dead_letters.fix(tx, letter.id, b'{"n": 2}')
        await dead_letters.request_replay(tx, letter_id=letter.id)
        assert not await dead_letters.bury(
            tx,
            consumer=letter.consumer,
            event_id=letter.event_id,
            subject=letter.subject,
            headers=letter.headers,
            payload=b'{"n": 1}',
            error="ValueError: still",
            attempts=9,
        )
    again = await dead_letters.get(database, letter.id)
    assert (again.payload, again.error, again.attempts, again.replay_requested_at) == (
        b'{"n": 2}',
        "ValueError: still",
        9,
        None,
    )


async def test_letters_come_by_pages_and_by_consumer(database: Database) -> None:
    greet, note = await bury(database, "greet"), await bury(database, "note")
    assert await dead_letters.waiting(database, consumer="note") == [note]
    assert await dead_letters.waiting(database, after=greet.id) == [note]
    assert PAGE_MAX > 1
    assert await dead_letters.counts(database) == {"greet": 1, "note": 1}


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff"])
async def test_a_payload_that_is_not_json_is_refused(database: Database, payload: bytes) -> None:
    letter = await bury(database)
    with pytest.raises(BrokenPayload):
        async with database.transaction() as tx:
            await dead_letters.fix(tx, letter.id, payload)
    assert (await dead_letters.get(database, letter.id)).payload == letter.payload


async def test_a_letter_that_is_not_there_cannot_be_read_or_mended(database: Database) -> None:
    with pytest.raises(NoSuchLetter):
        await dead_letters.get(database, 1)
    with pytest.raises(NoSuchLetter):
        async with database.transaction() as tx:
            await dead_letters.fix(tx, 1, b"{}")


async def test_one_letter_those_of_a_consumer_or_all_are_asked_for_again(database: Database) -> None:
    greet, note = await bury(database, "greet"), await bury(database, "note")
    await bury(database, "note")
    async with database.transaction() as tx:
        assert await dead_letters.request_replay(tx, letter_id=greet.id) == 1
        assert await dead_letters.request_replay(tx, consumer="note") == 2
        assert await dead_letters.request_replay(tx) == 3
        assert await dead_letters.request_replay(tx, letter_id=greet.id, consumer="note") == 0
    found = await dead_letters.next_requested(database, ["note"])
    assert found is not None
    assert found.id == note.id
    assert await dead_letters.next_requested(database, ["strange"]) is None


async def test_a_letter_is_forgotten(database: Database) -> None:
    letter = await bury(database)
    async with database.transaction() as tx:
        await dead_letters.remove(tx, consumer=letter.consumer, event_id=letter.event_id)
    assert await dead_letters.waiting(database) == []
