"""The other services, asked for what they hold of a person and to forget it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from samovar.kit.personal_data.v1_pb2 import EraseRequest, ExportRequest
from samovar.kit.personal_data.v1_pb2_grpc import PersonalDataStub
from samovar.kit.rpc.client import Peers

TIMEOUT_S = 45.0


class Services:
    """All services of the installation, account among them."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        self._stubs: dict[str, Any] = {}

    async def export(
        self, service: str, account_id: UUID, addresses: Sequence[str]
    ) -> tuple[bytes, dict[str, int]]:
        """Return what a service holds of a person, JSON compressed by gzip, and how many rows of each table.

        Raises:
            SamovarError: It cannot be had now.
        """
        request = ExportRequest(service=service, account_id=str(account_id), addresses=list(addresses))
        answer = await self._stub(service).Export(request, timeout=TIMEOUT_S)
        return answer.document, dict(answer.rows)

    async def erase(self, service: str, account_id: UUID, addresses: Sequence[str]) -> dict[str, int]:
        """Have a service forget a person; return its receipt.

        Raises:
            SamovarError: It cannot do so now.
        """
        request = EraseRequest(service=service, account_id=str(account_id), addresses=list(addresses))
        return dict((await self._stub(service).Erase(request, timeout=TIMEOUT_S)).counts)

    def _stub(self, service: str) -> Any:
        if service not in self._stubs:
            self._stubs[service] = PersonalDataStub(self._peers.channel(service))
        return self._stubs[service]
