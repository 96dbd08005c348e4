"""Signing keys: at rest encrypted, published early, following each other without a gap."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from redis.asyncio import Redis

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.identity import GRANTS_PER_TOKEN_MAX, ROLES, TOKEN_BYTES_MAX, TokenInvalid
from samovar.kit.identity.keys import KEYS_AGE_MAX_S, KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret, SettingsError
from samovar.services.auth.api_keys.domain import SCOPE_LENGTH_MAX
from samovar.services.auth.app import service
from samovar.services.auth.domain import KEY_KEPT_AFTER, KEY_PUBLISHED_AHEAD
from samovar.services.auth.roles.domain import GRANTS_PER_ACCOUNT_MAX, Wanted, claims_of
from samovar.services.auth.tokens.rotation import SigningKeys
from samovar.services.auth.tokens.sealing import SealBroken, Sealer
from samovar.services.auth.tokens.signing import Grant, Signer
from samovar.testing.clock import FakeClock

ORIGIN = "http://samovar.test"
SECRET = Secret("s" * 32)
SIGNS_FOR = timedelta(days=30)


class Issuing:
    """One process: its signer, and how it keeps itself in keys."""

    def __init__(self, database: Database, clock: FakeClock, secret: Secret = SECRET) -> None:
        sealer = Sealer(secret, "signing keys")
        self.clock = clock
        self.signer = Signer(sealer, issuer=ORIGIN, ttl_s=600)
        self.keys = SigningKeys(database, signer=self.signer, sealer=sealer, signs_for=SIGNS_FOR, clock=clock)

    def token(self) -> str:
        now = self.clock.now()
        grant = Grant(
            account_id=new_id(),
            session_id=new_id(),
            roles=("player",),
            scope="*",
            amr=("pwd",),
            acr="aal1",
            authenticated_at=now,
            tokens_not_before=None,
        )
        return self.signer.sign(grant, token_id=new_id(), now=now)

    def kid(self) -> str:
        head = self.token().partition(".")[0]
        return str(json.loads(base64.urlsafe_b64decode(head + "=="))["kid"])

    def published(self) -> list[str]:
        return [key.kid for key in self.signer.public_keys.keys]


@pytest.fixture
async def keys_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    url = Secret(await postgres.create(f"keys_{new_id().hex[-12:]}"))
    await migrate(url, service.migrations)
    database = await Database.open(url, service="auth", pool_size_min=0, pool_size_max=6)
    yield database
    await database.close()


@pytest.fixture
async def issuing(keys_database: Database, clock: FakeClock) -> Issuing:
    process = Issuing(keys_database, clock)
    await process.keys.refresh()
    return process


@pytest.fixture
async def verifier(issuing: Issuing, redis: Redis, clock: FakeClock) -> AsyncIterator[Verifier]:
    """Return a verifier elsewhere, which reads the published keys over HTTP."""

    async def jwks(_request: web.Request) -> web.Response:
        keys = [
            {name: getattr(key, name) for name in key.__struct_fields__}
            for key in issuing.signer.public_keys.keys
        ]
        return web.json_response({"keys": keys})

    app = web.Application()
    app.router.add_get("/jwks", jwks)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    yield Verifier(
        issuer=ORIGIN,
        keys=KeySet(f"http://127.0.0.1:{port}/jwks", clock),
        revocations=Revocations(redis, clock),
        clock=clock,
    )
    await runner.cleanup()


async def test_the_first_key_signs_at_once(issuing: Issuing, verifier: Verifier) -> None:
    assert issuing.published() == [issuing.kid()]
    assert (await verifier.verify(issuing.token())).roles == ("player",)


async def test_a_rotation_leaves_no_gap(issuing: Issuing, verifier: Verifier, clock: FakeClock) -> None:
    old = issuing.kid()
    await verifier.verify(issuing.token())
    clock.advance((SIGNS_FOR - KEY_PUBLISHED_AHEAD).total_seconds())
    await issuing.keys.refresh()
    assert len(issuing.published()) == 2
    assert issuing.kid() == old
    clock.advance(KEY_PUBLISHED_AHEAD.total_seconds() - 1)
    await verifier.refresh()  # as it does every few minutes, a day before the change
    last_of_old = issuing.token()
    clock.advance(1)
    # Nobody was told anything: the signer knew the moment, the verifier knew the key.
    assert issuing.kid() != old
    first_of_new = issuing.token()
    for token in (last_of_old, first_of_new):
        await verifier.verify(token)
    clock.advance(599)
    await issuing.keys.refresh()
    await verifier.refresh()
    for token in (last_of_old, first_of_new):
        await verifier.verify(token)


async def test_a_key_is_withdrawn_when_none_of_its_tokens_can_live(
    issuing: Issuing, verifier: Verifier, clock: FakeClock
) -> None:
    old = issuing.kid()
    clock.advance((SIGNS_FOR - KEY_PUBLISHED_AHEAD).total_seconds())
    await issuing.keys.refresh()
    clock.advance(KEY_PUBLISHED_AHEAD.total_seconds() + KEY_KEPT_AFTER.total_seconds())
    await issuing.keys.refresh()
    assert old not in issuing.published()
    clock.advance(KEYS_AGE_MAX_S)
    await verifier.refresh()
    await verifier.verify(issuing.token())


async def test_processes_that_start_together_make_one_key(keys_database: Database, clock: FakeClock) -> None:
    processes = [Issuing(keys_database, clock) for _ in range(6)]
    await asyncio.gather(*(process.keys.refresh() for process in processes))
    assert len({process.kid() for process in processes}) == 1
    clock.advance((SIGNS_FOR - KEY_PUBLISHED_AHEAD).total_seconds())
    await asyncio.gather(*(process.keys.refresh() for process in processes))
    assert {len(process.published()) for process in processes} == {2}


async def test_a_process_that_slept_through_the_rotation_knows_the_next_key(
    keys_database: Database, issuing: Issuing, clock: FakeClock
) -> None:
    sleeper = Issuing(keys_database, clock)
    clock.advance((SIGNS_FOR - KEY_PUBLISHED_AHEAD).total_seconds())
    await issuing.keys.refresh()
    await sleeper.keys.refresh()
    clock.advance(KEY_PUBLISHED_AHEAD.total_seconds())
    assert sleeper.kid() == issuing.kid()


async def test_private_keys_rest_encrypted(
    keys_database: Database, issuing: Issuing, clock: FakeClock
) -> None:
    sealed: bytes = await keys_database.fetch_value("SELECT private_key_sealed FROM signing_keys")
    kid = issuing.kid()
    assert Sealer(SECRET, "signing keys").open(sealed, kid)[:1] == b"\x30"  # a DER sequence
    for sealer, place in (
        (Sealer(SECRET, "signing keys"), "another key"),
        (Sealer(SECRET, "access tokens"), kid),
        (Sealer(Secret("t" * 32), "signing keys"), kid),
    ):
        with pytest.raises(SealBroken):
            sealer.open(sealed, place)
    with pytest.raises(SettingsError, match="TOKEN_SECRET"):
        await Issuing(keys_database, clock, Secret("t" * 32)).keys.refresh()


async def test_a_key_of_another_database_is_a_stranger(
    issuing: Issuing, verifier: Verifier, clock: FakeClock, postgres: PostgresServer
) -> None:
    url = Secret(await postgres.create(f"keys_{new_id().hex[-12:]}"))
    await migrate(url, service.migrations)
    database = await Database.open(url, service="auth", pool_size_min=0, pool_size_max=1)
    stranger = Issuing(database, clock)
    await stranger.keys.refresh()
    await verifier.verify(issuing.token())
    with pytest.raises(TokenInvalid):
        await verifier.verify(stranger.token())
    await database.close()


async def test_a_token_with_all_that_one_can_have_stays_small(issuing: Issuing) -> None:
    await issuing.keys.refresh()
    claims = claims_of(
        Wanted(role="developer", organisation_id=new_id(), level="finance", game_id=new_id())
        for _ in range(GRANTS_PER_ACCOUNT_MAX)
    )
    grant = Grant(
        account_id=new_id(),
        session_id=new_id(),
        roles=tuple(sorted(ROLES)),
        grants=claims,
        scope="s" * SCOPE_LENGTH_MAX,
        amr=("pwd", "otp", "mfa"),
        acr="aal2",
        authenticated_at=issuing.clock.now(),
        tokens_not_before=None,
    )
    token = issuing.signer.sign(grant, token_id=new_id(), now=issuing.clock.now(), ttl_s=60)
    body = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert len(token) < TOKEN_BYTES_MAX
    assert (body["grants"], body["grants_more"]) == (list(claims[:GRANTS_PER_TOKEN_MAX]), True)
    assert body["exp"] - body["iat"] == 60
