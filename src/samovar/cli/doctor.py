"""Look at this machine and say what keeps the platform from running, and what to do about it."""

import argparse
import importlib.metadata
import locale
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from samovar.cli.discovery import SERVICES_FOLDER
from samovar.cli.supervision.stand import RECORD, Record
from samovar.cli.up import DISK_FREE_BYTES_MIN, UpSettings
from samovar.embedded import envoy, nats, postgres, redis
from samovar.embedded.binaries import Program, ServerError, explain
from samovar.embedded.leftovers import alive
from samovar.embedded.ports import PortTaken, ReservedPort, listener_of
from samovar.embedded.process import FolderBusy, dies_with_parent, lock_folder
from samovar.kit.settings import config_file, load

PYTHON_MIN = (3, 11)
MEMORY_FREE_BYTES_MIN = 1_500_000_000
DISK_FREE_BYTES_COMFORT = 2_000_000_000
VERSION_TIMEOUT_S = 10.0
MISSING_SHOWN_MAX = 5
LOCK = SERVICES_FOLDER.parents[2] / "requirements.lock"
_GIGABYTE = 1_000_000_000

Level = Literal["ok", "warn", "fail"]


class Finding(msgspec.Struct, frozen=True):
    """One line of the report. `fail` means that `samovar up` would not run."""

    level: Level
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--port", type=int, help="the gateway's port that `samovar up` would get (8080)")
    parser.add_argument("--state", type=Path, help="the folder that `samovar up` would get (.samovar)")


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; 1 when something keeps `samovar up` from running."""
    settings = load(UpSettings, "up", environ=os.environ, file=config_file())
    state = (arguments.state or settings.state).resolve()
    port = settings.port if arguments.port is None else arguments.port
    levels = set()
    for finding in findings(state, port):
        levels.add(finding.level)
        print(f"{finding.level:<5} {finding.text}", flush=True)
    return 1 if "fail" in levels else 0


def findings(state: Path, port: int) -> Iterator[Finding]:
    """Make every check, one after the other."""
    yield from python()
    yield from packages()
    for known in (postgres.PROGRAM, redis.PROGRAM, nats.PROGRAM, envoy.PROGRAM):
        yield from program(known)
    yield from user()
    yield from encoding()
    yield from memory()
    yield from disk(state)
    yield from folder(state)
    yield from gateway_port(state, port)


def python() -> Iterator[Finding]:
    """Check the version of Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON_MIN:
        yield Finding(
            "fail", f"Python {version} is too old: install Python {PYTHON_MIN[0]}.{PYTHON_MIN[1]} or newer"
        )
    else:
        yield Finding("ok", f"Python {version} in {sys.prefix}")


def packages() -> Iterator[Finding]:
    """Compare the environment with requirements.lock; only a checkout has one."""
    if not LOCK.exists():
        return
    try:
        wrong = sorted(_wrong_packages())
    except ImportError as error:
        wrong = [str(error.name)]
    if wrong:
        shown = ", ".join(wrong[:MISSING_SHOWN_MAX]) + (
            " and others" if len(wrong) > MISSING_SHOWN_MAX else ""
        )
        yield Finding(
            "fail", f"packages are not those of requirements.lock ({shown}): run `make clean`, then `make up`"
        )
    else:
        yield Finding("ok", "packages are those of requirements.lock")


def _wrong_packages() -> Iterator[str]:
    from packaging.requirements import Requirement  # noqa: PLC0415  It is one of those that may be missing.

    for line in LOCK.read_text("utf-8").splitlines():
        if "==" not in line or line.startswith((" ", "#")):
            continue
        wanted = Requirement(line.removesuffix("\\"))
        if wanted.marker is None or wanted.marker.evaluate():
            try:
                if importlib.metadata.version(wanted.name) not in wanted.specifier:
                    yield wanted.name
            except importlib.metadata.PackageNotFoundError:
                yield wanted.name


def program(known: Program) -> Iterator[Finding]:
    """Find the program of a server and make it say its version."""
    try:
        path = known.find()
        done = subprocess.run(  # noqa: S603  the servers' own programs
            [path, "--version"], capture_output=True, text=True, check=False, timeout=VERSION_TIMEOUT_S
        )
    except (ServerError, OSError, subprocess.TimeoutExpired) as error:
        yield Finding("fail", str(error))
        return
    if done.returncode:
        libraries = ", ".join(_missing_libraries(path))
        reason = explain(known.title, done.stderr.splitlines(), path)
        yield Finding("fail", f"{reason}{f' (missing: {libraries})' if libraries else ''}")
    else:
        version = re.search(r"\d+(\.\d+)+", done.stdout.replace(str(path), ""))
        yield Finding("ok", f"{known.title} {version[0] if version else 'of unknown version'} in {path}")


