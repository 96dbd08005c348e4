"""Revocations: refused at once, known to processes that start later, forgotten when no token can be of them."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from samovar.kit.identity import (
    LEEWAY_S,
    TOKEN_LIFETIME_MAX,
    SessionRevoked,
    TokenExpired,
    revocations,
)
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.testing.clock import FakeClock
from tests.kit.identity.forge import Forge


async def test_a_revoked_session_is_refused_at_once(issuer: Forge, verifier: Verifier) -> None:
    session_id = uuid4()
    token, other = issuer.token(sid=str(session_id)), issuer.token()
    await verifier.verify(token)
    verifier.revoke_session(session_id)
    with pytest.raises(SessionRevoked):
        await verifier.verify(token)
    await verifier.verify(other)


async def test_older_tokens_of_an_account_are_refused_and_newer_ones_are_not(
    issuer: Forge, verifier: Verifier, clock: FakeClock
) -> None:
    account_id = uuid4()
    old = issuer.token_of(account_id)
    clock.advance(0.5)
    verifier.revoke_account(account_id, clock.now())
    verifier.revoke_account(account_id, clock.now() - timedelta(seconds=30))
    with pytest.raises(TokenExpired):
        await verifier.verify(old)
    clock.advance(0.5)
    await verifier.verify(issuer.token_of(account_id))


async def test_a_process_that_starts_later_learns_of_revocations(
    issuer: Forge, redis: Redis, clock: FakeClock
) -> None:
    account_id, session_id = uuid4(), uuid4()
    ended, demoted = issuer.token(sid=str(session_id)), issuer.token_of(account_id, "admin")
    clock.advance(1)
    notes = Revocations(redis, clock)
    await notes.add_session(session_id)
    late = issuer.verifier(Revocations(redis, clock))
    await late.refresh()
    with pytest.raises(SessionRevoked):
        await late.verify(ended)
    await late.verify(demoted)
    await notes.add_account(account_id, clock.now())
    await late.refresh()
    with pytest.raises(TokenExpired):
        await late.verify(demoted)


async def test_a_clock_that_is_behind_hides_no_revocation(redis: Redis, clock: FakeClock) -> None:
    reader, punctual = Revocations(redis, clock), Revocations(redis, clock)
    await punctual.add_session(uuid4())
    await reader.read()
    session_id, behind = uuid4(), FakeClock(clock.now() - timedelta(seconds=LEEWAY_S - 1))
    await Revocations(redis, behind).add_session(session_id)
    await reader.read()
    assert reader.ended(session_id)


async def test_revocations_are_forgotten_when_no_token_can_be_of_them(redis: Redis, clock: FakeClock) -> None:
    notes, first, second = Revocations(redis, clock), uuid4(), uuid4()
    notes.revoke_session(first)
    notes.revoke_account(first, clock.now())
    await notes.add_session(first)
    clock.advance(TOKEN_LIFETIME_MAX.total_seconds() + 6)
    notes.revoke_session(second)
    await notes.add_session(second)
    assert not notes.ended(first)
    assert notes.ended(second)
    assert notes.not_before(first) == float("-inf")
    assert await redis.zrange(revocations.REDIS_KEY, 0, -1) == [f"session {second}".encode()]


async def test_too_many_revocations_refuse_every_older_token(
    redis: Redis, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "REVOCATIONS_MAX", 3)
    notes = Revocations(redis, clock)
    for _ in range(3):
        notes.revoke_session(uuid4())
    assert notes.not_before(uuid4()) == float("-inf")
    notes.revoke_session(uuid4())
    assert notes.not_before(uuid4()) == clock.now().timestamp()


async def test_redis_away_does_not_stop_the_verifier(issuer: Forge, clock: FakeClock) -> None:
    nobody = Redis(host="127.0.0.1", port=1)
    verifier = issuer.verifier(Revocations(nobody, clock))
    fresh = asyncio.create_task(verifier.keep_fresh())
    async with asyncio.timeout(5):
        await issuer.visited.wait()
    await verifier.verify(issuer.token())
    assert not fresh.done()
    fresh.cancel()
    await nobody.aclose()
