"""Moving money. Functions that take the transaction first: a use case moves money together with what it is for.

    await posting.post(tx, [Transfer(id=leg_id(order.id, "wallet"), …)], now=now)

All or nothing, and once: the same transfers again move nothing, a part of them or another transfer by the same id is a `TransferConflict`.
When a pending one expires is settled the first time: what is tried again later asks for a later end, and is the same transfer.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.ledger import repository
from samovar.services.payment.ledger.domain import (
    TRANSFERS_AT_ONCE_MAX,
    Account,
    Balance,
    Transfer,
    leg_id,
)
from samovar.services.payment.ledger.errors import AlreadyResolved, TransferConflict
from samovar.services.payment.ledger.repository import Row


async def post(tx: Transaction, transfers: Sequence[Transfer], *, now: datetime) -> bool:
    """Write transfers, posted or pending; returns whether they are new.

    Raises:
        InsufficientFunds: A guarded account would be overdrawn.
        TransferConflict: Some of the ids are taken: by other transfers, or by a part of these.
        ValueError: There are none, or too many.
    """
    if not 0 < len(transfers) <= TRANSFERS_AT_ONCE_MAX:
        raise ValueError(f"{len(transfers)} transfers; from 1 to {TRANSFERS_AT_ONCE_MAX} at once")
    written = await repository.post(tx, transfers, _moves_of(transfers), now)
    if written == len(transfers):
        return True
    if written:
        raise TransferConflict("a part of these transfers was written before")
    await _require_repetition(tx, transfers)
    return False


async def post_pending(
    tx: Transaction, pending_id: UUID, *, now: datetime, amount: int | None = None
) -> bool:
    """Make a pending transfer final, in whole or in part; the rest goes back. Returns whether it is new.

    Raises:
        AlreadyResolved: It was voided or expired, or posted with another amount.
        ValueError: There is no such pending transfer, or the amount is none of it.
    """
    return await _resolve(tx, pending_id, "post", amount, now)


async def void(tx: Transaction, pending_id: UUID, *, now: datetime) -> bool:
    """Give back what a pending transfer set aside. Returns whether that is new.

    Raises:
        AlreadyResolved: It was posted or expired.
        ValueError: There is no such pending transfer.
    """
    return await _resolve(tx, pending_id, "void", None, now)


async def expire(tx: Transaction, pending_id: UUID, *, now: datetime) -> bool:
    """Give back what a pending transfer set aside, because its time is over. Returns whether that is new.

    Raises:
        AlreadyResolved: It was posted or voided.
        ValueError: There is no such pending transfer, or its time is not over.
    """
    return await _resolve(tx, pending_id, "expire", None, now)


async def balance(reader: Database | Transaction, account: Account) -> Balance:
    """Return the balance of an account at this moment; of a guarded one it is a row, of others the fold of their transfers."""
    return (await balances(reader, [account]))[account]


async def balances(reader: Database | Transaction, accounts: Sequence[Account]) -> dict[Account, Balance]:
    """Return the balances of accounts; one that nothing went through has an empty one.

    Guarded and other accounts are read by one statement each: not of the same moment, unless `reader` is a transaction that
    reads repeatably.
    """
    guarded = [account for account in accounts if account.is_guarded]
    others = [account for account in accounts if not account.is_guarded]
    found = await repository.find_balances(reader, guarded) if guarded else {}
    found |= await repository.fold_balances(reader, others) if others else {}
    return {account: found.get(account.id, Balance()) for account in accounts}


def _moves_of(transfers: Sequence[Transfer]) -> dict[UUID, Balance]:
    """Return what transfers add to the balances of guarded accounts."""
    moves: dict[UUID, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for transfer in transfers:
        shift = 2 if transfer.is_pending else 0
        if transfer.debit.is_guarded:
            moves[transfer.debit.id][shift] += transfer.amount.amount
        if transfer.credit.is_guarded:
            moves[transfer.credit.id][shift + 1] += transfer.amount.amount
    return {account_id: Balance(*move) for account_id, move in moves.items()}


async def _resolve(tx: Transaction, pending_id: UUID, kind: str, amount: int | None, now: datetime) -> bool:
    resolution_id = leg_id(pending_id, kind)
    if await repository.resolve(
        tx, pending_id=pending_id, resolution_id=resolution_id, kind=kind, amount=amount, now=now
    ):
        return True
    known = {row.id: row for row in await repository.find_transfers(tx, [pending_id, resolution_id])}
    pending = known.get(pending_id)
    if pending is None or pending.kind != "pending":
        raise ValueError(f"{pending_id} is no pending transfer")
    wanted = pending.amount if amount is None else amount
    if not 0 < wanted <= pending.amount:
        raise ValueError(f"{wanted} is no part of the {pending.amount} set aside")
    if kind == "expire" and (pending.expires_at is None or pending.expires_at > now):
        raise ValueError(f"the time of {pending_id} is not over")
    if resolution_id in known and known[resolution_id].amount == wanted:
        return False
    raise AlreadyResolved(f"{pending_id} was resolved otherwise")


async def _require_repetition(tx: Transaction, transfers: Sequence[Transfer]) -> None:
    """Let pass what was written before as it is wanted now."""
    rows = {row.id: row for row in await repository.find_transfers(tx, [t.id for t in transfers])}
    if not all(_is_same(transfer, rows[transfer.id]) for transfer in transfers):
        raise TransferConflict("another transfer has this id")


def _is_same(transfer: Transfer, row: Row) -> bool:
    return (
        row.debit_account_id == transfer.debit.id
        and row.credit_account_id == transfer.credit.id
        and row.amount == transfer.amount.amount
        and row.code == transfer.code
        and row.cause_id == transfer.cause_id
        and (row.kind == "pending") == transfer.is_pending
    )
