"""What is asked of account, over gRPC: what the adults of a family let somebody do."""

from collections import OrderedDict
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.errors import SamovarError
from samovar.kit.rpc.client import Peers
from samovar.services.account.contract import v1_pb2
from samovar.services.account.contract.v1_pb2_grpc import FamiliesStub
from samovar.services.payment.children.domain import UNLIMITED, Allowance, Purchases
from samovar.services.payment.children.errors import ChildLimitsAway, PurchasesNotAllowed, TopUpNotAllowed

TIMEOUT_S = 1.5
# As long as a limit may be seen too late: somebody buys several things in a row.
TTL_S = 5.0
KEPT_MAX = 20_000

# What a later release may add is not known to allow anything.
_PURCHASES: dict[int, Purchases] = {
    v1_pb2.ChildLimits.PURCHASES_APPROVAL: "approval",
    v1_pb2.ChildLimits.PURCHASES_FREE: "free",
}


class _Kept(msgspec.Struct, frozen=True):
    allowance: Allowance
    until: float


class Children:
    """Asks account, and keeps the answer for a moment. Without an answer nobody spends."""

    def __init__(self, peers: Peers, clock: Clock) -> None:
        self._families = FamiliesStub(peers.channel("account"))
        self._clock = clock
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()

    async def may_buy(self, account_id: UUID) -> Allowance:
        """Return what an account may buy.

        Raises:
            PurchasesNotAllowed: Nothing.
            ChildLimitsAway: Account does not say.
        """
        allowance = await self._allowance(account_id)
        if allowance.purchases == "never":
            raise PurchasesNotAllowed(f"{account_id}")
        return allowance

    async def may_pay_in(self, account_id: UUID) -> None:
        """Let pass whoever may pay into their wallet: an adult approves packages, not money.

        Raises:
            TopUpNotAllowed: The adults of the family decide what is bought.
            ChildLimitsAway: Account does not say.
        """
        if (await self._allowance(account_id)).purchases != "free":
            raise TopUpNotAllowed(f"{account_id}")

    async def _allowance(self, account_id: UUID) -> Allowance:
        kept = self._kept.get(account_id)
        if kept and kept.until > self._clock.monotonic():
            return kept.allowance
        request = v1_pb2.BatchGetLimitsRequest(account_ids=[str(account_id)])
        try:
            answer = await self._families.BatchGetLimits(request, timeout=TIMEOUT_S)
        except SamovarError as error:
            raise ChildLimitsAway(f"account: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        key = str(account_id)
        allowance = _allowance(answer.limits[key]) if key in answer.limits else UNLIMITED
        self._kept[account_id] = _Kept(allowance, self._clock.monotonic() + TTL_S)
        self._kept.move_to_end(account_id)
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return allowance


def _allowance(limits: v1_pb2.ChildLimits) -> Allowance:
    """Return what limits allow; a child that may not open the store may not even ask, so it buys nothing either."""
    purchases = _PURCHASES.get(limits.purchases, "never") if limits.may_open_store else "never"
    return Allowance(purchases, UUID(limits.family_id))
