"""Holding payments against the ledger: L6, L7, L12; see `invariants`."""

from samovar.kit.database import Database
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Fault, Kind
from samovar.services.payment.payments.settling import repository

FAULTS_MAX = 100


async def refunds_differ(database: Database) -> list[Fault]:
    """L6: what goes and went back of a payment is the sum of its refunds, and no more than came in."""
    return [
        Fault(
            invariant="L6",
            subject=f"payment {one.id}",
            detail=f"says that {one.said} goes or went back; its refunds come to {one.found}",
        )
        for one in await repository.refunds_differ(database, FAULTS_MAX)
    ]


async def captures_differ(database: Database) -> list[Fault]:
    """L7: captured money is in the ledger, once."""
    return [
        Fault(
            invariant="L7",
            subject=f"payment {one.id}",
            detail=f"captured {one.said}; {one.found} came out of clearing for it, or not at once",
        )
        for one in await repository.captures_differ(database, FAULTS_MAX)
    ]


async def clearing_differs(database: Database) -> list[Fault]:
    """L12, our half: clearing holds what payments say that a provider has. The other half is its register."""
    faults = []
    async with database.transaction(isolation="repeatable_read") as tx:
        held = await repository.held_by_providers(tx)
        accounts = {one: Account(Kind.CLEARING, one.provider, one.currency) for one in held}
        balances = await posting.balances(tx, list(accounts.values()))
        for one, account in accounts.items():
            there = -balances[account].posted
            if there != one.amount:
                faults.append(
                    Fault(
                        invariant="L12",
                        subject=f"clearing {one.provider} {one.currency}",
                        detail=f"holds {there}; payments come to {one.amount}",
                    )
                )
    return faults
