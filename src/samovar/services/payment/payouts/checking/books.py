"""The checks of payouts: L9; see `invariants`."""

from collections.abc import Iterator
from uuid import UUID

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault, leg_id
from samovar.services.payment.payouts.checking import repository
from samovar.services.payment.payouts.checking.repository import Leg
from samovar.services.payment.payouts.domain import Payout
from samovar.services.payment.payouts.sending import BANK_LEG, HOLD_LEG, RETURN_LEG

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
            ids = [leg_id(row.id, leg) for row in rows for leg in (HOLD_LEG, BANK_LEG, RETURN_LEG)]
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
    back = legs.get(leg_id(payout.id, RETURN_LEG))
    is_back = payout.return_confirmed_by is not None
    resolution = "post" if is_back else _RESOLUTIONS.get(payout.status)
    if hold is None or hold.amount != payout.amount or hold.resolution != resolution:
        yield f"it is {payout.status}, and set aside is {hold}"
    if is_back and (payout.status != "rejected" or payout.return_confirmed_by == payout.return_reported_by):
        yield f"it came back, and is {payout.status}; {payout.return_confirmed_by} confirmed it"
    if (back.amount if back else 0) != (payout.amount if is_back else 0):
        yield f"{back.amount if back else 0} came back"
    expected = payout.amount if payout.status == "executed" or is_back else 0
    if (sent.amount if sent else 0) != expected:
        yield f"it is {payout.status}, and {sent.amount if sent else 0} left the bank"
