"""How every service is, asked all at once; what they depend on, without the words that only operators should read."""

import asyncio
import time
from typing import Literal

import aiohttp
import msgspec

from samovar.kit.settings import PlatformSettings

KEPT_S = 1.0

Overall = Literal["ready", "degraded", "unavailable"]


class ServiceStatus(msgspec.Struct, frozen=True):
    """How one service is.

    Attributes:
        status: What it says of itself, or `unreachable`.
        checks: What it depends on, and whether that answers.
        ms: How long it took to answer, milliseconds.
    """

    status: str
    checks: dict[str, bool]
    ms: float


class PlatformStatus(msgspec.Struct, frozen=True):
    """How the platform is: the answer of `/v1/status`."""

    status: Overall
    services: dict[str, ServiceStatus]


class _Finding(msgspec.Struct, frozen=True):
    ok: bool


class _Readiness(msgspec.Struct, frozen=True):
    status: str
    checks: dict[str, _Finding]


class Statuses:
    """Asks the services, at most once in `KEPT_S` however many ask."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        platform: PlatformSettings,
        services: list[str],
        *,
        timeout_s: float,
    ) -> None:
        self._session = session
        self._platform = platform
        self._services = services
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._lock = asyncio.Lock()
        self._kept: PlatformStatus | None = None
        self._kept_until = 0.0

    async def now(self) -> PlatformStatus:
        """Return how everything is, at most `KEPT_S` old."""
        async with self._lock:
            if self._kept is None or time.monotonic() >= self._kept_until:
                found = await asyncio.gather(*(self._ask(name) for name in self._services))
                self._kept = PlatformStatus(_overall(found), dict(zip(self._services, found, strict=True)))
                self._kept_until = time.monotonic() + KEPT_S
            return self._kept

    async def _ask(self, name: str) -> ServiceStatus:
        started = time.perf_counter()
        url = f"http://{self._platform.address_of(name).rest}/readyz"
        try:
            async with self._session.get(url, timeout=self._timeout) as answer:
                readiness = msgspec.json.decode(await answer.read(), type=_Readiness)
        except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError):
            return ServiceStatus("unreachable", {}, _ms_since(started))
        checks = {check: finding.ok for check, finding in readiness.checks.items()}
        return ServiceStatus(readiness.status, checks, _ms_since(started))


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def _overall(found: list[ServiceStatus]) -> Overall:
    states = {service.status for service in found}
    if states <= {"ready"}:
        return "ready"
    return "degraded" if states & {"ready", "degraded"} else "unavailable"
