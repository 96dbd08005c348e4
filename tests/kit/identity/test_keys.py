"""The issuer's keys: fetched when needed, kept while it is away or ill."""

import asyncio

import pytest

from samovar.kit.errors import Unavailable
from samovar.kit.identity import (
    TokenInvalid,
)
from samovar.kit.identity.keys import KEYS_AGE_MAX_S, KEYS_FETCH_EVERY_S_MIN
from samovar.kit.identity.verifier import Verifier
from samovar.testing.clock import FakeClock
from tests.kit.identity.forge import Forge, new_key, public


async def test_a_key_that_appears_later_is_fetched_and_not_too_often(
    issuer: Forge, verifier: Verifier, clock: FakeClock
) -> None:
    await verifier.verify(issuer.token())
    assert issuer.fetches == 1
    young = new_key()
    for _ in range(3):
        with pytest.raises(TokenInvalid):
            await verifier.verify(issuer.token(key=young))
    assert issuer.fetches == 1
    issuer.published = {"keys": [public(issuer.key), public(young)]}
    clock.advance(KEYS_FETCH_EVERY_S_MIN)
    await asyncio.gather(*(verifier.verify(issuer.token(key=young)) for _ in range(20)))
    assert issuer.fetches == 2
    await verifier.verify(issuer.token())


async def test_a_withdrawn_key_takes_its_tokens_with_it(
    issuer: Forge, verifier: Verifier, clock: FakeClock
) -> None:
    token = issuer.token()
    await verifier.verify(token)
    issuer.published = {"keys": [public(new_key())]}
    clock.advance(KEYS_AGE_MAX_S)
    await verifier.refresh()
    with pytest.raises(TokenInvalid):
        await verifier.verify(token)


@pytest.mark.parametrize(
    "published", [{"keys": []}, {"keys": "none"}, [], {"keys": [{"kid": "a", "kty": "EC"}]}], ids=str
)
async def test_known_keys_stay_while_the_issuer_is_ill(
    issuer: Forge, verifier: Verifier, clock: FakeClock, published: object
) -> None:
    await verifier.verify(issuer.token())
    issuer.published = published
    clock.advance(KEYS_AGE_MAX_S)
    await verifier.refresh()
    assert issuer.fetches == 2
    await verifier.verify(issuer.token())


async def test_while_the_issuer_is_away_an_unknown_key_is_not_the_callers_fault(
    issuer: Forge, verifier: Verifier, clock: FakeClock
) -> None:
    issuer.status = 503
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())
    assert issuer.fetches == 1
    issuer.status = 200
    clock.advance(KEYS_FETCH_EVERY_S_MIN)
    await verifier.verify(issuer.token())


async def test_a_caller_that_gives_up_does_not_stop_the_fetch(issuer: Forge, verifier: Verifier) -> None:
    impatient = asyncio.create_task(verifier.verify(issuer.token()))
    await asyncio.sleep(0)
    patient = asyncio.create_task(verifier.verify(issuer.token()))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).roles == ("player",)
    assert issuer.fetches == 1
