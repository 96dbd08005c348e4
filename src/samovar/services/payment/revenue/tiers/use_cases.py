"""The shares of the platform, as finance keeps them: versions that are only added."""

from collections.abc import Sequence
from datetime import datetime

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.services.payment.domain import fault_of_currency, fault_of_moment
from samovar.services.payment.revenue.domain import Tier, faults_of
from samovar.services.payment.revenue.tiers import repository
from samovar.services.payment.revenue.tiers.schemas import NewTierTable, TierTableView


class Tiers:
    """The shares of the platform: versions that are only added, and only for a time to come."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def show(self) -> list[TierTableView]:
        """Return every version, the newest first."""
        return await repository.tier_history(self._database)

    async def add(self, caller: Caller, wanted: NewTierTable, once: Once) -> TierTableView:
        """Add tiers that hold from a moment to come.

        Raises:
            InvalidInput: The moment has passed or is taken, nothing is sold for the currency, or the tiers are none.
        """
        now = self._clock.now()
        tiers = tuple(Tier(tier.above, tier.basis_points) for tier in wanted.tiers)
        if fault := fault_of_currency("currency", wanted.currency):
            raise InvalidInput(fault.detail, fields=[fault])
        _require_future(wanted.valid_from, now)
        _require_whole(tiers)
        async with self._database.transaction() as tx:
            added = await repository.add_tiers(tx, wanted, actor_id=caller.account_id, now=now)
            if added is None:
                raise _refused("valid_from", "tiers_taken", "other tiers begin at this moment")
            return await once.answer(tx, added)


def _require_future(valid_from: datetime, now: datetime) -> None:
    if fault := fault_of_moment("valid_from", valid_from):
        raise InvalidInput(fault.detail, fields=[fault])
    if valid_from <= now:
        raise _refused("valid_from", "must_be_future", "what was sold keeps the rules it was sold by")


def _require_whole(tiers: Sequence[Tier]) -> None:
    fault = faults_of(tiers)
    if fault:
        raise _refused("tiers", fault, "tiers begin at 0 and rise")


def _refused(field: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(f"{field}: {code}", fields=[FieldError(field, code, detail)])
