"""Envoy lets through whom the services would: every role at every route, and what a token must be."""

import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from samovar.embedded.envoy import EnvoyServer
from samovar.kit.identity import TokenExpired, TokenInvalid
from samovar.services.gateway.domain import route_table
from samovar.services.gateway.permissions import Row, permission_rows
from tests.services.gateway.conftest import Gateway, until
from tests.services.gateway.shop import contract, routes

ROWS = [
    row
    for row in permission_rows(route_table([contract(*routes())]))
    # Those that count requests have tests of their own.
    if row.operation.policy.rate_limit is None
]
CLOSED = "/v1/things/018f4e9a-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row.role or 'stranger'} {row.operation.method} {row.operation.path}"
)
async def test_a_role_at_a_route(gateway: Gateway, row: Row) -> None:
    token = gateway.token(row.role) if row.role else None
    path = row.operation.path.replace("{thing_id}", "018f4e9a-0000-7000-8000-000000000000")
    answer = await gateway.ask(path, row.operation.method, token=token)
    assert answer.status == row.status


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": int(time.time()) - 60}, TokenExpired.code),
        ({"iss": "http://elsewhere.test"}, TokenInvalid.code),
        ({"aud": "elsewhere"}, TokenInvalid.code),
        ({"exp": int(time.time()) + 100_000}, TokenInvalid.code),
    ],
)
async def test_a_token_of_the_wrong_kind_is_refused(
    gateway: Gateway, claims: dict[str, Any], code: str
) -> None:
    answer = await gateway.ask(CLOSED, token=gateway.token(**claims))
    assert (answer.status, answer.body["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_signed_by_somebody_else_is_refused(gateway: Gateway) -> None:
    key = ECKey.generate_key("P-256", {"kid": "test"})
    good = jwt.decode(gateway.token(), gateway._issuer._key).claims
    forged = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "test"}, good, key)
    answer = await gateway.ask(CLOSED, token=forged)
    assert (answer.status, answer.body["code"]) == (401, TokenInvalid.code)


async def test_a_token_in_the_query_counts_for_nothing(gateway: Gateway) -> None:
    answer = await gateway.ask(f"{CLOSED}?access_token={gateway.token()}")
    assert (answer.status, answer.body["code"]) == (401, "request.unauthenticated")


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 5_000])
async def test_an_open_route_does_not_look_at_a_token(gateway: Gateway, token: str) -> None:
    answer = await gateway.ask("/v1/things", token=token)
    assert (answer.status, answer.body["headers"]["authorization"]) == (200, f"Bearer {token}")


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("*", 200),
        ("shop.thing.remove", 200),
        ("catalog.* shop.thing.*", 200),
        ("shop.* catalog.game.edit", 200),
        ("shop.thing.price", 403),
        ("* shop.thing.price", 403),
        ("shopXthing.remove", 403),
        ("", 403),
    ],
)
async def test_a_scope_narrows_a_token(gateway: Gateway, scope: str, status: int) -> None:
    answer = await gateway.ask(CLOSED, "DELETE", token=gateway.token("admin", scope=scope))
    assert answer.status == status


async def test_a_denied_role_loses_the_permission_whatever_else_it_has(gateway: Gateway) -> None:
    path = CLOSED.replace("things", "prices")
    assert (await gateway.ask(path, "PUT", token=gateway.token("finance"))).status == 200
    answer = await gateway.ask(path, "PUT", token=gateway.token("finance", "support"))
    assert (answer.status, answer.body["code"]) == (403, "request.forbidden")


async def test_while_the_keys_were_never_seen_nobody_can_say(gateway: Gateway, tmp_path: Path) -> None:
    async def started() -> bool:
        return (await gateway.ask("/v1/things", envoy=envoy)).status == 200

    envoy = EnvoyServer(tmp_path, tmp_path / "envoy.json")
    gateway.write(gateway.table, envoy, jwks_url="http://127.0.0.1:1/keys")
    async with envoy:
        await until(started)
        answer = await gateway.ask(CLOSED, token=gateway.token(), envoy=envoy)
    assert (answer.status, answer.body["code"]) == (503, "service.unavailable")
