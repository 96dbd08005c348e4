"""The gRPC side of a process: what services offer each other, behind one port, under one set of rules.

A service declares `rpc=(Rpc(add=add_LibraryServicer_to_server, servicer=LibraryRpc),)`. Around each of its methods the kit puts

- the installation's shared secret, without which nobody is answered (health checks excepted);
- a deadline: the caller's, or `TIMEOUT_S`, enforced here too, and handed to what the method calls in turn;
- the end user's token, verified, when the calling service passes one on: `identity.current_caller`;
- the trace, the metrics, the service's name in the logs;
- errors: a `SamovarError` becomes its gRPC status with the stable code in the trailing metadata, anything else INTERNAL
  without a word of what happened inside.

Methods are unary. Calls between services are few and coarse; a stream would need rules of its own for all of the above.
"""

import asyncio
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

import grpc
import msgspec
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from samovar.kit import deadline, metrics, tracing
from samovar.kit.errors import (
    DeadlineExceeded,
    FieldError,
    Internal,
    SamovarError,
    Unauthenticated,
    Unavailable,
)
from samovar.kit.identity import Caller, current_caller
from samovar.kit.injection import bind
from samovar.kit.settings import Secret

TIMEOUT_S = 5.0
TIMEOUT_S_MAX = 60.0
CALLS_MAX = 256
MESSAGE_BYTES_MAX = 4 * 1024 * 1024
DETAIL_CHARACTERS_MAX = 1_024
PARTICULARS_BYTES_MAX = 4_096
WATCHERS_MAX = 64

SECRET = "samovar-secret"  # noqa: S105  the name of a header
BEARER = "Bearer "
CODE, STATUS, RETRY_AFTER = "samovar-code", "samovar-status", "samovar-retry-after"
PARTICULARS = "samovar-particulars-bin"

# Both ends ping an idle connection, so that one which a middlebox dropped is noticed before it is needed.
KEEPALIVE_MS = 20_000
KEEPALIVE_TIMEOUT_MS = 5_000
_SERVER_OPTIONS = (
    ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
    ("grpc.max_send_message_length", MESSAGE_BYTES_MAX),
    # Without this two processes may listen on one port, and each gets half of the calls.
    ("grpc.so_reuseport", 0),
    ("grpc.keepalive_time_ms", KEEPALIVE_MS),
    ("grpc.keepalive_timeout_ms", KEEPALIVE_TIMEOUT_MS),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", KEEPALIVE_MS // 2),
    # Clients connect anew from time to time and so find replicas that were started since.
    ("grpc.max_connection_age_ms", 300_000),
    ("grpc.max_connection_age_grace_ms", 60_000),
)
_LOOPBACK = ("ipv4:127.", "ipv6:[::1]", "ipv6:%5B::1%5D", "unix:")

Behaviour = Callable[[Any, Any], Awaitable[Any]]
log = structlog.get_logger(__name__)


class SecretRefused(Unauthenticated):
    """The calling service does not know this installation's secret."""

    code = "rpc.secret_refused"


class Verifier(Protocol):
    """Checks the tokens of end users; `identity.Verifier` in a running service."""

    async def verify(self, token: str) -> Caller:
        """Return who the token speaks for, or raise `Unauthenticated`."""
        ...


@dataclass(frozen=True)
class Rpc:
    """One gRPC service that a service offers.

    Attributes:
        add: The generated `add_…Servicer_to_server`.
        servicer: The class that answers; its constructor takes, by name, what the service's `build` made.
    """

    add: Callable[[Any, Any], None]
    servicer: Callable[..., object]


