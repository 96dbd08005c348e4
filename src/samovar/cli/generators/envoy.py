"""Envoy's structure, compiled by the gateway from the services' contracts."""

from samovar.cli.generators.contract import Contract


def files(contracts: list[Contract]) -> dict[str, bytes]:
    """Return the files under `deploy/envoy`."""
    return {}
