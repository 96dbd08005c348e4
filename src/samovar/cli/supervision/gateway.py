"""Envoy as the gateway's compiler wants it: the committed structure, filled with the addresses of this machine."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from samovar.cli.discovery import service_names
from samovar.embedded.binaries import ServerError
from samovar.embedded.envoy import EnvoyServer
from samovar.embedded.process import http_status
from samovar.kit.settings import PlatformSettings, config_file, load

STRUCTURE = Path(__file__).parents[4] / "deploy" / "envoy"


class Gateway(EnvoyServer):
    """Envoy with our routes: ready once a request comes through."""

    async def probe(self) -> None:
        """Return when `/healthz` answers."""
        await super().probe()
        status = await http_status(self.port, "/healthz")
        if status != HTTPStatus.OK:
            raise ConnectionError(f"/healthz answered {status}")

    def write_config(self, environ: Mapping[str, str]) -> None:
        """Write what Envoy starts with and what it watches.

        Args:
            environ: The settings of the platform and of the gateway.

        Raises:
            SettingsError: An address in the settings cannot be used.
            ServerError: The structure is older than the code.
        """
        # Half a second of loading, which nobody waits for: services start meanwhile.
        from samovar.services.gateway.envoy.filling import Listening, fill, places, write  # noqa: PLC0415
        from samovar.services.gateway.settings import GatewaySettings  # noqa: PLC0415

        file = config_file(environ)
        values = places(
            tuple(service_names()),
            listening=Listening(folder=self.config.parent, port=self.port, admin_port=self.admin_port),
            platform=load(PlatformSettings, "platform", environ=environ, file=file),
            settings=load(GatewaySettings, "gateway", environ=environ, file=file),
        )
        structure = {part.name: json.loads(part.read_bytes()) for part in STRUCTURE.glob("*.json")}
        try:
            files = {name: fill(part, values) for name, part in structure.items()}
        except LookupError as error:
            raise ServerError(f"{STRUCTURE} is not of this code ({error}): run `make generate`") from None
        write(self.config.parent, files)
