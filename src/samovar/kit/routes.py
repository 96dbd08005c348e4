"""A route and, beside its handler, its policy: who may call it, how often, how long, what may be cached.

The policy is data. The service enforces it, `samovar generate` writes it into the service's `openapi.json` as `x-samovar`,
and the gateway's compiler reads it there.

    @post("/v1/auth/login", auth="public", rate_limit=RateLimit(20, per_s=60, by="address"), raises=(BadCredentials,))
    async def log_in(data: Credentials, sessions: Sessions) -> Tokens:

A handler is a plain coroutine function. What its parameters mean:

- `data` is the body, JSON unless `body` says otherwise, decoded strictly into its type; of a type that may be `None` it may be missing;
- `caller` is who calls (`Caller`, or `Caller | None` where the route is public); `request` is the raw request;
- `once` is the idempotency record of a route with `idempotency_key=True`;
- a name in the path, or a parameter of a simple type (text, number, UUID, time, a list of those) comes from the URL, as do the
  fields of a `QueryFields` (`kit/rest/parameters`), which stands for a query of many;
- everything else is what the service's `build()` returned under that name.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Literal

import msgspec

from samovar.kit.errors import SamovarError

Auth = Literal["public", "provider", "player", "developer", "staff", "service"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
BodyForm = Literal["json", "form", "bytes"]
Refusal = Callable[[SamovarError], Any]
"""Returns a `kit.rest.answers.Answer`."""
TIMEOUT_MS = 5_000
BODY_BYTES_MAX = 1_048_576
_SUCCESS = {"POST": 201, "DELETE": 204}
_OK = 200


class RateLimit(msgspec.Struct, frozen=True):
    """At most `requests` in `per_s` seconds.

    Attributes:
        by: Who is counted: the client's address, the account, or the API key.
        where: `local` counts in each gateway process and costs nothing; `cluster` counts in Redis over all of them.
    """

    requests: int
    per_s: int = 60
    by: Literal["address", "account", "api_key"] = "address"
    where: Literal["local", "cluster"] = "local"


class Cache(msgspec.Struct, frozen=True, kw_only=True):
    """Let the gateway keep the whole answer: only for what is public and the same for everyone who gets it.

    An answer that holds for a shorter time than its route says so itself: `Cache-Control: max-age=…`, in seconds.

    Attributes:
        ttl_s: How long an answer is fresh.
        stale_s: How long after that it may still be served while a new one is fetched.
        tags: What purges it: the subjects of events, without the prefix `samovar.`.
        query: The query parameters that are part of the key; any other parameter makes the request uncacheable.
        anonymous_only: Whoever is signed in gets an answer of their own, straight from the service.
    """

    ttl_s: int
    stale_s: int = 0
    tags: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    anonymous_only: bool = False


class StepUp(msgspec.Struct, frozen=True):
    """The caller has proved who they are a short while ago (RFC 9470): for what a stolen token must not do.

    Attributes:
        max_age_s: How long ago at the most.
        acr: How sure it must be: `aal1` for any proof, `aal2` for two factors.
    """

    max_age_s: int
    acr: Literal["aal1", "aal2"] = "aal1"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a route that is not its handler; the shape of `x-samovar` in `openapi.json`.

    Attributes:
        auth: The kind of caller; `public` and `provider` need no token, `service` is never reachable from outside.
        permissions: All of these are needed, `<service>.<resource>.<verb>`.
        step_up: How fresh the caller's proof of who they are must be.
        timeout_ms: After this the gateway answers 504.
        idempotent: The gateway may send it again when a service dies under it.
        idempotency_key: The client must send `Idempotency-Key`.
        body_bytes_max: A larger body is answered 413.
        websocket: The route upgrades to a WebSocket.
    """

    auth: Auth
    permissions: tuple[str, ...] = ()
    step_up: StepUp | None = None
    rate_limit: RateLimit | None = None
    cache: Cache | None = None
    timeout_ms: int = TIMEOUT_MS
    idempotent: bool = False
    idempotency_key: bool = False
    body_bytes_max: int = BODY_BYTES_MAX
    websocket: bool = False


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A declared handler.

    Attributes:
        status: The status of success.
        media_type: The type of the answer.
        body: How `data` travels: as JSON, as the fields of a form, which OAuth and some payment systems speak, or as
            the bytes that they are: a picture.
        may_be_empty: A body of no bytes at all is one, too; otherwise it is missing.
        etag: Success carries an `ETag` made of the body, for a later `If-Match` (`kit/rest/etags`).
        raises: The errors that are part of the contract.
        refusal: Makes the answer of an error, where a standard wants another form than a problem.
    """

    method: Method
    path: str
    policy: Policy
    handler: Callable[..., Any]
    status: int
    media_type: str
    body: BodyForm
    may_be_empty: bool
    etag: bool
    raises: tuple[type[SamovarError], ...]
    refusal: Refusal | None = None


Decorator = Callable[[Callable[..., Any]], Route]


def route(
    method: Method,
    path: str,
    *,
    auth: Auth,
    permissions: tuple[str, ...] = (),
    step_up: StepUp | None = None,
    rate_limit: RateLimit | None = None,
    cache: Cache | None = None,
    timeout_ms: int = TIMEOUT_MS,
    idempotent: bool | None = None,
    idempotency_key: bool = False,
    body_bytes_max: int = BODY_BYTES_MAX,
    status: int | None = None,
    media_type: str = "application/json",
    body: BodyForm = "json",
    may_be_empty: bool | None = None,
    etag: bool = False,
    raises: tuple[type[SamovarError], ...] = (),
    refusal: Refusal | None = None,
) -> Decorator:
    """Declare a handler. By default all but POST and PATCH may be repeated by the gateway.

    Args:
        method: The HTTP method.
        path: The outside path, `/v1/games/{game_id:uuid}`.
        auth: See `Policy`, as for all others not named here.
        permissions: See `Policy`.
        step_up: See `Policy`.
        rate_limit: See `Policy`.
        cache: See `Policy`; only a public GET may have one.
        timeout_ms: See `Policy`.
        idempotent: See `Policy`.
        idempotency_key: See `Policy`.
        body_bytes_max: See `Policy`.
        status: The status of success; 201 for POST, 204 for DELETE, 200 for others unless said.
        media_type: The type of the answer.
        body: See `Route`.
        may_be_empty: See `Route`; true for a provider, who sends its webhook what it likes, unless said.
        etag: See `Route`.
        raises: The errors that are part of the contract, for OpenAPI.
        refusal: See `Route`.
    """
    if cache and not (method == "GET" and auth == "public"):
        raise ValueError(f"{method} {path}: only a public GET may be cached")
    if permissions and auth in {"public", "provider"}:
        raise ValueError(f"{method} {path}: a route open to all cannot ask for permissions")
    if step_up and auth in {"public", "provider"}:
        raise ValueError(f"{method} {path}: a route open to all cannot ask who its caller is")
    policy = Policy(
        auth=auth,
        permissions=permissions,
        step_up=step_up,
        rate_limit=rate_limit,
        cache=cache,
        timeout_ms=timeout_ms,
        idempotent=method not in {"POST", "PATCH"} if idempotent is None else idempotent,
        idempotency_key=idempotency_key,
        body_bytes_max=body_bytes_max,
    )

    def declare(handler: Callable[..., Any]) -> Route:
        return Route(
            method=method,
            path=path,
            policy=policy,
            handler=handler,
            status=status or _SUCCESS.get(method, _OK),
            media_type=media_type,
            body=body,
            may_be_empty=auth == "provider" if may_be_empty is None else may_be_empty,
            etag=etag,
            raises=raises,
            refusal=refusal,
        )

    return declare


def get(path: str, **policy: Any) -> Decorator:
    """Declare a GET; see `route`."""
    return route("GET", path, **policy)


def post(path: str, **policy: Any) -> Decorator:
    """Declare a POST, answered 201 unless `status` says otherwise; see `route`."""
    return route("POST", path, **policy)


def put(path: str, **policy: Any) -> Decorator:
    """Declare a PUT; see `route`."""
    return route("PUT", path, **policy)


def patch(path: str, **policy: Any) -> Decorator:
    """Declare a PATCH; see `route`."""
    return route("PATCH", path, **policy)


def delete(path: str, **policy: Any) -> Decorator:
    """Declare a DELETE, answered 204 unless `status` says otherwise; see `route`."""
    return route("DELETE", path, **policy)


def routes_in(module: ModuleType) -> tuple[Route, ...]:
    """Return the routes that `module` declares, in the order they are written."""
    return tuple(value for value in vars(module).values() if isinstance(value, Route))
