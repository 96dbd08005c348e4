"""API keys at the edge: asked about once, kept while they are good, refused when auth is away."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from samovar.kit.errors import RateLimited, Unauthenticated, Unavailable
from samovar.kit.identity import API_KEY_PREFIX, ApiKeyInvalid
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.services.auth.contract.v1_pb2 import ExchangeApiKeyRequest, ExchangeApiKeyResponse
from samovar.services.gateway.edge import api_keys
from samovar.services.gateway.edge.api_keys import EXCHANGED_AHEAD_S, REFUSED_FOR_S, ApiKeys
from samovar.testing.clock import FakeClock
from tests.kit.identity.forge import Forge

KEY = f"{API_KEY_PREFIX}a"
HERE, THERE = "192.0.2.1", "192.0.2.2"
TTL_S = 600


class FakeAuth:
    """Auth, as the edge sees it: `fault` is what it answers instead of a token."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self.asked: list[ExchangeApiKeyRequest] = []
        self.fault: Exception | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.is_bound = False
        self.account_id, self.session_id = uuid4(), uuid4()

    async def ExchangeApiKey(self, request: ExchangeApiKeyRequest) -> ExchangeApiKeyResponse:  # noqa: N802
        """Answer."""
        self.asked.append(request)
        await self.may_answer.wait()
        if self.fault:
            raise self.fault
        token = self._forge.token(sub=str(self.account_id), sid=str(self.session_id), amr=["key"])
        return ExchangeApiKeyResponse(
            access_token=token, expires_in_s=TTL_S, is_bound_to_address=self.is_bound
        )


class Stand:
    """The edge's keys, with a clock that stands still."""

    def __init__(self, clock: FakeClock, auth: FakeAuth, verifier: Verifier) -> None:
        self.clock, self.auth, self.verifier = clock, auth, verifier
        self.keys = ApiKeys(cast("Any", auth), verifier, clock)

    async def session_of(self, key: str = KEY, address: str = HERE) -> UUID:
        """Return the session of the token that a key is exchanged for."""
        return (await self.verifier.verify(await self.keys.exchange(key, address))).session_id


@pytest.fixture
async def stand(clock: FakeClock, redis: Redis) -> AsyncIterator[Stand]:
    async with Forge(clock) as forge:
        yield Stand(clock, FakeAuth(forge), forge.verifier(Revocations(redis, clock)))


async def test_a_key_is_asked_about_once_until_shortly_before_its_token_ends(stand: Stand) -> None:
    tokens = {await stand.keys.exchange(KEY, address) for address in (HERE, HERE, THERE)}
    assert (len(tokens), [asked.address for asked in stand.auth.asked]) == (1, [HERE])
    stand.clock.advance(TTL_S - EXCHANGED_AHEAD_S - 1)
    assert await stand.keys.exchange(KEY, HERE) in tokens
    stand.clock.advance(1)
    assert await stand.keys.exchange(KEY, HERE) not in tokens
    assert len(stand.auth.asked) == 2


async def test_many_requests_at_once_ask_once(stand: Stand) -> None:
    stand.auth.may_answer.clear()
    waiting = [asyncio.create_task(stand.keys.exchange(KEY, HERE)) for _ in range(20)]
    await asyncio.sleep(0)
    stand.auth.may_answer.set()
    assert len(set(await asyncio.gather(*waiting))) == len(stand.auth.asked) == 1


async def test_a_revoked_key_is_asked_about_again_at_once(stand: Stand) -> None:
    await stand.session_of()
    stand.verifier.revoke_session(stand.auth.session_id)
    stand.auth.fault = ApiKeyInvalid("over")
    with pytest.raises(ApiKeyInvalid):
        await stand.keys.exchange(KEY, HERE)


async def test_other_roles_of_the_owner_make_a_new_token(stand: Stand) -> None:
    old = await stand.keys.exchange(KEY, HERE)
    stand.clock.advance(2)
    stand.verifier.revoke_account(stand.auth.account_id, stand.clock.now())
    new = await stand.keys.exchange(KEY, HERE)
    assert new != old
    assert await stand.session_of() == stand.auth.session_id
    assert len(stand.auth.asked) == 2


async def test_a_key_that_is_bound_to_networks_is_kept_for_one_address(stand: Stand) -> None:
    stand.auth.is_bound = True
    for address in (HERE, THERE, HERE, THERE):
        await stand.keys.exchange(KEY, address)
    assert [asked.address for asked in stand.auth.asked] == [HERE, THERE]


async def test_a_refusal_counts_for_a_moment_and_for_one_address(stand: Stand) -> None:
    stand.auth.fault = ApiKeyInvalid("unknown")
    for _ in range(3):
        with pytest.raises(ApiKeyInvalid):
            await stand.keys.exchange(KEY, HERE)
    assert len(stand.auth.asked) == 1
    with pytest.raises(ApiKeyInvalid):
        await stand.keys.exchange(KEY, THERE)
    assert len(stand.auth.asked) == 2
    stand.auth.fault = None
    stand.clock.advance(REFUSED_FOR_S)
    assert await stand.session_of() == stand.auth.session_id


@pytest.mark.parametrize("fault", [Unavailable("away"), RateLimited(retry_after_s=9), Unauthenticated("odd")])
async def test_what_is_no_word_about_the_key_is_not_kept(stand: Stand, fault: Exception) -> None:
    stand.auth.fault = fault
    for _ in range(2):
        with pytest.raises(type(fault)):
            await stand.keys.exchange(KEY, HERE)
    assert len(stand.auth.asked) == 2
    stand.auth.fault = None
    await stand.session_of()
    # What is kept outlives auth.
    stand.auth.fault = Unavailable("away")
    await stand.session_of()


async def test_who_waits_too_long_is_told_and_the_answer_serves_the_next(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "WAIT_S", 0.01)
    stand.auth.may_answer.clear()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await stand.keys.exchange(KEY, HERE)
    stand.auth.may_answer.set()
    monkeypatch.undo()
    await stand.session_of()
    assert len(stand.auth.asked) == 1


async def test_a_client_that_gives_up_leaves_the_others_their_answer(stand: Stand) -> None:
    stand.auth.may_answer.clear()
    gone, waits = (asyncio.create_task(stand.keys.exchange(KEY, HERE)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    stand.auth.may_answer.set()
    assert await waits
    assert gone.cancelled()


@pytest.mark.parametrize("key", ["", "k", "smvr_a", f"{KEY}я", f"{KEY}{'x' * 200}"])
async def test_what_looks_like_no_key_is_not_asked_about(stand: Stand, key: str) -> None:
    with pytest.raises(ApiKeyInvalid):
        await stand.keys.exchange(key, HERE)
    assert stand.auth.asked == []


async def test_only_the_latest_keys_are_kept(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "KEPT_MAX", 2)
    for name in "abc":
        await stand.keys.exchange(f"{API_KEY_PREFIX}{name}", HERE)
    await stand.keys.exchange(f"{API_KEY_PREFIX}c", HERE)
    assert len(stand.auth.asked) == 3
    await stand.keys.exchange(f"{API_KEY_PREFIX}a", HERE)
    assert len(stand.auth.asked) == 4
