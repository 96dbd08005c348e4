"""What the gateway costs on top of bare Envoy: the same 1 KB answer of the same backend, both Envoys alone on the same core.

Targets: with token, permissions and local limit at least 60 % of bare Envoy's requests a second; with a limit over all gateways
at least 30 %; at 500 requests a second no more than 2 ms are added to the median; a cached answer asks no service. Rounds of
the reference and of what is compared with it alternate, and the best of each counts, since a machine is seldom quiet; CPU time
says more than rates do. Uses `wrk` where it is on PATH, else a slower client of its own.
"""

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple, cast

import aiohttp
import uvloop
from stand_ins import Backend, KnownAuth

from samovar.embedded.envoy import EnvoyServer
from samovar.embedded.ports import ReservedPort
from samovar.embedded.redis import RedisServer
from samovar.kit.clock import SystemClock
from samovar.kit.i18n import Catalogue
from samovar.kit.identity import API_KEY_PREFIX
from samovar.kit.identity.keys import KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.limits import Limits
from samovar.kit.redis import connect
from samovar.kit.rest.openapi import document
from samovar.kit.routes import Cache, RateLimit, get
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.services.gateway.domain import route_table
from samovar.services.gateway.edge.api_keys import ApiKeys
from samovar.services.gateway.edge.application import Edge
from samovar.services.gateway.edge.authz import Authorisation
from samovar.services.gateway.edge.cache import ResponseCache
from samovar.services.gateway.edge.server import EdgeServer
from samovar.services.gateway.edge.upstream import Services
from samovar.services.gateway.envoy.compiler import structure
from samovar.services.gateway.envoy.filling import Listening, fill, places, write
from samovar.services.gateway.envoy.messages import extension, socket
from samovar.services.gateway.settings import GatewaySettings
from samovar.testing.issuer import ORIGIN, Issuer

ROUNDS = 6
SECONDS = 2
CONNECTIONS = 64
PACED_PER_S = 500
PACED_SECONDS = 4
PLENTY = 100_000_000
FIRST_CORE, LAST_CORE = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
LOCAL_TARGET, CLUSTER_TARGET, ADDED_MS_TARGET = 0.60, 0.30, 2.0

_FILTERS = "envoy.extensions.filters"
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")


class Case(NamedTuple):
    """One thing to measure."""

    title: str
    envoy: str
    path: str
    header: str = "Authorization: Bearer {token}"


CASES = (
    Case("bare Envoy", "bare", "/v1/open"),
    Case("route open to all", "full", "/v1/open"),
    Case("token, permission, local limit", "full", "/v1/local"),
    Case("the same, limit over all gateways", "full", "/v1/cluster"),
    Case("cached answer", "full", "/v1/cached"),
    Case("API key that is kept", "full", "/v1/local", f"X-API-Key: {API_KEY_PREFIX}bench"),
)


async def handler() -> dict[str, str]:
    """Stand where a handler would be."""
    return {}


def contract() -> dict[str, Any]:
    """Return the contract of the service behind both Envoys."""
    closed: dict[str, Any] = {"auth": "player", "permissions": ("bench.thing.read",)}
    routes = (
        get("/v1/open", auth="public")(handler),
        get("/v1/local", **closed, rate_limit=RateLimit(PLENTY, by="account"))(handler),
        get("/v1/cluster", **closed, rate_limit=RateLimit(PLENTY, by="account", where="cluster"))(handler),
        get("/v1/cached", auth="public", cache=Cache(ttl_s=3_600))(handler),
    )
    about = {"permissions": {"bench.thing.read": ["player"]}, "publishes": [], "consumes": []}
    made = document(name="bench", summary="A bench", version="1", routes=routes, service=about)
    for path, methods in made["paths"].items():
        methods["get"]["operationId"] = f"bench {path}"
    return made


async def run_backend(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Backend, "127.0.0.1", port)
    await server.serve_forever()


async def run_edge(port: int, backend: int, redis_url: str, jwks_url: str, token: str) -> None:
    """Serve the Python side until killed."""
    table = route_table([contract()])
    platform = platform_of(backend=backend, edge=port, redis_url=redis_url, jwks_url=jwks_url)
    clock, redis = SystemClock(), connect(Secret(redis_url))
    verifier = Verifier(
        issuer=ORIGIN, keys=KeySet(jwks_url, clock), revocations=Revocations(redis, clock), clock=clock
    )
    keys = ApiKeys(cast("Any", KnownAuth(token)), verifier, clock)
    packages = ("samovar.kit", "samovar.services.gateway")
    async with aiohttp.ClientSession() as session:
        edge = Edge(
            table,
            authorisation=Authorisation(table, Limits(redis, "gateway"), keys),
            cache=ResponseCache(1 << 26),
            services=Services(session, platform),
            catalogue=Catalogue.load(resources.files(package) / "locale" for package in packages),
        )
        await EdgeServer(edge.answer, "127.0.0.1", port).start()
        await asyncio.Event().wait()


