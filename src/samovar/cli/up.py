"""Run the whole platform on this machine: PostgreSQL, Redis, NATS, all services and Envoy, until Ctrl-C."""

import argparse
import asyncio
import errno
import io
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Literal

import msgspec
from msgspec import Meta

from samovar.cli.discovery import service_names
from samovar.cli.supervision import client_process
from samovar.cli.supervision.journal import Journal
from samovar.cli.supervision.showcase import NEEDED, show
from samovar.cli.supervision.stand import RECORD, Plan, Stand
from samovar.cli.supervision.supervisor import adopt_orphans, bury_orphans, sweep
from samovar.embedded.binaries import ServerError
from samovar.embedded.ports import LOOPBACK, PortTaken, listener_of
from samovar.embedded.postgres import ADMIN, PostgresServer, find_postgres
from samovar.embedded.process import FolderBusy, lock_folder
from samovar.kit.migrations import MigrationError
from samovar.kit.settings import Port, Secret, Settings, SettingsError, config_file, load, variable_of

GATEWAY = "gateway"
EXTERNAL = "not started here"
DISK_FREE_BYTES_MIN = 500_000_000
_MEGABYTE = 1_000_000


class UpSettings(Settings, frozen=True, kw_only=True):
    """Section `up`: what `samovar up` starts. Arguments win over settings.

    Redis and NATS are not started where SAMOVAR_PLATFORM__REDIS_URL and SAMOVAR_PLATFORM__NATS_URL are set.
    """

    port: Annotated[Port, Meta(description="The port that the gateway listens on; 0 takes a free one.")] = (
        8080
    )
    state: Annotated[Path, Meta(description="The folder that holds all data, secrets and logs.")] = Path(
        ".samovar"
    )
    postgres_url: Annotated[
        Secret | None,
        Meta(
            description="`postgresql://role:password@host:port/postgres` of a role that may make roles and databases; "
            "PostgreSQL is not started then."
        ),
    ] = None
    envoy: Annotated[
        Literal["embedded", "none"],
        Meta(description="With `none` the services alone run, with no gateway before them."),
    ] = "embedded"
    demo: Annotated[bool, Meta(description="Fill an empty store with the showcase; never in production.")] = (
        True
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--port", type=int, help="the gateway's port (8080)")
    parser.add_argument("--state", type=Path, help="the folder of all data, secrets and logs (.samovar)")
    parser.add_argument(
        "--single", action="store_true", help="one process for all services, for small machines"
    )
    parser.add_argument(
        "--only", metavar="NAMES", help="start these services and the gateway alone: auth,catalog"
    )
    parser.add_argument("--no-demo", action="store_true", help="leave an empty store empty")
    parser.add_argument("--no-follow", action="store_true", help="do not show what the processes write")


def run(arguments: argparse.Namespace) -> int:
    """Run until Ctrl-C or SIGTERM; 1 when something cannot be started."""
    plan = _plan(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # A console that cannot show a letter stops nothing.
    try:
        _check_disk(plan.state)
        with _taken(plan.state):
            asyncio.run(_up(plan, follow=not arguments.no_follow))
    except PortTaken:
        return _refuse(f"port {plan.port} is taken by {listener_of(plan.port)}; choose another with --port")
    except (ServerError, MigrationError) as error:
        return _refuse(str(error))
    except OSError as error:
        where = error.filename or plan.state
        return _refuse(
            f"the disk of {where} is full"
            if error.errno == errno.ENOSPC
            else f"{where}: {error.strerror or error}"
        )
    return 0


def _plan(arguments: argparse.Namespace) -> Plan:
    file = config_file()
    settings = load(UpSettings, "up", environ=os.environ, file=file)
    known = service_names()
    wanted = {GATEWAY, *arguments.only.split(",")} if arguments.only else set(known)
    client = client_process.NAME in wanted if arguments.only else client_process.is_installed()
    wanted.discard(client_process.NAME)
    if unknown := wanted - set(known):
        raise SettingsError(f"there is no service {unknown.pop()!r}; there are: {', '.join(known)}")
    is_trial = _environment_of(file) != "production"
    return Plan(
        port=settings.port if arguments.port is None else arguments.port,
        state=(arguments.state or settings.state).resolve(),
        services=tuple(sorted(wanted)),
        single=arguments.single,
        postgres_url=settings.postgres_url,
        envoy=settings.envoy,
        given=frozenset(_given(file)),
        simulates=is_trial,
        client=client and settings.envoy == "embedded",
        shows=is_trial
        and settings.demo
        and not arguments.no_demo
        and settings.envoy == "embedded"
        and wanted >= NEEDED,
    )


def _given(file: Path | None) -> Iterator[str]:
    """Yield the variables of all settings that the operator has set, wherever."""
    for variable in os.environ:
        yield variable.removesuffix("_FILE")
    for section, values in msgspec.toml.decode(file.read_bytes()).items() if file else ():
        if isinstance(values, dict):
            yield from (variable_of(section, name) for name in values)


def _environment_of(file: Path | None) -> str:
    """Return the kind of installation; its other settings may not be there yet."""
    document = msgspec.toml.decode(file.read_bytes()) if file else {}
    in_file = document.get("platform", {}).get("environment", "")
    return str(os.environ.get(variable_of("platform", "environment"), in_file))


def _check_disk(state: Path) -> None:
    existing = next(folder for folder in (state, *state.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < DISK_FREE_BYTES_MIN:
        raise ServerError(
            f"the disk of {state} has {free // _MEGABYTE} MB free, and {DISK_FREE_BYTES_MIN // _MEGABYTE} MB are needed"
        )


def _taken(state: Path) -> IO[str]:
    try:
        return lock_folder(state, "samovar")
    except FolderBusy as busy:
        raise ServerError(
            f"another `samovar up` (process {busy.pid}) runs with {state}; stop it, or choose another folder with --state"
        ) from None


async def _up(plan: Plan, *, follow: bool) -> None:
    journal = Journal(plan.state / "logs", follow=follow)
    adopt_orphans()
    if left := sweep(plan.state):
        journal.say(f"killed {len(left)} processes that a predecessor had left behind")
    stand = Stand(plan, journal)
    _listen_for_signals(stand, journal)
    beside = [asyncio.create_task(bury_orphans())]
    try:
        await stand.start()
        journal.say(f"ready in {sum(stand.timings_s.values()):.1f} s")
        journal.print(_addresses(stand))
        if plan.shows:
            beside.append(asyncio.create_task(show(plan.state, journal)))
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        journal.say("stopping; Ctrl-C once more kills")
    finally:
        for task in beside[1:]:
            task.cancel()
        await asyncio.gather(*beside[1:], return_exceptions=True)
        await stand.stop()
        beside[0].cancel()
        sweep(plan.state)
        journal.say("stopped")
        journal.close()


def _listen_for_signals(stand: Stand, journal: Journal) -> None:
    """Let the first signal stop in order and the second kill."""
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()

    def interrupt() -> None:
        if stand.phase == "stopping":
            journal.say("killing")
            stand.supervisor.kill()
        elif main:
            main.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, interrupt)


def _addresses(stand: Stand) -> str:
    """Return what a person wants to know once everything runs."""
    gateway = f"http://{LOOPBACK}:{stand.gateway_port}"
    state = stand.plan.state
    started = stand.supervisor.servers
    postgres, redis, nats, envoy = stand.postgres, stand.redis, stand.nats, stand.envoy
    rows = {
        "gateway": gateway,
        **({"client": gateway} if stand.plan.client else {}),
        "docs": f"{gateway}/docs",
        "status": f"{gateway}/v1/status",
        "Envoy": f"http://{LOOPBACK}:{envoy.admin_port}" if envoy in started else EXTERNAL,
        "PostgreSQL": _psql(postgres) if postgres in started else EXTERNAL,
        "Redis": f"{LOOPBACK}:{redis.port}, its password in {redis.folder}/password"
        if redis in started
        else EXTERNAL,
        "NATS": f"{LOOPBACK}:{nats.port}, its password in {nats.folder}/password"
        if nats in started
        else EXTERNAL,
        **{one.server.title: one.server.url for one in stand.simulated},
        "processes": f"{state}/{RECORD}",
        "logs": f"{state}/logs",
        "timings": ", ".join(f"{part} {seconds:.1f} s" for part, seconds in stand.timings_s.items()),
    }
    return "\n".join(f"  {name:<10} {value}" for name, value in rows.items())


def _psql(postgres: PostgresServer) -> str:
    program = shlex.quote(str(find_postgres().with_name("psql")))
    passwords = shlex.quote(f"{postgres.folder}/pgpass")
    return f"PGPASSFILE={passwords} {program} -h {LOOPBACK} -p {postgres.port} -U {ADMIN} postgres"


def _refuse(sentence: str) -> int:
    print(f"samovar up: {sentence}", file=sys.stderr)
    return 1
