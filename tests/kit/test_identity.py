"""Access tokens: what is believed, what is refused, and how soon a revocation is known."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey
from redis.asyncio import Redis

from samovar.kit import identity, revocations
from samovar.kit.errors import Unauthenticated, Unavailable
from samovar.kit.identity import (
    Caller,
    Permissions,
    SessionRevoked,
    TokenExpired,
    TokenInvalid,
    Verifier,
    reaches,
)
from samovar.kit.revocations import Revocations
from samovar.kit.settings import Secret
from samovar.testing.clock import FakeClock
from tests.kit.forge import Forge, new_key, public


@pytest.fixture
async def issuer(clock: FakeClock) -> AsyncIterator[Forge]:
    async with Forge(clock) as issuer:
        yield issuer


@pytest.fixture
def verifier(issuer: Forge, redis: Redis, clock: FakeClock) -> Verifier:
    return issuer.verifier(Revocations(redis, clock))


def segment(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


async def test_a_good_token_says_who_calls(issuer: Forge, verifier: Verifier, clock: FakeClock) -> None:
    account_id, session_id = uuid4(), uuid4()
    token = issuer.token_of(account_id, "developer", sid=str(session_id), amr=["pwd", "otp"], acr="aal2")
    caller = await verifier.verify(token)
    assert caller == Caller(
        account_id=account_id,
        session_id=session_id,
        roles=("player", "developer"),
        scope="*",
        amr=("pwd", "otp"),
        acr="aal2",
        auth_time=clock.now(),
        expires_at=clock.now() + timedelta(minutes=10),
        token=Secret(token),
    )
    assert token not in repr(caller)


async def test_a_token_is_believed_until_it_runs_out(
    issuer: Forge, verifier: Verifier, clock: FakeClock
) -> None:
    token = issuer.token()
    assert await verifier.verify(token) is await verifier.verify(token)
    clock.advance(600 + identity.LEEWAY_S - 1)
    await verifier.verify(token)
    clock.advance(1)
    with pytest.raises(TokenExpired):
        await verifier.verify(token)
    with pytest.raises(TokenExpired):
        await issuer.verifier(Revocations(Redis(), clock)).verify(token)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"aud": ["samovar", "another"]},
        {"sub": "admin"},
        {"sub": None},
        {"sid": None},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": 99_999_999_999_999},
        {"iat": None},
        {"roles": "admin"},
        {"roles": None},
        {"scope": None},
        {"nbf": 99_999_999_999},
    ],
    ids=str,
)
async def test_strange_claims_are_refused(issuer: Forge, verifier: Verifier, changes: dict[str, Any]) -> None:
    token = issuer.token(**changes)
    with pytest.raises(TokenInvalid):
        await verifier.verify(token)


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "id+jwt"},
        {"typ": ""},
        {"jku": "https://elsewhere.example/jwks.json"},
        {"x5u": "https://elsewhere.example/chain.pem"},
        {"jwk": public(new_key())},
        {"crit": ["exp"], "exp": 1},
        {"b64": False, "crit": ["b64"]},
        {"kid": "../../etc/passwd"},
        {"kid": ""},
        {"cty": "JWT"},
    ],
    ids=str,
)
async def test_headers_that_want_to_decide_are_refused(
    issuer: Forge, verifier: Verifier, header: dict[str, Any]
) -> None:
    good = issuer.token()
    _, payload, signature = good.split(".")
    forged_header = {"alg": "ES256", "typ": "at+jwt", "kid": issuer.key.kid, **header}
    signing_input = f"{segment(forged_header)}.{payload}".encode()
    # Signed rightly over just these bytes, so that nothing but the header is at fault.
    signature = segment(_raw_signature(issuer, signing_input))
    with pytest.raises(TokenInvalid):
        await verifier.verify(f"{signing_input.decode()}.{signature}")


def _raw_signature(issuer: Forge, signing_input: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  only this test signs by hand
    from cryptography.hazmat.primitives.asymmetric import ec, utils  # noqa: PLC0415

    private_key = issuer.key.private_key
    assert private_key
    der = private_key.sign(signing_input, ec.ECDSA(hashes.SHA256()))
    r, s = utils.decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


async def test_no_signature_or_another_algorithm_is_refused(issuer: Forge, verifier: Verifier) -> None:
    header, payload, signature = issuer.token().split(".")
    claims = issuer.claims()
    kid = issuer.key.kid
    confused = OctKey.import_key(json.dumps(public(issuer.key)))
    forged = [
        f"{segment({'alg': 'none', 'typ': 'at+jwt', 'kid': kid})}.{payload}.",
        f"{segment({'alg': 'None', 'typ': 'at+jwt', 'kid': kid})}.{payload}.",
        f"{header}.{payload}.",
        f"{header}.{payload}",
        f"{header}.{segment(claims | {'roles': ['admin']})}.{signature}",
        f"{header}.{payload}.{segment(bytes(64))}",
        jwt.encode({"alg": "HS256", "typ": "at+jwt", "kid": kid}, claims, confused),
        issuer.token(key=new_key()),
        issuer.token(key=new_key(), header={"kid": kid}),
    ]
    for token in forged:
        with pytest.raises(TokenInvalid):
            await verifier.verify(token)


async def test_an_oversized_token_is_refused_before_it_is_read(issuer: Forge, verifier: Verifier) -> None:
    with pytest.raises(TokenInvalid):
        await verifier.verify(issuer.token(roles=["player" * 1000]))
    assert issuer.fetches == 0


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nonsense=st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda b: b.decode("latin-1"))))
def test_nonsense_is_refused_and_never_a_fault(verifier: Verifier, nonsense: str) -> None:
    for token in (nonsense, f"{nonsense}.{nonsense}.{nonsense}", f"{segment(nonsense.encode())}.e30.AA"):
        with pytest.raises(Unauthenticated):
            asyncio.run(verifier.verify(token))


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
    clock.advance(identity.KEYS_FETCH_EVERY_S_MIN)
    await asyncio.gather(*(verifier.verify(issuer.token(key=young)) for _ in range(20)))
    assert issuer.fetches == 2
    await verifier.verify(issuer.token())


async def test_a_withdrawn_key_takes_its_tokens_with_it(
    issuer: Forge, verifier: Verifier, clock: FakeClock
) -> None:
    token = issuer.token()
    await verifier.verify(token)
    issuer.published = {"keys": [public(new_key())]}
    clock.advance(identity.KEYS_AGE_MAX_S)
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
    clock.advance(identity.KEYS_AGE_MAX_S)
    await verifier.refresh()
    assert issuer.fetches == 2
    await verifier.verify(issuer.token())


async def test_while_the_issuer_is_away_an_unknown_key_is_not_the_callers_fault(
    issuer: Forge, verifier: Verifier, clock: FakeClock
) -> None:
    issuer.status = 503
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())
    issuer.status = 200
    clock.advance(identity.KEYS_FETCH_EVERY_S_MIN)
    await verifier.verify(issuer.token())


async def test_a_caller_that_gives_up_does_not_stop_the_fetch(issuer: Forge, verifier: Verifier) -> None:
    impatient = asyncio.create_task(verifier.verify(issuer.token()))
    await asyncio.sleep(0)
    patient = asyncio.create_task(verifier.verify(issuer.token()))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).roles == ("player",)
    assert issuer.fetches == 1


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


async def test_revocations_are_forgotten_when_no_token_can_be_of_them(redis: Redis, clock: FakeClock) -> None:
    notes, first, second = Revocations(redis, clock), uuid4(), uuid4()
    notes.revoke_session(first)
    notes.revoke_account(first, clock.now())
    await notes.add_session(first)
    clock.advance(revocations.TOKEN_LIFETIME_MAX.total_seconds() + 6)
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


def caller_with(*roles: str, scope: str = "*") -> Caller:
    now = FakeClock().now()
    nobody = UUID(int=0)
    return Caller(
        account_id=nobody,
        session_id=nobody,
        roles=roles,
        scope=scope,
        auth_time=now,
        expires_at=now,
        token=Secret(""),
    )


def test_permissions_come_from_roles_and_deny_wins() -> None:
    permissions = Permissions(
        {"catalog.game.hide": ("moderator", "admin"), "payment.payout.approve": ("finance", "!developer")}
    )
    assert permissions.allows(caller_with("player", "moderator"), "catalog.game.hide")
    assert not permissions.allows(caller_with("player"), "catalog.game.hide")
    assert not permissions.allows(caller_with("admin"), "catalog.game.unheard_of")
    assert permissions.allows(caller_with("finance"), "payment.payout.approve")
    assert not permissions.allows(caller_with("finance", "developer"), "payment.payout.approve")
    assert permissions.of(caller_with("finance", "admin")) == ("catalog.game.hide", "payment.payout.approve")


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("*", True),
        ("", False),
        ("openid profile", False),
        ("catalog.game.hide", True),
        ("catalog.game.*", True),
        ("openid catalog.*", True),
        ("catalog.gam.*", False),
        ("catalog.game", False),
    ],
)
def test_a_scope_narrows_what_roles_allow(scope: str, allowed: bool) -> None:  # noqa: FBT001 - the expected answer
    permissions = Permissions({"catalog.game.hide": ("moderator",)})
    assert permissions.allows(caller_with("moderator", scope=scope), "catalog.game.hide") is allowed
    assert not permissions.allows(caller_with("player", scope=scope), "catalog.game.hide")


def test_kinds_of_callers_reach_their_kinds_of_routes() -> None:
    assert reaches(caller_with("player"), "player")
    assert not reaches(caller_with("player"), "developer")
    assert reaches(caller_with("player", "developer"), "developer")
    assert not reaches(caller_with("player", "developer"), "staff")
    assert reaches(caller_with("player", "support"), "staff")
    assert not reaches(caller_with("player", "admin"), "developer")
    assert not reaches(caller_with("player", "developer", "admin"), "service")