def platform_of(*, backend: int, edge: int, redis_url: str, jwks_url: str) -> PlatformSettings:
    """Return settings that lead to the processes of this benchmark."""
    ports, none = {"bench": backend, "gateway": edge}, Secret("none")
    return PlatformSettings(
        origin=ORIGIN,
        redis_url=Secret(redis_url),
        nats_url=none,
        rpc_secret=none,
        jwks_url=jwks_url,
        addresses={name: ServiceAddress(rest=f"127.0.0.1:{port}", rpc="") for name, port in ports.items()},
    )


class OneCoreEnvoy(EnvoyServer):
    """Envoy with one worker, alone on the last core; its access log is written and read by nobody."""

    async def command(self) -> Sequence[str]:
        """Return the command line."""
        command = list(await super().command())
        command[command.index("--concurrency") + 1] = "1"
        return command

    def wrapper(self) -> Sequence[str]:
        """Pin it, where that is possible, and send its access log where nobody spends time on reading it."""
        return (*pinned(LAST_CORE), "sh", "-c", 'exec "$@" >/dev/null', "sh")


def pinned(core: int) -> Sequence[str]:
    """Return what to put before a command so that it runs on one core."""
    taskset = shutil.which("taskset")
    return (taskset, "-c", str(core)) if taskset else ()


def bare_config(port: int, admin_port: int, backend: int) -> dict[str, Any]:
    """Return Envoy that only passes on."""
    route = {"match": {"prefix": "/"}, "route": {"cluster": "bench"}}
    manager = extension(
        "envoy.filters.network.http_connection_manager",
        f"{_FILTERS}.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="bare",
        route_config={"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        http_filters=[extension("envoy.filters.http.router", f"{_FILTERS}.http.router.v3.Router")],
    )
    chains = [{"filters": [manager]}]
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": socket("127.0.0.1", backend)}}]}]
    cluster = {"name": "bench", "load_assignment": {"cluster_name": "bench", "endpoints": endpoints}}
    listener = {"name": "bare", "address": socket("127.0.0.1", port), "filter_chains": chains}
    return {
        "admin": {"address": socket("127.0.0.1", admin_port)},
        "static_resources": {"listeners": [listener], "clusters": [cluster]},
    }


class Stand(NamedTuple):
    """Everything that runs."""

    envoys: dict[str, EnvoyServer]
    backend: int
    edge_pid: int
    token: str


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Stand]:
    """Start both Envoys on the last core, and all that stands behind them on the first."""
    os.sched_setaffinity(0, {FIRST_CORE})
    backend, edge = _free_port(), _free_port()
    issuer = Issuer(ORIGIN)
    await issuer.start()
    token = issuer.token()
    async with contextlib.AsyncExitStack() as closing:
        redis = await closing.enter_async_context(RedisServer(folder / "redis"))
        redis_url = f"{redis.url}/0"
        await closing.enter_async_context(_ourselves("--backend", str(backend)))
        edge_pid = await closing.enter_async_context(
            _ourselves("--edge", str(edge), str(backend), redis_url, issuer.jwks_url, token)
        )
        bare, full = (OneCoreEnvoy(folder / name, folder / name / "envoy.json") for name in ("bare", "full"))
        write(bare.folder, {"envoy.json": fill(bare_config(bare.port, bare.admin_port, backend), {})})
        table = route_table([contract()])
        values = places(
            table.services,
            listening=Listening(folder=full.folder, port=full.port, admin_port=full.admin_port),
            platform=platform_of(backend=backend, edge=edge, redis_url=redis_url, jwks_url=issuer.jwks_url),
            settings=GatewaySettings(edge_port=edge),
        )
        write(full.folder, {name: fill(part, values) for name, part in structure(table).items()})
        for envoy in (bare, full):
            await closing.enter_async_context(envoy)
        closing.push_async_callback(issuer.stop)
        yield Stand({"bare": bare, "full": full}, backend, edge_pid, token)


@asynccontextmanager
async def _ourselves(*arguments: str) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, *arguments)
    for _ in range(500):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", int(arguments[1]))
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            break
    yield process.pid
    process.kill()
    await process.wait()


class Measured(NamedTuple):
    """One round: requests a second, and CPU µs a request of Envoy and of the edge."""

    rate: float
    envoy_us: float
    edge_us: float


