"""A simulator of the outside world as a server process: `python -m samovar.simulators.<name>` with a port for each of its sides."""

import os
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from samovar.embedded.ports import LOOPBACK, ReservedPort
from samovar.embedded.process import OnLine, Server, http_status


class SimulatorServer(Server):
    """A simulator; `port` is that of its page, which answers `/healthz`.

    Args:
        folder: See `Server`.
        name: The module below `samovar.simulators`.
        sides: What it listens on besides HTTP: `smtp` becomes `--smtp-port`.
        on_line: See `Server`.

    Attributes:
        marks: More variables of the environment of its process.
    """

    def __init__(
        self, folder: Path, name: str, sides: Sequence[str] = (), *, on_line: OnLine | None = None
    ) -> None:
        super().__init__(folder, on_line=on_line)
        self.title = name
        self.marks: Mapping[str, str] = {}
        self._sides = {side: ReservedPort() for side in sides}
        for port in self._sides.values():
            port.lend()

    @property
    def ports(self) -> dict[str, int]:
        """The port of each side, `http` among them."""
        return {"http": self.port} | {side: port.number for side, port in self._sides.items()}

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"http://{LOOPBACK}:{self.port}"

    async def command(self) -> Sequence[str]:
        """Return the command line."""
        ports = (f"--{side}-port={port}" for side, port in self.ports.items())
        return (sys.executable, "-P", "-m", f"samovar.simulators.{self.title}", *ports)

    async def probe(self) -> None:
        """Return when its page answers."""
        status = await http_status(self.port, "/healthz")
        if status != HTTPStatus.OK:
            raise ConnectionError(f"/healthz answered {status}")

    async def stop(self) -> None:
        """Stop the process, and give all ports back."""
        await super().stop()
        for port in self._sides.values():
            port.release()

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PYTHONPATH", "TZ") if name in os.environ}
        clean = super()._environment()
        del clean["TZ"]  # Its page shows the time to a person.
        return {
            **clean,
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            "SIMULATOR_FOLDER": str(self.folder),
            **inherited,
            **self.marks,
        }