class Particulars(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an error carries besides its code, so that the reader's sentence can be made at the other end."""

    fields: tuple[FieldError, ...] = ()
    params: dict[str, Any] = {}


class RpcServer:
    """The gRPC server of one process.

    Args:
        secret: The installation's shared secret.
        verifier: Checks end users' tokens that are passed on.
        calls_max: More calls at once are refused as `Unavailable`, so that those under way are finished in time.
    """

    def __init__(self, *, secret: Secret, verifier: Verifier, calls_max: int = CALLS_MAX) -> None:
        self._gate = _Gate(secret, verifier, calls_max)
        self._services: set[str] = set()
        self._server = grpc.aio.server(options=_SERVER_OPTIONS)
        self._health = _Health()
        # Two stops at once crash the process: the second one touches the server that the first one freed.
        self._stopping = asyncio.Lock()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)

    def host(self, service: str, declared: Rpc, provides: Mapping[str, object]) -> None:
        """Offer what a service declared; before `start` only.

        Raises:
            MissingDependency: The servicer asks for something that `build` did not make.
            TypeError: One of its methods is a stream.
        """
        registrar = _Registrar(self._server, self._gate, service)
        declared.add(bind(declared.servicer, provides)(), registrar)
        self._services |= {service, *registrar.names}

    async def start(self, address: str) -> int:
        """Listen on `host:port` and return the port; port 0 takes a free one.

        Raises:
            RuntimeError: The address is taken.
        """
        offered = sorted(name for name in self._services if "." in name)
        reflection_pb2_grpc.add_ServerReflectionServicer_to_server(
            _Reflection(self._gate, offered), self._server
        )
        port = self._server.add_insecure_port(address)
        self._health.services = frozenset({"", *self._services})
        await self._server.start()
        return port

    async def drain(self, timeout_s: float) -> None:
        """Say NOT_SERVING, take no new calls, finish those under way within `timeout_s`, cancel the rest and stop."""
        self._health.draining.set()
        began, under_way = time.monotonic(), self._gate.under_way
        async with self._stopping:
            await self._server.stop(timeout_s)
        if under_way and time.monotonic() - began >= timeout_s:
            log.warning("gRPC calls were cut off", after_s=timeout_s)


class _Gate:
    """The rules around every call of a process."""

    def __init__(self, secret: Secret, verifier: Verifier, calls_max: int) -> None:
        self._secret = secret.reveal().encode()
        self._verifier = verifier
        self._calls_max = calls_max
        self.under_way = 0

    def knows_secret(self, metadata: Mapping[str, Any]) -> bool:
        """Whether a caller knows the secret, found out in the same time whatever it sent."""
        return hmac.compare_digest(str(metadata.get(SECRET, "")).encode(), self._secret)

    def guard(self, service: str, package: str, name: str, behaviour: Behaviour) -> Behaviour:
        """Return a method with the rules around it."""
        method = f"{package}/{name}"
        attributes = {"rpc.system": "grpc", "rpc.service": package, "rpc.method": name}
        in_flight = metrics.RPC_IN_FLIGHT.labels(service)

        async def serve(request: Any, context: Any) -> Any:
            started, status = time.perf_counter(), "CANCELLED"
            metadata = dict(context.invocation_metadata())
            in_flight.inc()
            try:
                with (
                    tracing.extracted(metadata),
                    tracing.span(method, kind="server", service=service, attributes=attributes),
                ):
                    answer = await self._admit(behaviour, request, context, metadata)
                status = "OK"
            except SamovarError as error:
                status = error.grpc_status
                await _refuse(context, error)
            else:
                return answer
            finally:
                in_flight.dec()
                metrics.rpc_served(service, method, status, time.perf_counter() - started)

        return serve

    async def _admit(
        self, behaviour: Behaviour, request: Any, context: Any, metadata: Mapping[str, Any]
    ) -> Any:
        """Run a method for a caller that may call it, if there is room, while there is time."""
        if not self.knows_secret(metadata):
            raise SecretRefused
        if self.under_way >= self._calls_max:
            raise Unavailable(f"{self.under_way} calls are under way")
        left_s = context.time_remaining()
        timeout_s = min(TIMEOUT_S if left_s is None else left_s, TIMEOUT_S_MAX)
        self.under_way += 1
        try:
            with deadline.within(timeout_s):
                async with asyncio.timeout(timeout_s) as limit:
                    if authorization := metadata.get("authorization"):
                        current_caller.set(await self._verifier.verify(authorization.removeprefix(BEARER)))
                    return await behaviour(request, context)
        except SamovarError:
            raise
        except Exception as error:
            if limit.expired():
                raise DeadlineExceeded(f"not done in {timeout_s:.3f} s") from error
            log.exception("gRPC call failed")
            raise Internal(type(error).__name__) from error
        finally:
            self.under_way -= 1


