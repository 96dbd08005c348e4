"""Is this process alive, started, ready; and its metrics. These routes are for probes: the gateway never exposes them.

`/livez` says that the loop turns. `/startupz` and `/readyz` say whether requests should come: not while starting or
draining, not when a part is away without which nothing works (PostgreSQL, the schema). A part that the service can do without
for a while (Redis, NATS) makes it `degraded`, and still ready.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
import structlog

from samovar.kit import metrics
from samovar.kit.rest.answers import Answer
from samovar.kit.routes import Route, get

CHECK_TIMEOUT_S = 2.0
_OK, _UNAVAILABLE = 200, 503

Status = Literal["starting", "ready", "degraded", "unavailable", "draining"]
log = structlog.get_logger(__name__)


class Check(msgspec.Struct, frozen=True):
    """One thing that a process depends on.

    Attributes:
        name: `auth.postgresql`.
        probe: Raises when the thing is away; what it returns is shown.
        vital: Without it the process is not ready.
    """

    name: str
    probe: Callable[[], Awaitable[str]]
    vital: bool


class Finding(msgspec.Struct, frozen=True):
    """What a check found."""

    ok: bool
    vital: bool
    detail: str


class Readiness(msgspec.Struct, frozen=True):
    """The body of `/readyz`."""

    status: Status
    version: str
    services: tuple[str, ...]
    checks: dict[str, Finding]


class Health:
    """The state of one process."""

    def __init__(self, *, services: tuple[str, ...], version: str) -> None:
        self._services = services
        self._version = version
        self.checks: list[Check] = []
        self.phase: Literal["starting", "running", "draining"] = "starting"

    async def readiness(self) -> Readiness:
        """Run all checks at once, each within `CHECK_TIMEOUT_S`."""
        findings = await asyncio.gather(*(_run(check) for check in self.checks))
        return Readiness(
            status=self._status(findings),
            version=self._version,
            services=self._services,
            checks={check.name: finding for check, finding in zip(self.checks, findings, strict=True)},
        )

    def _status(self, findings: list[Finding]) -> Status:
        if self.phase != "running":
            return self.phase
        if any(finding.vital and not finding.ok for finding in findings):
            return "unavailable"
        return "ready" if all(finding.ok for finding in findings) else "degraded"

    def routes(self) -> tuple[Route, ...]:
        """Return the routes for probes."""

        async def readyz() -> Answer:
            """Tell whether requests should come here, and why not."""
            readiness = await self.readiness()
            ready = readiness.status in {"ready", "degraded"}
            return Answer(readiness, status=_OK if ready else _UNAVAILABLE)

        async def startupz() -> Answer:
            """Tell whether the process has started."""
            started = self.phase != "starting"
            return Answer({"status": self.phase}, status=_OK if started else _UNAVAILABLE)

        async def livez() -> dict[str, str]:
            """Tell that the loop turns."""
            return {"status": "alive"}

        async def metrics_page() -> Answer:
            """Show the metrics of this process to Prometheus."""
            return Answer(metrics.render(), media_type=metrics.MEDIA_TYPE)

        probe = {"auth": "service", "idempotent": True}
        return (
            get("/livez", **probe)(livez),
            get("/startupz", **probe)(startupz),
            get("/readyz", **probe)(readyz),
            get("/metrics", **probe)(metrics_page),
        )


async def _run(check: Check) -> Finding:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return Finding(ok=True, vital=check.vital, detail=await check.probe())
    except Exception as error:  # noqa: BLE001  A probe may fail in any way; each way is a finding.
        return Finding(ok=False, vital=check.vital, detail=f"{type(error).__name__}: {error}")
