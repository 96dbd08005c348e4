"""Asks auth whose account is held: nothing of value leaves it for a while."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from samovar.kit.errors import SamovarError
from samovar.kit.rpc.client import Peers
from samovar.services.auth.contract.v1_pb2 import BatchGetHoldsRequest
from samovar.services.auth.contract.v1_pb2_grpc import AuthStub
from samovar.services.payment.asking.errors import HoldsAway

TIMEOUT_S = 1.5


class AccountHolds:
    """Asks auth."""

    def __init__(self, peers: Peers) -> None:
        self._auth = AuthStub(peers.channel("auth"))

    async def of(self, account_ids: Collection[UUID]) -> dict[UUID, datetime]:
        """Return until when those of these accounts that are held are held.

        Raises:
            HoldsAway: Auth does not say.
        """
        request = BatchGetHoldsRequest(account_ids=[str(account_id) for account_id in account_ids])
        try:
            answer = await self._auth.BatchGetHolds(request, timeout=TIMEOUT_S)
        except SamovarError as error:
            raise HoldsAway(f"auth: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        return {UUID(id_): datetime.fromisoformat(until) for id_, until in answer.held_until.items()}
