"""Account, as far as it is asked what families let their children do."""

from typing import Any
from uuid import UUID, uuid4

import grpc.aio

from samovar.services.account.contract.v1_pb2 import BatchGetLimitsResponse, ChildLimits
from samovar.services.account.contract.v1_pb2_grpc import FamiliesServicer

PURCHASES = {
    "never": ChildLimits.PURCHASES_NEVER,
    "approval": ChildLimits.PURCHASES_APPROVAL,
    "free": ChildLimits.PURCHASES_FREE,
    "unheard_of": ChildLimits.PURCHASES_UNSPECIFIED,
}


class FamilyPeer(FamiliesServicer):
    """Families: who is not in `limits` is nobody's child."""

    def __init__(self) -> None:
        self.limits: dict[str, ChildLimits] = {}
        self.away = False
        self.asked = 0

    async def BatchGetLimits(self, request: Any, context: Any) -> BatchGetLimitsResponse:  # noqa: N802
        """Return what children may do."""
        self.asked += 1
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return BatchGetLimitsResponse(
            limits={one: self.limits[one] for one in request.account_ids if one in self.limits}
        )

    def limit(self, account_id: UUID, purchases: str, *, may_open_store: bool = True) -> UUID:
        """Make somebody the child of a new family, and return the family."""
        family_id = uuid4()
        self.limits[str(account_id)] = ChildLimits(
            family_id=str(family_id),
            purchases=PURCHASES[purchases],
            may_open_store=may_open_store,
        )
        return family_id
