"""REST: the routes that services declare, as one Litestar application.

A route's handler is bound to what its service built, its body is decoded strictly, its caller is verified before the body
is read, and whatever goes wrong leaves as `application/problem+json`.
"""

import asyncio
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import litestar
import msgspec
import structlog
from litestar import Litestar, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, PathParameter, QueryParameter

from samovar.kit import deadline, errors, problems, tracing
from samovar.kit.errors import FieldError, SamovarError
from samovar.kit.gatekeeper import Gatekeeper
from samovar.kit.i18n import Catalogue, language_of
from samovar.kit.idempotency import Idempotency, Once
from samovar.kit.identity import Caller, current_caller
from samovar.kit.injection import bind
from samovar.kit.routes import Route

_SIMPLE = (str, int, float, bool, bytes, UUID, date, datetime, time_of_day, Decimal)
_GIVEN = ("data", "request", "caller", "once")
_JSON = "application/json"

log = structlog.get_logger(__name__)


def header(name: str, description: str | None = None) -> Any:
    """Mark a parameter as a request header: annotate it with `header("If-Match")`."""
    return HeaderParameter(name=name, description=description)


class HostedRoutes(msgspec.Struct, frozen=True):
    """The routes of one service, with all that their handlers need.

    Attributes:
        provides: What the service's `build()` returned.
        gatekeeper: Who may call; None while only the contract is generated.
        idempotency: Where the answers of keyed routes are kept; None for a service without a database.
    """

    service: str
    routes: Sequence[Route]
    provides: Mapping[str, object]
    gatekeeper: Gatekeeper | None = None
    idempotency: Idempotency | None = None


Request = litestar.Request[Any, Any, Any]


def build_app(
    hosted: Sequence[HostedRoutes], *, catalogue: Catalogue, internal: Sequence[Route] = ()
) -> Litestar:
    """Return the application that serves all `hosted` routes and the process's own `internal` ones."""
    handlers = [_handler(route, routes) for routes in hosted for route in routes.routes]
    own = HostedRoutes("kit", internal, {})
    return Litestar(
        [*handlers, *(_handler(route, own) for route in internal)],
        before_request=_authorise,
        exception_handlers={SamovarError: _on_error, HTTPException: _on_framework_error, Exception: _on_bug},
        state=State({"catalogue": catalogue}),
        openapi_config=None,
        logging_config=None,
    )


def parameters_of(function: Callable[..., Any], path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide a handler's parameters into those of the request and those that its service must provide."""
    hints = get_type_hints(function, include_extras=True)
    hints.pop("return", None)
    from_request = {
        name: kind
        for name, kind in hints.items()
        if name in _GIVEN or _in_path(name, path) or _is_simple(kind)
    }
    return from_request, {name: kind for name, kind in hints.items() if name not in from_request}


def _in_path(name: str, path: str) -> bool:
    return f"{{{name}:" in path or f"{{{name}}}" in path


def _is_simple(kind: Any) -> bool:
    origin = get_origin(kind)
    if origin is Annotated:
        return _is_simple(get_args(kind)[0])
    if origin is Literal or kind is NoneType:
        return True
    if origin in {Union, UnionType, list, set, tuple}:
        return all(_is_simple(part) for part in get_args(kind) if part is not Ellipsis)
    return isinstance(kind, type) and issubclass(kind, (*_SIMPLE, Enum))


def _marked(name: str, kind: Any, path: str) -> Any:
    """Say to the framework where a parameter comes from."""
    if get_origin(kind) is Annotated and any(isinstance(note, HeaderParameter) for note in get_args(kind)):
        return kind
    return Annotated[kind, PathParameter() if _in_path(name, path) else QueryParameter()]


def _handler(route: Route, hosted: HostedRoutes) -> HTTPRouteHandler:
    from_request, _ = parameters_of(route.handler, route.path)
    if route.policy.idempotency_key and ("once" not in from_request or hosted.idempotency is None):
        raise TypeError(
            f"{hosted.service}: {route.path} needs a parameter `once` and a database for its keys"
        )
    opt: dict[str, Any] = {
        "policy": route.policy,
        "service": hosted.service,
        "gatekeeper": hosted.gatekeeper,
        "asks_caller": "caller" in from_request,
    }
    return HTTPRouteHandler(
        route.path,
        http_method=route.method,
        status_code=route.status,
        media_type=route.media_type,
        opt=opt,
        request_max_body_size=route.policy.body_bytes_max,
    )(_bound(route, hosted, from_request))


def _bound(route: Route, hosted: HostedRoutes, from_request: dict[str, Any]) -> Callable[..., Any]:
    """Return the handler as the framework calls it: only the request's own parameters are left in its signature."""
    call = bind(route.handler, hosted.provides, given=tuple(from_request))
    wants_request, wants_caller = "request" in from_request, "caller" in from_request
    decoder = msgspec.json.Decoder(from_request["data"]) if "data" in from_request else None
    timeout_s = route.policy.timeout_ms / 1000

    async def handle(request: Request, **values: Any) -> Any:
        if wants_request:
            values["request"] = request
        if wants_caller:
            values["caller"] = request.scope["caller"]  # type: ignore[typeddict-item]
        try:
            with deadline.within(timeout_s):
                async with asyncio.timeout(timeout_s):
                    if decoder:
                        values["data"] = await _body(request, decoder)
                    if route.policy.idempotency_key:
                        return await _once(route, hosted, request, functools.partial(call, **values))
                    return await call(**values)
        except TimeoutError as error:
            raise errors.DeadlineExceeded(f"{route.method} {route.path}: {timeout_s} s") from error

    original = inspect.signature(route.handler)
    hints = get_type_hints(route.handler, include_extras=True)
    kept = [name for name in from_request if name not in _GIVEN]
    parameters = [
        original.parameters[name].replace(
            annotation=_marked(name, hints[name], route.path), kind=inspect.Parameter.KEYWORD_ONLY
        )
        for name in kept
    ]
    parameters.insert(0, inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request))
    answer = hints.get("return", None)
    handle.__signature__ = inspect.Signature(parameters, return_annotation=answer)  # type: ignore[attr-defined]
    handle.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    handle.__annotations__["return"] = answer
    handle.__name__ = handle.__qualname__ = route.handler.__name__
    return handle


