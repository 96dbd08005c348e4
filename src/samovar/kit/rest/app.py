"""The routes that services declare, as one Litestar application.

Litestar finds the route. From there: the caller is verified before anything of the body is read, path, query and body are
decoded strictly, the handler runs within its deadline, and whatever goes wrong leaves as `application/problem+json`.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, cast, get_args
from urllib.parse import parse_qsl

import litestar
import msgspec
import structlog
from litestar import Litestar, Response
from litestar.exceptions import HTTPException, LitestarException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from samovar.kit import deadline, errors, tracing
from samovar.kit.errors import FieldError, SamovarError
from samovar.kit.i18n import Catalogue, language_of
from samovar.kit.idempotency import Idempotency, Once
from samovar.kit.identity import Caller, current_caller
from samovar.kit.injection import bind
from samovar.kit.rest import problems
from samovar.kit.rest.answers import JSON, Answer
from samovar.kit.rest.etags import etag_of
from samovar.kit.rest.gatekeeper import Gatekeeper
from samovar.kit.rest.parameters import Parameters, parameters_of
from samovar.kit.rest.timeouts import Timeouts
from samovar.kit.routes import Route

DISCARDED_BYTES_MAX = 8 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"
FORM_FIELDS_MAX = 100

Request = litestar.Request[Any, Any, Any]
log = structlog.get_logger(__name__)


class HostedRoutes(msgspec.Struct, frozen=True):
    """The routes of one service, with all that their handlers need.

    Attributes:
        provides: What the service's `build()` returned.
        gatekeeper: Who may call; none for the routes of the process itself.
        idempotency: Where the answers of keyed routes are kept; none for a service without a database.
    """

    service: str
    routes: Sequence[Route]
    provides: Mapping[str, object]
    gatekeeper: Gatekeeper | None = None
    idempotency: Idempotency | None = None


def build_app(hosted: Sequence[HostedRoutes], *, catalogue: Catalogue) -> Litestar:
    """Return the application that serves all `hosted` routes.

    Raises:
        MissingDependency: A handler asks for a name that nobody provides.
    """

    def on_error(request: Request, error: SamovarError) -> Response[bytes]:
        return _response(problem(request, error, catalogue))

    def on_framework_error(request: Request, error: HTTPException) -> Response[bytes]:
        response = _response(problem(request, problems.from_framework(error), catalogue))
        response.headers.update(error.headers or {})
        return response

    def on_bug(request: Request, error: Exception) -> Response[bytes]:
        log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
        return _response(problem(request, errors.Internal(str(error)), catalogue))

    timeouts = Timeouts()
    handlers = [
        HTTPRouteHandler(
            route.path,
            http_method=route.method,
            status_code=200,  # what is sent is in the answer itself; Litestar only refuses some combinations
            opt={"service": routes.service},
            request_max_body_size=route.policy.body_bytes_max,
        )(_Endpoint(route, routes, catalogue, timeouts).as_function())
        for routes in hosted
        for route in routes.routes
    ]
    return Litestar(
        handlers,
        exception_handlers={SamovarError: on_error, HTTPException: on_framework_error, Exception: on_bug},
        openapi_config=None,
        logging_config=None,
    )


def problem(request: Request, error: SamovarError, catalogue: Catalogue) -> Answer:
    """Return an error in the reader's language."""
    told = problems.problem_of(
        error,
        catalogue=catalogue,
        language=language_of(request.headers.get("accept-language")),
        trace_id=tracing.current_trace_id(),
    )
    return Answer(
        {**error.members, **msgspec.to_builtins(told)} if error.members else told,
        status=error.http_status,
        media_type=problems.MEDIA_TYPE,
        headers=problems.headers_of(error),
    )


def _response(answer: Answer) -> Response[bytes]:
    return Response(
        answer.body, status_code=answer.status, media_type=answer.media_type, headers=answer.headers
    )


