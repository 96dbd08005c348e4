"""One server process: start it, wait until it answers, stop it, and leave nothing behind."""

import asyncio
import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from samovar.embedded.binaries import ServerError, explain
from samovar.embedded.leftovers import kill_leftovers
from samovar.embedded.ports import LOOPBACK, ReservedPort

OnLine = Callable[[str], None]

ANSWER_TIMEOUT_S = 2.0
LINE_BYTES_MAX = 65_536
TAIL_LINES = 40
_POLL_S = 0.02
_LAST_WORDS_S = 1.0
_PASSWORD_BYTES = 24
_INHERITED = ("HOME", "LD_LIBRARY_PATH", "PATH", "TMPDIR")


class FolderBusy(ServerError):
    """Another process holds the folder; `pid` is its id, 0 when unknown."""

    def __init__(self, message: str, pid: int) -> None:
        super().__init__(message)
        self.pid = pid


class Server(ABC):
    """A server that lives in a folder of its own and listens on a port of the loopback address.

    Its process dies with the one that started it, even when that is killed: the kernel then sends it `death_signal`.

    Args:
        folder: Where everything of this server is kept; made when missing. One running server a folder.
        port: The port to listen on; 0 takes a free one and keeps it over restarts of this object.
        on_line: Gets each line that the server writes.
    """

    title: str
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    death_signal: ClassVar[signal.Signals] = signal.SIGKILL
    ready_timeout_s: ClassVar[float] = 30.0
    stop_timeout_s: ClassVar[float] = 10.0

    def __init__(self, folder: Path, *, port: int = 0, on_line: OnLine | None = None) -> None:
        self.folder = folder.absolute()
        self._wanted_port = port
        self._reserved: ReservedPort | None = None
        self._on_line = on_line
        self._lock: IO[str] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._gone: asyncio.Task[int] | None = None
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)

    @abstractmethod
    async def command(self) -> Sequence[str]:
        """Prepare the folder and return the command line, the server's program first."""

    @abstractmethod
    async def probe(self) -> None:
        """Return when the server answers; raise OSError while it does not yet."""

    def _wrapper(self) -> Sequence[str]:
        """Return what the command line is put behind; nothing for most."""
        return ()

    def _environment(self) -> dict[str, str]:
        """Return the environment of the process: a clean one, so that nobody's PGPORT or locale gets in."""
        kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}

    @property
    def _working_folder(self) -> Path:
        """The working folder of the process."""
        return self.folder

    @property
    def port(self) -> int:
        """The port that the server listens on, or will."""
        if self._reserved is None:
            self._reserved = ReservedPort(self._wanted_port)
        return self._reserved.number

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> Self:
        """Start the server and wait until it answers. Also starts it again after it died.

        Its folder and its port stay taken until `stop`, whether it could start or not.

        Raises:
            ServerError: It cannot start, or did not answer in time.
            PortTaken: Somebody else has its port.
        """
        self._lock = self._lock or lock_folder(self.folder, self.title)
        try:
            command = await self.command()
            await asyncio.to_thread(kill_leftovers, {Path(command[0]).name}, self.folder)
            await self._spawn(command)
            await self._answers()
        except BaseException:
            await self._end()
            raise
        return self

    async def wait(self) -> int:
        """Wait until the process is gone and return its exit code; -9 says that signal 9 killed it."""
        if self._gone is None:
            raise RuntimeError(f"{self.title} does not run")
        return await asyncio.shield(self._gone)

    async def stop(self) -> None:
        """Stop the server: ask it to go, and kill it when it takes longer than `stop_timeout_s`. Idempotent."""
        await self._end()
        if self._reserved:
            self._wanted_port = self._reserved.number
            self._reserved.release()
            self._reserved = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def kill(self) -> None:
        """Kill the process at once; `stop` is still needed afterwards."""
        self._signal(signal.SIGKILL)

    async def __aenter__(self) -> Self:
        try:
            return await self.start()
        except BaseException:
            await self.stop()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _end(self) -> None:
        if self._process:
            try:
                self._signal(self.stop_signal)
                async with asyncio.timeout(self.stop_timeout_s):
                    await self.wait()
            except TimeoutError:
                self.kill()
                await self.wait()
            self._process = self._gone = None

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._process and self._process.returncode is None:
                self._process.send_signal(number)

    async def _spawn(self, command: Sequence[str]) -> None:
        self._reserved = self._reserved or ReservedPort(self._wanted_port)
        self._reserved.lend()
        self._tail.clear()
        # A pipe of our own: with asyncio's, the end of the process shows only once its orphans have closed the pipe, too.
        output, its_end = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._wrapper(),
                *dies_with_parent(self.death_signal),
                *command,
                cwd=self._working_folder,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=its_end,
                stderr=its_end,
                start_new_session=True,  # Ctrl-C in a terminal is for the one that started it, who stops it in order.
            )
        except BaseException:
            os.close(output)
            raise
        finally:
            os.close(its_end)
        self._gone = asyncio.create_task(self._attend(self._process, os.fdopen(output, "rb", buffering=0)))

    async def _attend(self, process: asyncio.subprocess.Process, output: IO[bytes]) -> int:
        """Read what the process writes until it is gone, then end what it left; return its exit code."""
        reader = asyncio.create_task(self._read(output))
        code = await process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # Its children, but for those with a session of their own.
        await asyncio.wait({reader}, timeout=_LAST_WORDS_S)
        reader.cancel()
        return code

    async def _read(self, output: IO[bytes]) -> None:
        stream = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(stream)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, output)
        with contextlib.closing(transport):
            async for line in lines_of(stream):
                self._tail.append(line)
                if self._on_line:
                    self._on_line(line)

    async def _answers(self) -> None:
        deadline = time.monotonic() + self.ready_timeout_s
        while True:
            try:
                return await self.probe()
            except OSError as error:
                reason = error
            if self.pid is None:
                await self.wait()
                raise ServerError(explain(self.title, self._tail, self.folder))
            if time.monotonic() > deadline:
                raise ServerError(
                    f"{self.title} did not answer within {self.ready_timeout_s:.0f} s: {reason!r}"
                )
            await asyncio.sleep(_POLL_S)