async def _body(request: Request, decoder: msgspec.json.Decoder[Any]) -> Any:
    """Return the JSON body, decoded and validated in one step.

    Raises:
        UnsupportedMediaType: It is not JSON.
        BadRequest: It is not well-formed.
        InvalidInput: It is missing or breaks a rule of the type.
    """
    body = await request.body()
    if not body:
        raise errors.InvalidInput("no body", fields=[FieldError("", "missing", "the body is missing")])
    kind, _ = request.content_type
    if kind != _JSON and not kind.endswith("+json"):
        raise errors.UnsupportedMediaType(kind or "no Content-Type")
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as error:
        raise problems.from_body(error) from None
    except UnicodeDecodeError:
        raise errors.BadRequest("the body is not UTF-8") from None
    except RecursionError:
        raise errors.BadRequest("the body is nested too deeply") from None


async def _once(route: Route, hosted: HostedRoutes, request: Request, call: Callable[..., Any]) -> Any:
    """Run a keyed handler at most once; see `kit/idempotency`."""
    caller: Caller | None = request.scope["caller"]  # type: ignore[typeddict-item]
    attempt = await cast("Idempotency", hosted.idempotency).begin(
        scope=str(caller.account_id) if caller else "public",
        route=f"{route.method} {route.path}",
        key=request.headers.get("idempotency-key"),
        request=request.scope["raw_path"]
        + b"?"
        + request.scope["query_string"]
        + b"\n"
        + await request.body(),
        status=route.status,
    )
    if not isinstance(attempt, Once):
        return Response(
            attempt.body,
            status_code=attempt.status,
            media_type=attempt.media_type,
            headers={"Idempotency-Replayed": "true"},
        )
    try:
        answer = await call(once=attempt)
    except SamovarError as error:
        if (
            error.http_status >= errors.Internal.http_status
            or error.http_status == errors.RateLimited.http_status
        ):
            await attempt.forget()
            raise
        response = _problem_response(request, error)
        await attempt.refuse(error.http_status, problems.MEDIA_TYPE, response.content)
        return response
    except BaseException:
        await attempt.forget()
        raise
    if not attempt.answered:
        raise TypeError(f"{route.handler.__name__} did not record its answer with once.answer()")
    return answer


async def _authorise(request: Request) -> None:
    """Verify the caller before anything of the body is read."""
    opt = request.route_handler.opt
    gatekeeper: Gatekeeper | None = opt.get("gatekeeper")
    caller = None
    if gatekeeper:
        authorization = request.headers.get("authorization")
        caller = await gatekeeper.admit(authorization, opt["policy"], asks_caller=opt["asks_caller"])
    scope: Any = request.scope
    scope["caller"] = caller
    current_caller.set(caller)


def _problem_response(request: Request, error: SamovarError) -> Response[bytes]:
    problem = problems.problem_of(
        error,
        catalogue=request.app.state.catalogue,
        language=language_of(request.headers.get("accept-language")),
        trace_id=tracing.current_trace_id(),
    )
    return Response(
        msgspec.json.encode(problem),
        status_code=error.http_status,
        media_type=problems.MEDIA_TYPE,
        headers=problems.headers_of(error),
    )


def _on_error(request: Request, error: SamovarError) -> Response[bytes]:
    return _problem_response(request, error)


def _on_framework_error(request: Request, exception: HTTPException) -> Response[bytes]:
    response = _problem_response(request, problems.from_framework(exception))
    for name, value in (exception.headers or {}).items():
        response.headers[name] = value
    return response


def _on_bug(request: Request, exception: Exception) -> Response[bytes]:
    log.error("request failed", method=request.method, path=request.url.path, exc_info=exception)
    return _problem_response(request, errors.Internal(str(exception)))
