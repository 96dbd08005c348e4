"""The web client under the supervisor: one process of `samovar client`."""

import os
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path

from samovar.embedded.ports import LOOPBACK
from samovar.embedded.process import OnLine, Server, http_status
from samovar.kit.settings import ServiceAddress

NAME = "client"


def is_installed() -> bool:
    """Return whether Flet is there: hosts that serve no browsers go without it."""
    return find_spec("flet_web") is not None


class ClientProcess(Server):
    """One `samovar client`; `port` is where Envoy reaches it.

    Args:
        folder: See `Server`.
        on_line: See `Server`.
    """

    title = NAME
    ready_timeout_s = 60.0

    def __init__(self, folder: Path, *, on_line: OnLine) -> None:
        super().__init__(folder, on_line=on_line)
        self.settings: Mapping[str, str] = {}

    @property
    def address(self) -> ServiceAddress:
        """Where it answers; it takes no calls of services."""
        return ServiceAddress(rest=f"{LOOPBACK}:{self.port}", rpc="")

    async def command(self) -> Sequence[str]:
        """Return the command line."""
        return (sys.executable, "-P", "-m", "samovar.cli.main", "client")

    async def probe(self) -> None:
        """Return when it answers."""
        status = await http_status(self.port, "/readyz")
        if status != HTTPStatus.OK:
            raise ConnectionError(f"/readyz answered {status}")

    @property
    def _working_folder(self) -> Path:
        return Path.cwd()  # Paths in settings are meant from where the person stands.

    def _environment(self) -> dict[str, str]:
        port = {"SAMOVAR_CLIENT__PORT": str(self.port), "SAMOVAR_CLIENT__HOST": LOOPBACK}
        return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **self.settings, **port}
