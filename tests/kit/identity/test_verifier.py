"""Access tokens: what is believed and what is refused."""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey
from redis.asyncio import Redis

from samovar.kit.errors import Unauthenticated
from samovar.kit.identity import (
    LEEWAY_S,
    Caller,
    RoleGrant,
    TokenExpired,
    TokenInvalid,
)
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.settings import Secret
from samovar.testing.clock import FakeClock
from tests.kit.identity.forge import Forge, new_key, public


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


async def test_a_token_says_where_its_developer_may_act(issuer: Forge, verifier: Verifier) -> None:
    grant = RoleGrant("editor", uuid4(), uuid4())
    caller = await verifier.verify(issuer.token(grants=[str(grant)], grants_more=True))
    assert (caller.grants, caller.grants_more) == ((grant,), True)
    assert "viewer" in caller.levels_in(grant.organisation_id, grant.game_id)
    older = await verifier.verify(issuer.token())
    assert (older.grants, older.grants_more) == ((), False)


async def test_a_token_is_believed_until_it_runs_out(
    issuer: Forge, verifier: Verifier, clock: FakeClock
) -> None:
    token = issuer.token()
    assert await verifier.verify(token) is await verifier.verify(token)
    clock.advance(600 + LEEWAY_S - 1)
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
        {"grants": "owner"},
        {"grants": ["owner"]},
        {"grants": ["owner@nowhere"]},
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
        pytest.param({"jwk": public(new_key())}, id="jwk"),
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
