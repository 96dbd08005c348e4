"""Envoy as the gateway's compiler wants it, with the addresses of this machine."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from samovar.embedded.envoy import EnvoyServer
from samovar.embedded.ports import ReservedPort
from samovar.embedded.process import OnLine, http_status
from samovar.kit.settings import PlatformSettings, config_file, load


class Gateway(EnvoyServer):
    """Envoy with our routes: ready once a request comes through.

    Attributes:
        inside: The port for the web client, who is believed whose address it names.
    """

    def __init__(self, folder: Path, config: Path, *, port: int = 0, on_line: OnLine | None = None) -> None:
        super().__init__(folder, config, port=port, on_line=on_line)
        self.inside = ReservedPort()
        self.inside.lend()

    async def stop(self) -> None:
        """Stop Envoy, and give all ports back."""
        await super().stop()
        self.inside.release()

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
            Listening(
                folder=self.config.parent,
                port=self.port,
                admin_port=self.admin_port,
                inside_port=self.inside.number,
            ),
            platform=load(PlatformSettings, "platform", environ=environ, file=file),
            settings=load(GatewaySettings, "gateway", environ=environ, file=file),
        )
