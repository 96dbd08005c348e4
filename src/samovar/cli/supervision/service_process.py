"""A process that runs one service or several, as `samovar serve` does, under the supervisor; and what it must be told."""

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import get_args

import msgspec

from samovar.cli.discovery import folder_of
from samovar.embedded.ports import LOOPBACK, ReservedPort
from samovar.embedded.process import OnLine, Server, http_status
from samovar.kit.settings import Secret, ServiceAddress, ServiceSettings, Settings


class ServiceProcess(Server):
    """One `samovar serve` with its REST port, which is `port`, and its gRPC port.

    Args:
        folder: See `Server`.
        title: How it is called in the log.
        services: What it serves.
        on_line: See `Server`.
    """

    ready_timeout_s = 60.0
    stop_timeout_s = 25.0  # Longer than two drains of `drain_timeout_s`.

    def __init__(self, folder: Path, title: str, services: Sequence[str], *, on_line: OnLine) -> None:
        super().__init__(folder, on_line=on_line)
        self.title = title
        self.services = tuple(services)
        self.settings: Mapping[str, str] = {}
        self._rpc = ReservedPort()
        self._rpc.lend()

    @property
    def address(self) -> ServiceAddress:
        """Where it answers."""
        return ServiceAddress(rest=f"{LOOPBACK}:{self.port}", rpc=f"{LOOPBACK}:{self._rpc.number}")

    async def command(self) -> Sequence[str]:
        """Return the command line."""
        # -P: the folder that a person stands in is no place to import from.
        return (sys.executable, "-P", "-m", "samovar.cli.main", "serve", *self.services)

    async def probe(self) -> None:
        """Return when the service says that it is ready."""
        status = await http_status(self.port, "/readyz")
        if status != HTTPStatus.OK:
            raise ConnectionError(f"/readyz answered {status}")

    async def stop(self) -> None:
        """Stop the process, and give both ports back."""
        await super().stop()
        self._rpc.release()

    @property
    def _working_folder(self) -> Path:
        return Path.cwd()  # Paths in settings are meant from where the person stands.

    def _environment(self) -> dict[str, str]:
        ports = {
            "SAMOVAR_PLATFORM__REST_PORT": str(self.port),
            "SAMOVAR_PLATFORM__RPC_PORT": self.address.rpc.rpartition(":")[2],
        }
        return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **self.settings, **ports}


def settings_of(service: str) -> type[Settings]:
    """Return the settings struct of a service without importing the service: the one that its `settings.py` defines.

    A service that has no such file has the settings of every service, a database among them.
    """
    if not (folder_of(service) / "settings.py").exists():
        return ServiceSettings
    module = importlib.import_module(f"samovar.services.{service}.settings")
    return next(
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Settings) and kind.__module__ == module.__name__
    )


def secrets_of(service: str) -> list[str]:
    """Return the names of the secrets without which a service does not start, but for the address of its database."""
    return [
        field.name
        for field in msgspec.structs.fields(settings_of(service))
        if field.required and Secret in (field.type, *get_args(field.type)) and field.name != "database_url"
    ]


def ports_of(service: str) -> list[str]:
    """Return the names of the ports that a service listens on besides those that every process has."""
    return [
        field.name for field in msgspec.structs.fields(settings_of(service)) if field.name.endswith("_port")
    ]


def stores_of(service: str) -> dict[str, str]:
    """Return the settings that say where a service keeps files, and the name of the folder of each: `media_store`, `media`."""
    return {
        field.name: field.name.removesuffix("_store")
        for field in msgspec.structs.fields(settings_of(service))
        if field.name.endswith("_store")
    }
