"""The checks L1 to L5, one function each; see `invariants`."""

from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar
from uuid import UUID

from samovar.kit.database import Database
from samovar.services.payment.ledger.checking import repository
from samovar.services.payment.ledger.domain import GUARDED, Fault

FAULTS_MAX = 100
# So many transfers a statement reads about: a second, where the limit is 15.
SLICE_TRANSFERS = 250_000
SLICES_MAX = 4_096
# Until then an expired pending transfer may wait for the job.
EXPIRY_GRACE_S = 3_600
_IDS = 2**128

T = TypeVar("T")


async def sums_differ(database: Database) -> list[Fault]:
    """L1: money is neither made nor lost."""
    unequal = await repository.unequal_sums(database)
    faults = [
        Fault(
            invariant="L1",
            subject=f"currency {slack.currency or 'of accounts that are not there'}",
            detail=f"posted {slack.debits_posted} on the debit side, {slack.credits_posted} on the credit side; "
            f"pending {slack.debits_pending} and {slack.credits_pending}",
        )
        for slack in unequal
    ]
    found = await _by_slices(database, repository.misfits)
    return faults + [
        Fault(invariant="L1", subject=f"transfer {wrong.id}", detail=wrong.detail) for wrong in found
    ]


async def overdrawn(database: Database) -> list[Fault]:
    """L2: nobody spends what is not there, and the database itself says so."""
    guards = [
        Fault(
            invariant="L2", subject=name, detail="the database no longer has this guard, or not for all rows"
        )
        for name in await repository.lost_guards(database)
    ]
    return guards + [
        Fault(invariant="L2", subject=f"account {name}", detail="debits are more than credits")
        for name in await repository.overdrawn(database, FAULTS_MAX)
    ]


async def balances_differ(database: Database) -> list[Fault]:
    """L3: what is stored is what the transfers make."""
    kinds = sorted(kind.value for kind in GUARDED)

    async def balances(reader: Database, low: UUID, high: UUID, limit: int) -> list[repository.Difference]:
        return await repository.wrong_balances(reader, low, high, kinds, limit)

    return [
        Fault(
            invariant="L3",
            subject=f"account {wrong.name or wrong.account_id}",
            detail=f"{what} is {wrong.stored}, its transfers make {wrong.folded} "
            "(debits and credits posted, debits and credits pending)",
        )
        for what, find in (("its balance", balances), ("its sum in the chain", repository.wrong_sums))
        for wrong in await _by_slices(database, find)
    ]


async def ids_drawn(database: Database) -> list[Fault]:
    """L4: the same cause writes the same transfer."""
    return [
        Fault(
            invariant="L4",
            subject=f"transfer {wrong.id}",
            detail=f"its id is not derived of its cause: {wrong.detail}",
        )
        for wrong in await _by_slices(database, repository.drawn_ids)
    ]


async def resolved_wrongly(database: Database) -> list[Fault]:
    """L5: what was set aside is posted or given back, once."""
    found = await _by_slices(database, repository.wrong_resolutions)
    found += await repository.overdue(database, EXPIRY_GRACE_S, FAULTS_MAX)
    return [Fault(invariant="L5", subject=f"transfer {wrong.id}", detail=wrong.detail) for wrong in found]


async def _by_slices(
    database: Database, find: Callable[[Database, UUID, UUID, int], Awaitable[list[T]]]
) -> list[T]:
    found: list[T] = []
    for low, high in slices(await repository.transfers_about(database)):
        found += await find(database, low, high, FAULTS_MAX - len(found))
        if len(found) >= FAULTS_MAX:
            break
    return found


def slices(transfers: int) -> Iterator[tuple[UUID, UUID]]:
    """Divide all ids into so many ranges that each holds about `SLICE_TRANSFERS`."""
    count = min(SLICES_MAX, 1 + max(0, transfers) // SLICE_TRANSFERS)
    for index in range(count):
        yield UUID(int=_IDS * index // count), UUID(int=_IDS * (index + 1) // count - 1)
