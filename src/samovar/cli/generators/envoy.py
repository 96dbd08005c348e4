"""Envoy's structure and the page of permissions, compiled by the gateway from the services' contracts."""

from samovar.cli.generators.contract import Contract
from samovar.services.gateway.envoy.compiler import generated_files


def files(contracts: list[Contract]) -> dict[str, bytes]:
    """Return the files under `deploy/envoy`, and `docs/permissions.md`.

    Raises:
        ContractError: The contracts do not fit together.
    """
    return generated_files(contract.openapi for contract in contracts)