def lock_folder(folder: Path, title: str) -> IO[str]:
    """Take the folder for this process until the returned file is closed or the process is gone; make it if missing.

    Raises:
        FolderBusy: Another process has it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (folder / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        owner = file.read().strip()
        file.close()
        raise FolderBusy(
            f"{title} in {folder} is already run by process {owner}", int(owner or "0")
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def kept_secret(file: Path) -> str:
    """Return the secret kept in `file`; make a new one, readable by its owner only, when there is none."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = file.with_name(file.name + ".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(_PASSWORD_BYTES), "utf-8")
        unfinished.replace(file)
    return file.read_text("utf-8")


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone can read."""
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")


def dies_with_parent(number: signal.Signals) -> Sequence[str]:
    """Return what to put before a command line so that the kernel sends it the signal when its parent is gone."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", number.name.removeprefix("SIG")) if setpriv else ()


async def lines_of(stream: asyncio.StreamReader | None) -> AsyncIterator[str]:
    """Yield the lines of a stream without their ends; a line longer than 64 KiB comes in pieces."""
    rest = b""
    while stream and (chunk := await stream.read(LINE_BYTES_MAX)):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LINE_BYTES_MAX:
            lines, rest = [*lines, rest], b""
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
    if rest:
        yield rest.decode("utf-8", "replace")


async def first_answer(port: int, request: bytes = b"") -> bytes:
    """Connect, send `request` and return the first bytes of the answer, none when the other side hangs up.

    Raises:
        OSError: Nobody listens, or nobody answers in time.
    """
    async with asyncio.timeout(ANSWER_TIMEOUT_S):
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            writer.write(request)
            return await reader.read(LINE_BYTES_MAX)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def http_status(port: int, path: str) -> int:
    """Return the status of GET `path` on the loopback port; 0 when the answer is not HTTP.

    Raises:
        OSError: Nobody listens, or nobody answers in time.
    """
    request = f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nConnection: close\r\n\r\n"
    version, _, rest = (await first_answer(port, request.encode("ascii"))).partition(b" ")
    return int(rest[:3]) if version.startswith(b"HTTP/") and rest[:3].isdigit() else 0
