"""Keeping what adults approve, and forgetting it."""

from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.services.payment.children import repository
from samovar.services.payment.children.domain import Approval

AT_ONCE_MAX = 500
# So long one may still ask why something was let through.
KEPT_FOR = timedelta(days=90)


class Approvals:
    """What adults have approved for their children.

    Args:
        database: Of payment.
        ttl: How long an approval lets a purchase through.
        clock: Where time comes from.
    """

    def __init__(self, database: Database, *, ttl: timedelta, clock: Clock) -> None:
        self._database = database
        self._ttl = ttl
        self._clock = clock

    async def keep(
        self,
        tx: Transaction,
        request_id: UUID,
        *,
        family_id: UUID,
        account_id: UUID,
        payer_id: UUID,
        package_id: UUID,
        approved_at: datetime,
    ) -> None:
        """Keep that an adult has approved a child's request; its time runs from then, however late one hears of it."""
        approval = Approval(
            request_id=request_id,
            family_id=family_id,
            account_id=account_id,
            payer_id=payer_id,
            package_id=package_id,
            approved_at=approved_at,
            expires_at=approved_at + self._ttl,
        )
        await repository.insert(tx, approval)

    async def forget(self) -> int:
        """Forget some of what expired long ago; returns how many."""
        async with self._database.transaction() as tx:
            return await repository.delete_expired_before(tx, self._clock.now() - KEPT_FOR, AT_ONCE_MAX)
