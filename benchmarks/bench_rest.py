"""What the kit costs on top of bare Litestar: the same 1 KB answer, both on embedded Granian, each alone on one core.

The kit's side carries what every handler has: policy, strict parameters, deadline, trace, metrics, access log, headers. Target: at
least 70 % of bare Litestar's requests a second. A third row adds a token verified and a permission checked for each request,
which bare Litestar does not do. Needs `wrk` on PATH.
"""

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path

import msgspec
import uvloop
from litestar import Litestar, get

from samovar.kit import logs, routes
from samovar.kit.clock import SystemClock
from samovar.kit.i18n import Catalogue
from samovar.kit.identity import Caller, Permissions
from samovar.kit.identity.keys import KeySet
from samovar.kit.identity.revocations import Revocations
from samovar.kit.identity.verifier import Verifier
from samovar.kit.redis import connect
from samovar.kit.rest.app import HostedRoutes, build_app
from samovar.kit.rest.gatekeeper import Gatekeeper
from samovar.kit.rest.observer import Observer
from samovar.kit.rest.server import RestServer
from samovar.kit.settings import Secret
from samovar.testing.issuer import Issuer

ROUNDS = 3
SECONDS = 4
CONNECTIONS = 64
ORIGIN = "http://bench"
TARGET = 0.70
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")


class Game(msgspec.Struct, frozen=True):
    """One of six objects that make about 1 KB."""

    id: int
    title: str
    description: str
    price_minor: int


class Games(msgspec.Struct, frozen=True):
    """The answer of both sides."""

    items: list[Game]


def answer(count: int) -> Games:
    """Return about 1 KB of JSON."""
    return Games([Game(number, f"Game {number}", "x" * 110, 129_900) for number in range(count)])


@get("/v1/games")
async def bare(count: int = 6) -> Games:
    """Answer with nothing but Litestar."""
    return answer(count)


@routes.get("/v1/games", auth="public")
async def with_kit(count: int = 6) -> Games:
    """Answer as a service does."""
    return answer(count)


@routes.get("/v1/games", auth="player", permissions=("bench.game.read",))
async def with_token(caller: Caller, count: int = 6) -> Games:  # noqa: ARG001  asked for, as a real handler would
    """Answer as a service does, to those who may ask."""
    return answer(count)


async def serve(side: str) -> None:
    """Serve one side, print its address and a token, and wait to be killed."""
    issuer = Issuer(ORIGIN)
    await issuer.start()
    if side == "bare":
        server = RestServer(Litestar([bare], openapi_config=None, logging_config=None), "127.0.0.1", 0)
    else:
        logs.configure(service="bench", log_format="json", level="info", stream=Path(os.devnull).open("w"))  # noqa: SIM115, ASYNC230  open for life
        clock = SystemClock()
        verifier = Verifier(
            issuer=ORIGIN,
            keys=KeySet(issuer.jwks_url, clock),
            revocations=Revocations(connect(Secret("redis://127.0.0.1:1")), clock),
            clock=clock,
        )
        gatekeeper = Gatekeeper(verifier, Permissions({"bench.game.read": ("player",)}), SystemClock())
        catalogue = Catalogue.load([resources.files("samovar.kit") / "locale"])
        app = build_app(
            [HostedRoutes("bench", (with_token if side == "token" else with_kit,), {}, gatekeeper)],
            catalogue=catalogue,
        )
        server = RestServer(Observer(app, "bench"), "127.0.0.1", 0)
    await server.start()
    print(server.address, issuer.token(), flush=True)
    await asyncio.Event().wait()


def measure(side: str) -> tuple[float, float]:
    """Return requests a second and CPU microseconds a request of one side, the best of a few rounds."""
    command = [sys.executable, __file__, "--serve", side]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  ourselves
        assert server.stdout  # noqa: S101  a pipe was asked for
        address, token = server.stdout.readline().split()
        rounds = []
        for _ in range(ROUNDS):
            cpu, started = _cpu_s(server.pid), time.monotonic()
            rate = _wrk(address, token)
            spent = _cpu_s(server.pid) - cpu
            rounds.append((rate, spent / (rate * (time.monotonic() - started)) * 1e6))
        server.kill()
    return max(rounds)


def _wrk(address: str, token: str) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Authorization: Bearer {token}"]
    done = subprocess.run(  # noqa: S603  a tool named above
        [*command, f"http://{address}/v1/games"], capture_output=True, text=True, check=True
    )
    found = _RATE.search(done.stdout)
    if not found or "Non-2xx" in done.stdout:
        raise RuntimeError(done.stdout)
    return float(found.group(1))


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure both sides and print them beside each other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", choices=("bare", "kit", "token"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    # Each side alone on one core, all its threads; whoever asks on another.
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1 if arguments.serve else 0})
    if arguments.serve:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(arguments.serve))
    if not shutil.which("wrk"):
        print("bench_rest needs wrk on PATH (Debian: wrk)")
        return 0
    bare_rate, bare_us = measure("bare")
    kit_rate, kit_us = measure("kit")
    token_rate, token_us = measure("token")
    print(f"bare Litestar  {bare_rate:9,.0f} requests/s  {bare_us:6.1f} µs of CPU a request")
    print(f"with the kit   {kit_rate:9,.0f} requests/s  {kit_us:6.1f} µs of CPU a request")
    print(f"and a token    {token_rate:9,.0f} requests/s  {token_us:6.1f} µs of CPU a request")
    print(
        f"the kit keeps {kit_rate / bare_rate:.0%} of the rate (target ≥ {TARGET:.0%}), {token_rate / bare_rate:.0%} with a token"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
