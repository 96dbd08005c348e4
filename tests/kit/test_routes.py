"""Routes: data beside a handler, with the defaults that a policy should have."""

from types import ModuleType

import msgspec
import pytest

from samovar.kit.errors import Conflict
from samovar.kit.routes import (
    BODY_BYTES_MAX,
    TIMEOUT_MS,
    Cache,
    Policy,
    RateLimit,
    Route,
    delete,
    get,
    patch,
    post,
    put,
    route,
    routes_in,
)


async def handler() -> None:
    """Do nothing."""


def test_a_route_is_plain_data_around_its_handler() -> None:
    limit = RateLimit(20, per_s=60, by="account", where="cluster")
    declared = post(
        "/v1/orders",
        auth="player",
        permissions=("payment.order.create",),
        rate_limit=limit,
        timeout_ms=3_000,
        idempotency_key=True,
        body_bytes_max=4_096,
        raises=(Conflict,),
    )(handler)
    assert declared == Route(
        method="POST",
        path="/v1/orders",
        policy=Policy(
            auth="player",
            permissions=("payment.order.create",),
            rate_limit=limit,
            timeout_ms=3_000,
            idempotency_key=True,
            body_bytes_max=4_096,
        ),
        handler=handler,
        status=201,
        media_type="application/json",
        body="json",
        may_be_empty=False,
        etag=False,
        raises=(Conflict,),
    )


@pytest.mark.parametrize(
    ("method", "status", "idempotent"),
    [(get, 200, True), (post, 201, False), (put, 200, True), (patch, 200, False), (delete, 204, True)],
)
def test_each_method_has_its_status_and_may_be_repeated_or_not(
    method: object, status: int, *, idempotent: bool
) -> None:
    declared = method("/v1/x", auth="player")(handler)  # type: ignore[operator]
    assert (declared.status, declared.policy.idempotent) == (status, idempotent)
    changed = method("/v1/x", auth="player", status=202, idempotent=not idempotent)(handler)  # type: ignore[operator]
    assert (changed.status, changed.policy.idempotent) == (202, not idempotent)


def test_the_policy_on_the_wire_is_what_the_contract_shows() -> None:
    declared = get(
        "/v1/games",
        auth="public",
        rate_limit=RateLimit(60),
        cache=Cache(ttl_s=30, stale_s=300, tags=("catalog.game",), query=("limit",)),
    )(handler)
    assert msgspec.json.decode(msgspec.json.encode(declared.policy)) == {
        "auth": "public",
        "permissions": [],
        "step_up": None,
        "rate_limit": {"requests": 60, "per_s": 60, "by": "address", "where": "local"},
        "cache": {
            "ttl_s": 30,
            "stale_s": 300,
            "tags": ["catalog.game"],
            "query": ["limit"],
            "anonymous_only": False,
        },
        "timeout_ms": TIMEOUT_MS,
        "idempotent": True,
        "idempotency_key": False,
        "body_bytes_max": BODY_BYTES_MAX,
        "websocket": False,
    }


def test_only_a_public_get_may_be_cached() -> None:
    for method, auth in (("GET", "player"), ("POST", "public")):
        with pytest.raises(ValueError, match="only a public GET"):
            route(method, "/v1/x", auth=auth, cache=Cache(ttl_s=1))  # type: ignore[arg-type]


@pytest.mark.parametrize("auth", ["public", "provider"])
def test_what_is_open_to_all_asks_for_no_permission(auth: str) -> None:
    with pytest.raises(ValueError, match="open to all"):
        get("/v1/x", auth=auth, permissions=("a.b.c",))


def test_a_module_lists_its_routes_as_they_are_written() -> None:
    module = ModuleType("api")
    second, first = (get(path, auth="public")(handler) for path in ("/v1/b", "/v1/a"))
    vars(module).update({"b": second, "not_a_route": handler, "a": first})
    assert routes_in(module) == (second, first)