class _Endpoint:
    """One route between Litestar and its handler."""

    def __init__(self, route: Route, hosted: HostedRoutes, catalogue: Catalogue, timeouts: Timeouts) -> None:
        asked, _ = parameters_of(route.handler, route.path)
        keyed = route.policy.idempotency_key
        if keyed and ("once" not in asked or hosted.idempotency is None):
            raise TypeError(
                f"{route.method} {route.path} needs a parameter `once` and a database for its keys"
            )
        self._route = route
        self._service = hosted.service
        self._gatekeeper = hosted.gatekeeper
        self._idempotency = hosted.idempotency
        self._catalogue = catalogue
        self._timeouts = timeouts
        self._call = bind(route.handler, hosted.provides, given=tuple(asked))
        self._parameters = Parameters(route)
        self._body = _body_reader(route, asked["data"]) if "data" in asked else None
        self._asks_request = "request" in asked
        self._asks_caller = "caller" in asked
        self._timeout_s = route.policy.timeout_ms / 1000

    def as_function(self) -> Callable[..., Any]:
        """Return the function that Litestar calls; it wants one with a name."""

        async def handle(request: Request) -> ASGIApp:
            refusal = self._route.refusal
            if refusal is None:
                return await self._serve(request)
            try:
                return await self._serve(request)
            except SamovarError as error:
                answer: ASGIApp = refusal(error)
                return answer

        handle.__annotations__ = {"request": Request, "return": ASGIApp}
        return handle

    async def _serve(self, request: Request) -> ASGIApp:
        scope: Any = request.scope
        tracing.belongs_to(self._service)
        caller = await self._admit(scope)
        values = self._parameters.read(scope)
        if self._asks_request:
            values["request"] = request
        if self._asks_caller:
            values["caller"] = caller
        task = self._timeouts.begin(self._timeout_s)
        try:
            with deadline.within(self._timeout_s):
                if self._body:
                    values["data"] = await self._body(request)
                if self._route.policy.idempotency_key:
                    return await self._once(request, caller, functools.partial(self._call, **values))
                return self._answer(await self._call(**values))
        except asyncio.CancelledError as error:
            if self._timeouts.end(task):
                raise errors.DeadlineExceeded(f"{self._route.path}: {self._timeout_s} s") from error
            raise
        finally:
            self._timeouts.end(task)

    async def _admit(self, scope: Any) -> Caller | None:
        """Verify the caller, before anything of the body is read."""
        if self._gatekeeper is None:
            return None
        authorization = next((value for name, value in scope["headers"] if name == b"authorization"), None)
        caller = await self._gatekeeper.admit(
            authorization.decode("latin-1") if authorization else None,
            self._route.policy,
            asks_caller=self._asks_caller,
        )
        scope["caller"] = caller
        current_caller.set(caller)
        return caller

    def _answer(self, value: Any) -> ASGIApp:
        if isinstance(value, Answer):
            return value
        if value is None and self._route.media_type == JSON:
            return Answer(status=self._route.status)
        answer = Answer(value, status=self._route.status, media_type=self._route.media_type)
        if self._route.etag:
            answer.headers = {"ETag": etag_of(answer.body)}
        return answer

    async def _once(self, request: Request, caller: Caller | None, call: Callable[..., Any]) -> ASGIApp:
        """Run a keyed handler at most once; see `kit/idempotency`."""
        scope: Any = request.scope
        attempt = await cast("Idempotency", self._idempotency).begin(
            scope=str(caller.account_id) if caller else "public",
            route=f"{self._route.method} {self._route.path}",
            key=request.headers.get("idempotency-key"),
            request=b"\n".join((scope["raw_path"], scope["query_string"], await request.body())),
            status=self._route.status,
        )
        if not isinstance(attempt, Once):
            replayed = {"Idempotency-Replayed": "true"}
            return Answer(
                attempt.body, status=attempt.status, media_type=attempt.media_type, headers=replayed
            )
        try:
            value = await call(once=attempt)
        except SamovarError as error:
            if error.http_status >= errors.Internal.http_status or isinstance(error, errors.RateLimited):
                await attempt.forget()
                raise
            refusal = problem(request, error, self._catalogue)
            await attempt.refuse(refusal.status, refusal.media_type, refusal.body)
            return refusal
        except BaseException:
            await attempt.forget()
            raise
        if not attempt.answered:
            raise TypeError(f"{self._route.handler.__name__} did not record its answer with once.answer()")
        return self._answer(value)


