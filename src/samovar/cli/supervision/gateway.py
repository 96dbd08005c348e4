"""Envoy as the gateway's compiler wants it, with the addresses of this machine."""

from collections.abc import Mapping
from http import HTTPStatus

from samovar.embedded.envoy import EnvoyServer
from samovar.embedded.process import http_status
from samovar.kit.settings import PlatformSettings, config_file, load


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
        """
        # Half a second of loading, which nobody waits for: services start meanwhile.
        from samovar.services.gateway.envoy.filling import Listening, configure  # noqa: PLC0415
        from samovar.services.gateway.settings import GatewaySettings  # noqa: PLC0415

        file = config_file(environ)
        configure(
            Listening(folder=self.config.parent, port=self.port, admin_port=self.admin_port),
            platform=load(PlatformSettings, "platform", environ=environ, file=file),
            settings=load(GatewaySettings, "gateway", environ=environ, file=file),
        )