class _Registrar:
    """What generated code takes for the server: it puts the rules around each method on its way in."""

    def __init__(self, server: grpc.aio.Server, gate: _Gate, service: str) -> None:
        self._server = server
        self._gate = gate
        self._service = service
        self.names: list[str] = []

    def add_generic_rpc_handlers(self, handlers: object) -> None:
        """Take no notice: generated code registers every method a second time, by name."""

    def add_registered_method_handlers(self, package: str, handlers: Mapping[str, Any]) -> None:
        """Register the methods of one gRPC service."""
        guarded = {}
        for name, handler in handlers.items():
            if handler.unary_unary is None:
                raise TypeError(f"{package}/{name} is a stream: methods between services are unary")
            guarded[name] = grpc.unary_unary_rpc_method_handler(
                self._gate.guard(self._service, package, name, handler.unary_unary),
                handler.request_deserializer,
                handler.response_serializer,
            )
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(package, guarded),))
        self.names.append(package)


class _Health(health_pb2_grpc.HealthServicer):  # type: ignore[misc]
    """Tells anyone whether a service is served: all are until the process drains. The library's own never ends a watcher.

    Its names are those of our services, of their gRPC services, and "" for the process.
    """

    def __init__(self) -> None:
        self.services: frozenset[str] = frozenset()
        self.draining = asyncio.Event()
        self._watchers = 0

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802  of the contract
        """Tell the state of a service now."""
        if request.service not in self.services:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
        return self._answer(request.service)

    async def Watch(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802  of the contract
        """Tell the state of a service now and when it changes."""
        if self._watchers >= WATCHERS_MAX:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many watchers")
        self._watchers += 1
        try:
            yield self._answer(request.service)
            await self.draining.wait()
            yield self._answer(request.service)
        finally:
            self._watchers -= 1

    def _answer(self, service: str) -> Any:
        answer = health_pb2.HealthCheckResponse
        if service not in self.services:
            return answer(status=answer.SERVICE_UNKNOWN)
        return answer(status=answer.NOT_SERVING if self.draining.is_set() else answer.SERVING)


class _Reflection(reflection.aio.ReflectionServicer):  # type: ignore[misc]
    """Tells `grpcurl` and its like what is offered: on this machine, or to who knows the secret."""

    def __init__(self, gate: _Gate, services: list[str]) -> None:
        super().__init__([*services, reflection.SERVICE_NAME])
        self._gate = gate

    async def ServerReflectionInfo(self, requests: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802  of the contract
        """Answer a stream of questions."""
        if not context.peer().startswith(_LOOPBACK) and not self._gate.knows_secret(
            dict(context.invocation_metadata())
        ):
            await _refuse(context, SecretRefused())
        async for answer in super().ServerReflectionInfo(requests, context):
            yield answer


async def _refuse(context: grpc.aio.ServicerContext[Any, Any], error: SamovarError) -> NoReturn:
    """End a call with an error: its status, its sentence for the log, and what `rpc_client` makes the same error of."""
    trailers: list[tuple[str, str | bytes]] = [(CODE, error.code), (STATUS, str(error.http_status))]
    if error.retry_after_s is not None:
        trailers.append((RETRY_AFTER, f"{error.retry_after_s:.3f}"))
    if error.fields or error.params:
        particulars = msgspec.json.encode(Particulars(error.fields, error.params), enc_hook=str)
        if len(particulars) <= PARTICULARS_BYTES_MAX:
            trailers.append((PARTICULARS, particulars))
    # What went wrong inside is for the log of this process alone.
    detail = error.code if isinstance(error, Internal) else str(error)[:DETAIL_CHARACTERS_MAX]
    await context.abort(grpc.StatusCode[error.grpc_status], detail, tuple(trailers))
