"""Asks library what somebody owns at this second."""

import asyncio
from collections.abc import Collection
from uuid import UUID

from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.rpc.client import Peers
from samovar.services.library.contract.v1_pb2 import BatchCheckRequest
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub
from samovar.services.payment.asking.errors import LibraryAway

TIMEOUT_S = 1.5
APPS_PER_CALL_MAX = 500


class Library:
    """Asks library."""

    def __init__(self, peers: Peers) -> None:
        self._licences = LicencesStub(peers.channel("library"))

    async def owned(self, account_id: UUID, app_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return which of these apps an account owns.

        Raises:
            LibraryAway: Library does not answer in time.
        """
        wanted = sorted(set(app_ids))
        parts = [
            wanted[start : start + APPS_PER_CALL_MAX] for start in range(0, len(wanted), APPS_PER_CALL_MAX)
        ]
        found = await asyncio.gather(*(self._check(account_id, part) for part in parts))
        return frozenset().union(*found)

    async def _check(self, account_id: UUID, app_ids: Collection[UUID]) -> frozenset[UUID]:
        request = BatchCheckRequest(account_id=str(account_id), app_ids=[str(app_id) for app_id in app_ids])
        try:
            answer = await self._licences.BatchCheck(request, timeout=TIMEOUT_S)
        except (Unavailable, DeadlineExceeded) as error:
            raise LibraryAway(f"library: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        return frozenset(UUID(app_id) for app_id, holding in answer.holdings.items() if holding.owned)