async def _discard(request: Request) -> None:
    """Read the rest of a body that is too large: a client that is cut off while it sends does not see why."""
    discarded = 0
    while discarded < DISCARDED_BYTES_MAX:
        message = await request.receive()
        if message["type"] != "http.request" or not message["more_body"]:
            return
        discarded += len(message["body"])


def _body_reader(route: Route, kind: Any) -> Callable[[Request], Awaitable[Any]]:
    """Return what decodes the bodies of a route, and validates them in the same step."""
    if route.body == "bytes":
        return functools.partial(_read, may_be_empty=route.may_be_empty)
    if route.body == "form":
        names = [field.encode_name for field in msgspec.structs.fields(kind)]
        return lambda request: _form(request, kind, frozenset(names))
    decoder = msgspec.json.Decoder(kind)
    may_be_empty = type(None) in get_args(kind)
    return lambda request: _json(request, decoder, may_be_empty=may_be_empty)


async def _json(request: Request, decoder: msgspec.json.Decoder[Any], *, may_be_empty: bool = False) -> Any:
    """Return the JSON body; none where there is none and there need be none.

    Raises:
        UnsupportedMediaType: It is not JSON.
        BadRequest: It is not well-formed, or the client went away in the middle of it.
        InvalidInput: It is missing or breaks a rule of the type.
    """
    body = await _read(request, may_be_empty=may_be_empty)
    if not body:
        return None
    kind, _ = request.content_type
    if kind != JSON and not kind.endswith("+json"):
        raise errors.UnsupportedMediaType(kind or "no Content-Type")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        fault = problems.rules_broken(error, _plain(body), decoder.type)
        raise errors.InvalidInput(str(error), fields=[fault]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise errors.BadRequest(str(error)) from None


def _plain(body: bytes) -> object:
    """Return what a body says as plain JSON; none where what comes behind the first fault cannot be read."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


async def _form(request: Request, kind: Any, known: Collection[str]) -> Any:
    """Return the fields of a form; what the type does not name is passed over (RFC 6749, section 3.1).

    Raises:
        UnsupportedMediaType: It is no form.
        BadRequest: It is not well-formed, or a field stands in it twice.
        InvalidInput: It is missing or breaks a rule of the type.
    """
    body = await _read(request)
    media_type, _ = request.content_type
    if media_type != FORM:
        raise errors.UnsupportedMediaType(media_type or "no Content-Type")
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX, errors="strict"
        )
    except ValueError as error:
        raise errors.BadRequest(f"no form: {error}") from None
    fields = {name: value for name, value in pairs if name in known}
    if len(fields) < sum(name in known for name, _ in pairs):
        raise errors.BadRequest("a field stands twice in the form")
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        raise errors.InvalidInput(str(error), fields=[problems.rules_broken(error)]) from None


async def _read(request: Request, *, may_be_empty: bool = False) -> bytes:
    """Return the bytes of a body.

    Raises:
        BadRequest: The client went away in the middle of it.
        InvalidInput: There is none, though there must be.
    """
    try:
        body = await request.body()
    except LitestarException as error:
        if isinstance(error, HTTPException) and error.status_code < errors.Internal.http_status:
            await _discard(request)
            raise
        raise errors.BadRequest("the client went away while it sent the body") from error
    if not body and not may_be_empty:
        raise errors.InvalidInput("no body", fields=[FieldError("", "missing", "the body is missing")])
    return body