def _missing_libraries(path: Path) -> list[str]:
    """Return all shared libraries that are not there; the program itself names the first alone."""
    ldd = shutil.which("ldd")
    if ldd is None:
        return []
    said = subprocess.run([ldd, path], capture_output=True, text=True, check=False).stdout  # noqa: S603  see above
    return re.findall(r"(\S+) => not found", said)


def user() -> Iterator[Finding]:
    """Check that PostgreSQL can run under this user, and that the kernel will end what a killed supervisor leaves."""
    try:
        wrapper = postgres.identity().wrapper
    except ServerError as error:
        yield Finding("fail", str(error))
    else:
        yield Finding(
            "ok", f"PostgreSQL runs under root through {wrapper[0]}" if wrapper else "this is not root"
        )
    if not dies_with_parent(signal.SIGKILL):
        yield Finding(
            "warn",
            "setpriv (util-linux) is missing: when `samovar up` is killed, its processes stay until its next start",
        )


def encoding() -> Iterator[Finding]:
    """Check that text is UTF-8, for files and for PostgreSQL."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        yield Finding("fail", "the locale C.UTF-8 is missing: install the C library's locales")
    else:
        yield Finding("ok", "the locale C.UTF-8 is there")
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    if sys.getfilesystemencoding() != "utf-8":
        yield Finding("fail", f"file names are {sys.getfilesystemencoding()}: set PYTHONUTF8=1")


def memory() -> Iterator[Finding]:
    """Check the memory that is left; Linux alone tells it."""
    table = Path("/proc/meminfo")
    found = re.search(r"MemAvailable:\s+(\d+) kB", table.read_text("ascii")) if table.exists() else None
    if not found:
        return
    free = int(found[1]) * 1024
    text = f"{free / _GIGABYTE:.1f} GB of memory are free"
    if free < MEMORY_FREE_BYTES_MIN:
        yield Finding("warn", f"{text}: run `samovar up --single`, which needs a third")
    else:
        yield Finding("ok", text)


def disk(state: Path) -> Iterator[Finding]:
    """Check the disk that the data would lie on."""
    free = shutil.disk_usage(_existing(state)).free
    text = f"{free / _GIGABYTE:.1f} GB of disk are free for {state}"
    if free < DISK_FREE_BYTES_MIN:
        yield Finding("fail", f"{text}: {DISK_FREE_BYTES_MIN / _GIGABYTE:.1f} GB are needed")
    elif free < DISK_FREE_BYTES_COMFORT:
        yield Finding("warn", f"{text}: the logs and databases of some weeks may fill it")
    else:
        yield Finding("ok", text)


def folder(state: Path) -> Iterator[Finding]:
    """Check that the state folder can be written, and whether somebody uses it or left it in disorder."""
    if not os.access(_existing(state), os.W_OK | os.X_OK):
        yield Finding("fail", f"{_existing(state)} cannot be written: take another folder with --state")
        return
    if not state.exists():
        yield Finding("ok", f"{state} will be made")
        return
    try:
        lock_folder(state, "samovar").close()
    except FolderBusy as busy:
        yield Finding("ok", f"{state} is in use by `samovar up` (process {busy.pid})")
        return
    except OSError as error:
        yield Finding("fail", f"{state}: {error.strerror}")
        return
    if (state / RECORD).exists():
        yield Finding("warn", f"{state} was left by a `samovar up` that was killed: the next one cleans up")
    else:
        yield Finding("ok", f"{state} is free")


def gateway_port(state: Path, port: int) -> Iterator[Finding]:
    """Check that the gateway could listen."""
    try:
        ReservedPort(port).release()
    except PortTaken:
        if _is_of_our_own(state, port):
            yield Finding("ok", f"port {port} belongs to the `samovar up` that runs with {state}")
        else:
            yield Finding("fail", f"port {port} is taken by {listener_of(port)}: choose another with --port")
    else:
        yield Finding("ok", f"port {port} is free")


def _is_of_our_own(state: Path, port: int) -> bool:
    try:
        record = msgspec.json.decode((state / RECORD).read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError):
        return False
    return record.port == port and alive(record.pid)


def _existing(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())
