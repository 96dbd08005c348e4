"""Calls to other services: `LibraryStub(kit.peers.channel("library"))`, then `await stub.BatchCheck(request)`.

Every call has a deadline, never later than that of the request being served; carries the installation's secret, the end
user's token and the trace; and ends in an answer or a `SamovarError`: the one that the peer raised, with its code, or one for
what happened on the way. What is repeated is only a call that no service answered (UNAVAILABLE from the transport), at most
twice, within the deadline and within a budget: when a peer is down, retries add a tenth to the load, not twice the load. A
connection may break after the peer did its work, so methods must stand being called twice with the same request.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import grpc
import msgspec

from samovar.kit import deadline, errors, metrics, tracing
from samovar.kit.errors import DeadlineExceeded, Internal, SamovarError, Unavailable
from samovar.kit.identity import current_caller
from samovar.kit.rpc import server as rpc
from samovar.kit.settings import PlatformSettings

TIMEOUT_S = 2.0
RETRIES_MAX = 2
RETRY_PAUSE_S = 0.05
RETRY_SHARE = 0.1
RETRY_TOKENS_MAX = 10.0
_NAMES_CACHED = 512

_CHANNEL_OPTIONS = (
    ("grpc.max_receive_message_length", rpc.MESSAGE_BYTES_MAX),
    ("grpc.max_send_message_length", rpc.MESSAGE_BYTES_MAX),
    ("grpc.keepalive_time_ms", rpc.KEEPALIVE_MS),
    ("grpc.keepalive_timeout_ms", rpc.KEEPALIVE_TIMEOUT_MS),
    ("grpc.keepalive_permit_without_calls", 1),
    # Left to itself gRPC waits up to two minutes before it tries a peer again that was away.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # A name may stand for several replicas; the default would send every call to one of them.
    ("grpc.lb_policy_name", "round_robin"),
    ("grpc.service_config_disable_resolution", 1),
    # A proxy of the environment is for the outside world.
    ("grpc.enable_http_proxy", 0),
)

Send = Callable[[grpc.aio.ClientCallDetails, Any], Awaitable[grpc.aio.UnaryUnaryCall[Any, Any]]]
_KINDS = {
    kind.http_status: kind for kind in SamovarError.__subclasses__() if kind.__module__ == errors.__name__
}


class Peers:
    """The other services: one channel each, connected at the first call and again whenever the connection is lost."""

    def __init__(self, platform: PlatformSettings) -> None:
        self._platform = platform
        self._channels: dict[str, grpc.aio.Channel] = {}

    def channel(self, service: str) -> grpc.aio.Channel:
        """Return the channel to a service; a stub is made of it once, in `build`."""
        channel = self._channels.get(service)
        if channel is None:
            channel = self._channels[service] = grpc.aio.insecure_channel(
                self._platform.address_of(service).rpc,
                options=_CHANNEL_OPTIONS,
                interceptors=[_Caller(service, self._platform.rpc_secret.reveal())],
            )
        return channel

    async def close(self) -> None:
        """Close all channels; calls under way are cancelled."""
        for channel in self._channels.values():
            await channel.close()
        self._channels.clear()


class RetryBudget:
    """How many retries a peer may get: each call earns a share of one, so retries stay a share of the calls."""

    def __init__(self) -> None:
        self._tokens = RETRY_TOKENS_MAX

    def earn(self) -> None:
        """Count a call."""
        self._tokens = min(RETRY_TOKENS_MAX, self._tokens + RETRY_SHARE)

    def spend(self) -> bool:
        """Take a retry if there is one."""
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class _Caller(grpc.aio.UnaryUnaryClientInterceptor):
    """The rules around every call to one peer."""

    def __init__(self, peer: str, secret: str) -> None:
        self._peer = peer
        self._secret = secret
        self._budget = RetryBudget()

    async def intercept_unary_unary(
        self, continuation: Send, client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        """Make one call as the code that awaits it sees it, retries included."""
        method = _name_of(client_call_details.method)
        started, status = time.monotonic(), "CANCELLED"
        attributes = {"rpc.system": "grpc", "rpc.method": method, "peer.service": self._peer}
        try:
            with tracing.span(method, kind="client", attributes=attributes):
                answer = await self._attempt(continuation, client_call_details, request)
            status = "OK"
        except SamovarError as error:
            status = error.grpc_status
            raise
        else:
            return answer
        finally:
            metrics.rpc_called(self._peer, method, status, time.monotonic() - started)

    async def _attempt(self, send: Send, details: grpc.aio.ClientCallDetails, request: Any) -> Any:
        """Send the request until it is answered, or nothing allows another attempt."""
        metadata = self._metadata()
        ends_at = time.monotonic() + _timeout_s(details)
        self._budget.earn()
        retry = 0
        while True:
            left_s = ends_at - time.monotonic()
            if left_s <= 0:
                raise DeadlineExceeded(f"{self._peer}: no time is left for the call")
            try:
                call = await send(
                    grpc.aio.ClientCallDetails(details.method, left_s, metadata, None, None), request
                )
                return await call
            except grpc.aio.AioRpcError as error:
                pause_s = RETRY_PAUSE_S * 2**retry * random.uniform(0.5, 1.5)  # noqa: S311  jitter, not a secret
                hopeless = not _was_unanswered(error) or time.monotonic() + pause_s >= ends_at
                if hopeless or retry == RETRIES_MAX or not self._may_retry():
                    raise _error_of(error, self._peer) from error
            await asyncio.sleep(pause_s)
            retry += 1

    def _may_retry(self) -> bool:
        allowed = self._budget.spend()
        metrics.RPC_RETRIES.labels(self._peer, "sent" if allowed else "refused").inc()
        return allowed

    def _metadata(self) -> grpc.aio.Metadata:
        carrier = {rpc.SECRET: self._secret}
        tracing.inject(carrier)
        caller = current_caller.get()
        if caller is not None:
            carrier["authorization"] = f"{rpc.BEARER}{caller.token.reveal()}"
        return grpc.aio.Metadata(*carrier.items())


def _timeout_s(details: grpc.aio.ClientCallDetails) -> float:
    asked_s = TIMEOUT_S if details.timeout is None else details.timeout
    left_s = deadline.remaining_s()
    return asked_s if left_s is None else min(asked_s, left_s)


@lru_cache(_NAMES_CACHED)
def _name_of(method: str | bytes) -> str:
    """Return `package.Service/Method`; gRPC hands the method over as bytes, whatever its types say."""
    return (method.decode() if isinstance(method, bytes) else method).lstrip("/")


def _was_unanswered(error: grpc.aio.AioRpcError) -> bool:
    """Whether the call failed on its way. A peer that itself says `Unavailable` has said when to come back."""
    return error.code() is grpc.StatusCode.UNAVAILABLE and rpc.CODE not in (error.trailing_metadata() or {})


def _error_of(error: grpc.aio.AioRpcError, peer: str) -> SamovarError:
    """Return the error that the peer raised, or one for what happened on the way."""
    trailers: dict[str, Any] = dict(error.trailing_metadata() or ())
    code = trailers.get(rpc.CODE)
    detail = f"{peer}: {error.details()}"
    # A secret that is refused is our mistake; nobody who calls us can mend it by signing in.
    if code is None or code == rpc.SecretRefused.code:
        return _error_of_transport(error.code(), detail)
    kind = _kind_of(code, int(trailers.get(rpc.STATUS, Internal.http_status)))
    retry_after = trailers.get(rpc.RETRY_AFTER)
    particulars = msgspec.json.decode(trailers.get(rpc.PARTICULARS, b"{}"), type=rpc.Particulars)
    return kind(
        detail,
        fields=particulars.fields,
        retry_after_s=None if retry_after is None else float(retry_after),
        **particulars.params,
    )


def _error_of_transport(status: grpc.StatusCode, detail: str) -> SamovarError:
    match status:
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return DeadlineExceeded(detail)
        case grpc.StatusCode.UNAVAILABLE | grpc.StatusCode.CANCELLED:
            return Unavailable(detail)
        case _:
            return Internal(f"{status.name}: {detail}")


@lru_cache(_NAMES_CACHED)
def _kind_of(code: str, http_status: int) -> type[SamovarError]:
    """Return the kit's class for a status, under the code of the peer's own class."""
    kind = _KINDS.get(http_status, Internal)
    return kind if kind.code == code else type(kind.__name__, (kind,), {"code": code})
