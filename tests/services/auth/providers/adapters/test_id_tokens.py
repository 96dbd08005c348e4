"""The keys of a provider: kept, fetched anew at an unknown key, and never at a stranger's pace."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from samovar.embedded.ports import ReservedPort
from samovar.kit.clock import SystemClock
from samovar.services.auth.providers.adapters.calls import Calls, open_session
from samovar.services.auth.providers.adapters.id_tokens import (
    KEYS_AGE_MAX_S,
    REFRESH_FLOOR_S,
    RETRY_FLOOR_S,
    IdTokens,
    ProviderKeys,
)
from samovar.services.auth.providers.errors import ProviderAnswerInvalid, ProviderAway
from samovar.simulators.identity.signing import RsaSigner, base64url
from samovar.testing.clock import FakeClock


class KeyServer:
    """Publishes keys and counts who asks."""

    def __init__(self, port: int) -> None:
        self.signer = RsaSigner()
        self.url = f"http://127.0.0.1:{port}/jwks"
        self.asked = 0
        self.is_away = False
        self.more: list[object] = []

    async def answer(self, request: web.Request) -> web.Response:
        del request
        self.asked += 1
        await asyncio.sleep(0)
        if self.is_away:
            return web.Response(status=503)
        return web.json_response({"keys": [self.signer.jwk(), *self.more]})

    @property
    def kid(self) -> str:
        return self.signer.jwk()["kid"]


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    port = ReservedPort()
    port.lend()
    server = KeyServer(port.number)
    application = web.Application()
    application.router.add_get("/jwks", server.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port.number, reuse_address=True).start()
    yield server
    await runner.cleanup()
    port.release()


@pytest.fixture
async def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def keys(server: KeyServer, clock: FakeClock) -> AsyncIterator[ProviderKeys]:
    async with open_session(2.0) as session:
        yield ProviderKeys(Calls(session, "test"), server.url, monotonic=clock.monotonic)


async def test_keys_are_fetched_once_however_many_ask(server: KeyServer, keys: ProviderKeys) -> None:
    await asyncio.gather(*(keys.find(server.kid) for _ in range(20)))
    await keys.find(server.kid)
    assert server.asked == 1


async def test_a_rotated_key_is_found_after_the_floor_and_not_before(
    server: KeyServer, keys: ProviderKeys, clock: FakeClock
) -> None:
    old = server.kid
    await keys.find(old)
    server.signer.rotate()
    with pytest.raises(ProviderAnswerInvalid):
        await keys.find(server.kid)
    clock.advance(REFRESH_FLOOR_S + 1)
    assert await keys.find(server.kid)
    with pytest.raises(ProviderAnswerInvalid):
        await keys.find(old)
    assert server.asked == 2


async def test_made_up_key_ids_do_not_make_us_ask(
    server: KeyServer, keys: ProviderKeys, clock: FakeClock
) -> None:
    await keys.find(server.kid)
    clock.advance(REFRESH_FLOOR_S + 1)
    for number in range(50):
        with pytest.raises(ProviderAnswerInvalid):
            await keys.find(f"made-up-{number}")
    assert server.asked == 2


async def test_known_keys_count_while_the_provider_is_away(
    server: KeyServer, keys: ProviderKeys, clock: FakeClock
) -> None:
    await keys.find(server.kid)
    server.is_away = True
    clock.advance(KEYS_AGE_MAX_S + 1)
    assert await keys.find(server.kid)
    clock.advance(REFRESH_FLOOR_S + 1)
    with pytest.raises(ProviderAway):
        await keys.find("another")


async def test_a_provider_that_was_away_is_asked_again_soon_and_not_by_everybody(
    server: KeyServer, keys: ProviderKeys, clock: FakeClock
) -> None:
    server.is_away = True
    for _ in range(5):
        with pytest.raises(ProviderAway):
            await keys.find(server.kid)
    assert server.asked == 1
    server.is_away = False
    clock.advance(RETRY_FLOOR_S + 0.1)
    assert await keys.find(server.kid)
    assert server.asked == 2


async def test_keys_that_cannot_be_read_or_cannot_sign_are_left_out(
    server: KeyServer, keys: ProviderKeys
) -> None:
    jwk = server.signer.jwk()
    server.more = [
        "nonsense",
        {"kty": "RSA", "kid": "broken"},
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
        {**jwk, "kid": "for-encryption", "use": "enc"},
        {**jwk, "kid": 7},
    ]
    assert await keys.find(server.kid)
    for kid in ("broken", "shared", "for-encryption"):
        with pytest.raises(ProviderAnswerInvalid):
            await keys.find(kid)


@pytest.mark.parametrize(
    "token",
    [
        None,
        7,
        "",
        "a.b",
        "a.b.c",
        "ы.ы.ы",
        "x" * 20_000,
        f"{base64url(b'[]')}.{base64url(b'{}')}.",
        f"{base64url(b'{')}.{base64url(b'{}')}.",
        base64url(b'{"alg":"RS256"}') + ".e30.e30",
        base64url(b'{"alg":"RS256","kid":"a","crit":["b64"],"b64":false}') + ".e30.e30",
    ],
)
async def test_nonsense_is_no_id_token(token: object, keys: ProviderKeys) -> None:
    id_tokens = IdTokens(
        issuer="https://issuer.example",
        client_id="client",
        algorithms=("RS256",),
        keys=keys,
        clock=SystemClock(),
    )
    with pytest.raises(ProviderAnswerInvalid):
        await id_tokens.verify(token, "nonce")
