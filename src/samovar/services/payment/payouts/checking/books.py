"""The checks of payouts: L9; see `invariants`."""

from collections.abc import Iterator
from uuid import UUID

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault, leg_id
from samovar.services.payment.payouts.checking import repository
from samovar.services.payment.payouts.checking.repository import Leg
from samovar.services.payment.payouts.domain import Payout
from samovar.services.payment.payouts.sending import BANK_LEG, HOLD_LEG

FAULTS_MAX = 100
SLICE = 5_000
_RESOLUTIONS = {"executed": "post", "rejected": "void", "declined": "void"}


async def wrong(database: Database) -> list[Fault]:
    """Return what is wrong with payouts."""
    found: list[Fault] = []
    after = UUID(int=0)
    async with database.transaction(isolation="repeatable_read") as tx:
        while len(found) < FAULTS_MAX:
            rows = await repository.payouts(tx, after, SLICE)
            if not rows:
                break
            after = rows[-1].id
            ids = [leg_id(row.id, leg) for row in rows for leg in (HOLD_LEG, BANK_LEG)]
            legs = await repository.legs(tx, ids)
            found += [
                Fault(invariant="L9", subject=f"payout {row.id}", detail=detail)
                for row in rows
                for detail in _wrong_in(row, legs)
            ]
    return found[:FAULTS_MAX]


def _wrong_in(payout: Payout, legs: dict[UUID, Leg]) -> Iterator[str]:
    if payout.amount > payout.payable - payout.in_window:
        yield f"{payout.amount} of {payout.payable}, of which {payout.in_window} could be given back"
    if payout.status not in {"proposed", "declined"} and payout.decided_by in {None, payout.proposed_by}:
        yield "nobody else has approved it"
    hold, sent = legs.get(leg_id(payout.id, HOLD_LEG)), legs.get(leg_id(payout.id, BANK_LEG))
    resolution = _RESOLUTIONS.get(payout.status)
    if hold is None or hold.amount != payout.amount or hold.resolution != resolution:
        yield f"it is {payout.status}, and set aside is {hold}"
    expected = payout.amount if payout.status == "executed" else 0
    if (sent.amount if sent else 0) != expected:
        yield f"it is {payout.status}, and {sent.amount if sent else 0} left the bank"