async def measure(stand: Stand, case: Case) -> Measured:
    """Send as much as goes through for a while."""
    envoy = stand.envoys[case.envoy]
    pids = (envoy.pid or 0, stand.edge_pid)
    before, started = [_cpu_s(pid) for pid in pids], time.monotonic()
    header = case.header.format(token=stand.token)
    rate = await _full_load(f"http://127.0.0.1:{envoy.port}{case.path}", header)
    requests = rate * (time.monotonic() - started)
    spent = [(_cpu_s(pid) - was) / requests * 1e6 for pid, was in zip(pids, before, strict=True)]
    return Measured(rate, *spent)


async def _full_load(url: str, header: str) -> float:
    wrk = shutil.which("wrk")
    client = (
        (wrk, "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", header, url)
        if wrk
        else (sys.executable, __file__, "--load", url, header)
    )
    process = await asyncio.create_subprocess_exec(*client, stdout=asyncio.subprocess.PIPE)
    text = (await process.communicate())[0].decode()
    found = _RATE.search(text)
    if not found or "Non-2xx" in text:
        raise RuntimeError(text)
    return float(found[1])


async def run_load(url: str, header: str) -> None:
    """Be the client where there is no `wrk`."""
    done = 0
    name, _, value = header.partition(": ")
    headers = {name: value}
    ends = time.monotonic() + SECONDS

    async def ask(session: aiohttp.ClientSession) -> None:
        nonlocal done
        while time.monotonic() < ends:
            async with session.get(url, headers=headers) as answer:
                await answer.read()
                answer.raise_for_status()
                done += 1

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(ask(session) for _ in range(CONNECTIONS)))
    print(f"Requests/sec: {done / SECONDS}")


async def paced(url: str, header: str) -> float:
    """Return the median time of an answer, ms, at `PACED_PER_S` requests a second, whether answers come or not."""
    took: list[float] = []
    name, _, value = header.partition(": ")

    async def ask(session: aiohttp.ClientSession) -> None:
        started = time.perf_counter()
        async with session.get(url, headers={name: value}) as answer:
            await answer.read()
            answer.raise_for_status()
        took.append((time.perf_counter() - started) * 1e3)

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        began = time.monotonic()
        for number in range(PACED_PER_S * PACED_SECONDS):
            await asyncio.sleep(began + number / PACED_PER_S - time.monotonic())
            tasks.create_task(ask(session))
    return statistics.median(took)


async def report(folder: Path) -> None:
    """Measure everything and print it."""
    async with running(folder) as stand, aiohttp.ClientSession() as session:
        best: dict[Case, Measured] = {}
        for _ in range(ROUNDS):
            for case in CASES:
                before = await _answered(session, stand.backend)
                best[case] = max(best.get(case, Measured(0, 0, 0)), await measure(stand, case))
                if case.path == "/v1/cached":
                    calls = await _answered(session, stand.backend) - before
                    print(f"a round of cached answers cost {calls} calls of the service")
        reference = best[CASES[0]]
        for case, measured in best.items():
            print(
                f"{case.title:<34}{measured.rate:8,.0f} requests/s {measured.rate / reference.rate:5.0%}   CPU µs a request: "
                f"Envoy {measured.envoy_us:5.1f} ({reference.envoy_us / measured.envoy_us:.0%}), edge {measured.edge_us:5.1f}"
            )
        print(
            f"targets: {LOCAL_TARGET:.0%} with a local limit, {CLUSTER_TARGET:.0%} with one over all gateways"
        )
        direct = await paced(f"http://127.0.0.1:{stand.backend}/v1/open", "Accept: */*")
        print(f"median at {PACED_PER_S} requests/s: {direct:.2f} ms without a gateway")
        for case in CASES[1:]:
            url = f"http://127.0.0.1:{stand.envoys['full'].port}{case.path}"
            header = case.header.format(token=stand.token)
            print(f"{case.title:<34}{await paced(url, header) - direct:+.2f} ms")
        print(f"target: at most {ADDED_MS_TARGET:+.2f} ms")


async def _answered(session: aiohttp.ClientSession, backend: int) -> int:
    """Return how many requests the service has answered, once no more come."""
    seen = -1
    while True:
        async with session.get(f"http://127.0.0.1:{backend}/count") as answer:
            count = int(await answer.text())
        if count == seen:
            return count
        seen = count
        await asyncio.sleep(0.2)


def main() -> int:
    """Measure, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    for role, count in (("backend", 1), ("edge", 5), ("load", 2)):
        parser.add_argument(f"--{role}", nargs=count, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        if arguments.backend:
            runner.run(run_backend(int(arguments.backend[0])))
        elif arguments.edge:
            port, backend, *rest = arguments.edge
            runner.run(run_edge(int(port), int(backend), *rest))
        elif arguments.load:
            runner.run(run_load(*arguments.load))
        else:
            runner.run(report(Path(folder)))
    return 0


def _free_port() -> int:
    port = ReservedPort()
    port.release()
    return port.number


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
